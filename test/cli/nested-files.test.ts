import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { json } from './terminal';

const folder = mkdtempSync(join(tmpdir(), 'secure-bucket-nested-'));

function written(name: string, template: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(template));
  return path;
}

const CHILD = written('storage.json', { Parameters: { Name: { Type: 'String' } }, Resources: { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'Name' } } } } });
let parents = 0;

function parent(...locations: unknown[]): string {
  const nested = (location: unknown, i: number) => [`Nested${i}`, { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: location, Parameters: { Name: `data-${i}` } } }];
  return written(`parent-${++parents}.json`, { Resources: Object.fromEntries(locations.map(nested)) });
}

function buckets(...files: string[]): string[] {
  return json('prove', ...files).buckets.map(({ arn }: any) => arn);
}

test.each<[how: string, location: unknown]>([
  ['a path', './storage.json'],
  ['an address', 'https://bucket.s3.amazonaws.com/templates/storage.json'],
  ['an address of a version', 'https://bucket.s3.amazonaws.com/templates/storage.json?versionId=a.b_1'],
  ['an address that is put together', { 'Fn::Sub': 'https://${Bucket}.s3.amazonaws.com/storage.json' }],
])('a nested stack whose template is named by %s has what its parent passes', (_, location) => {
  expect(buckets(parent(location), CHILD)).toEqual(['arn:aws:s3:::data-0']);
});

test('a template of two nested stacks is deployed twice', () => {
  expect(buckets(parent('storage.json', './storage.json'), CHILD)).toEqual(['arn:aws:s3:::data-0', 'arn:aws:s3:::data-1']);
});

test('a nested stack whose template is not at hand is said, and is not clean', () => {
  const alone = parent('./elsewhere.json');
  expect(json('check', alone).warnings).toEqual([expect.stringMatching(/The template of the nested stack 'Nested0' is not at hand; what it makes is not looked at\.$/)]);
  expect(json('check', alone).findings.map(({ rule }: any) => rule)).toEqual(['SecureBucket-Transforms-NotDecided']);
});
