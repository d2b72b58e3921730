import { IResource, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { BUCKET_KEY, ENCRYPTED_WITH_OWN_KEY, PRIVATE_BUCKET, unmet } from './guarded-properties';
import { Admission, admitToBucket, admitToKey, grantKey, grantLocks, isNeededInKey, keyOfReplicas, keyOfSources, nameForOthers, Replicator, replicatorIn } from './replication-permissions';
import { partitionOf } from '../aws/regions';
import { byHand } from '../guardrails/imported-bucket';
import { problemsOf } from '../guardrails/known-values';
import { ACCOUNT_ID, malformed } from '../policy/identifiers';
import { required, TEXT, wrongType, YES_OR_NO } from '../prop-types';
import { refusal, Refusal, refuseAll, underProp } from '../refusal';
import { bucketResource, known } from '../sharing/names';
import { warn } from '../warning';

/** Replicas hold the same data: they need a KMS key of their own. */
export function refuseUnencryptedReplicas({ replicationRules = [] }: s3.BucketProps): Refusal | undefined {
  if (replicationRules.some(({ kmsKey }) => kmsKey === undefined)) {
    return {
      problem: "'replicationRules' has a rule without 'kmsKey', so its replicas would not be encrypted with a key that you choose.",
      remedy: "Set the rule's 'kmsKey' to the destination bucket's key.",
    };
  }
  if (replicationRules.some(({ sseKmsEncryptedObjects }) => sseKmsEncryptedObjects === false)) {
    return {
      problem: "'replicationRules' has a rule with 'sseKmsEncryptedObjects: false', which would replicate nothing: every object here is encrypted with KMS.",
      remedy: 'Leave it out.',
    };
  }
  return undefined;
}

/** Without `sseKmsEncryptedObjects`, S3 skips objects that are encrypted with KMS: all of them. */
export function encryptedReplication({ replicationRules }: s3.BucketProps): s3.BucketProps {
  return replicationRules ? { replicationRules: replicationRules.map((rule) => ({ ...rule, sseKmsEncryptedObjects: true })) } : {};
}

/**
 * Lets the replication role do its work on both sides: in its own policies, in those of the keys, and in those of the destinations where these
 * are of another account. What this app does not write is handed over.
 *
 * @throws ValidationError if the role has no name by which another account's policies could know it
 */
export function prepareReplication(bucket: s3.Bucket, { replicationRole, replicationRules = [], objectLockEnabled, objectLockDefaultRetention }: s3.BucketProps): void {
  if (replicationRules.length === 0) {
    return;
  }
  refuseAll(bucket, 'UnusableReplication', replicationRules.flatMap((rule) => unreachable(bucket, rule)));
  const role = replicationRole ?? (bucket.node.findChild('ReplicationRole') as iam.Role);
  const sources = keyOfSources(bucket, bucket.encryptionKey!);
  if (replicationRole) {
    grantKey(role, sources); // the L2 grants nothing to a role that is given
  }
  if (objectLockEnabled || objectLockDefaultRetention) {
    grantLocks(bucket, role);
  }
  handOver(bucket, [
    ...(isNeededInKey(sources, role.env.account) ? admitToKey(sources, namedIn(sources.key, role, bucket)) : []),
    ...destinationsOf(replicationRules).flatMap((rules) => admit(bucket, role, rules)),
  ]);
  new Set(replicationRules.map(({ destination }) => destination)).forEach((destination) => warnOfWeakDestination(bucket, destination));
}

/**
 * Why the replicas of a rule could not be made, where the app makes the destination and all places are known.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
function unreachable(bucket: s3.Bucket, { destination, kmsKey }: s3.ReplicationRule): Refusal[] {
  const [from, to, ofKey] = [bucket, destination, kmsKey].map((resource) => known(resource?.env.region));
  if (bucketResource(destination) === undefined || to === undefined) {
    return [];
  }
  return [
    ...(from !== undefined && partitionOf(from) !== partitionOf(to) ? [{
      problem: `the replication destination '${destination.node.path}' is in ${to}, which is another partition of AWS than ${from}: S3 does not replicate between them.`,
      remedy: 'Replicate to a bucket of the same partition.',
    }] : []),
    ...(ofKey !== undefined && ofKey !== to ? [{
      problem: `'kmsKey' of the replication to '${destination.node.path}' is a key in ${ofKey}, and S3 encrypts replicas with a key in the Region of the destination, ${to}: every replication would fail.`,
      remedy: "Set the rule's 'kmsKey' to the destination bucket's key.",
    }] : []),
  ];
}

const ONE_ROLE = /^arn:[^:*?]+:iam::\d{12}:role\/[^*?]+$/;

/** Why a role cannot be let in to replicate: the network perimeter spares it, so that it must be one role, which nobody else can be. */
export function unusableReplicator(roleArn: string, accessControlTransition?: boolean, account?: string): Refusal[] {
  const isRole = typeof roleArn !== 'string' || Token.isUnresolved(roleArn) || ONE_ROLE.test(roleArn);
  return [
    ...underProp('roleArn', wrongType(roleArn, required(TEXT))),
    ...underProp('accessControlTransition', wrongType(accessControlTransition, YES_OR_NO)),
    ...underProp('account', wrongType(account, TEXT)),
    ...(isRole ? [] : [{ problem: `'roleArn' is '${roleArn}', which is not the ARN of one role.`, remedy: 'Pass that of the role that replicates, such as arn:aws:iam::444455556666:role/Replicator.' }]),
    ...(typeof account !== 'string' ? [] : underProp('account', problemsOf([account], (text) => malformed(text, ACCOUNT_ID)).map((problem) => ({ problem, remedy: "Pass the number of the role's account." })))),
  ];
}

/** Lets the role of another bucket's replication write to a bucket and use its key, as far as that is of another account. */
export function admitReplicator(bucket: s3.Bucket, roleArn: string, overridesOwner: boolean, account?: string): void {
  const by = replicatorIn(Stack.of(bucket), roleArn, account);
  if (by === undefined) {
    throw unnamedRole(bucket, roleArn);
  }
  const replicas = keyOfReplicas(bucket, bucket.encryptionKey!);
  handOver(bucket, [
    ...admitToBucket(bucket, by, overridesOwner),
    ...(by.account !== undefined && isNeededInKey(replicas, by.account) ? admitToKey(replicas, by) : []),
  ]);
}

/** Rules by destination and key: what is admitted once need not be admitted again. */
function destinationsOf(rules: s3.ReplicationRule[]): s3.ReplicationRule[][] {
  const groups = new Map<s3.IBucket, Map<kms.IKey | undefined, s3.ReplicationRule[]>>();
  rules.forEach((rule) => {
    const byKey = groups.get(rule.destination) ?? new Map<kms.IKey | undefined, s3.ReplicationRule[]>();
    groups.set(rule.destination, byKey.set(rule.kmsKey, [...(byKey.get(rule.kmsKey) ?? []), rule]));
  });
  return [...groups.values()].flatMap((byKey) => [...byKey.values()]);
}

function admit(bucket: s3.Bucket, role: iam.IRole, rules: s3.ReplicationRule[]): Admission[] {
  const [{ destination, kmsKey }] = rules;
  const isForeign = destination.env.account !== role.env.account;
  const replicas = keyOfReplicas(destination, kmsKey!);
  if (isForeign) {
    nameForOthers(destination);
  }
  return [
    ...(isForeign ? admitToBucket(destination, namedIn(destination, role, bucket), rules.some(({ accessControlTransition }) => accessControlTransition)) : []),
    ...(isNeededInKey(replicas, role.env.account) ? admitToKey(replicas, namedIn(replicas.key, role, bucket)) : []),
  ];
}

function namedIn(resource: IResource, role: iam.IRole, source: s3.Bucket): Replicator {
  const by = replicatorIn(Stack.of(resource), role.roleArn, role.env.account);
  if (by === undefined) {
    throw unnamedRole(source, role.node.path);
  }
  return by;
}

function unnamedRole(site: IConstruct, role: string): Error {
  return refusal(site, 'UnnamedReplicationRole', {
    problem: `the replication role '${role}' has no name by which the policies of the other side could know it.`,
    remedy: "Give it a physical name ('roleName'), or leave 'replicationRole' out.",
  });
}

function handOver(bucket: s3.Bucket, admissions: Admission[]): void {
  new Set(admissions.filter(({ isWritten }) => !isWritten).map(({ of }) => of)).forEach((of) => {
    const statements = admissions.filter((admission) => admission.of === of).map(({ statement }) => statement);
    warn(bucket, 'replicationNotGranted', `the policy of ${of} is not this app's to write. Make sure that it has these statements:${byHand(bucket, statements)}`);
  });
}

function warnOfWeakDestination(bucket: s3.Bucket, destination: s3.IBucket): void {
  const resource = destination.node.defaultChild;
  if (!s3.CfnBucket.isCfnBucket(resource)) {
    return;
  }
  const missing = unmet(resource, [...PRIVATE_BUCKET, ENCRYPTED_WITH_OWN_KEY, BUCKET_KEY]);
  if (missing.length > 0) {
    warn(bucket, 'weakReplicationDestination', `the replication destination '${destination.node.path}' is less protected than its source. It does not say that ${missing.map(({ requirement }) => requirement).join(', that ')}. Make it a SecureBucket.`);
  }
}
