import { synthesize, Synthesized } from './apps';

// The same app in TypeScript and in each language that LANGUAGES names. `.ci/languages` packages for them, and installs what they need.

const languages = process.env.LANGUAGES!.split(' ');
const BROKEN = { BROKEN: '1' };

const expected = synthesize('typescript');
const expectedBroken = synthesize('typescript', BROKEN);

test('the app holds, and is broken where it should be', () => {
  expect([expected.exitCode, expected.violated]).toEqual([0, []]);
  expect([expectedBroken.exitCode, expectedBroken.violated]).toEqual([1, ['SecureBucket-Versioning', 'AccessExpectations-May']]);
  expect(Object.keys(expected.templates).sort()).toEqual(['Data.template.json', 'Legacy.template.json', 'Site.template.json']);
  expect(expected.decision).toMatch(/^Denied by bucket-policy: /);
});

describe.each(languages)('%s', (language) => {
  let kept: Synthesized;
  let broken: Synthesized;
  beforeAll(() => {
    kept = synthesize(language);
    broken = synthesize(language, BROKEN);
  });

  test('synthesizes the same templates', () => expect(kept.templates).toEqual(expected.templates));
  test('decides alike', () => expect(kept.decision).toBe(expected.decision));
  test('passes the gate', () => expect([kept.exitCode, kept.violated]).toEqual([0, []]));
  test('fails by the same findings', () => expect([broken.exitCode, broken.violated]).toEqual([expectedBroken.exitCode, expectedBroken.violated]));
});
