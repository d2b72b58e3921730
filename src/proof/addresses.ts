import { addressText, ipRange } from '../policy/ip-range';

const END: Readonly<Record<4 | 6, bigint>> = { 4: 2n ** 32n, 6: 2n ** 128n };

/** Addresses that stand for all others, as far as ranges tell them apart: the first of each range, and the first one behind it. */
export function addressesAround(texts: readonly string[], ordinary: readonly string[]): string[] {
  const bounds = texts.flatMap((text) => ipRange(text) ?? []).flatMap(({ version, first, last }) => [{ version, at: first }, { version, at: last + 1n }]);
  const addresses = bounds.filter(({ version, at }) => at < END[version]).map(({ version, at }) => addressText(version, at));
  return [...new Set([...ordinary, ...addresses, '0.0.0.0', '::'])];
}

const OCTETS = Array.from({ length: 256 }, (_, i) => String(i));
const MOST_BEGINNINGS = 400; // of addresses that are told apart; each goes on in 256 ways

/**
 * IPv4 addresses that stand for all others, as far as ranges and something that reads their text can tell them apart; undefined if there are
 * too many to look at each.
 *
 * @param read follows the text of an address by some more characters; equal results are judged alike, whatever follows
 */
export function addressesByText<State>(texts: readonly string[], start: State, read: (state: State, text: string) => State, keyOf: (state: State) => number): string[] | undefined {
  const bounds = texts.flatMap((text) => ipRange(text) ?? []).filter(({ version }) => version === 4).flatMap(({ first, last }) => [first, last + 1n]).map(Number);
  const sorted = [...new Set(bounds)].sort((a, b) => a - b);
  let beginnings = [{ text: '', value: 0, state: start }];
  for (let octet = 0; octet < 4; octet++) {
    const size = 256 ** (3 - octet);
    const distinct = new Map<string, typeof beginnings[number]>();
    for (const beginning of beginnings) {
      const begun = octet === 0 ? beginning.state : read(beginning.state, '.');
      for (const digits of OCTETS) {
        const value = beginning.value + Number(digits) * size;
        const state = read(begun, digits);
        const key = `${regionOf(sorted, value, size)} ${keyOf(state)}`;
        if (!distinct.has(key)) {
          distinct.set(key, { text: `${beginning.text}${octet === 0 ? '' : '.'}${digits}`, value, state });
        }
      }
      if (distinct.size > MOST_BEGINNINGS) {
        return undefined;
      }
    }
    beginnings = [...distinct.values()];
  }
  return beginnings.map(({ text }) => text);
}

/** Where a block of addresses lies between the bounds of ranges, in ascending order; a block that has bounds inside is a region of its own. */
function regionOf(bounds: readonly number[], first: number, size: number): string {
  const below = countUpTo(bounds, first);
  return below < bounds.length && bounds[below] < first + size ? `${below} at ${first}` : String(below);
}

/** How many of ascending numbers are not above a limit. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    [low, high] = numbers[middle] <= limit ? [middle + 1, high] : [low, middle];
  }
  return low;
}
