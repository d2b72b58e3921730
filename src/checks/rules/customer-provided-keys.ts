import { defaultEncryption } from './bucket-settings';
import { Bucket, Inventory } from '../../access/inventory';
import { NO_CUSTOMER_PROVIDED_KEYS } from '../../guarantees/uploads';
import { DeployedResource } from '../../template/deployment';
import { isUnknownValue, UNKNOWN } from '../../template/settings';
import { found, notDecided, Rule } from '../finding';
import { fixedBy } from '../fix';

/** Either the bucket blocks SSE-C, or its policy does. */
export const customerProvidedKeys: Rule = {
  id: 'CustomerProvidedKeys',
  requirement: 'Uploads with a key of the caller (SSE-C) are blocked.',
  reason: 'Who keeps the key alone can read the object, and can hold it to ransom.',
  severity: 'medium',
  severityReason: 'Only who may already write can encrypt with a key that nobody else has.',
  guide: '6.2',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html',
  judgeBuckets: ({ inventory, buckets }) => buckets.filter(({ resource }) => resource).flatMap((bucket) => {
    const isBlocked = blocksCustomerKeys(bucket.resource!);
    if (isBlocked === true || bucket.policies.some((document) => inventory.prove(bucket, document, NO_CUSTOMER_PROVIDED_KEYS).verdict === 'holds')) {
      return [];
    }
    return fixedBy([isBlocked === UNKNOWN || isDoubtful(inventory, bucket)
      ? notDecided(bucket.resource!, 'Whether SSE-C is blocked is not known before deployment.')
      : found(bucket.resource!, 'Uploads with a key of the caller (SSE-C) are not blocked.', "Set 'BlockedEncryptionTypes' to SSE-C.")], {
      cdk: 'blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C]',
      cloudFormation: 'BucketEncryption: { ServerSideEncryptionConfiguration: [{ BlockedEncryptionTypes: { EncryptionType: [SSE-C] } }] }',
    });
  }),
};

function isDoubtful(inventory: Inventory, bucket: Bucket): boolean {
  return (bucket.policies.length === 0 && inventory.policiesOfUnknownBuckets.length > 0) || bucket.policies.some((document) => inventory.prove(bucket, document, NO_CUSTOMER_PROVIDED_KEYS).verdict === 'not-decided');
}

/** Whether the bucket itself blocks SSE-C. */
export function blocksCustomerKeys(bucket: DeployedResource): boolean | typeof UNKNOWN {
  const blocked = [defaultEncryption(bucket).blocked].flat();
  return blocked.includes('SSE-C') || (blocked.some(isUnknownValue) ? UNKNOWN : false);
}
