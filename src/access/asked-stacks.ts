import { AccessRequest } from './access-request';
import { DeployedResource, DeployedStack, Deployment } from '../template/deployment';
import { partsOf } from '../template/parts';

/**
 * The stacks whose conditions are tried to decide a request: those of the parts of the deployment that have its caller, bucket, access point or endpoint, or
 * a policy that binds all. If none has any of them, all are.
 */
export function askedStacks(deployment: Deployment, { principal, resource, context }: AccessRequest): readonly DeployedStack[] {
  const text = JSON.stringify([principal, resource, context]);
  const asked = new Set(deployment.resources.filter((one) => bindsAll(one) || namesOf(one).some((name) => name !== '' && text.includes(name))).map(({ stack }) => stack));
  const parts = partsIn(deployment).filter((stacks) => stacks.some((stack) => asked.has(stack)));
  return parts.length === 0 ? deployment.stacks : parts.flat();
}

const PARTS = new WeakMap<Deployment, readonly (readonly DeployedStack[])[]>();

function partsIn(deployment: Deployment): readonly (readonly DeployedStack[])[] {
  const known = PARTS.get(deployment) ?? partsOf(deployment);
  PARTS.set(deployment, known);
  return known;
}

function bindsAll({ type }: DeployedResource): boolean {
  return type === 'AWS::Organizations::Policy';
}

const MULTI_REGION = 'AWS::S3::MultiRegionAccessPoint';
const NAMED = /^AWS::(?:IAM::(?:Role|User)|S3::(?:Bucket|AccessPoint|MultiRegionAccessPoint)|EC2::VPCEndpoint)$/;

/** The properties by which policies name those whom they are for, who may be elsewhere. */
const NAMING = /^AWS::(?:IAM::.*Policy|S3::(?:BucketPolicy|MultiRegionAccessPointPolicy))$/;
const NAMES = ['Roles', 'Users', 'RoleName', 'UserName', 'Bucket', 'MrapName'];

/** What a request may call a resource, or whom a policy is for. */
function namesOf(resource: DeployedResource): string[] {
  const names: unknown[] = NAMED.test(resource.type) ? [resource.reference('Ref'), resource.type === MULTI_REGION ? resource.reference('Alias') : undefined] : NAMING.test(resource.type) ? NAMES.flatMap((name) => resource.property(name)) : [];
  return names.filter((name): name is string => typeof name === 'string');
}
