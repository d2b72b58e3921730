import { coinciding, isUnknownCaller, ofUnknownCaller, withCoincidences } from './coincidences';
import { doubt } from './doubt';
import { described, Guarantee } from './guarantee';
import { instances } from './instances';
import { whatLetsThrough } from './let-through';
import { Mentions } from './mentions';
import { Choice, Link, Part, ResourceFacts } from './part';
import { and, Bits, bitsOf, LinkedParts, Pairing, solve } from './search';
import { resourceWhateverVariables, whateverVariables } from './variables';
import { bucketRequests, Requests, World } from './world/requests';
import { conditionKey } from '../aws/condition-keys';
import { Policy, Statement } from '../policy/document';
import { actionApplies, applies, principalApplies } from '../policy/evaluate';
import { PolicyRequest, requestSentence } from '../policy/request';
import { every, Truth } from '../policy/truth';

export { bucketRequests, keyRequests } from './world/requests';
export type { Requests } from './world/requests';
export type { ResourceFacts } from './part';

/** What is known of a guarantee. */
export type Proof =
  | { readonly verdict: 'holds' }
  | { readonly verdict: 'broken'; readonly request: PolicyRequest; readonly counterexample: string; readonly letThroughBy?: string; readonly allowedBy?: Statement }
  | { readonly verdict: 'not-decided'; readonly reason: string };

/**
 * Proves or refutes a guarantee over all requests to a resource, by looking at one request of each kind that the policy and
 * the guarantee can tell apart.
 *
 * @param requests the requests that there can be: to a bucket, if nothing else is said
 */
export function prove(policy: Policy, guarantee: Guarantee, resource: ResourceFacts, requests: Requests = bucketRequests): Proof {
  return new Prover(policy, resource, requests).prove(guarantee);
}

/**
 * Proves or refutes a guarantee over the requests that two policies let through together, such as those of a bucket and of a role:
 * neither may deny them, and each has to allow them.
 */
export function proveTogether(policies: readonly [Policy, Policy], guarantee: Guarantee, resource: ResourceFacts, requests: Requests = bucketRequests): Proof {
  const ofEffect = (effect: Statement['effect']) => policies.map(({ statements }) => statements.filter((statement) => statement.effect === effect));
  const breaches = guarantee.breaches.map(described);
  const [first, second] = ofEffect('Allow');
  const denies = ofEffect('Deny').flat();
  const statements = [...policies.flatMap((policy) => policy.statements), ...breaches];
  const world = requests(new Mentions(statements), resource);
  const pairs = first.flatMap((one) => second.map((other) => [one, other]));
  const ways = breaches.flatMap((breach) => pairs.map((allows) => ({ must: [breach, ...allows], mustNot: denies, allowedBy: allows[0] })));
  const proof = verdict(new Space(world, statements), ways);
  return proof.verdict === 'not-decided' ? refutedByInstance(statements, ways, world, (mentions) => requests(mentions, resource)) ?? proof : proof;
}

/** Proves guarantees of one policy: what does not depend on the guarantee is found out once. */
export class Prover {
  private readonly denies: readonly Statement[];
  private readonly allows: readonly Statement[];
  private ordinary?: World;

  constructor(private readonly policy: Policy, private readonly resource: ResourceFacts, private readonly requests: Requests = bucketRequests) {
    this.denies = policy.statements.filter(({ effect }) => effect === 'Deny');
    this.allows = policy.statements.filter(({ effect }) => effect === 'Allow');
  }

  public prove(guarantee: Guarantee): Proof {
    const { denies, allows } = this;
    const breaches = guarantee.breaches.map(described);
    const needsAllow = guarantee.needsAllow && described(guarantee.needsAllow);
    const descriptions = [...breaches, ...(needsAllow ? [needsAllow] : [])];
    const ways = breaches.flatMap((breach): Way[] => (needsAllow === undefined ? [{ must: [breach], mustNot: denies }] : [
      { must: [breach], mustNot: [...denies, needsAllow] },
      ...allows.map((allow) => ({ must: [breach, needsAllow, allow], mustNot: denies, allowedBy: allow })),
    ]));
    const proof = verdict(this.spaceFor(descriptions), ways);
    return proof.verdict === 'not-decided' ? refutedByInstance([...this.policy.statements, ...descriptions], ways, this.ordinary!, (mentions) => this.requests(mentions, this.resource)) ?? proof : proof;
  }

