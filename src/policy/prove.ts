import { Policy, Statement } from './document';
import { actionApplies, principalApplies, resourceApplies } from './evaluate';
import { PolicyRequest, requestSentence } from './request';
import { bucketRequests } from './space/bucket-requests';
import { Choice, Facet, FacetName, ResourceFacts } from './space/facet';
import { MentionedKeys } from './space/mentions';
import { every, Truth } from './truth';

/** Requests that a guarantee forbids: all whose parts are as the tests say. A part without a test may be anything. */
export type Breach = Readonly<Partial<Record<FacetName, (choice: Choice) => boolean>>>;

/** Something that is true of every request which a bucket lets through. */
export interface Guarantee {
  /** The guarantee in one sentence. */
  readonly sentence: string;

  /** The requests that must not be let through. */
  readonly breaches: readonly Breach[];

  /** Values that the breaches tell apart, by condition key in lower case. */
  readonly mentions?: MentionedKeys;

  /**
   * Callers who can do nothing unless this very policy allows it. All others may have permissions of their own, so that
   * only a deny stops them.
   *
   * @default - none: nobody is let through but by a deny that does not apply
   */
  readonly needsAllow?: (caller: Choice) => boolean;
}

/** What is known of a guarantee. */
export type Proof =
  | { readonly verdict: 'holds' }
  | { readonly verdict: 'broken'; readonly request: PolicyRequest; readonly counterexample: string; readonly allowedBy?: Statement }
  | { readonly verdict: 'not-decided'; readonly reason: string };

/**
 * Proves or refutes a guarantee over all requests to a resource, by looking at one request of each kind that the policy and
 * the guarantee can tell apart.
 *
 * @param requests the requests that there can be: to a bucket, if nothing else is said
 */
export function prove(policy: Policy, guarantee: Guarantee, resource: ResourceFacts, requests = bucketRequests): Proof {
  return new Prover(policy, resource, requests).prove(guarantee);
}

/**
 * Proves or refutes a guarantee over the requests that two policies let through together, such as those of a bucket and of a role:
 * neither may deny them, and each has to allow them.
 */
export function proveTogether(policies: readonly [Policy, Policy], guarantee: Guarantee, resource: ResourceFacts): Proof {
  const facets = bucketRequests(policies, guarantee.mentions ?? {}, resource);
  const ofEffect = (effect: Statement['effect']) => policies.map(({ statements }) => statements.filter((statement) => statement.effect === effect));
  const [first, second] = ofEffect('Allow');
  const pairs = first.flatMap((one) => second.map((other) => [one, other]));
  return verdict(guarantee.breaches.flatMap((breach) => pairs.map((allows) => new Search(facets, ofEffect('Deny').flat(), breach, allows))), facets);
}

/** Proves guarantees of one policy: what does not depend on the guarantee is found out once. */
export class Prover {
  private readonly denies: readonly Statement[];
  private readonly allows: readonly Statement[];
  private ordinary?: readonly Facet[];

  /** For each choice, whether it meets what the denies ask: the same for all guarantees. */
  private readonly truths = new Map<Choice, readonly Truth[]>();

  constructor(private readonly policy: Policy, private readonly resource: ResourceFacts, private readonly requests = bucketRequests) {
    this.denies = policy.statements.filter(({ effect }) => effect === 'Deny');
    this.allows = policy.statements.filter(({ effect }) => effect === 'Allow');
  }

  public prove(guarantee: Guarantee): Proof {
    const { denies, allows, truths } = this;
    this.ordinary ??= this.requests([this.policy], {}, this.resource);
    const facets = guarantee.mentions ? this.requests([this.policy], guarantee.mentions, this.resource, this.ordinary) : this.ordinary;
    const searches = guarantee.breaches.flatMap((breach) => [
      new Search(facets, denies, restricted(breach, (caller) => !guarantee.needsAllow?.(caller)), [], truths),
      ...(guarantee.needsAllow ? allows.map((allow) => new Search(facets, denies, restricted(breach, guarantee.needsAllow!), [allow], truths)) : []),
    ]);
    return verdict(searches, facets);
  }
}

function verdict(searches: readonly Search[], facets: readonly Facet[]): Proof {
  for (const search of searches) {
    const request = search.find('surely');
    if (request) {
      return { verdict: 'broken', request, counterexample: requestSentence(request), allowedBy: search.allows[0] };
    }
  }
  const doubt = searches.map((search) => search.doubt()).find((reason) => reason !== undefined);
  const inexact = facets.find(({ isExact }) => !isExact);
  const reason = doubt ?? (inexact ? `the patterns for '${inexact.name}' overlap in ways that cannot be told apart` : undefined);
  return reason === undefined ? { verdict: 'holds' } : { verdict: 'not-decided', reason };
}

function restricted(breach: Breach, isCaller: (caller: Choice) => boolean): Breach {
  return { ...breach, caller: (caller) => isCaller(caller) && (breach.caller?.(caller) ?? true) };
}

const STEP_LIMIT = 200_000;

/** Looks for a request that breaches a guarantee and that no deny stops. */
class Search {
  private readonly allowing = new Map<Choice, Truth>();
  private steps = 0;
  private gaveUp = false;

