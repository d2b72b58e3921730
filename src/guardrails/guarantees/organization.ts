import { Guarantee } from '../../policy/prove';
import { Choice, valueIn } from '../../policy/space/facet';

/** No principal outside some organizations and accounts is let through, and no service that works for one. */
export function insideOrganizations(organizationIds: readonly string[], trustedAccounts: readonly string[]): Guarantee {
  const isOutside = (choice: Choice, organization: string, account: string) =>
    !organizationIds.includes(valueIn(choice, organization) ?? '') && !trustedAccounts.includes(valueIn(choice, account) ?? '');
  const texts = (values: readonly string[]) => values.map((text) => ({ kind: 'text', text } as const));
  return {
    sentence: `No caller outside ${[...organizationIds, ...trustedAccounts].join(' or ')} is let through, and no AWS service that calls for one.`,
    breaches: [
      { caller: (choice) => choice.kind !== 'service' && isOutside(choice, 'aws:principalorgid', 'aws:principalaccount') },
      { caller: (choice) => choice.kind === 'service' && valueIn(choice, 'aws:sourceaccount') !== undefined && isOutside(choice, 'aws:sourceorgid', 'aws:sourceaccount') },
    ],
    mentions: {
      'aws:principalorgid': texts(organizationIds),
      'aws:principalaccount': texts(trustedAccounts),
      'aws:sourceorgid': texts(organizationIds),
      'aws:sourceaccount': texts(trustedAccounts),
    },
  };
}
