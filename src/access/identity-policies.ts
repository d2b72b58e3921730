import { DeployedResource } from './deployment';
import { Inventory } from './inventory';
import { Policy } from '../policy/document';

/** The policies that are attached to a role, as one. */
export interface IdentityPolicies {
  readonly policy: Policy;

  /** Whether all of them are in the deployment and can be read. */
  readonly isComplete: boolean;
}

export function identityPolicies(inventory: Inventory, role: DeployedResource): IdentityPolicies {
  const { deployment } = inventory;
  const name = role.reference('Ref');
  const attachedTo = (type: string, property: string) => deployment.ofType(type).filter((policy) => [policy.property(property) ?? []].flat().includes(name));
  const managedArns: unknown[] = [role.property('ManagedPolicyArns') ?? []].flat();
  const managed = deployment.ofType('AWS::IAM::ManagedPolicy').filter((policy) => managedArns.includes(policy.reference('Ref')) || [policy.property('Roles') ?? []].flat().includes(name));
  const attached = [...attachedTo('AWS::IAM::Policy', 'Roles'), ...attachedTo('AWS::IAM::RolePolicy', 'RoleName'), ...managed];
  const documents = [...attached.flatMap((resource) => inventory.policyOf(resource, 'PolicyDocument') ?? []), ...inventory.inlinePolicies(role)];
  const areKnown = managedArns.every((arn) => managed.some((policy) => policy.reference('Ref') === arn));
  return {
    policy: { statements: documents.flatMap(({ policy }) => policy?.statements ?? []) },
    isComplete: areKnown && documents.every(({ policy }) => policy !== undefined),
  };
}
