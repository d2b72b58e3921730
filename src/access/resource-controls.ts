import { AccountPlace, mightBeAbove } from './organization-tree';
import { conditionTest } from '../policy/condition';
import { parsePolicy, Policy, Statement } from '../policy/document';
import { jsonText } from '../policy/json';
import { every, Truth } from '../policy/truth';
import { UNKNOWN_ACCOUNT } from '../policy/unknown-text';
import { policyText } from '../policy/variables';
import type { DeployedPolicy } from '../template/deployed-policy';
import type { DeployedResource } from '../template/deployment';
import { isUnknownValue } from '../template/settings';

/** A policy of an organization, with its document if it can be read. */
export interface OrganizationPolicy {
  readonly resource: DeployedResource;
  readonly document?: DeployedPolicy;
}

/** What is given of an account: its place in the organization, and the resource control policies above it. */
export interface GivenControls extends AccountPlace {
  readonly documents: readonly Policy[];
}

/** A resource control policy of which it is not known whether it binds an account. */
export interface PossibleControl {
  /** What it would deny; undefined if it cannot be read. */
  readonly denies: readonly Statement[] | undefined;

  /** On what it depends. */
  readonly doubt: string;
}

/**
 * The denies of resource control policies that surely bind the resources of an account: those that templates attach to it or above it,
 * and those that are given. They do not bind the management account.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export function controlsOver(account: string, policies: readonly OrganizationPolicy[], given?: GivenControls): Statement[] {
  if (isUnbound(given)) {
    return [];
  }
  const deployed = policies.filter(({ resource }) => binds(resource, account, given) === true).flatMap(({ document }) => document?.policy ?? []);
  return deniesOfControls([...deployed, ...given?.documents ?? []]);
}

/** Resource control policies that may bind the resources of an account, and may not: those that AWS Organizations would refuse among them. */
export function possibleControlsOver(account: string, policies: readonly OrganizationPolicy[], given?: GivenControls): PossibleControl[] {
  return isUnbound(given) ? [] : policies.flatMap(({ resource, document }): PossibleControl[] => {
    const truth = binds(resource, account, given);
    if (truth === false || document === undefined || (truth === true && document.policy)) {
      return [];
    }
    const { refusal, unknown, resource: { path } } = document;
    const doubt = refusal ? `AWS Organizations would refuse the policy ${path} (${refusal.message})` : unknown ?? `it is not known whether the policy ${path} binds the account ${account}: ${whyNotKnown(resource, account, given)}`;
    return [{ denies: deniesAsWritten(document), doubt }];
  });
}

/** On what it depends whether a policy binds an account, and where that is given. */
function whyNotKnown(resource: DeployedResource, account: string, given: GivenControls | undefined): string {
  return isAttachedAbove(resource, account, given) === undefined ? `it does if the account lies below what it is attached to ('accounts.${account}.organizationPath')`
    : isMember(resource, account, given) === undefined ? `it does unless that is the management account ('accounts.${account}.isManagementAccount')`
      : 'its type, or whether it is deployed, is not known before deployment';
}

/** What a policy denies, whether AWS Organizations takes it or not. */
function deniesAsWritten({ policy, refusal, text }: DeployedPolicy): Statement[] | undefined {
  try {
    return policy ? deniesOf(policy) : refusal && deniesOf(parsePolicy(JSON.parse(text)));
  } catch {
    return undefined;
  }
}

function isUnbound(given: GivenControls | undefined): boolean {
  return given?.isManagementAccount === true || given?.organizationId === null;
}

function binds(resource: DeployedResource, account: string, given: GivenControls | undefined): Truth {
  const type = resource.property('Type');
  const isControl = isUnknownValue(type) ? undefined : type === 'RESOURCE_CONTROL_POLICY';
  return every([isControl, resource.isDeployed, isAttachedAbove(resource, account, given), isMember(resource, account, given)], (truth) => truth);
}

/**
 * Whether an account is not the management account, which these policies do not bind. It or a delegated administrator makes the policies. Of an
 * account that is given in a unit, that would be said, too; directly below the root, where most management accounts are, it is not known. One that a template makes is a member.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
 */
export function isMember({ stack }: DeployedResource, account: string | undefined, place: AccountPlace | undefined): Truth {
  const isManagedByMaker = stack.account !== account && place?.managementAccounts?.has(stack.account) === true;
  const isSaid = place?.isManagementAccount === false || place?.organizationPath?.includes('/ou-') === true || place?.inTemplates !== undefined;
  return isSaid || isManagedByMaker ? true : undefined;
}

/** Whether a policy of an organization is attached to an account, or to a root or unit above it. */
export function isAttachedAbove(policy: DeployedResource, account: string | undefined, { organizationPath, inTemplates }: AccountPlace = {}): Truth {
  const targets = [policy.property('TargetIds') ?? []].flat().map((target: unknown) => ({ id: jsonText(target), isKnown: !isUnknownValue(target) }));
  const around = organizationPath?.split('/').slice(1).filter((unit) => unit !== '');
  if (account !== undefined && targets.some(({ id }) => id === account || around?.includes(id) || inTemplates?.above.includes(id))) {
    return true;
  }
  const isOpen = targets.length > 0 && (account === undefined || account === UNKNOWN_ACCOUNT);
  const isElsewhere = ({ id, isKnown }: typeof targets[number]) =>
    (isKnown && (/^\d{12}$/.test(id) || around !== undefined)) || (inTemplates !== undefined && !mightBeAbove(id, inTemplates));
  return isOpen || !targets.every(isElsewhere) ? undefined : false;
}

/** What resource control policies deny to those whom they bind. */
export function deniesOfControls(policies: readonly Policy[]): Statement[] {
  return policies.flatMap(deniesOf);
}

function deniesOf({ statements }: Policy): Statement[] {
  return statements.filter(({ effect }) => effect === 'Deny').map(sparingServiceLinkedRoles);
}

/** Resource control policies do not bind service-linked roles. */
function sparingServiceLinkedRoles(statement: Statement): Statement {
  return { ...statement, conditions: [...statement.conditions, conditionTest('ArnNotLike', 'aws:PrincipalArn', [policyText('arn:*:iam::*:role/aws-service-role/*', false)])] };
}
