import { addressesAround, addressesByText } from './addresses';
import { isTextTest, Mentions, valuesOf } from './mentions';
import { ANY_TEXT, Patterns } from './texts';
import { conditionKey, KeyType } from '../aws/condition-keys';
import { ConditionTest } from '../policy/condition';
import { contains, ipRange } from '../policy/ip-range';
import { dateOf, numberOf, OperatorKind } from '../policy/operators';

/** Values of a condition key that stand for all others, as far as tests tell them apart. */
export interface Values {
  readonly values: readonly string[];
  readonly isExact: boolean;
}

export const STRANGE_ADDRESS = '198.51.100.77'; // of a range for documentation, RFC 5737
const STRANGE_ADDRESSES = [STRANGE_ADDRESS, '2001:db8::77'];
const ORDINARY_MOMENT = Date.parse('2026-01-15T12:00:00.000Z');
const EMPTY_PARAMETERS = ['s3:prefix', 's3:delimiter'];
const LARGEST = Number.MAX_SAFE_INTEGER;

/**
 * One value of a key for each way in which its tests can judge it.
 *
 * @param ordinary texts to take where they serve as well as others
 */
export function valuesOfKey(mentions: Mentions, key: string, ordinary: readonly string[]): Values {
  const row = conditionKey(key);
  const tests = mentions.testsOf(key);
  if (row?.isOnlyTrue) {
    return { values: ['true'], isExact: true };
  }
  if (row?.values) {
    return { values: row.values, isExact: true };
  }
  switch (row?.type as KeyType | undefined) {
    case 'bool': return { values: ['true', 'false'], isExact: true };
    case 'number': return numbers(tests, 0, LARGEST);
    case 'date': return dates(tests);
    case 'address': return addresses(mentions, key);
    default: return textsOfKey(mentions, key, ordinary);
  }
}

/**
 * Addresses of networks that are not public, and of machines for themselves.
 *
 * @see https://repost.aws/knowledge-center/iam-restrict-access-policy
 */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', 'fc00::/7', '::1'].map((text) => ({ text, range: ipRange(text)! }));

export function isPrivate(address: string): boolean {
  const at = ipRange(address);
  return at !== undefined && PRIVATE.some(({ range }) => contains(range, at));
}

/** The private ranges that ranges share addresses with: whether they have others besides matters. */
function privateRangesIn(texts: readonly string[]): string[] {
  const ranges = texts.flatMap((text) => ipRange(text) ?? []);
  return PRIVATE.filter(({ range }) => ranges.some((other) => contains(range, other) || contains(other, range))).map(({ text }) => text);
}

/** Addresses that ranges, and texts that are compared with addresses, tell apart. */
export function addresses(mentions: Mentions, key: string): Values {
  const tests = mentions.testsOf(key);
  const ranges = valuesOfKind(tests, 'address');
  const byRange = addressesAround(key === 'aws:sourceip' ? [...ranges, ...privateRangesIn(ranges)] : ranges, STRANGE_ADDRESSES);
  if (!tests.some(isTextTest)) {
    return { values: byRange, isExact: isComparedAs(tests, 'address') };
  }
  const patterns = new Patterns(mentions.patternsOf(key));
  const byText = addressesByText(ranges, patterns.start(), (places, text) => patterns.read(places, text), ({ id }) => id);
  const areOfIPv4 = mentions.patternsOf(key).flat().every(({ pattern }) => /^\d+\./.test(pattern.text)); // an IPv6 address can be written in several ways
  return { values: [...new Set([...byRange, ...byText ?? []])], isExact: byText !== undefined && areOfIPv4 && isComparedAs(tests, 'address', 'text', 'text-ignoring-case', 'pattern', 'arn', 'binary') };
}

/** Whole numbers on either side of all thresholds. */
export function numbers(tests: readonly ConditionTest[], smallest: number, largest: number): Values {
  const around = numbersAround(valuesOfKind(tests, 'number'), smallest, largest);
  const literal = tests.filter(isTextTest).flatMap(valuesOf).map(({ text }) => text);
  const written = literal.filter((text) => /^(?:0|[1-9]\d*)$/.test(text) && Number(text) >= smallest && Number(text) <= largest);
  const isExact = isComparedAs(tests, 'number', 'text', 'text-ignoring-case', 'binary', 'pattern', 'arn') && literal.every((text) => !/[*?]/.test(text));
  return { values: [...new Set([...around.map(String), ...written, ...unlike(written, around)])], isExact };
}

function numbersAround(texts: readonly string[], smallest: number, largest: number): number[] {
  const thresholds = texts.flatMap((text) => numberOf(text) ?? []);
  const candidates = thresholds.flatMap((threshold) => [Math.floor(threshold), Math.floor(threshold) + 1, Math.ceil(threshold) - 1]);
  const all = [smallest, ...candidates, ...(largest < LARGEST ? [largest] : [])].filter((number) => number >= smallest && number <= largest);
  return [...new Set(all)].sort((a, b) => a - b);
}

