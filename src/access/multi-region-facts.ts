import type { AccessPointFacts, Model } from './model';
import { own } from '../own';
import { isUnknown } from '../policy/unknown-text';
import { DeployedResource, Deployment } from '../template/deployment';
import { setting } from '../template/settings';

/**
 * What templates and assumptions say of a multi-Region access point. Its policy is a resource of its own, which names it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-s3-multiregionaccesspointpolicy.html
 */
export function multiRegionFacts(model: Model, arn: string): AccessPointFacts {
  const { deployment, inventory } = model;
  const resource = deployment.ofType(MULTI_REGION).find((accessPoint) => arnOfAccessPoint(accessPoint) === arn);
  const given = own(model.given.accessPoints, arn) ?? {};
  const document = given.policy ? model.givenPolicy(given.policy, `accessPoints.${arn}.policy`) : undefined;
  const policies = resource ? multiRegionPolicies(deployment, resource) : [];
  return {
    arn,
    account: arn.split(':')[4],
    bucketNames: resource ? bucketsBehind(deployment, resource) ?? given.buckets : given.buckets,
    policy: policies.length === 1 ? inventory.policyOf(policies[0].policy, 'Policy') : document,
    resource,
    isKnown: policies.length === 0 ? resource !== undefined || given.policy !== undefined : policies.length === 1 && policies[0].isSure,
  };
}

const MULTI_REGION = 'AWS::S3::MultiRegionAccessPoint';

export function multiRegionAccessPoints(deployment: Deployment): readonly DeployedResource[] {
  return deployment.ofType(MULTI_REGION);
}

/** The ARN of an access point, of one Region or of several. CloudFormation does not tell the latter. */
export function arnOfAccessPoint(accessPoint: DeployedResource): string {
  const { partition, account } = accessPoint.stack;
  return accessPoint.type === MULTI_REGION ? `arn:${partition}:s3::${account}:accesspoint/${accessPoint.reference('Alias')}` : String(accessPoint.reference('Arn'));
}

/** The multi-Region access points that lead to a bucket, or may do so. */
export function multiRegionAccessPointsOf(deployment: Deployment, bucketName: string): DeployedResource[] {
  return deployment.ofType(MULTI_REGION).filter((accessPoint) => bucketsBehind(deployment, accessPoint)?.includes(bucketName) ?? true);
}

/** The policies that are, or may be, of an access point. */
export function multiRegionPolicies(deployment: Deployment, accessPoint: DeployedResource): { policy: DeployedResource; isSure: boolean }[] {
  return deployment.ofType('AWS::S3::MultiRegionAccessPointPolicy').flatMap((policy) => {
    const name = policy.property('MrapName');
    const isSure = name === accessPoint.reference('Ref') && policy.stack.account === accessPoint.stack.account;
    return isSure || typeof name !== 'string' || isUnknown(name) ? [{ policy, isSure }] : [];
  });
}

/** Undefined if one of them is not known: of those that are said to be of another account, the templates of that account have to tell. */
export function bucketsBehind(deployment: Deployment, accessPoint: DeployedResource): string[] | undefined {
  const regions: unknown = accessPoint.property('Regions');
  const names = Array.isArray(regions) ? regions.map((_, i) => setting(accessPoint, 'Regions', i, 'Bucket')) : [];
  const isSure = (name: string, owner: unknown) => [undefined, accessPoint.stack.account].includes(owner as string | undefined)
    || deployment.ofType('AWS::S3::Bucket').some((bucket) => bucket.reference('Ref') === name && bucket.stack.account === owner);
  const known = names.filter((name, i): name is string => typeof name === 'string' && !isUnknown(name) && isSure(name, setting(accessPoint, 'Regions', i, 'BucketAccountId')));
  return names.length > 0 && known.length === names.length ? known : undefined;
}
