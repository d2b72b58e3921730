import { allOf, AWS_SERVICE, noneOf, NO_AWS_SERVICE } from './callers';
import { CALLING_SERVICES, deliveringAccountWords, exceptFor, exemptWords, insiderWords, MENTIONED_NETWORKS, MENTIONED_ORGANIZATIONS, SERVICES_FOR_PRINCIPALS } from './exception-words';
import { Exempt, exemptionsOf, ofNobodyExempt, ofNobodyUnsafe, withoutOpen } from './exemptions';
import { fixedAccountOf, isPattern, OWN_ORGANIZATION, spared, sparedIds, sparedPaths, sparedValues, testsOf, textsOf } from './mentioned-values';
import { DELIVERING_ACCOUNTS } from '../aws/services';
import { Policy, Statement } from '../policy/document';
import { actionApplies } from '../policy/evaluate';
import { narrowRanges } from '../policy/ip-range';
import { arnSegments } from '../policy/pattern';
import { isUnknown } from '../policy/unknown-text';
import { Conditions, Guarantee, RequestDescription } from '../proof/guarantee';
import { ResourceFacts } from '../proof/part';

/** Condition keys, in lower case, that say through which network a request comes. */
const NETWORK_KEYS = ['aws:sourcevpce', 'aws:sourcevpc', 'aws:sourcevpcarn', 'aws:sourceip', 'aws:vpcsourceip', 'aws:vpceaccount', 'aws:vpceorgid', 'aws:vpceorgpaths'];
const ADDRESS_KEYS = ['aws:sourceip', 'aws:vpcsourceip'];
const ORGANIZATION_KEYS = ['aws:principalorgid', 'aws:principalorgpaths'];
const SERVICE_SOURCE_KEYS = ['aws:sourceorgid', 'aws:sourceorgpaths'];

const SERVICE_LINKED_ROLES = 'arn:*:iam::*:role/aws-service-role/*'; // with which services call, and nobody else

/** What the denies of a policy seem to be meant for. */
export interface PerimeterIntent {
  /** The denies that restrict the network. */
  readonly network: readonly Statement[];

  /** The denies that restrict principals to organizations. */
  readonly organization: readonly Statement[];

  /** The denies that restrict services to those which call for organizations. */
  readonly serviceSource: readonly Statement[];
}

export function perimeterIntent({ statements }: Policy): PerimeterIntent {
  const denies = statements.filter(({ effect }) => effect === 'Deny');
  const mentioning = (keys: readonly string[]) => denies.filter((deny) => testsOf([deny], keys).length > 0 && !isAgainstSome(deny, keys));
  return { network: mentioning(NETWORK_KEYS), organization: mentioning(ORGANIZATION_KEYS), serviceSource: mentioning(SERVICE_SOURCE_KEYS) };
}

/** Whether a deny is for some networks or organizations and spares nobody by name: it keeps them out, and lets nobody else in. */
function isAgainstSome(deny: Statement, keys: readonly string[]): boolean {
  const isPositive = testsOf([deny], keys).every(({ operator, operatorName }) => operator !== undefined && !operator.negated && !/ifexists$|^forallvalues:/i.test(operatorName));
  const sparesServices = testsOf([deny], ['aws:principalisawsservice']).some((test) => textsOf(test).includes('false'));
  return isPositive && !sparesServices && !sparesSomebody([deny]);
}

/** Whether address ranges are all that a network perimeter knows. */
export function isAddressOnly(network: readonly Statement[]): boolean {
  const keys = network.flatMap(({ conditions }) => conditions).map(({ key }) => key).filter((key) => NETWORK_KEYS.includes(key));
  return keys.length > 0 && keys.every((key) => ADDRESS_KEYS.includes(key));
}

/**
 * Nobody is let through from elsewhere, for what the denies are about, than the networks that the denies mention, but whom they exempt by something that only they can
 * have. Other exemptions are for callers whom the policy knows: outsiders must not pass by them. What all roles, users or federated users of an
 * account meet is no exemption. Private addresses are the same in every VPC, and are no network of anybody.
 *
 * @param all all denies that bind the bucket
 */
