import { file, json, secureBucket } from './terminal';
import { readWrittenJson } from '../../src/cli/written-members';
import { parseYaml } from '../../src/cli/yaml-template';

const BUCKET = '"Bucket": { "Type": "AWS::S3::Bucket" }';

describe('what JSON.parse does not tell', () => {
  test('keys that occur twice, with line and column: the last value counts', () => {
    const { value, twice } = readWrittenJson('{\n  "a": [{ "b": 1, "c": { "b": 2 } }, { "b": 3,\n "\\u0062": 4 }],\n  "a": "x: \\"a\\", [{}"\n}');
    expect(value).toEqual({ a: 'x: "a", [{}' });
    expect(twice).toEqual([{ path: ['a', 1, 'b'], line: 3, column: 2 }, { path: ['a'], line: 4, column: 3 }]);
  });

  test('values that are null', () => {
    expect(readWrittenJson('{ "a": null,\n"b": ["null", [null]] }').nulls).toEqual([{ path: ['a'], line: 1, column: 8 }, { path: ['b', 1, 0], line: 2, column: 16 }]);
  });
});

test('YAML tells the same', () => {
  const { value, twice, nulls } = parseYaml('a: !If [x, ~]\nb:\n  - c: 1\n    c:\na: 2\n');
  expect(value).toEqual({ a: 2, b: [{ c: null }] });
  expect(twice).toEqual([{ path: ['a'], line: 5, column: 1 }, { path: ['b', 0, 'c'], line: 4, column: 5 }]);
  expect(nulls).toEqual([{ path: ['a', 'Fn::If', 1], line: 1, column: 12 }, { path: ['b', 0, 'c'], line: 4, column: 7 }]);
});

describe('a key that occurs twice, which CloudFormation takes', () => {
  const inJson = file(`{ "Resources": { ${BUCKET},\n  "Bucket": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": "amzn-s3-demo-bucket" } } } }`, 'twice.json');
  const inYaml = file('Resources:\n  Bucket: { Type: AWS::S3::Bucket }\n  Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: amzn-s3-demo-bucket } }\n', 'twice.yaml');
  const problem = /^Resources\.Bucket: the key occurs more than once, and CloudFormation takes the last alone \(line \d, column 3\)\.$/;

  test.each([['JSON', inJson], ['YAML', inYaml]])('is a finding in %s, and the last value is judged', (_, template) => {
    expect(json('check', template).findings).toContainEqual(expect.objectContaining({ rule: 'SecureBucket-DuplicateKey', logicalId: 'Bucket', status: 'finding', problem: expect.stringMatching(problem) }));
    expect(json('prove', template)).toMatchObject({ buckets: [{ arn: 'arn:aws:s3:::amzn-s3-demo-bucket' }], warnings: [expect.stringContaining('the key occurs more than once')] });
  });

  test('a comma after the last element is none', () => {
    const template = file(`{ "Resources": { ${BUCKET}, }, }`);
    expect(json('check', template)).toMatchObject({ unreadable: [], warnings: [], summary: { buckets: 1 } });
  });

  test('is refused in a file that is no template', () => {
    expect(secureBucket('check', inJson, '--parameters', file('[{"ParameterKey": "A", "ParameterKey": "B", "ParameterValue": "c"}]'))).toMatchObject({ exitCode: 1, err: expect.stringContaining("the key 'ParameterKey' occurs twice (line 1, column 24)") });
  });
});

describe('a value that is null', () => {
  test.each([
    ['a property', 'Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName:\n', "'Resources.Bucket.Properties.BucketName' has no value, and CloudFormation takes no null: leave it out (line 5, column 18)"],
    ['in JSON', `{ "Resources": { ${BUCKET} },\n "Outputs": { "A": { "Value": null } } }`, "'Outputs.A.Value' has no value, and CloudFormation takes no null: leave it out (line 2, column 31)"],
    ['a section', 'Parameters:\nResources: { Bucket: { Type: AWS::S3::Bucket } }\n', "'Parameters' has no value"],
    ['in a branch', 'Resources: { Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: !If [A, ~, b] } } }\n', "'Resources.Bucket.Properties.BucketName.Fn::If[1]' has no value"],
  ])('is refused with line and column: %s', (_, content, problem) => {
    expect(secureBucket('check', file(content))).toMatchObject({ exitCode: 1, out: '', err: expect.stringContaining(problem) });
  });

  test.each([
    ['in metadata', 'Metadata:\nResources: { Bucket: { Type: AWS::S3::Bucket, Metadata: { a: } } }\n'],
    ['that a transform replaces', 'Transform: AWS::Serverless-2016-10-31\nResources: { Bucket: { Type: AWS::S3::Bucket }, F: { Type: AWS::Serverless::Function, Properties: { Role: } } }\n'],
    ['as a text', 'Resources: { Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: "null" } } }\n'],
  ])('is taken %s', (_, content) => expect(json('check', file(content))).toMatchObject({ unreadable: [], summary: { buckets: 1 } }));
});
