import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { IN_ENVIRONMENT, LEGACY, REPORTS, secureBucket } from './terminal';
import { PROJECT } from '../support/new-folder';

const root = mkdtempSync(join(tmpdir(), 'configured-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

/** A folder with a configuration and templates by file name. */
function folderWith(configuration: string, templates: Record<string, unknown> = {}): string {
  const folder = join(root, `${++folders}`);
  for (const [name, content] of Object.entries({ 'secure-bucket.yaml': configuration, ...templates })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

function configured(configuration: string): string[] {
  return ['--config', join(folderWith(configuration), 'secure-bucket.yaml')];
}

function found(...args: string[]): any {
  return JSON.parse(secureBucket('check', ...args, '--format', 'json').out);
}

const BUCKET = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-cache' } };
const PUBLIC = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::amzn-s3-demo-cache/*' };
const OPEN = { Resources: { Cache: BUCKET, Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Cache' }, PolicyDocument: { Version: '2012-10-17', Statement: [PUBLIC] } } }, Other: { Type: 'AWS::S3::Bucket' } } };
const TEMPLATE = join(folderWith('', { 'app.json': OPEN }), 'app.json');
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const statuses = (rule: string, ...args: string[]) =>
  found(TEMPLATE, ...args).findings.filter((one: any) => one.rule === `SecureBucket-${rule}`).map(({ logicalId, status }: any) => `${logicalId} ${status}`).sort();

describe('the rules of a configuration', () => {
  const CHOICE = 'rules: { skip: [PublicAllow], minSeverity: medium }';
  const rules = (...args: string[]) => new Set<string>(found(TEMPLATE, ...args).findings.map(({ rule }: any) => rule.replace('SecureBucket-', '')));

  test('say which findings are shown; what is left out is counted, and said to be left out', () => {
    const { summary } = found(TEMPLATE, ...configured(CHOICE));
    expect(rules()).toContain('PublicAllow');
    expect(rules(...configured(CHOICE))).not.toContain('PublicAllow');
    expect(summary.findings + summary.notShown.findings).toBe(found(TEMPLATE).summary.findings);
    expect(secureBucket('check', TEMPLATE, ...configured(CHOICE)).out).toMatch(/\nNot shown, because of --min-severity, --rule, --skip-rule or the configuration: \d+ findings?, /);
  });

  test('ask some rules only', () => expect(rules(...configured('rules: { only: [Versioning, RequireTls], skip: [RequireTls] }'))).toEqual(new Set(['Versioning'])));

  test('give way to options', () => {
    expect(rules(...configured(CHOICE), '--rule', 'PublicAllow')).toEqual(new Set(['PublicAllow']));
    expect(rules(...configured('rules: { only: [Versioning] }'), '--rule', 'RequireTls')).toEqual(new Set(['RequireTls']));
    expect(rules(...configured(CHOICE), '--skip-rule', 'Versioning')).toContain('PublicAllow');
    expect(rules(...configured('rules: { minSeverity: high }'), '--min-severity', 'low')).toEqual(rules());
  });

  test('give severities, by which findings are sorted, left out and reported to code scanning', () => {
    const severities = 'rules: { severities: { Versioning: high, PublicAllow: low }, minSeverity: medium }';
    const { findings } = found(TEMPLATE, ...configured(severities));
    expect(findings.filter(({ rule }: any) => rule === 'SecureBucket-Versioning').map(({ severity }: any) => severity)).toEqual(['high', 'high']);
    expect(findings.map(({ rule }: any) => rule)).not.toContain('SecureBucket-PublicAllow');
    const { tool } = JSON.parse(secureBucket('check', TEMPLATE, ...configured(severities), '--format', 'sarif').out).runs[0];
    expect(tool.driver.rules.find(({ id }: any) => id === 'SecureBucket-Versioning').properties.severity).toBe('high');
    const proved = JSON.parse(secureBucket('prove', TEMPLATE, ...configured('rules: { severities: { RequireTls: low } }'), '--format', 'sarif').out).runs[0];
    expect(proved.results.filter(({ ruleId }: any) => ruleId === 'SecureBucket-RequireTls').map(({ level }: any) => level)).toEqual(['note', 'note']);
  });
});

describe('acknowledgements of a configuration', () => {
  const accepting = (about: string, more = '') => configured(`acknowledgements:\n  - { rule: Versioning, ${about}, reason: It can be made again.${more} }\n`);

  test.each([
    ['a bucket by name', 'bucket: amzn-s3-demo-*'],
    ['a bucket by logical ID', 'bucket: Cache'],
    ['a bucket by stack and logical ID', 'bucket: app/Cache'],
    ['a resource by logical ID', 'resource: Cache'],
    ['a resource by its path', 'resource: "**/Cache"'],
  ])('accept findings about %s, and no others', (_, about) => {
    expect(statuses('Versioning', ...accepting(about))).toEqual(['Cache acknowledged', 'Other finding']);
  });

  test('accept what is found of the policy of a bucket that is named, and not where another resource is', () => {
    const ofPolicy = (about: string) => statuses('PublicAllow', ...configured(`acknowledgements: [{ rule: PublicAllow, ${about}, reason: Public on purpose. }]`));
    expect(ofPolicy('bucket: Cache')).toEqual(['Policy acknowledged']);
    expect(ofPolicy('bucket: Other')).toEqual(['Policy finding']);
    expect(ofPolicy('resource: Cache')).toEqual(['Policy finding']);
    expect(ofPolicy('resource: app')).toEqual(['Policy acknowledged']);
  });

  test('are counted and listed with owner and last day, in every format', () => {
    const args = ['check', TEMPLATE, ...accepting('bucket: Cache', `, owner: team-data, expires: ${day(30)}`)];
    const { findings, summary, configuration } = JSON.parse(secureBucket(...args, '--format', 'json').out);
    expect(summary.acknowledged).toBe(1);
    expect(configuration).toEqual([args[3]]);
    expect(findings.at(-1)).toMatchObject({ status: 'acknowledged', acknowledgement: 'It can be made again.', owner: 'team-data', expires: day(30) });
    expect(secureBucket(...args).out).toContain(`Acknowledged by team-data until ${day(30)}: It can be made again.\n`);
    expect(secureBucket(...args).out).toMatch(/, 1 acknowledged\.\n[\s\S]*Configured by .*secure-bucket\.yaml\.\n$/);
    const { results } = JSON.parse(secureBucket(...args, '--format', 'sarif').out).runs[0];
    expect(results.flatMap(({ suppressions = [] }: any) => suppressions)).toEqual([{ kind: 'external', status: 'accepted', justification: 'It can be made again.', properties: { owner: 'team-data', expires: day(30) } }]);
    expect(JSON.parse(secureBucket('report', ...args.slice(1), '--format', 'json').out).acknowledged).toContainEqual(expect.objectContaining({ reason: 'It can be made again.', owner: 'team-data', expires: day(30) }));
  });

  test('follow the schema of the answer', () => {
    const follows = addFormats(new Ajv({ strict: false, unicodeRegExp: false })).compile(JSON.parse(readFileSync(join(PROJECT, 'docs/command-output.schema.json'), 'utf8')));
    for (const command of ['check', 'prove', 'report']) {
      follows(JSON.parse(secureBucket(command, TEMPLATE, ...accepting('bucket: Cache', `, owner: team-data, expires: ${day(-1)}`), '--format', 'json').out));
      expect(follows.errors).toBeNull();
    }
  });

  test('count until the end of their last day, and are findings from then on, beside what they accepted', () => {
    expect(statuses('ExpiredAcknowledgement', ...accepting('bucket: Cache', `, expires: ${day(0)}`))).toEqual([]);
    const expired = accepting('bucket: Cache', `, owner: team-data, expires: ${day(-1)}`);
    expect(statuses('Versioning', ...expired)).toEqual(['Cache finding', 'Other finding']);
    expect(statuses('ExpiredAcknowledgement', ...expired)).toEqual(['Cache finding']);
    expect(secureBucket('check', TEMPLATE, ...expired, '--verbose').out).toContain(
      `The acknowledgement of SecureBucket-Versioning by team-data has expired on ${day(-1)}: 'It can be made again.'. It is in ${expired[1]} (line 2, column 5).\n          team-data must fix the finding and remove the acknowledgement, or review it and give it a new date.\n`);
  });

  test('fail when they have expired, even if a baseline knows the finding, and no baseline takes them', () => {
    const clean = [TEMPLATE, '--baseline', join(root, 'baseline.json')];
    expect(secureBucket('check', ...clean, '--write-baseline').exitCode).toBe(0);
    expect(secureBucket('check', ...clean, ...accepting('bucket: Cache', `, expires: ${day(1)}`)).exitCode).toBe(0);
    const expired = accepting('bucket: Cache', `, expires: ${day(-1)}`);
    expect(secureBucket('check', ...clean, ...expired).exitCode).toBe(2);
    expect(secureBucket('check', ...clean, ...expired, '--write-baseline').exitCode).toBe(2);
    expect(readFileSync(join(root, 'baseline.json'), 'utf8')).not.toContain('ExpiredAcknowledgement');
  });

  test('do not fail when they have expired and there is nothing that they accept: it is mended, or accepted otherwise, or not asked for', () => {
    const expired = `{ rule: Versioning, bucket: Cache, reason: r, expires: ${day(-1)} }`;
    const of = (...args: string[]) => statuses('ExpiredAcknowledgement', ...args);
    expect(of(...configured(`acknowledgements: [{ rule: NoWebsite, bucket: Cache, reason: r, expires: ${day(-1)} }]`))).toEqual([]);
    expect(of(...configured(`acknowledgements: [${expired}, { rule: Versioning, resource: Cache, reason: Renewed. }]`))).toEqual([]);
    expect(of(...configured(`acknowledgements: [${expired}]`), '--skip-rule', 'Versioning')).toEqual([]);
    expect(of(...configured(`acknowledgements: [${expired}]`), '--rule', 'Versioning')).toEqual(['Cache finding']);
  });

  test('make nothing clean that was not looked at', () => {
    const unseen = join(folderWith('', { 'unseen.json': { Transform: 'Unknown', Resources: { Topic: { Type: 'AWS::SNS::Topic' } } } }), 'unseen.json');
    const { exitCode, out, err } = secureBucket('check', unseen, ...configured('acknowledgements: [{ rule: Transforms, resource: "**", reason: Never mind. }]'));
    expect([exitCode, out, err]).toEqual([2, expect.stringContaining('0 findings, 0 not decided, 1 acknowledged.'), expect.stringContaining('warning: ')]);
  });
});

