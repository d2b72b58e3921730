import { CfnOutput, CfnParameter, DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Reference, Stack, Stage, Token, Tokenization } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { IConstruct } from 'constructs';
import { deployedResource, hasOverrides } from './deployed-resource';
import { canonical, isIntrinsic, nameAndAttribute, settled } from './template-values';
import { unknownText } from '../policy/unknown-text';

/** A bucket, and the beginning of the keys of objects in it. */
export interface BucketPlace {
  readonly bucket: s3.CfnBucket;
  readonly prefix: string;
}

/**
 * What buckets are called in templates, before and after an app is complete: by references to them, by their names, and by texts put together
 * of pieces of either (their ARN, their domain name, exports).
 */
export class BucketNames {
  /** Whether a value is a reference to a bucket as a whole, for which nothing has to be resolved. */
  public static isReference(name: unknown): boolean {
    return referenceTo(name) !== undefined;
  }

  private readonly buckets: s3.CfnBucket[];
  private texts?: Map<string, s3.CfnBucket[]>;
  private readonly logicalIds = new Map<Stack, Map<string, IConstruct>>();

  constructor(private readonly constructs: readonly IConstruct[]) {
    this.buckets = constructs.filter(s3.CfnBucket.isCfnBucket);
  }

  /** The bucket that a value stands for in the template of a construct; undefined where it is none of these constructs, or cannot be told. */
  public called(name: unknown, scope: IConstruct): s3.CfnBucket | undefined {
    const subject = this.subject(name, scope);
    return typeof subject === 'string' ? undefined : subject;
  }

  /** The bucket of a place, which may be told by an ARN or a domain name, too, and the beginning of keys behind it; undefined where it is none of these constructs. */
  public locate(place: unknown, scope: IConstruct): BucketPlace | undefined {
    const stack = Stack.of(scope);
    const text = textOf(this.settledIn(stack, Token.isUnresolved(place) ? resolvedNames(place, scope) : place));
    const [, name = '', , prefix = ''] = /^(?:arn:[^:]*:s3:::)?([^/]+?)(\.s3[.-][^/]+)?(?:\/(.*))?$/.exec(text) ?? [];
    const bucket = this.called(name, scope);
    return bucket && { bucket, prefix };
  }

  /** The bucket that a value stands for; a text where it is none of these constructs, the same for the same name. */
  public subject(name: unknown, scope: IConstruct): s3.CfnBucket | string {
    const reference = referenceTo(name);
    if (reference) {
      return reference;
    }
    const stack = Stack.of(scope);
    const text = this.settledIn(stack, Token.isUnresolved(name) ? resolvedNames(name, scope) : name);
    if (typeof text !== 'string') {
      return `${stack.node.path}: ${canonical(text)}`; // what is not known at synthesis may differ from stack to stack
    }
    const candidates = this.byText.get(text) ?? [];
    return candidates.find((bucket) => Stage.of(bucket) === Stage.of(stack)) ?? candidates[0] ?? text; // names are unique in a partition
  }

  /** Looked for only when something does not refer to its bucket. */
  private get byText(): Map<string, s3.CfnBucket[]> {
    if (this.texts === undefined) {
      const texts = new Map(this.buckets.map((bucket) => [unknownText(bucket.node.addr), [bucket]]));
      this.texts = texts;
      this.buckets.forEach((bucket) => this.namesOf(bucket).forEach((name) => texts.set(name, [...(texts.get(name) ?? []), bucket])));
    }
    return this.texts;
  }

  /** A bucket's own names, as far as they are known at synthesis. */
  private namesOf(bucket: s3.CfnBucket): string[] {
    const { BucketName: name, BucketNamePrefix: prefix } = hasOverrides(bucket)
      ? deployedResource(bucket, resolvedNames).Properties
      : { BucketName: resolvedNames(bucket.bucketName, bucket), BucketNamePrefix: resolvedNames(bucket.bucketNamePrefix, bucket) };
    const stack = Stack.of(bucket);
    const regional = { 'Fn::Join': ['-', [prefix, { Ref: 'AWS::AccountId' }, { Ref: 'AWS::Region' }, 'an']] };
    return [...(name === undefined ? [] : [name]), ...(prefix === undefined ? [] : [regional])].map((value) => this.settledIn(stack, value)).filter((text) => typeof text === 'string');
  }

