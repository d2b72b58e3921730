import { judgeSettings } from './bucket-settings';
import { jsonText } from '../../policy/json';
import { setting, UNKNOWN } from '../../template/settings';
import { Rule } from '../finding';

export const versioning: Rule = {
  id: 'Versioning',
  requirement: 'Buckets keep versions.',
  reason: 'What is overwritten or deleted by mistake, or in malice, can be brought back.',
  severity: 'medium',
  severityReason: 'The layer is missing that brings back what somebody overwrites or deletes.',
  guide: '10',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html',
  judgeBuckets: (view) => judgeSettings(view, (bucket) => {
    const status = setting(bucket, 'VersioningConfiguration', 'Status');
    return status === UNKNOWN ? UNKNOWN : status === 'Enabled' ? undefined : `Versioning is ${status ? `'${jsonText(status)}'` : 'not set'}.`;
  }, "Set 'VersioningConfiguration.Status' to 'Enabled'.", { cdk: 'versioned: true', cloudFormation: 'VersioningConfiguration: { Status: Enabled }' }),
};
