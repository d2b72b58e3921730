import { OWNER, RandomScene, randomScenes, ROLE, SESSION, USER } from './random-scenes';
import { Scene, worldOf } from './scene';
import { AccessDecision, AccessOutcome, LayerVerdict } from '../../src/access/access-decision';
import { AccessEvaluator } from '../../src/access/access-evaluator';
import { AccessRequest } from '../../src/access/access-request';
import { AccessAssumptions } from '../../src/access/assumptions';
import * as fc from '../support/fast-check';

/** How many scenes are asked: `UNDECIDED_RUNS=100000 npx jest test/access/undecided-random`. */
const RUNS = Number(process.env.UNDECIDED_RUNS ?? 3_000);

const BUCKET = 'arn:aws:s3:::amzn-s3-demo-bucket';
const THROUGH_POINT = `arn:aws:s3:eu-west-1:${OWNER}:accesspoint/analysts/object/data/1`;
const CANONICAL_USER = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be';
const READ = { Effect: 'Allow', Action: ['s3:GetObject', 'kms:*'], Resource: '*' };

type Change = (statement: any) => object;

/** Changes after which it is often not known whom or what a statement is about. */
const doubt = fc.constantFrom<Change>(
  (statement) => statement,
  (statement) => statement,
  (statement) => ({ ...statement, Condition: { StringEquals: { 's3:ExistingObjectTag/team': 'analysts' } } }),
  (statement) => ({ ...statement, Condition: { StringNotEquals: { 'aws:SourceIdentity': 'worker' } } }),
  (statement) => ({ ...statement, Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-exampleorgid/*' } } }),
  (statement) => ({ ...statement, Condition: { StringAlmostEquals: { 'aws:SourceIp': '203.0.113.1' } } }),
  (statement) => ({ ...statement, Resource: `${BUCKET}/\${aws:SourceIdentity}/*` }),
  (statement) => ({ ...statement, Action: { Ref: 'Operation' } }),
  (statement) => ({ ...statement, Effect: { Ref: 'Effect' } }),
  withPrincipal({ Principal: '*' }),
  withPrincipal({ Principal: { CanonicalUser: CANONICAL_USER } }),
  withPrincipal({ Principal: { AWS: { Ref: 'Partner' } } }),
  withPrincipal({ Principal: { AWS: [ROLE, { Ref: 'Partner' }] } }),
  withPrincipal({ NotPrincipal: { AWS: ROLE } }),
);

function withPrincipal(principal: object): Change {
  return ({ Principal, ...statement }) => (Principal === undefined ? statement : { ...statement, ...principal });
}

const policyOfPoint = fc.array(fc.constantFrom({ ...READ, Principal: '*' }, { ...READ, Principal: { AWS: OWNER } }, { ...READ, Principal: { AWS: ROLE } }, { ...READ, Effect: 'Deny', Principal: '*' }), { maxLength: 2 });

/** Random scenes with doubts in any layer, and a request in each. */
const doubtfulScenes = fc.record({
  random: randomScenes,
  doubts: fc.array(doubt, { minLength: 1, maxLength: 5 }),
  pointPolicy: fc.option(policyOfPoint, { nil: undefined }),
  keyPolicy: fc.option(policyOfPoint, { nil: undefined }),
  lists: fc.constantFrom({}, {}, { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } }),
  isElsewhere: fc.boolean(),
}).map(({ random, doubts, pointPolicy, keyPolicy, lists, isElsewhere }): { scene: Scene; request: AccessRequest } => {
  const { principal, action, resource, identity, bucketPolicy, boundary, session } = random;
  const doubtfully = (statements: readonly object[] | undefined) => statements?.map((statement, i) => doubts[i % doubts.length](statement));
  return {
    scene: {
      [roleOf(random)]: doubtfully(identity),
      bucketPolicy: doubtfully(bucketPolicy),
      boundary: boundary?.map((statement, i) => (i === 0 ? { ...statement, Condition: { StringEquals: { 'aws:SourceIdentity': 'worker' } } } : statement)),
      accessPointPolicy: doubtfully(pointPolicy),
      keyPolicy: doubtfully(keyPolicy),
      bucket: { ...lists, PublicAccessBlockConfiguration: {} },
    },
    request: { principal: isElsewhere ? principal.replace(/AppRole|alice/, 'Elsewhere') : principal, action, resource: pointPolicy ? THROUGH_POINT : resource, sessionPolicies: session && [{ Statement: session }] },
  };
});

function roleOf({ principal }: RandomScene): keyof Scene {
  return principal === SESSION ? 'appRole' : principal === USER ? 'alice' : 'partnerRole';
}

/** What a reason names: a statement, a value, or what AWS does not document. */
const NAMED = [
  /whether (?:the statement '|Statement\b).* applies depends on /,
  /whom (?:the statement '|Statement\b).* names depends on /,
  /what the policy in .* says depends on /,
  /whether the policy is public, .* depends on /,
  /(?:is|are) not known/,
  /not in the templates|in no template/,
  /AWS does not document/,
];

function expectReason({ outcome, decidedBy }: AccessDecision): void {
  expect(decidedBy === undefined).toBe(outcome === AccessOutcome.ALLOWED);
  if (outcome === AccessOutcome.NOT_DECIDED) {
    const { verdict, reason, remedy } = decidedBy!;
    expect(verdict).toBe(LayerVerdict.NOT_DECIDED);
    expect(NAMED.filter((form) => form.test(reason))).not.toEqual([]);
    expect(`${reason} ${remedy ?? ''}`).not.toMatch(/not all of it is known|undefined|\[object|[\uE000-\uE005]/);
    expect(remedy ?? (/document/.test(reason) ? 'AWS has to tell' : 'nothing')).not.toBe('nothing');
  }
}

const VALUES: Readonly<Record<string, unknown>> = {
  organizationId: 'o-exampleorgid', organizationPath: 'o-exampleorgid/r-ab12/', Operation: 's3:GetObject', Effect: 'Allow', Partner: OWNER, objectAcls: 'private', identityPolicies: [],
};

/** What a remedy asks for; undefined where it asks for another policy. */
function asked(remedy: string | undefined): { head: string; name: string; tail: string } | string | undefined {
  const [, path, place] = /(?:Provide|[Gg]ive) '([^']+)'(?: in the (assumptions|context of the request))?\.$/.exec(remedy ?? '') ?? [];
  const [, head, name, tail] = /^(\w+)\.(.+)\.(\w+)$/.exec(path ?? '') ?? [];
  return place === 'context of the request' || path === undefined ? path : { head, name, tail };
}

function withValue(assumptions: any, { head, name, tail }: { head: string; name: string; tail: string }): object {
  expect(VALUES).toHaveProperty(tail);
  return { ...assumptions, [head]: { ...assumptions[head], [name]: { ...assumptions[head]?.[name], [tail]: VALUES[tail] } } };
}

test('whatever is not decided says what it depends on; and once that is given, it does not ask for it again', () => {
  const counts = { undecided: 0, answered: 0, settled: 0 };
  fc.assert(fc.property(doubtfulScenes, ({ scene, request }) => {
    const { templates, assumptions: own } = worldOf(scene);
    const given = new Set<string>();
    let assumptions = own;
    let context: Record<string, string> = {};
    for (;;) {
      const decision = AccessEvaluator.fromTemplates(templates, AccessAssumptions.fromJson(assumptions)).decide({ ...request, context });
      expectReason(decision);
      const value = decision.outcome === AccessOutcome.NOT_DECIDED ? asked(decision.decidedBy!.remedy) : undefined;
      counts.undecided += decision.outcome === AccessOutcome.NOT_DECIDED ? 1 : 0;
      counts.settled += given.size > 0 && decision.outcome !== AccessOutcome.NOT_DECIDED ? 1 : 0;
      if (value === undefined) {
        return;
      }
      expect(given).not.toContain(JSON.stringify(value));
      given.add(JSON.stringify(value));
      counts.answered++;
      assumptions = typeof value === 'string' ? assumptions : withValue(assumptions, value);
      context = typeof value === 'string' ? { ...context, [value]: 'worker' } : context;
    }
  }), { numRuns: RUNS });
  expect(counts.undecided / RUNS).toBeGreaterThan(0.2);
  expect(counts.answered / RUNS).toBeGreaterThan(0.1);
  expect(counts.settled / RUNS).toBeGreaterThan(0.05);
}, 20_000 + RUNS * 10);