  private settledIn(stack: Stack, value: unknown): unknown {
    return settled(value, stack, (intrinsic) => this.valueOf(intrinsic, stack));
  }

  private valueOf(intrinsic: Record<string, any>, stack: Stack): unknown {
    const [[name, argument]] = Object.entries(intrinsic);
    switch (name) {
      case 'Ref': return pseudoParameter(argument, stack) ?? this.attributeIn(stack, argument, 'Ref');
      case 'Fn::GetAtt': {
        const [logicalId, attribute = ''] = nameAndAttribute(argument);
        return this.attributeIn(stack, logicalId, attribute) ?? this.outputOfNested(stack, logicalId, attribute);
      }
      case 'Fn::ImportValue': return this.outputValue(stack, ({ exportName, stack: there }) => exportName !== undefined && canonical(this.settledIn(there, there.resolve(exportName))) === canonical(argument));
      case 'Fn::GetStackOutput': return this.outputValue(stack, ({ logicalId, stack: there }) => there.stackName === argument?.StackName && there.resolve(logicalId) === argument?.OutputName);
      default: return undefined;
    }
  }

  private attributeIn(stack: Stack, logicalId: string, attribute: string): unknown {
    const element = this.elementOf(stack, logicalId);
    return s3.CfnBucketPolicy.isCfnBucketPolicy(element) ? this.settledIn(stack, attributeOf(element, attribute)) : attributeOf(element, attribute);
  }

  private outputValue(stack: Stack, isMeant: (output: CfnOutput) => boolean): unknown {
    const output = this.constructs.find((construct): construct is CfnOutput => construct instanceof CfnOutput && construct.stack !== stack && isMeant(construct));
    return output && this.settledIn(output.stack, resolvedNames(output.value, output));
  }

  /** What a nested stack hands to the one around it. */
  private outputOfNested(around: Stack, logicalId: string, attribute: string): unknown {
    return this.outputValue(around, ({ logicalId: output, stack }) => {
      const { nestedStackResource: nested } = stack;
      return nested !== undefined && Stack.of(nested) === around && around.resolve(nested.logicalId) === logicalId && `Outputs.${stack.resolve(output)}` === attribute;
    });
  }

  /** The bucket, policy or parameter that a template knows by a logical ID. */
  private elementOf(stack: Stack, logicalId: string): IConstruct | undefined {
    const known = this.logicalIds.get(stack)
      ?? new Map(this.constructs.filter(isNamed).filter((element) => Stack.of(element) === stack).map((element) => [stack.resolve(element.logicalId), element]));
    this.logicalIds.set(stack, known);
    return known.get(logicalId);
  }
}

function referenceTo(name: unknown): s3.CfnBucket | undefined {
  const reference = typeof name === 'string' || Token.isUnresolved(name) ? Tokenization.reverse(name, { failConcat: false }) : undefined;
  return Reference.isReference(reference) && reference.displayName === 'Ref' && s3.CfnBucket.isCfnBucket(reference.target) ? reference.target : undefined;
}

/** A settled value as one text, in which the pieces that are not known stand for themselves. */
function textOf(value: any): string {
  const [separator, parts] = isIntrinsic(value) && Array.isArray(value['Fn::Join']) ? value['Fn::Join'] : ['', [value]];
  return [parts].flat().map((part) => (typeof part === 'string' ? part : unknownText(canonical(part ?? null)))).join(separator);
}

function isNamed(construct: IConstruct): construct is s3.CfnBucket | s3.CfnBucketPolicy | CfnParameter {
  return s3.CfnBucket.isCfnBucket(construct) || s3.CfnBucketPolicy.isCfnBucketPolicy(construct) || construct instanceof CfnParameter;
}

