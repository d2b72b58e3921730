import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { BucketDeliveries } from './deliveries/bucket-deliveries';
import { DeliverySource } from './deliveries/delivery-source';
import { prepareSetUps } from './deliveries/prepare-set-ups';
import { hardened } from './hardened';
import { publicAllow } from '../guardrails/bucket-policy-problems';
import { GuardedBucket } from '../guardrails/guarded-bucket';
import { Guardrail } from '../guardrails/guardrail';
import { refusal } from '../refusal';

/** The props that every bucket of this package passes on, whatever it stores. */
export function privateBucketProps(props: s3.BucketProps): s3.BucketProps {
  return {
    ...props,
    ...hardened(), // SecureBucketDefaults has nothing to add
    accessControl: undefined, // PRIVATE is all that could stand here, and it is the default
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    blockedEncryptionTypes: props.blockedEncryptionTypes ?? [s3.BlockedEncryptionType.SSE_C],
    enforceSSL: undefined, // RequireTls says it
    minimumTLSVersion: undefined,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    versioned: true,
  };
}

/**
 * What every bucket of this package has in common: nothing makes it public, and it tells what is enforced on it.
 *
 * @internal
 */
export abstract class PrivateBucket extends s3.Bucket {
  private readonly deliveries: BucketDeliveries = new BucketDeliveries(this);

  constructor(scope: Construct, id: string, props: s3.BucketProps) {
    super(scope, id, props);
    GuardedBucket.of(this._cfnBucket).isPrivate = true;
    prepareSetUps(this);
  }

  /**
   * What the bucket's policy enforces, in the order in which it was applied.
   */
  public get guardrails(): Guardrail[] {
    return GuardedBucket.of(this._cfnBucket).guardrails;
  }

  /**
   * Lets an AWS service deliver here by itself: the policies of the bucket and of its key allow what the service needs, for its sources alone;
   * the upload guardrail lets through what it sends.
   *
   * Perimeters spare AWS services; an organization perimeter asks that they deliver for accounts of the organization. A key that is imported
   * is not this app's to write: an output of the stack says what to add to its policy.
   *
   * @param source the service, and what it delivers for
   * @throws ValidationError if AWS does not deliver to such a bucket; the message says what to do instead
   */
  public allowDelivery(source: DeliverySource): void {
    this.deliveries.allow(source);
  }

  /**
   * Adds a statement to the bucket's policy. Where it lets an AWS service write that uses the bucket's default encryption, as the CDK's inventories
   * and flow logs do, the policy of the key lets the same service encrypt, for the same sources.
   *
   * @throws ValidationError if the statement would give access to everyone
   */
  public addToResourcePolicy(permission: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    const problem = permission.effect === iam.Effect.ALLOW ? publicAllow(permission.toStatementJson()) : undefined;
    if (problem) {
      throw refusal(this, 'PublicStatement', problem);
    }
    const result = super.addToResourcePolicy(permission);
    this.deliveries?.align(permission); // the constructor of s3.Bucket may add statements, too
    return result;
  }

  /**
   * Refused: the bucket is never public.
   *
   * @throws ValidationError always
   */
  public grantPublicAccess(_keyPrefix?: string, ..._allowedActions: string[]): iam.Grant {
    throw refusal(this, 'PublicAccess', {
      problem: "'grantPublicAccess' would make the objects public.",
      remedy: 'Grant access to principals, or serve the objects through CloudFront with origin access control (OacDistribution).',
    });
  }

  /** @internal */
  public get _cfnBucket(): s3.CfnBucket {
    return this.node.defaultChild as s3.CfnBucket;
  }
}
