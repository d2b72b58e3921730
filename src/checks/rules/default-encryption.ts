import { defaultEncryption, judgeSettings } from './bucket-settings';
import { isAwsManagedKey } from '../../aws/key-alias';
import { jsonText } from '../../policy/json';
import { UNKNOWN } from '../../template/settings';
import { Rule } from '../finding';

export const KMS_ALGORITHMS = ['aws:kms', 'aws:kms:dsse'];

/** Destinations of access logs are exempt: S3 delivers logs to nothing but SSE-S3. */
export const defaultEncryptionRule: Rule = {
  id: 'DefaultEncryption',
  requirement: 'Objects are encrypted by default with SSE-KMS or DSSE-KMS and a customer managed key; access logs with SSE-S3.',
  reason: 'Only the policy of a key of your own decides a second time who may read.',
  severity: 'medium',
  severityReason: 'The second decision, by a key of your own, is missing; the bucket policy still decides.',
  guide: '6',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
  judgeBuckets: (view) => judgeSettings(view, (bucket, { receivesLogs }) => {
    const { algorithm, keyId } = defaultEncryption(bucket);
    if (receivesLogs || algorithm === UNKNOWN) {
      return receivesLogs ? undefined : UNKNOWN;
    }
    if (!KMS_ALGORITHMS.includes(algorithm)) {
      return `Objects are encrypted by default with ${algorithm === undefined ? 'SSE-S3' : `'${jsonText(algorithm)}'`}.`;
    }
    if (keyId === undefined || isAwsManagedKey(keyId)) {
      return 'Objects are encrypted by default with the AWS managed key, whose policy nobody can narrow.';
    }
    return keyId === UNKNOWN ? UNKNOWN : undefined;
  }, "Set the default encryption to 'aws:kms' with the ARN of a customer managed key.", {
    cdk: 'encryption: s3.BucketEncryption.KMS, bucketKeyEnabled: true',
    cloudFormation: 'BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: aws:kms, KMSMasterKeyID: <ARN of the key> } }] }',
  }),
};
