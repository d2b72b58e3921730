import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { file, secureBucket } from './terminal';

const folder = mkdtempSync(join(tmpdir(), 'baseline-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;

/** A folder with templates by file name. */
function estate(templates: Record<string, unknown>): string {
  const path = join(folder, `${++folders}`);
  mkdirSync(path);
  Object.entries(templates).forEach(([name, content]) => writeFileSync(join(path, name), JSON.stringify(content)));
  return path;
}

const allow = (prefix: string, Sid?: string) => ({ ...(Sid ? { Sid } : {}), Effect: 'Allow', Principal: '*', Action: ['s3:GetObject', 's3:GetObjectVersion'], Resource: { 'Fn::Sub': `\${Bucket.Arn}/${prefix}*` } });
const DENY = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ['*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

function template(...statements: object[]) {
  return {
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket' },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: statements } } },
    },
  };
}

const OPEN = template(DENY, allow('public/'));
const PRIVATE = template(DENY);

function adopted(path: string): string {
  const baseline = join(folder, `${++folders}.json`);
  expect(secureBucket('check', path, '--baseline', baseline, '--write-baseline').exitCode).toBe(0);
  return baseline;
}

/** What is new, known and gone. */
function counts(baseline: string, ...paths: string[]) {
  const { out, exitCode } = secureBucket('check', ...paths, '--baseline', baseline, '--format', 'json');
  const { summary, findings } = JSON.parse(out);
  const fresh = findings.filter(({ status, isKnown }: any) => status === 'finding' && !isKnown).map(({ rule, stack }: any) => `${stack} ${rule}`);
  return { exitCode, fresh, gone: summary.gone };
}

const NOTHING_NEW = { exitCode: 0, fresh: [], gone: 0 };
const OF_A_PUBLIC_STATEMENT = ['SecureBucket-PublicAllow'];
const newIn = (stack: string) => ({ exitCode: 2, fresh: OF_A_PUBLIC_STATEMENT.map((rule) => `${stack} ${rule}`), gone: 0 });

describe('a baseline', () => {
  test('fails on what is new only: adopt, add a finding, fail, fix, take out what is gone', () => {
    const path = estate({ 'app.json': OPEN });
    expect(secureBucket('check', path).exitCode).toBe(2);
    const baseline = adopted(path);
    expect(counts(baseline, path)).toEqual(NOTHING_NEW);

    writeFileSync(join(path, 'app.json'), JSON.stringify(template(DENY, allow('public/'), allow('more/', 'More'))));
    expect(counts(baseline, path)).toEqual(newIn('app'));
    const { out } = secureBucket('check', path, '--baseline', baseline);
    expect(out).toContain("The statement 'More' gives access to anybody.");
    expect(out.match(/^  (?:high|medium|low) /gm)).toHaveLength(OF_A_PUBLIC_STATEMENT.length);
    const { results } = JSON.parse(secureBucket('check', path, '--baseline', baseline, '--format', 'sarif').out).runs[0];
    expect(results.filter(({ baselineState }: any) => baselineState === 'new').map(({ ruleId }: any) => ruleId)).toEqual(OF_A_PUBLIC_STATEMENT);
    expect(results.some(({ baselineState }: any) => baselineState === 'unchanged')).toBe(true);
    expect(out).toMatch(/Compared with the baseline: 1 new, [1-9]\d* known and not shown, 0 gone\./);

    writeFileSync(join(path, 'app.json'), JSON.stringify(PRIVATE));
    expect(counts(baseline, path)).toEqual({ ...NOTHING_NEW, gone: OF_A_PUBLIC_STATEMENT.length });
    expect(secureBucket('check', path, '--baseline', baseline).out).toContain('gone SecureBucket-PublicAllow app/Policy');
    secureBucket('check', path, '--baseline', baseline, '--write-baseline');

    writeFileSync(join(path, 'app.json'), JSON.stringify(OPEN));
    expect(counts(baseline, path)).toEqual(newIn('app'));
  });

  test('knows a finding again in a file that was renamed, and among statements, members and lists in another order', () => {
    const baseline = adopted(estate({ 'app.json': OPEN }));
    const { Effect, ...others } = allow('public/');
    const moved = { ...others, Action: [...others.Action].reverse(), Effect };
    expect(counts(baseline, estate({ 'renamed.json': template(moved, DENY) }))).toEqual(NOTHING_NEW);
  });

  test('does not know a statement that has changed under its name', () => {
    const baseline = adopted(estate({ 'app.json': template(DENY, allow('public/', 'Read')) }));
    expect(counts(baseline, estate({ 'app.json': template(DENY, allow('', 'Read')) }))).toEqual({ ...newIn('app'), gone: OF_A_PUBLIC_STATEMENT.length });
  });

  test('counts two equal findings as two', () => {
    const baseline = adopted(estate({ 'app.json': OPEN }));
    expect(counts(baseline, estate({ 'app.json': template(DENY, allow('public/'), allow('public/')) }))).toEqual(newIn('app'));
  });

  test('a finding that was mended in one template hides none that is new in another', () => {
    const baseline = adopted(estate({ 'a.json': OPEN, 'b.json': PRIVATE }));
    expect(counts(baseline, estate({ 'a.json': PRIVATE, 'b.json': OPEN }))).toEqual({ ...newIn('b'), gone: OF_A_PUBLIC_STATEMENT.length });
  });

  test('neither does one in a template that is not looked at, and that one is not gone', () => {
    const baseline = adopted(estate({ 'a.json': OPEN, 'b.json': PRIVATE }));
    const path = estate({ 'b.json': OPEN });
    expect(counts(baseline, path)).toEqual(newIn('b'));
    expect(secureBucket('check', path, '--baseline', baseline).out).toMatch(/, 0 gone, [1-9]\d* in templates that were not looked at\./);
  });

  test('what was not decided is new once it is a finding', () => {
    const versioned = (Status: unknown) => ({ Parameters: { P: { Type: 'String' } }, Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status } } } } });
    const baseline = adopted(estate({ 'app.json': versioned({ Ref: 'P' }) }));
    expect(counts(baseline, estate({ 'app.json': versioned('Suspended') }))).toEqual({ exitCode: 2, fresh: ['app SecureBucket-Versioning'], gone: 0 });
  });
});

