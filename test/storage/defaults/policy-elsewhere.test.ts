import { App, Aspects, CfnParameter, CfnResource, PropertyInjectors, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as destinations from 'aws-cdk-lib/aws-s3-notifications';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AccessEvaluator, RequireTls, SecureBucketDefaults } from '../../../src';
import { PRODUCER, warnings } from '../../support/apps';

const NAME = 'amzn-s3-demo-reports';
const READER = `arn:aws:iam::${PRODUCER.account}:role/Reader`;
const allowing = (resource: unknown) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: READER }, Action: 's3:GetObject', Resource: resource }] });

type Write = (bucket: s3.Bucket, beside: Stack) => unknown;

/** What is synthesized of a bucket with the defaults whose policy is written in some way. */
function synthesized(write: Write, guard: (bucket: s3.Bucket) => void = () => {}) {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } });
  PropertyInjectors.of(app).add(new SecureBucketDefaults());
  const stack = new Stack(app, 'Storage', { env: PRODUCER });
  const bucket = new s3.Bucket(stack, 'Reports', { bucketName: NAME });
  write(bucket, new Stack(app, 'Beside', { env: PRODUCER }));
  guard(bucket);
  const assembly = app.synth();
  const assemblies = [assembly, ...assembly.nestedAssemblies.map(({ nestedAssembly }) => nestedAssembly)];
  const templates = assemblies.flatMap(({ stacks }) => stacks).map(({ stackName, template }) => ({ stackName, template, ...PRODUCER }));
  const policies = templates.flatMap(({ template }) => Object.values<any>(template.Resources ?? {}))
    .filter(({ Type, Properties }) => Type === 'AWS::S3::BucketPolicy' && !JSON.stringify(Properties).includes('AccessLogs'));
  const read = (context: Record<string, string>) => AccessEvaluator.fromTemplates(templates).decide({ principal: READER, action: 's3:GetObject', resource: `arn:aws:s3:::${NAME}/a.csv`, context });
  return { bucket, policies, read };
}

