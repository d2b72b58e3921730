import { CORPUS, corpusFile, VERDICTS } from './corpus';
import { IN_ENVIRONMENT, json, secureBucket } from '../cli/terminal';

test('there are verdicts on every template, and at least 60 templates', () => {
  expect(Object.keys(VERDICTS).sort()).toEqual(CORPUS);
  expect(CORPUS.length).toBeGreaterThanOrEqual(60);
});

describe.each(CORPUS)('%s', (name) => {
  const { check, prove, assumed = [] } = VERDICTS[name];
  const file = corpusFile(name);

  test('check finds what is wrong, and nothing else', () => {
    const { findings, assumptions } = json('check', file, ...IN_ENVIRONMENT);
    const found: Record<string, Set<string>> = {};
    for (const { rule, status, logicalId } of findings.filter((finding: any) => finding.status !== 'acknowledged')) {
      (found[logicalId] ??= new Set()).add(`${rule.replace(/^SecureBucket-|-NotDecided$/g, '')}${status === 'not-decided' ? '?' : ''}`);
    }
    expect(Object.fromEntries(Object.entries(found).map(([logicalId, rules]) => [logicalId, [...rules].sort()]))).toEqual(check);
    expect(assumptions.map((sentence: string) => /'([^']+)'/.exec(sentence)![1])).toEqual(assumed);
  });

  if (prove) {
    test('prove says what holds', () => {
      const { buckets } = json('prove', file, ...IN_ENVIRONMENT);
      const proved = Object.fromEntries(buckets.map(({ logicalId, guarantees }: any) => [logicalId, Object.fromEntries(guarantees.map(({ rule, verdict }: any) => [rule.replace('SecureBucket-', ''), verdict]))]));
      expect(proved).toEqual(prove);
    });
  }

  test('report writes a page', () => expect(secureBucket('report', file, ...IN_ENVIRONMENT, '--format', 'json').err).not.toContain('itself'));
});
