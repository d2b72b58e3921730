import { allOf, AWS_SERVICE, noneOf, NO_AWS_SERVICE } from './callers';
import { deliveringAccountWords, exceptFor } from './exception-words';
import { Guarantee } from '../proof/guarantee';

/**
 * Principals outside the given organizations and accounts are not let through, nor are AWS services that work for an account outside. The owner's
 * account is never outside.
 *
 * @param owner the id of the account to which the bucket belongs
 * @param deliveringAccounts accounts of AWS that deliver logs as themselves, and for which no service works
 */
export function insideOrganizations(organizationIds: readonly string[], trustedAccounts: readonly string[], owner: string, deliveringAccounts: readonly string[] = []): Guarantee {
  const accounts = [owner, ...trustedAccounts];
  const exceptions = [
    `principals of the bucket's account ${owner}`,
    'AWS services that call for it or do not say for which account they call',
    ...deliveringAccounts.map(deliveringAccountWords),
  ];
  return {
    sentence: `Callers from outside ${[...organizationIds, ...trustedAccounts].join(' or ')} are denied, and AWS services that call for an account outside${exceptFor(exceptions)}.`,
    breaches: [
      { Condition: allOf(NO_AWS_SERVICE, noneOf('StringNotEquals', 'aws:PrincipalOrgID', organizationIds), noneOf('StringNotEquals', 'aws:PrincipalAccount', [...accounts, ...deliveringAccounts])) },
      {
        Condition: allOf(
          AWS_SERVICE,
          { Null: { 'aws:SourceAccount': 'false' } },
          noneOf('StringNotEquals', 'aws:SourceOrgID', organizationIds),
          noneOf('StringNotEquals', 'aws:SourceAccount', accounts),
        ),
      },
    ],
  };
}
