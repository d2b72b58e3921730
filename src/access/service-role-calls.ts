import { headersOfRoles, RoleCall } from './delivery-calls';
import { attachedPolicies } from './identity-policies';
import { Bucket, Inventory } from './inventory';
import { roleCall } from './ordinary-calls';
import { SERVICES_WITH_ROLES } from '../aws/service-roles';
import { Statement } from '../policy/document';
import { actionApplies } from '../policy/evaluate';
import { isUnknown } from '../policy/unknown-text';
import { DeployedResource } from '../template/deployment';
import { locatedInAccount } from '../template/place';

/** What services do with rights on a bucket. */
const READING = { action: 's3:GetObject', isOnObjects: true };
const WRITING = { action: 's3:PutObject', isOnObjects: true };
const LISTING = { action: 's3:ListBucket', isOnObjects: false };

/** A role, and who works with it in a network of AWS. */
interface RoleElsewhere {
  readonly role: DeployedResource;
  readonly what: string;
}

/**
 * What AWS services, projects and custom resources do on a bucket by roles of the deployment whose own policies give rights on it by name. Asked are those
 * that surely call from networks of AWS: jobs, projects and functions are where they are placed.
 */
export function serviceRoleCalls(inventory: Inventory, bucket: Bucket): RoleCall[] {
  return rolesElsewhere(inventory).flatMap(({ role, what }) => {
    const { account } = role.stack;
    const statements = attachedPolicies(inventory, role).documents.flatMap(({ policy }) => policy?.statements ?? []);
    const allows = statements.filter((statement) => isAllowing(statement, bucket));
    const works = [READING, WRITING, LISTING].filter(({ action, isOnObjects }) => (
      allows.some((allow) => actionApplies(allow, { action }) && namesBucket(allow, bucket, isOnObjects))
    ));
    return isUnknown(account) ? [] : works.map(({ action, isOnObjects }) => {
      const resource = isOnObjects ? `${bucket.facts.objects}any/object` : bucket.facts.arn;
      const call = roleCall(role.reference('Arn')!, account, { name: role.reference('Arn')!, action, resource });
      const headers = action === WRITING.action ? headersOfRoles(bucket) : [{}];
      return { ...call, alternatives: headers.map((keys) => ({ ...call.alternatives[0], ...keys })), what };
    });
  });
}

function isAllowing({ effect, resource }: Statement, bucket: Bucket): boolean {
  return effect === 'Allow' && resource !== undefined && !resource.isInverted && resource.members.some(({ text }) => text.source.startsWith(bucket.facts.arn));
}

function namesBucket({ resource }: Statement, { facts: { arn, objects } }: Bucket, isOnObjects: boolean): boolean {
  return resource!.members.some(({ text: { source } }) => source === `${arn}*` || (isOnObjects ? source.startsWith(objects) : source === arn));
}

function rolesElsewhere(inventory: Inventory): RoleElsewhere[] {
  const { deployment } = inventory;
  const roles = deployment.ofType('AWS::IAM::Role');
  const named = (name: unknown, { stack: { account } }: DeployedResource) => {
    const { there, perhaps } = locatedInAccount(roles, ({ stack }) => stack.account, account);
    return typeof name === 'string' ? [...there, ...perhaps].filter((role) => [role.reference('Arn'), role.reference('Ref')].includes(name)) : [];
  };
  const ofResources = PLACED.flatMap(({ type, role, isPlaced, what }) => deployment.ofType(type).filter((resource) => !isPlaced(resource))
    .flatMap((resource) => named(resource.property(role), resource).map((one): RoleElsewhere => ({ role: one, what: `${what} ('${resource.path}')` }))));
  const tokens = new Set(deployment.resources.filter(({ type }) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource').map((resource) => resource.property('ServiceToken')));
  const ofFunctions = deployment.ofType('AWS::Lambda::Function').filter((one) => tokens.has(one.reference('Arn')) && one.property('VpcConfig') === undefined)
    .flatMap((one) => named(one.property('Role'), one).map((role): RoleElsewhere => ({ role, what: `a custom resource works ('${one.path}')` })));
  const all = [...roles.flatMap((role) => servicesOf(role).map((what) => ({ role, what }))), ...ofResources, ...ofFunctions];
  return [...new Map(all.map((one) => [one.role, one])).values()];
}

/** Resources that work where they are placed: in a VPC, or in a network of AWS. */
const PLACED = [
  { type: 'AWS::CodeBuild::Project', role: 'ServiceRole', isPlaced: (project: DeployedResource) => project.property('VpcConfig') !== undefined, what: 'CodeBuild builds' },
  { type: 'AWS::Glue::Job', role: 'Role', isPlaced: (job: DeployedResource) => job.property('Connections') !== undefined, what: 'AWS Glue works' },
  { type: 'AWS::Glue::Crawler', role: 'Role', isPlaced: (crawler: DeployedResource) => JSON.stringify(crawler.property('Targets') ?? '').includes('ConnectionName'), what: 'AWS Glue crawls' },
];

/** Services that take a role on and work in a network of AWS, wherever the account has its own. */
function servicesOf(role: DeployedResource): string[] {
  const trust = JSON.stringify(role.property('AssumeRolePolicyDocument') ?? '');
  return SERVICES_WITH_ROLES.filter(({ principal }) => principal !== 'glue.amazonaws.com' && trust.includes(`"${principal}"`)).map(({ title }) => `${title} works`).slice(0, 1);
}
