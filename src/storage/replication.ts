import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { BUCKET_KEY, ENCRYPTED_WITH_OWN_KEY, PRIVATE_BUCKET, unmet } from './guarded-properties';
import { Refusal } from '../refusal';
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

/** Lets the replication role use the bucket's own key, and looks at where the replicas go. */
export function prepareReplication(bucket: s3.Bucket, { encryptionKey, replicationRole, replicationRules = [] }: s3.BucketProps): void {
  if (replicationRules.length === 0) {
    return;
  }
  if (encryptionKey === undefined) {
    const role = replicationRole ?? (bucket.node.findChild('ReplicationRole') as iam.Role);
    bucket.encryptionKey!.grantDecrypt(role); // the L2 does so for a given key only
  }
  new Set(replicationRules.map(({ destination }) => destination)).forEach((destination) => warnOfWeakDestination(bucket, destination));
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
