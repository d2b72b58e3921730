import type { AccountJson } from './assumptions-format';
import { conditionTest } from '../policy/condition';
import { Policy, Statement } from '../policy/document';
import { policyText } from '../policy/variables';
import type { DeployedPolicy } from '../template/deployed-policy';
import type { DeployedResource } from '../template/deployment';

/** A policy of an organization, with its document if it can be read. */
export interface OrganizationPolicy {
  readonly resource: DeployedResource;
  readonly document?: DeployedPolicy;
}

/** What is given of an account: its place in the organization, and the resource control policies above it. */
export interface GivenControls extends Pick<AccountJson, 'organizationId' | 'organizationPath' | 'isManagementAccount'> {
  readonly documents: readonly Policy[];
}

/**
 * The denies of resource control policies that surely bind the resources of an account: those that templates attach to it or above it,
 * and those that are given. They do not bind the management account.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export function controlsOver(account: string, policies: readonly OrganizationPolicy[], given?: GivenControls): Statement[] {
  if (given?.isManagementAccount || given?.organizationId === null) {
    return [];
  }
  const around = [account, ...(given?.organizationPath?.split('/').slice(1).filter((unit) => unit !== '') ?? [])];
  const isAbove = (resource: DeployedResource) => [resource.property('TargetIds') ?? []].flat().some((target) => around.includes(target));
  return policies.filter(({ resource }) => resource.property('Type') === 'RESOURCE_CONTROL_POLICY' && resource.isDeployed === true && isAbove(resource))
    .flatMap(({ document }) => document?.policy ?? []).concat(given?.documents ?? []).flatMap(({ statements }) => statements).filter(({ effect }) => effect === 'Deny').map(sparingServiceLinkedRoles);
}

/** Resource control policies do not bind service-linked roles. */
function sparingServiceLinkedRoles(statement: Statement): Statement {
  return { ...statement, conditions: [...statement.conditions, conditionTest('ArnNotLike', 'aws:PrincipalArn', [policyText('arn:*:iam::*:role/aws-service-role/*', false)])] };
}
