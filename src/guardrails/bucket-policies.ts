import { Reference, Stack, Stage, Token, Tokenization } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';

/** The bucket policies that an app writes, by their buckets: one look at everything that is deployed together. */
export class BucketPolicies {
  /** The policies around a construct, those of other stacks too: another stack's policy replaces this one's. */
  public static around(construct: IConstruct): BucketPolicies {
    return new BucketPolicies((Stage.of(construct) ?? construct.node.root).node.findAll());
  }

  private readonly named = new Map<string, s3.CfnBucket>();
  private readonly byBucket = new Map<s3.CfnBucket | string, s3.CfnBucketPolicy[]>();

  private readonly constructs: ReadonlySet<IConstruct>;

  private constructor(constructs: IConstruct[]) {
    this.constructs = new Set(constructs);
    const namedBuckets = constructs.filter(s3.CfnBucket.isCfnBucket).filter(({ bucketName }) => bucketName !== undefined);
    namedBuckets.forEach((bucket) => this.named.set(nameIn(bucket, bucket.bucketName!), bucket));
    constructs.filter(s3.CfnBucketPolicy.isCfnBucketPolicy).forEach((policy) => {
      const subject = this.bucketCalled(policy, policy.bucket) ?? nameIn(policy, policy.bucket);
      this.byBucket.set(subject, [...(this.byBucket.get(subject) ?? []), policy]);
    });
  }

  /** Whether a construct was there when the app was looked at. */
  public knows(construct: IConstruct): boolean {
    return this.constructs.has(construct);
  }

  /** The policies of a bucket of the app. */
  public of(bucket: s3.CfnBucket): s3.CfnBucketPolicy[] {
    return this.byBucket.get(bucket) ?? [];
  }

  /** The policies for the bucket that a construct calls by a name. */
  public forName(construct: IConstruct, bucketName: string): s3.CfnBucketPolicy[] {
    return this.byBucket.get(this.bucketCalled(construct, bucketName) ?? nameIn(construct, bucketName)) ?? [];
  }

  /** The bucket of the app that a construct calls by a name: it refers to it, or it is the bucket's own name. Names are unique in a partition. */
  public bucketCalled(construct: IConstruct, bucketName: string): s3.CfnBucket | undefined {
    return referencedBucket(bucketName) ?? this.named.get(nameIn(construct, bucketName));
  }
}

/** The bucket of the app that a policy belongs to. */
export function bucketOf(policy: s3.CfnBucketPolicy): s3.CfnBucket | undefined {
  return referencedBucket(policy.bucket) ?? BucketPolicies.around(policy).bucketCalled(policy, policy.bucket);
}

function referencedBucket(bucketName: string): s3.CfnBucket | undefined {
  const reference = Tokenization.reverse(bucketName, { failConcat: false });
  return Reference.isReference(reference) && s3.CfnBucket.isCfnBucket(reference.target) ? reference.target : undefined;
}

/** The same text for the same name, whatever tokens stand for it: what is not known at synthesis may differ from stack to stack. */
function nameIn(construct: IConstruct, bucketName: string): string {
  return Token.isUnresolved(bucketName) ? `${Stack.of(construct).node.path}: ${JSON.stringify(Stack.of(construct).resolve(bucketName))}` : bucketName;
}
