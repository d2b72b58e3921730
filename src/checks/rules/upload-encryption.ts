import { defaultEncryption } from './bucket-settings';
import { KMS_ALGORITHMS } from './default-encryption';
import { Bucket, Inventory } from '../../access/inventory';
import { UNKNOWN } from '../../access/settings';
import { encryptedUploads } from '../../guardrails/require-encryption';
import { Finding, found, Rule } from '../finding';
import { proven } from '../proven';

const REMEDY = 'Deny uploads that name another algorithm or another key than the bucket\'s, or no key beside the algorithm (that is the AWS managed one); see RequireEncryption.';

/** Buckets that are not encrypted with a customer managed key are reported by DefaultEncryption. */
export const uploadEncryption: Rule = {
  id: 'UploadEncryption',
  requirement: "Uploads that ask for other encryption than the bucket's own key are denied.",
  reason: 'Default encryption is what uploads get that ask for nothing; the others get what they ask for.',
  guide: '7.2',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap((bucket) => judgeBucket(inventory, bucket)),
};

function judgeBucket(inventory: Inventory, bucket: Bucket): Finding[] {
  const keyArn = bucket.resource && inventory.keyArnOf(bucket.resource);
  const algorithm = bucket.resource && defaultEncryption(bucket.resource).algorithm;
  if (keyArn === undefined || keyArn === UNKNOWN || !KMS_ALGORITHMS.includes(algorithm)) {
    return [];
  }
  const accepted = KMS_ALGORITHMS.slice(KMS_ALGORITHMS.indexOf(algorithm));
  return bucket.policies.length === 0
    ? [found(bucket.site, 'The bucket has no policy, so that nothing denies uploads with other encryption.', REMEDY)]
    : proven(inventory, bucket, () => encryptedUploads(accepted, keyArn, false), REMEDY);
}
