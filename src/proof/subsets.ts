import { ConditionTest } from '../policy/condition';

export interface Subsets {
  readonly sets: readonly (readonly string[])[];

  /** Whether the sets surely stand for all. */
  readonly isExact: boolean;
}

const SUBSET_LIMIT = 400;
const MOST_VALUES = 4000; // in the sets that stand for too many: each is compared by each test

/**
 * Sets of values of a key that may have several, one for each way in which tests can judge them. Sets that are judged alike stay so
 * when a value is added, so that each is enlarged once.
 */
export function subsets(values: readonly string[], tests: readonly ConditionTest[]): Subsets {
  return subsetsWith(values, new Judge(tests));
}

/**
 * The same of sets that have some values in common.
 *
 * @param judge what the tests say, which may have been found out before
 */
export function subsetsWith(values: readonly string[], judge: Judge, members: readonly string[] = []): Subsets {
  const known = new Map<string, JudgedSet>();
  let fresh: readonly JudgedSet[] = members.length === 0 ? distinct(values.map((value) => judge.of([value])), known) : distinct([judge.of(members)], known);
  while (fresh.length > 0 && known.size <= SUBSET_LIMIT) {
    fresh = fresh.flatMap((judged) => (known.size > SUBSET_LIMIT ? [] : distinct(enlargements(judged, values, judge), known)));
  }
  const sets = [...known.values()].map(({ set }) => set);
  return known.size <= SUBSET_LIMIT ? { sets, isExact: true } : { sets: [...sets, ...largestSets(values, judge, members)], isExact: false };
}

/** A set of values with what each test says of it. */
interface JudgedSet {
  readonly set: readonly string[];
  readonly judgements: readonly Judgement[];
}

/** Ordered, so that the smallest is what is true of all, and the largest what is true of any. */
enum Judgement {
  FALSE,
  UNDECIDED,
  TRUE,
}

/** What tests say of sets, concluded from what they say of the values. */
export class Judge {
  private readonly ofValue = new Map<string, readonly Judgement[]>();
  private readonly ofBoth: readonly ((one: Judgement, other: Judgement) => Judgement)[];

  constructor(private readonly tests: readonly ConditionTest[]) {
    this.ofBoth = tests.map(together);
  }

  public of(set: readonly string[]): JudgedSet {
    const [first, ...others] = set;
    return others.reduce<JudgedSet>((judged, value) => this.enlarged(judged, value), { set: [first], judgements: this.single(first) });
  }

  public enlarged({ set, judgements }: JudgedSet, value: string): JudgedSet {
    const added = this.single(value);
    return { set: [...set, value], judgements: this.ofBoth.map((ofBoth, i) => ofBoth(judgements[i], added[i])) };
  }

  /** For each test, whether a value alone meets it. */
  public single(value: string): readonly Judgement[] {
    const known = this.ofValue.get(value) ?? this.tests.map(({ key, holds }) => {
      const truth = holds(new Map([[key, [value]]]));
      return truth === undefined ? Judgement.UNDECIDED : truth ? Judgement.TRUE : Judgement.FALSE;
    });
    this.ofValue.set(value, known);
    return known;
  }
}

/** What a test says of two values together. */
function together({ operatorName }: ConditionTest): (one: Judgement, other: Judgement) => Judgement {
  switch (/^(?:forallvalues|foranyvalue|null$)/.exec(operatorName.toLowerCase())?.[0]) {
    case 'forallvalues': return (one, other) => (one < other ? one : other);
    case 'foranyvalue': return (one, other) => (one > other ? one : other);
    case 'null': return (one) => one;
    default: return () => Judgement.UNDECIDED; // several values without a set operator
  }
}

/** The set with each of the values that it does not have. */
function enlargements(judged: JudgedSet, values: readonly string[], judge: Judge): JudgedSet[] {
  return values.filter((value) => !judged.set.includes(value)).map((value) => judge.enlarged(judged, value));
}

/** Those that are judged unlike all before. */
function distinct(sets: readonly JudgedSet[], known: Map<string, JudgedSet>): JudgedSet[] {
  return sets.filter((judged) => {
    const key = `${judged.set.length > 1} ${judged.judgements.join('')}`;
    const isNew = !known.has(key) && known.size <= SUBSET_LIMIT;
    if (isNew) {
      known.set(key, judged);
    }
    return isNew;
  });
}

/** The sets of all values, and of those alone that a test lets pass, or does not, as far as they are not too large together. */
function largestSets(values: readonly string[], judge: Judge, members: readonly string[]): (readonly string[])[] {
  const passing = (judgement: Judgement) => judge.single(values[0]).map((_, test) => values.filter((value) => judge.single(value)[test] === judgement));
  const sets = [[...values], ...passing(Judgement.TRUE), ...passing(Judgement.FALSE)].map((set) => [...new Set([...members, ...set])]).filter((set) => set.length > 0);
  let count = 0;
  return [...new Map(sets.map((set) => [set.join('\n'), set])).values()].filter(({ length }) => (count += length) <= MOST_VALUES);
}
