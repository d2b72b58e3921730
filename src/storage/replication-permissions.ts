import { Lazy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { keepStatement } from '../guardrails/kept-statements';
import { roleArnIn } from '../guardrails/role-arn';
import { trustsItsAccount } from '../sharing/key-trust';
import { bucketArnByName, bucketArnIn, generateBucketName, keyArnIn, keyBehind, knownBucketName } from '../sharing/names';

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
const CONFIGURATION = ['s3:GetReplicationConfiguration', 's3:ListBucket'];
const SOURCES = ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'];
const LOCKS = ['s3:GetObjectRetention', 's3:GetObjectLegalHold'];
const REPLICAS = ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'];
const OWNER_OVERRIDE = 's3:ObjectOwnerOverrideToBucketOwner';

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
const KEY_OF_SOURCES = ['kms:Decrypt'];
const KEY_OF_REPLICAS = ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:Decrypt']; // the last one where there is a bucket key

/** A key and the bucket whose objects it encrypts. */
interface KeyOfBucket {
  readonly key: kms.IKey;
  readonly bucket: s3.IBucket;
  readonly actions: string[];
}

export function keyOfSources(bucket: s3.IBucket, key: kms.IKey): KeyOfBucket {
  return { key: keyBehind(key), bucket, actions: KEY_OF_SOURCES };
}

export function keyOfReplicas(bucket: s3.IBucket, key: kms.IKey): KeyOfBucket {
  return { key: keyBehind(key), bucket, actions: KEY_OF_REPLICAS };
}

/**
 * Allows a role what it needs to replicate a bucket, in the role's own policies: nothing but that, and the keys through S3 for these buckets only.
 * The CDK asks for it while it makes the bucket.
 */
export function grantReplication(source: s3.Bucket, grantee: iam.IGrantable, { sourceDecryptionKey, destinations }: s3.GrantReplicationPermissionProps): iam.Grant {
  const allow = (actions: string[], resourceArns: string[]) => iam.Grant.addToPrincipal({ grantee, actions, resourceArns });
  const key = sourceDecryptionKey ?? source.encryptionKey;
  return [
    allow(CONFIGURATION, [Lazy.string({ produce: () => source.bucketArn })]),
    allow(SOURCES, [Lazy.string({ produce: () => source.arnForObjects('*') })]),
    allow([...REPLICAS, OWNER_OVERRIDE], destinations.map(({ bucket }) => `${bucketArnIn(stackOf(grantee, source), bucket)}/*`)),
    ...destinations.flatMap(({ bucket, encryptionKey }) => (encryptionKey ? [grantKey(grantee, keyOfReplicas(bucket, encryptionKey))] : [])),
    ...(key ? [grantKey(grantee, keyOfSources(source, key))] : []),
  ].reduce((all, one) => all.combine(one));
}

/** Allows a role the use of a key for the objects of a bucket. */
export function grantKey(grantee: iam.IGrantable, { key, bucket, actions }: KeyOfBucket): iam.Grant {
  const stack = stackOf(grantee, bucket);
  const arn = Lazy.string({ produce: () => bucketArnIn(stack, bucket) });
  return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [keyArnIn(stack, key, true)], conditions: throughS3(key, [arn, `${arn}/*`]) });
}

function stackOf({ grantPrincipal }: iam.IGrantable, bucket: s3.IBucket): Stack {
  return Stack.of(Construct.isConstruct(grantPrincipal) ? grantPrincipal : bucket);
}

/** Allows a role to read what protects objects from deletion: without it, objects that are locked are not replicated. */
export function grantLocks(source: s3.Bucket, grantee: iam.IGrantable): void {
  iam.Grant.addToPrincipal({ grantee, actions: LOCKS, resourceArns: [source.arnForObjects('*')] });
}

/** A role that replicates, as the policies of buckets and keys name it. It need not exist yet: its account is the principal, its ARN a condition. */
export interface Replicator {
  /** Undefined if it is not known: the role itself is the principal then. */
  readonly account?: string;
  readonly arn: string;
}

/** A statement that must stand in a policy, and whether it does. */
export interface Admission {
  readonly of: string;
  readonly statement: iam.PolicyStatement;
  readonly isWritten: boolean;
}

export function admitToBucket(destination: s3.IBucket, by: Replicator, overridesOwner: boolean): Admission[] {
  return [
    admitting(by, { actions: ['s3:GetBucketVersioning'], resources: [destination.bucketArn] }),
    admitting(by, { actions: [...REPLICAS, ...(overridesOwner ? [OWNER_OVERRIDE] : [])], resources: [destination.arnForObjects('*')] }),
  ].map((statement) => admission(`bucket '${destination.node.path}'`, destination, statement, destination.addToResourcePolicy(statement).statementAdded));
}

/** What is written stays as it is. */
function admission(of: string, resource: IConstruct, statement: iam.PolicyStatement, isWritten: boolean): Admission {
  if (isWritten) {
    keepStatement(resource, statement, 'the replication');
  }
  return { of, statement, isWritten };
}

/** The policy of the bucket's key cannot refer to the bucket: it knows its name, or leaves that to the policies of the role. */
export function admitToKey({ key, bucket, actions }: KeyOfBucket, by: Replicator): Admission[] {
  const arn = knownBucketName(bucket) === undefined ? undefined : bucketArnByName(Stack.of(key), bucket);
  const statement = admitting(by, { actions, resources: ['*'], conditions: throughS3(key, arn === undefined ? [] : [arn, `${arn}/*`]) });
  return [admission(`key '${key.node.path}'`, key, statement, key.addToResourcePolicy(statement, true).statementAdded)];
}

/** Whether the policy of a key must name a role: it is of another account, or the key does not leave it to its own. */
export function isNeededInKey({ key, actions }: KeyOfBucket, account: string | undefined): boolean {
  return key.env.account !== account || !trustsItsAccount(key, actions);
}

/** Names a bucket that policies of another account's key and role have to name. */
export function nameForOthers(bucket: s3.IBucket): void {
  generateBucketName(bucket);
}

/** A role as a policy in a stack names it; undefined if it cannot. */
export function replicatorIn(stack: Stack, roleArn: string, account?: string): Replicator | undefined {
  const arn = roleArnIn(stack, roleArn);
  return arn === undefined ? undefined : { arn, account: account ?? (Token.isUnresolved(roleArn) ? undefined : roleArn.split(':')[4]) };
}

function admitting({ account, arn }: Replicator, { conditions = {}, ...props }: iam.PolicyStatementProps): iam.PolicyStatement {
  return account === undefined
    ? new iam.PolicyStatement({ ...props, principals: [new iam.ArnPrincipal(arn)], conditions })
    : new iam.PolicyStatement({ ...props, principals: [new iam.AccountPrincipal(account)], conditions: { ...conditions, ArnEquals: { 'aws:PrincipalArn': arn } } });
}

/** S3 calls KMS for the role, in the Region of the key, and says for which bucket (with a bucket key) or object. */
function throughS3(key: kms.IKey, encryptionContexts: string[]): Record<string, Record<string, unknown>> {
  return {
    StringEquals: { 'kms:ViaService': `s3.${key.env.region}.${Stack.of(key).urlSuffix}` },
    ...(encryptionContexts.length > 0 ? { StringLike: { 'kms:EncryptionContext:aws:s3:arn': encryptionContexts } } : {}),
  };
}
