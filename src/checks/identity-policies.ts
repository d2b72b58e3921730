import { Inventory } from './inventory';
import { DeployedResource } from '../access/deployment';
import { Policy } from '../policy/document';

/** How policies are attached to an identity: by a list of names, and one by one. */
const ATTACHMENTS: Readonly<Record<string, { readonly names: string; readonly type: string; readonly name: string }>> = {
  'AWS::IAM::Role': { names: 'Roles', type: 'AWS::IAM::RolePolicy', name: 'RoleName' },
  'AWS::IAM::User': { names: 'Users', type: 'AWS::IAM::UserPolicy', name: 'UserName' },
};

/** The policies that are attached to a role or a user, as one. */
export interface IdentityPolicies {
  readonly policy: Policy;

  /** Whether all of them are in the deployment and can be read. */
  readonly isComplete: boolean;
}

export function identityPolicies(inventory: Inventory, role: DeployedResource): IdentityPolicies {
  const { deployment } = inventory;
  const name = role.reference('Ref');
  const attachment = ATTACHMENTS[role.type];
  const attachedTo = (type: string, property: string) => deployment.ofType(type).filter((policy) => [policy.property(property) ?? []].flat().includes(name));
  const managedArns: unknown[] = [role.property('ManagedPolicyArns') ?? []].flat();
  const managed = deployment.ofType('AWS::IAM::ManagedPolicy').filter((policy) => managedArns.includes(policy.reference('Ref')) || [policy.property(attachment.names) ?? []].flat().includes(name));
  const attached = [...attachedTo('AWS::IAM::Policy', attachment.names), ...attachedTo(attachment.type, attachment.name), ...managed];
  const documents = [...attached.flatMap((resource) => inventory.policyOf(resource, 'PolicyDocument') ?? []), ...inventory.inlinePolicies(role)];
  const areKnown = managedArns.every((arn) => managed.some((policy) => policy.reference('Ref') === arn));
  return {
    policy: { statements: documents.flatMap(({ policy }) => policy?.statements ?? []) },
    isComplete: areKnown && role.property('Groups') === undefined && documents.every(({ policy }) => policy !== undefined),
  };
}
