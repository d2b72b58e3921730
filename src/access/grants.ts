import { Caller } from './caller';
import { Judgement, SourcedStatement } from './judgement';
import { Statement } from '../policy/document';
import { PrincipalPattern } from '../policy/principals';
import { Truth } from '../policy/truth';
import { isUnknown } from '../policy/unknown-text';

/** How far what a resource's policy allows reaches: it depends on how a statement names the caller. */
export interface Grants {
  /** To the very caller (a user, a session): limits of the caller's identity do not matter. */
  readonly direct: Truth;

  /** To the role of the session: its boundary and session policies limit it. */
  readonly role: Truth;

  /** To the account: it says by its own policies to whom. */
  readonly account: Truth;

  /** By a wildcard: whether limits of the identity matter then is documented for statements on `aws:PrincipalArn` only, which are direct. */
  readonly everyone: Truth;
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
  const truthOf = (reach: Reach): Truth => (reaching(applying, reach, false) ? true : isUnreadable || reaching([...applying, ...undecided], reach, true) ? undefined : false);
  return { direct: truthOf('direct'), role: truthOf('role'), account: truthOf('account'), everyone: truthOf('everyone') };
}

type Reach = keyof Grants;

const ANY_REACH: readonly Reach[] = ['direct', 'role', 'account']; // of a principal that is not known

/** How far a statement reaches. */
export function reachOf({ principal, conditions }: Statement, caller: Caller, mayBeUnknown = false): Reach[] {
  const isOnArn = caller.principal.kind !== 'iam' || conditions.some(({ key, operator }) => key === 'aws:principalarn' && operator !== undefined && !operator.negated);
  const everyone = isOnArn ? 'direct' : 'everyone';
  if (!principal || principal.isInverted) {
    return [everyone];
  }
  return principal.members.flatMap((member) => (member.isEveryone ? everyone : mayBeUnknown && (isUnknown(member.text) || member.kind === 'CanonicalUser') ? ANY_REACH : reachOfMember(member, caller) ?? []));
}

function reachOfMember(member: PrincipalPattern, { principal, identityArn, kind: callerKind }: Caller): Reach | undefined {
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
