import { denying, IMPOSSIBLE, Kind, NEVER_OVER_OLD_TLS, NEVER_THROUGH_ACCESS_POINTS, OVER_OLD_TLS, POSSIBLE, sparing, THROUGH_ACCESS_POINTS } from './kinds-of-requests';
import { BUCKET } from './random-questions';
import { Operations, whyImpossible } from './sampled-requests';
import { HTTPS_ONLY, tlsFloor } from '../../src/guarantees/transport';
import { parsePolicy, Policy } from '../../src/policy/document';
import { applies } from '../../src/policy/evaluate';
import { described, Guarantee } from '../../src/proof/guarantee';
import { prove } from '../../src/proof/prove';

const facts = { arn: BUCKET, objects: `${BUCKET}/`, account: '111122223333', partition: 'aws' };
const FLOOR = tlsFloor(1.2);

function policyOf(statements: readonly object[]): Policy {
  return parsePolicy({ Version: '2012-10-17', Statement: statements });
}

function keysOf(policy: Policy, guarantee: Guarantee): ReadonlySet<string> {
  return new Set([...policy.statements, ...guarantee.breaches.map(described)].flatMap(({ conditions }) => conditions.map(({ key }) => key)));
}

const POSSIBLE_KINDS: readonly [name: string, kind: Kind, guarantee: Guarantee][] = [
  ...POSSIBLE.map((kind): [string, Kind, Guarantee] => [`over plain HTTP, ${kind[0]}`, kind, HTTPS_ONLY]),
  ...OVER_OLD_TLS.map((kind): [string, Kind, Guarantee] => [`over old TLS, ${kind[0]}`, kind, FLOOR]),
  ...THROUGH_ACCESS_POINTS.map((kind): [string, Kind, Guarantee] => [`over old TLS, through an access point, ${kind[0]}`, kind, FLOOR]),
];
const IMPOSSIBLE_KINDS: typeof POSSIBLE_KINDS = [
  ...IMPOSSIBLE.map((kind): [string, Kind, Guarantee] => [`over plain HTTP, ${kind[0]}`, kind, HTTPS_ONLY]),
  ...NEVER_OVER_OLD_TLS.map((kind): [string, Kind, Guarantee] => [`over old TLS, ${kind[0]}`, kind, FLOOR]),
  ...NEVER_THROUGH_ACCESS_POINTS.map((kind): [string, Kind, Guarantee] => [`over old TLS, through an access point, ${kind[0]}`, kind, FLOOR]),
];

test('there are at least 120 kinds of requests, each of its own', () => {
  const names = [...POSSIBLE_KINDS, ...IMPOSSIBLE_KINDS].map(([name]) => name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(POSSIBLE_KINDS.length).toBeGreaterThanOrEqual(120);
});

describe('a policy that spares one kind of requests', () => {
  let operations: Operations;

  beforeAll(async () => {
    operations = await Operations.published();
  });

  test.each(POSSIBLE_KINDS)('is broken by it: %s', (_, kind, guarantee) => {
    const policy = policyOf(sparing(kind, guarantee));
    const proof = prove(policy, guarantee, facts);
    const [ofKind] = policyOf(denying(kind, guarantee)).statements;

    expect(proof.verdict).toBe('broken');
    expect(proof.verdict === 'broken' && applies(ofKind, proof.request)).toBe(true);
    const asked = keysOf(policy, guarantee);
    expect(proof.verdict === 'broken' && whyImpossible(proof.request, operations, (key) => asked.has(key))).toBeUndefined();
  });

  test.each(POSSIBLE_KINDS)('holds once it is denied: %s', (_, kind, guarantee) => {
    expect(prove(policyOf([...sparing(kind, guarantee), ...denying(kind, guarantee)]), guarantee, facts)).toEqual({ verdict: 'holds' });
  });

  test.each(IMPOSSIBLE_KINDS)('holds if S3 would never answer it: %s', (_, kind, guarantee) => {
    expect(prove(policyOf(sparing(kind, guarantee)), guarantee, facts)).toEqual({ verdict: 'holds' });
  });
});
