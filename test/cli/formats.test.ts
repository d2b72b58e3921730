import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { DENIED_COPY, DENIED_READ } from './cloudtrail-records';
import { file, IN_ENVIRONMENT, LEGACY, REPORTS, secureBucket } from './terminal';
import { printed } from '../../src/cli/text';

const PROJECT = join(__dirname, '../..');
const read = (path: string) => JSON.parse(readFileSync(join(PROJECT, path), 'utf8'));
const ajv = addFormats(new Ajv({ allErrors: true, strict: false, unicodeRegExp: false }));
const isOurs = ajv.compile(read('docs/command-output.schema.json'));
const { id: $id, ...sarif } = read('node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'); // draft 04, whose only difference here is the name of the id
const isSarif = ajv.compile({ ...sarif, $id, $schema: 'http://json-schema.org/draft-07/schema#' });

const UNKNOWN = file({
  Parameters: { P: { Type: 'String' } },
  Transform: 'AWS::LanguageExtensions',
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: { Ref: 'P' } } } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Ref: 'P' } } },
  },
});
const ASKING = ['--principal', 'arn:aws:iam::444455556666:role/ReportReader', '--action', 's3:GetObject', '--resource', 'Reports', '--key', 'monthly/1.csv'];

const SESSIONS: Record<string, string[]> = {
  'prove, all holds': ['prove', REPORTS, ...IN_ENVIRONMENT],
  'prove, broken': ['prove', LEGACY, ...IN_ENVIRONMENT],
  'prove, not decided': ['prove', UNKNOWN],
  'check, findings and acknowledgements': ['check', LEGACY],
  'check, beside a baseline': ['check', LEGACY, '--baseline', file({ version: 1, stacks: [], findings: [] })],
  'check, not decided': ['check', UNKNOWN],
  'check, clean': ['check', file({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } })],
  'explain, by options': ['explain', REPORTS, ...IN_ENVIRONMENT, ...ASKING],
  'explain, by a record': ['explain', REPORTS, '--event', file(DENIED_READ)],
  'explain, by several calls': ['explain', REPORTS, '--event', file(DENIED_COPY)],
};

const REPORT = ['report', LEGACY, ...IN_ENVIRONMENT];

test.each(Object.entries({ ...SESSIONS, report: REPORT }))('the JSON of %s follows the published schema', (_, args) => {
  const { out } = secureBucket(...args, '--format', 'json');
  isOurs(JSON.parse(out));
  expect(isOurs.errors).toBeNull();
});

test('the schema refuses what it does not describe', () => {
  const { out } = secureBucket('prove', LEGACY, '--format', 'json');
  const changed = { ...JSON.parse(out), schemaVersion: 2 };
  expect([isOurs(JSON.parse(out)), isOurs(changed), isOurs({})]).toEqual([true, false, false]);
});

test.each(Object.entries(SESSIONS))('the SARIF of %s follows the schema of SARIF 2.1.0', (_, args) => {
  const { out } = secureBucket(...args, '--format', 'sarif');
  isSarif(JSON.parse(out));
  expect(isSarif.errors).toBeNull();
});

