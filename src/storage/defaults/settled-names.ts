import { CfnElement, CfnOutput, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { isIntrinsic, nameAndAttribute, settled } from '../../guardrails/template-values';
import { isObject } from '../../policy/json';

/** How a value of a construct is read, and how a construct is called. */
export interface Reader {
  readonly read: (value: unknown, scope: IConstruct) => any;
  readonly nameOf: (construct: IConstruct) => string;
  readonly namesIn: (text: string) => string[];
}

/** What intrinsic functions that people write themselves refer to, as far as the app tells. */
export class SettledNames {
  private readonly elements: readonly CfnElement[];
  private readonly byLogicalId = new Map<Stack, ReadonlyMap<string, CfnElement>>();

  constructor(root: IConstruct, private readonly reader: Reader) {
    this.elements = root.node.findAll().filter(CfnElement.isCfnElement);
  }

  /** A value of the template of a stack with the names of constructs in it. Pseudo parameters stay as they are. */
  public in(value: unknown, stack: Stack): any {
    return this.withStored(typeof value === 'string' || mayRefer(value) ? settled(value, stack, (intrinsic) => this.valueOf(intrinsic, stack)) : value);
  }

  private withStored(value: any): any {
    if (typeof value === 'string') {
      return value.includes('{{resolve:ssm:') ? value.replace(STORED, (whole, name) => this.stored(name) ?? whole) : value;
    }
    return Array.isArray(value) ? value.map((one) => this.withStored(one))
      : isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.withStored(inner)])) : value;
  }

  /** What an attribute of a construct stands for. */
  public of(element: IConstruct, attribute: string): unknown {
    if (element instanceof CfnParameter) {
      return this.given(element) ?? this.reader.nameOf(element);
    }
    if (isStored(element) && attribute === 'Value') {
      return this.reader.read(element.value, element);
    }
    return (attribute.startsWith(OUTPUTS) ? this.outputOfNested(element, attribute.slice(OUTPUTS.length)) : undefined) ?? this.reader.nameOf(element);
  }

  /** What a stack hands to the one around it. */
  private outputOfNested(nested: IConstruct, outputName: string): unknown {
    return this.output(({ logicalId, stack }) => stack.nestedStackResource === nested && stack.resolve(logicalId) === outputName);
  }

  private valueOf(intrinsic: Record<string, any>, stack: Stack): unknown {
    const [[name, argument]] = Object.entries(intrinsic);
    switch (name) {
      case 'Ref': return isPseudoParameter(argument) ? intrinsic : this.named(stack, argument);
      case 'Fn::GetAtt': return this.named(stack, ...nameAndAttribute(argument));
      case 'Fn::Sub': return this.substituted(argument, stack);
      case 'Fn::ImportValue': return typeof argument === 'string' ? this.output(({ exportName, stack: there }) => there.resolve(exportName) === argument) : undefined;
      case 'Fn::GetStackOutput': return this.output(({ logicalId, stack: there }) => there.stackName === argument?.StackName && there.resolve(logicalId) === argument?.OutputName);
      case 'Fn::Split': return this.reader.namesIn(JSON.stringify(argument)).length > 0 ? intrinsic : undefined; // names have separators of their own in them
      case 'Fn::Select': return this.onlyNameIn(argument);
      default: return undefined;
    }
  }

  private named(stack: Stack, logicalId: unknown, attribute = 'Ref'): unknown {
    const element = typeof logicalId === 'string' ? this.elementOf(stack, logicalId) : undefined;
    return element && this.of(element, attribute);
  }

  /** Which part of a name, an ARN or a domain name of a construct it is does not matter. */
  private onlyNameIn(argument: unknown): string | undefined {
    const names = new Set(this.reader.namesIn(JSON.stringify(argument)));
    return names.size === 1 ? [...names][0] : undefined;
  }

  /** What a parameter of a template stands for: what the stack around it hands over, what is stored, or its default. */
  private given(parameter: CfnParameter): unknown {
    const { nestedStackResource: nested } = parameter.stack;
    const [resource] = Object.values<any>(CfnResource.isCfnResource(nested) ? this.reader.read(nested._toCloudFormation(), nested)?.Resources ?? {} : {});
    const given = resource?.Properties?.Parameters?.[parameter.stack.resolve(parameter.logicalId)] ?? parameter.default;
    return /^AWS::SSM::Parameter::Value</.test(parameter.type) ? this.stored(given) : given;
  }

  /** A text in which what is known is filled in; what is not stays as `Fn::Sub` writes it. */
  private substituted(argument: unknown, stack: Stack): string | undefined {
    const [text, given] = [argument].flat() as [unknown, Record<string, unknown>?];
    return typeof text !== 'string' ? undefined : text.replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
      const value = name.startsWith('!') ? `\${${name.slice(1)}}` : given?.[name] ?? (isPseudoParameter(name) ? undefined : this.named(stack, ...nameAndAttribute(name)));
      return typeof value === 'string' ? value : pseudoParameterIn(value) ?? whole;
    });
  }

  private output(isMeant: (output: CfnOutput) => boolean): unknown {
    const output = this.elements.find((element): element is CfnOutput => element instanceof CfnOutput && isMeant(element));
    return output && this.reader.read(output.value, output);
  }

  /** The value of a parameter of Systems Manager that the app makes. */
  private stored(name: unknown): string | undefined {
    const parameter = this.elements.filter(isStored).find((element) => this.reader.read(element.name, element) === name);
    const value = parameter && this.reader.read(parameter.value, parameter);
    return typeof value === 'string' ? value : undefined;
  }

  private elementOf(stack: Stack, logicalId: string): CfnElement | undefined {
    const known = this.byLogicalId.get(stack) ?? new Map(this.elements.filter((element) => element.stack === stack).map((element) => [stack.resolve(element.logicalId), element]));
    this.byLogicalId.set(stack, known);
    return known.get(logicalId);
  }
}

const OUTPUTS = 'Outputs.';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html */
const STORED = /\{\{resolve:ssm:([\w.\/-]+)(?::\d+)?\}\}/g;

function isStored(element: IConstruct): element is CfnResource & { name?: string; value: string } {
  return CfnResource.isCfnResource(element) && element.cfnResourceType === 'AWS::SSM::Parameter';
}

/** Whether something in a value has to be looked for. The CDK's own references have been named. */
function mayRefer(value: unknown): boolean {
  return isIntrinsic(value) || (typeof value === 'object' && value !== null && Object.values(value).some(mayRefer));
}

function isPseudoParameter(name: unknown): boolean {
  return typeof name === 'string' && name.startsWith('AWS::');
}

function pseudoParameterIn(value: unknown): string | undefined {
  return isIntrinsic(value) && isPseudoParameter(value.Ref) ? `\${${value.Ref as string}}` : undefined;
}