  private spaceFor(descriptions: readonly Statement[]): Space {
    const { statements } = this.policy;
    this.ordinary ??= this.requests(new Mentions(statements), this.resource);
    const added = new Mentions(descriptions);
    const areEntitiesMentioned = added.principals.some(({ isEveryone }) => !isEveryone) || added.accounts.length > 0 || added.keys.some((key) => /account|org(?:id|paths)$|arn$/.test(key));
    const known = (name: string, owns: (key: string) => boolean, isOfEntities: boolean) => {
      const isAsBefore = name === 'action' || name === 'resource' ? !added.statements.some(isAboutOperations) && !added.keys.some(isOfSomeActions) : !added.keys.some(owns) && !(isOfEntities && areEntitiesMentioned);
      return isAsBefore ? this.ordinary!.parts.find((part) => part.name === name) : undefined;
    };
    const all = [...statements, ...descriptions];
    return new Space(this.requests(new Mentions(all), this.resource, known), all);
  }
}

/** Whether requests for some actions alone carry a key. */
function isOfSomeActions(key: string): boolean {
  return conditionKey(key)?.actions !== undefined;
}

function isAboutOperations({ action, resource }: Statement): boolean {
  return resource !== undefined || action.isInverted || action.members.some(({ text }) => text !== '*');
}

/** A way in which a request may be let through: statements that apply to it, and statements that do not. */
interface Way {
  readonly must: readonly Statement[];
  readonly mustNot: readonly Statement[];
  readonly allowedBy?: Statement;
}

const TOO_MANY = 'there are too many kinds of requests to look at each';

function verdict(space: Space, ways: readonly Way[]): Proof {
  let gaveUp = false;
  for (const way of ways) {
    const found = space.find(way, 'surely');
    if (found === 'gave-up' || (found && !isLetThrough(found.request, way))) {
      gaveUp = true;
    } else if (found) {
      return broken(found.request, way);
    }
  }
  if (gaveUp) {
    return { verdict: 'not-decided', reason: TOO_MANY };
  }
  for (const way of space.isDecided ? [] : ways) {
    const found = space.find(way, 'perhaps');
    if (found) {
      return { verdict: 'not-decided', reason: found === 'gave-up' ? TOO_MANY : doubt([...way.mustNot, ...way.must], found.request, found.chosen) };
    }
  }
  return { verdict: 'holds' };
}

function broken(request: PolicyRequest, { must: [breach], mustNot, allowedBy }: Way): Proof {
  return { verdict: 'broken', request, counterexample: requestSentence(request), letThroughBy: whatLetsThrough(request, breach, mustNot.filter(({ effect }) => effect === 'Deny'), allowedBy), allowedBy };
}

/** Where policy variables decide: a request for which they have certain values, and that is let through. */
function refutedByInstance(statements: readonly Statement[], ways: readonly Way[], { parts }: World, worldOf: (mentions: Mentions) => World): Proof | undefined {
  for (const { of, guard } of instances(statements, parts)) {
    const filled = [...statements.map(of), guard];
    const space = new Space(worldOf(new Mentions(filled)), filled);
    for (const way of ways) {
      const found = space.find({ must: [...way.must.map(of), guard], mustNot: way.mustNot.map(of) }, 'surely');
      if (found && found !== 'gave-up' && isLetThrough(found.request, way)) {
        return broken(found.request, way);
      }
    }
  }
  return undefined;
}

/** Asks the policy once more, of the request as a whole. */
function isLetThrough(request: PolicyRequest, { must, mustNot }: Way): boolean {
  return must.every((statement) => applies(statement, request) === true) && mustNot.every((statement) => applies(statement, request) === false);
}

type Mode = 'surely' | 'perhaps';

/** A request, with the choices of which it is made. */
interface Found {
  readonly request: PolicyRequest;
  readonly chosen: readonly (readonly [part: string, choice: Choice])[];
}

/** All requests of a world, and which of them statements apply to. */
class Space {
  private readonly parts: readonly Part[];
  private readonly links: readonly Link[];
  private readonly truths = new Map<Statement, readonly (readonly Truth[] | undefined)[]>();
  private linked?: readonly LinkedParts[];
  private isOpen = false;

  constructor({ parts, links }: World, statements: readonly Statement[]) {
    this.parts = parts.map((part) => withCoincidences(part, statements));
    this.links = links;
  }

  /** Whether all that was asked so far is decided for every choice. */
  public get isDecided(): boolean {
    return !this.isOpen && this.parts.every(({ choices }) => choices.every((choice) => !isPerhaps(choice)));
  }

  /** A request to which the statements apply, surely or perhaps, that must, and those that must not do not. */
  public find({ must, mustNot }: Way, mode: Mode): Found | 'gave-up' | undefined {
    const domains = this.parts.map(({ choices }) => bitsOf(choices.length, (i) => mode === 'perhaps' || !isPerhaps(choices[i])));
    for (const statement of must) {
      this.truthsOf(statement).forEach((truths, part) => {
        if (truths) {
          domains[part] = and(domains[part], bitsOf(truths.length, (i) => (mode === 'surely' ? truths[i] === true : truths[i] !== false)));
        }
      });
    }
    const clauses = mustNot.map((statement) => this.clauseOf(statement, mode));
    const solution = solve({ domains, clauses, links: this.linkedParts() });
    if (!solution || solution === 'gave-up') {
      return solution;
    }
    const chosen = this.parts.map(({ name, choices }, part) => [name, choices[solution[part]]] as const);
    return { request: requestOf(chosen.map(([, choice]) => choice)), chosen };
  }

