import { couldBe } from './could-be';
import { arnPattern, arnSegments, textPattern } from './pattern';
import { IamPrincipal, Principal } from './request';
import { some, Truth } from './truth';
import { beforeUnknown, isUnknown, isWhollyUnknown, unknownKind, unknownText, widest } from './unknown-text';

/** One entry of a `Principal` or `NotPrincipal` element. */
export interface PrincipalPattern {
  readonly kind: string;
  readonly text: string;

  /** The account, where the entry stands for all of its principals. */
  readonly account?: string;
  readonly isEveryone: boolean;

  /** Whether an account that is not known may be any. Otherwise it is taken for one of its own, which proofs can tell apart from all that are known. */
  readonly mayBeAnyAccount?: boolean;
}

const ACCOUNT = /^\d{12}$/;

export function principalPatterns(kind: string, values: readonly string[]): PrincipalPattern[] {
  return values.map((text) => ({ kind, text, account: kind === 'AWS' ? accountOf(text) : undefined, isEveryone: kind === 'AWS' && text === '*' }));
}

/** An account that is not known before deployment is one account, whichever it is. */
function accountOf(text: string): string | undefined {
  const [prefix, , service, region, account, resource] = arnSegments(text);
  const isRoot = prefix === 'arn' && service === 'iam' && region === '' && resource === 'root';
  return isRoot && account ? account : ACCOUNT.test(text) || unknownKind(text) === 'account' ? text : undefined;
}

/**
 * Whether entries name a principal. A role's entry names its sessions; an account's entry names all that belong to it. A canonical user
 * is an account whose number the entry does not tell.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function namesPrincipal(patterns: readonly PrincipalPattern[], principal: Principal): Truth {
  return some(patterns, (pattern) => entryNames(pattern, principal));
}

/**
 * Whether a `NotPrincipal` element spares a principal. A role's session is spared where the role, the session and
 * the account are all listed; where some are missing, AWS says only that the session may be denied.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function sparesPrincipal(patterns: readonly PrincipalPattern[], principal: Principal): Truth {
  const named = namesPrincipal(patterns, principal);
  if (named !== true || principal.kind !== 'iam' || patterns.some(({ isEveryone }) => isEveryone)) {
    return named;
  }
  if (principal.isSessionOpen) {
    return undefined; // the session that calls may not be listed
  }
  const needed = [principal.arn, ...(principal.sessionArn ? [principal.sessionArn] : [])];
  const isComplete = patterns.some(({ account }) => account === principal.account) && needed.every((arn) => arn.endsWith(':root') || patterns.some(({ text }) => text === arn));
  return isComplete ? true : undefined;
}

function entryNames(pattern: PrincipalPattern, principal: Principal): Truth {
  const { kind, text, account, isEveryone } = pattern;
  if (isEveryone) {
    return true;
  }
  if (isUnknown(text)) {
    return isSame(pattern, principal) ? true : couldName(pattern, principal) ? undefined : false;
  }
  switch (principal.kind) {
    case 'anonymous': return false;
    case 'service': return kind === 'Service' && text === principal.service;
    case 'federated': return kind === 'Federated' && text === principal.provider;
    case 'iam': return iamNames(kind, text, account, principal);
  }
}

function iamNames(kind: string, text: string, account: string | undefined, principal: IamPrincipal): Truth {
  switch (kind) {
    case 'AWS': return account !== undefined ? account === principal.account : text === principal.arn || text === principal.sessionArn || (isOpenSession(text, principal) ? undefined : false);
    case 'Federated': return text === principal.provider;
    case 'CanonicalUser': return undefined;
    default: return false;
  }
}

/** Whether an entry names one session of the role whose session is not said. */
function isOpenSession(text: string, principal: IamPrincipal): boolean {
  return principal.isSessionOpen === true && text.startsWith(sessionsOf(principal));
}

/** What the ARNs of all sessions of a role begin with. */
function sessionsOf({ arn, account }: Pick<IamPrincipal, 'arn' | 'account'>): string {
  const [, partition, , , , role] = arnSegments(arn);
  return `arn:${partition}:sts::${account}:assumed-role/${role.split('/').at(-1)}/`;
}

/** Whether an entry names a principal although its text, or a part of it, is not known. */
function isSame({ kind, text, account }: PrincipalPattern, principal: Principal): boolean {
  if (principal.kind === 'service') {
    return kind === 'Service' && text === principal.service;
  }
  return kind === 'AWS' && principal.kind === 'iam' && (account === undefined ? [principal.arn, principal.sessionArn].includes(text) : account === principal.account);
}

/** Whether an entry whose text, or a part of it, is not known could name a principal. */
function couldName(pattern: PrincipalPattern, principal: Principal): boolean {
  const { kind, text, account } = pattern;
  switch (kind) {
    case 'AWS': return (account === undefined && couldBeEveryone(text)) || (principal.kind === 'iam' && couldNameIam(pattern, principal));
    case 'Service': return principal.kind === 'service';
    case 'Federated': return principal.kind === 'federated' || (principal.kind === 'iam' && principal.provider !== undefined);
    default: return principal.kind === 'iam';
  }
}

function couldNameIam({ text, account, mayBeAnyAccount = false }: PrincipalPattern, { arn, sessionArn, isSessionOpen, account: own }: IamPrincipal): boolean {
  if (account !== undefined) {
    return mayBeAnyAccount && (isUnknown(account) || isUnknown(own));
  }
  const mayBeSession = isSessionOpen === true && textPattern(widest(text)).matches(`${sessionsOf({ arn, account: own })}${unknownText('session')}`) !== false;
  return beforeUnknown(text) === '' || mayBeSession || [arn, sessionArn ?? arn].some((one) => isUnknown(one) || arnPattern(text).matches(one) !== false);
}

/** No principal has wildcards in it: only an entry that could be nothing else could be everyone. */
function couldBeEveryone(text: string): boolean {
  return isWhollyUnknown(text) && couldBe(text, '*');
}
