import { IAspect } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct, IMixin } from 'constructs';
import { GuardedBucket } from './guarded-bucket';
import { Guarantee } from '../proof/guarantee';

/**
 * The texts that a value stands for once it is deployed.
 *
 * @internal
 */
export type TextsOf = (value: unknown) => string[];

/**
 * One requirement that a bucket policy enforces for every caller, by denying all requests that break it.
 *
 * Apply it with `bucket.with(new RequireTls())`, to a `SecureBucket`, an `s3.Bucket`, a `CfnBucket` or a
 * `CfnBucketPolicy`; to all that exist below a scope with `Mixins.of(scope).apply(new RequireTls())`; to all that ever
 * will with `Aspects.of(scope).add(new RequireTls())`.
 * What is enforced already is not enforced again; two guardrails that differ are both enforced.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
 */
export abstract class Guardrail implements IMixin, IAspect {
  /** The name of the requirement, such as `RequireTls`. */
  public abstract readonly name: string;

  /** The requirement in one sentence, for reports. */
  public abstract readonly requirement: string;

  /** Buckets and bucket policies. */
  public supports(construct: IConstruct): boolean {
    return s3.CfnBucket.isCfnBucket(construct) || s3.CfnBucketPolicy.isCfnBucketPolicy(construct);
  }

  /**
   * Writes the guardrail's statements into the bucket's policy, which is made if there is none.
   *
   * @throws ValidationError if the guardrail cannot be enforced on this bucket
   */
  public applyTo(construct: IConstruct): void {
    if (this.supports(construct)) {
      GuardedBucket.of(construct).enforce(this);
    }
  }

  /**
   * Applies the guardrail as an aspect: to a bucket, once. A policy whose bucket is in the app is left to its bucket.
   *
   * @throws ValidationError if the guardrail cannot be enforced on this bucket
   */
  public visit(node: IConstruct): void {
    if (s3.CfnBucket.isCfnBucket(node)) {
      this.applyTo(node);
    }
  }

  /**
   * The deny statements that enforce the requirement on a bucket.
   *
   * @internal
   */
  public abstract _statements(bucket: GuardedBucket): iam.PolicyStatementProps[];

  /**
   * What is true of every request that a bucket with this guardrail lets through: what the statements are for.
   *
   * @param textsOf the texts that a value, or a list of values, stands for once it is deployed
   * @internal
   */
  public abstract _guarantees(bucket: GuardedBucket, textsOf: TextsOf): Guarantee[];

  /**
   * What is wrong with the bucket or the app around it, once the app is complete.
   *
   * @internal
   */
  public _problems(_bucket: GuardedBucket): string[] {
    return [];
  }
}
