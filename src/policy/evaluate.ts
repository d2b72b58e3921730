import { Policy, Scope, Statement } from './document';
import { anyMatches, resourcePattern } from './pattern';
import { namesPrincipal, sparesPrincipal } from './principals';
import { PolicyRequest, Principal } from './request';
import { every, not, some, Truth } from './truth';

/** What a policy says of a request. Anything else than a deny can still be changed by other policies. */
export interface Evaluation {
  /**
   * `denied`: a statement denies it. `allowed`: none denies it, and one allows it. `not-mentioned`: neither.
   * `not-decided`: a statement might apply, and that would make a difference.
   */
  readonly outcome: 'denied' | 'allowed' | 'not-mentioned' | 'not-decided';

  /** The statements that lead to the outcome; for `not-decided`, those that might apply. */
  readonly statements: readonly Statement[];
}

/**
 * Decides a request by one policy.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(policy: Policy, request: PolicyRequest): Evaluation {
  const applying: Statement[] = [];
  const undecided: Statement[] = [];
  for (const statement of policy.statements) {
    const truth = applies(statement, request);
    if (truth !== false) {
      (truth ? applying : undecided).push(statement);
    }
  }
  const denying = applying.filter(({ effect }) => effect === 'Deny');
  if (denying.length > 0) {
    return { outcome: 'denied', statements: denying };
  }
  const matters = applying.length > 0 ? undecided.filter(({ effect }) => effect === 'Deny') : undecided;
  if (matters.length > 0) {
    return { outcome: 'not-decided', statements: matters };
  }
  return { outcome: applying.length > 0 ? 'allowed' : 'not-mentioned', statements: applying };
}

/** Whether a statement applies to a request. */
export function applies(statement: Statement, request: PolicyRequest): Truth {
  return every([actionApplies, resourceApplies, principalApplies, conditionsHold], (test) => test(statement, request));
}

/** Whether a statement applies to an action; it is asked first, and says of a statement of which too little is known that it may. */
export function actionApplies({ action, open }: Statement, request: Pick<PolicyRequest, 'action'>): Truth {
  const truth = inScope(action, (patterns) => anyMatches(patterns, request.action.toLowerCase()));
  return open === undefined || truth === false ? truth : undefined;
}

export function resourceApplies({ resource }: Statement, { resource: arn, context }: Pick<PolicyRequest, 'resource' | 'context'>): Truth {
  return !resource || inScope(resource, (members) => some(members, ({ pattern, text }) => {
    const filled = pattern ? undefined : text.fill(context);
    const usable = pattern ?? (filled && resourcePattern(filled.text, filled.escaped));
    return usable ? usable.matches(arn) : false;
  }));
}

export function principalApplies({ effect, principal }: Statement, request: Pick<PolicyRequest, 'principal'>): Truth {
  if (!principal) {
    return true;
  }
  const { isInverted, isComplement, members } = principal;
  if (!isInverted) {
    return namesPrincipal(members, request.principal);
  }
  return isComplement ? not(namesPrincipal(members, request.principal)) : some([effect === 'Deny' && hasBoundary(request.principal), not(sparesPrincipal(members, request.principal))], (truth) => truth);
}

/**
 * Whoever has a permissions boundary is denied by `NotPrincipal`, whomever it lists.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function hasBoundary(principal: Principal): boolean {
  return principal.kind === 'iam' && principal.hasBoundary === true;
}

function conditionsHold({ conditions }: Statement, { context }: PolicyRequest): Truth {
  return every(conditions, ({ holds }) => holds(context));
}

function inScope<T>({ isInverted, members }: Scope<T>, matches: (members: readonly T[]) => Truth): Truth {
  const listed = matches(members);
  return isInverted ? not(listed) : listed;
}
