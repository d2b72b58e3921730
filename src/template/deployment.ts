import { classOfResource } from './construct-tree';
import { CrossRegionExport, EXPORT_WRITER, exportsOf } from './cross-region-exports';
import { MACRO, resolveValue } from './intrinsics';
import { inExtreme, policyKind } from './open-statements';
import { OpenPartition, openPartitionOf } from './partitions';
import { located, Place } from './place';
import { StackTemplate, Template, TemplateResource } from './template';
import { unseenCalls } from './written-calls';
import { partitionOf } from '../aws/regions';
import { grouped } from '../policy/grouped';
import { isObject } from '../policy/json';
import { every, Truth } from '../policy/truth';
import { UNKNOWN_ACCOUNT, UNKNOWN_REGION, unknownText } from '../policy/unknown-text';

/** `Ref`, both forms of `Fn::GetAtt`, and what `Fn::Sub` fills in. */
const REFERENCE = /\{"Ref":"([^"]*)"\}|"Fn::GetAtt":(?:\["([^"]*)"|"([^".]*)\.)|\$\{([A-Za-z0-9]+)/g;

/** A stack of a deployment. */
export class DeployedStack {
  public readonly name: string;
  public readonly template: Template;
  public readonly account: string;
  public readonly region: string;
  public readonly partition: string;

  /** The parameters of which only a default is known, and that decided something. */
  public readonly assumedDefaults: Map<string, string>;

  /** The names of the stacks whose outputs it reads, as far as somebody has asked for what depends on them. */
  public readonly readsFrom = new Set<string>();
  private written?: string;
  private writtenBeside?: string;
  private referredTo?: ReadonlySet<string>;
  private readonly conditions = new Map<string, Truth>();
  private readonly outputs = new Map<string, unknown>();

  constructor(public readonly deployment: Deployment, public readonly source: StackTemplate) {
    this.name = source.name;
    this.template = source.template;
    this.account = source.account ?? UNKNOWN_ACCOUNT;
    this.region = source.region ?? UNKNOWN_REGION;
    this.partition = source.region === undefined ? deployment.openPartition.partition : partitionOf(source.region);
    this.assumedDefaults = source.assumedDefaults ?? new Map();
  }

  /** The ARN of the role with which CloudFormation deploys the stack, where it is known. */
  public get executionRoleArn(): string | undefined {
    return resolveValue(this.source.executionRoleArn, this);
  }

  /** The resource of the parent's template that makes a nested stack. */
  public get nestedStackResource(): DeployedResource | undefined {
    const { nestedIn } = this.source;
    return nestedIn && this.deployment.resource(nestedIn.stack, nestedIn.logicalId);
  }

  /** Whether the stack is deployed: a nested one is under the condition of its resource. */
  public get isDeployed(): Truth {
    const { nestedStackResource } = this;
    return nestedStackResource === undefined || nestedStackResource.isDeployed;
  }

  /** Whether a condition of the template holds, as far as that is known before deployment. */
  public holds(name: unknown): Truth {
    const conditions = isObject(this.template.Conditions) ? this.template.Conditions : {};
    if (typeof name !== 'string' || !Object.hasOwn(conditions, name)) {
      return undefined;
    }
    const { conditions: taken = {} } = this.source;
    if (Object.hasOwn(taken, name)) {
      return taken[name];
    }
    if (!this.conditions.has(name)) {
      this.conditions.set(name, undefined); // a condition that refers to itself is not known
      const value = resolveValue(conditions[name], this);
      this.conditions.set(name, typeof value === 'boolean' ? value : undefined);
    }
    return this.conditions.get(name);
  }

  /** What the stack will have that is not looked at, in sentences. */
  public get unseen(): string[] {
    const unseen = this.deployment.withResourcesElsewhere.filter(({ stack }) => stack === this);
    const written = this.deployment.resources.filter(({ stack }) => stack === this).flatMap(unseenCalls);
    return [...this.source.unseen ?? [], ...unseen.map((resource) => `${whatIsElsewhere(resource)}; what it makes is not looked at.`), ...written];
  }

  /** The value of an output. */
  public output(name: string): unknown {
    const outputs = isObject(this.template.Outputs) ? this.template.Outputs : {};
    if (!this.outputs.has(name)) {
      this.outputs.set(name, undefined); // an output that refers to itself is not known
      const output = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
      this.outputs.set(name, isObject(output) && this.isCreated(output) !== false ? resolveValue(output.Value, this) : undefined);
    }
    return this.outputs.get(name);
  }

  /** Whether an output is created: there is none under a condition that does not hold, or of a stack that is not made. */
  public isCreated({ Condition }: { readonly Condition?: unknown }): Truth {
    return this.isDeployed === false ? false : Condition === undefined ? true : this.holds(Condition);
  }

  /** The values of the template as JSON. */
  public get templateText(): string {
    const { Resources, Outputs, Parameters, Mappings } = this.template;
    this.written ??= JSON.stringify([Resources, Outputs, Parameters, Mappings]);
    return this.written;
  }

  /** Whether a text occurs anywhere in the template as JSON. */
  public says(text: string): boolean {
    const { Resources, Outputs, Parameters, Mappings, ...others } = this.template;
    this.writtenBeside ??= JSON.stringify(others);
    return this.templateText.includes(text) || this.writtenBeside.includes(text);
  }

  /** Whether the template refers to a resource other than as something that is created before. */
  public refersTo(logicalId: string): boolean {
    this.referredTo ??= new Set(Array.from(this.templateText.matchAll(REFERENCE), ([, inRef, inList, inText, inSub]) => inRef ?? inList ?? inText ?? inSub));
    return this.referredTo.has(logicalId);
  }

  /** What CloudFormation calls the stack. */
  public get deployedName(): string {
    return this.source.deployedName ?? this.name;
  }

  /** The same for whoever decides something by it: a name that is taken for it is noted. CloudFormation draws the names of nested stacks. */
  public get decidingName(): string | undefined {
    if (this.source.nestedIn) {
      return undefined;
    }
    if (this.source.isNameAssumed) {
      this.assumedDefaults.set('AWS::StackName', this.deployedName);
    }
    return this.deployedName;
  }

  /** Whether the account is known. */
  public get hasKnownAccount(): boolean {
    return this.source.account !== undefined;
  }
}

/** A resource of a deployment. */
export class DeployedResource {
  private readonly resolved = new Map<string, unknown>();
  private readonly references = new Map<string, string | undefined>();
  private open = 0; // properties that are being resolved

  constructor(public readonly stack: DeployedStack, public readonly logicalId: string, public readonly definition: TemplateResource) {}

  public get type(): string {
    return typeof this.definition.Type === 'string' ? this.definition.Type : '';
  }

  /** The construct path, where there is one; otherwise stack and logical ID. */
  public get path(): string {
    const recorded = this.definition.Metadata?.['aws:cdk:path'];
    return this.stack.source.pathOf?.(this.logicalId) ?? (typeof recorded === 'string' ? recorded : `${this.stack.name}/${this.logicalId}`);
  }

  /** The class of the construct that the resource is made by, as jsii names it, where it is known; that of the resource itself, where it is made by none. */
  public get constructClass(): string | undefined {
    const { classOf } = this.stack.source;
    return classOf && classOfResource(this.path, classOf);
  }

  /** The names of the properties that the template gives. */
  public get propertyNames(): string[] {
    return Object.keys(this.writtenProperties);
  }

  /** The properties as the template gives them. */
  public get writtenProperties(): Readonly<Record<string, unknown>> {
    return isObject(this.definition.Properties) ? this.definition.Properties : {};
  }

  /** A property as it will be deployed; parts that are not known are texts made by `unknownText`. */
  public property(name: string): any {
    if (!this.resolved.has(name)) {
      this.resolved.set(name, undefined); // a property that refers to itself is not known
      this.open += 1;
      const isWritten = Object.hasOwn(this.writtenProperties, name);
      this.resolved.set(name, this.rewritten ?? (isWritten ? resolveValue(this.withStatements(this.writtenProperties[name]), this.stack) : undefined));
      this.open -= 1;
    }
    return this.resolved.get(name);
  }

  /** What stands for each property, if a macro stands beside them or beside them all: it may change and add whatever stands there. */
  public get rewritten(): string | undefined {
    const macro = [this.definition, this.definition.Properties].find((part) => isObject(part) && Object.hasOwn(part, MACRO));
    return macro && unknownText(`${this.stack.name}: what the transform in ${this.logicalId} makes of it`);
  }

  /** A property with those of its statements that are taken to be there. */
  private withStatements(property: unknown): unknown {
    const extreme = this.stack.source.openStatements?.[policyKind(this)];
    return extreme === undefined ? property : inExtreme(property, extreme, (condition) => this.stack.holds(condition) !== undefined);
  }

  /** An attribute beside the properties, such as `DeletionPolicy`. */
  public attribute(name: 'DeletionPolicy' | 'UpdateReplacePolicy'): unknown {
    return Object.hasOwn(this.definition, MACRO) ? this.rewritten : resolveValue(this.definition[name], this.stack);
  }

  /** Whether the resource is deployed, and the nested stack that it stands in; undefined where that is not known. */
  public get isDeployed(): Truth {
    return every([this.isConditionMet, this.stack.isDeployed], (truth) => truth);
  }

  /** The condition that decides whether the resource is deployed: its own, or that of a nested stack which it stands in. */
  public get deployedUnder(): string | undefined {
    return this.isConditionMet === true ? this.stack.nestedStackResource?.deployedUnder : this.definition.Condition;
  }

  private get isConditionMet(): Truth {
    const { Condition } = this.definition;
    return Condition === undefined ? true : this.stack.holds(Condition);
  }

  /** What `Ref` or an attribute of the resource is once it is deployed. */
  public reference(attribute: string): string | undefined {
    if (this.open > 0) {
      return this.nameOf(attribute); // of a property that refers to its own resource: not what others see
    }
    if (!this.references.has(attribute)) {
      this.references.set(attribute, this.nameOf(attribute));
    }
    return this.references.get(attribute);
  }

  private nameOf(attribute: string): string | undefined {
    return this.stack.deployment.nameOf(this, attribute);
  }
}

const STACK = 'AWS::CloudFormation::Stack';

/** Resources whose templates are deployed elsewhere, or kept in another service. */
const OTHER_TEMPLATES: ReadonlyMap<string, string> = new Map([
  ['AWS::CloudFormation::StackSet', 'stack set'],
  ['AWS::ServiceCatalog::CloudFormationProvisionedProduct', 'provisioned product'],
]);

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/modules.html */
function isModule({ type }: DeployedResource): boolean {
  return type.endsWith('::MODULE');
}

function whatIsElsewhere(resource: DeployedResource): string {
  const kind = isModule(resource) ? 'module' : OTHER_TEMPLATES.get(resource.type) ?? 'nested stack';
  const isWrittenHere = Object.hasOwn(resource.definition.Properties ?? {}, 'TemplateBody');
  return `The template of the ${kind} '${resource.logicalId}' is not at hand${isWrittenHere ? " as a file of its own (it is the text of 'TemplateBody')" : ''}`;
}

/** A parameter that is taken to have its default: one of the template, or one that every template has. */
export interface AssumedDefault {
  readonly parameter: string;
  readonly sentence: string;

  /** Where its value can be given. */
  readonly givenBy: string;
}

/** Templates that are deployed together: what one refers to in another is found. */
export class Deployment {
  public readonly stacks: readonly DeployedStack[];
  public readonly resources: readonly DeployedResource[];

  /** The partition of stacks that do not say their Region. */
  public readonly openPartition: OpenPartition;
  private readonly byStack = new Map<string, DeployedStack>();
  private readonly byLogicalId = new Map<string, DeployedResource>();
  private readonly byType: ReadonlyMap<string, readonly DeployedResource[]>;
  private exports?: Map<string, Export[]>;
  private crossRegionExports?: ReadonlyMap<string, readonly CrossRegionExport[]>;
  private elsewhere?: readonly DeployedResource[];

  /** @param nameOf how a resource is called once it is deployed */
  constructor(templates: readonly StackTemplate[], public readonly nameOf: (resource: DeployedResource, attribute: string) => string | undefined) {
    this.openPartition = openPartitionOf(templates);
    this.stacks = templates.map((source) => new DeployedStack(this, source));
    this.stacks.forEach((stack) => this.byStack.set(stack.name, stack));
    const written = this.stacks.flatMap((stack) => Object.entries(isObject(stack.template.Resources) ? stack.template.Resources : {})
      .filter(([, definition]) => isObject(definition))
      .map(([logicalId, definition]) => new DeployedResource(stack, logicalId, definition)));
    written.forEach((resource) => this.byLogicalId.set(`${resource.stack.name}\n${resource.logicalId}`, resource));
    this.resources = written.filter(({ isDeployed }) => isDeployed !== false);
    this.byType = grouped(this.resources, ({ type }) => type);
  }

  public ofType(type: string): readonly DeployedResource[] {
    return this.byType.get(type) ?? [];
  }

  public stack(name: string): DeployedStack | undefined {
    return this.byStack.get(name);
  }

  public resource(stackName: string, logicalId: string): DeployedResource | undefined {
    return this.byLogicalId.get(`${stackName}\n${logicalId}`);
  }

  /** The stack that a resource of type `AWS::CloudFormation::Stack` stands for, if its template is at hand. */
  public nestedStack(resource: DeployedResource): DeployedStack | undefined {
    return this.stacks.find(({ source }) => source.nestedIn?.stack === resource.stack.name && source.nestedIn.logicalId === resource.logicalId);
  }

  /** Resources that stand for others, which stand in templates that are not at hand. */
  public get withResourcesElsewhere(): readonly DeployedResource[] {
    this.elsewhere ??= this.resources.filter((resource) => (resource.type === STACK ? !this.nestedStack(resource) : OTHER_TEMPLATES.has(resource.type) || isModule(resource)));
    return this.elsewhere;
  }

  /** What the stacks will have that is not looked at, in sentences. */
  public get unseen(): string[] {
    return this.stacks.flatMap(({ name, unseen }) => unseen.map((what) => `${name}: ${what}`));
  }

  /** The parameters of which only a default is known, as far as somebody has asked for them. */
  public get assumedDefaults(): AssumedDefault[] {
    const { partition, isAssumed } = this.openPartition;
    const ofPartition = { parameter: 'AWS::Partition', sentence: `The stacks that do not say their Region are in the partition '${partition}', which their ARNs name.`, givenBy: 'environment.region' };
    const ofStacks = this.stacks.flatMap(({ name, assumedDefaults }) => Array.from(assumedDefaults, ([parameter, value]) => assumedDefault(name, parameter, value)));
    return [...ofStacks, ...(isAssumed ? [ofPartition] : [])];
  }

  /** The value that is exported under a name in the account and Region of the stack that reads it. */
  public exported(name: string, reader: DeployedStack): unknown {
    this.exports ??= this.exportsByName();
    const found = onlyOne(this.exports.get(JSON.stringify(name)) ?? [], ({ stack }) => ({ stack, place: stack }), reader, reader);
    return found?.stack.output(found.output);
  }

  /** The value that a stack of another Region writes, as a parameter of Systems Manager, for the account and Region of the stack that reads it. */
  public exportedTo(reader: DeployedStack, name: string): unknown {
    this.crossRegionExports ??= this.crossRegionExportsByName();
    return onlyOne(this.crossRegionExports.get(name) ?? [], ({ writer, place }) => ({ stack: writer, place }), reader, reader)?.value;
  }

  /** The output of the stack that CloudFormation knows by a name in an account and a Region. Names of nested stacks are drawn by AWS. */
  public outputOf(name: string, output: string, place: Place, reader: DeployedStack): unknown {
    const found = onlyOne(this.stacksCalled(name), (stack) => ({ stack, place: stack }), place, reader);
    return found?.decidingName && found.output(output);
  }

  /** The stacks that CloudFormation knows by a name, wherever they lie. */
  public stacksCalled(name: string): DeployedStack[] {
    return this.stacks.filter(({ deployedName, source }) => deployedName === name && !source.nestedIn);
  }

  private crossRegionExportsByName(): ReadonlyMap<string, readonly CrossRegionExport[]> {
    this.crossRegionExports = new Map(); // while the Regions are found, nothing is known
    const writers = [...this.byLogicalId.values()].filter(({ type, isDeployed }) => type === EXPORT_WRITER && isDeployed !== false);
    return grouped(writers.flatMap(exportsOf), ({ name }) => name);
  }

  private exportsByName(): Map<string, Export[]> {
    this.exports = new Map(); // while the names are found, none is known
    const byName = new Map<string, Export[]>();
    for (const stack of this.stacks) {
      for (const [output, definition] of Object.entries(isObject(stack.template.Outputs) ? stack.template.Outputs : {})) {
        const name = isObject(definition) && isObject(definition.Export) && stack.isCreated(definition) !== false ? JSON.stringify(resolveValue(definition.Export.Name, stack)) ?? '' : undefined;
        if (name !== undefined) {
          byName.set(name, [...(byName.get(name) ?? []), { stack, output }]);
        }
      }
    }
    return byName;
  }
}

function assumedDefault(stack: string, parameter: string, value: string): AssumedDefault {
  return parameter === 'AWS::StackName'
    ? { parameter, sentence: `The name of the stack ${stack} is '${value}', as its file is called.`, givenBy: '--stack-name' }
    : { parameter, sentence: `The parameter '${parameter}' of ${stack} has its default '${value}'.`, givenBy: `parameters.${stack}.${parameter}` };
}

/**
 * What a stack reads in a place: the only candidate that lies there. Nothing if several do, or none does. Whatever may lie there has to do with the
 * stack that reads it.
 */
function onlyOne<T>(candidates: readonly T[], whereIs: (candidate: T) => Whereabouts, place: Place, reader: DeployedStack): T | undefined {
  const { there, perhaps } = located(candidates, (candidate) => whereIs(candidate).place, place);
  [...there, ...perhaps].forEach((candidate) => reader.readsFrom.add(whereIs(candidate).stack.name));
  return there.length === 1 ? there[0] : undefined;
}

/** The stack that gives a value, and the place for which it does. */
interface Whereabouts {
  readonly stack: DeployedStack;
  readonly place: Place;
}

/** An output that a stack exports. */
interface Export {
  readonly stack: DeployedStack;
  readonly output: string;
}
