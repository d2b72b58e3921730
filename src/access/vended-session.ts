import { locationOfGrant, roleOfLocation, scopeOfGrant } from './access-grants-facts';
import { AccessRequest } from './access-request';
import { CONTROL_TYPES, givenControlLevels } from './given-control-policies';
import { identityPolicies } from './identity-policies';
import type { Model } from './model';
import { contextOf } from '../policy/context';
import { Policy } from '../policy/document';
import { evaluate } from '../policy/evaluate';
import { iamPrincipal, PolicyRequest } from '../policy/request';
import { isUnknown, readable } from '../policy/unknown-text';
import { DeployedResource } from '../template/deployment';
import { isUnknownValue, setting } from '../template/settings';

/** Credentials that S3 Access Grants vends by a grant, as requests with them are decided. */
export interface VendedSession {
  /** The role of the location, what narrows its session, and the instance that vends it. */
  readonly request: Required<Pick<AccessRequest, 'principal' | 'context' | 'sessionPolicies'>>;

  /** Why it is not certain that the grantee gets them. */
  readonly doubts: readonly string[];
}

/**
 * The session that a grantee gets for all of a grant; why it is not known otherwise.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-credentials.html
 */
export function vendedSession(model: Model, grant: DeployedResource): VendedSession | string {
  const { deployment } = model;
  const location = locationOfGrant(deployment, grant);
  const role = location && roleOfLocation(deployment, location);
  const [scope, permission] = [scopeOfGrant(deployment, grant), setting(grant, 'Permission')];
  if (role === undefined) {
    return `the ${location ? 'role of its location' : 'location of the grant'} is not in these templates`;
  }
  if (typeof scope !== 'string' || typeof permission !== 'string' || !Object.hasOwn(GIVEN, permission)) {
    return 'what the grant gives is not known before deployment';
  }
  const { partition, region, account } = grant.stack;
  const instanceArn = `arn:${partition}:s3:${region}:${account}:access-grants/default`;
  const principal = role.reference('Arn')!;
  return {
    request: { principal, context: { 's3:AccessGrantsInstanceArn': instanceArn }, sessionPolicies: [sessionPolicy(partition, scope, permission)] },
    doubts: doubtsOf(model, grant, instanceArn),
  };
}

const READ = ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectAcl', 's3:GetObjectVersionAcl', 's3:ListMultipartUploadParts'];
const WRITE = ['s3:PutObject', 's3:PutObjectAcl', 's3:PutObjectVersionAcl', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:AbortMultipartUpload'];

/** What permissions of grants give on objects, and on the bucket: as AWS groups the permissions of a location's role. */
const GIVEN: Readonly<Record<string, { readonly objects: readonly string[]; readonly bucket: readonly string[] }>> = {
  READ: { objects: READ, bucket: ['s3:ListBucket'] },
  WRITE: { objects: WRITE, bucket: [] },
  READWRITE: { objects: [...READ, ...WRITE], bucket: ['s3:ListBucket'] },
};

/** How far a key is used, the role's own policies say. */
function sessionPolicy(partition: string, scope: string, permission: string): object {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]*)\/?(.*)$/is.exec(scope) ?? [];
  const arn = `arn:${partition}:s3:::${bucket}`;
  const { objects, bucket: lists } = GIVEN[permission];
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: objects, Resource: `${arn}/${prefix}` },
      ...(lists.length > 0 ? [{ Effect: 'Allow', Action: lists, Resource: arn, Condition: { StringLike: { 's3:prefix': prefix } } }] : []),
      { Effect: 'Allow', Action: 'kms:*', Resource: '*' },
    ],
  };
}

/** Who is of a directory asks through an application, of which the templates need not know. */
function doubtsOf(model: Model, grant: DeployedResource, instanceArn: string): string[] {
  const [type, grantee] = [setting(grant, 'Grantee', 'GranteeType'), setting(grant, 'Grantee', 'GranteeIdentifier')];
  if (type !== 'IAM') {
    return isUnknownValue(type) ? ['Who the grantee is, is not known before deployment.'] : [];
  }
  if (typeof grantee !== 'string' || isUnknownValue(grantee)) {
    return ['Who the grantee is, is not known before deployment.'];
  }
  return [...mayNotAsk(model, grantee, instanceArn), ...notShared(model, grantee, grant)];
}

