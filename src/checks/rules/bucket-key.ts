import { defaultEncryption, judgeSettings } from './bucket-settings';
import { isOn, isUnknownValue, UNKNOWN } from '../../template/settings';
import { Rule } from '../finding';

export const bucketKey: Rule = {
  id: 'BucketKey',
  requirement: 'Buckets with SSE-KMS use bucket keys.',
  reason: 'Without them, every object calls KMS, which throttles.',
  severity: 'low',
  severityReason: 'It costs money and requests to KMS; nobody gets access by it.',
  guide: '6.3',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html',
  judgeBuckets: (view) => judgeSettings(view, (bucket) => {
    const { algorithm, bucketKey: enabled } = defaultEncryption(bucket);
    if (algorithm !== 'aws:kms') {
      return undefined;
    }
    return isUnknownValue(enabled) ? UNKNOWN : isOn(enabled) ? undefined : 'The bucket uses no bucket key.';
  }, "Set 'BucketKeyEnabled' to true.", {
    cdk: 'bucketKeyEnabled: true',
    cloudFormation: 'BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true }] }',
  }),
};
