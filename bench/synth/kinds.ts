import * as gammarers from '@gammarers/aws-secure-bucket';
import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Kind } from './app';
import { hardenedByHand } from './hardened-by-hand';
import { SecureBucket } from 'cdk-secure-bucket';

/** The rows of the table, in its order. */
export const kinds = {
  'L2, plain': (stack, ids) => ids.forEach((id) => new s3.Bucket(stack, id)),
  '@gammarers/aws-secure-bucket': (stack, ids) => ids.forEach((id) => new gammarers.SecureBucket(stack, id)),
  'L2, its own switches': switchedOn,
  'L2, hardened by hand': hardenedByHand,
  'SecureBucket': (stack, ids) => ids.forEach((id) => new SecureBucket(stack, id)),
} satisfies Record<string, Kind>;

/** As far as the props of `s3.Bucket` go: uploads are not pinned to the key, and each bucket has its own say in the log bucket's policy. */
function switchedOn(stack: Stack, ids: string[]): void {
  const hardened: s3.BucketProps = {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    versioned: true,
  };
  const serverAccessLogsBucket = new s3.Bucket(stack, 'AccessLogs', { ...hardened, encryption: s3.BucketEncryption.S3_MANAGED });
  ids.forEach((id) => new s3.Bucket(stack, id, {
    ...hardened,
    bucketKeyEnabled: true,
    encryption: s3.BucketEncryption.KMS,
    serverAccessLogsBucket,
    serverAccessLogsPrefix: `${id}/`,
  }));
}
