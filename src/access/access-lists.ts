import { AccountJson, BucketJson } from './assumptions-format';
import { areListsOn, blocks } from './bucket-settings';
import { ANONYMOUS } from '../guarantees/callers';
import { every, not, some, Truth } from '../policy/truth';
import { RequestDescription } from '../proof/guarantee';
import { DeployedResource } from '../template/deployment';

/** What access control lists of a bucket and of its objects can allow. */
const LISTED_ACTIONS = [
  'GetBucketAcl', 'ListBucket', 'ListBucketMultipartUploads', 'ListBucketVersions', 'PutBucketAcl',
  'DeleteObject', 'GetObject', 'GetObjectAcl', 'GetObjectTorrent', 'GetObjectVersion', 'GetObjectVersionAcl', 'GetObjectVersionTorrent', 'PutObject', 'PutObjectAcl', 'PutObjectVersionAcl',
].map((name) => `s3:${name}`);

/**
 * Callers who have no policies of their own, and what they do that no access control list can allow.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
 */
export const ANONYMOUS_BESIDE_LISTS: RequestDescription = { NotAction: LISTED_ACTIONS, Condition: ANONYMOUS };

/** Whether access control lists can let anonymous callers in: they are on, and public ones are not ignored. */
export function canListsLetInAnybody(resource: DeployedResource | undefined, given: BucketJson, { blockPublicAccess }: AccountJson): Truth {
  const isSaid = resource !== undefined || given.objectOwnership !== undefined;
  const areOn = isSaid ? areListsOn(resource, given) : undefined;
  const areIgnored = some([blockPublicAccess?.IgnorePublicAcls === true, blocks(resource, 'PublicAccessBlockConfiguration', given.blockPublicAccess, 'IgnorePublicAcls')], (truth) => truth);
  return every([areOn, not(areIgnored)], (truth) => truth);
}
