import { BucketGuarantee } from './bucket-guarantees';
import { KeyProof, keyPolicy, keyProofs } from './rules/key-policy';
import { nameOf } from './rules/public-allow';
import { Inventory } from '../access/inventory';
import { DeployedResource } from '../template/deployment';

/** What is to be known of the policy of a key, for all statements together. It is what the rule asks too. */
export function keyGuarantees(inventory: Inventory, key: DeployedResource): BucketGuarantee[] {
  const document = inventory.policyOf(key, 'KeyPolicy');
  const all = { rule: keyPolicy, sentence: keyPolicy.requirement, resource: key };
  if (!document?.policy) {
    return [{ ...all, verdict: 'not-decided', reason: document?.refusal ? `IAM would refuse the policy: ${document.refusal.message}` : document?.unknown ?? 'the policy is not known' }];
  }
  const proofs = keyProofs(inventory, key);
  const questions = new Set(proofs.map(({ question }) => question));
  return proofs.length === 0 ? [{ ...all, verdict: 'holds' }] : [...questions].map((question) => worst(proofs.filter((proof) => proof.question === question), key));
}

function worst(proofs: readonly KeyProof[], resource: DeployedResource): BucketGuarantee {
  const { guarantee: { sentence }, statement, proof } = proofs.find(({ proof: { verdict } }) => verdict === 'broken') ?? proofs.find(({ proof: { verdict } }) => verdict === 'not-decided') ?? proofs[0];
  const of = { rule: keyPolicy, sentence, resource };
  switch (proof.verdict) {
    case 'holds': return { ...of, verdict: 'holds' };
    case 'broken': return { ...of, verdict: 'broken', counterexample: proof.counterexample, reason: `the statement ${nameOf(statement)} allows it` };
    case 'not-decided': return { ...of, verdict: 'not-decided', reason: `of the statement ${nameOf(statement)}, ${proof.reason}` };
  }
}
