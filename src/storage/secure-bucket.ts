import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { logAccess, unreachableLogBucket } from './access-logging';
import { unusableKey, verifyEncryptionKey } from './encryption-key';
import { asMade, BUCKET_KEY, ENCRYPTED_WITH_OWN_KEY, PRIVATE_BUCKET, REPLICATED_WITH_KEY, weakenedProperties } from './guarded-properties';
import { guardrailProblems, guardrailsFor } from './guardrail-props';
import { keepPolicyOf } from './kept-policy';
import { LoadBalancerLogs } from './load-balancer-logs';
import { acknowledgeNagRules } from './nag-acknowledgments';
import { PrivateBucket, privateBucketProps, refuseOtherStatement } from './private-bucket';
import { refuseIf, refuseWeakening } from './refuse-weakening';
import { admitReplicator, encryptedReplication, prepareReplication, refuseUnencryptedReplicas, unusableReplicator } from './replication';
import { grantReplication } from './replication-permissions';
import { GuardedBucket } from '../guardrails/guarded-bucket';
import { EncryptionEnforcement } from '../guardrails/require-encryption';
import { NetworkPerimeter } from '../guardrails/restrict-to-network';
import { OrganizationPerimeter } from '../guardrails/restrict-to-organization';
import { BUCKET, having, KEY, listOf, objectWith, refuseOtherThan, refuseWrongProps, required } from '../prop-types';
import { refuseAll } from '../refusal';

/**
 * Properties of `SecureBucket`. Every value of `s3.BucketProps` works, except one that would weaken the bucket.
 */
export interface SecureBucketProps extends s3.BucketProps {
  /**
   * What an upload must say about its encryption. Guide, Section 7.2.
   *
   * @default EncryptionEnforcement.REJECT_OTHER
   */
  readonly encryptionEnforcement?: EncryptionEnforcement;

  /**
   * The networks from which the bucket may be used. Guide, Section 7.3.
   *
   * @default - every network
   */
  readonly network?: NetworkPerimeter;

  /**
   * The organizations whose principals may use the bucket. Guide, Section 7.4.
   *
   * @default - principals of any account, as far as they are granted access
   */
  readonly organization?: OrganizationPerimeter;

  /**
   * Roles and users that the network perimeter never locks out (break-glass), from wherever they call.
   *
   * @default - none beside the roles that the stack itself works with
   */
  readonly administrators?: iam.IPrincipal[];

  /**
   * How long after signing a presigned URL may be used, at most 7 days. Guide, Section 10.
   *
   * @default - as long as its signer said
   */
  readonly presignedUrlMaxAge?: Duration;
}

/**
 * An S3 bucket that enforces its own security; a drop-in replacement for `s3.Bucket`.
 *
 * Always: all four Block Public Access settings, ACLs disabled, encryption with a customer managed KMS key (rotated, with
 * bucket keys), SSE-C blocked, TLS 1.2 or newer, versioning, retention of bucket and key, server access logs. The bucket
 * policy denies uploads that ask for other encryption and, by choice, requests from outside your network and your
 * organization, and old presigned URLs.
 *
 * What would weaken it is refused: at construction where it is a prop, at synthesis where it is an override.
 *
 * Guide, Sections 4, 6, 7 and 10.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 */
export class SecureBucket extends PrivateBucket {
  /**
   * A bucket that exists already, by its name. It is an `IBucket` like any other: nothing of it is guarded or verified, and its policy is
   * not changed. Guardrails say what to add to it: `bucket.with(new RequireTls())`.
   */
  public static fromBucketName(scope: Construct, id: string, bucketName: string): s3.IBucket {
    return s3.Bucket.fromBucketName(scope, id, bucketName);
  }

  /**
   * A bucket that exists already, by its ARN. It is an `IBucket` like any other: nothing of it is guarded or verified, and its policy is
   * not changed. Guardrails say what to add to it: `bucket.with(new RequireTls())`.
   */
  public static fromBucketArn(scope: Construct, id: string, bucketArn: string): s3.IBucket {
    return s3.Bucket.fromBucketArn(scope, id, bucketArn);
  }

  /**
   * A bucket that exists already. It is an `IBucket` like any other: nothing of it is guarded or verified, and its policy is not changed.
   * Guardrails say what to add to it: `bucket.with(new RequireTls())`.
   */
  public static fromBucketAttributes(scope: Construct, id: string, attrs: s3.BucketAttributes): s3.IBucket {
    refuseWrongProps(scope, id, attrs, {});
    return s3.Bucket.fromBucketAttributes(scope, id, attrs);
  }

  /**
   * A bucket that is made as a `CfnBucket` in this app. It is an `IBucket` like any other: it is not made a `SecureBucket`, and nothing of it
   * is verified. Guardrails are enforced in its policy: `bucket.with(new RequireTls())`.
   */
  public static fromCfnBucket(cfnBucket: s3.CfnBucket): s3.IBucket {
    return s3.Bucket.fromCfnBucket(cfnBucket);
  }

  private loadBalancers?: LoadBalancerLogs;

