import { own } from '../own';
import { isObject } from '../policy/json';

/** The members of an account that list policies of its organization, by the type of these policies. */
export const CONTROL_TYPES = { serviceControlPolicies: 'SERVICE_CONTROL_POLICY', resourceControlPolicies: 'RESOURCE_CONTROL_POLICY' } as const;

/** A policy as the list of a target has it. */
interface PolicySummary {
  readonly Id: string;
  readonly Name?: string;
  readonly Type?: string;
}

/**
 * What `aws organizations describe-policy` prints.
 *
 * @see https://docs.aws.amazon.com/cli/latest/reference/organizations/describe-policy.html
 */
export interface DescribedPolicy {
  readonly Policy: { readonly PolicySummary: PolicySummary; readonly Content: string };
}

/**
 * What `aws organizations list-policies-for-target` prints: the policies of one level, without their contents.
 *
 * @see https://docs.aws.amazon.com/cli/latest/reference/organizations/list-policies-for-target.html
 */
export interface ListedPolicies {
  readonly Policies: readonly PolicySummary[];
}

/** What is given of organizations, in the assumptions. */
export interface GivenOrganizations {
  readonly accounts?: Readonly<Record<string, { readonly [member in keyof typeof CONTROL_TYPES]?: readonly unknown[] }>>;
  readonly organizationPolicies?: readonly DescribedPolicy[];
}

/** A policy of an organization that is given, and what people call it. */
export interface GivenControl {
  readonly document: unknown;

  /** Where it is given. */
  readonly path: string;

  /** Its name and id, where they are given. */
  readonly name?: string;
}

export function isDescribed(value: unknown): value is DescribedPolicy {
  return isObject(value) && isObject(value.Policy);
}

export function isListed(value: unknown): value is ListedPolicies {
  return isObject(value) && Array.isArray(value.Policies);
}

/** The policies of a kind that are given of an account: one list a level, from the root of the organization to the account. None if nothing is given. */
export function givenControlLevels(given: GivenOrganizations, account: string, member: keyof typeof CONTROL_TYPES): GivenControl[][] {
  const written = own(given.accounts, account)?.[member];
  if (written === undefined) {
    return [];
  }
  const at = written.map((element, i) => ({ element, path: `accounts.${account}.${member}[${i}]` }));
  const flat = at.filter(({ element }) => !isLevel(element)).map(({ element, path }) => controlOf(element, path));
  const nested = at.filter(({ element }) => isLevel(element)).map(({ element, path }) => levelOf(element, path, given));
  return [...nested, ...(flat.length > 0 || nested.length === 0 ? [flat] : [])];
}

function isLevel(element: unknown): boolean {
  return Array.isArray(element) || isListed(element);
}

function levelOf(level: unknown, path: string, { organizationPolicies = [] }: GivenOrganizations): GivenControl[] {
  const described = (summary: PolicySummary) => organizationPolicies.findIndex((one) => isOf(one, summary));
  return isListed(level)
    ? level.Policies.map((summary, i) => managed(summary, `${path}.Policies[${i}]`) ?? controlOf(organizationPolicies[described(summary)], `organizationPolicies[${described(summary)}]`))
    : (level as unknown[]).map((element, i) => controlOf(element, `${path}[${i}]`));
}

function controlOf(element: unknown, path: string): GivenControl {
  return isDescribed(element) ? { document: JSON.parse(element.Policy.Content), path: `${path}.Policy.Content`, name: nameOf(element.Policy.PolicySummary) } : { document: element, path };
}

function isOf({ Policy: { PolicySummary: { Id: id } } }: DescribedPolicy, summary: PolicySummary): boolean {
  return id === summary.Id;
}

function nameOf({ Name: name, Id: id }: PolicySummary): string {
  return name === undefined ? id : `${name}, ${id}`;
}

/**
 * The policies of AWS that let everything through: their contents need not be given.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
function managed(summary: PolicySummary, path: string): GivenControl | undefined {
  const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
  const statement = own({ 'p-FullAWSAccess': allow, 'p-RCPFullAWSAccess': { ...allow, Principal: '*' } }, summary.Id);
  return statement && { document: { Version: '2012-10-17', Statement: [statement] }, path, name: nameOf(summary) };
}

/** What is missing of the policies that the list of a target names: the path in the assumptions, and what to do. */
export function missingContents({ accounts = {}, organizationPolicies = [] }: GivenOrganizations): { path: (string | number)[]; problem: string } | undefined {
  for (const [account, facts] of Object.entries(accounts)) {
    for (const member of Object.keys(CONTROL_TYPES) as (keyof typeof CONTROL_TYPES)[]) {
      for (const [i, level] of (facts[member] ?? []).entries()) {
        const missing = isListed(level) ? level.Policies.find((summary) => !managed(summary, '') && !organizationPolicies.some((one) => isOf(one, summary))) : undefined;
        if (missing) {
          const command = `aws organizations describe-policy --policy-id ${missing.Id}`;
          return { path: ['accounts', account, member, i], problem: `names the policy ${nameOf(missing)}, whose content is not given: add to 'organizationPolicies' what \`${command}\` prints.` };
        }
      }
    }
  }
  return undefined;
}
