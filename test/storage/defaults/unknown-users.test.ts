import { App, Aspects, CfnResource, CustomResource, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { RequireEncryption, SecureBucketDefaults } from '../../../src';
import { PRODUCER } from '../../support/apps';

const ROLE = 'arn:aws:iam::111122223333:role/Outside';

type User = (bucket: s3.Bucket) => void;

function resource(type: string, properties: (bucket: s3.Bucket) => object): User {
  return (bucket) => void new CfnResource(bucket.stack, 'User', { type, properties: properties(bucket) });
}

/** What a bucket encrypts with, and what is said of it, where it is given an id of its own in an app that has all of them. */
function settled(users: readonly (readonly [string, User])[], bucketName?: (i: number) => string): Map<string, { algorithm: string; said: string }> {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } });
  PropertyInjectors.of(app).add(new SecureBucketDefaults());
  Aspects.of(app).add(new RequireEncryption());
  const stacks = users.map(([name, use], i) => {
    const stack = new Stack(app, `Stack${i}`, { env: PRODUCER });
    const bucket = new s3.Bucket(stack, 'Data', { bucketName: bucketName?.(i) });
    use(bucket);
    return { name, stack, bucket };
  });
  app.synth();
  return new Map(stacks.map(({ name, stack, bucket }) => {
    const { Properties } = Template.fromStack(stack).findResources('AWS::S3::Bucket')[stack.getLogicalId(bucket.node.defaultChild as s3.CfnBucket)];
    const said = bucket.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data)).join('\n');
    return [name, { algorithm: Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm, said }];
  }));
}

