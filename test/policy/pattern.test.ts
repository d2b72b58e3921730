import { addressText, contains, ipRange } from '../../src/policy/ip-range';
import { arnPattern, resourcePattern, textPattern } from '../../src/policy/pattern';
import { unknownText } from '../../src/policy/unknown-text';
import { toldApart } from '../../src/proof/texts';
import * as fc from '../support/fast-check';

const glob = fc.array(fc.constantFrom('a', 'b', ':', '/', '*', '?'), { maxLength: 8 }).map((characters) => characters.join(''));
const word = fc.array(fc.constantFrom('a', 'b', ':', '/'), { maxLength: 10 }).map((characters) => characters.join(''));

/** Slow, and plainly right. */
function oracle(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[*?]|[^\w]/g, (character) => ({ '*': '[^]*', '?': '[^]' })[character] ?? `\\${character}`)}$`);
}

test('a text pattern matches what the same regular expression matches', () => {
  fc.assert(fc.property(glob, word, (pattern, text) => textPattern(pattern).matches(text) === oracle(pattern).test(text)), { numRuns: 5_000 });
});

test('an ARN pattern matches segment by segment, and its last segment takes the rest', () => {
  const segment = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 4 }).map((characters) => characters.join(''));
  const segments = fc.array(segment, { minLength: 6, maxLength: 6 }).filter((all) => all.some((text) => /[*?]/.test(text)));
  const candidates = fc.array(fc.array(fc.constantFrom('a', 'b'), { maxLength: 4 }).map((characters) => characters.join('')), { minLength: 6, maxLength: 8 });
  fc.assert(fc.property(segments, candidates, (patterns, texts) => {
    const rest = [...texts.slice(0, 5), texts.slice(5).join(':')];
    expect(arnPattern(patterns.join(':')).matches(texts.join(':'))).toBe(patterns.every((pattern, i) => oracle(pattern).test(rest[i])));
  }), { numRuns: 3_000 });
});

test('matching ends, whatever the pattern', () => {
  const [many, text] = ['a*'.repeat(2_000), 'a'.repeat(50_000)];
  expect(textPattern(many).matches(text)).toBe(true);
  expect(textPattern(`${many}b`).matches(text)).toBe(false);
  expect(textPattern('*a?'.repeat(500)).matches(text)).toBe(true);
});

test.each([
  ['arn:aws:s3:::dataset/*', 'arn:aws:s3:::dataset/a:b', true],
  ['arn:aws:s3:::dataset*', 'arn:aws:s3:::dataset', true],
  ['arn:aws:s3*', 'arn:aws:s3:::dataset', true],
  ['arn:aws:*:dataset', 'arn:aws:s3:::dataset', undefined],
  ['arn:aws:s3:::dataset/*', 'arn:aws-cn:s3:::dataset/a', false],
  ['*', 'arn:aws:s3:::dataset', true],
])('the resource %s covers %s: %s', (pattern, arn, truth) => {
  expect(resourcePattern(pattern).matches(arn)).toBe(truth);
});

test('a value that is not known matches itself, and perhaps what it could stand for', () => {
  const unknown = unknownText('a parameter');
  const pattern = textPattern(`data/${unknown}/*`);
  expect([`data/${unknown}/*`, 'data/a/b', 'other/a/b'].map((text) => pattern.matches(text))).toEqual([true, undefined, false]);
});

test('texts that are told apart hold a text of every class that patterns can tell apart', () => {
  fc.assert(fc.property(fc.uniqueArray(glob, { minLength: 1, maxLength: 4 }), word, (patterns, text) => {
    fc.pre(text !== '');
    const all = patterns.map((pattern) => textPattern(pattern));
    const classOf = (candidate: string) => all.map(({ matches }) => matches(candidate)).join();
    const { values, isExact } = toldApart(all, 'fresh');
    expect(!isExact || values.map(classOf).includes(classOf(text))).toBe(true);
  }), { numRuns: 1_000 });
});

test.each<[block: string, inside: string[], outside: string[]]>([
  ['203.0.113.0/24', ['203.0.113.0', '203.0.113.255'], ['203.0.112.255', '203.0.114.0', '::cb00:7100']],
  ['203.0.113.7', ['203.0.113.7', '203.0.113.7/32'], ['203.0.113.8']],
  ['0.0.0.0/0', ['0.0.0.0', '255.255.255.255'], ['::']],
  ['2001:db8::/32', ['2001:db8::', '2001:DB8:ffff:ffff:ffff:ffff:ffff:ffff'], ['2001:db9::', '203.0.113.7']],
  ['::ffff:203.0.113.0/120', ['::ffff:203.0.113.9'], ['::ffff:203.0.114.9']],
])('the range %s', (block, inside, outside) => {
  const isIn = (address: string) => contains(ipRange(block)!, ipRange(address)!);
  expect([inside.map(isIn), outside.map(isIn)]).toEqual([inside.map(() => true), outside.map(() => false)]);
});

test.each(['', 'a', '203.0.113', '203.0.113.0/33', '203.0.113.0/', '203.0.113.0/24/1', '203.0.113.0/-1', '2001:db8::/129', '256.0.0.1'])('%j is no range', (text) => {
  expect(ipRange(text)).toBeUndefined();
});

test('an address is written as it is read', () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
    const { version, first } = ipRange(address)!;
    expect(ipRange(addressText(version, first))).toEqual(ipRange(address));
  }));
});

test('a colon in the name of an unknown value ends no segment of an ARN', () => {
  const account = unknownText('Stack: Parameters: Account');
  const pattern = arnPattern(`arn:aws:iam::${account}:role/*`);
  const judged = [`arn:aws:iam::${account}:role/App`, 'arn:aws:iam::111122223333:role/App', 'arn:aws:iam::111122223333:user/App'].map((arn) => pattern.matches(arn));
  expect(judged).toEqual([true, undefined, false]);
});
