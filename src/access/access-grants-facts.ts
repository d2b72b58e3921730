import { isUnknown } from '../policy/unknown-text';
import { DeployedResource, Deployment } from '../template/deployment';
import { isUnknownValue, setting, UNKNOWN } from '../template/settings';

/** The location `s3://`: all buckets of an account in a Region. Its id is the same in all instances. */
export const DEFAULT_LOCATION = { id: 'default', scope: 's3://' } as const;

export function accessGrantsLocations(deployment: Deployment): readonly DeployedResource[] {
  return deployment.ofType('AWS::S3::AccessGrantsLocation');
}

export function accessGrants(deployment: Deployment): readonly DeployedResource[] {
  return deployment.ofType('AWS::S3::AccessGrant');
}

/** The role of a location, where it is in the deployment. */
export function roleOfLocation(deployment: Deployment, location: DeployedResource): DeployedResource | undefined {
  const arn: unknown = location.property('IamRoleArn');
  return typeof arn === 'string' ? deployment.ofType('AWS::IAM::Role').find((role) => role.reference('Arn') === arn) : undefined;
}

/** The location of a grant, where it is in the deployment. */
export function locationOfGrant(deployment: Deployment, grant: DeployedResource): DeployedResource | undefined {
  const id: unknown = grant.property('AccessGrantsLocationId');
  const near = accessGrantsLocations(deployment).filter(({ stack }) => stack.account === grant.stack.account && stack.region === grant.stack.region);
  return near.find((location) => (id === DEFAULT_LOCATION.id ? location.property('LocationScope') === DEFAULT_LOCATION.scope : [location.reference('AccessGrantsLocationId'), location.reference('Ref')].includes(id as string)));
}

/**
 * The scope of a grant: that of its location, and what is appended to it. `UNKNOWN` if it is not known; undefined if the location is neither in the deployment nor the default one.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_AccessGrantsLocationConfiguration.html
 */
export function scopeOfGrant(deployment: Deployment, grant: DeployedResource): string | typeof UNKNOWN | undefined {
  const id: unknown = grant.property('AccessGrantsLocationId');
  const location = locationOfGrant(deployment, grant);
  const base: unknown = location ? location.property('LocationScope') : id === DEFAULT_LOCATION.id ? DEFAULT_LOCATION.scope : undefined;
  const rest: unknown = setting(grant, 'AccessGrantsLocationConfiguration', 'S3SubPrefix') ?? '';
  if (base === undefined && location === undefined && !isUnknownValue(id) && !(typeof id === 'string' && isUnknown(id))) {
    return undefined;
  }
  return typeof base !== 'string' || typeof rest !== 'string' ? UNKNOWN : `${base}${rest}`;
}
