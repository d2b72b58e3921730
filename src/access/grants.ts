import { Caller } from './caller';
import { Judgement, SourcedStatement } from './judgement';
import { Statement } from '../policy/document';
import { PrincipalPattern } from '../policy/principals';
import { Truth } from '../policy/truth';
import { isUnknown } from '../policy/unknown-text';

/** How far what a resource's policy allows reaches: it depends on how a statement names the caller. */
export interface Grants {
  /** To the very caller (a user, a session) or to everybody: limits of the caller's identity do not matter. */
  readonly direct: Truth;

  /** To the role of the session: its boundary and session policies limit it. */
  readonly role: Truth;

  /** To the account: it says by its own policies to whom. */
  readonly account: Truth;
}

/**
 * How the policy of a resource allows a call.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
export function grantsOf(caller: Caller, { applying, undecided, allows }: Judgement): Grants {
  const reaching = (statements: readonly SourcedStatement[], reach: Reach, mayBeUnknown: boolean) =>
    statements.some(({ statement }) => statement.effect === 'Allow' && reachOf(statement, caller, mayBeUnknown).includes(reach));
  const isUnreadable = allows === undefined && undecided.length === 0;
  const truthOf = (...reaches: Reach[]): Truth => (reaches.some((reach) => reaching(applying, reach, false)) ? true
    : isUnreadable || reaches.some((reach) => reaching([...applying, ...undecided], reach, true)) ? undefined : false);
  const isToEverybody = reaching(applying, 'everybody', false) || reaching(undecided, 'everybody', true);
  return { direct: truthOf('direct'), role: truthOf('role', 'everybody'), account: truthOf('account'), ...(isToEverybody && !truthOf('direct') ? { direct: undefined } : {}) };
}

/** `everybody`: by a wildcard. Whether limits of the identity matter then is documented for statements on `aws:PrincipalArn` only. */
type Reach = keyof Grants | 'everybody';

const ANY_REACH: readonly Reach[] = ['direct', 'role', 'account']; // of a principal that is not known

function reachOf({ principal, conditions }: Statement, caller: Caller, mayBeUnknown: boolean): Reach[] {
  const isOnArn = caller.principal.kind !== 'iam' || conditions.some(({ key, operator }) => key === 'aws:principalarn' && operator !== undefined && !operator.negated);
  const everybody = isOnArn ? 'direct' : 'everybody';
  if (!principal || principal.isInverted) {
    return [everybody];
  }
  return principal.members.flatMap((member) => (member.isEveryone ? everybody : mayBeUnknown && (isUnknown(member.text) || member.kind === 'CanonicalUser') ? ANY_REACH : reachOfMember(member, caller) ?? []));
}

function reachOfMember(member: PrincipalPattern, { principal, identityArn, kind: callerKind }: Caller): keyof Grants | undefined {
  const { kind, text, account } = member;
  if (principal.kind !== 'iam') {
    return 'direct';
  }
  if (account !== undefined) {
    return account === principal.account ? 'account' : undefined;
  }
  if (kind !== 'AWS') {
    return undefined;
  }
  if (text === principal.sessionArn || (text === principal.arn && callerKind !== 'role')) {
    return 'direct';
  }
  return text === identityArn ? 'role' : undefined;
}