export function networkAsMeant(denies: readonly Statement[], all: readonly Statement[], facts: ResourceFacts): Guarantee {
  const { account } = facts;
  const exempt = exemptionsOf(denies, facts, false);
  const sparesServiceCalls = testsOf(denies, ['aws:viaawsservice']).length > 0;
  const outsideBut = (those: Exempt) => allOf(NO_AWS_SERVICE, ...outsideNetworks(networks), ...ofNobodyExempt(those), sparesServiceCalls ? { Bool: { 'aws:ViaAWSService': 'false' } } : {});
  const binding = all.filter(({ effect }) => effect === 'Deny');
  const insiders = organizationMembers(binding);
  const areRolesOfServicesSpared = exempt.unsafe.size > 0 && spared(binding, 'aws:principalarn').some(isServiceLinked);
  const deliveringAccounts = sparedIds(denies, 'aws:principalaccount').filter((one) => DELIVERING_ACCOUNTS.has(one));
  const outsider = allOf(
    noneOf('StringNotEquals', 'aws:PrincipalOrgID', insiders.ids),
    noneOf('ForAllValues:StringNotLike', 'aws:PrincipalOrgPaths', insiders.paths),
    noneOf('StringNotEquals', 'aws:PrincipalAccount', [account, ...insiders.accounts, ...deliveringAccounts]),
    areRolesOfServicesSpared ? { ArnNotEquals: { 'aws:PrincipalArn': SERVICE_LINKED_ROLES } } : {},
  );
  const nobodyDelivering = noneOf('StringNotEquals', 'aws:PrincipalAccount', deliveringAccounts);
  const exceptions = [
    CALLING_SERVICES,
    ...(sparesServiceCalls ? [SERVICES_FOR_PRINCIPALS] : []),
    ...exemptWords(exempt),
    ...deliveringAccounts.map(deliveringAccountWords),
    ...insiderWords(exempt.unsafe, [...insiders.ids, ...insiders.paths, ...insiders.accounts], isServiceLinked),
    ...(areRolesOfServicesSpared ? ['service-linked roles of all accounts'] : []),
    ...(sparedIds(denies, 'aws:sourcevpc').length > 0 || spared(denies, 'aws:sourcevpcarn').some(isOfAnyRegion) ? ['VPCs of other Regions with the same ids'] : []),
  ];
  const { Action, Resource } = singleActions(denies, facts);
  const networks = networksOf(denies);
  const meant = { ...(Action && { Action }), ...(Resource && { Resource }) };
  const breaches = (outside: Conditions) => [
    { ...described(outside, nobodyDelivering, ...ofNobodyUnsafe(exempt)), ...meant },
    ...(exempt.unsafe.size === 0 ? [] : [{ ...described(outside, outsider), ...meant }]),
  ];
  return {
    sentence: `Requests${Action ? ` for ${Action.join(', ')}` : ''}${Resource ? ` on ${Resource.join(', ')}` : ''} from outside ${MENTIONED_NETWORKS} are denied${exceptFor(exceptions)}.`,
    members: networkWords(networks),
    openTo: exempt.open,
    breaches: breaches(outsideBut(exempt)),
    breachesByOpen: exempt.open.length === 0 ? undefined : breaches(outsideBut(withoutOpen(exempt))),
  };
}

/**
 * What denies are about that name single actions, such as deletions: they are meant for these alone, and for the objects that they name. One deny that names all
 * actions, or all but some, is meant for everything; so is one for reads, which would leave versions and lists of the same data open.
 */