describe('the file of a baseline', () => {
  test('is refused where it is none', () => {
    const path = estate({ 'app.json': OPEN });
    const refusal = (...args: string[]) => secureBucket('check', path, ...args);
    expect(refusal('--baseline', join(path, 'none.json'))).toMatchObject({ exitCode: 1, err: expect.stringContaining('Write it with --write-baseline.') });
    expect(refusal('--baseline', file('{'))).toMatchObject({ exitCode: 1, err: expect.stringContaining('is no JSON') });
    expect(refusal('--baseline', file({ version: 1, stacks: [], findings: [{}] }))).toMatchObject({ exitCode: 1, err: expect.stringContaining('is no baseline') });
    expect(refusal('--baseline', join(path, 'none', 'b.json'), '--write-baseline')).toMatchObject({ exitCode: 1, err: expect.stringContaining('cannot be written') });
    expect(refusal('--write-baseline')).toMatchObject({ exitCode: 1, err: expect.stringContaining('name the file with --baseline') });
  });

  test('is not written where a template could not be read: its findings would be lost', () => {
    const path = estate({ 'app.json': OPEN });
    writeFileSync(join(path, 'broken.template'), '{"Resources": {');
    const baseline = join(folder, 'partial.json');
    expect(secureBucket('check', path, '--baseline', baseline, '--write-baseline').exitCode).toBe(1);
    expect(existsSync(baseline)).toBe(false);
  });

  test('is the same whatever the order of the templates', () => {
    const [one, other] = [{ 'a.json': OPEN, 'b.json': PRIVATE }, { 'b.json': PRIVATE, 'a.json': OPEN }].map((templates) => readFileSync(adopted(estate(templates)), 'utf8'));
    expect(one).toBe(other);
  });
});
