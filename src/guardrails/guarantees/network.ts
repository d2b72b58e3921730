import { contains, ipRange } from '../../policy/ip-range';
import { arnPattern } from '../../policy/pattern';
import { Guarantee } from '../../policy/prove';
import { Choice, valueIn } from '../../policy/space/facet';

/** The values of network keys, in lower case, that are inside a perimeter. */
export type NetworkMembers = Readonly<Record<string, readonly string[]>>;

/**
 * Nobody is let through from outside a network, but AWS services that call by themselves and those who are exempt.
 *
 * @param exempt patterns for the ARNs of exempt principals
 * @param viaServices whether services that act with a caller's credentials are inside
 */
export function insideNetwork(members: NetworkMembers, exempt: readonly string[], viaServices: boolean): Guarantee {
  const patterns = exempt.map((arn) => arnPattern(arn));
  const isExempt = (caller: Choice) => patterns.some(({ matches }) => matches(valueIn(caller, 'aws:principalarn') ?? '') === true);
  const kindOf = (key: string) => (key === 'aws:sourceip' ? 'address' : 'text');
  return {
    sentence: `No request from outside ${Object.values(members).flat().join(' or ')} is let through.`,
    breaches: [{
      caller: (choice) => choice.kind !== 'service' && !isExempt(choice),
      route: (choice) => !(viaServices && choice.kind === 'through-service') && !isInside(choice, members),
    }],
    mentions: {
      ...Object.fromEntries(['aws:sourcevpce', 'aws:sourcevpc', 'aws:sourceip'].map((key) => [key, (members[key] ?? []).map((text) => ({ kind: kindOf(key), text } as const))])),
      'aws:principalarn': exempt.map((text) => ({ kind: 'arn', text } as const)),
    },
  };
}

function isInside(route: Choice, members: NetworkMembers): boolean {
  return Object.entries(members).some(([key, values]) => {
    const value = valueIn(route, key);
    return value !== undefined && values.some((member) => (key === 'aws:sourceip' ? isAddressIn(value, member) : member === value));
  });
}

function isAddressIn(address: string, range: string): boolean {
  const [at, around] = [ipRange(address), ipRange(range)];
  return at !== undefined && around !== undefined && contains(around, at);
}
