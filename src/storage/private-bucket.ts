import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { BucketDeliveries } from './deliveries/bucket-deliveries';
import { DeliverySource } from './deliveries/delivery-source';
import { prepareSetUps } from './deliveries/prepare-set-ups';
import { foreignInjector, hardened, injectedProps } from './hardened';
import { withNamedGrantees } from './named-grantees';
import { administratorArns, unusableExempt } from '../guardrails/administrators';
import { publicAllow } from '../guardrails/bucket-policy-problems';
import { PerimeterExemption } from '../guardrails/exemptions/perimeter-exemption';
import { GuardedBucket } from '../guardrails/guarded-bucket';
import { Guardrail } from '../guardrails/guardrail';
import { roleArnIn } from '../guardrails/role-arn';
import { having, PropType, refuseOtherThan, required } from '../prop-types';
import { pathOf, refusal, refuseAll } from '../refusal';

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
    publicReadAccess: false,
    versioned: true,
  };
}

const DELIVERY: PropType = required(having("a DeliverySource, such as 'DeliverySource.vpcFlowLogs()'", '_row'));
const STATEMENT: PropType = required(having("an 'iam.PolicyStatement'", 'effect', 'toStatementJson'));

/** Callers without type checks can hand over anything. */
export function refuseOtherStatement(bucket: s3.Bucket, permission: iam.PolicyStatement): void {
  refuseOtherThan(bucket, STATEMENT, permission, 'what is added to its policy');
}

/**
 * What every bucket of this package has in common: nothing makes it public, and it tells what is enforced on it.
 *
 * @internal
 */
export abstract class PrivateBucket extends s3.Bucket {
  private readonly deliveries: BucketDeliveries;

  constructor(scope: Construct, id: string, props: s3.BucketProps) {
    const injector = foreignInjector(scope);
    try {
      super(scope, id, props);
    } catch (error) {
      throw injector ? refusal(scope, 'InjectedProps', injectedProps(injector, textOf(error, pathOf(scope, id))), pathOf(scope, id)) : error;
    }
    refuseAll(this, 'InjectedProps', injector ? changedByInjector(this, props).map((consequence) => injectedProps(injector, consequence)) : []);
    this.deliveries = new BucketDeliveries(this);
    GuardedBucket.of(this._cfnBucket).isPrivate = true;
    prepareSetUps(this);
  }

  /**
   * What the bucket's policy enforces, in the order in which it was applied.
   */
  public get guardrails(): Guardrail[] {
    return GuardedBucket.of(this._cfnBucket).guardrails;
  }

  /** What principals can be granted of the bucket. */
  public get grants(): s3.BucketGrants {
    return withNamedGrantees(this, super.grants);
  }

  /**
   * Whom the perimeters let through although they do not meet the requirement, and why. Complete once the app is synthesized: the roles of services
   * and of custom resources are found then.
   */
  public get perimeterExemptions(): PerimeterExemption[] {
    const guarded = GuardedBucket.of(this._cfnBucket);
    return guarded.guardrails.flatMap((guardrail) => guardrail._exemptions(guarded));
  }

  /**
   * Has network perimeters of this bucket let a role or user through, from wherever it calls: a service role that the app does not show to use the
   * bucket, for one. It is allowed nothing by that.
   *
   * @param principal the role or user; a role of AWS IAM Identity Center by a pattern, as `administrators` take it
   * @param reason why it calls from outside the network; `perimeterExemptions` tells it
   * @throws ValidationError if policies cannot name the principal, or there is no reason
   */
  public exemptFromNetworkPerimeter(principal: iam.IPrincipal, reason: string): void {
    const problems = [
      ...unusableExempt('exempt principal', principal),
      ...(typeof reason === 'string' && reason.trim() !== '' ? [] : [{ problem: 'the exemption has no reason.', remedy: 'Say why the principal calls from outside the network.' }]),
    ];
    refuseAll(this, 'UnusableExemption', problems);
    const stack = Stack.of(this);
    GuardedBucket.of(this._cfnBucket).exempted.push(...administratorArns([principal]).map((arn) => ({ arn: roleArnIn(stack, arn) ?? arn, reason })));
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
    refuseOtherThan(this, DELIVERY, source, 'what is to be delivered');
    this.deliveries.allow(source);
  }

  /**
   * Adds a statement to the bucket's policy. Where it lets an AWS service write that uses the bucket's default encryption, as the CDK's inventories
   * and flow logs do, the policy of the key lets the same service encrypt, for the same sources.
   *
   * @throws ValidationError if the statement would give access to everyone, or is none
   */
  public addToResourcePolicy(permission: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    refuseOtherStatement(this, permission);
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

const ALGORITHMS: Readonly<Partial<Record<s3.BucketEncryption, string>>> = {
  [s3.BucketEncryption.S3_MANAGED]: 'AES256', [s3.BucketEncryption.KMS]: 'aws:kms', [s3.BucketEncryption.DSSE]: 'aws:kms:dsse',
};

/** What a bucket has become against its props, in what the constructs of this package build upon; the rest is verified at synthesis. */
function changedByInjector(bucket: s3.Bucket, { encryption, encryptionKey }: s3.BucketProps): string[] {
  const { bucketEncryption, loggingConfiguration } = bucket.node.defaultChild as s3.CfnBucket;
  const { serverSideEncryptionConfiguration: [rule] = [] } = (bucketEncryption ?? {}) as { serverSideEncryptionConfiguration?: s3.CfnBucket.ServerSideEncryptionRuleProperty[] };
  const { sseAlgorithm } = (rule?.serverSideEncryptionByDefault ?? {}) as Partial<s3.CfnBucket.ServerSideEncryptionByDefaultProperty>;
  const hasKey = encryption === s3.BucketEncryption.S3_MANAGED
    ? bucket.encryptionKey === undefined : bucket.encryptionKey !== undefined && bucket.encryptionKey === (encryptionKey ?? bucket.node.tryFindChild('Key'));
  return [
    ...(hasKey && sseAlgorithm === ALGORITHMS[encryption!] ? [] : ['its encryption is another one.']),
    ...(loggingConfiguration === undefined ? [] : ['its access logs go to another bucket.']),
  ];
}

/** The first line of an error's text, without the path, which stands before. */
function textOf(error: unknown, path: string): string {
  const [line] = (error instanceof Error ? error.message : String(error)).replace(`'${path}': `, '').split('\n');
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
