import { SAMPLE } from './sample';
import { csvOf } from '../../../src/cli/csv';
import { matrixOf, NOBODY } from '../../../src/cli/report/matrix';
import { ReportedAccess } from '../../../src/cli/report/model';
import { reportPage } from '../../../src/cli/report/page';
import { printable } from '../../../src/cli/text';
import * as fc from '../../support/fast-check';
import { IN_ENVIRONMENT, LEGACY, REPORTS, secureBucket } from '../terminal';

/** A table as spreadsheets read it: https://www.rfc-editor.org/rfc/rfc4180 */
function parsed(csv: string): string[][] {
  const record = /"((?:[^"]|"")*)"(,|\r\n)/gy;
  const rows: string[][] = [[]];
  for (let match = record.exec(csv); match; match = record.exec(csv)) {
    rows.at(-1)!.push(match[1].replace(/""/g, '"'));
    if (match[2] !== ',') {
      rows.push([]);
    }
    if (record.lastIndex === csv.length) {
      return rows.slice(0, -1);
    }
  }
  throw new Error('This is no CSV.');
}

function access(kind: ReportedAccess['who']['kind'], name: string, capability: ReportedAccess['capability'], more: Partial<ReportedAccess> = {}): ReportedAccess {
  return { who: { kind, label: name, name }, from: 'Elsewhere', capability, statements: [], ...more };
}

const matrix = (...all: ReportedAccess[]) => matrixOf({ buckets: [{ path: 'App/Data', facts: [], guarantees: [], access: all, statements: [] }] });

describe('the matrix of who may do what with which bucket', () => {
  test('has a row for each of those with access, and the ways in the cells', () => {
    const [app, site, team] = matrix(
      access('role', 'App', 'read'), access('distribution', 'E1', 'read'), access('role', 'App', 'write', { through: 'App/Team' }), access('service', 'logs', 'write'), access('role', 'App', 'read', { through: 'App/Team' }),
    );
    expect(app).toMatchObject({ who: { name: 'App' }, bucket: 'App/Data', ways: { list: [], read: [{ text: 'direct' }, { text: 'access point App/Team' }], write: [{ text: 'access point App/Team' }], delete: [], administer: [] } });
    expect([site.ways.read, team.ways.write].flat().map(({ text }) => text)).toEqual(['distribution', 'service']);
    expect(matrix(access('access point', 'access points of account 444455556666', 'read'))[0].ways.read).toMatchObject([{ text: 'access point' }]);
  });

  test('has a way once, and it is open where one request is let through', () => {
    const [{ ways }] = matrix(access('role', 'App', 'read', { openBecause: 'a value is not known' }), access('role', 'App', 'read'), access('role', 'App', 'list', { openBecause: 'a value is not known' }));
    expect(ways).toMatchObject({ read: [{ text: 'direct', openBecause: undefined }], list: [{ text: 'direct', openBecause: 'a value is not known' }] });
  });

  test('does not take a role for a user of the same name', () => expect(matrix(access('role', 'App', 'read'), access('user', 'App', 'read'))).toHaveLength(2));

  test('has a row for a bucket that nobody reaches', () => {
    expect(matrix()).toEqual([{ who: undefined, bucket: 'App/Data', ways: { list: [], read: [], write: [], delete: [], administer: [] } }]);
  });
});

describe('the matrix as CSV', () => {
  const report = (...args: string[]) => secureBucket('report', ...args, ...IN_ENVIRONMENT, '--format', 'csv');

  test('says what the report says, with what is not decided and why', () => {
    const { exitCode, out, err } = report(LEGACY, REPORTS);
    const [head, ...rows] = parsed(out);
    expect([exitCode, err]).toEqual([0, '']);
    expect(head).toEqual(['kind', 'who', 'bucket', 'list', 'read', 'write', 'delete', 'administer', 'perhaps, depending on']);
    expect(rows).toContainEqual(['account', '111122223333', 'legacy/Uploads', '', 'direct', '', '', '', '']);
    expect(rows).toContainEqual(['role', 'arn:aws:iam::444455556666:role/ReportReader', 'reports/Reports', '', 'perhaps direct', '', '', '', expect.stringContaining('is not in the templates')]);
  });

  const FORMULAS = ['=', '+', '-', '@', '=HYPERLINK("https://example.com")', ' =1+1', '\t=1', '\r=1', '\uFF1D1', '"', ',', '\r\n', "'", 'text'];
  const cells = fc.array(fc.oneof(fc.constantFrom(...FORMULAS), fc.string()), { maxLength: 3 }).map((parts) => parts.join(''));

  test('has each value in its cell, and none that a spreadsheet takes for a formula', () => {
    fc.assert(fc.property(fc.array(fc.tuple(cells, cells), { minLength: 1, maxLength: 4 }), (rows) => {
      const read = parsed(csvOf(rows));
      expect(read.map((row) => row.length)).toEqual(rows.map((row) => row.length));
      rows.flat().map(printable).forEach((value, i) => expect([value, `'${value}`]).toContain(read.flat()[i]));
      expect(read.flat().filter((cell) => /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell))).toEqual([]);
    }));
  });

  test('is a form of report alone', () => {
    expect(secureBucket('check', LEGACY, '--format', 'csv')).toMatchObject({ exitCode: 1, err: expect.stringContaining("argument 'csv' is invalid") });
  });
});

test('the page has the matrix as its first table, with what is text as text', () => {
  const page = reportPage(SAMPLE);
  const [table] = /<table[^]*?<\/table>/.exec(page)!;
  expect([...table.matchAll(/<th [^>]*>(.*?)<\/th>/g)].map(([, name]) => name)).toEqual(['Who', 'Bucket', 'List', 'Read', 'Write', 'Delete', 'Administer']);
  expect(table.match(/<tr /g)).toHaveLength(1 + matrixOf(SAMPLE).length);
  expect(table).toMatch(/data-column="Read">access point Producer\/Team</);
  expect(table).toContain(NOBODY);
  expect(table).not.toContain('<script');
});
