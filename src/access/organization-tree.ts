import type { AccountJson } from './assumptions-format';
import { own } from '../own';
import { jsonText } from '../policy/json';
import { isUnknown } from '../policy/unknown-text';
import type { DeployedResource, Deployment } from '../template/deployment';
import { resolveValue } from '../template/intrinsics';

/** Where an account is in its organization, as far as templates say. */
export interface PlaceInTemplates {
  /** What is above the account: ids of units and of the root, those that AWS draws as they stand for them. */
  readonly above: readonly string[];

  /** Whether that is all, up to the root. */
  readonly isWhole: boolean;

  /** Ids that resources of the templates have, each its own: two of them are never the same. */
  readonly drawn: ReadonlySet<string>;
}

/** What is known of an account and its organization, for the policies above it. */
export interface AccountPlace extends Pick<AccountJson, 'organizationId' | 'organizationPath' | 'isManagementAccount'> {
  readonly inTemplates?: PlaceInTemplates;

  /** Accounts of which it is known that they manage an organization. */
  readonly managementAccounts?: ReadonlySet<string>;
}

/** What is given of an account, and what templates say of its place. */
export function placeOf(deployment: Deployment, accounts: Readonly<Record<string, AccountJson>> | undefined, account: string): AccountPlace {
  const given = own(accounts, account) ?? {};
  const managementAccounts = new Set([
    ...Object.entries(accounts ?? {}).filter(([, { isManagementAccount }]) => isManagementAccount).map(([id]) => id),
    ...deployment.ofType('AWS::Organizations::Organization').filter(({ isDeployed }) => isDeployed).map(({ stack }) => stack.account),
  ]);
  const inTemplates = placeInTemplates(deployment, account);
  return { ...given, isManagementAccount: given.isManagementAccount ?? (managementAccounts.has(account) || undefined), managementAccounts, inTemplates };
}

/**
 * The units above an account that is made in the templates: from its parent to the root. Whose id AWS draws is known by its resource.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html
 */
function placeInTemplates(deployment: Deployment, account: string): PlaceInTemplates | undefined {
  const made = deployment.ofType('AWS::Organizations::Account').find((resource) => resource.isDeployed === true && idsOf(resource).includes(account));
  if (made === undefined || isUnknown(account)) {
    return undefined;
  }
  const units = deployment.ofType('AWS::Organizations::OrganizationalUnit');
  const drawn = new Set([...units, ...deployment.ofType('AWS::Organizations::Account')].flatMap(idsOf));
  const above: string[] = [];
  const next = [made.property('ParentIds') ?? []].flat();
  while (next.length === 1 && !above.includes(jsonText(next[0]))) {
    const id = jsonText(next.pop());
    const unit = units.find((one) => one.isDeployed === true && idsOf(one).includes(id));
    above.push(...new Set([id, ...(unit ? idsOf(unit) : [])]));
    next.push(...(unit ? [unit.property('ParentId') ?? []].flat() : []));
  }
  return { above, drawn, isWhole: above.some(isRoot) };
}

/** Whether a target of a policy might be one of those that are above an account, of which none is the same text. */
export function mightBeAbove(target: string, { above, isWhole, drawn }: PlaceInTemplates): boolean {
  return !isWhole || above.some((one) => !areDifferent(one, target, drawn));
}

/** Ids that are written out, and those of two resources, are different if their texts are; a root is no unit. */
function areDifferent(one: string, other: string, drawn: ReadonlySet<string>): boolean {
  const areKnown = !isUnknown(one) && !isUnknown(other);
  const areOfResources = drawn.has(one) && drawn.has(other);
  const isRootAndUnit = [[one, other], [other, one]].some(([root, unit]) => isRoot(root) && drawn.has(unit));
  return areKnown || areOfResources || isRootAndUnit;
}

function isRoot(id: string): boolean {
  return /^r-[0-9a-z]{4,32}$/.test(id);
}

/** What refers to a unit or an account, as it is resolved: two ways to write the same id. */
function idsOf({ type, logicalId, stack }: DeployedResource): string[] {
  const attribute = type === 'AWS::Organizations::Account' ? 'AccountId' : 'Id';
  return [{ Ref: logicalId }, { 'Fn::GetAtt': [logicalId, attribute] }].map((reference) => jsonText(resolveValue(reference, stack)));
}