function mayNotAsk(model: Model, grantee: string, instanceArn: string): string[] {
  const { inventory } = model;
  const identity = ['AWS::IAM::Role', 'AWS::IAM::User'].flatMap((type) => inventory.deployment.ofType(type)).find((one) => one.reference('Arn') === grantee);
  const asking = `call s3:GetDataAccess on ${readable(instanceArn)}`;
  if (identity === undefined) {
    return [`Whether ${readable(grantee)} may ${asking} is not decided: it is not in these templates.`];
  }
  const principal = iamPrincipal(grantee);
  const context = contextOf({
    'aws:PrincipalArn': grantee,
    'aws:PrincipalAccount': principal.account,
    'aws:PrincipalType': 'AssumedRole',
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:SecureTransport': 'true',
    'aws:ResourceAccount': instanceArn.split(':')[4],
    's3:ResourceAccount': instanceArn.split(':')[4],
    'aws:RequestedRegion': instanceArn.split(':')[3],
  });
  const request: PolicyRequest = { principal, action: 's3:GetDataAccess', resource: instanceArn, context };
  const { policy, isComplete } = identityPolicies(inventory, identity);
  const { outcome } = evaluate(policy, request);
  if (outcome === 'denied' || (outcome === 'not-mentioned' && isComplete)) {
    return [`The policies of '${identity.path}' do not allow it to ${asking}: it gets no credentials.`];
  }
  return [
    ...(outcome === 'allowed' ? [] : [`Whether the policies of '${identity.path}' allow it to ${asking} is not decided: not all of them are known.`]),
    ...(identity.property('PermissionsBoundary') === undefined ? [] : [`Whether the permissions boundary of '${identity.path}' lets it ${asking} is not decided.`]),
    ...(isStoppedAbove(model, request, principal.account) ? [`Whether policies of the organization let '${identity.path}' ${asking} is not decided: some may stop it.`] : []),
  ];
}

/** Whether a policy of the organization may stop a call, wherever it is attached. Keys that are not known are taken not to be there, which perimeters deny. */
function isStoppedAbove(model: Model, request: PolicyRequest, account: string): boolean {
  const isStopping = (policy: Policy | undefined) => policy === undefined || ['denied', 'not-decided'].includes(evaluate(policy, request).outcome);
  const levels = (['serviceControlPolicies', 'resourceControlPolicies'] as const).map((member) => givenControlLevels(model.given, account, member)
    .map((level) => level.map(({ document, path }) => model.givenPolicy(document, path).policy)));
  const isAllowed = (level: readonly (Policy | undefined)[]) => level.some((policy) => policy !== undefined && evaluate(policy, request).outcome === 'allowed');
  return controlPolicies(model).some(isStopping)
    || levels.flat(2).some(isStopping)
    || levels[0].some((level) => !isAllowed(level));
}

/** The service and resource control policies of the templates; undefined for one that cannot be read. */
function controlPolicies({ deployment, inventory }: Model): (Policy | undefined)[] {
  const isControl = (type: unknown) => isUnknownValue(type) || type === CONTROL_TYPES.serviceControlPolicies || type === CONTROL_TYPES.resourceControlPolicies;
  return deployment.ofType('AWS::Organizations::Policy').filter((resource) => isControl(resource.property('Type'))).map((resource) => inventory.policyOf(resource, 'Content')?.policy);
}

/** Somebody of another account needs the instance to be shared with it. */
function notShared({ deployment }: Model, grantee: string, { stack }: DeployedResource): string[] {
  const { account } = iamPrincipal(grantee);
  const principals: unknown[] = deployment.ofType('AWS::RAM::ResourceShare').filter((share) => share.stack.account === stack.account).flatMap((share) => [share.property('Principals') ?? []].flat());
  return account === stack.account || isUnknown(account) || principals.includes(account) ? [] : [
    `Whether the instance is shared with account ${account} is not decided: no AWS::RAM::ResourceShare of these templates names it.`,
  ];
}
