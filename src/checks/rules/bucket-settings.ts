import { Bucket, BucketView } from '../../access/inventory';
import { DeployedResource } from '../../template/deployment';
import { setting, UNKNOWN } from '../../template/settings';
import { Finding, found, notDecided } from '../finding';
import { Fix, fixedBy } from '../fix';

/** What a rule says of one setting: a problem, `UNKNOWN`, or nothing. */
export type SettingProblem = string | typeof UNKNOWN | undefined;

/** Findings about the settings of buckets. What to do may depend on what else the bucket has. */
export function judgeSettings(
  { buckets }: BucketView,
  problemOf: (bucket: DeployedResource, known: Bucket) => SettingProblem,
  remedy: string | ((bucket: Bucket) => string),
  fix?: Fix | ((bucket: Bucket) => Fix | undefined),
): Finding[] {
  return buckets.flatMap((bucket) => {
    const problem = bucket.resource ? problemOf(bucket.resource, bucket) : undefined;
    if (problem === undefined) {
      return [];
    }
    return problem === UNKNOWN ? [notDecided(bucket.resource!, 'The setting is not known before deployment.')]
      : fixedBy([found(bucket.resource!, problem, typeof remedy === 'string' ? remedy : remedy(bucket))], typeof fix === 'function' ? fix(bucket) : fix);
  });
}

/** The encryption that a bucket gives objects by default. */
export function defaultEncryption(bucket: DeployedResource): { algorithm: any; keyId: any; bucketKey: any; blocked: any } {
  const rule = (...path: (string | number)[]) => setting(bucket, 'BucketEncryption', 'ServerSideEncryptionConfiguration', 0, ...path);
  return {
    algorithm: rule('ServerSideEncryptionByDefault', 'SSEAlgorithm'),
    keyId: rule('ServerSideEncryptionByDefault', 'KMSMasterKeyID'),
    bucketKey: rule('BucketKeyEnabled'),
    blocked: rule('BlockedEncryptionTypes', 'EncryptionType'),
  };
}