  /**
   * @throws ValidationError if a prop would weaken the bucket, a perimeter is malformed or empty, or a network perimeter
   * would lock everybody out
   */
  constructor(scope: Construct, id: string, props: SecureBucketProps = {}) {
    super(scope, id, strictProps(scope, id, props));
    verifyEncryptionKey(this, props.encryptionKey);
    prepareReplication(this, props);
    logAccess(this, props);
    guardrailsFor(props).forEach((guardrail) => GuardedBucket.of(this._cfnBucket).enforce(guardrail));
    keepPolicyOf(this, props.removalPolicy);
    acknowledgeNagRules(this, {
      kmsEncryption: props.encryption === s3.BucketEncryption.DSSE ? 'DSSE-KMS encrypts with the KMS key twice.' : undefined,
      replication: props.replicationRules ? undefined : 'Replication was not asked for; versioning and retention keep the data.',
    });
    const resource = this._cfnBucket;
    const guarded = [...PRIVATE_BUCKET, ENCRYPTED_WITH_OWN_KEY, BUCKET_KEY, REPLICATED_WITH_KEY, ...asMade(resource)];
    this.node.addValidation({ validate: () => weakenedProperties(resource, this.node.path, guarded, props.removalPolicy) });
  }

  /**
   * Adds a statement to the bucket's policy. Where it lets an AWS service write that uses the bucket's default encryption, as the CDK's inventories
   * and flow logs do, the policy of the key lets the same service encrypt, for the same sources. What the CDK's Network Load Balancers write when
   * they are told to log here is confined to their accounts; what it writes for other load balancers, which deliver to no bucket like this, is left out.
   *
   * @throws ValidationError if the statement would give access to everyone, or is none
   */
  public addToResourcePolicy(permission: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    refuseOtherStatement(this, permission);
    this.loadBalancers ??= new LoadBalancerLogs(this); // the constructor of s3.Bucket may add statements, too
    const [result] = this.loadBalancers.confinedToNetworkLoadBalancers(permission).map((statement) => super.addToResourcePolicy(statement));
    return result ?? { statementAdded: true, policyDependable: this.policy };
  }

  /**
   * Lets a role replicate this bucket: in its own policies, and with the keys through S3 for these buckets only.
   *
   * @throws ValidationError if it is not a principal, or the destinations are not buckets
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
   */
  public grantReplicationPermission(identity: iam.IGrantable, props: s3.GrantReplicationPermissionProps): iam.Grant {
    refuseOtherThan(this, GRANTEE, identity, "whom 'grantReplicationPermission' is for");
    refuseOtherThan(this, REPLICATION, props, "what 'grantReplicationPermission' is given");
    return grantReplication(this, identity, props);
  }

  /**
   * Lets the replication role of a bucket that is not of this app write here, and use this bucket's key for it. A network perimeter of this bucket
   * lets it through. The replication of a SecureBucket of this app calls for nothing: both sides are written.
   *
   * The role need not exist yet: its account is the principal, and its ARN a condition.
   *
   * @param roleArn the role that replicates
   * @param accessControlTransition whether the owner of this bucket becomes the owner of the replicas by the rule's `accessControlTransition`
   * @param account of the role, where its ARN does not tell it
   * @throws ValidationError if it is not the ARN of one role
   */
  public addReplicationPolicy(roleArn: string, accessControlTransition?: boolean, account?: string): void {
    refuseAll(this, 'UnusableReplicator', unusableReplicator(roleArn, accessControlTransition, account));
    GuardedBucket.of(this._cfnBucket).exempted.push({ arn: roleArn, reason: 'it replicates objects into the bucket' });
    admitReplicator(this, roleArn, accessControlTransition ?? false, account);
  }
}

const GRANTEE = required(having('a principal', 'grantPrincipal'));
const DESTINATION = objectWith({ bucket: required(BUCKET), encryptionKey: KEY });
const REPLICATION = required(objectWith({ destinations: required(listOf('destinations', DESTINATION)), sourceDecryptionKey: KEY }));

const CUSTOMER_MANAGED: (s3.BucketEncryption | undefined)[] = [undefined, s3.BucketEncryption.KMS, s3.BucketEncryption.DSSE];

function strictProps(scope: Construct, id: string, props: SecureBucketProps): s3.BucketProps {
  refuseWeakening(scope, id, props, [
    ({ encryption }) => (CUSTOMER_MANAGED.includes(encryption) ? undefined : {
      problem: `'encryption: ${encryption}' would not encrypt with a customer managed KMS key.`,
      remedy: 'Leave it out, or use BucketEncryption.KMS or BucketEncryption.DSSE.',
    }),
    refuseIf(
      (bucket) => bucket.bucketKeyEnabled === false && !isDsse(bucket),
      "'bucketKeyEnabled: false' would call KMS for every object.",
      'Leave it out: bucket keys are always on, except with DSSE-KMS.',
    ),
    refuseIf(
      (bucket) => bucket.bucketKeyEnabled === true && isDsse(bucket),
      "'bucketKeyEnabled' does not go with DSSE-KMS: S3 has no bucket keys for it.",
      'Leave it out.',
    ),
    refuseUnencryptedReplicas,
  ], (sound) => [...unusableKey(scope, sound.encryptionKey), ...unreachableLogBucket(scope, sound.serverAccessLogsBucket), ...guardrailProblems(scope, sound)]);
  return {
    ...privateBucketProps(props),
    ...encryptedReplication(props),
    encryption: props.encryption ?? s3.BucketEncryption.KMS,
    bucketKeyEnabled: !isDsse(props),
    serverAccessLogsBucket: undefined, // logAccess sets them
    serverAccessLogsPrefix: undefined,
    targetObjectKeyFormat: undefined,
  };
}

function isDsse({ encryption }: s3.BucketProps): boolean {
  return encryption === s3.BucketEncryption.DSSE;
}
