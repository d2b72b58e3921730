import { isIP } from 'net';
import { Truth } from './truth';

/** A range of addresses; bounds are inclusive. */
export interface IpRange {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** The range of a CIDR block or of a single address; undefined if the text is neither. */
export function ipRange(text: string): IpRange | undefined {
  const [address, prefix, ...rest] = text.split('/');
  const version = isIP(address);
  const width = version === 6 ? 128 : 32; // bits
  const bits = prefix === undefined ? width : Number(prefix);
  if ((version !== 4 && version !== 6) || rest.length > 0 || !/^\d{0,3}$/.test(prefix ?? '') || prefix === '' || bits > width) {
    return undefined;
  }
  const size = 2n ** BigInt(width - bits);
  const first = (numberOf(address, version) / size) * size;
  return { version, first, last: first + size - 1n };
}

export function contains(range: IpRange, address: IpRange): boolean {
  return range.version === address.version && range.first <= address.first && address.last <= range.last;
}

const MAPPED: IpRange = { version: 6, first: 0xffff_0000_0000n, last: 0xffff_ffff_ffffn }; // ::ffff:0:0/96

/** Whether an address is in a range. How addresses of IPv4 are compared with a range that writes them in IPv6, AWS does not document. */
export function includes(range: IpRange, address: IpRange): Truth {
  return address.version === 4 && contains(MAPPED, range) ? undefined : contains(range, address);
}

/** Whether a range is one of IPv4 addresses, written in IPv6. */
export function isMapped(text: string): boolean {
  const range = ipRange(text);
  return range !== undefined && contains(MAPPED, range);
}

const BROADEST: Readonly<Record<4 | 6, bigint>> = { 4: 2n ** 24n, 6: 2n ** 96n }; // addresses in a /8 and in a /32

/**
 * The ranges, among others, that are so narrow that they can be somebody's network. Ranges that touch each other count as one: none may be
 * broader than what S3 calls public, and all of IPv4 together not broader than one such.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function narrowRanges(texts: readonly string[]): string[] {
  const ranges = texts.flatMap((text) => ipRange(text) ?? []);
  const merged = ([4, 6] as const).flatMap((version) => mergedRanges(ranges.filter((range) => range.version === version)));
  const narrow = merged.filter((range) => sizeOf(range) <= BROADEST[range.version]);
  const isTooMuch = narrow.filter(({ version }) => version === 4).reduce((sum, range) => sum + sizeOf(range), 0n) > BROADEST[4];
  return texts.filter((text) => {
    const range = ipRange(text);
    return range === undefined ? true : narrow.some((whole) => contains(whole, range)) && !(isTooMuch && range.version === 4);
  });
}

/** The same addresses in as few ranges as possible. */
function mergedRanges(ranges: readonly IpRange[]): IpRange[] {
  const sorted = [...ranges].sort((one, other) => (one.first < other.first ? -1 : one.first > other.first ? 1 : 0));
  return sorted.reduce<IpRange[]>((merged, range) => {
    const before = merged.at(-1);
    return before && range.first <= before.last + 1n
      ? [...merged.slice(0, -1), { ...before, last: range.last > before.last ? range.last : before.last }]
      : [...merged, range];
  }, []);
}

function sizeOf({ first, last }: IpRange): bigint {
  return last - first + 1n;
}

/** The text of an address. */
export function addressText(version: 4 | 6, number: bigint): string {
  const [groups, bits, base, separator] = version === 4 ? [4, 8n, 10, '.'] as const : [8, 16n, 16, ':'] as const;
  const parts = Array.from({ length: groups }, (_, i) => (number / 2n ** (bits * BigInt(groups - 1 - i))) % 2n ** bits);
  return parts.map((part) => part.toString(base)).join(separator);
}

function numberOf(address: string, version: 4 | 6): bigint {
  const groups = version === 4 ? address.split('.').map(Number) : groupsOf(address);
  const valuesOfGroup = version === 4 ? 256n : 65_536n;
  return groups.reduce((number, group) => number * valuesOfGroup + BigInt(group), 0n);
}

/** The eight groups of an IPv6 address, which may be shortened and may end in an IPv4 address. */
function groupsOf(address: string): number[] {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address.split('%')[0]);
  const [a, b, c, d] = dotted ? dotted[2].split('.').map(Number) : [0, 0, 0, 0];
  const hexadecimal = dotted ? `${dotted[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}` : address.split('%')[0];
  const [head, tail] = hexadecimal.split('::').map((half) => half.split(':').filter((group) => group !== '').map((group) => parseInt(group, 16)));
  return tail === undefined ? head : [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}
