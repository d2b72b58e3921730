import { file, IN_ENVIRONMENT, LEGACY, REPORTS, secureBucket } from './terminal';
import { Cell, markdownOf } from '../../src/cli/markdown';
import { printable } from '../../src/cli/text';
import * as fc from '../support/fast-check';

/** The cells of a row, as GitHub and GitLab tell them apart: by pipes before which no backslash stands. */
function cellsOf(line: string): string[] {
  return line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim());
}

/** What a reader sees of markup that has no signs of Markdown in it. */
function seen(markup: string): string {
  return markup.replace(/<!-- -->/g, '').replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

function row(...cells: Cell[]): string[] {
  const lines = markdownOf([{ columns: cells.map((_, i) => `column ${i}`), rows: [cells] }]).split('\n');
  expect(lines).toHaveLength(4); // head, rule, row, and the end of the last line
  return cellsOf(lines[2]);
}

const HOSTILE = [
  '|', '\\|', '`|`', '<b>', '</td></tr></table>', '&lt;', '&#124;', '**bold**', '_it_', '[x](javascript:alert(1))', '![x](https://example.com/x.png)', '~~gone~~', '\n', '\r\n', '\u2028',
  '<!--', '-->', '@team', '#12', '!34', 'https://example.com', 'www.example.com', '---', '$1', '\\', '\u202e', '<br>',
];

/** Texts as somebody might put them into a template to break out of a cell. */
const values = fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string()), { maxLength: 6 }).map((parts) => parts.join(''));

describe('a table in Markdown', () => {
  test('has each value in its cell, as it is, whatever it is', () => {
    fc.assert(fc.property(values, values, (one, other) => {
      expect(row(one, other).map(seen)).toEqual([one, other].map((value) => printable(value).trim()));
    }));
  });

  test('has no value that is markup, mentions anybody, refers to anything or is a link', () => {
    fc.assert(fc.property(values, (value) => {
      const [cell] = row(value);
      const plain = cell.replace(/<!-- -->/g, '\u0000').replace(/&#\d+;/g, 'x');
      expect(plain).not.toMatch(/[<>|\\`*_[\]~&]/);
      expect(cell.replace(/&#\d+;/g, '\u0001')).not.toMatch(/[@#!$~%&]\w|:\/\/|www\./i);
    }));
  });

  test('has links and lines in a cell, whose texts are text', () => {
    expect(row({ text: 'a|b', href: 'https://example.com/a|b' }, ['one|', 'two'])).toEqual(['[a&#124;b](https://example.com/a%7Cb)', 'one&#124;<br>two']);
  });

  test('lines and headings with values are lines and headings', () => {
    fc.assert(fc.property(values, (value) => {
      const [heading, , paragraph, , item] = markdownOf([{ heading: value, level: 2 }, { paragraph: value }, { list: [value] }]).split('\n');
      expect([heading, paragraph, item].map(seen)).toEqual([`## ${printable(value).trim()}`, printable(value).trim(), `- ${printable(value).trim()}`]);
      expect(paragraph).not.toMatch(/^(?:[-+*#=>|`~]|\d+[.)]\s)/);
    }));
  });
});

describe('--format markdown', () => {
  test('of check has what fails and what is acknowledged, in tables of their own', () => {
    const { exitCode, out } = secureBucket('check', LEGACY, ...IN_ENVIRONMENT, '--format', 'markdown');
    expect(exitCode).toBe(2);
    expect(out.split('\n').slice(0, 5)).toEqual([
      '## secure-bucket check: 1 bucket in 1 template: 10 findings, 0 not decided, 1 acknowledged', '', '### Findings', '', '| severity | rule | where | what | what to do |',
    ]);
    const [open, acknowledged] = out.split('### Acknowledged');
    expect(open.split('\n').filter((line) => /^\| (high|medium|low)/.test(line))).toHaveLength(10);
    expect(acknowledged).toContain('| legacy/Uploads | Versioning is not set. | Acknowledged: Uploads are processed within a day. |');
    expect(open).not.toContain('SecureBucket-Versioning');
  });

  test('of check says what is not shown, what is compared and what was not looked at', () => {
    const unseen = file({ Transform: 'Unknown', Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
    const out = (...args: string[]) => secureBucket('check', ...args, '--format', 'markdown').out;
    expect(out(unseen)).toMatch(/\n### Not looked at\n\n- .*Unknown/);
    expect(out(LEGACY, '--min-severity', 'high')).toMatch(/\nNot shown, because of --min-severity, --rule or --skip-rule: 7 findings, /);
    expect(out(LEGACY, '--baseline', file({ version: 1, stacks: [], findings: [] }))).toContain('\nCompared with the baseline: 10 new, 0 known and not shown, 0 gone.\n');
  });

  test('of prove has a table for each bucket', () => {
    const { out } = secureBucket('prove', LEGACY, REPORTS, ...IN_ENVIRONMENT, '--format', 'markdown');
    expect(out.match(/^### .*arn:aws:s3:::.*$/gm)).toHaveLength(2);
    expect(out).toMatch(/^\| broken \| Requests over plain HTTP are denied\. \| \[SecureBucket-RequireTls\]\(https:.*\) \| Request: .* over plain HTTP .*<br>Because /m);
    expect(out).toMatch(/^\| holds \| /m);
  });

  test('of report has who reaches what, and writes no page', () => {
    const { exitCode, out } = secureBucket('report', LEGACY, REPORTS, ...IN_ENVIRONMENT, '--format', 'markdown');
    expect(exitCode).toBe(0);
    expect(out).toContain('| account 111122223333 | legacy/Uploads |  | direct |  |  |  |\n');
    expect(out).toContain('| role arn:aws:iam::444455556666:role/ReportReader | reports/Reports |  | perhaps direct |  |  |  |\n');
  });

  test('of a template that wants to break out stays in its cells', () => {
    const name = 'x|y`<img src=x>\n@team';
    const bucket = { Type: 'AWS::S3::Bucket', Metadata: { cdk_nag: { rules_to_suppress: [{ id: 'SecureBucket-Versioning', reason: name }] } } };
    const { out } = secureBucket('check', file({ Resources: { Bucket: bucket } }), '--format', 'markdown');
    const line = out.split('\n').find((one) => one.includes('Acknowledged: '))!;
    expect(cellsOf(line)).toHaveLength(5);
    expect(seen(cellsOf(line)[4])).toBe(`Acknowledged: ${printable(name)}`);
    expect(line).not.toMatch(/<img|@team/);
  });

  test('is not there for explain', () => {
    expect(secureBucket('explain', REPORTS, '--format', 'markdown')).toMatchObject({ exitCode: 1, err: expect.stringContaining("argument 'markdown' is invalid") });
  });
});
