import { callers } from './callers';
import { ResourceFacts, Facet } from './facet';
import { MentionedKeys, Mentions } from './mentions';
import { operations } from './operations';
import { otherKey } from './other-keys';
import { accessPoints, listings, signings, transports, uploads } from './request-headers';
import { routes } from './routes';
import { Policy } from '../document';

/** All requests to a bucket, as far as some policies and guarantees can tell them apart. */
export function bucketRequests(policies: readonly Policy[], keys: MentionedKeys, bucket: ResourceFacts): Facet[] {
  const mentions = new Mentions(policies, keys);
  const facets = [
    callers(mentions, bucket),
    operations(mentions, bucket),
    routes(mentions),
    transports(),
    signings(mentions),
    uploads(mentions, bucket),
    listings(mentions),
    accessPoints(mentions, bucket),
  ];
  const others = mentions.keys.filter((key) => !facets.some(({ owns }) => owns(key)));
  return [...facets, ...others.map((key) => otherKey(key, mentions, bucket))];
}
