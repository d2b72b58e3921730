import { allOf, AWS_SERVICE, noneOf, NO_AWS_SERVICE } from './callers';
import { deliveringAccountWords, exceptFor } from './exception-words';
import { Guarantee } from '../proof/guarantee';

/**
 * Principals outside the given organizations and accounts are not let through, nor are AWS services that work for an account outside.
 *
 * @param deliveringAccounts accounts of AWS that deliver logs as themselves, and for which no service works
 */
export function insideOrganizations(organizationIds: readonly string[], trustedAccounts: readonly string[], deliveringAccounts: readonly string[] = []): Guarantee {
  return {
    sentence: `No caller outside ${[...organizationIds, ...trustedAccounts].join(' or ')} is let through, and no AWS service that calls for an account outside${exceptFor(['AWS services that do not say for which account they call', ...deliveringAccounts.map(deliveringAccountWords)])}.`,
    breaches: [
      { Condition: allOf(NO_AWS_SERVICE, noneOf('StringNotEquals', 'aws:PrincipalOrgID', organizationIds), noneOf('StringNotEquals', 'aws:PrincipalAccount', [...trustedAccounts, ...deliveringAccounts])) },
      {
        Condition: allOf(
          AWS_SERVICE,
          { Null: { 'aws:SourceAccount': 'false' } },
          noneOf('StringNotEquals', 'aws:SourceOrgID', organizationIds),
          noneOf('StringNotEquals', 'aws:SourceAccount', trustedAccounts),
        ),
      },
    ],
  };
}
