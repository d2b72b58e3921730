import { Statement } from '../policy/document';
import { arnSegments } from '../policy/pattern';
import { PolicyRequest } from '../policy/request';
import { isUnknown, patternOfUnknown } from '../policy/unknown-text';
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
 * Proofs, each made once. Most buckets of an app have the same policy but for their own names, and a proof does not depend on
 * what a bucket is called.
 */
export class Proofs {
  private readonly remembered = new Map<string, Remembered>();
  private readonly provers = new WeakMap<readonly Statement[], Prover>();
  private readonly nameless = new Map<string, Map<string, string | undefined>>();

  public prove(claim: Claim): Proof {
    const names = [claim.facts.arn, ...(claim.names ?? [])];
    const key = this.keyOf(claim, names);
    const remembered = this.remembered.get(key);
    if (remembered) {
      return renamed(remembered, names, claim.statements);
    }
    const proof = this.proverOf(claim).prove(claim.guarantee);
    this.remembered.set(key, { proof, names, statements: claim.statements });
    return proof;
  }

  /** Equal for claims that have equal proofs but for the names of the resource. */
  private keyOf({ guarantee: { breaches, needsAllow }, text, facts, requests = bucketRequests }: Claim, names: readonly string[]): string {
    const question = JSON.stringify([breaches, needsAllow, facts.objects]);
    const nameless = names.every(isRenamable) ? [question, text].map((one) => this.withoutNames(one, names)) : [];
    const isNameless = nameless.length > 0 && nameless.every((one) => one !== undefined);
    const { account, partition, networkOrigin, region } = facts;
    return JSON.stringify([account, partition, networkOrigin, region, requests.name, ...(isNameless ? [names.map(shapeOf), ...nameless] : [names, question, text])]);
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
    const key = names.join('\n');
    if (!known.has(key)) {
      known.set(key, withoutNames(text, names));
    }
    return known.get(key);
  }
}

function isRenamable(name: string): boolean {
  return name.startsWith('arn:') && arnSegments(name).length === 6 && !/[*?]/.test(name);
}

/** Everything in an ARN that texts may ask about whatever the resource is called. */
function shapeOf(name: string): string {
  return [...arnSegments(name).slice(0, 5), isUnknown(name)].join(':');
}

const PLACEHOLDER = '\uE002';
const END = '\uE003';

/**
 * Texts with wildcards, unknown values or policy variables that match any resource of a shape, or none: everything, actions, what follows
 * the name of the resource, ARNs of other services, ARNs by account alone, paths of organizations, the name of S3 in each Region, and
 * values of which nothing is known.
 */
const MATCHES_ALL_NAMES_ALIKE = new RegExp(`^(?:${[
  '\\*', '[a-z0-9]+:\\*', `${PLACEHOLDER}\\d+${END}/.*`, 'arn:[^:]*:(?!s3|kms)[a-z0-9-]+:.*', 'arn:\\*:\\*:\\*?:[^:]*:\\*', 'o-[a-z0-9]+/.*', 's3\\.\\*', patternOfUnknown(),
].join('|')})$`, 'is');

/** The text with placeholders for names. Undefined if it may depend on what the resource is called: if anything else in it is like a name. */
function withoutNames(text: string, names: readonly string[]): string | undefined {
  const written = names.map((name) => JSON.stringify(name).slice(1, -1));
  const replaced = written.reduce((before, name, i) => before.split(name).join(`${PLACEHOLDER}${i}${END}`), text);
  const isWhole = !new RegExp(`[^"]${PLACEHOLDER}|${END}[^"/]`).test(replaced);
  const rest = replaced.toLowerCase();
  const isLikeName = written.some((name) => rest.includes(arnSegments(name)[5].split('/').at(-1)!.toLowerCase()));
  const strings = replaced.match(/"(?:[^"\\]|\\.)*"/gs) ?? [];
  const open = strings.map((string) => string.slice(1, -1)).filter((value) => /[*?]|\$\{/.test(value) || isUnknown(value));
  return isWhole && !isLikeName && open.every((value) => MATCHES_ALL_NAMES_ALIKE.test(value)) ? replaced : undefined;
}

/** The proof with the names of another resource, and with its statements. */
function renamed({ proof, names, statements }: Remembered, others: readonly string[], own: readonly Statement[]): Proof {
  const rename = (text: string) => names.reduce((before, name, i) => before.split(name).join(others[i]), text);
  switch (proof.verdict) {
    case 'holds': return proof;
    case 'broken': return {
      ...proof,
      request: withResource(proof.request, rename),
      counterexample: rename(proof.counterexample),
      letThroughBy: proof.letThroughBy && rename(proof.letThroughBy),
      allowedBy: proof.allowedBy && own[statements.indexOf(proof.allowedBy)],
    };
    case 'not-decided': return { ...proof, reason: rename(proof.reason) };
  }
}

function withResource(request: PolicyRequest, rename: (text: string) => string): PolicyRequest {
  const context = new Map(Array.from(request.context, ([key, values]) => [key, values.map(rename)]));
  return { ...request, resource: rename(request.resource), context };
}
