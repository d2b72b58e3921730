import { isSettled } from '../policy/unknown-text';

/** Where a stack is deployed. What is not known is a text that says so, and equal texts are the same account or Region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** What lies in a place, among candidates. */
export interface Located<T> {
  /** What surely lies there. */
  readonly there: readonly T[];

  /** What may lie there, because its own place or the one that is asked for is not known. */
  readonly perhaps: readonly T[];
}

export function located<T>(candidates: readonly T[], placeOf: (candidate: T) => Place, place: Place): Located<T> {
  const possible = candidates.filter((candidate) => mayBeEqual(placeOf(candidate).account, place.account) && mayBeEqual(placeOf(candidate).region, place.region));
  const isThere = (candidate: T) => placeOf(candidate).account === place.account && placeOf(candidate).region === place.region;
  return { there: possible.filter(isThere), perhaps: possible.filter((candidate) => !isThere(candidate)) };
}

/** The same of what is told apart by accounts alone, such as names of IAM. */
export function locatedInAccount<T>(candidates: readonly T[], accountOf: (candidate: T) => string, account: string): Located<T> {
  return located(candidates, (candidate) => ({ account: accountOf(candidate), region: '' }), { account, region: '' });
}

function mayBeEqual(one: string, other: string): boolean {
  return one === other || !isSettled(one) || !isSettled(other);
}
