import { DeployedStack } from './deployment';
import { placeOfOutput, resolveValue } from './intrinsics';
import { asMistakes, Mistake, Wrong } from './mistake';
import { located } from './place';
import { Template } from './template';
import { undeployedReferences } from './undeployed-references';
import { filledIn, membersOf, placeIn } from './written';
import { isObject, isScalar, jsonText } from '../policy/json';

/**
 * References to what a template does not have or does not deploy, and logical IDs that it has twice. Nothing where a transform that is not run may make what is missing.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function mistakesIn(stack: DeployedStack): Mistake[] {
  const { template, unseen = [] } = stack.source;
  if (unseen.length > 0) {
    return [];
  }
  const { Resources, Outputs, Conditions } = template;
  const names = new Names(stack);
  return [
    ...membersOf(Resources).flatMap(([logicalId, resource]) => inResource(logicalId, resource, names)),
    ...asMistakes('Outputs', membersOf(Outputs).flatMap(([name, output]) => inMember(name, output, names))),
    ...asMistakes('Conditions', membersOf(Conditions).flatMap(([name, condition]) => [...inValue(condition, name, names), ...inCircle(name, Conditions!)])),
    ...undeployedReferences(stack),
  ];
}

/** A condition that hangs on itself. */
function inCircle(name: string, conditions: NonNullable<Template['Conditions']>): Wrong[] {
  const reached = new Set<string>();
  const open = conditionsIn(conditions[name]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!reached.has(next)) {
      reached.add(next);
      open.push(...conditionsIn(Object.hasOwn(conditions, next) ? conditions[next] : undefined));
    }
  }
  return reached.has(name) ? [{ place: name, problem: `The condition '${name}' refers to itself, be it through others (${[...reached].join(', ')}). Say it without that.` }] : [];
}

/** The conditions to which a condition refers. */
function conditionsIn(definition: unknown): string[] {
  const children = typeof definition === 'object' && definition !== null ? Object.entries(definition) : [];
  return children.flatMap(([name, child]) => (name === 'Condition' && typeof child === 'string' ? [child] : conditionsIn(child)));
}

function inResource(logicalId: string, resource: unknown, names: Names): Mistake[] {
  const { Metadata, Condition, DependsOn, ...others } = isObject(resource) ? resource : {};
  const needed = [DependsOn ?? []].flat().filter((name): name is string => typeof name === 'string' && !names.isResource(name));
  const twice = names.isParameter(logicalId) ? [{ logicalId, problem: `A parameter has the logical ID '${logicalId}', too: logical IDs are unique in a template. Rename one.` }] : [];
  return [...twice, ...asMistakes(logicalId, [
    ...inMember('', { Condition, ...others }, names),
    ...needed.map((name) => ({ place: 'DependsOn', problem: isMissing(name, 'a resource') })),
  ])];
}

/** A resource or an output: what it says, and the condition that it is under. */
function inMember(place: string, member: unknown, names: Names): Wrong[] {
  const { Condition, ...others } = isObject(member) ? member : {};
  const isWrong = typeof Condition === 'string' && !names.isCondition(Condition);
  return [...(isWrong ? [{ place: placeIn(place, 'Condition'), problem: isMissing(Condition, 'a condition') }] : []), ...inValue(others, place, Condition === undefined ? names : names.ifNeeded)];
}

function inValue(value: unknown, place: string, names: Names): Wrong[] {
  if (Array.isArray(value)) {
    return value.flatMap((element, i) => inValue(element, `${place}[${i}]`, names));
  }
  if (!isObject(value)) {
    return [];
  }
  const [name, ...others] = Object.keys(value);
  const problems = name !== undefined && others.length === 0 && Object.hasOwn(REFERENCES, name) ? REFERENCES[name](value[name], names) : [];
  return [...problems.map((problem) => ({ place: placeIn(place, name), problem })), ...Object.entries(value).flatMap(([key, child]) => inValue(child, placeIn(place, key), key === 'Fn::If' ? names.ifNeeded : names))];
}

const NAMED_BY_REF = 'a parameter or a resource';

