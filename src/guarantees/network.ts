import { allOf, noneOf, NO_AWS_SERVICE } from './callers';
import { CALLING_SERVICES, deliveringAccountWords, exceptFor, SERVICES_FOR_PRINCIPALS } from './exception-words';
import { Guarantee } from '../proof/guarantee';

/** The values of network keys, in lower case, that are inside a perimeter. */
export type NetworkMembers = Readonly<Record<string, readonly string[]>>;

/**
 * Nobody is let through from outside a network, but AWS services that call by themselves and those who are exempt.
 *
 * @param exempt patterns for the ARNs of exempt principals
 * @param viaServices whether services that act with a caller's credentials are inside
 * @param deliveringAccounts accounts of AWS that deliver logs as themselves
 */
export function insideNetwork(members: NetworkMembers, exempt: readonly string[], viaServices: boolean, deliveringAccounts: readonly string[] = []): Guarantee {
  return {
    sentence: `Requests from outside ${Object.values(members).flat().join(' or ')} are denied${exceptFor([CALLING_SERVICES, ...(viaServices ? [SERVICES_FOR_PRINCIPALS] : []), ...exempt, ...deliveringAccounts.map(deliveringAccountWords)])}.`,
    breaches: [{
      Condition: allOf(
        NO_AWS_SERVICE,
        ...Object.entries(members).map(([key, values]) => noneOf(key === 'aws:sourceip' ? 'NotIpAddress' : 'StringNotEquals', key, values)),
        noneOf('ArnNotLike', 'aws:PrincipalArn', exempt),
        noneOf('StringNotEquals', 'aws:PrincipalAccount', deliveringAccounts),
        viaServices ? { Bool: { 'aws:ViaAWSService': 'false' } } : {},
      ),
    }],
  };
}
