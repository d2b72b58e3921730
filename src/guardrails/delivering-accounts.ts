import * as iam from 'aws-cdk-lib/aws-iam';
import { statementsOf } from './policy-document';
import { DELIVERING_ACCOUNTS } from '../aws/services';
import { jsonText } from '../policy/json';

/** An account as a principal: by its number, or by the ARN of its root user, in whatever partition. */
const ACCOUNT = /^(?:arn:.+:iam::)?(\d{12})(?::root)?$/;

/**
 * The accounts of AWS that a policy lets deliver logs as themselves, and not as a service: to a perimeter, they are outsiders as any others.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export function deliveringAccountsIn(document: unknown): string[] {
  const written = [(document as { Statement?: any } | undefined)?.Statement ?? []].flat();
  const callers = statementsOf(document)?.filter(({ effect }) => effect === iam.Effect.ALLOW).flatMap(({ principals }) => principals.flatMap(callersOf))
    ?? written.filter((statement) => statement?.Effect === 'Allow').flatMap(({ Principal }) => Principal?.AWS ?? []);
  const accounts = callers.map((caller) => ACCOUNT.exec(jsonText(caller))?.[1] ?? '');
  return [...new Set(accounts)].filter((account) => DELIVERING_ACCOUNTS.has(account));
}

/** The ARN of an account is a token. */
function callersOf(principal: iam.IPrincipal): string[] {
  return principal instanceof iam.AccountPrincipal ? [principal.accountId] : [principal.policyFragment.principalJson.AWS ?? []].flat();
}
