import { UNKNOWN_ACCOUNT, UNKNOWN_REGION } from '../policy/unknown-text';

/** Where a stack is deployed. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/**
 * What lies in a place: the only one that does, or the only one that may where accounts or Regions are not known. Nothing if several may:
 * then it is not known which one is meant.
 */
export function chosen<T>(candidates: readonly T[], placeOf: (candidate: T) => Place, place: Place): T | undefined {
  const there = candidates.filter((candidate) => placeOf(candidate).account === place.account && placeOf(candidate).region === place.region);
  const possible = there.length > 0 ? there : candidates.filter((candidate) => mayBe(placeOf(candidate), place));
  return possible.length === 1 ? possible[0] : undefined;
}

function mayBe(one: Place, other: Place): boolean {
  return [one.account, UNKNOWN_ACCOUNT].includes(other.account) || one.account === UNKNOWN_ACCOUNT
    ? one.region === other.region || one.region === UNKNOWN_REGION || other.region === UNKNOWN_REGION : false;
}
