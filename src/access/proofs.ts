import { NamelessTexts, renaming, shapeOf } from './nameless';
import { Statement } from '../policy/document';
import { PolicyRequest, requestSentence } from '../policy/request';
import { Guarantee } from '../proof/guarantee';
import { bucketRequests, Proof, Prover, Requests, ResourceFacts } from '../proof/prove';

/** What is to be proved of some statements. */
export interface Claim {
  readonly guarantee: Guarantee;

  /** One list is always asked about with the same facts and requests. */
  readonly statements: readonly Statement[];

  /** The statements as JSON: equal texts are equal statements. */
  readonly text: string;
  readonly facts: ResourceFacts;

  /** Names that stand for this resource alone, such as the ARN of its key. */
  readonly names?: readonly string[];
  readonly requests?: Requests;
}

interface Remembered {
  readonly proof: Proof;
  readonly names: readonly string[];
  readonly statements: readonly Statement[];
}

/**
 * Proofs, each made once. Most buckets of an app have the same policy but for their own names and those of whom they let in, and a proof does not depend on
 * what these are called.
 */
export class Proofs {
  private readonly remembered = new Map<string, Remembered>();
  private readonly provers = new WeakMap<readonly Statement[], Prover>();
  private readonly nameless = new NamelessTexts();

  public prove(claim: Claim): Proof {
    const { key, names } = this.keyOf(claim);
    const remembered = this.remembered.get(key);
    const known = remembered && renamed(remembered, names, claim.statements);
    if (known && (known.verdict !== 'broken' || this.proverOf(claim).isLetThrough(known.request, claim.guarantee))) {
      return known;
    }
    const proof = this.proverOf(claim).prove(claim.guarantee);
    this.remembered.set(key, { proof, names, statements: claim.statements });
    return proof;
  }

  /** Equal for claims that have equal proofs but for names. */
  private keyOf({ guarantee: { breaches, needsAllow }, text, facts, requests = bucketRequests, names: ofResource = [] }: Claim): { key: string; names: readonly string[] } {
    const own = [facts.arn, ...ofResource];
    const question = JSON.stringify([breaches, needsAllow, facts.objects]);
    const { texts, names } = this.nameless.of([text, question], own) ?? { texts: [own.join('\n'), text, question], names: own };
    const { account, partition, networkOrigin, region } = facts;
    return { key: [account, partition, networkOrigin, region, requests.name, ...names.map(shapeOf), ...texts].join('\n'), names };
  }

  private proverOf({ statements, facts, requests }: Claim): Prover {
    const prover = this.provers.get(statements) ?? new Prover({ statements }, facts, requests);
    this.provers.set(statements, prover);
    return prover;
  }
}

/** The proof with other names, and with other statements. */
function renamed({ proof, names, statements }: Remembered, others: readonly string[], own: readonly Statement[]): Proof {
  switch (proof.verdict) {
    case 'holds': return proof;
    case 'broken': {
      const rename = renaming(names, others);
      const request = renamedRequest(proof.request, rename);
      return {
        ...proof,
        request,
        counterexample: requestSentence(request),
        letThroughBy: proof.letThroughBy && rename(proof.letThroughBy),
        allowedBy: proof.allowedBy && own[statements.indexOf(proof.allowedBy)],
      };
    }
    case 'not-decided': return { ...proof, reason: renaming(names, others)(proof.reason) };
  }
}

function renamedRequest({ principal, action, resource, context }: PolicyRequest, rename: (text: string) => string): PolicyRequest {
  const ofPrincipal = Object.entries(principal).map(([key, value]) => [key, typeof value === 'string' ? rename(value) : value]);
  return { principal: Object.fromEntries(ofPrincipal), action, resource: rename(resource), context: new Map(Array.from(context, ([key, values]) => [key, values.map(rename)])) };
}
