import { accountCalls, RoleCall, roleCalls, serviceCalls } from '../access/delivery-calls';
import { Home, homesOf } from '../access/homes';
import { Bucket, Inventory } from '../access/inventory';
import { Model } from '../access/model';
import { Keys, OrdinaryCall, roleCall } from '../access/ordinary-calls';
import { serviceRoleCalls } from '../access/service-role-calls';
import { Answer, stopped } from '../access/stopped';
import { DeployedPolicy } from '../template/deployed-policy';
import { DeployedResource, DeployedStack } from '../template/deployment';

/** Without these, nobody can repair a policy. */
const BUCKET_REPAIR = ['s3:PutBucketPolicy', 's3:GetBucketPolicy', 's3:DeleteBucketPolicy'];
const KEY_REPAIR = ['kms:PutKeyPolicy', 'kms:GetKeyPolicy'];

/**
 * Who calls: the role that deploys the stack; a role that may be it; a service; an account of AWS; a role that works for a service.
 */
export type Group = 'deployment' | 'possible-deployment' | 'service' | 'delivering-account' | 'role';

/** A call that has to pass. */
export interface NeededCall {
  readonly group: Group;
  readonly call: OrdinaryCall;

  /** For what, where the group does not tell. */
  readonly what?: string;
}

/** A call that does not pass, or of which that is not known. */
export interface StoppedCall extends NeededCall {
  readonly answer: Answer;
}

/** Who has to pass the policy of a bucket: whoever deploys it, and whatever the template has services do there. */
export function neededOfBucket(inventory: Inventory, bucket: Bucket, document: DeployedPolicy): NeededCall[] {
  return [
    ...deployments(inventory, document.resource.stack, BUCKET_REPAIR, bucket.facts.arn),
    ...serviceCalls(bucket, document).map((call): NeededCall => ({ group: 'service', call })),
    ...accountCalls(bucket).map((call): NeededCall => ({ group: 'delivering-account', call })),
    ...rolesAtWork(inventory, bucket).map(({ what, ...call }): NeededCall => ({ group: 'role', call, what })),
  ];
}

/** Roles that resources give work on the bucket, and others whose own policies let services work there. */
function rolesAtWork(inventory: Inventory, bucket: Bucket): RoleCall[] {
  const named = roleCalls(inventory, bucket);
  const others = serviceRoleCalls(inventory, bucket).filter(({ name }) => named.every((call) => call.name !== name));
  return [...named, ...others];
}

/** Who has to pass the policy of a key. */
export function neededOfKey(inventory: Inventory, key: DeployedResource): NeededCall[] {
  return deployments(inventory, key.stack, KEY_REPAIR, key.reference('Arn')!);
}

/** Any role that no policy mentions: one of those that may deploy a stack of which that is not known. */
export function anyRole({ account, partition }: DeployedStack, action: string, resource: string): OrdinaryCall {
  return roleCall(`arn:${partition}:iam::${account}:role/any-role`, account, { name: 'any role of the account', action, resource });
}

/**
 * The calls that do not pass. Of the places where the account may be in an organization, that one counts which the policy seems to be meant for: where roles of
 * the account pass, and the fewest calls are stopped.
 */
export function stoppedCalls(inventory: Inventory, bucket: Bucket, document: DeployedPolicy, needed: readonly NeededCall[]): StoppedCall[] {
  const denies = inventory.possibleDeniesOn(document, bucket.facts);
  const model = Model.around(inventory);
  const ask = (call: OrdinaryCall, home: Home) => stopped(model, bucket, document, call, home);
  const witness = anyRole(document.resource.stack, 's3:GetBucketPolicy', bucket.facts.arn);
  const homes = homesOf(denies, inventory.given.accounts?.[bucket.facts.account]).map((home) => {
    const calls = needed.map((one): StoppedCall => ({ ...one, answer: ask(one.call, home) })).filter(({ answer }) => answer.isStopped !== false);
    return { calls, rank: [ask(witness, home).isStopped ? 1 : 0, calls.filter(({ answer }) => answer.isStopped).length, calls.length] };
  });
  return homes.reduce((best, other) => (isLess(other.rank, best.rank) ? other : best)).calls;
}

/** Whether a list of numbers comes before another. */
function isLess(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((number, i) => number !== other[i]);
  return at >= 0 && one[at] < other[at];
}

/** The role that the stack is deployed with; where that is not known, roles of the templates that CloudFormation may take on. */
function deployments(inventory: Inventory, stack: DeployedStack, actions: readonly string[], resource: string): NeededCall[] {
  const { executionRoleArn, account } = stack;
  const calls = (arn: string, name: string, keys?: Keys) => actions.map((action) => roleCall(arn, account, { name, action, resource }, keys));
  if (executionRoleArn !== undefined) {
    return calls(executionRoleArn, executionRoleArn).map((call) => ({ group: 'deployment', call }));
  }
  const roles = inventory.deployment.ofType('AWS::IAM::Role').filter((role) => role.stack.account === account && isForCloudFormation(role));
  return roles.flatMap((role) => calls(role.reference('Arn')!, role.path, { 'aws:userid': `${role.reference('RoleId')}:session` })).map((call) => ({ group: 'possible-deployment', call }));
}

function isForCloudFormation(role: DeployedResource): boolean {
  return /"cloudformation\.amazonaws\.com"/.test(JSON.stringify(role.property('AssumeRolePolicyDocument') ?? ''));
}
