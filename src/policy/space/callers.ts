import { ResourceFacts, Choice, Facet, once, present } from './facet';
import { Mentions } from './mentions';
import { arnSegments, literalPattern } from '../pattern';
import { representatives } from '../representatives';
import { iamPrincipal } from '../request';
import { UNKNOWN_ACCOUNT } from '../unknown-text';

const OWNED = new Set([
  'aws:principalarn', 'aws:principalaccount', 'aws:principalorgid', 'aws:principalorgpaths', 'aws:principalisawsservice', 'aws:principalservicename',
  'aws:principalservicenameslist', 'aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths', 'aws:sourceowner', 'kms:calleraccount',
]);
const FOREIGN_ACCOUNT = '999988887777';
const FRESH_ORGANIZATION = 'o-another0rg';

/** Stands for any AWS service that is not mentioned. */
export const FRESH_SERVICE = 'another-service.amazonaws.com';

/** Who may call: principals of IAM in this account and in others, AWS services, and anonymous callers. */
export function callers(mentions: Mentions, bucket: ResourceFacts): Facet {
  const iam = iamCallers(mentions, bucket);
  const services = serviceCallers(mentions, bucket);
  return {
    name: 'caller',
    owns: (key) => OWNED.has(key),
    choices: [...iam.choices, ...services, anonymous(mentions)],
    goesWith: () => true,
    isExact: iam.isExact && mentions.isExact(...OWNED),
  };
}

