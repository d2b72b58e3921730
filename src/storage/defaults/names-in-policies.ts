import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { nameOf, readValue } from './named-references';
import { outermostStack } from '../../outermost-stack';
import { textPattern } from '../../policy/pattern';
import { isUnknown, unknownText, widest } from '../../policy/unknown-text';

export const ANY_KEY = unknownText('key');

/** What a bucket is called in policies: by a reference, or by its name, which may not be known to the end. */
export class NamesInPolicies {
  /** What stands for it where a policy refers to it. */
  public readonly reference: string;
  private readonly name: string;

  constructor(bucket: s3.Bucket) {
    const resource = bucket.node.defaultChild as s3.CfnBucket;
    this.reference = nameOf(resource);
    this.name = physicalName(resource);
  }

  /** All that stands for it as a whole: the reference, and the name where it is known. */
  public get all(): string[] {
    return [this.reference, ...(isUnknown(this.name) ? [] : [this.name])];
  }

  /** Those of some names, as people write them in policies, that mean this bucket, or may. */
  public among(names: ReadonlySet<string>): string[] {
    if (!isUnknown(this.name)) {
      return names.has(this.name) ? [this.name] : [];
    }
    const { matches } = textPattern(widest(this.name));
    return [...names].filter((name) => matches(name) === true);
  }

  /** Whether a pattern of a policy's resources means objects of this bucket, or may. */
  public mayBeMeantBy(pattern: string): boolean {
    const { matches } = textPattern(pattern);
    return pattern === '*' || this.objects.some((object) => matches(object) !== false);
  }

  /** Whether a pattern means all objects of this bucket for sure. */
  public isMeantBy(pattern: string): boolean {
    const { matches } = textPattern(pattern);
    return this.objects.some((object) => matches(object) === true);
  }

  private get objects(): string[] {
    return [`${this.reference}/${ANY_KEY}`, `arn:aws:s3:::${this.reference}/${ANY_KEY}`, `arn:aws:s3:::${this.name}/${ANY_KEY}`];
  }
}

/**
 * The name of a bucket, with what is not known of it. Of a name that CloudFormation makes, the names of stack and resource are known, which it cuts where they are long.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 */
function physicalName(resource: s3.CfnBucket): string {
  const { bucketName, bucketNamePrefix } = resource as s3.CfnBucket & { bucketNamePrefix?: string };
  const [name, prefix] = [bucketName, bucketNamePrefix].map((given) => readValue(given, resource)); // the L2 gives a name that turns out to be none
  if (name !== undefined) {
    return withUnknown(name);
  }
  if (prefix !== undefined) {
    return `${withUnknown(prefix)}-${unknownText('account and Region')}-an`;
  }
  const stack = outermostStack(Stack.of(resource));
  const [ofStack, ofResource] = [stack.stackName.slice(0, 20), Stack.of(resource).getLogicalId(resource).slice(0, 8)].map((part) => part.toLowerCase());
  return `${ofStack}${unknownText('rest of the stack')}${ofResource}${unknownText('rest of the resource')}`;
}

/** A value as text, with what is not known of it. */
export function withUnknown(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\{"(?:Ref|Fn::).*\}/g, (intrinsic) => unknownText(intrinsic)) : unknownText(JSON.stringify(value));
}
