import { attachedPolicies, groupsOf, managedPoliciesCalled, namedPolicies } from './identity-policies';
import type { Inventory } from './inventory';
import { parsePolicy, Policy, Statement } from '../policy/document';
import { isUnknown } from '../policy/unknown-text';
import { DeployedResource } from '../template/deployment';
import { locatedInAccount } from '../template/place';

/** Somebody with policies of their own in the deployment. */
export interface Identity {
  readonly kind: 'role' | 'user';

  /** With which they call; undefined for a group, whose members do. */
  readonly arn?: string;
  readonly name: string;
  readonly account: string;

  /** What the policies say, and where they are not known: what they might say. */
  readonly statements: readonly Statement[];
  readonly boundary?: Policy;

  /** Why it is not known who they are. */
  readonly doubt?: string;
}

/** Roles and users with their policies, those whom policies of the deployment name elsewhere, and groups whose members may be anywhere. */
export function identities(inventory: Inventory): readonly Identity[] {
  const known = IDENTITIES.get(inventory) ?? findIdentities(inventory);
  IDENTITIES.set(inventory, known);
  return known;
}

const IDENTITIES = new WeakMap<Inventory, readonly Identity[]>(); // every bucket asks for the same

function findIdentities(inventory: Inventory): Identity[] {
  const { deployment } = inventory;
  return [
    ...deployment.ofType('AWS::IAM::Role').map((role) => identityOf(inventory, role, 'role')),
    ...deployment.ofType('AWS::IAM::User').map((user) => identityOf(inventory, user, 'user')),
    ...deployment.ofType('AWS::IAM::Group').map((group): Identity => ({
      kind: 'user',
      name: `members of the group ${group.reference('Ref')}`,
      account: group.stack.account,
      statements: statementsOf(inventory, [group], []),
      doubt: 'who belongs to the group is not in the templates, but for those who are shown',
    })),
    ...elsewhere(inventory),
  ];
}

function identityOf(inventory: Inventory, resource: DeployedResource, kind: Identity['kind']): Identity {
  const { groups, unknown } = kind === 'user' ? groupsOf(inventory, resource) : { groups: [], unknown: [] };
  const arn = resource.reference('Arn')!;
  const boundary: unknown = resource.property('PermissionsBoundary');
  const written = managedPoliciesCalled(inventory, boundary).find(({ isSure }) => isSure)?.resource;
  return {
    kind,
    arn,
    name: arn,
    account: resource.stack.account,
    statements: statementsOf(inventory, [resource, ...groups], unknown),
    boundary: written && inventory.policyOf(written, 'PolicyDocument')?.policy,
  };
}

const MIGHT_ALLOW_ANYTHING = parsePolicy({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }).statements;

/** The statements of some identities; where one of their policies is not known, it might allow anything: the decision tells that it is not known. */
function statementsOf(inventory: Inventory, holders: readonly DeployedResource[], unknownGroups: readonly unknown[]): Statement[] {
  const attached = holders.map((holder) => attachedPolicies(inventory, holder));
  const documents = attached.flatMap((one) => one.documents);
  const isComplete = unknownGroups.length === 0 && attached.every(({ unknownArns }) => unknownArns.length === 0) && documents.every(({ policy }) => policy !== undefined);
  return [...documents.flatMap(({ policy }) => policy?.statements ?? []), ...(isComplete ? [] : MIGHT_ALLOW_ANYTHING)];
}

const NAMING = [
  ['role', 'AWS::IAM::Role', [['AWS::IAM::Policy', 'Roles'], ['AWS::IAM::ManagedPolicy', 'Roles'], ['AWS::IAM::RolePolicy', 'RoleName']]],
  ['user', 'AWS::IAM::User', [['AWS::IAM::Policy', 'Users'], ['AWS::IAM::ManagedPolicy', 'Users'], ['AWS::IAM::UserPolicy', 'UserName']]],
] as const;

/** Roles and users that are not in the deployment, and to which policies of it are attached by name. */
function elsewhere(inventory: Inventory): Identity[] {
  const { deployment } = inventory;
  return NAMING.flatMap(([kind, type, properties]) => {
    const here = deployment.ofType(type).map((resource) => ({ name: resource.reference('Ref'), account: resource.stack.account }));
    const arns = new Map<string, Identity>();
    for (const policy of properties.flatMap(([policyType, property]) => deployment.ofType(policyType).map((resource) => ({ resource, property })))) {
      const { account, partition } = policy.resource.stack;
      const { there, perhaps } = locatedInAccount(here, (one) => one.account, account);
      const names = [...there, ...perhaps].map((one) => one.name);
      for (const name of [policy.resource.property(policy.property) ?? []].flat()) {
        if (typeof name === 'string' && !names.includes(name)) {
          const arn = `arn:${partition}:iam::${account}:${kind}/${name}`;
          const statements = namedPolicies(inventory, type, name, account).flatMap((document) => document.policy?.statements ?? MIGHT_ALLOW_ANYTHING);
          arns.set(arn, { kind, arn, name: arn, account, statements, doubt: isUnknown(name) ? `which ${kind} has the policy ${policy.resource.path} is not known` : undefined });
        }
      }
    }
    return [...arns.values()];
  });
}
