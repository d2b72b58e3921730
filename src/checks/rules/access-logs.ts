import { judgeSettings } from './bucket-settings';
import { setting, UNKNOWN } from '../../template/settings';
import { Rule } from '../finding';

export const accessLogs: Rule = {
  id: 'AccessLogs',
  requirement: 'Buckets log access to another bucket; log buckets themselves do not.',
  reason: 'Without logs nobody can tell who read what.',
  severity: 'medium',
  severityReason: 'A layer of detection is missing; nobody gets access by it.',
  guide: '9.3',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html',
  judgeBuckets: (view) => judgeSettings(view, (bucket, { receivesLogs }) => {
    const destination = setting(bucket, 'LoggingConfiguration', 'DestinationBucketName');
    if (setting(bucket, 'LoggingConfiguration') === UNKNOWN) {
      return UNKNOWN;
    }
    if (destination !== undefined) {
      return destination === bucket.reference('Ref') ? 'The bucket logs access to itself: every log makes another.' : undefined; // any destination will do
    }
    return receivesLogs ? undefined : 'The bucket logs no access.';
  }, "Set 'LoggingConfiguration' to a bucket for logs, such as an AccessLogBucket.", {
    cdk: "serverAccessLogsBucket: new AccessLogBucket(this, 'Logs')",
    cloudFormation: 'LoggingConfiguration: { DestinationBucketName: <log bucket> }',
  }),
};
