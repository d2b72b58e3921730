import { Inventory } from './inventory';
import { GivenPolicy, possibly, SourcedPolicy } from './sourced-policy';
import { managedPolicyDocument } from '../aws/aws-managed-policies';
import { Policy } from '../policy/document';
import { jsonText } from '../policy/json';
import { textPattern } from '../policy/pattern';
import { isUnknown, isWhollyUnknown, widest } from '../policy/unknown-text';
import { DeployedResource } from '../template/deployment';
import { locatedInAccount } from '../template/place';
import { isUnknownValue } from '../template/settings';

/** The policies that are attached to a role or a user, as one. */
export interface IdentityPolicies {
  readonly policy: Policy;

  /** Whether all of them are in the deployment and can be read. */
  readonly isComplete: boolean;
}

export function identityPolicies(inventory: Inventory, role: DeployedResource): IdentityPolicies {
  const { documents: all, unknownArns } = attachedPolicies(inventory, role);
  const documents = all.filter(({ mayBelongElsewhere }) => !mayBelongElsewhere);
  return {
    policy: { statements: documents.flatMap(({ policy }) => policy?.statements ?? []) },
    isComplete: unknownArns.length === 0 && role.property('Groups') === undefined && documents.every(({ policy }) => policy !== undefined),
  };
}

/** The policies that are attached to a role, user or group. */
export interface AttachedPolicies {
  readonly documents: readonly SourcedPolicy[];

  /** The managed policies whose content is not known. */
  readonly unknownArns: readonly string[];
}

/** The properties by which policies name those whom they are attached to, and the resources of inline policies. */
const ATTACHMENTS: Readonly<Record<string, { list: string; inline: readonly [type: string, property: string] }>> = {
  'AWS::IAM::Role': { list: 'Roles', inline: ['AWS::IAM::RolePolicy', 'RoleName'] },
  'AWS::IAM::User': { list: 'Users', inline: ['AWS::IAM::UserPolicy', 'UserName'] },
  'AWS::IAM::Group': { list: 'Groups', inline: ['AWS::IAM::GroupPolicy', 'GroupName'] },
};

/**
 * The policies of a role, user or group of the deployment.
 *
 * @param given the content of managed policies that are not in the deployment
 */
export function attachedPolicies(inventory: Inventory, identity: DeployedResource, given: (arn: string) => SourcedPolicy | undefined = awsManaged): AttachedPolicies {
  const managedArns = listIn(identity, 'ManagedPolicyArns');
  const elsewhere = managedArns.filter((arn) => !managedPoliciesCalled(inventory, arn).some(({ isSure }) => isSure)).map(jsonText);
  const own = namedPolicies(inventory, identity.type, identity.reference('Ref'), identity.stack.account);
  const managed = managedArns.flatMap((arn) => managedPoliciesCalled(inventory, arn)).flatMap((written) => policyWritten(inventory, written) ?? []);
  return {
    documents: [...new Set([...own, ...managed]), ...inventory.inlinePolicies(identity), ...elsewhere.flatMap((arn) => given(arn) ?? [])],
    unknownArns: elsewhere.filter((arn) => !given(arn)),
  };
}

/** A managed policy of the deployment, and whether it is surely the one that is meant. */
export interface WrittenPolicy {
  readonly resource: DeployedResource;
  readonly isSure: boolean;
}

/** The managed policies of the deployment that an ARN names: the one that has it, or those that may have it, since a part of either is not known. */
export function managedPoliciesCalled({ deployment }: Inventory, arn: unknown): WrittenPolicy[] {
  if (typeof arn !== 'string') {
    return [];
  }
  const all = deployment.ofType('AWS::IAM::ManagedPolicy').map((resource) => ({ resource, ref: resource.reference('Ref')! }));
  const [same] = all.filter(({ ref }) => ref === arn);
  return same ? [{ resource: same.resource, isSure: true }] : all.filter(({ ref }) => couldBeAlike(ref, arn)).map(({ resource }) => ({ resource, isSure: false }));
}

export function policyWritten(inventory: Inventory, { resource, isSure }: WrittenPolicy): SourcedPolicy | undefined {
  const document = inventory.policyOf(resource, 'PolicyDocument');
  return document && (isSure ? document : possibly(document));
}

/** Whether two ARNs may turn out to be the same. Nothing is known of one that is wholly unknown, but that it is not in the deployment. */
function couldBeAlike(one: string, other: string): boolean {
  const [written, compared] = isUnknown(one) ? [one, other] : [other, one];
  return isUnknown(written) && !isWhollyUnknown(written) && textPattern(widest(written)).matches(compared) !== false;
}

/** The policies of the deployment that name a role, user or group of an account, which need not be in the deployment itself. Another account may have the same name. */
export function namedPolicies(inventory: Inventory, type: string, name: string | undefined, account: string): SourcedPolicy[] {
  const { list, inline } = ATTACHMENTS[type];
  const kinds: readonly (readonly [type: string, property: string])[] = [['AWS::IAM::Policy', list], inline, ['AWS::IAM::ManagedPolicy', list]];
  return kinds.flatMap(([policyType, property]) => {
    const { there, perhaps } = locatedInAccount(inventory.deployment.ofType(policyType), ({ stack }) => stack.account, account);
    return [...there, ...perhaps].flatMap((policy) => {
      const names = listIn(policy, property);
      const document = names.includes(name) || names.some(isUnknownValue) ? inventory.policyOf(policy, 'PolicyDocument') : undefined;
      return document ? [names.includes(name) && there.includes(policy) ? document : possibly(document)] : [];
    });
  });
}

/** The groups of a user that are in the deployment, and the names of those that are not. */
export function groupsOf(inventory: Inventory, user: DeployedResource): { groups: DeployedResource[]; unknown: unknown[] } {
  const ofAccount = (type: string) => locatedInAccount(inventory.deployment.ofType(type), ({ stack }) => stack.account, user.stack.account);
  const name = user.reference('Ref');
  const additions = ofAccount('AWS::IAM::UserToGroupAddition');
  const added = additions.there.filter((addition) => listIn(addition, 'Users').includes(name)).map((addition) => addition.property('GroupName'));
  const unknown = [
    ...additions.there.filter((addition) => listIn(addition, 'Users').some(isUnknownValue)),
    ...additions.perhaps.filter((addition) => listIn(addition, 'Users').some((one) => one === name || isUnknownValue(one))),
  ].map((addition) => addition.property('GroupName'));
  const names = [...listIn(user, 'Groups'), ...added];
  const groups = ofAccount('AWS::IAM::Group').there.filter((group) => names.includes(group.reference('Ref')));
  return { groups, unknown: [...unknown, ...names.filter((groupName) => !groups.some((group) => group.reference('Ref') === groupName))] };
}

function awsManaged(arn: string): SourcedPolicy | undefined {
  const document = managedPolicyDocument(arn);
  return document && new GivenPolicy(document, arn);
}

function listIn(resource: DeployedResource, property: string): unknown[] {
  return [resource.property(property) ?? []].flat();
}
