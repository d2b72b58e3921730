import { judgeSettings } from './bucket-settings';
import { needsAcls } from './log-writers';
import { hasAcl } from './no-acls';
import { jsonText } from '../../policy/json';
import { setting, UNKNOWN } from '../../template/settings';
import { Rule } from '../finding';

const FIX = { cdk: 'objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED', cloudFormation: 'OwnershipControls: { Rules: [{ ObjectOwnership: BucketOwnerEnforced }] }' };

/** CloudFront delivers its legacy logs only where access control lists are on: LogDestination says what else there is. */
export const objectOwnership: Rule = {
  id: 'ObjectOwnership',
  requirement: "Object Ownership is 'BucketOwnerEnforced', so that ACLs have no effect.",
  reason: 'ACLs grant access object by object, where no policy shows it.',
  severity: 'medium',
  severityReason: 'Who may set ACLs can open objects one by one; until somebody does, nothing is open.',
  guide: '2.3',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html',
  judgeBuckets: (view) => judgeSettings(view, (bucket, known) => {
    const ownership = setting(bucket, 'OwnershipControls', 'Rules', 0, 'ObjectOwnership');
    return ownership === UNKNOWN ? UNKNOWN : ownership === 'BucketOwnerEnforced' || needsAcls(known) ? undefined : `Object Ownership is ${ownership ? `'${jsonText(ownership)}'` : 'not set'}.`;
  }, ({ resource }) => (hasAcl(resource!) ? "Remove 'AccessControl', allow in the bucket policy what it allowed, and set 'ObjectOwnership' to 'BucketOwnerEnforced': with both, the deployment fails." : "Set 'ObjectOwnership' to 'BucketOwnerEnforced'."), ({ resource }) => (hasAcl(resource!) ? undefined : FIX)),
};
