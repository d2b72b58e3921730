import { TextLanguage } from '../../src/policy/text-language';
import * as fc from '../support/fast-check';

/** Regular expressions that mean the same to Java and to JavaScript, once they have to match the whole text. */
const PATTERNS = [
  '\\d{12}', '^vpce-[0-9a-f]+$', 'o-[a-z0-9]{10,32}', '^$|^vpce-[0-9a-f]{3}$', 'arn:aws:iam::\\d{12}:role/.*', '(a|bc)*d?', '[^a-c]+', '[\\w+=,.@-]{1,64}', 'a{2,}b', '(?:ab){2}|c',
  'x*?y+?', '[-a]|[a-]', '\\w\\W\\s\\S\\D', 'a.c', 'a{0}', '(|a)b', '(a?){3}', '((a*)*)*b', '[.*]', '\\.\\*', '[a\\-c\\]]+', '\\$', '[$^]',
];

test.each(PATTERNS)('has the texts that match as a whole: %s', (pattern) => {
  const [language, whole] = [TextLanguage.ofPattern(pattern)!, new RegExp(`^(?:${pattern})$`)];
  const texts = fc.oneof(fc.stringMatching(whole), fc.string({ unit: fc.constantFrom(...'abcdxy019-:/.*$^] \tvpceo'), maxLength: 14 }), fc.string());
  fc.assert(fc.property(texts.filter((text) => !/[\ud800-\udfff\u0085]/.test(text)), (text) => {
    // Spaces beyond ASCII are spaces to JavaScript alone.
    fc.pre(!/[^\x00-\x7f]/.test(text) || !/\\[sS]/.test(pattern));
    expect(language.has(text)).toBe(whole.test(text));
  }), { numRuns: 300 });
});

test.each([
  '(?i)vpce', '(?!x)a', '(?<=x)a', 'a++', 'a*+', 'a{2}+', '\\bword', '(a)\\1', '\\p{Lower}', '\\Qa\\E', '[a[bc]]', '[a-z&&[^b]]', '[z-a]', '[\\D]', '(a', 'a)', '[a', 'a{', '*', 'a$b', 'b^a', '[]a]', '(^a$)', '\\',
  '\ud83d\ude00', 'a{9999}', '(a{100}){100}', 'a'.repeat(2_000),
])('what has no plain meaning is not read: %.40s', (pattern) => expect(TextLanguage.ofPattern(pattern)).toBeUndefined());

test.each<[pattern: string, expected: boolean]>([
  ['[a-z]*', false], ['arn:aws:iam::\\d{12}:role/[\\w+=,.@/-]+', false], ['a?b*', false],
  ['.', true], ['[^a-z]', true], ['\\S', true], ['a\\*', true], ['[*]b', true], ['(a|\\?)', true],
])('says whether there may be wildcards in a text: %s', (pattern, expected) => expect(TextLanguage.ofPattern(pattern)!.mayContain('*?')).toBe(expected));

test.each<[pattern: string, those: boolean, all: boolean]>([
  ['\\d{12}', true, true], ['[0-9]{12}', true, true], ['^(\\d{4}){3}$', true, true], ['\\d+', true, false], ['\\d*', true, false], ['\\d{12}|\\d{4}', true, false],
  ['\\d{11}', false, false], ['\\w{12}', false, false], ['[^\\d]{12}', false, false], ['\\d{11}a', false, false],
])('says whether texts of twelve characters are numbers: %s', (pattern, those, all) => expect(TextLanguage.ofPattern(pattern)!.isOfDigits(12)).toEqual({ those, all }));

test('a regular expression that makes others try all ways is followed to its end', () => {
  expect(TextLanguage.ofPattern('(a*)*(a|a?)*(a+a+)+$')!.has(`${'a'.repeat(3_000)}b`)).toBe(false);
});