function singleActions(denies: readonly Statement[], { objects }: ResourceFacts): { readonly Action?: readonly string[]; readonly Resource?: readonly string[] } {
  const actions = denies.flatMap(({ action }) => action.members.map(({ text }) => text)).filter((action) => /^s3:/i.test(action)); // of others, this is no promise
  const areReadsMeant = denies.some((deny) => actionApplies(deny, { action: 's3:GetObject' }) !== false);
  if (areReadsMeant || denies.some(({ action }) => action.isInverted) || actions.length === 0) {
    return {};
  }
  const resources = denies.flatMap(({ resource }) => (resource === undefined || resource.isInverted ? [''] : resource.members.map(({ text }) => text.source)));
  const areSomeObjects = resources.every((resource) => resource.startsWith(objects) && !isUnknown(resource) && !resource.includes('${') && !/^\*+$/.test(resource.slice(objects.length)));
  return { Action: [...new Set(actions)], ...(areSomeObjects ? { Resource: [...new Set(resources)] } : {}) };
}

/** No caller outside the organizations and accounts that the denies mention is let through; the owner's account is never outside. */
export function organizationAsMeant(denies: readonly Statement[], facts: ResourceFacts): Guarantee {
  const { account } = facts;
  const { ids, paths, accounts } = organizationMembers(denies);
  const exempt = exemptionsOf(denies, facts, true);
  const exceptions = [CALLING_SERVICES, "principals of the bucket's account", ...accounts.map((one) => `principals of ${one}`), ...exemptWords(exempt)];
  const outsiders = (those: Exempt) => described(
    NO_AWS_SERVICE,
    noneOf('StringNotEquals', 'aws:PrincipalOrgID', ids),
    noneOf('ForAllValues:StringNotLike', 'aws:PrincipalOrgPaths', paths),
    noneOf('StringNotEquals', 'aws:PrincipalAccount', [account, ...accounts]),
    ...ofNobodyExempt(those),
  );
  return {
    sentence: `Callers from outside ${MENTIONED_ORGANIZATIONS} are denied${exceptFor(exceptions)}.`,
    members: organizationWords(ids, paths),
    openTo: exempt.open,
    breaches: [outsiders(exempt)],
    breachesByOpen: exempt.open.length === 0 ? undefined : [outsiders(withoutOpen(exempt))],
  };
}

/** No AWS service is let through that calls for an account outside the organizations that the denies mention. */
export function serviceSourceAsMeant(denies: readonly Statement[], { account }: ResourceFacts): Guarantee {
  const accounts = [account, ...spared(denies, 'aws:sourceaccount', 'aws:sourceowner').filter((text) => !isPattern(text))];
  const arns = sparedValues(denies, 'aws:sourcearn').map(({ text }) => text).filter((arn) => accounts.includes(fixedAccountOf(arn) ?? ''));
  const [ids, paths] = [sparedIds(denies, 'aws:sourceorgid'), sparedPaths(denies, 'aws:sourceorgpaths')];
  const exceptions = ['services that do not say for which account they call', "calls for the bucket's account", ...[...accounts.slice(1), ...arns].map((one) => `calls for ${one}`)];
  return {
    sentence: `AWS services that call for an account outside ${MENTIONED_ORGANIZATIONS} are denied${exceptFor(exceptions)}.`,
    members: organizationWords(ids, paths),
    breaches: [described(
      AWS_SERVICE,
      { Null: { 'aws:SourceAccount': 'false' } },
      noneOf('StringNotEquals', 'aws:SourceOrgID', ids),
      noneOf('ForAllValues:StringNotLike', 'aws:SourceOrgPaths', paths),
      noneOf('StringNotEquals', 'aws:SourceAccount', accounts),
      noneOf('ArnNotLike', 'aws:SourceArn', arns),
    )],
  };
}

/** Requests that meet all of some conditions, which may name the organization of the bucket. */
function described(...conditions: readonly Conditions[]): RequestDescription {
  const Condition = allOf(...conditions);
  return JSON.stringify(Condition).includes(OWN_ORGANIZATION) ? { Version: '2012-10-17', Condition } : { Condition };
}

