import { defaultEncryption } from './bucket-settings';
import { KMS_ALGORITHMS } from './default-encryption';
import { Bucket, Inventory } from '../../access/inventory';
import { isAliasOfCaller, isAwsManagedKey } from '../../aws/key-alias';
import { encryptedUploads, namedKeyOfOthers, sparedWithSseS3 } from '../../guarantees/uploads';
import { beforeUnknown, readable } from '../../policy/unknown-text';
import { Guarantee } from '../../proof/guarantee';
import { UNKNOWN } from '../../template/settings';
import { Finding, notDecided, Rule } from '../finding';
import { fixedBy } from '../fix';
import { proven, withoutPolicy } from '../proven';

const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const REMEDY = 'Deny uploads that name another algorithm or another key than the bucket\'s, or no key beside the algorithm (that is the AWS managed one); see RequireEncryption.';

/** Buckets that are not encrypted with a customer managed key are reported by DefaultEncryption. */
export const uploadEncryption: Rule = {
  id: 'UploadEncryption',
  requirement: "Uploads that ask for other encryption than the bucket's own key are denied.",
  reason: 'Default encryption is what uploads get that ask for nothing; the others get what they ask for.',
  severity: 'medium',
  severityReason: 'Single objects can miss the second decision, by the key; the bucket policy still decides.',
  guide: '7.2',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap((bucket) => fixedBy(judgeBucket(inventory, bucket), { cdk: 'bucket.with(new RequireEncryption())' })),
};

function judgeBucket(inventory: Inventory, bucket: Bucket): Finding[] {
  const upload = uploadGuarantee(inventory, bucket);
  if (upload === undefined || upload === UNKNOWN) {
    return [];
  }
  if (bucket.policies.length === 0) {
    return withoutPolicy(inventory, bucket, 'The bucket has no policy, so that nothing denies uploads with other encryption.', REMEDY);
  }
  const findings = proven(inventory, bucket, () => upload.guarantee, REMEDY);
  const doubt = keyDoubt(upload, bucket);
  return [
    ...(doubt === undefined ? findings : findings.map((finding) => (finding.isDecided ? notDecided(finding.resource, `It is not decided whether uploads are held to the bucket's key: ${doubt}.`) : finding))),
    ...keyOfOthers(inventory, bucket),
  ];
}

/** Why a policy that seems to ask for another key than the bucket's may ask for that very key. */
export function keyDoubt({ keyArn }: UploadGuarantee, bucket: Bucket): string | undefined {
  return isExact(keyArn) || !pinsKey(bucket) ? undefined : `the bucket's key is '${readable(keyArn)}', and whether the policy means the same one is not known before deployment`;
}

function keyOfOthers(inventory: Inventory, bucket: Bucket): Finding[] {
  const { guarantee, isSure } = aliasGuarantee(bucket) ?? {};
  const findings = guarantee ? proven(inventory, bucket, () => guarantee, 'Name the key by its ARN in the default encryption of the bucket.') : [];
  return isSure ? findings : findings.map(({ resource, proof }) => notDecided(resource, `It is not decided how uploads of other accounts are encrypted: ${PERHAPS_ALIAS}${proof === undefined ? '' : `; a request that may pass: ${proof}`}.`));
}

export const PERHAPS_ALIAS = 'whether the bucket names its key by an alias, which is looked up in the account of the caller, is not known before deployment';

/** What uploads of other accounts are held to, where the bucket names its key by an alias, or may do so. */
export function aliasGuarantee({ resource, facts }: Bucket): { readonly guarantee: Guarantee; readonly isSure: boolean } | undefined {
  const keyId = resource && defaultEncryption(resource).keyId;
  const isSure = isAliasOfCaller(keyId);
  return isSure || keyId === UNKNOWN ? { guarantee: namedKeyOfOthers(facts.account), isSure } : undefined;
}

/** What uploads to a bucket are held to, and the key that it is about. */
export interface UploadGuarantee {
  readonly guarantee: Guarantee;
  readonly keyArn: string;
}

/**
 * What uploads to a bucket are held to: the key that it encrypts with. A service that brings encryption of its own is spared where the policy says so.
 * Nothing if that is none of ours, `UNKNOWN` if nobody can tell.
 */
export function uploadGuarantee(inventory: Inventory, { resource, policies }: Bucket): UploadGuarantee | typeof UNKNOWN | undefined {
  const keyArn = resource && inventory.keyArnOf(resource);
  const algorithm = resource && defaultEncryption(resource).algorithm;
  if (algorithm === UNKNOWN) {
    return UNKNOWN;
  }
  if (keyArn === undefined || isAwsManagedKey(keyArn) || !KMS_ALGORITHMS.includes(algorithm)) {
    return undefined;
  }
  const forSseS3 = sparedWithSseS3(policies.flatMap(({ policy }) => policy?.statements ?? []));
  return { guarantee: encryptedUploads(KMS_ALGORITHMS.slice(KMS_ALGORITHMS.indexOf(algorithm)), keyArn, false, { forSseS3 }), keyArn };
}

/** Whether an ARN is that of a key, and not the name of one that is known only at deployment. */
function isExact(keyArn: string): boolean {
  return /^arn:.*:key\//.test(beforeUnknown(keyArn));
}

/** Whether a policy asks uploads for a key at all. */
function pinsKey({ policies }: Bucket): boolean {
  return policies.some(({ policy }) => policy?.statements.some(({ effect, conditions }) => effect === 'Deny' && conditions.some(({ key, operator }) => key === KEY_ID && operator?.negated)));
}
