import { malformedAccountIn } from '../policy/identifiers';
import { IamPrincipal, iamPrincipal, Principal } from '../policy/request';
import { Truth } from '../policy/truth';
import { UNKNOWN_ACCOUNT } from '../policy/unknown-text';
import { WrongInputError } from '../template/wrong-input';

/** What kind of caller a request has: what policies it is bound by depends on it. */
export type CallerKind = 'role' | 'user' | 'federated-user' | 'root' | 'service' | 'anonymous' | 'origin-access-identity';

/** Who sends a request. */
export interface Caller {
  readonly kind: CallerKind;

  /** The principal as policies see it. */
  readonly principal: Principal;

  /** The account to which the caller belongs: its policies decide, too. */
  readonly account?: string;

  /** The ARN of the role or user whose policies bind the caller. */
  readonly identityArn?: string;

  /** The name in the ARN of a session, which leaves out the path of the role. */
  readonly roleName?: string;
}

const IAM_ARN = /^arn:[a-z-]+:iam::([^:]+):(root|user\/.+|role\/.+)$/s;
const SESSION_ARN = /^arn:[a-z-]+:sts::([^:]+):(assumed-role\/[^/]+\/[^/]+|federated-user\/.+)$/s;
const SERVICE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:amazonaws\.com|amazonaws\.com\.cn|aws\.internal)$/;

/**
 * The caller that a text names.
 *
 * @throws WrongInputError if it names nobody who could call S3
 */
export function callerNamed(text: string): Caller {
  if (text === 'anonymous' || text === '*') {
    return { kind: 'anonymous', principal: { kind: 'anonymous' } };
  }
  if (SERVICE.test(text)) {
    return { kind: 'service', principal: { kind: 'service', service: text } };
  }
  const problem = malformedAccountIn(text);
  if (problem !== undefined) {
    throw new WrongInputError(`The principal has a wrong account: ${problem}`);
  }
  const iam = IAM_ARN.exec(text);
  if (iam) {
    return iamCaller(text, iam[1], iam[2]);
  }
  const session = SESSION_ARN.exec(text);
  if (!session) {
    throw new WrongInputError(
      `'${text}' is no principal. Name the ARN of a role, of its session, of a user or of the root user ('arn:aws:iam::111122223333:role/AppRole'), an AWS service ('cloudfront.amazonaws.com'), or 'anonymous'.`,
    );
  }
  const principal = iamPrincipal(text);
  return session[2].startsWith('federated-user/')
    ? { kind: 'federated-user', principal, account: session[1] }
    : { kind: 'role', principal, account: session[1], identityArn: principal.arn, roleName: session[2].split('/')[1] };
}

/** The same caller whose role is known by its full ARN, its path included. */
export function withRole(caller: Caller, roleArn: string): Caller {
  return { ...caller, identityArn: roleArn, principal: { ...(caller.principal as IamPrincipal), arn: roleArn } };
}

/** Roles that AWS services own in an account. Organization policies do not bind them. */
export function isServiceLinked({ kind, identityArn }: Caller): boolean {
  return kind === 'role' && /:role\/aws-service-role\//.test(identityArn ?? '');
}

/** Whether two accounts are the same; undefined if one of them is not known. */
export function isSameAccount(one: string | undefined, other: string | undefined): Truth {
  if (one === undefined) {
    return false; // services and anonymous callers belong to none
  }
  return one === other ? true : other === undefined || one === UNKNOWN_ACCOUNT || other === UNKNOWN_ACCOUNT ? undefined : false;
}

/** How sentences name a caller. */
export function callerName({ kind, principal, identityArn }: Caller): string {
  switch (principal.kind) {
    case 'anonymous': return 'an anonymous caller';
    case 'service': return principal.service;
    case 'federated': return principal.provider;
    case 'iam': return kind === 'root' ? `the root user of account ${principal.account}` : identityArn ?? principal.sessionArn ?? principal.arn;
  }
}

function iamCaller(arn: string, account: string, resource: string): Caller {
  const isRole = resource.startsWith('role/');
  const principal: IamPrincipal = { kind: 'iam', arn, account, ...(isRole ? { isSessionOpen: true } : {}) };
  if (resource === 'root') {
    return { kind: 'root', principal, account };
  }
  if (account === 'cloudfront') {
    return { kind: 'origin-access-identity', principal };
  }
  return { kind: isRole ? 'role' : 'user', principal, account, identityArn: arn };
}

/** The same caller, of whom it is known that a permissions boundary limits them. */
export function withBoundary(caller: Caller): Caller {
  return { ...caller, principal: { ...(caller.principal as IamPrincipal), hasBoundary: true } };
}