const UNKNOWN: [string, User][] = [
  ['FSx for Lustre, by its service-linked role', resource('AWS::FSx::FileSystem', ({ bucketName }) => ({ FileSystemType: 'LUSTRE', LustreConfiguration: { ImportPath: `s3://${bucketName}/in` } }))],
  ['a data repository of FSx', resource('AWS::FSx::DataRepositoryAssociation', ({ bucketName }) => ({ FileSystemId: 'fs-0123456789abcdef0', FileSystemPath: '/x', DataRepositoryPath: `s3://${bucketName}/x` }))],
  ['a data source, whose knowledge base has the role', resource('AWS::Bedrock::DataSource', ({ bucketArn }) => ({ KnowledgeBaseId: 'KB', DataSourceConfiguration: { Type: 'S3', S3Configuration: { BucketArn: bucketArn } } }))],
  ['a dataset, whose job has the role', resource('AWS::DataBrew::Dataset', ({ bucketName }) => ({ Name: 'ds', Input: { S3InputDefinition: { Bucket: bucketName } } }))],
  ['a pipeline that says its role in a text', resource('AWS::OSIS::Pipeline', ({ bucketName }) => ({ PipelineConfigurationBody: `source:\n  s3:\n    bucket: "${bucketName}"\n    sts_role_arn: "${ROLE}"` }))],
  ['a multi-Region access point', resource('AWS::S3::MultiRegionAccessPoint', ({ bucketName }) => ({ Regions: [{ Bucket: bucketName }] }))],
  ['a type that nobody here knows', resource('Company::Data::Mirror', ({ bucketArn }) => ({ Source: [{ Where: bucketArn }] }))],
  ['a custom resource of a function elsewhere', (bucket) => void new CustomResource(bucket.stack, 'User', { serviceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:Shared', properties: { Bucket: bucket.bucketName } })],
];

const OUTSIDE: [string, User][] = [
  ['an instance with a profile', resource('AWS::EC2::Instance', ({ bucketName }) => ({ IamInstanceProfile: 'OutsideProfile', UserData: `aws s3 cp s3://${bucketName}/x .` }))],
  ['a launch template with a profile', resource('AWS::EC2::LaunchTemplate', ({ bucketName }) => ({ LaunchTemplateData: { IamInstanceProfile: { Arn: 'arn:aws:iam::111122223333:instance-profile/Outside' }, UserData: `s3://${bucketName}` } }))],
  ['builds of images', resource('AWS::ImageBuilder::InfrastructureConfiguration', ({ bucketName }) => ({ InstanceProfileName: 'OutsideProfile', Logging: { S3Logs: { S3BucketName: bucketName } } }))],
  ['a cluster with a list of roles', resource('Company::Warehouse::Cluster', ({ bucketName }) => ({ IamRoles: [ROLE], Import: bucketName }))],
];

const KNOWN: [string, User][] = [
  ['nobody', () => undefined],
  ['a parameter with its name', (bucket) => void new ssm.StringParameter(bucket.stack, 'User', { stringValue: bucket.bucketName })],
  ['a function of the app', (bucket) => {
    const user = new lambda.Function(bucket.stack, 'User', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = 1'), environment: { BUCKET: bucket.bucketName } });
    bucket.grantRead(user);
  }],
  ['a custom resource of a function of the app', (bucket) => {
    const provider = new lambda.Function(bucket.stack, 'Provider', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = 1') });
    new CustomResource(bucket.stack, 'User', { serviceToken: provider.functionArn, properties: { Bucket: bucket.bucketName } });
  }],
  ['a table, which is read by whoever has access', resource('AWS::Glue::Table', ({ bucketName }) => ({ DatabaseName: 'db', CatalogId: '111122223333', TableInput: { StorageDescriptor: { Location: `s3://${bucketName}/t` } } }))],
  ['an instance with a profile of the app', (bucket) => {
    const role = new iam.Role(bucket.stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    bucket.grantRead(role);
    const profile = new iam.InstanceProfile(bucket.stack, 'Profile', { role });
    new CfnResource(bucket.stack, 'User', { type: 'AWS::EC2::Instance', properties: { IamInstanceProfile: profile.instanceProfileName, UserData: bucket.bucketName } });
  }],
];

test.each([['with a name that CloudFormation makes', undefined], ['with a name', (i: number) => `amzn-s3-demo-bucket-${i}`]])('a bucket %s has a key unless somebody uses it of whom nothing is known', (_, bucketName) => {
  const found = settled([...UNKNOWN, ...OUTSIDE, ...KNOWN], bucketName);
  for (const [name] of UNKNOWN) {
    expect([name, found.get(name)]).toEqual([name, { algorithm: 'AES256', said: expect.stringContaining('names it, and as whom it works with the bucket is not told here') }]);
  }
  for (const [name] of OUTSIDE) {
    expect([name, found.get(name)]).toEqual([name, { algorithm: 'AES256', said: expect.stringContaining('a role that is not of this app') }]);
  }
  for (const [name] of KNOWN) {
    expect([name, found.get(name)]).toEqual([name, { algorithm: 'aws:kms', said: '' }]);
  }
});

test('a name is found where it stands in full, not in a text that is like it', () => {
  const texts: ((name: string) => string)[] = [
    (name) => name, (name) => `s3://${name}/x`, (name) => `arn:aws:s3:::${name}`, (name) => `https://${name}.s3.eu-west-1.amazonaws.com/x`,
    (name) => `s3://${name}-of-others/x`, (name) => `arn:aws:s3:::others-${name}`, (name) => `see ${name} in the console`,
  ];
  const users = texts.map((text, i) => [`${i}`, resource('Company::Data::Mirror', () => ({ Text: text(`logs-${i}`) }))] as const);
  const found = settled(users, (i) => `logs-${i}`);
  expect(users.map(([name]) => found.get(name)!.algorithm)).toEqual(['AES256', 'AES256', 'AES256', 'AES256', 'aws:kms', 'aws:kms', 'aws:kms']);
});

test('a location of access grants for all buckets is one of each bucket', () => {
  const found = settled([['location', resource('AWS::S3::AccessGrantsLocation', () => ({ LocationScope: 's3://', IamRoleArn: ROLE }))]]);
  expect(found.get('location')).toEqual({ algorithm: 'AES256', said: expect.stringContaining('a role that is not of this app') });
});

test('a role that the CDK makes when a task is rendered is one of the app', () => {
  const found = settled([['task', (bucket) => {
    const task = new ecs.FargateTaskDefinition(bucket.stack, 'User');
    task.addContainer('Main', { image: ecs.ContainerImage.fromRegistry('example'), logging: ecs.LogDrivers.firelens({ options: { Name: 's3', bucket: bucket.bucketName } }) });
    bucket.grantPut(task.taskRole);
  }]]);
  expect(found.get('task')).toEqual({ algorithm: 'aws:kms', said: '' });
});
