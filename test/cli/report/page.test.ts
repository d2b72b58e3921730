import { createHash } from 'crypto';
import { SAMPLE } from './sample';
import { html, Html } from '../../../src/cli/report/html';
import { Report } from '../../../src/cli/report/model';
import { reportPage } from '../../../src/cli/report/page';
import { SEARCH_SCRIPT } from '../../../src/cli/report/search';
import { unknownText } from '../../../src/policy/unknown-text';
import * as fc from '../../support/fast-check';

/** The report with every text replaced; what is no free text (kinds, verdicts, ids) stays. */
function withTexts(text: string): Report {
  const fixed = ['id', 'statements', 'verdict', 'kind', 'capability'];
  const replaced = (value: unknown, key = ''): any => {
    if (typeof value === 'string') {
      return fixed.includes(key) ? value : text;
    }
    if (Array.isArray(value)) {
      return value.map((element) => replaced(element, key));
    }
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, child]) => [name, replaced(child, name)])) : value;
  };
  return replaced(SAMPLE);
}

/** The markup without any text in it: elements, and the names of their attributes. Of texts that are broken into lines, one counts. */
function skeleton(page: string): string {
  return [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/="[^"]*"/g, '=""')).join('\n').replace(/(<text [^>]*>\n<\/text>)(?:\n\1)+/g, '$1');
}

test('no text of a template becomes markup, whatever it is', () => {
  const expected = skeleton(reportPage(withTexts('harmless')));
  fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('</style>', '"><b>', "' onload='x", '<!--', ']]>', '${x}', '&#60;b>')), (text) => {
    expect(skeleton(reportPage(withTexts(text)))).toEqual(expected);
  }), { numRuns: 300 });
});

test('an unknown value is shown as people read it', () => {
  expect(html`${unknownText('Producer: Ref "EndpointId"')}`.markup).toBe('&lt;Producer: Ref &quot;EndpointId&quot;&gt;');
});

test('markup is left as it is, and text is not', () => {
  expect(html`<p title="${'"'}">${[new Html('<b>1</b>'), '<b>', undefined, 2]}</p>`.markup).toBe('<p title="&quot;"><b>1</b>&lt;b&gt;2</p>');
});

test('is one file that loads nothing', () => {
  const page = reportPage(SAMPLE);
  expect(page).toContain("default-src 'none'");
  expect(page.replace(SEARCH_SCRIPT.markup, '')).not.toMatch(/<(?:script|link|img|iframe|object|embed)\b|url\(|@import/i);
  expect(page.match(/script-src '(.*?)'/)![1]).toBe(`sha256-${createHash('sha256').update(/<script>([^]*?)<\/script>/.exec(page)![1]).digest('base64')}`);
});

test('says of every bucket what holds and who has access, with the statements', () => {
  const page = reportPage(SAMPLE);
  expect(page).toContain('1 finding, 1 not decided');
  expect(page).toContain('aria-label="AppRole may read: to the statement that allows it"');
  expect(page).toContain('aria-label="AppRole perhaps may write: to the statement that allows it"');
  expect(page).toMatch(/<details class="statement"><summary>ShareRead <span class="quiet">in Producer\/Dataset\/Policy<\/span><\/summary><pre id="b1-s1">\{/);
  expect(page).toContain('Nobody, as far as these templates tell.');
});

test('begins with what is broken and what was found, decided findings first, and folds buckets of which nothing has to be looked at', () => {
  const page = reportPage(SAMPLE);
  const places = ['id="summary"', 'id="broken"', 'id="findings"', 'SecureBucket-RequireTls', 'SecureBucket-KeyPolicy', 'id="access"', 'id="bucket-1"', 'id="bucket-2"', 'id="acknowledged"', 'id="assumptions"'].map((text) => page.indexOf(text));
  expect(places).toEqual([...places].sort((one, other) => one - other));
  expect(places[0]).toBeGreaterThan(0);
  expect(page).toContain('<details class="bucket" open><summary>Guarantees: 1 broken, 1 not decided, 1 hold. With access: 3.</summary>');
  expect(page).toContain('<details class="bucket"><summary>Guarantees: 0 broken, 0 not decided, 0 hold. With access: 0.</summary>');
});

test('tells what wrote it, and of which files', () => {
  const page = reportPage(SAMPLE, [], { version: '1.2.3', templates: [{ file: 'cdk.out/<b>.template.json', sha256: 'abc123' }] });
  expect(page).toContain('Written by secure-bucket 1.2.3 of these templates (SHA-256):');
  expect(page).toContain('<li>cdk.out/&lt;b&gt;.template.json <code>abc123</code></li>');
});

test('folds what is the same for many buckets', () => {
  const [finding] = SAMPLE.findings;
  const page = (count: number) => reportPage({ ...SAMPLE, findings: Array(count).fill(finding) });
  expect(page(5)).toContain('<details open><summary>SecureBucket-RequireTls <span class="quiet">(5)</span></summary>');
  expect(page(6)).toContain('<details><summary>SecureBucket-RequireTls <span class="quiet">(6)</span></summary>');
});

test('a report of nothing is a page, too', () => {
  expect(reportPage({ subject: 'empty', buckets: [], findings: [], acknowledged: [], assumptions: [] })).toContain('0 buckets, 0 findings, 0 not decided.');
});