  /** Whether some statement was not decided for some choice. */
  private isOpen = false;

  /**
   * @param allows statements that must apply to the request, if any must
   * @param truths for each choice, whether it meets what the denies ask: to be shared by searches with the same denies
   */
  constructor(
    private readonly facets: readonly Facet[],
    private readonly denies: readonly Statement[],
    private readonly breach: Breach,
    public readonly allows: readonly Statement[] = [],
    private readonly truths = new Map<Choice, readonly Truth[]>(),
  ) {}

  /** A request that is let through, surely or perhaps: perhaps is where statements that are not decided do not stop it. */
  public find(mode: 'surely' | 'perhaps'): PolicyRequest | undefined {
    this.steps = 0;
    const chosen = this.choose(0, this.denies.map((_, i) => i), [], mode, new Set());
    return chosen && requestOf(chosen);
  }

  /** Why it is not known whether a request is let through; nothing if it is known. */
  public doubt(): string | undefined {
    const request = this.isOpen ? this.find('perhaps') : undefined; // a search that met nothing open would go the same ways again
    if (this.gaveUp) {
      return 'there are too many kinds of requests to look at each';
    }
    return request && `it depends on a value or a rule that is not known whether a statement applies to this request: ${requestSentence(request)}`;
  }

  private choose(index: number, alive: readonly number[], chosen: readonly Choice[], mode: 'surely' | 'perhaps', failed: Set<string>): readonly Choice[] | undefined {
    if (index === this.facets.length) {
      return alive.length === 0 ? chosen : undefined;
    }
    const facet = this.facets[index];
    const [callerKind, operationKind] = [chosen[0]?.kind ?? '', chosen[1]?.kind ?? ''];
    const state = `${index} ${alive.join()} ${callerKind} ${operationKind}`;
    this.gaveUp ||= ++this.steps > STEP_LIMIT;
    if (failed.has(state) || this.gaveUp) {
      return undefined;
    }
    const tried = new Set<string>();
    for (const kind of facet.choices) {
      const choice = facet.goesWith(kind, callerKind, operationKind) ? this.forbidden(facet, kind) : undefined;
      if (choice === undefined) {
        continue;
      }
      const truths = this.truthsOf(facet, kind);
      const isAllowed = this.isAllowed(facet, kind);
      const stopping = alive.filter((i) => (mode === 'surely' ? truths[i] !== false : truths[i] === true));
      const signature = `${stopping.join()} ${index < 2 ? choice.kind : ''}`;
      if ((mode === 'surely' ? isAllowed !== true : isAllowed === false) || tried.has(signature)) {
        continue;
      }
      tried.add(signature);
      const found = this.choose(index + 1, stopping, [...chosen, choice], mode, failed);
      if (found) {
        return found;
      }
    }
    failed.add(state);
    return undefined;
  }

  /** The choice, if the guarantee forbids it; or one that no policy tells from it and that the guarantee forbids. */
  private forbidden(facet: Facet, choice: Choice): Choice | undefined {
    const isForbidden = this.breach[facet.name];
    if (isForbidden === undefined || isForbidden(choice)) {
      return choice;
    }
    return choice.alike?.().find(isForbidden);
  }

  /** For each deny, whether a choice meets what the statement asks of this part of a request. */
  private truthsOf(facet: Facet, choice: Choice): readonly Truth[] {
    const truths = this.truths.get(choice) ?? this.denies.map((statement) => meets(statement, facet, choice));
    this.truths.set(choice, truths);
    this.isOpen ||= truths.includes(undefined);
    return truths;
  }

  /** The same for the allows that must apply: whether all do. */
  private isAllowed(facet: Facet, choice: Choice): Truth {
    const truth = this.allowing.has(choice) ? this.allowing.get(choice) : every(this.allows, (allow) => meets(allow, facet, choice));
    this.allowing.set(choice, truth);
    this.isOpen ||= truth === undefined;
    return truth;
  }
}

function meets(statement: Statement, facet: Facet, choice: Choice): Truth {
  const scope = [
    ...(choice.principal ? [principalApplies(statement, { principal: choice.principal })] : []),
    ...(choice.action ? [actionApplies(statement, { action: choice.action }), meetsResource(statement, choice)] : []),
  ];
  const conditions = statement.conditions.filter(({ key }) => facet.owns(key)).map(({ key, isSelfContained, holds }) =>
    (isSelfContained || !choice.context.has(key) ? holds(choice.context) : undefined));
  return every([...scope, ...conditions], (truth) => truth);
}

/** A resource with variables in it might be any. */
function meetsResource(statement: Statement, { resource, context }: Choice): Truth {
  const hasVariables = statement.resource?.members.some(({ pattern }) => !pattern);
  return hasVariables ? undefined : resourceApplies(statement, { resource: resource!, context });
}

function requestOf(chosen: readonly Choice[]): PolicyRequest {
  const [{ principal }, { action, resource }] = chosen;
  return { principal: principal!, action: action!, resource: resource!, context: new Map(chosen.flatMap(({ context }) => [...context])) };
}
