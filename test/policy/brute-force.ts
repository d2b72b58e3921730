import { Policy } from '../../src/policy/document';
import { evaluate } from '../../src/policy/evaluate';
import { Guarantee } from '../../src/policy/prove';
import { PolicyRequest } from '../../src/policy/request';
import { bucketRequests } from '../../src/policy/space/bucket-requests';
import { Choice, Facet, ResourceFacts } from '../../src/policy/space/facet';
import { MentionedKeys } from '../../src/policy/space/mentions';

export const BUCKET: ResourceFacts = { arn: 'arn:aws:s3:::shared-dataset', objects: 'arn:aws:s3:::shared-dataset/', account: '111122223333', partition: 'aws' };

const text = (...values: string[]) => values.map((value) => ({ kind: 'text', text: value } as const));

/** Values that the small world has beside those that the policy at hand mentions. */
const WORLD: MentionedKeys = {
  'aws:principalarn': [{ kind: 'arn', text: 'arn:aws:iam::111122223333:role/Reader' }, { kind: 'arn', text: 'arn:aws:iam::444455556666:role/AppRole' }],
  'aws:principalorgid': text('o-exampleorgid'),
  'aws:sourcevpce': text('vpce-0abc123def4567890', 'vpce-1111111111111111'),
  'aws:sourcevpc': text('vpc-0abc123def4567890'),
  'aws:sourceip': [{ kind: 'address', text: '203.0.113.0/24' }],
  'aws:sourceaccount': text('444455556666'),
  'aws:sourceorgid': text('o-exampleorgid'),
};

interface FullRequest {
  readonly request: PolicyRequest;
  readonly choices: ReadonlyMap<string, Choice>;
}

/** Every request of a small world. Parts that neither policy nor guarantee look at are the same in all of them. */
export function* everyRequest(policy: Policy, guarantee: Guarantee): Generator<FullRequest> {
  const facets = bucketRequests([policy], merged(WORLD, guarantee.mentions ?? {}), BUCKET);
  yield* combine(facets.map((facet) => ({ facet, isIdle: isIdle(facet, policy, guarantee) })), []);
}

function isIdle({ name, owns }: Facet, { statements }: Policy, { breaches: forbidden }: Guarantee): boolean {
  const namesEveryone = statements.every(({ principal }) => !principal?.isInverted && principal?.members.every(({ isEveryone }) => isEveryone));
  const isTested = statements.some(({ conditions }) => conditions.some(({ key }) => owns(key)));
  return name !== 'operation' && !isTested && (name !== 'caller' || namesEveryone) && forbidden.every((breach) => !(name in breach));
}

/** A request that a guarantee forbids and that no statement denies; undefined if there is none. */
export function breachByBruteForce(policy: Policy, guarantee: Guarantee): PolicyRequest | undefined {
  for (const { request, choices } of everyRequest(policy, guarantee)) {
    if (breaches(guarantee, choices) && evaluate(policy, request).outcome !== 'denied') {
      return request;
    }
  }
  return undefined;
}

export function breaches(guarantee: Guarantee, choices: ReadonlyMap<string, Choice>): boolean {
  return guarantee.breaches.some((breach) => Object.entries(breach).every(([facet, test]) => !choices.has(facet) || test!(choices.get(facet)!)));
}

function* combine(parts: readonly { facet: Facet; isIdle: boolean }[], chosen: readonly [string, Choice][]): Generator<FullRequest> {
  const [part, ...others] = parts;
  if (!part) {
    yield { request: requestOf(chosen.map(([, choice]) => choice)), choices: new Map(chosen) };
    return;
  }
  const fitting = part.facet.choices.filter((choice) => part.facet.goesWith(choice, chosen[0]?.[1].kind ?? '', chosen[1]?.[1].kind ?? ''));
  for (const choice of part.isIdle ? fitting.slice(0, 1) : fitting) {
    yield* combine(others, [...chosen, [part.facet.name, choice]]);
  }
}

function requestOf(choices: readonly Choice[]): PolicyRequest {
  const part = <K extends 'principal' | 'action' | 'resource'>(key: K) => choices.find((choice) => choice[key] !== undefined)![key]!;
  return { principal: part('principal'), action: part('action'), resource: part('resource'), context: new Map(choices.flatMap(({ context }) => [...context])) };
}

function merged(...all: MentionedKeys[]): MentionedKeys {
  const keys = new Set(all.flatMap((mentions) => Object.keys(mentions)));
  return Object.fromEntries([...keys].map((key) => [key, all.flatMap((mentions) => mentions[key] ?? [])]));
}
