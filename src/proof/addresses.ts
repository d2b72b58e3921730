import { addressText, ipRange } from '../policy/ip-range';

const END: Readonly<Record<4 | 6, bigint>> = { 4: 2n ** 32n, 6: 2n ** 128n };

/** Addresses that stand for all others, as far as ranges tell them apart: the first of each range, and the first one behind it. */
export function addressesAround(texts: readonly string[], ordinary: readonly string[]): string[] {
  const bounds = texts.flatMap((text) => ipRange(text) ?? []).flatMap(({ version, first, last }) => [{ version, at: first }, { version, at: last + 1n }]);
  const addresses = bounds.filter(({ version, at }) => at < END[version]).map(({ version, at }) => addressText(version, at));
  return [...new Set([...ordinary, ...addresses, '0.0.0.0', '::'])];
}

const OCTETS = Array.from({ length: 256 }, (_, i) => String(i));

/**
 * IPv4 addresses that stand for all others, as far as ranges and something that reads their text can tell them apart.
 *
 * @param read follows the text of an address by some more characters; equal results are judged alike, whatever follows
 */
export function addressesByText<State>(texts: readonly string[], start: State, read: (state: State, text: string) => State, keyOf: (state: State) => string): string[] {
  const bounds = texts.flatMap((text) => ipRange(text) ?? []).filter(({ version }) => version === 4).flatMap(({ first, last }) => [first, last + 1n]).map(Number);
  let prefixes = [{ text: '', value: 0, state: start }];
  for (let octet = 0; octet < 4; octet++) {
    const size = 256 ** (3 - octet);
    const distinct = new Map<string, typeof prefixes[number]>();
    for (const prefix of prefixes) {
      for (const digits of OCTETS) {
        const value = prefix.value + Number(digits) * size;
        const text = `${octet === 0 ? '' : '.'}${digits}`;
        const state = read(prefix.state, text);
        const region = regionOf(bounds, value, size);
        const key = `${region} ${keyOf(state)}`;
        if (!distinct.has(key)) {
          distinct.set(key, { text: prefix.text + text, value, state });
        }
      }
    }
    prefixes = [...distinct.values()];
  }
  return prefixes.map(({ text }) => text);
}

/** Where a block of addresses lies between the bounds of ranges; a block that has bounds inside is a region of its own. */
function regionOf(bounds: readonly number[], first: number, size: number): string {
  const below = bounds.filter((bound) => bound <= first).length;
  const inside = bounds.some((bound) => bound > first && bound < first + size);
  return inside ? `${below} at ${first}` : String(below);
}
