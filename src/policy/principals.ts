import { IamPrincipal, Principal } from './request';
import { some, Truth } from './truth';
import { isUnknown } from './unknown-text';

/** One entry of a `Principal` or `NotPrincipal` element. */
export interface PrincipalPattern {
  readonly kind: string;
  readonly text: string;

  /** The account, where the entry stands for all of its principals. */
  readonly account?: string;
  readonly isEveryone: boolean;
}

const ACCOUNT = /^(?:arn:[^:]*:iam::([^:]+):root|(\d{12}))$/;

export function principalPatterns(kind: string, values: readonly string[]): PrincipalPattern[] {
  return values.map((text) => {
    const account = kind === 'AWS' ? ACCOUNT.exec(text) : null;
    return { kind, text, account: account?.[1] ?? account?.[2], isEveryone: kind === 'AWS' && text === '*' };
  });
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
  const needed = [principal.arn, ...(principal.sessionArn ? [principal.sessionArn] : [])];
  const isComplete = patterns.some(({ account }) => account === principal.account) && needed.every((arn) => arn.endsWith(':root') || patterns.some(({ text }) => text === arn));
  return isComplete ? true : undefined;
}

function entryNames({ kind, text, account, isEveryone }: PrincipalPattern, principal: Principal): Truth {
  if (isEveryone) {
    return true;
  }
  if (isUnknown(text) && account === undefined) {
    return couldName(kind, principal) && !(principal.kind === 'iam' && text === principal.arn) ? undefined : couldName(kind, principal);
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
    case 'AWS': return account === undefined ? text === principal.arn || text === principal.sessionArn : account === principal.account;
    case 'Federated': return text === principal.provider;
    case 'CanonicalUser': return undefined;
    default: return false;
  }
}

/** Whether an entry whose text is not known could name a principal at all. */
function couldName(kind: string, principal: Principal): boolean {
  switch (kind) {
    case 'AWS': return true;
    case 'Service': return principal.kind === 'service';
    case 'Federated': return principal.kind === 'federated' || (principal.kind === 'iam' && principal.provider !== undefined);
    default: return principal.kind === 'iam';
  }
}