describe('SARIF', () => {
  const results = (...args: string[]) => JSON.parse(secureBucket(...args, '--format', 'sarif').out).runs[0].results;
  const [, line] = Object.entries(readFileSync(LEGACY, 'utf8').split('\n')).find(([, text]) => text.includes('"UploadsPolicy"'))!;

  test('points at the line of the resource, in a file relative to where the command runs', () => {
    const [{ physicalLocation }] = results('check', LEGACY).find(({ ruleId }: any) => ruleId === 'SecureBucket-PublicAllow').locations;
    expect(physicalLocation.artifactLocation.uri).toMatch(/^test\/cli\/templates\/legacy\.json$/);
    expect(readFileSync(LEGACY, 'utf8').split('\n')[physicalLocation.region.startLine - 1]).toBe(line);
  });

  describe('of what a transform makes, points at where it comes from', () => {
    const linesOf = (content: string, ...names: string[]) => {
      const path = file(content, 'made.yaml');
      const found = results('check', path);
      return names.map((name) => {
        const { physicalLocation } = found.find(({ locations }: any) => locations[0].logicalLocations[0].fullyQualifiedName.endsWith(`/${name}`)).locations[0];
        return content.split('\n')[physicalLocation.region.startLine - 1].trim();
      });
    };

    test('the loop, the innermost of several, and resources beside it where they stand', () => {
      const content = [
        'Transform: AWS::LanguageExtensions',
        'Resources:',
        '  Plain: {Type: AWS::S3::Bucket}',
        '  Fn::ForEach::Teams:',
        '    - Team',
        '    - [sales, research]',
        '    - Bucket${Team}: {Type: AWS::S3::Bucket}',
        "  'Fn::ForEach::Outer':",
        '    - A',
        '    - [x, y]',
        "    - 'Fn::ForEach::Inner':",
        '        - B',
        '        - [one, two]',
        "        - 'Deep${A}&{B}': {Type: AWS::S3::Bucket}",
      ].join('\n');
      expect(linesOf(content, 'Plain', 'Bucketsales', 'Bucketresearch', 'Deepxone', 'Deepytwo')).toEqual([
        'Plain: {Type: AWS::S3::Bucket}', 'Fn::ForEach::Teams:', 'Fn::ForEach::Teams:', "- 'Fn::ForEach::Inner':", "- 'Fn::ForEach::Inner':",
      ]);
    });
  });

  test('lists the defaults that were assumed', () => {
    const path = file({ Parameters: { Status: { Type: 'String', Default: 'Enabled' } }, Resources: { Data: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: { Ref: 'Status' } } } } } }, 'defaults.json');
    for (const command of ['check', 'prove']) {
      const [{ toolExecutionNotifications }] = JSON.parse(secureBucket(command, path, '--format', 'sarif').out).runs[0].invocations;
      expect(toolExecutionNotifications).toEqual(command === 'check' ? [{ level: 'note', message: { text: expect.stringMatching(/^Assumed: The parameter 'Status' of .* has its default 'Enabled'\.$/) } }] : []);
    }
  });

  test('finds the line in YAML, too', () => {
    const [{ physicalLocation }] = results('check', REPORTS, ...IN_ENVIRONMENT)[0].locations;
    expect(readFileSync(REPORTS, 'utf8').split('\n')[physicalLocation.region.startLine - 1]).toBe('  Reports:');
  });

  test('suppresses what is acknowledged, and warns of what is not decided', () => {
    expect(results('check', LEGACY).find(({ ruleId }: any) => ruleId === 'SecureBucket-Versioning').suppressions).toEqual([{ kind: 'external', status: 'accepted', justification: 'Uploads are processed within a day.' }]);
    expect(new Set(results('prove', UNKNOWN).map(({ level }: any) => level))).toEqual(new Set(['warning']));
    expect(results('prove', REPORTS, ...IN_ENVIRONMENT)).toEqual([]);
  });

  test('gives a finding the same fingerprint wherever it stands in the file', () => {
    const moved = file(`\n\n\n${readFileSync(LEGACY, 'utf8')}`, 'legacy.json');
    const prints = (path: string) => results('check', path, '--stack-name', 'legacy').map(({ partialFingerprints }: any) => partialFingerprints['secureBucket/v1']);
    expect(prints(moved)).toEqual(prints(LEGACY));
    expect(new Set(prints(LEGACY)).size).toBe(prints(LEGACY).length);
  });
});

describe('text', () => {
  test('has colours where they are wanted, and says the same without', () => {
    expect(printed([[['red', 'broken'], ' x']], true)).toBe('\u001b[31mbroken\u001b[39m x\n');
    expect(printed([[['red', 'broken'], ' x']], false)).toBe('broken x\n');
  });

  test('shows control characters of a template instead of sending them to the terminal', () => {
    const hostile = file({ Resources: { Bucket: { Type: 'AWS::S3::Bucket', Metadata: { 'aws:cdk:path': 'App/\u001b[2J\u202egnp.exe\r\n' }, Properties: {} } } });
    const { out } = secureBucket('check', hostile);
    expect(out).toContain('App/\\u001b[2J\\u202egnp.exe\\u000d\\u000a');
    expect(out).not.toMatch(/[\u001b\u202e\r]/); // eslint-disable-line no-control-regex
  });
});
