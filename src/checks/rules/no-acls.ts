import { judgeSettings } from './bucket-settings';
import { setting, UNKNOWN } from '../../template/settings';
import { Rule } from '../finding';

export const noAcls: Rule = {
  id: 'NoAcls',
  requirement: 'No bucket has a canned ACL.',
  reason: 'An ACL gives access beside the policies, and fails once ACLs are disabled.',
  guide: '10',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html',
  judgeBuckets: (view) => judgeSettings(view, (bucket) => {
    const acl = setting(bucket, 'AccessControl');
    return acl === UNKNOWN ? UNKNOWN : acl === undefined || acl === 'Private' ? undefined : `The bucket has the canned ACL '${acl}'.`;
  }, "Remove 'AccessControl' and grant access by policies."),
};
