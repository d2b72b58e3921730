import { Statement } from '../policy/document';
import { Guarantee } from '../proof/guarantee';
import { Proof, Prover, Requests, ResourceFacts } from '../proof/prove';

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
}

/**
 * Proofs, each made once. Most buckets of an app have the same policy but for their own names, and a proof does not depend on
 * what a bucket is called.
 */
export class Proofs {
  private readonly remembered = new Map<string, Remembered>();
  private readonly provers = new WeakMap<readonly Statement[], Prover>();
  private readonly nameless = new Map<string, Map<string, string | undefined>>();

  public prove(claim: Claim): Proof {
    const names = [claim.facts.arn, ...(claim.names ?? [])];
    const { breaches, needsAllow } = claim.guarantee;
    const question = [JSON.stringify([breaches, needsAllow]), claim.facts.account, claim.facts.partition, claim.requests?.name].join('\n');
    const [nameless, namelessQuestion] = [this.withoutNames(claim.text, names), withoutNames(question, names)];
    const key = nameless !== undefined && namelessQuestion !== undefined ? `${namelessQuestion}\n${nameless}` : `${names.join()}\n${question}\n${claim.text}`;
    const remembered = this.remembered.get(key);
    if (remembered) {
      return renamed(remembered, names);
    }
    const proof = this.proverOf(claim).prove(claim.guarantee);
    this.remembered.set(key, { proof, names });
    return proof;
  }

  private proverOf({ statements, facts, requests }: Claim): Prover {
    const prover = this.provers.get(statements) ?? new Prover({ statements }, facts, requests);
    this.provers.set(statements, prover);
    return prover;
  }

  /** A policy is asked many questions: its text is searched for names once. */
  private withoutNames(text: string, names: readonly string[]): string | undefined {
    const known = this.nameless.get(text) ?? new Map<string, string | undefined>();
    this.nameless.set(text, known);
    const key = names.join();
    if (!known.has(key)) {
      known.set(key, withoutNames(text, names));
    }
    return known.get(key);
  }
}

/**
 * The text with placeholders for names. Undefined if the text has wildcards elsewhere than behind such a name: they might match
 * one name and not another.
 */
function withoutNames(text: string, names: readonly string[]): string | undefined {
  const replaced = names.reduce((before, name, i) => before.split(`"${name}`).join(`"\uE002${i}`).split(name).join(`\uE003${i}`), text);
  const wildcards = replaced.match(/"[^"]*[*?][^"]*"/g) ?? [];
  return wildcards.every((value) => /^"(?:\*|\uE002\d+\/[^"]*|[a-z0-9]+:\*|arn:[^:"]*:iam:[^"]*|arn:\*:\*:[^"]*|s3\.\*)"$/i.test(value)) ? replaced : undefined;
}

/** The proof with the names of another resource. The request itself stays that of the first one: only texts are shown. */
function renamed({ proof, names }: Remembered, others: readonly string[]): Proof {
  const rename = (text: string) => names.reduce((before, name, i) => before.split(name).join(others[i]), text);
  switch (proof.verdict) {
    case 'holds': return proof;
    case 'broken': return { ...proof, counterexample: rename(proof.counterexample), letThroughBy: proof.letThroughBy && rename(proof.letThroughBy) };
    case 'not-decided': return { ...proof, reason: rename(proof.reason) };
  }
}