/** Numbers that no text mentions, one after each of some others. */
function unlike(texts: readonly string[], around: readonly number[]): string[] {
  const next = (number: number): number => (texts.includes(String(number)) ? next(number + 1) : number);
  return texts.length === 0 ? [] : around.map((number) => String(next(number)));
}

/** The moments that texts tell, in milliseconds since 1970. */
export function momentsOf(texts: readonly string[]): number[] {
  return texts.flatMap((text) => dateOf(text) ?? []);
}

/** Moments at, between and around some; between two seconds, too. */
export function momentsAround(moments: readonly number[]): number[] {
  const thresholds = [...new Set(moments)].sort((a, b) => a - b);
  const between = thresholds.slice(1).map((moment, i) => momentBetween(thresholds[i], moment));
  const ends = thresholds.length === 0 ? [] : [thresholds[0] - 500, thresholds.at(-1)! + 500];
  return [...new Set([ORDINARY_MOMENT, ...thresholds, ...between, ...ends])].filter((moment) => moment >= 0);
}

/** A whole millisecond between two moments, if there is one. */
function momentBetween(one: number, other: number): number {
  const middle = (one + other) / 2;
  return [Math.floor(middle), Math.ceil(middle)].find((whole) => one < whole && whole < other) ?? middle;
}

/** A moment as conditions read it, with as much of a millisecond as there is. */
export function momentText(moment: number): string {
  const part = (moment % 1).toFixed(3).slice(2).replace(/0+$/, '');
  return new Date(Math.floor(moment)).toISOString().replace('Z', `${part}Z`);
}

function dates(tests: readonly ConditionTest[]): Values {
  const texts = tests.flatMap(valuesOf).map(({ text }) => text);
  return { values: momentsAround(momentsOf(texts)).map(momentText), isExact: isComparedAs(tests, 'date') };
}

/** Texts: what patterns tell apart, and what reads as a number, a date … where that is asked. */
function textsOfKey(mentions: Mentions, key: string, ordinary: readonly string[]): Values {
  const tests = mentions.testsOf(key);
  const patterns = new Patterns(mentions.patternsOf(key));
  const reached = patterns.reach(patterns.start(), mayBeEmpty(key) ? { ...ANY_TEXT, shortest: 0 } : ANY_TEXT, ordinary);
  const plain = reached.texts.map(({ text }) => text);
  const kinds = new Set(tests.flatMap(({ operator }) => (operator && !isTextTest({ operator } as ConditionTest) ? [operator.kind] : [])));
  const read = [...kinds].flatMap((kind) => readAs(kind, tests));
  const literals = new Set(tests.filter(isTextTest).flatMap(valuesOf).map(({ text }) => text));
  const spelled = read.map((spellings) => spellings.find((text) => !literals.has(text)) ?? spellings[0]);
  const isWild = [...literals].some((text) => /[*?]/.test(text)) || tests.some(({ operator }) => operator?.kind === 'text-ignoring-case');
  return { values: [...new Set([...plain, ...spelled])], isExact: reached.isExact && kinds.size <= 1 && !(kinds.size === 1 && isWild) };
}

/** Parameters and tags may be there and empty. */
function mayBeEmpty(key: string): boolean {
  const row = conditionKey(key);
  return row === undefined || row.isOpen || EMPTY_PARAMETERS.includes(key);
}

/** Values that a kind of operators reads as something, each in several spellings. */
function readAs(kind: OperatorKind, tests: readonly ConditionTest[]): string[][] {
  const written = valuesOfKind(tests, kind);
  switch (kind) {
    case 'bool': return [['true', 'TRUE', 'True'], ['false', 'FALSE', 'False']];
    case 'number': return realsAround(written).map((number) => [String(number), `${number}${Number.isInteger(number) ? '.0' : '0'}`, `+${number}`]);
    case 'date': return momentsAround(momentsOf(written)).map((moment) => [momentText(moment), momentText(moment).replace('Z', '+00:00'), String(moment / 1000)]);
    case 'address': return addressesAround(written, STRANGE_ADDRESSES).map((address) => [address]);
    default: return [];
  }
}

function realsAround(texts: readonly string[]): number[] {
  const thresholds = [...new Set(texts.flatMap((text) => numberOf(text) ?? []))].sort((a, b) => a - b);
  const between = thresholds.slice(1).map((threshold, i) => (threshold + thresholds[i]) / 2);
  return thresholds.length === 0 ? [] : [thresholds[0] - 1, ...thresholds, ...between, thresholds.at(-1)! + 1];
}

function valuesOfKind(tests: readonly ConditionTest[], kind: OperatorKind): string[] {
  return tests.filter(({ operator }) => operator?.kind === kind).flatMap(valuesOf).map(({ text }) => text);
}

function isComparedAs(tests: readonly ConditionTest[], ...kinds: readonly OperatorKind[]): boolean {
  return tests.every(({ operator }) => operator === undefined || kinds.includes(operator.kind));
}
