import { locationOfGrant, roleOfLocation, scopeOfGrant } from './access-grants-facts';
import { AccessRequest } from './access-request';
import { identityPolicies } from './identity-policies';
import { Inventory } from './inventory';
import { contextOf } from '../policy/context';
import { evaluate } from '../policy/evaluate';
import { iamPrincipal } from '../policy/request';
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
export function vendedSession(inventory: Inventory, grant: DeployedResource): VendedSession | string {
  const { deployment } = inventory;
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
    doubts: doubtsOf(inventory, grant, instanceArn),
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
function doubtsOf(inventory: Inventory, grant: DeployedResource, instanceArn: string): string[] {
  const [type, grantee] = [setting(grant, 'Grantee', 'GranteeType'), setting(grant, 'Grantee', 'GranteeIdentifier')];
  if (type !== 'IAM') {
    return isUnknownValue(type) ? ['Who the grantee is, is not known before deployment.'] : [];
  }
  if (typeof grantee !== 'string' || isUnknownValue(grantee)) {
    return ['Who the grantee is, is not known before deployment.'];
  }
  return [...mayNotAsk(inventory, grantee, instanceArn), ...notShared(inventory, grantee, grant)];
}

function mayNotAsk(inventory: Inventory, grantee: string, instanceArn: string): string[] {
  const identity = ['AWS::IAM::Role', 'AWS::IAM::User'].flatMap((type) => inventory.deployment.ofType(type)).find((one) => one.reference('Arn') === grantee);
  if (identity === undefined) {
    return [`Whether ${readable(grantee)} may call s3:GetDataAccess on ${readable(instanceArn)} is not decided: it is not in these templates.`];
  }
  const { policy, isComplete } = identityPolicies(inventory, identity);
  const principal = iamPrincipal(grantee);
  const { outcome } = evaluate(policy, { principal, action: 's3:GetDataAccess', resource: instanceArn, context: contextOf({ 'aws:PrincipalArn': grantee, 'aws:PrincipalAccount': principal.account, 'aws:SecureTransport': 'true' }) });
  if (outcome === 'allowed') {
    return [];
  }
  return [outcome === 'not-decided' || (!isComplete && outcome === 'not-mentioned')
    ? `Whether the policies of '${identity.path}' allow s3:GetDataAccess on ${readable(instanceArn)} is not decided: not all of them are known.`
    : `The policies of '${identity.path}' do not allow s3:GetDataAccess on ${readable(instanceArn)}: it gets no credentials.`];
}

/** Somebody of another account needs the instance to be shared with it. */
function notShared({ deployment }: Inventory, grantee: string, { stack }: DeployedResource): string[] {
  const { account } = iamPrincipal(grantee);
  const principals: unknown[] = deployment.ofType('AWS::RAM::ResourceShare').filter((share) => share.stack.account === stack.account).flatMap((share) => [share.property('Principals') ?? []].flat());
  return account === stack.account || isUnknown(account) || principals.includes(account) ? [] : [
    `Whether the instance is shared with account ${account} is not decided: no AWS::RAM::ResourceShare of these templates names it.`,
  ];
}
