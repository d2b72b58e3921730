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
 */
export function grantsOf(caller: Caller, { applying, undecided, allows }: Judgement): Grants {
  const reaching = (statements: readonly SourcedStatement[], kind: keyof Grants, mayBeUnknown: boolean) =>
    statements.some(({ statement }) => statement.effect === 'Allow' && reachOf(statement.principal, caller, mayBeUnknown).includes(kind));
  const isUnreadable = allows === undefined && undecided.length === 0;
  const reach = (kind: keyof Grants): Truth =>
    (reaching(applying, kind, false) ? true : isUnreadable || reaching([...applying, ...undecided], kind, true) ? undefined : false);
  return { direct: reach('direct'), role: reach('role'), account: reach('account') };
}

function reachOf(principal: Statement['principal'], caller: Caller, mayBeUnknown: boolean): (keyof Grants)[] {
  if (!principal || principal.isInverted) {
    return ['direct'];
  }
  return principal.members.flatMap((member) => reachOfMember(member, caller, mayBeUnknown) ?? []);
}

function reachOfMember(member: PrincipalPattern, { principal, identityArn, kind: callerKind }: Caller, mayBeUnknown: boolean): keyof Grants | undefined {
  const { kind, text, account, isEveryone } = member;
  if (isEveryone || principal.kind !== 'iam') {
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
  return text === identityArn || (mayBeUnknown && isUnknown(text)) ? 'role' : undefined;
}