/** A value of a construct as its template has it, except that buckets and parameters are called by texts that are the same in all templates. */
export function resolvedNames(value: unknown, scope: IConstruct, inside: readonly IConstruct[] = []): any {
  return Tokenization.resolve(value, { scope, resolver: new NameResolver(inside), preparing: false });
}

/** Before an app is complete, references into other stacks look as if they were to something of the own. */
class NameResolver extends DefaultTokenResolver {
  /** @param inside the policies whose buckets are being looked for */
  constructor(private readonly inside: readonly IConstruct[]) {
    super({ join: (left, right) => ({ 'Fn::Join': ['', [left, right].filter((part) => part !== undefined)] }) });
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    const known = Reference.isReference(token) ? attributeOf(token.target, token.displayName, this.inside) : undefined;
    return known ?? super.resolveToken(token, context, postProcessor);
  }
}

/**
 * What an attribute of a bucket, or a parameter, stands for. The `Ref` of a policy is the name of its bucket.
 *
 * @param inside the policies whose buckets are being looked for
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html#aws-resource-s3-bucket-return-values
 */
function attributeOf(element: IConstruct | undefined, attribute: string, inside: readonly IConstruct[] = []): any {
  if (element instanceof CfnParameter) {
    return givenTo(element) ?? defaultOf(element) ?? unknownText(element.node.addr);
  }
  if (s3.CfnBucketPolicy.isCfnBucketPolicy(element) && attribute === 'Ref' && !inside.includes(element)) {
    return resolvedNames(element.bucket, element, [...inside, element]);
  }
  if (!s3.CfnBucket.isCfnBucket(element)) {
    return undefined;
  }
  const [name, { partition, domainSuffix, region }] = [unknownText(element.node.addr), placeOf(Stack.of(element))];
  switch (attribute) {
    case 'Ref': return name;
    case 'Arn': return `arn:${partition}:s3:::${name}`;
    case 'DomainName': return `${name}.s3.${domainSuffix}`;
    case 'RegionalDomainName': return `${name}.s3.${region}.${domainSuffix}`;
    case 'DualStackDomainName': return `${name}.s3.dualstack.${region}.${domainSuffix}`;
    case 'WebsiteURL': return `http://${name}.s3-website-${region}.${domainSuffix}`;
    default: return undefined;
  }
}

/** What the stack around a nested one hands over for its parameter, as far as it is text. */
function givenTo(parameter: CfnParameter): string | string[] | undefined {
  const { nestedStackResource: nested } = parameter.stack;
  const value = nested && deployedResource(nested, resolvedNames).Properties.Parameters?.[parameter.stack.resolve(parameter.logicalId)];
  return value === undefined ? undefined : textOrList(parameter, settled(value, Stack.of(nested!)));
}

function defaultOf(parameter: CfnParameter): string | string[] | undefined {
  return textOrList(parameter, parameter.default);
}

function textOrList({ type }: CfnParameter, value: unknown): string | string[] | undefined {
  return typeof value !== 'string' ? undefined : /^(?:CommaDelimitedList|List<)/.test(type) ? value.split(',') : value;
}

/** Of names, nothing depends on the partition: where it is not known, the largest stands for all. */
function placeOf({ region }: Stack): { partition: string; domainSuffix: string; region: string } {
  const { partition = 'aws', domainSuffix = 'amazonaws.com' } = Token.isUnresolved(region) ? {} as Partial<RegionInfo> : RegionInfo.get(region);
  return { partition, domainSuffix, region: Token.isUnresolved(region) ? unknownText('AWS::Region') : region };
}

function pseudoParameter(name: string, stack: Stack): string | undefined {
  const { partition, domainSuffix, region } = placeOf(stack);
  const account = stack.resolve(stack.account);
  const values: Record<string, string> = {
    'AWS::Partition': partition,
    'AWS::URLSuffix': domainSuffix,
    'AWS::Region': region,
    'AWS::AccountId': typeof account === 'string' ? account : unknownText('AWS::AccountId'), // stacks without an account are deployed to one
    'AWS::StackName': Token.isUnresolved(stack.stackName) ? unknownText(stack.node.addr) : stack.stackName,
  };
  return values[name];
}
