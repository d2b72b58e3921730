import { Finding, found, notDecided } from './finding';
import { undecided, violated } from './guarantee-texts';
import { Bucket, Inventory } from '../access/inventory';
import { Statement } from '../policy/document';
import { Guarantee } from '../proof/guarantee';
import { Proof, ResourceFacts } from '../proof/prove';
import { DeployedPolicy } from '../template/deployed-policy';

/** What to say of a bucket without a policy: perhaps one of those is its own whose bucket is not known. */
export function withoutPolicy({ policiesOfUnknownBuckets: strays }: Inventory, { site }: Bucket, problem: string, remedy: string): Finding[] {
  return [strays.length > 0
    ? notDecided(site, `Whether the bucket has a policy is not known: that of '${strays[0].resource.path}' is for a bucket that is not known before deployment.`)
    : found(site, problem, remedy)];
}

/**
 * What a policy is to guarantee, if anything.
 *
 * @param controls resource control policies that may bind the bucket as well
 */
export type GuaranteeOf = (document: DeployedPolicy, controls?: readonly Statement[]) => Guarantee | undefined;

/** Findings about a guarantee that every request to a bucket should have. */
export function proven(inventory: Inventory, bucket: Bucket, guaranteeOf: GuaranteeOf, remedy: string): Finding[] {
  return bucket.policies.flatMap((document) => {
    if (document.refusal) {
      return []; // the rule PolicySyntax reports it
    }
    if (!document.policy) {
      return [notDecided(document.resource, document.unknown!)];
    }
    const guarantee = guaranteeOf(document);
    return guarantee ? judged(document, guarantee, inventory.prove(bucket, document, guarantee, (controls) => guaranteeOf(document, controls) ?? guarantee), remedy) : [];
  });
}

function judged(document: DeployedPolicy, guarantee: Guarantee, proof: Proof, remedy: string): Finding[] {
  switch (proof.verdict) {
    case 'holds': return [];
    case 'broken': return [{
      ...found(document.resource, violated(guarantee.sentence), remedy, proof.letThroughBy ? `${proof.counterexample}; ${proof.letThroughBy}` : proof.counterexample),
      letThroughBy: proof.letThroughBy,
    }];
    case 'not-decided': return [notDecided(document.resource, undecided(guarantee.sentence, proof.reason))];
  }
}

/** What is proved of one statement of a policy. */
export interface StatementProof {
  readonly statement: Statement;
  readonly proof: Proof;
}

/**
 * For each statement that lets services in: whether it lets them do too much. Whether somebody who is not known is a service is asked by
 * PublicAllow: it may be anybody.
 */
export function proofsOfServices(
  inventory: Inventory, { facts }: Bucket, document: DeployedPolicy, guaranteeOf: (statement: Statement, facts: ResourceFacts) => Guarantee,
): StatementProof[] {
  return (document.policy?.statements ?? []).filter(({ effect }) => effect === 'Allow').flatMap((statement) => {
    const guarantee = guaranteeOf(statement, facts);
    const { verdict } = inventory.proveAlone(statement, document, guarantee, facts);
    const namesService = statement.principal?.members.some(({ kind }) => kind === 'Service');
    if (verdict === 'broken' || (verdict === 'not-decided' && namesService)) {
      return [{ statement, proof: inventory.proveAllow(statement, document, guarantee, facts) }];
    }
    return namesService ? [{ statement, proof: { verdict: 'holds' } as const }] : [];
  });
}