describe('a bucket whose policy is a resource of its own keeps one policy, which demands TLS 1.2', () => {
  const WAYS: [how: string, write: Write][] = [
    ['a BucketPolicy', (bucket) => new s3.BucketPolicy(bucket.stack, 'Policy', { bucket }).document.addStatements(new iam.PolicyStatement({ principals: [new iam.ArnPrincipal(READER)], actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] }))],
    ['a CfnBucketPolicy', (bucket) => new s3.CfnBucketPolicy(bucket.stack, 'Policy', { bucket: bucket.bucketName, policyDocument: allowing(bucket.arnForObjects('*')) })],
    ['one that names the bucket', (bucket) => new s3.CfnBucketPolicy(bucket.stack, 'Policy', { bucket: NAME, policyDocument: allowing(`arn:aws:s3:::${NAME}/*`) })],
    ['one of a bucket with notifications, which wait for its policy', (bucket) => {
      bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new destinations.SqsDestination(new sqs.Queue(bucket.stack, 'Queue')));
      new s3.CfnBucketPolicy(bucket.stack, 'Policy', { bucket: bucket.bucketName, policyDocument: allowing(bucket.arnForObjects('*')) });
    }],
    ['one of another stack', (bucket, beside) => new s3.CfnBucketPolicy(beside, 'Policy', { bucket: bucket.bucketName, policyDocument: allowing(`arn:aws:s3:::${NAME}/*`) })],
  ];

  const GUARDS: [how: string, guard: (bucket: s3.Bucket) => void][] = [
    ['alone', () => {}],
    ['with RequireTls as an aspect', (bucket) => Aspects.of(bucket.node.root).add(new RequireTls())],
    ['with RequireTls as a mixin', (bucket) => bucket.with(new RequireTls())],
  ];

  test.each(WAYS.flatMap(([how, write]) => GUARDS.map(([guarded, guard]): [string, Write, (bucket: s3.Bucket) => void] => [`${how}, ${guarded}`, write, guard])))('%s', (_, write, guard) => {
    const { policies, read } = synthesized(write, guard);
    expect(policies).toHaveLength(1);
    const sids = policies[0].Properties.PolicyDocument.Statement.flatMap(({ Sid }: any) => Sid ?? []);
    expect(new Set(sids).size).toBe(sids.length);
    expect(read({ 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.2' }).outcome).toBe('allowed');
    expect(read({ 'aws:SecureTransport': 'false' }).outcome).toBe('denied');
    expect(read({ 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.1' }).outcome).toBe('denied');
  });
});

test.each<[how: string, write: Write]>([
  ['made without a construct of its type', (bucket) => new CfnResource(bucket.stack, 'Policy', { type: 'AWS::S3::BucketPolicy', properties: { Bucket: bucket.bucketName, PolicyDocument: allowing(`arn:aws:s3:::${NAME}/*`) } })],
  ['whose document is a parameter', (bucket) => new s3.CfnBucketPolicy(bucket.stack, 'Policy', { bucket: bucket.bucketName, policyDocument: new CfnParameter(bucket.stack, 'Document').valueAsString })],
  ['of another stage', (bucket) => new s3.CfnBucketPolicy(new Stack(new Stage(bucket.node.root, 'Stage', { env: PRODUCER }), 'Elsewhere'), 'Policy', { bucket: NAME, policyDocument: allowing(`arn:aws:s3:::${NAME}/*`) })],
])('a policy to which nothing can be added stays the only one, and what it lacks is said: one %s', (_, write) => {
  const { bucket, policies } = synthesized(write);
  expect(policies).toHaveLength(1);
  expect(warnings(bucket)).toContain('cdk-secure-bucket:notHardened');
  expect(JSON.stringify(bucket.node.metadata)).toMatch(/'[^']*\/Policy'.*could not add to it that requests need TLS 1.2.*DENY|aws:SecureTransport/i);
});

describe('a policy that is nearly as large as S3 takes it', () => {
  const filled = (count: number) => synthesized((bucket) => {
    for (let i = 0; i < count; i++) {
      bucket.addToResourcePolicy(new iam.PolicyStatement({
        principals: [new iam.ArnPrincipal(READER)],
        actions: ['s3:GetObject'],
        resources: [bucket.arnForObjects(`${'folder/'.repeat(15)}${i}/*`)],
        conditions: { StringEquals: { 's3:ExistingObjectTag/reader': `group-${i}` } },
      }));
    }
  });
  const sizeOf = ({ Properties: { PolicyDocument: document } }: any) => JSON.stringify(document).length;
  const isOfTls = ({ Effect }: any) => Effect === 'Deny';

  test('stays as it is where there is no room for TLS, with a warning', () => {
    const { bucket, policies: [policy] } = filled(67);
    expect(policy.Properties.PolicyDocument.Statement.filter(isOfTls)).toEqual([]);
    expect(policy.Properties.PolicyDocument.Statement).toHaveLength(67);
    expect(warnings(bucket)).toContain('cdk-secure-bucket:notHardened');
  });

  test('demands TLS where there is room', () => {
    const { bucket, policies: [policy] } = filled(40);
    expect(policy.Properties.PolicyDocument.Statement.filter(isOfTls)).toHaveLength(2);
    expect(sizeOf(policy)).toBeGreaterThan(8_000);
    expect(warnings(bucket)).not.toContain('cdk-secure-bucket:notHardened');
  });
});

test('a deny of everything is no demand of TLS: it stays', () => {
  const deny = new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:DeleteBucket'], resources: [`arn:aws:s3:::${NAME}`] });
  const { policies } = synthesized((bucket) => {
    bucket.addToResourcePolicy(deny);
    new s3.CfnBucketPolicy(bucket.stack, 'Raw', { bucket: bucket.bucketName, policyDocument: allowing(bucket.arnForObjects('*')) });
  });
  expect(JSON.stringify(policies)).toContain('s3:DeleteBucket');
});
