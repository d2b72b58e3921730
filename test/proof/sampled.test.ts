import { BUCKET, randomOf, randomQuestion } from './random-questions';
import { RequestDrawer } from './sampled-requests';
import { parsePolicy } from '../../src/policy/document';
import { requestSentence } from '../../src/policy/request';
import { described } from '../../src/proof/guarantee';
import { prove, Proof } from '../../src/proof/prove';

const POLICIES = Number(process.env.SAMPLED_POLICIES ?? 3000);
const FIRST = Number(process.env.SAMPLED_FROM ?? 0);
const SEARCHES = 4; // of 50 requests each, against each policy that seems to keep its guarantee
const STEPS = 50;
const facts = { arn: BUCKET, objects: `${BUCKET}/`, account: '111122223333', partition: 'aws' };

interface Attacked {
  readonly seed: number;
  readonly isComplete: boolean;
  readonly proof: Proof;

  /** A request that passes, where the search found one. */
  readonly passing?: string;
}

function attacked(seed: number): Attacked {
  const { policy: document, guarantee, isComplete } = randomQuestion(seed);
  const policy = parsePolicy(document);
  const proof = prove(policy, guarantee, facts);
  const isAttacked = proof.verdict === 'holds' || seed % 20 === 0; // of the others, enough to see that the search is able to find something
  const drawer = new RequestDrawer(randomOf(seed + 1_000_000), policy, guarantee.breaches.map(described));
  for (let i = 0; isAttacked && i < SEARCHES; i++) {
    const request = drawer.attack(guarantee, policy.statements, STEPS);
    if (request) {
      return { seed, isComplete, proof, passing: `${requestSentence(request)} passes ${JSON.stringify(document)}` };
    }
  }
  return { seed, isComplete, proof };
}

describe(`${POLICIES} random policies, attacked with requests of which the proofs know nothing`, () => {
  const all = Array.from({ length: POLICIES }, (_, i) => attacked(FIRST + i));
  const of = (verdict: Proof['verdict']) => all.filter(({ proof }) => proof.verdict === verdict);

  test('no request passes where the guarantee holds', () => {
    expect(of('holds').filter(({ passing }) => passing !== undefined)).toEqual([]);
    expect(of('holds').length).toBeGreaterThan(POLICIES / 4);
  });

  test('a guarantee whose denies leave nothing through by the way they were made is not broken', () => {
    expect(of('broken').filter(({ isComplete }) => isComplete)).toEqual([]);
    expect(all.filter(({ isComplete }) => isComplete).length).toBeGreaterThan(POLICIES / 4);
  });

  test('few are not decided, and many are broken', () => {
    expect(of('not-decided').length).toBeLessThanOrEqual(POLICIES * 0.03);
    expect(of('broken').length).toBeGreaterThan(POLICIES / 4);
  });

  test('the attack is strong: it passes most of the broken ones', () => {
    const tried = of('broken').filter(({ seed }) => seed % 20 === 0);
    expect(tried.filter(({ passing }) => passing !== undefined).length).toBeGreaterThan(tried.length * 0.6);
  });
});
