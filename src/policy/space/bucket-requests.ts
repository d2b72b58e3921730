import { callers } from './callers';
import { ResourceFacts, Facet, reusing } from './facet';
import { MentionedKeys, Mentions } from './mentions';
import { operations } from './operations';
import { otherKey } from './other-keys';
import { accessPoints, listings, signings, transports, uploads } from './request-headers';
import { routes } from './routes';
import { Policy } from '../document';

/**
 * All requests to a bucket, as far as some policies and guarantees can tell them apart.
 *
 * @param known the facets of the same policies without keys
 */
export function bucketRequests(policies: readonly Policy[], keys: MentionedKeys, bucket: ResourceFacts, known: readonly Facet[] = []): Facet[] {
  const mentions = new Mentions(policies, keys);
  const facet = reusing(known, Object.keys(keys));
  const facets = [
    facet('caller', () => callers(mentions, bucket)),
    facet('operation', () => operations(mentions, bucket)),
    facet('route', () => routes(mentions)),
    facet('transport', transports),
    facet('signing', () => signings(mentions)),
    facet('upload', () => uploads(mentions, bucket)),
    facet('listing', () => listings(mentions)),
    facet('access-point', () => accessPoints(mentions, bucket)),
  ];
  const others = mentions.keys.filter((key) => !facets.some(({ owns }) => owns(key)));
  return [...facets, ...others.map((key) => facet(key, () => otherKey(key, mentions, bucket)))];
}
