import { callers } from './callers';
import { Choice, Facet, present, ResourceFacts } from './facet';
import { MentionedKeys, Mentions } from './mentions';
import { otherKey } from './other-keys';
import { transports } from './request-headers';
import { routes } from './routes';
import { Policy } from '../document';

/** The operations of KMS that S3 needs, and one that only administrators need. */
const ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:PutKeyPolicy'];

/** All requests to a key, as far as some policies and guarantees can tell them apart. */
export function keyRequests(policies: readonly Policy[], keys: MentionedKeys, key: ResourceFacts): Facet[] {
  const mentions = new Mentions(policies, keys);
  const operations = ACTIONS.map((action): Choice => ({ kind: 'key', action, resource: key.arn, context: present({}) }));
  const facets = [
    callers(mentions, key),
    { name: 'operation', owns: () => false, choices: operations, goesWith: () => true, isExact: true },
    routes(mentions),
    transports(),
  ];
  const others = mentions.keys.filter((name) => !facets.some(({ owns }) => owns(name)));
  return [...facets, ...others.map((name) => otherKey(name, mentions, key))];
}