  /** What keeps a statement from applying, by part. */
  private clauseOf(statement: Statement, mode: Mode): Map<number, Bits> {
    const clause = new Map<number, Bits>();
    this.truthsOf(statement).forEach((truths, part) => {
      if (truths) {
        clause.set(part, bitsOf(truths.length, (i) => (mode === 'surely' ? truths[i] === false : truths[i] !== true)));
      }
    });
    return clause;
  }

  /** For each part that a statement asks about, and each of its choices, whether it is as the statement asks. */
  private truthsOf(statement: Statement): readonly (readonly Truth[] | undefined)[] {
    const known = this.truths.get(statement);
    if (known) {
      return known;
    }
    const truths = this.parts.map((part) => knownTruths(part, statement));
    this.isOpen ||= truths.some((ofPart) => ofPart?.includes(undefined));
    this.truths.set(statement, truths);
    return truths;
  }

  private linkedParts(): readonly LinkedParts[] {
    this.linked ??= this.links.map((link) => {
      const [one, other] = link.parts.map((name) => this.parts.findIndex((part) => part.name === name));
      const [ones, others] = [viewsOf(this.parts[one], link.views[0]), viewsOf(this.parts[other], link.views[1])];
      const forward = pairings(ones, others, this.parts[other].choices.length, link.fits);
      const backward = pairings(others, ones, this.parts[one].choices.length, (view, otherView) => link.fits(otherView, view));
      return { one, other, forward, backward };
    });
    return this.linked;
  }
}

/** Choices that may not be there, or not be as they seem. */
function isPerhaps({ isOpen, coincidence, doubt: why }: Choice): boolean {
  return isOpen === true || coincidence !== undefined || why !== undefined;
}

const TRUTHS = new WeakMap<Part, Map<Statement, readonly Truth[] | undefined>>();

/** Parts that several guarantees share are asked about each statement once. */
function knownTruths(part: Part, statement: Statement): readonly Truth[] | undefined {
  const known = TRUTHS.get(part) ?? new Map<Statement, readonly Truth[] | undefined>();
  TRUTHS.set(part, known);
  if (!known.has(statement)) {
    known.set(statement, truthsIn(part, statement));
  }
  return known.get(statement);
}

function truthsIn(part: Part, statement: Statement): readonly Truth[] | undefined {
  const tests = testsIn(part, statement);
  return tests.length === 0 ? undefined : part.choices.map((choice) => (choice.isOpen ? undefined : every(tests, (test) => test(choice))));
}

/** What a statement asks about a part of a request. */
function testsIn({ name, owns }: Part, statement: Statement): ((choice: Choice) => Truth)[] {
  const conditions = statement.conditions.filter(({ key }) => owns(key)).map((test) =>
    (choice: Choice) => (isUnknownCaller(test, choice) ? ofUnknownCaller(test, choice)
      : test.isSelfContained || !choice.context.has(test.key) ? coinciding(test, choice)(choice.context) : whateverVariables(test, choice.context)));
  switch (name) {
    case 'caller': return statement.principal ? [({ principal }) => principalApplies(statement, { principal: principal! }), ...conditions] : conditions;
    case 'action': return [({ action }) => actionApplies(statement, { action: action! })];
    case 'resource': return statement.resource ? [({ resource }) => resourceWhateverVariables(statement, resource!)] : [];
    default: return conditions;
  }
}

function viewsOf({ choices }: Part, view: (choice: Choice) => string): Map<string, Bits> {
  const byView = new Map<string, number[]>();
  choices.forEach((choice, i) => {
    const seen = view(choice);
    byView.set(seen, [...(byView.get(seen) ?? []), i]);
  });
  return new Map(Array.from(byView, ([seen, indexes]) => {
    const members = new Set(indexes);
    return [seen, bitsOf(choices.length, (i) => members.has(i))];
  }));
}

function pairings(ones: ReadonlyMap<string, Bits>, others: ReadonlyMap<string, Bits>, count: number, fits: Link['fits']): Pairing[] {
  return Array.from(ones, ([view, members]) => {
    const partners = bitsOf(count, () => false);
    for (const [otherView, bits] of others) {
      if (fits(view, otherView)) {
        bits.forEach((word, i) => (partners[i] |= word));
      }
    }
    return { members, partners };
  });
}

function requestOf(chosen: readonly Choice[]): PolicyRequest {
  const part = <K extends 'principal' | 'action' | 'resource'>(key: K) => chosen.find((choice) => choice[key] !== undefined)![key]!;
  return { principal: part('principal'), action: part('action'), resource: part('resource'), context: new Map(chosen.flatMap(({ context }) => [...context])) };
}
