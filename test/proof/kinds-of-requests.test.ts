import { IMPOSSIBLE, Kind, NEVER_THROUGH_ACCESS_POINTS, POSSIBLE, THROUGH_ACCESS_POINTS } from './kinds-of-requests';
import { BUCKET, opposite, Test } from './random-questions';
import { HTTPS_ONLY, tlsFloor } from '../../src/guarantees/transport';
import { parsePolicy, Policy } from '../../src/policy/document';
import { applies } from '../../src/policy/evaluate';
import { Guarantee } from '../../src/proof/guarantee';
import { prove } from '../../src/proof/prove';

const facts = { arn: BUCKET, objects: `${BUCKET}/`, account: '111122223333', partition: 'aws' };

/** Denies everything that a guarantee forbids but one kind of requests: for each test of the kind, whatever fails it. */
function sparing([, ...tests]: Kind, { breaches: [{ Condition }] }: Guarantee): Policy {
  return policyOf(tests.map((test) => deny(Condition!, [opposite(test)])));
}

function denyingAll(kind: Kind, guarantee: Guarantee): Policy {
  const [, ...tests] = kind;
  return { statements: [...sparing(kind, guarantee).statements, ...policyOf([deny(guarantee.breaches[0].Condition!, tests)]).statements] };
}

function policyOf(statements: readonly object[]): Policy {
  return parsePolicy({ Version: '2012-10-17', Statement: statements });
}

/** Several tests of one operator and key are one statement still: keys may be written in several ways. */
function deny(condition: object, tests: readonly Test[]): object {
  const conditions: Record<string, Record<string, unknown>> = structuredClone(condition) as any;
  for (const [operator, key, values] of tests) {
    const block = (conditions[operator] ??= {});
    block[key in block ? key.toLowerCase() : key] = values;
  }
  return { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET, `${BUCKET}/*`], Condition: conditions };
}

function isOfKind([, ...tests]: Kind, request: Parameters<typeof applies>[1]): boolean {
  return tests.every((test) => applies(policyOf([deny({}, [test])]).statements[0], request) === true);
}

const FLOOR = tlsFloor(1.2);

test('there are at least 120 kinds of requests', () => {
  expect(new Set([...POSSIBLE, ...THROUGH_ACCESS_POINTS].map(([name]) => name)).size).toBeGreaterThanOrEqual(120);
});

describe.each([['over plain HTTP', POSSIBLE, HTTPS_ONLY], ['through an access point, over old TLS', THROUGH_ACCESS_POINTS, FLOOR]] as const)('a policy that spares one kind of requests %s', (_, kinds, guarantee) => {
  test.each(kinds.map((kind): [string, Kind] => [kind[0], kind]))('is broken by it: %s', (__, kind) => {
    const proof = prove(sparing(kind, guarantee), guarantee, facts);
    expect(proof.verdict).toBe('broken');
    expect(proof.verdict === 'broken' && isOfKind(kind, proof.request)).toBe(true);
  });

  test.each(kinds.map((kind): [string, Kind] => [kind[0], kind]))('holds once it is denied: %s', (__, kind) => {
    expect(prove(denyingAll(kind, guarantee), guarantee, facts)).toEqual({ verdict: 'holds' });
  });
});

describe.each([['over plain HTTP', IMPOSSIBLE, HTTPS_ONLY], ['through an access point, over old TLS', NEVER_THROUGH_ACCESS_POINTS, FLOOR]] as const)('a policy that spares only what S3 would never answer, %s, holds', (_, kinds, guarantee) => {
  test.each(kinds.map((kind): [string, Kind] => [kind[0], kind]))('%s', (__, kind) => {
    expect(prove(sparing(kind, guarantee), guarantee, facts)).toEqual({ verdict: 'holds' });
  });
});