describe('accounts and assumptions of a configuration', () => {
  const NAMING = { Resources: { Cache: { ...BUCKET, Properties: {} }, Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Cache' }, PolicyDocument: { Version: '2012-10-17', Statement: [{ ...PUBLIC, Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Resource: { 'Fn::Sub': '${Cache.Arn}/*' } }] } } } } };
  const arns = (...args: string[]): string[] => JSON.parse(secureBucket('report', ...args, '--format', 'json').out).buckets.map(({ facts }: any) => facts.find(({ name }: any) => name === 'Account, Region').value).sort();

  test('accounts are those of the templates that match; what the command line says wins', () => {
    const folder = folderWith('accounts: { "prod/**": 111122223333, "test/*.json": 222233334444 }', { 'prod/eu/app.json': NAMING, 'test/other.json': NAMING });
    const args = [folder, '--config', join(folder, 'secure-bucket.yaml'), '--region', 'eu-west-1'];
    expect(arns(...args)).toEqual(['111122223333, eu-west-1', '222233334444, eu-west-1']);
    expect(arns(...args, '--account', '333344445555')).toEqual(['333344445555, eu-west-1', '333344445555, eu-west-1']);
  });

  test('assumptions decide what the templates do not tell, and --assume takes their place', () => {
    const versioned = { Parameters: { P: { Type: 'String' } }, Resources: { Cache: { ...BUCKET, Properties: { VersioningConfiguration: { Status: { Ref: 'P' } } } } } };
    const folder = folderWith('assumptions: { parameters: { app: { P: Suspended }, elsewhere: { P: Enabled } } }', { 'app.json': versioned, 'assume.json': { parameters: { app: { P: 'Enabled' } } } });
    const args = ['check', join(folder, 'app.json'), '--config', join(folder, 'secure-bucket.yaml'), '--rule', 'Versioning', '--format', 'json'];
    const status = (...more: string[]) => JSON.parse(secureBucket(...args, ...more).out).findings.map((one: any) => one.status);
    expect(status()).toEqual(['finding']);
    expect(status('--assume', join(folder, 'assume.json'))).toEqual([]);
    expect(status('--parameters', 'P=Enabled')).toEqual([]);
  });
});

describe('a configuration file', () => {
  const here = process.cwd();
  afterEach(() => process.chdir(here));

  test('in the working directory is read, and said to be', () => {
    process.chdir(folderWith('rules: { only: [Versioning] }'));
    const { out } = secureBucket('check', LEGACY, ...IN_ENVIRONMENT);
    expect(new Set(Array.from(out.matchAll(/^  (?:high|medium|low) +(\w+)/gm), ([, rule]) => rule))).toEqual(new Set(['Versioning']));
    expect(out).toMatch(/\nConfigured by secure-bucket\.yaml\.\n$/);
    const { invocations } = JSON.parse(secureBucket('check', LEGACY, '--format', 'sarif').out).runs[0];
    expect(invocations[0].toolExecutionNotifications).toContainEqual({ level: 'note', message: { text: 'Configured by secure-bucket.yaml.' } });
  });

  test('is not taken for a template that is none, where a folder has both', () => {
    process.chdir(folderWith('extends: shared.yaml', { 'shared.yaml': 'rules: {}', 'app.json': OPEN }));
    expect(secureBucket('check', '.').err).toBe('');
  });

  test('that an option names is read in its place', () => {
    process.chdir(folderWith('rules: { only: [Versioning] }'));
    expect(secureBucket('check', REPORTS, ...configured('')).out).not.toContain('Configured by secure-bucket.yaml');
  });

  test('that is wrong is wrong use, told in one line', () => {
    const [, path] = configured('rules: { only: [RequireTsl] }');
    expect(secureBucket('check', LEGACY, '--config', path)).toEqual({ exitCode: 1, out: '', err: `secure-bucket: ${path} (line 1, column 17): 'rules.only[0]' is wrong: there is no rule 'RequireTsl'. Did you mean 'RequireTls'? docs/checks.md lists the rules.\n` });
    expect(secureBucket('check', LEGACY, '--config', 'nowhere.yaml')).toEqual({ exitCode: 1, out: '', err: 'secure-bucket: nowhere.yaml cannot be read: there is no such file.\n' });
  });
});
