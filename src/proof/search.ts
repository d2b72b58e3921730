import { addAll, and, andNot, Bits, contains, equal, first, intersects, isEmpty, only, size, without } from './bits';

/** What has to be found: one choice of each part, so that no clause and no link is violated. */
export interface Problem {
  /** For each part the choices that may be taken. */
  readonly domains: readonly Bits[];

  /** Each clause is met by any of these choices, by part. */
  readonly clauses: readonly ReadonlyMap<number, Bits>[];
  readonly links: readonly LinkedParts[];
}

/** Which choices of one part go with which of another. */
export interface LinkedParts {
  readonly one: number;
  readonly other: number;

  /** Choices of the first part that are alike to the link, with the choices of the second part that go with them. */
  readonly forward: readonly Pairing[];
  readonly backward: readonly Pairing[];
}

export interface Pairing {
  readonly members: Bits;
  readonly partners: Bits;
}

/** The choice of each part; undefined if there is no way; `gave-up` if there are too many ways to look at. */
export type Solution = readonly number[] | undefined | 'gave-up';

const STEP_LIMIT = 20_000;

/**
 * Finds a way to meet all clauses, or shows that there is none: what must be is concluded first, then the clause with the fewest
 * ways to meet it is tried way by way.
 */
export function solve(problem: Problem): Solution {
  return new Search(problem.links).solve(problem.domains.map((bits) => bits.slice()), problem.clauses);
}

type Clauses = readonly ReadonlyMap<number, Bits>[];

class Search {
  private steps = 0;

  constructor(private readonly links: readonly LinkedParts[]) {}

  public solve(domains: Bits[], clauses: Clauses): Solution {
    if (++this.steps > STEP_LIMIT) {
      return 'gave-up';
    }
    const open = this.conclude(domains, clauses);
    if (!open) {
      return undefined;
    }
    return open.length === 0 ? this.choose(domains) : this.branch(domains, open);
  }

  /** Tries each way to meet the narrowest clause; ways that were tried are taken out for those that follow. */
  private branch(domains: Bits[], clauses: Clauses): Solution {
    const ways = narrowest(domains, clauses);
    const rest = [...domains];
    let gaveUp = false;
    for (const [part, bits] of ways) {
      const found = this.solve(rest.map((domain, i) => (i === part ? and(domain, bits) : domain.slice())), clauses);
      if (Array.isArray(found)) {
        return found;
      }
      gaveUp ||= found === 'gave-up';
      rest[part] = andNot(rest[part], bits);
    }
    return gaveUp ? 'gave-up' : undefined;
  }

  /** All clauses are met: takes the first choice of each part that goes with the others. */
  private choose(domains: Bits[]): Solution {
    const part = domains.findIndex((domain) => size(domain, 2) > 1);
    if (part < 0) {
      return domains.map(first);
    }
    if (++this.steps > STEP_LIMIT) {
      return 'gave-up';
    }
    const taken = first(domains[part]);
    const narrowed = domains.map((domain, i) => (i === part ? only(domain, taken) : domain.slice()));
    const found = this.conclude(narrowed, []) ? this.choose(narrowed) : undefined;
    if (found) {
      return found;
    }
    const others = domains.map((domain, i) => (i === part ? without(domain, taken) : domain.slice()));
    return this.conclude(others, []) ? this.choose(others) : undefined;
  }

  /** Takes out what cannot be, until nothing more follows. Returns the clauses that are still to be met; undefined if there is no way. */
  private conclude(domains: Bits[], clauses: Clauses): Clauses | undefined {
    let open: ReadonlyMap<number, Bits>[] = [...clauses];
    for (let changed = true; changed;) {
      changed = false;
      for (const link of this.links) {
        const before = domains[link.one];
        const other = domains[link.other];
        domains[link.other] = partners(link.forward, before, other);
        domains[link.one] = partners(link.backward, domains[link.other], before);
        changed ||= !equal(domains[link.other], other) || !equal(domains[link.one], before);
      }
      if (domains.some(isEmpty)) {
        return undefined;
      }
      const still: ReadonlyMap<number, Bits>[] = [];
      for (const clause of open) {
        const ways = [...clause].filter(([part, bits]) => intersects(domains[part], bits));
        if (ways.length === 0) {
          return undefined;
        }
        if (ways.some(([part, bits]) => contains(bits, domains[part]))) {
          continue; // met, whatever is taken
        }
        if (ways.length === 1) {
          const [[part, bits]] = ways;
          domains[part] = and(domains[part], bits);
          changed = true;
        } else {
          still.push(clause);
        }
      }
      open = still;
    }
    return open;
  }
}

function narrowest(domains: readonly Bits[], clauses: Clauses): [number, Bits][] {
  let best: [number, Bits][] = [];
  for (const clause of clauses) {
    const ways = [...clause].filter(([part, bits]) => intersects(domains[part], bits));
    best = best.length === 0 || ways.length < best.length ? ways : best;
  }
  return best;
}

function partners(pairings: readonly Pairing[], from: Bits, to: Bits): Bits {
  const allowed = new Uint32Array(to.length);
  for (const pairing of pairings) {
    if (intersects(from, pairing.members)) {
      addAll(allowed, pairing.partners);
    }
  }
  return and(to, allowed);
}
