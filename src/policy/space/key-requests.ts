import { callers } from './callers';
import { Facet, ResourceFacts, reusing } from './facet';
import { MentionedKeys, Mentions } from './mentions';
import { actionOn, judgedAlike } from './operations';
import { otherKey } from './other-keys';
import { transports } from './request-headers';
import { routes } from './routes';
import { Policy } from '../document';
import { KEY_ACTIONS } from '../vocabulary';

const ORDINARY_ACTIONS = ['Decrypt', 'GenerateDataKey', ...KEY_ACTIONS];

/**
 * All requests to a key, as far as some policies and guarantees can tell them apart.
 *
 * @param known the facets of the same policies without keys
 */
export function keyRequests(policies: readonly Policy[], keys: MentionedKeys, key: ResourceFacts, known: readonly Facet[] = []): Facet[] {
  const mentions = new Mentions(policies, keys);
  const facet = reusing(known, Object.keys(keys));
  const facets = [
    facet('caller', () => callers(mentions, key)),
    facet('operation', () => operations(mentions, key)),
    facet('route', () => routes(mentions)),
    facet('transport', transports),
  ];
  const others = mentions.keys.filter((name) => !facets.some(({ owns }) => owns(name)));
  return [...facets, ...others.map((name) => facet(name, () => otherKey(name, mentions, key)))];
}

function operations(mentions: Mentions, key: ResourceFacts): Facet {
  const choices = judgedAlike(mentions, ORDINARY_ACTIONS, () => 'key', 'kms').map((judged) => actionOn(key.arn, judged));
  return { name: 'operation', owns: () => false, choices, goesWith: () => true, isExact: true };
}
