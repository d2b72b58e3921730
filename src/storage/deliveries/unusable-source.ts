import type { DeliveryDetails } from './delivery-source';
import { ServiceDelivery } from '../../aws/services';
import { problemsOf } from '../../guardrails/known-values';
import { ACCOUNT_ID, malformed, ORGANIZATION_ID, REGION } from '../../policy/identifiers';
import { Refusal } from '../../refusal';

const RULE_SET = { what: 'the name of a rule set', pattern: /^[A-Za-z0-9._-]{1,64}$/, example: 'inbound' };
const NAME = { what: 'one name or id', pattern: /^[^\s:*?$]+$/, example: 'audit' };
const SERVICE = { what: 'a service principal', pattern: /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/, example: 'appflow.amazonaws.com' };
const ALL_ACTIONS = ['*', 's3:*', 'kms:*'];

/** What is wrong with what a delivery is described by: as it stands, nothing would arrive, or anybody's would. */
export function unusableSource({ title, caller, bucketActions, objectActions, keyActions }: ServiceDelivery, details: DeliveryDetails): Refusal[] {
  const { sourceAccounts = [], sourceRegions = [], names = [], prefix = '', organizationId, sourceArns = [], ruleSet } = details;
  const empty = (['sourceAccounts', 'sourceRegions', 'names'] as const).filter((prop) => details[prop]?.length === 0);
  const refused = (problems: string[], remedy: string) => problems.map((problem) => ({ problem, remedy }));
  const ofProp = (prop: string, problems: string[], remedy: string) => refused(problems.map((problem) => `'${prop}': ${problem}`), remedy);
  return [
    ...empty.map((prop) => ({
      problem: `${prop === 'names' ? 'the list of names or ids' : `'${prop}'`} is empty, so that ${title} would deliver for nobody.`,
      remedy: 'Name at least one, or leave it out.',
    })),
    ...ofProp('sourceAccounts', problemsOf(sourceAccounts, (id) => malformed(id, ACCOUNT_ID)), 'Name accounts by their numbers: the service must not deliver for any account.'),
    ...ofProp('sourceRegions', problemsOf(sourceRegions, (region) => malformed(region, REGION)), 'Correct it: as it stands, nothing is delivered.'),
    ...refused(problemsOf(names, (name) => malformed(name, NAME)), 'Give the name alone, without an ARN or wildcards.'),
    ...ofProp('ruleSetName', problemsOf(ruleSet === undefined ? [] : [ruleSet], (name) => malformed(name, RULE_SET)), 'Give the name of the rule set, without its rules, or leave it out.'),
    ...ofProp('organizationId', problemsOf(organizationId === undefined ? [] : [organizationId], (id) => malformed(id, ORGANIZATION_ID)), 'Correct it: as it stands, nothing is delivered for the organization.'),
    ...ofProp('sourceArns', problemsOf(sourceArns, (arn) => wrongSource(arn, sourceAccounts)), 'Name what the service delivers for, by patterns of its ARN in an account of the sources.'),
    ...ofProp('prefix', problemsOf([prefix], wrongPrefix), "Give it as the service is told it, such as 'flow-logs'."),
    ...ofProp('service', problemsOf(caller.kind === 'service' ? caller.names : [], (name) => malformed(name, SERVICE)), 'Give the service principal that the documentation of the service names.'),
    ...refused(problemsOf([...bucketActions, ...objectActions, ...keyActions], wrongAction), 'Name the actions that the service needs.'),
  ];
}

function wrongSource(arn: string, accounts: readonly string[]): string | undefined {
  const account = accountInSource(arn);
  return !/^arn:[^:]+:[^:*?]+:/.test(arn) ? `'${arn}' does not say of which service the source is, so that anybody could have the service deliver for them.`
    : account !== undefined && accounts.length > 0 && !accounts.includes(account) ? `'${arn}' is of an account that 'sourceAccounts' leaves out, so that nothing would be delivered for it.` : undefined;
}

/** The number of the account in the ARN of a source, where it is known. */
export function accountInSource(arn: string): string | undefined {
  return /^arn:[^:]+:[^:]+:[^:]*:(\d{12}):/.exec(arn)?.[1];
}

function wrongPrefix(prefix: string): string | undefined {
  return prefix.startsWith('/') || /[*?$]/.test(prefix) ? `'${prefix}' begins with a slash, or has wildcards or variables in it, so that it is not the beginning of the keys that the service writes.` : undefined;
}

function wrongAction(action: string): string | undefined {
  return ALL_ACTIONS.includes(action) ? `the action '${action}' would let a service do everything.` : undefined;
}
