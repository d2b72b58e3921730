import { judgeSettings } from './bucket-settings';
import { needsAcls } from './log-writers';
import { jsonText } from '../../policy/json';
import { DeployedResource } from '../../template/deployment';
import { setting, UNKNOWN } from '../../template/settings';
import { Rule } from '../finding';

const LOG_DELIVERY = 'LogDeliveryWrite';

export const noAcls: Rule = {
  id: 'NoAcls',
  requirement: 'No bucket has a canned ACL.',
  reason: 'An ACL gives access beside the policies, and fails once ACLs are disabled.',
  severity: 'high',
  severityReason: 'A canned ACL can let everybody read or write now.',
  guide: '10',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html',
  judgeBuckets: (view) => judgeSettings(view, (bucket, known) => {
    const acl = setting(bucket, 'AccessControl');
    const isNeeded = acl === LOG_DELIVERY && needsAcls(known);
    return acl === UNKNOWN ? UNKNOWN : !hasAcl(bucket) || isNeeded ? undefined : `The bucket has the canned ACL '${jsonText(acl)}'.`;
  }, ({ resource }) => (setting(resource!, 'AccessControl') === LOG_DELIVERY
    ? "Let logging.s3.amazonaws.com put objects in the bucket policy, confined by aws:SourceArn and aws:SourceAccount, and remove 'AccessControl'; AccessLogBucket does."
    : "Remove 'AccessControl' and grant access by policies.")),
};

/** Whether a bucket has a canned ACL that gives somebody else access. */
export function hasAcl(bucket: DeployedResource): boolean {
  const acl = setting(bucket, 'AccessControl');
  return acl !== undefined && acl !== UNKNOWN && acl !== 'Private';
}
