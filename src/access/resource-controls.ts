import { conditionTest } from '../policy/condition';
import { Statement } from '../policy/document';
import { policyText } from '../policy/variables';
import type { DeployedPolicy } from '../template/deployed-policy';
import type { DeployedResource } from '../template/deployment';

/** A policy of an organization, with its document if it can be read. */
export interface OrganizationPolicy {
  readonly resource: DeployedResource;
  readonly document?: DeployedPolicy;
}

/**
 * The denies of resource control policies that surely bind the resources of an account: those that are attached to it in these templates.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export function controlsOver(account: string, policies: readonly OrganizationPolicy[]): Statement[] {
  return policies.filter(({ resource }) => resource.property('Type') === 'RESOURCE_CONTROL_POLICY' && resource.isDeployed === true && [resource.property('TargetIds') ?? []].flat().includes(account))
    .flatMap(({ document }) => document?.policy?.statements ?? []).filter(({ effect }) => effect === 'Deny').map(sparingServiceLinkedRoles);
}

/** Resource control policies do not bind service-linked roles. */
function sparingServiceLinkedRoles(statement: Statement): Statement {
  return { ...statement, conditions: [...statement.conditions, conditionTest('ArnNotLike', 'aws:PrincipalArn', [policyText('arn:*:iam::*:role/aws-service-role/*', false)])] };
}
