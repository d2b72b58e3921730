import { textKind, textKinds, textTest } from '../../src/policy/text-kinds';
import { TextLanguage } from '../../src/policy/text-language';
import * as fc from '../support/fast-check';

const NAMES = ['a', 'b'].flatMap((first) => ['x', 'y', 'z'].flatMap((second) => ['', '0', '1'].map((end) => `${first}-${second}${end}`)));
const language = TextLanguage.ofPattern('[ab]-[xyz][01]?')!;

/** Whether a pattern of a policy matches a text, as a regular expression says it. */
function matches(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.replace(/[-/]/g, '\\$&').replace(/\?/g, '.').replace(/\*/g, '.*')}$`, 's').test(text);
}

const AROUND = ['', 'n:', 'n/', 'n/a-x/', '?'];
const patterns = fc.array(fc.array(fc.constantFrom('a', 'b', '-', 'x', 'y', '0', '1', ':', '/', 'n', '*', '?'), { maxLength: 7 }).map((parts) => parts.join('')), { minLength: 1, maxLength: 5 });

describe('the kinds of texts that policies tell apart', () => {
  test('are those that there are, each with a text of its own', () => {
    fc.assert(fc.property(patterns, (all) => {
      const tests = all.map((pattern) => textTest(pattern));
      const kinds = textKinds(language, tests, (_, allowed) => allowed[0])!;
      expect(new Set(kinds.keys())).toEqual(new Set(NAMES.map((name) => textKind(name, tests))));
      kinds.forEach((name, kind) => expect(textKind(name, tests)).toBe(kind));
      expect(NAMES).toEqual(expect.arrayContaining([...kinds.values()]));
    }), { numRuns: 300 });
  });

  test('no policy matches one text of a kind and not another, whatever stands around them', () => {
    fc.assert(fc.property(patterns, fc.constantFrom(...AROUND), fc.constantFrom('', '/', '/n', '1'), (all, before, behind) => {
      const tests = all.map((pattern) => textTest(pattern));
      const told = (name: string) => all.map((pattern) => matches(pattern, `${before}${name}${behind}`)).join();
      const byKind = new Map<string, string>();
      NAMES.forEach((name) => {
        const kind = textKind(name, tests);
        expect(byKind.get(kind) ?? told(name)).toBe(told(name));
        byKind.set(kind, told(name));
      });
    }), { numRuns: 500 });
  });

  test('are found for a hundred names among a thousand texts', () => {
    const tests = Array.from({ length: 1000 }, (_, i) => textTest(`arn:aws:s3:::amzn-s3-demo-bucket-${i}/*`));
    const names = Array.from({ length: 100 }, () => textKinds(language, tests, (_, allowed) => allowed[0])!.size);
    expect(new Set(names)).toEqual(new Set([1]));
  });
});
