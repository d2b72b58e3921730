import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, CfnOutput, Fn, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessAssumptions, AccessEvaluator } from '../../src/index';
import { PRODUCER } from '../support/apps';

const CONSUMER = { account: '444455556666', region: 'eu-west-1' };
const folders: string[] = [];

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'assembly-'));
  folders.push(made);
  return made;
}

/** An app with a stage, a nested stack, an import by name and references between stacks. */
function synthesize(outdir: string): void {
  const app = new App({ outdir, analyticsReporting: false });
  const buckets = new Stack(app, 'Buckets', { env: PRODUCER });
  const data = new s3.Bucket(buckets, 'Data', { bucketName: 'amzn-s3-demo-bucket' });
  new CfnOutput(buckets, 'Arn', { value: data.bucketArn, exportName: 'DataArn' });
  const nested = new NestedStack(buckets, 'Nested');
  new s3.CfnBucketPolicy(nested, 'Policy', {
    bucket: data.bucketName,
    policyDocument: { Version: '2012-10-17', Statement: [{ Sid: 'Partner', Effect: 'Allow', Principal: { AWS: CONSUMER.account }, Action: 's3:GetObject', Resource: data.arnForObjects('*') }] },
  });
  const roles = new Stack(app, 'Roles', { env: PRODUCER });
  const reader = new iam.Role(roles, 'Reader', { assumedBy: new iam.AccountRootPrincipal(), path: '/team/' });
  reader.addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [Fn.join('', [Fn.importValue('DataArn'), '/*'])] }));
  const consumer = new Stack(new Stage(app, 'Prod'), 'Consumer', { env: CONSUMER, stackName: 'consumer' });
  new iam.Role(consumer, 'AppRole', { roleName: 'AppRole', assumedBy: new iam.AccountRootPrincipal() })
    .addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::amzn-s3-demo-bucket/*'] }));
  app.synth();
}

const assembly = folder();
beforeAll(() => synthesize(assembly));
afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true })));

function evaluator(): AccessEvaluator {
  return AccessEvaluator.fromCloudAssembly(assembly);
}

test('a role of a stage is allowed by the policy in a nested stack, and by its own', () => {
  const decision = evaluator().decide({ principal: 'arn:aws:iam::444455556666:role/AppRole', action: 's3:GetObject', resource: 'arn:aws:s3:::amzn-s3-demo-bucket/1' });
  expect(decision.outcome).toBe('allowed');
  const statements = decision.layers.flatMap((layer) => layer.statements);
  expect(statements.map(({ stack, constructPath, sid }) => ({ stack, constructPath, sid }))).toEqual([
    { stack: 'Prod/Consumer', constructPath: 'Prod/Consumer/AppRole/DefaultPolicy/Resource', sid: undefined },
    { stack: 'Buckets/Nested', constructPath: 'Buckets/Nested/Policy', sid: 'Partner' },
  ]);
  expect(statements[1].file).toMatch(/BucketsNested.*\.nested\.template\.json$/);
});

test('imports and exports are followed, and the path of a role is found for its session', () => {
  const [reader] = evaluator().find('Roles/Reader');
  const name = reader.identifier.split('/').at(-1);
  expect(reader.identifier).toContain(':role/team/');
  expect(evaluator().decide({ principal: `arn:aws:sts::111122223333:assumed-role/${name}/me`, action: 's3:GetObject', resource: 'arn:aws:s3:::amzn-s3-demo-bucket/1' }).outcome).toBe('allowed');
});

test('resources are found by construct path, logical ID and name', () => {
  const all = evaluator();
  const [data] = all.find('Buckets/Data');
  expect(data).toMatchObject({ identifier: 'arn:aws:s3:::amzn-s3-demo-bucket', type: 'AWS::S3::Bucket', stack: 'Buckets', constructPath: 'Buckets/Data/Resource' });
  expect([data.logicalId, `Buckets/${data.logicalId}`, 'amzn-s3-demo-bucket', data.identifier].map((name) => all.find(name)[0]?.identifier)).toEqual(Array(4).fill(data.identifier));
  expect(all.find('Buckets/Nothing')).toEqual([]);
});

test('names that AWS drew are given as physical ids', () => {
  const [reader] = evaluator().find('Roles/Reader');
  const given = AccessEvaluator.fromCloudAssembly(assembly, AccessAssumptions.fromJson({ physicalIds: { Roles: { [reader.logicalId]: 'Roles-Reader-1ABC' } } }));
  expect(given.decide({ principal: 'arn:aws:iam::111122223333:role/team/Roles-Reader-1ABC', action: 's3:GetObject', resource: 'arn:aws:s3:::amzn-s3-demo-bucket/1' }).outcome).toBe('allowed');
});

describe('a folder that is no cloud assembly', () => {
  function broken(change: (path: string) => void): string {
    const path = folder();
    cpSync(assembly, path, { recursive: true });
    change(path);
    return path;
  }
  const manifest = (json: unknown) => (path: string) => writeFileSync(join(path, 'manifest.json'), typeof json === 'string' ? json : JSON.stringify(json));
  const stack = (properties: unknown) => manifest({ version: '54.0.0', artifacts: { S: { type: 'aws:cloudformation:stack', environment: 'aws://111122223333/eu-west-1', properties } } });

  test.each<[what: string, change: (path: string) => void, message: RegExp]>([
    ['has no manifest', (path) => rmSync(join(path, 'manifest.json')), /no cloud assembly: it has no manifest\.json/],
    ['has a manifest that is no JSON', manifest('{'), /manifest\.json: this is no JSON/],
    ['has a manifest that is a list', manifest([]), /'?the whole'? must be an object/],
    ['has artifacts that are none', manifest({ artifacts: 3 }), /'artifacts' must be an object/],
    ['has no stacks', manifest({ artifacts: {} }), /has no stacks/],
    ['has a stack without a template', stack({}), /undefined is no file of the cloud assembly/],
    ['has a stack whose template is not there', stack({ templateFile: 'gone.json' }), /gone\.json: there is no such file/],
    ['has a template outside the folder', stack({ templateFile: '../../etc/passwd' }), /is no file of the cloud assembly/],
    ['has a template that is no object', (path) => { stack({ templateFile: 't.json' })(path); writeFileSync(join(path, 't.json'), '7'); }, /t\.json: the whole must be an object/],
    ['has itself as a stage', manifest({ artifacts: { A: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } } } }), /nested more than 20 deep/],
  ])('which %s, is refused with one clear line', (_, change, message) => {
    const path = broken(change);
    expect(() => AccessEvaluator.fromCloudAssembly(path)).toThrow(message);
  });

  test('which is not there, is refused with one clear line', () => {
    expect(() => AccessEvaluator.fromCloudAssembly(join(assembly, 'nowhere'))).toThrow(/no cloud assembly/);
  });
});

test('a nested stack that holds itself is read once', () => {
  const path = folder();
  mkdirSync(path, { recursive: true });
  const template = { Resources: { Again: { Type: 'AWS::CloudFormation::Stack', Properties: {}, Metadata: { 'aws:asset:path': 't.json' } } } };
  writeFileSync(join(path, 't.json'), JSON.stringify(template));
  writeFileSync(join(path, 'manifest.json'), JSON.stringify({ artifacts: { S: { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/unknown-region', properties: { templateFile: 't.json' } } } }));
  expect(AccessEvaluator.fromCloudAssembly(path).find('Again')).toEqual([]);
});

test('the manifest is what the CDK writes', () => {
  expect(JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8')).artifacts.Buckets.type).toBe('aws:cloudformation:stack');
});