function iamCallers(mentions: Mentions, bucket: ResourceFacts): { choices: Choice[]; isExact: boolean } {
  const { accounts, isExact } = callingAccounts(mentions, bucket);
  const named = mentions.principals.filter(({ kind }) => kind === 'AWS').map(({ text }) => literalPattern(text));
  const patterns = [...mentions.patternsOf('aws:principalarn'), ...named];
  const sessions = named.filter(({ text }) => /:assumed-role\//.test(text)).map(({ text }) => iamPrincipal(text));
  const arns = accounts.flatMap((account) => {
    const prefix = `arn:${bucket.partition}:iam::${account}:`;
    const roles = representatives([...patterns, ...sessions.map(({ arn }) => literalPattern(arn))], 'Anyone', `${prefix}role/`);
    const users = representatives(patterns, 'Anyone', `${prefix}user/`);
    return [...roles.values, ...users.values, `${prefix}root`].map((arn) => ({ arn, isExact: roles.isExact && users.isExact }));
  });
  const principals = [...arns.map(({ arn }) => iamPrincipal(arn)), ...sessions];
  return {
    isExact: isExact && arns.every((arn) => arn.isExact),
    choices: principals.flatMap((principal) => organizations(mentions).map((organization) => ({
      kind: 'iam',
      principal,
      context: present({ 'aws:principalarn': principal.arn, 'aws:principalaccount': principal.account, 'aws:principalisawsservice': 'false', ...callerAccount(mentions, principal.account), ...organization }),
    }))),
  };
}

/** What KMS calls the account of a caller. */
function callerAccount(mentions: Mentions, account: string): Record<string, string> {
  return mentions.has('kms:calleraccount') ? { 'kms:calleraccount': account } : {};
}

/** The bucket's account, those that are mentioned, and one that is not. */
function callingAccounts(mentions: Mentions, bucket: ResourceFacts): { accounts: string[]; isExact: boolean } {
  const arns = [...mentions.principals.map(({ text }) => text), ...mentions.patternsOf('aws:principalarn').map(({ text }) => text)];
  const inArns = arns.map((arn) => arnSegments(arn)[4]).filter((account) => account !== undefined && account !== '');
  const named = mentions.principals.flatMap(({ account }) => account ?? []);
  const partial = inArns.filter((account) => /[*?]/.test(account) && account !== '*');
  const literal = inArns.filter((account) => !/[*?]/.test(account));
  const foreign = unlike([...literal, ...named]);
  const [{ values, isExact }, ofKms] = ['aws:principalaccount', 'kms:calleraccount'].map((key) => mentions.classesOf(key, foreign));
  const accounts = [bucket.account, foreign, ...named, ...literal, ...partial.map(fillAccount), ...values, ...ofKms.values];
  return { accounts: [...new Set(accounts)], isExact: isExact && ofKms.isExact && partial.length === 0 };
}

/** An account that is none of others. */
function unlike(others: readonly string[]): string {
  let account = BigInt(FOREIGN_ACCOUNT);
  while (others.includes(String(account))) {
    account--;
  }
  return String(account);
}

/** An account id that a pattern with wildcards matches. */
function fillAccount(pattern: string): string {
  const digits = pattern.replace(/\?/g, '5');
  return digits.replace(/\*/, '5'.repeat(Math.max(0, 13 - digits.length))).replace(/\*/g, '');
}

function organizations(mentions: Mentions, id = 'aws:principalorgid', path = 'aws:principalorgpaths'): Record<string, string | readonly string[] | undefined>[] {
  if (!mentions.has(id) && !mentions.has(path)) {
    return [{}];
  }
  const paths = mentions.has(path) ? mentions.allClassesOf(path, `${FRESH_ORGANIZATION}/r-root/ou-unit/`).values : [];
  const ids = mentions.classesOf(id, FRESH_ORGANIZATION).values;
  const inside = [...paths, ...ids.map((organization) => `${organization}/r-root/ou-unit/`)];
  return [...inside.map((inPath) => ({ [id]: inPath.split('/')[0], [path]: [inPath] })), { [id]: undefined, [path]: undefined }];
}

/** AWS services that call by themselves, for a resource of some account or for nobody in particular. */
function serviceCallers(mentions: Mentions, bucket: ResourceFacts): Choice[] {
  const services = [
    ...mentions.principals.filter(({ kind }) => kind === 'Service').map(({ text }) => text),
    ...mentions.classesOf('aws:principalservicename', FRESH_SERVICE).values,
    ...mentions.classesOf('aws:principalservicenameslist', FRESH_SERVICE).values,
  ];
  const accounts = mentions.has('aws:sourceaccount') || mentions.has('aws:sourceowner')
    ? [bucket.account, ...mentions.classesOf('aws:sourceaccount', FOREIGN_ACCOUNT).values, undefined]
    : [undefined];
  const fresh = `arn:${bucket.partition}:any:eu-west-1:${FOREIGN_ACCOUNT}:resource`;
  const arns: readonly (readonly (string | undefined)[])[] = [...(mentions.has('aws:sourcearn') ? mentions.groupsOf('aws:sourcearn', fresh) : []), [undefined]];
  const sources = [...new Set(accounts)].flatMap((account) => arns.map((group) => ({ account, group: group.filter((arn) => isConsistent(arn, account)) })));
  const isToldApart = mentions.isToldApart('aws:sourcearn');
  return [...new Set(services)].flatMap((service) => sources.filter(({ group }) => group.length > 0).flatMap(({ account, group: [arn, ...others] }) =>
    organizations(mentions, 'aws:sourceorgid', 'aws:sourceorgpaths').map((organization) => {
      const of = (sourceArn: string | undefined) => serviceCaller(service, { 'aws:sourceaccount': account, 'aws:sourceowner': account, 'aws:sourcearn': sourceArn, ...organization });
      return isToldApart ? { ...of(arn), alike: once(() => others.map(of)) } : of(arn);
    })));
}

function serviceCaller(service: string, source: Record<string, string | readonly string[] | undefined>): Choice {
  return {
    kind: 'service',
    principal: { kind: 'service', service },
    context: present({ 'aws:principalisawsservice': 'true', 'aws:principalservicename': service, 'aws:principalservicenameslist': [service], ...source }),
  };
}

/** The account in a resource's ARN is the account for which the service calls, even where it is not known yet. */
function isConsistent(arn: string | undefined, account: string | undefined): boolean {
  const inArn = arn === undefined ? undefined : arnSegments(arn)[4];
  const isOne = inArn === UNKNOWN_ACCOUNT || /^\d{12}$/.test(inArn ?? '');
  return account === undefined || !isOne || inArn === account;
}

/**
 * Nobody: the request is not signed, and says nothing of a principal.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
 */
function anonymous(mentions: Mentions): Choice {
  return { kind: 'anonymous', principal: { kind: 'anonymous' }, context: present(mentions.has('aws:principalaccount') ? { 'aws:principalaccount': 'anonymous' } : {}) };
}
