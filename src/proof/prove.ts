import { withoutCoincidence } from './coincidences';
import { areContradictory } from './contradiction';
import { doubt } from './doubt';
import { described, Guarantee } from './guarantee';
import { instances } from './instances';
import { whatLetsThrough } from './let-through';
import { Mentions } from './mentions';
import { whyNotInOnePlace } from './one-place';
import { ResourceFacts } from './part';
import { Found, Space, Way } from './space';
import { bucketRequests, Requests, World } from './world/requests';
import { conditionKey } from '../aws/condition-keys';
import { Policy, Statement } from '../policy/document';
import { applies } from '../policy/evaluate';
import { PolicyRequest, requestSentence } from '../policy/request';

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
  const space = () => new Space(requests(new Mentions(statements), resource), statements);
  const pairs = first.flatMap((one) => second.map((other) => [one, other]));
  const ways = breaches.flatMap((breach) => pairs.map((allows) => ({ must: [breach, ...allows], mustNot: denies, allowedBy: allows[0] })));
  const proof = verdict(space, ways);
  return proof.verdict === 'not-decided' ? byInstances(statements, ways, (mentions) => requests(mentions, resource)) ?? proof : proof;
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
    const { descriptions, ways } = this.described(guarantee);
    const proof = verdict(() => this.spaceFor(descriptions), ways);
    return proof.verdict === 'not-decided' ? byInstances([...this.policy.statements, ...descriptions], ways, (mentions) => this.requests(mentions, this.resource)) ?? proof : proof;
  }

  /** Whether a request breaks a guarantee. */
  public isLetThrough(request: PolicyRequest, guarantee: Guarantee): boolean {
    return this.described(guarantee).ways.some((way) => isLetThrough(request, way));
  }

  /** What a guarantee asks about, and the ways in which a request may break it. */
  private described(guarantee: Guarantee): { descriptions: readonly Statement[]; ways: readonly Way[] } {
    const { denies, allows } = this;
    const breaches = guarantee.breaches.map(described);
    const needsAllow = guarantee.needsAllow && described(guarantee.needsAllow);
    const ways = breaches.flatMap((breach): Way[] => (needsAllow === undefined ? [{ must: [breach], mustNot: denies }] : [
      { must: [breach], mustNot: [...denies, needsAllow] },
      ...allows.map((allow) => ({ must: [breach, needsAllow, allow], mustNot: denies, allowedBy: allow })),
    ]));
    return { descriptions: [...breaches, ...(needsAllow ? [needsAllow] : [])], ways };
  }

  private spaceFor(descriptions: readonly Statement[]): Space {
    const { statements } = this.policy;
    this.ordinary ??= this.requests(new Mentions(statements), this.resource);
    const added = new Mentions(descriptions);
    const isSame = (name: string, owns: (key: string) => boolean, isOfEntities: boolean) => (name === 'action' || name === 'resource'
      ? !added.statements.some(isAboutOperations) && !added.keys.some(isOfSomeActions)
      : !added.keys.some(owns) && !(isOfEntities && namesEntities(added)));
    const known = (name: string, owns: (key: string) => boolean, isOfEntities: boolean) =>
      (isSame(name, owns, isOfEntities) ? this.ordinary!.parts.find((part) => part.name === name) : undefined);
    const all = [...statements, ...descriptions];
    return new Space(this.requests(new Mentions(all), this.resource, known), all);
  }
}

/** Whether accounts, organizations or principals are named, which may be those of any entity. */
function namesEntities({ principals, accounts, keys }: Mentions): boolean {
  return principals.some(({ isEveryone }) => !isEveryone) || accounts.length > 0 || keys.some((key) => /account|org(?:id|paths)$|arn$/.test(key));
}

/** Whether requests for some actions alone carry a key. */
function isOfSomeActions(key: string): boolean {
  return conditionKey(key)?.actions !== undefined;
}

function isAboutOperations({ action, resource }: Statement): boolean {
  return resource !== undefined || action.isInverted || action.members.some(({ text }) => text !== '*');
}

const TOO_MANY = 'there are too many kinds of requests to look at each';

/** @param spaceOf makes the space of requests, where ways are not contradictory in themselves */
function verdict(spaceOf: () => Space, all: readonly Way[]): Proof {
  const consistent = all.filter(({ must }) => !areContradictory(must));
  if (consistent.length === 0) {
    return { verdict: 'holds' };
  }
  const space = spaceOf();
  const ways = consistent.filter((way) => !space.isImpossible(way));
  let gaveUp = false;
  let unsure: { readonly found: Found; readonly statements: readonly Statement[] } | undefined;
  let notInOnePlace: string | undefined;
  for (const way of ways) {
    const found = space.find(way, 'surely');
    if (found && found !== 'gave-up' && isLetThrough(found.request, way)) {
      notInOnePlace = whyNotInOnePlace(found);
      if (notInOnePlace === undefined) {
        return broken(found.request, way);
      }
      continue;
    }
    const statements = [...way.mustNot, ...way.must];
    if (found && found !== 'gave-up' && statements.some((statement) => applies(statement, found.request) === undefined)) {
      unsure ??= { found, statements };
    } else {
      gaveUp ||= found !== undefined;
    }
  }
  if (notInOnePlace !== undefined) {
    return { verdict: 'not-decided', reason: notInOnePlace };
  }
  if (unsure) {
    return { verdict: 'not-decided', reason: doubt(unsure.statements, unsure.found.request, unsure.found.chosen) };
  }
  if (gaveUp) {
    return { verdict: 'not-decided', reason: TOO_MANY };
  }
  for (const way of ways.length === 0 || space.isDecided ? [] : ways) {
    const found = space.find(way, 'perhaps');
    if (found) {
      return { verdict: 'not-decided', reason: found === 'gave-up' ? TOO_MANY : doubt([...way.mustNot, ...way.must], found.request, found.chosen) };
    }
  }
  return { verdict: 'holds' };
}

function broken(request: PolicyRequest, { must: [breach], mustNot, allowedBy }: Way): Proof {
  const denies = mustNot.filter(({ effect }) => effect === 'Deny').map((deny) => withoutCoincidence(deny, request));
  return { verdict: 'broken', request, counterexample: requestSentence(request), letThroughBy: whatLetsThrough(request, breach, denies, allowedBy), allowedBy };
}

/** Where policy variables decide: a request for which they have certain values, and that is let through; or that there is none, whatever values they have. */
function byInstances(statements: readonly Statement[], ways: readonly Way[], worldOf: (mentions: Mentions) => World): Proof | undefined {
  const { all, isComplete } = instances(statements, (asked) => worldOf(new Mentions(asked)).parts);
  let isProved = isComplete;
  for (const { of, guard } of all) {
    const filled = [...statements.map(of), guard];
    const space = new Space(worldOf(new Mentions(filled)), filled);
    for (const way of ways) {
      const instance: Way = { must: [...way.must.map(of), guard], mustNot: way.mustNot.map(of) };
      const found = space.find(instance, 'surely');
      if (found && found !== 'gave-up' && isLetThrough(found.request, way) && whyNotInOnePlace(found) === undefined) {
        return broken(found.request, way);
      }
      isProved &&= !found && !space.find(instance, 'perhaps');
    }
  }
  return isProved ? { verdict: 'holds' } : undefined;
}

/** Asks the policy once more, of the request as a whole. */
function isLetThrough(request: PolicyRequest, { must, mustNot }: Way): boolean {
  const verdictOn = (statement: Statement) => applies(withoutCoincidence(statement, request), request);
  return must.every((statement) => verdictOn(statement) === true) && mustNot.every((statement) => verdictOn(statement) === false);
}
