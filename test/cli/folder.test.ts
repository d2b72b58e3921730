import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { basename, join } from 'path';
import { AccessAssumptions } from '../../src/access/assumptions';
import { Model } from '../../src/access/model';
import { bucketGuarantees } from '../../src/checks/bucket-guarantees';
import { judge } from '../../src/checks/judge';
import { readInputs } from '../../src/cli/inputs';
import { deploymentOf } from '../../src/template/deployment-of';
import { CORPUS, corpusFile } from '../template/corpus';

const folder = mkdtempSync(join(tmpdir(), 'folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Files of many kinds, of which none names what another one makes. Organization policies bind the buckets of all files: they are left out, and so are parents of nested stacks. */
const FILES = CORPUS.filter((name) => !/AWS::Organizations|AWS::CloudFormation::Stack\b|AWS::Serverless::Application/.test(readFileSync(corpusFile(name), 'utf8'))).slice(0, 50);
FILES.forEach((name, i) => writeFileSync(join(folder, name), readFileSync(corpusFile(name), 'utf8').replace(/\b(example|partner|analytics|reports)-(?=[a-z])/g, `$1-${String(i)}x-`)));

function findings(...paths: string[]): string[] {
  const { templates } = readInputs(paths, {});
  return judge(deploymentOf(templates)).map(({ rule, isDecided, resource, problem }) => `${resource.stack.name}/${resource.logicalId} ${rule.id}${isDecided ? '' : '-NotDecided'} ${problem}`);
}

test('what is found of each of 50 files is the same in their folder as alone', () => {
  expect(FILES).toHaveLength(50);
  const together = findings(folder);
  const differing = FILES.map((name) => {
    const stack = basename(name).replace(/\.(?:ya?ml|json|template)$/, '');
    return { name, together: together.filter((line) => line.startsWith(`${stack}/`)), alone: findings(join(folder, name)) };
  }).filter((one) => JSON.stringify(one.together) !== JSON.stringify(one.alone));
  expect(differing).toEqual([]);
});

test('an account that a condition chooses is no anonymous caller, however many files have conditions', () => {
  const place = mkdtempSync(join(folder, 'conditions-'));
  const template = (name: string) => ({
    Parameters: { Stage: { Type: 'String' } },
    Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
    Resources: {
      Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: name } },
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: { Ref: 'Data' },
          PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: { 'Fn::If': ['IsProd', '444455556666', '777788889999'] } }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*` }] },
        },
      },
    },
  });
  const names = Array.from({ length: 6 }, (_, i) => `example-${i}-data`);
  names.forEach((name) => writeFileSync(join(place, `${name}.json`), JSON.stringify(template(name))));
  expect(findings(place).filter((line) => / PublicAllow|anonymous/.test(line))).toEqual([]);
  const { inventory } = new Model(readInputs([place], {}).templates, AccessAssumptions.fromJson({}));
  const verdicts = inventory.allBuckets.flatMap((bucket) => bucketGuarantees(inventory, bucket)).filter(({ rule }) => rule.id === 'PublicAllow').map(({ verdict }) => verdict);
  expect(verdicts).toEqual(names.map(() => 'holds'));
});

describe('of files that have to do with each other', () => {
  const deny = (bucket: string) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`], Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  const policy = (Bucket: unknown, ...Statement: object[]) => ({ Type: 'AWS::S3::BucketPolicy', Properties: { Bucket, PolicyDocument: { Version: '2012-10-17', Statement } } });
  const everyone = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' };

  /** The rules that find something, by stack and logical ID. */
  function found(files: Record<string, Record<string, object>>, ...rules: string[]): string[] {
    const place = mkdtempSync(join(folder, 'related-'));
    Object.entries(files).forEach(([name, Resources]) => writeFileSync(join(place, `${name}.json`), JSON.stringify({ Parameters: { Name: { Type: 'String' } }, Resources })));
    return findings(place).map((line) => line.split(' ').slice(0, 2).join(' ')).filter((line) => rules.some((rule) => line.includes(rule))).sort();
  }

  test.each<[how: string, bucket: object, name: unknown]>([
    ['by its name', { BucketName: 'example-data' }, 'example-data'],
    ['by a name with the account in it', { BucketName: { 'Fn::Sub': 'example-${AWS::AccountId}' } }, { 'Fn::Sub': 'example-${AWS::AccountId}' }],
    ['by a name that AWS drew', {}, 'storage-data-1a2b3c4d5e6f7'],
  ])('a policy in another file for a bucket is found: %s', (_, properties, name) => {
    const storage = { Data: { Type: 'AWS::S3::Bucket', Properties: properties }, Policy: policy({ Ref: 'Data' }, deny('example-data')) };
    const lines = found({ storage, other: { Second: policy(name, everyone) } }, 'CompetingPolicies');
    expect(lines.map((line) => line.replace('-NotDecided', ''))).toEqual(['other/Second CompetingPolicies', 'storage/Policy CompetingPolicies']);
  });

  test('a policy in another file for a bucket that a parameter names says nothing of the buckets of this one', () => {
    const storage = { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'example-data' } } };
    expect(found({ storage, other: { Second: policy({ Ref: 'Name' }, everyone) } }, 'RequireTls')).toEqual(['other/Second RequireTls', 'storage/Data RequireTls']);
  });

  test('resource control policies in another file bind the buckets of all', () => {
    const control = { Type: 'AWS::Organizations::Policy', Properties: { Type: 'RESOURCE_CONTROL_POLICY', Name: 'Tls', Content: { Version: '2012-10-17', Statement: [{ ...deny('*'), Resource: '*' }] }, TargetIds: ['r-ab12'] } };
    const narrow = { ...deny('example-data'), Condition: { ...deny('').Condition, ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::*:role/aws-service-role/*' } } };
    const storage = { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'example-data' } }, Policy: policy('example-data', narrow) };
    expect(found({ storage }, 'RequireTls')).toEqual(['storage/Policy RequireTls']);
    expect(found({ storage, organization: { Control: control } }, 'RequireTls')).toEqual(['storage/Policy RequireTls-NotDecided']); // it may be another organization
  });
});
