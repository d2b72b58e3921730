import { ACCESS_POINT, BUCKET, KEY, randomGrants, randomQuestion } from './random-questions';
import { Answer, Question, Solver } from './solver/solver';
import { parsePolicy } from '../../src/policy/document';
import { EVERY_CALLER } from '../../src/proof/guarantee';
import { bucketRequests, keyRequests, Proof, prove, proveTogether, ResourceFacts } from '../../src/proof/prove';

const PAIRS = Number(process.env.SOLVER_PAIRS ?? 400);
const FIRST = Number(process.env.SOLVER_FROM ?? 0);
const OWNER = { account: '111122223333', partition: 'aws' };
const FACTS: Readonly<Record<string, ResourceFacts>> = {
  'bucket': { arn: BUCKET, objects: `${BUCKET}/`, ...OWNER },
  'access-point': { arn: ACCESS_POINT, objects: `${ACCESS_POINT}/object/`, ...OWNER },
  'key': { arn: KEY, objects: KEY, ...OWNER },
};

interface Pair {
  readonly question: Question;
  readonly proof: () => Proof;
}

/** Of each five pairs, three are about denies of a bucket, and two about what a bucket, an access point, a key or two policies together allow. */
function pairOf(seed: number): Pair {
  const world = (['bucket', 'access-point', 'key'] as const)[Math.floor(seed / 5) % 3];
  if (seed % 5 < 3) {
    const { policy, guarantee } = randomQuestion(seed);
    return { question: { policies: [policy], breaches: guarantee.breaches }, proof: () => prove(parsePolicy(policy), guarantee, FACTS.bucket) };
  }
  const isTogether = seed % 5 === 4 && world !== 'key';
  const { policies, breaches } = randomGrants(seed, world, isTogether ? 2 : 1);
  const guarantee = { sentence: `Question ${seed}`, breaches, needsAllow: EVERY_CALLER };
  const [one, other] = policies.map((policy) => parsePolicy(policy));
  return {
    question: { policies, breaches, needsAllow: true, world },
    proof: () => (isTogether ? proveTogether([one, other], guarantee, FACTS[world]) : prove(one, guarantee, FACTS[world], world === 'key' ? keyRequests : bucketRequests)),
  };
}

let solver: Solver;
beforeAll(async () => { solver = await Solver.start(); });
afterAll(() => solver.stop());

const BOTH = [BUCKET, `${BUCKET}/*`];
const HTTP = { Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

/** Patterns that paths of principals meet, which may hold whatever can be printed, or that nobody can meet. */
describe('whom a deny spares by a part of the ARN, the solver finds too', () => {
  test.each([
    'arn:aws:iam::*:role/*!*', 'arn:aws:iam::*:role/*:*', 'arn:aws:iam::*:role/*#', 'arn:aws:iam::*:role/*#?*', 'arn:aws:iam::*:*(x)*', 'arn:*:iam::444455556666:*', 'arn:*:444455556666:?*',
    '*:444455556666:*!', 'arn:aws:iam::111122223333:role/', 'arn:aws:iam::*:user/*;*/*',
  ])('%s', async (spared) => {
    const policy = {
      Version: '2012-10-17',
      Statement: [{ StringNotLike: { 'aws:PrincipalArn': spared }, ...HTTP.Condition }, { StringEquals: { 'aws:PrincipalAccount': '444455556666' } }]
        .map((Condition) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: BOTH, Condition })),
    };
    const answer = await solver.satisfiable({ policies: [policy], breaches: [HTTP] });
    expect(prove(parsePolicy(policy), { sentence: 'Nothing over plain HTTP', breaches: [HTTP] }, FACTS.bucket).verdict).toBe(answer === 'sat' ? 'broken' : 'holds');
  }, 60_000);
});

describe(`${PAIRS} policies and guarantees, asked of a solver that shares no code with the proofs`, () => {
  const all: { readonly seed: number; readonly answer: Answer; readonly verdict: Proof['verdict']; readonly question: string }[] = [];

  beforeAll(async () => {
    for (let seed = FIRST; seed < FIRST + PAIRS; seed++) {
      const { question, proof } = pairOf(seed);
      all.push({ seed, answer: await solver.satisfiable(question), verdict: proof().verdict, question: JSON.stringify(question) });
    }
  }, 30_000 + PAIRS * 500);

  const share = (isSo: (one: (typeof all)[number]) => boolean) => all.filter(isSo).length / PAIRS;

  test('nothing holds for which the solver finds a request', () => {
    expect(all.filter(({ answer, verdict }) => answer === 'sat' && verdict === 'holds')).toEqual([]);
    expect(share(({ verdict }) => verdict === 'holds')).toBeGreaterThan(0.2);
  });

  test('nothing is broken for which the solver finds none', () => {
    expect(all.filter(({ answer, verdict }) => answer === 'unsat' && verdict === 'broken')).toEqual([]);
    expect(share(({ verdict }) => verdict === 'broken')).toBeGreaterThan(0.2);
  });

  test('both decide nearly all', () => {
    expect(share(({ answer }) => answer === 'unknown')).toBeLessThanOrEqual(0.02);
    expect(share(({ verdict }) => verdict === 'not-decided')).toBeLessThanOrEqual(0.03);
  });
});
