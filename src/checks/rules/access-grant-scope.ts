import { accessGrants, scopeOfGrant } from '../../access/access-grants-facts';
import { Inventory } from '../../access/inventory';
import { isUnknownBesideIds } from '../../policy/unknown-text';
import { DeployedResource } from '../../template/deployment';
import { UNKNOWN } from '../../template/settings';
import { Finding, found, notDecided, Rule } from '../finding';

export const accessGrantScope: Rule = {
  id: 'AccessGrantScope',
  requirement: 'An access grant names one bucket.',
  reason: 'A grant of all buckets reaches those that are made later, whatever they hold.',
  severity: 'high',
  severityReason: 'The grantee reaches all buckets of the account in the Region, as far as the role of the location does.',
  guide: '5',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-grant-create.html',
  judgeDeployment: (inventory) => accessGrants(inventory.deployment).flatMap((grant) => judge(inventory, grant)),
};

function judge({ deployment }: Inventory, grant: DeployedResource): Finding[] {
  const scope = scopeOfGrant(deployment, grant);
  const bucket = typeof scope === 'string' ? /^s3:\/\/([^/]*)/i.exec(scope)?.[1] : undefined;
  if (scope === undefined) {
    return []; // a location that others have registered: every one but the default location is of one bucket
  }
  if (scope === UNKNOWN || bucket === undefined || isUnknownBesideIds(bucket)) {
    return [notDecided(grant, 'Whether the access grant names one bucket is not decided: its location, or what it gives of it, is not known before deployment.')];
  }
  return bucket === '' || /[*?]/.test(bucket)
    ? [found(grant, `The access grant is for all buckets${bucket.replace(/[*?].*/, '') === '' ? '' : ` whose names begin with '${bucket.replace(/[*?].*/, '')}'`}: its scope is '${scope}'.`, "Begin 'S3SubPrefix' with the name of a bucket and a slash, such as 'amzn-s3-demo-bucket/reports/*'.")]
    : [];
}
