import { defaultEncryption } from './bucket-settings';
import { isAwsManagedKey, KMS_ALGORITHMS } from './default-encryption';
import { Bucket, Inventory } from '../../access/inventory';
import { encryptedUploads } from '../../guardrails/require-encryption';
import { readable } from '../../policy/unknown-text';
import { Finding, notDecided, Rule } from '../finding';
import { proven, withoutPolicy } from '../proven';

const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
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
  if (keyArn === undefined || isAwsManagedKey(keyArn) || !KMS_ALGORITHMS.includes(algorithm)) {
    return [];
  }
  if (bucket.policies.length === 0) {
    return withoutPolicy(inventory, bucket, 'The bucket has no policy, so that nothing denies uploads with other encryption.', REMEDY);
  }
  const accepted = KMS_ALGORITHMS.slice(KMS_ALGORITHMS.indexOf(algorithm));
  const findings = proven(inventory, bucket, () => encryptedUploads(accepted, keyArn, false), REMEDY);
  return /^arn:[^\uE000]*:key\//.test(keyArn) || !pinsKey(bucket) ? findings : findings.map(({ resource, isDecided, ...rest }) => (isDecided
    ? notDecided(resource, `Whether the key that the policy asks of uploads is the bucket's own is not known before deployment: that is '${readable(keyArn)}'.`)
    : { resource, isDecided, ...rest }));
}

/** Whether a policy asks uploads for a key at all. */
function pinsKey({ policies }: Bucket): boolean {
  return policies.some(({ policy }) => policy?.statements.some(({ effect, conditions }) => effect === 'Deny' && conditions.some(({ key, operator }) => key === KEY_ID && operator?.negated)));
}
