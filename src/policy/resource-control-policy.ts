import { parsePolicy, Policy, PolicySyntaxError, Statement } from './document';

/**
 * Reads a resource control policy: one of a customer denies, to everybody, actions of services that it names. The one that AWS manages lets everything through.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
 */
export function parseResourceControlPolicy(document: unknown): Policy {
  const policy = parsePolicy(document);
  for (const statement of policy.statements.filter((one) => !isFullAccess(one))) {
    const problem = resourceControlProblem(statement);
    if (problem) {
      throw new PolicySyntaxError(statement.path, problem);
    }
  }
  return policy;
}

/** Why AWS Organizations refuses a statement in a resource control policy of a customer. */
export function resourceControlProblem({ effect, principal, action }: Statement): string | undefined {
  return effect === 'Allow' ? 'a resource control policy has statements that deny alone.'
    : principal?.isInverted === true || !principal?.members.every(({ isEveryone }) => isEveryone) ? "the Principal of a resource control policy is '*'."
      : action.isInverted ? 'a resource control policy has no NotAction.'
        : action.members.some(({ text }) => text === '*') ? "a resource control policy names services in its Action, such as 's3:*'; '*' alone is refused." : undefined;
}

/** `RCPFullAWSAccess`. */
function isFullAccess({ effect, action, conditions }: Statement): boolean {
  return effect === 'Allow' && conditions.length === 0 && !action.isInverted && action.members.every(({ text }) => text === '*');
}