/** Whether denies spare some principal that they name: a role, a user, the bearer of a tag. */
function sparesSomebody(denies: readonly Statement[]): boolean {
  const keys = denies.flatMap(({ conditions }) => conditions).map(({ key }) => key).filter((key) => /^aws:(?:principalarn|userid|username|principaltag\/.*)$/.test(key));
  return testsOf(denies, keys).some(({ operator }) => operator?.negated) || denies.some(({ principal }) => principal?.isInverted);
}

/** The networks that denies let through. */
interface Networks {
  readonly endpoints: readonly string[];
  readonly vpcs: readonly string[];
  readonly vpcArns: readonly string[];
  readonly accounts: readonly string[];
  readonly organizations: readonly string[];
  readonly paths: readonly string[];
  readonly ranges: readonly string[];
}

function networksOf(denies: readonly Statement[]): Networks {
  return {
    endpoints: sparedIds(denies, 'aws:sourcevpce'),
    vpcs: sparedIds(denies, 'aws:sourcevpc'),
    vpcArns: sparedValues(denies, 'aws:sourcevpcarn').map(({ text }) => text).filter((arn) => fixedAccountOf(arn) !== undefined || namesVpc(arn)),
    accounts: sparedIds(denies, 'aws:vpceaccount'),
    organizations: sparedIds(denies, 'aws:vpceorgid'),
    paths: sparedPaths(denies, 'aws:vpceorgpaths'),
    ranges: narrowRanges(spared(denies, 'aws:sourceip')),
  };
}

/** Requests that come from none of some networks. */
function outsideNetworks({ endpoints, vpcs, vpcArns, accounts, organizations, paths, ranges }: Networks): Conditions[] {
  return [
    noneOf('StringNotEquals', 'aws:SourceVpce', endpoints),
    noneOf('StringNotEquals', 'aws:SourceVpc', vpcs),
    noneOf('ArnNotLike', 'aws:SourceVpcArn', vpcArns),
    noneOf('StringNotEquals', 'aws:VpceAccount', accounts),
    noneOf('StringNotEquals', 'aws:VpceOrgID', organizations),
    noneOf('ForAllValues:StringNotLike', 'aws:VpceOrgPaths', paths),
    noneOf('NotIpAddress', 'aws:SourceIp', ranges),
  ];
}

function networkWords({ endpoints, vpcs, vpcArns, accounts, organizations, paths, ranges }: Networks): string[] {
  const ofTheirs = [...accounts, ...organizationWords(organizations, paths)].map((one) => `endpoints of ${one}`);
  return [...endpoints, ...vpcs, ...vpcArns, ...ofTheirs, ...ranges];
}

function organizationWords(ids: readonly string[], paths: readonly string[]): string[] {
  return [...ids.map((id) => (id === OWN_ORGANIZATION ? "the bucket's organization" : id)), ...paths];
}

/** Organizations and accounts whose members denies let through. */
function organizationMembers(denies: readonly Statement[]): { ids: readonly string[]; paths: readonly string[]; accounts: readonly string[] } {
  const organization = denies.filter(({ conditions }) => conditions.some(({ key }) => ORGANIZATION_KEYS.includes(key)));
  return {
    ids: sparedIds(organization, 'aws:principalorgid'),
    paths: sparedPaths(organization, 'aws:principalorgpaths'),
    accounts: sparedIds(organization, 'aws:principalaccount'),
  };
}

/** Whether an ARN, as a pattern, tells the id of a VPC, which no other VPC of the same Region has. */
function namesVpc(arn: string): boolean {
  return /^vpc\/[^*?]+$/.test(arnSegments(arn)[5] ?? '');
}

function isOfAnyRegion(arn: string): boolean {
  return namesVpc(arn) && fixedAccountOf(arn) === undefined && isPattern(arnSegments(arn)[3]);
}

function isServiceLinked(arn: string): boolean {
  return /^role\/aws-service-role\//.test(arnSegments(arn)[5] ?? '');
}