/** What is wrong with the argument of a function that refers to something. */
const REFERENCES: Readonly<Record<string, (argument: unknown, names: Names) => string[]>> = {
  'Ref': (name, names) => (typeof name !== 'string' || names.isReferable(name) ? [] : [isMissing(name, NAMED_BY_REF)]),
  'Fn::GetAtt': (argument, names) => {
    const [logicalId] = [argument].flat();
    return typeof logicalId !== 'string' || names.isResource(logicalId) ? [] : [isMissing(logicalId.split('.')[0], 'a resource')];
  },
  'Fn::Sub': (argument, names) => {
    const missing = filledIn(argument).filter((name) => !(name.includes('.') ? names.isResource(name) : names.isReferable(name)));
    return missing.map((name) => `${isMissing(name.split('.')[0], name.includes('.') ? 'a resource' : NAMED_BY_REF)} For a text that stays as it is, write '\${!${name}}'.`);
  },
  'Fn::GetStackOutput': (argument, names) => {
    const { StackName: name, OutputName: output, ...place } = isObject(argument) ? argument : {};
    const isKnown = typeof name === 'string' && typeof output === 'string' && Object.values(place).every((value) => typeof value === 'string');
    return isKnown && names.lacksOutput(name, output, place) ? [`the stack '${name}' has no output '${output}'.`] : [];
  },
  'Fn::If': (argument, names) => missingCondition([argument].flat()[0], names),
  'Condition': missingCondition,
  'Fn::FindInMap': (argument, names) => {
    const [map, ...keys] = Array.isArray(argument) && argument.length === 3 ? argument : []; // a fourth element has a default
    const known = keys.map((key) => names.keyOf(key));
    const isThere = typeof map !== 'string' || names.isInMap(map, known);
    return isThere ? [] : [`'${[map, ...known.filter((key) => key !== undefined)].join('.')}' is not in the mappings of the template.`];
  },
};

function missingCondition(name: unknown, names: Names): string[] {
  return typeof name !== 'string' || names.isCondition(name) ? [] : [isMissing(name, 'a condition')];
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
const PSEUDO_PARAMETERS: readonly string[] = ['AccountId', 'NotificationARNs', 'NoValue', 'Partition', 'Region', 'StackId', 'StackName', 'URLSuffix'].map((name) => `AWS::${name}`);

/** What a template has to refer to. */
class Names {
  private readonly template: Template;

  /** The beginnings of logical IDs of resources that transforms make. */
  private readonly madeByTransforms: readonly string[];

  /** @param areNeeded whether CloudFormation surely looks up what stands there, or a condition decides */
  constructor(private readonly stack: DeployedStack, private readonly areNeeded = true) {
    this.template = stack.template;
    this.madeByTransforms = stack.source.madeByTransforms ?? [];
  }

  /** The same for what a condition decides about. */
  public get ifNeeded(): Names {
    return this.areNeeded ? new Names(this.stack, false) : this;
  }

  public isReferable(name: string): boolean {
    return PSEUDO_PARAMETERS.includes(name) || this.isParameter(name) || this.isResource(name);
  }

  public isParameter(name: string): boolean {
    return has(this.template.Parameters, name);
  }

  /** Attributes, and what a module makes, stand behind a dot. */
  public isResource(name: string): boolean {
    return has(this.template.Resources, name.split('.')[0]) || this.madeByTransforms.some((beginning) => name.startsWith(beginning));
  }

  public isCondition(name: string): boolean {
    return has(this.template.Conditions, name);
  }

  /** Whether the stack of a name is at hand in a place, or beside this one, and surely has no output of a name. */
  public lacksOutput(name: string, output: string, place: Record<string, unknown>): boolean {
    const { there } = located(this.stack.deployment.stacksCalled(name), (stack) => stack, placeOfOutput(place, this.stack));
    const isCreated = (stack: DeployedStack, written: unknown) => !isObject(written) || stack.isCreated(written) !== false;
    const lacks = (stack: DeployedStack) => !has(stack.template.Outputs, output) || !isCreated(stack, stack.template.Outputs![output]);
    return there.length > 0 && there.every((stack) => (stack.source.unseen ?? []).length === 0 && lacks(stack));
  }

  /** The key of a mapping: a text, or a place or a parameter of which the value is given. */
  public keyOf(key: unknown): string | undefined {
    const name: unknown = isObject(key) && Object.keys(key).length === 1 ? key.Ref : undefined;
    const { account, region, parameters = {} } = this.stack.source;
    const isGiven = (name === 'AWS::AccountId' && account !== undefined) || (['AWS::Region', 'AWS::Partition'].includes(name as string) && region !== undefined)
      || (typeof name === 'string' && Object.hasOwn(parameters, name));
    const value: unknown = isGiven && this.areNeeded ? resolveValue(key, this.stack) : key;
    return isScalar(value) ? jsonText(value) : undefined;
  }

  /** Whether a mapping has what the keys lead to, as far as they stand in the template. */
  public isInMap(map: string, [first, second]: readonly (string | undefined)[]): boolean {
    const { Mappings } = this.template;
    if (!has(Mappings, map)) {
      return false;
    }
    const values = typeof first === 'string' && isObject(Mappings![map]) ? (has(Mappings![map], first) ? Mappings![map][first] : undefined) : {};
    return values !== undefined && (typeof first !== 'string' || typeof second !== 'string' || has(values, second));
  }
}

function has(section: unknown, name: string): boolean {
  return isObject(section) && Object.hasOwn(section, name);
}

function isMissing(name: string, what: string): string {
  return `'${name}' is not ${what} of the template.`;
}
