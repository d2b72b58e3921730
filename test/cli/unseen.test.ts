import { readFileSync } from 'fs';
import { file, json, secureBucket } from './terminal';

const TLS = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::data', 'arn:aws:s3:::data/*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const RESOURCES = {
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } },
  Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: [TLS] } } },
};
const SAID = /The transform Guardrails is not run; what it adds or changes is not looked at/;
const REQUEST = ['--principal', 'arn:aws:iam::111122223333:root', '--action', 's3:GetObject', '--resource', 'arn:aws:s3:::data/key', '--account', '111122223333', '--region', 'eu-west-1'];

describe('a template with a transform that is not run', () => {
  const template = file({ Transform: 'Guardrails', Resources: RESOURCES }, 'app.json');
  const empty = file({ Transform: 'Guardrails', Resources: {} }, 'empty.json');
  const unknown = file({ Transform: 'AWS::LanguageExtensions', Parameters: { N: { Type: 'CommaDelimitedList' } }, Resources: { 'Fn::ForEach::B': ['X', { Ref: 'N' }, { 'B${X}': { Type: 'AWS::S3::Bucket' } }] } }, 'loop.json');

  test.each<[command: string, args: string[], output: string[]]>([
    ['check', [], []],
    ['prove', [], []],
    ['explain', REQUEST, []],
    ['report', [], ['--output', file('', 'page.html')]],
  ])('is said by %s as text and as JSON', (command, args, output) => {
    expect(secureBucket(command, template, ...args, ...output).err).toMatch(SAID);
    expect(json(command, template, ...args).warnings).toEqual([expect.stringMatching(SAID)]);
  });

  test('stands in the page of the report', () => {
    const page = file('', 'page.html');
    secureBucket('report', template, '--output', page);
    expect(readFileSync(page, 'utf8')).toMatch(SAID);
  });

  test.each<[command: string, args: string[]]>([['check', []], ['prove', []], ['explain', REQUEST]])('is said in SARIF by %s', (command, args) => {
    expect(secureBucket(command, template, ...args, '--format', 'sarif').out).toMatch(SAID);
  });

  test.each([['check', template], ['prove', template], ['check', empty], ['prove', empty], ['check', unknown], ['prove', unknown]])('is not clean: %s %s', (command, path) => {
    expect(secureBucket(command, path).exitCode).toBe(2);
  });

  test('is a finding that can be acknowledged', () => {
    expect(json('check', template).findings).toContainEqual(expect.objectContaining({ rule: 'SecureBucket-Transforms-NotDecided', status: 'not-decided' }));
    const acknowledged = file({ Transform: 'Guardrails', Metadata: { cdk_nag: { rules_to_suppress: [{ id: 'SecureBucket-Transforms', reason: 'It adds tags only.' }] } }, Resources: {} });
    const { exitCode, err } = secureBucket('check', acknowledged);
    expect([exitCode, err]).toEqual([0, '']);
  });
});

test.each([
  ['a module', 'My::Storage::Bucket::MODULE', {}, /template of the module 'Maker' is not at hand/],
  ['a stack set', 'AWS::CloudFormation::StackSet', { TemplateBody: '{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}' }, /template of the stack set 'Maker' is not at hand/],
  ['a provisioned product', 'AWS::ServiceCatalog::CloudFormationProvisionedProduct', { ProductName: 'bucket' }, /template of the provisioned product 'Maker' is not at hand/],
])('buckets that %s makes are not taken for none', (_, type, properties, said) => {
  const template = file({ Resources: { Maker: { Type: type, Properties: properties } } });
  for (const command of ['check', 'prove']) {
    expect(secureBucket(command, template).exitCode).toBe(2);
    expect(json(command, template).warnings).toContainEqual(expect.stringMatching(said));
  }
});

test('an allowed request is not allowed for certain where a transform may change the policies', () => {
  const { exitCode, out } = secureBucket('explain', file({ Transform: 'Guardrails', Resources: RESOURCES }), ...REQUEST);
  expect([exitCode, out]).toEqual([2, expect.stringMatching(/^Allowed/)]);
});

test('what was taken for granted is said: parameters that have defaults', () => {
  const parameters = { Name: { Type: 'String', Default: 'data' }, Unused: { Type: 'String', Default: 'x' } };
  const template = file({ Parameters: parameters, Resources: { ...RESOURCES, Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'Name' } } } } }, 'defaults.json');
  const sentence = expect.stringMatching(/^The parameter 'Name' of \d+-defaults has its default 'data'\.$/);
  const partition = "The stacks that do not say their Region are in the partition 'aws', which their ARNs name.";
  expect(json('prove', template).assumptions).toEqual([sentence, partition]);
  expect(json('check', template, '--region', 'eu-west-1').assumptions).toEqual([sentence]);
  expect(json('explain', template, ...REQUEST).decisions[0].assumptions).toContainEqual({ sentence, givenBy: expect.stringMatching(/^parameters\.\d+-defaults\.Name$/) });
  expect(secureBucket('prove', template).out).toMatch(/Assumed:\n {2}The parameter 'Name'/);
});

describe('buckets of kinds that are not judged', () => {
  const directory = { Type: 'AWS::S3Express::DirectoryBucket', Properties: { DataRedundancy: 'SingleAvailabilityZone', LocationName: 'use1-az5' } };
  const tables = { Type: 'AWS::S3Tables::TableBucket', Properties: { TableBucketName: 'tables' } };
  const said = /Not judged: the directory bucket 'Fast', the table bucket 'Tables'\./;

  test.each(['check', 'prove', 'report'])('are said, and are not clean where there is no other: %s', (command) => {
    const template = file({ Resources: { Fast: directory, Tables: tables } });
    expect(secureBucket(command, template, '--output', file('', 'page.html')).exitCode).toBe(2);
    expect(json(command, template).warnings).toEqual([expect.stringMatching(said)]);
  });

  test('are said beside others, of which the answer is', () => {
    const template = file({ Resources: { ...RESOURCES, Fast: directory, Tables: tables } });
    const { findings, warnings } = json('check', template);
    expect(warnings).toEqual([expect.stringMatching(said)]);
    expect(findings.filter(({ rule }: any) => rule === 'SecureBucket-UnjudgedBuckets-NotDecided')).toHaveLength(1);
  });

  test('can be acknowledged', () => {
    const Metadata = { cdk_nag: { rules_to_suppress: [{ id: 'SecureBucket-UnjudgedBuckets', reason: 'It holds a cache, encrypted with our key.' }] } };
    const { exitCode, err } = secureBucket('check', file({ Resources: { Fast: { ...directory, Metadata } } }));
    expect([exitCode, err]).toEqual([0, '']);
  });

  test('are not there where their condition is not met', () => {
    const template = file({ Conditions: { No: { 'Fn::Equals': ['a', 'b'] } }, Resources: { Fast: { ...directory, Condition: 'No' } } });
    expect(json('check', template).warnings).toEqual([]);
  });
});
