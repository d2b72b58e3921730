import { BlockPublicAccessJson, BucketJson } from './assumptions-format';
import { Truth } from '../policy/truth';
import { DeployedResource } from '../template/deployment';
import { isOn, setting, UNKNOWN } from '../template/settings';

export type BlockPublicAccessSetting = keyof BlockPublicAccessJson;

/** The Object Ownership with which access control lists have no effect. */
export const OWNER_ENFORCED = 'BucketOwnerEnforced';

/** Object Ownership, where it is known; that of new buckets, where nothing is said. */
export function ownershipOf(resource: DeployedResource | undefined, { objectOwnership = OWNER_ENFORCED }: BucketJson): string | undefined {
  return resource ? textIn(setting(resource, 'OwnershipControls', 'Rules', 0, 'ObjectOwnership'), objectOwnership) : objectOwnership;
}

/** Whether access control lists have an effect. */
export function areListsOn(resource: DeployedResource | undefined, given: BucketJson = {}): Truth {
  const ownership = ownershipOf(resource, given);
  return ownership === undefined ? undefined : ownership !== OWNER_ENFORCED;
}

/**
 * Whether a setting of Block Public Access is on. New buckets and access points of which nothing is said have all of them.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function blocks(resource: DeployedResource | undefined, property: string, given: BlockPublicAccessJson | undefined, name: BlockPublicAccessSetting): Truth {
  if (!resource) {
    return given ? given[name] === true : undefined;
  }
  if (setting(resource, property) === undefined) {
    return given ? given[name] === true : true;
  }
  const value = setting(resource, property, name);
  return value === UNKNOWN ? undefined : isOn(value);
}

/** A text that is known, or what S3 takes for nothing said. */
export function textIn(value: unknown, whenAbsent: string): string | undefined {
  return value === undefined ? whenAbsent : typeof value === 'string' ? value : undefined;
}
