import { anonymousPrincipal, runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import { DISAGREEMENTS, disagreementsOf, meeting, Outcome, reasonsToLeaveOpen } from './differential-cases';
import { PolicyJson, RandomCase, randomCases, RequestJson } from './random-policies';
import { contextOf } from '../../src/policy/context';
import { parsePolicy, Policy } from '../../src/policy/document';
import { evaluate, Evaluation } from '../../src/policy/evaluate';
import { iamPrincipal, PolicyRequest, Principal } from '../../src/policy/request';
import * as fc from '../support/fast-check';

/** How many pairs of a policy and a request are compared: `DIFFERENTIAL_RUNS=1000000 npx jest test/policy/differential`. */
const PAIRS = Number(process.env.DIFFERENTIAL_RUNS ?? 25_000);
const REQUESTS_PER_POLICY = 10;
const LEAST_PAIRS_PER_SECOND = 250;
const STRANGER = '999999999999'; // owns the bucket, so that the bucket policy has to allow whatever is allowed
const ALLOW_EVERYTHING = { name: 'AllowEverything', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } };
const OUTCOMES = { Allowed: 'allowed', ExplicitlyDenied: 'denied', ImplicitlyDenied: 'not-mentioned' } as const;

/** How often things occur in the comparison. */
type Counts = Record<string, number>;

const outcomes: Counts = {};
const skips: Counts = {};
const reasons: Counts = {};
let pairs = 0;
let comparison: fc.RunDetails<[RandomCase]>;

function principalOf(caller: string): Principal {
  if (caller === 'anonymous') {
    return { kind: 'anonymous' };
  }
  if (caller.endsWith('.amazonaws.com')) {
    return { kind: 'service', service: caller };
  }
  return /^arn:aws:(iam|sts):.*:(root$|user\/|role\/|assumed-role\/)/.test(caller) ? iamPrincipal(caller) : { kind: 'federated', provider: caller };
}

function policyRequest({ principal, action, resource, context }: RequestJson): PolicyRequest {
  return { principal: principalOf(principal), action, resource, context: contextOf(context) };
}

function ours(policy: Policy, request: RequestJson): Evaluation['outcome'] {
  return evaluate(policy, policyRequest(request)).outcome;
}

function theirs(policy: PolicyJson, { principal, action, resource, context }: RequestJson): Outcome {
  const result = runUnsafeSimulation({
    request: {
      principal: principal === 'anonymous' ? anonymousPrincipal : principal,
      action,
      resource: { resource, accountId: STRANGER },
      contextVariables: context as Record<string, string | string[]>,
    },
    identityPolicies: [ALLOW_EVERYTHING],
    resourcePolicy: { __validated: true, policyDocument: policy, metadata: { name: 'BucketPolicy' } }, // it fails on resource policies without a name
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  return OUTCOMES[result];
}

function count(counts: Counts, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function share(counts: Counts, name: string): number {
  return (counts[name] ?? 0) / pairs;
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, number) => sum + number, 0);
}

function compareAll({ policy, requests }: RandomCase): void {
  const parsed = parsePolicy(policy);
  requests.forEach((request) => compare(policy, parsed, request));
}

function compare(policy: PolicyJson, parsed: Policy, request: RequestJson): void {
  const our = ours(parsed, request);
  const their = theirs(policy, request);
  pairs++;
  count(outcomes, our);
  if (our === 'not-decided') {
    explain(policy, request, (alone) => alone === 'not-decided', reasonsToLeaveOpen, reasons);
  } else if (our !== their) {
    explain(policy, request, (alone, other) => alone !== 'not-decided' && alone !== other, disagreementsOf, skips);
  }
}

type IsCause = (our: Evaluation['outcome'], their: Outcome) => boolean;

/** Looks at each statement by itself: all that cause the difference have to be explained, and there has to be one. */
function explain(policy: PolicyJson, request: RequestJson, isCause: IsCause, namesOf: typeof disagreementsOf, counts: Counts): void {
  const causes = policy.Statement.filter((statement) => {
    const alone = { ...policy, Statement: [statement] };
    return isCause(ours(parsePolicy(alone), request), theirs(alone, request));
  });
  const names = causes.map((statement) => namesOf(meeting(policy, statement, request)));
  if (causes.length === 0 || names.some((found) => found.length === 0)) {
    const unexplained = { ...policy, Statement: causes.length === 0 ? policy.Statement : causes.filter((_, i) => names[i].length === 0) };
    const answers = `we say ${ours(parsePolicy(unexplained), request)}, the simulator ${theirs(unexplained, request)}`;
    throw new Error(`not explained: ${answers}, of ${JSON.stringify(request)} by ${JSON.stringify(unexplained)}`);
  }
  new Set(names.flat()).forEach((name) => count(counts, name));
}

describe('the policy evaluator and an independent simulator', () => {
  beforeAll(() => {
    const property = fc.property(randomCases(REQUESTS_PER_POLICY), compareAll);
    comparison = fc.check(property, { numRuns: Math.ceil(PAIRS / REQUESTS_PER_POLICY) });
    if (process.env.DIFFERENTIAL_RUNS) {
      process.stdout.write(`${JSON.stringify({ pairs, outcomes, skips, reasons }, null, 2)}\n`);
    }
  }, 20_000 + PAIRS / LEAST_PAIRS_PER_SECOND * 1000);

  test('agree on each random request, but for the named disagreements', () => {
    expect(comparison.failed ? `${comparison.errorInstance}\n${fc.defaultReportMessage(comparison)}` : 'agreed').toBe('agreed');
    expect(pairs).toBeGreaterThanOrEqual(PAIRS);
  });

  test.each(['allowed', 'denied', 'not-mentioned'])('are compared on policies by which at least 5 %% of the requests are %s', (outcome) => {
    expect(share(outcomes, outcome)).toBeGreaterThan(0.05);
  });

  test('are compared on policies that we decide but for few', () => {
    expect(share(outcomes, 'not-decided')).toBeLessThan(0.03);
    expect(Object.keys(reasons)).not.toHaveLength(0);
  });

  test('meet the named disagreements seldom', () => {
    expect(total(skips) / pairs).toBeLessThan(0.05);
  });

  test.each(DISAGREEMENTS)('still disagree on $name', ({ policy, request, ours: our, theirs: their }) => {
    expect({ ours: ours(parsePolicy(policy), request), theirs: theirs(policy, request) }).toEqual({ ours: our, theirs: their });
  });

  test.each(DISAGREEMENTS.filter(({ holds }) => holds))('are excused from agreement on $name', ({ name, policy, request }) => {
    expect(disagreementsOf(meeting(policy, policy.Statement[0], request))).toContain(name);
  });
});
