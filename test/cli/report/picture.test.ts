import { ReportedAccess } from '../../../src/cli/report/model';
import { picture } from '../../../src/cli/report/picture';

function access(name: string, from: string): ReportedAccess {
  return { who: { kind: 'role', label: name, name: `arn:aws:iam::111122223333:role/${name}` }, from, capability: 'read', statements: [] };
}

const drawn = (...all: ReportedAccess[]) => picture({ path: 'App/Data-Lake-Bucket', facts: [], guarantees: [], access: all, statements: [] }).markup;
const texts = (markup: string, kind: string) => [...markup.matchAll(new RegExp(`<text class="${kind}"[^>]*>([^<]*)<`, 'g'))].map(([, text]) => text);
const ACCOUNTS = ["Account 111122223333, the bucket's own", 'Account 444455556666, in o-exampleorgid', 'AWS services'];
const THIRTY = Array.from({ length: 30 }, (_, i) => access(`team-${i}-of-the-department-for-analysis`, ACCOUNTS[i % 3]));

test('those who have access stand below their account', () => {
  const markup = drawn(...THIRTY);
  expect(texts(markup, 'home')).toEqual(['Account 111122223333, the bucket&#39;s own', 'Account 444455556666, in o-exampleorgid', 'AWS services']);
  expect(markup.indexOf('team-0-')).toBeLessThan(markup.indexOf('team-3-'));
  expect(markup.indexOf('team-27-')).toBeLessThan(markup.indexOf('team-1-'));
});

test('no name is cut, and no two boxes overlap', () => {
  const markup = drawn(...THIRTY);
  const label = texts(markup, 'label').join('');
  THIRTY.forEach(({ who }) => expect(label).toContain(who.label));
  expect(label).toContain('Data-Lake-Bucket');
  expect(markup).not.toContain('…');
  const drawnBoxes = markup.matchAll(/<rect class="subject" x="1" y="([\d.]+)" width="\d+" height="([\d.]+)"/g);
  const boxes = [...drawnBoxes].map(([, top, height]) => [Number(top), Number(top) + Number(height)]);
  expect(boxes).toHaveLength(30);
  boxes.slice(1).forEach(([top], i) => expect(top).toBeGreaterThan(boxes[i][1]));
  expect(Number(/viewBox="0 0 360 ([\d.]+)"/.exec(markup)![1])).toBeGreaterThan(boxes[29][1]);
});

test('texts stay in their boxes', () => {
  const lines = texts(drawn(access('ARoleWithoutAnyPlaceToBreakItsNameAt', 'Elsewhere')), 'label');
  lines.forEach((line) => expect(line.length).toBeLessThanOrEqual(18));
});
