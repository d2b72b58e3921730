import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import { measuredBucket } from './policy/bucket';
import { MeasuredRequest, requestsTo } from './policy/requests';
import { WORST_CASES, WORST_CASES_BUCKET } from './policy/worst-cases';
import { withDirectory } from './synth/directory';
import { HTTPS_ONLY } from '../src/guarantees/transport';
import { contextOf } from '../src/policy/context';
import { parsePolicy } from '../src/policy/document';
import { evaluate } from '../src/policy/evaluate';
import { iamPrincipal, PolicyRequest } from '../src/policy/request';
import { prove } from '../src/proof/prove';

const TURNS = 9;
const TURN_MILLISECONDS = 400;
const OUTCOMES: Record<string, string> = { Allowed: 'allowed', ExplicitlyDenied: 'denied', ImplicitlyDenied: 'not-mentioned' };

const { policy, document, facts, guarantees } = withDirectory(measuredBucket);
const requests = requestsTo(facts.arn);
const prepared = requests.map(({ principal, action, resource, context }): PolicyRequest => ({
  principal: principal.endsWith('.amazonaws.com') ? { kind: 'service', service: principal } : iamPrincipal(principal),
  action,
  resource,
  context: contextOf(context),
}));

function simulated({ principal, action, resource, context }: MeasuredRequest): string {
  return OUTCOMES[runUnsafeSimulation({
    request: { principal, action, resource: { resource, accountId: facts.account }, contextVariables: context },
    identityPolicies: [],
    resourcePolicy: { __validated: true, policyDocument: document, metadata: { name: 'BucketPolicy' } },
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {})];
}

/** How often a second something is done that is asked for each request in turn: the best of several turns. */
function perSecond(decide: (i: number) => unknown): number {
  return best((count) => decide(count % requests.length), (count, elapsed) => count / elapsed * 1000, Math.max);
}

/** The shortest time in milliseconds that one run takes on average, of several turns. */
function milliseconds(run: () => unknown): number {
  return best(run, (count, elapsed) => elapsed / count, Math.min);
}

function best(run: (i: number) => unknown, rate: (count: number, elapsed: number) => number, choose: (...rates: number[]) => number): number {
  return choose(...Array.from({ length: TURNS }, () => {
    const start = performance.now();
    let count = 0;
    while (performance.now() - start < TURN_MILLISECONDS / TURNS || count < requests.length) {
      run(count++);
    }
    return rate(count, performance.now() - start);
  }));
}

function refuseUnlikeDecisions(): void {
  const unlike = requests.filter((request, i) => simulated(request) !== evaluate(policy, prepared[i]).outcome);
  if (unlike.length > 0) {
    throw new Error(`the evaluators do not do the same work: they decide ${unlike.length} of ${requests.length} requests differently, such as ${JSON.stringify(unlike[0])}`);
  }
}

refuseUnlikeDecisions();
const theirs = perSecond((i) => simulated(requests[i]));
const ours = perSecond((i) => evaluate(policy, prepared[i]));
console.log(`A bucket policy of ${policy.statements.length} statements, ${requests.length} different requests, one core`);
console.log(`decisions a second       ours ${ours.toFixed(0).padStart(9)}   iam-simulate ${theirs.toFixed(0).padStart(7)}   ratio ${(ours / theirs).toFixed(1)}`);
for (const { guardrail, guarantee } of guarantees) {
  if (prove(policy, guarantee, facts).verdict !== 'holds') {
    throw new Error(`not proved: ${guarantee.sentence}`);
  }
  const time = milliseconds(() => prove(policy, guarantee, facts));
  console.log(`${time.toFixed(2).padStart(6)} ms a proof, the time of ${(time * theirs / 1000).toFixed(0).padStart(3)} decisions of iam-simulate: ${guardrail}: ${guarantee.sentence}`);
}

console.log('\nPolicies that are hard to prove something of: the first proof, alone in the process so far');
for (const { name, policy: hard } of WORST_CASES) {
  const start = performance.now();
  const { verdict } = prove(parsePolicy(hard), HTTPS_ONLY, { arn: WORST_CASES_BUCKET, objects: `${WORST_CASES_BUCKET}/`, account: '111122223333', partition: 'aws' });
  const time = performance.now() - start;
  console.log(`${time.toFixed(0).padStart(6)} ms, ${(process.memoryUsage().rss / 1e6).toFixed(0).padStart(4)} MB of the process, ${verdict}: ${name} (${JSON.stringify(hard).length} bytes)`);
}
