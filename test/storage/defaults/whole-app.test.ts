import { App, CfnResource, Duration, PropertyInjectors, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SecureBucketDefaults } from '../../../src';
import { PRODUCER, warnings } from '../../support/apps';

const NAME = 'amzn-s3-demo-reports';
const OUTSIDE = 'arn:aws:iam::111122223333:role/Outside';

const newApp = () => {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } });
  PropertyInjectors.of(app).add(new SecureBucketDefaults());
  return app;
};

const stackIn = (scope: Construct, id = 'Storage', env = PRODUCER) => new Stack(scope, id, { env });
const bucketIn = (stack: Stack, props: s3.BucketProps = { bucketName: NAME }) => new s3.Bucket(stack, 'Reports', props);

function algorithm({ stack, node }: s3.Bucket): string {
  const { template } = (node.root as App).synth().stacksRecursively.find(({ id }) => id === stack.artifactId)!;
  const { Properties } = template.Resources[stack.resolve((node.defaultChild as s3.CfnBucket).logicalId)];
  return Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm;
}

function reader(stack: Stack, resource = `arn:aws:s3:::${NAME}/*`): void {
  new iam.Role(stack, 'Reader', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') })
    .addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject'], resources: [resource] }));
}

const CONSUMER = { account: '444455556666', region: 'eu-west-1' };

describe('what uses a bucket of a stage is looked for in the whole app', () => {
  test.each<[who: string, make: (app: App, bucket: () => s3.Bucket) => s3.Bucket]>([
    ['a role of a stack of the app', (app, make) => { const bucket = make(); reader(stackIn(app, 'Users')); return bucket; }],
    ['a role of another stage', (app, make) => { const bucket = make(); reader(stackIn(new Stage(app, 'Users'))); return bucket; }],
    ['a role of another stage, made before', (app, make) => { reader(stackIn(new Stage(app, 'Users'))); return make(); }],
    ['a role that may use all buckets', (app, make) => { const bucket = make(); reader(stackIn(app, 'Users'), '*'); return bucket; }],
  ])('%s keeps it on SSE-S3', (_, use) => {
    const app = newApp();
    const bucket = use(app, () => bucketIn(stackIn(new Stage(app, 'Data'))));
    expect(algorithm(bucket)).toBe('AES256');
    expect(warnings(bucket)).toEqual(['cdk-secure-bucket:leftOnSseS3']);
  });

  test('logs of a bucket in another stage keep it on SSE-S3', () => {
    const app = newApp();
    const bucket = bucketIn(stackIn(new Stage(app, 'Data')));
    new s3.CfnBucket(stackIn(new Stage(app, 'Users')), 'Source', { loggingConfiguration: { destinationBucketName: NAME } });
    expect(algorithm(bucket)).toBe('AES256');
  });

  test.each<[string, (app: App) => void]>([
    ['nobody', () => undefined],
    ['a role of another account, by its own policy alone', (app) => reader(stackIn(app, 'Users', CONSUMER), '*')],
  ])('a bucket that is used by %s gets a key', (_, use) => {
    const app = newApp();
    const bucket = bucketIn(stackIn(new Stage(app, 'Data')));
    use(app);
    expect(algorithm(bucket)).toBe('aws:kms');
    expect(warnings(bucket)).toEqual([]);
  });

  test('who is made after the stage was synthesized is said to be cut off, and the template stays', () => {
    const app = newApp();
    const stage = new Stage(app, 'Data');
    const bucket = bucketIn(stackIn(stage));
    stage.synth();
    reader(stackIn(app, 'Users'));
    expect(algorithm(bucket)).toBe('aws:kms');
    expect(warnings(bucket)).toEqual(['cdk-secure-bucket:keyCutsOff']);
    expect(JSON.stringify(app.synth().stacksRecursively.flatMap(({ messages }) => messages))).toContain("'Data/Storage/Reports': SecureBucketDefaults gave this bucket a key");
  });
});

const resource = (type: string, properties: (bucket: s3.Bucket) => object) => (bucket: s3.Bucket) => void new CfnResource(bucket.stack, 'Worker', { type, properties: properties(bucket) });

describe('a resource that works with a bucket as a role that is not of the app', () => {
  test.each<[type: string, properties: (bucket: s3.Bucket) => object, role: string]>([
    ['AWS::KinesisFirehose::DeliveryStream', ({ bucketArn }) => ({ ExtendedS3DestinationConfiguration: { BucketARN: bucketArn, RoleARN: OUTSIDE } }), OUTSIDE],
    ['AWS::IoT::TopicRule', () => ({ TopicRulePayload: { Sql: '', Actions: [{ S3: { BucketName: NAME, Key: 'k', RoleArn: OUTSIDE } }] } }), OUTSIDE],
    ['AWS::DataSync::LocationS3', ({ bucketArn }) => ({ S3BucketArn: bucketArn, S3Config: { BucketAccessRoleArn: OUTSIDE } }), OUTSIDE],
    ['AWS::Glue::Crawler', ({ bucketName }) => ({ Role: 'Outside', Targets: { S3Targets: [{ Path: `s3://${bucketName}/in` }] } }), ':role/Outside'],
    ['AWS::EMR::Cluster', ({ bucketName }) => ({ JobFlowRole: 'EMR_EC2_DefaultRole', LogUri: `s3://${bucketName}/logs` }), ':role/EMR_EC2_DefaultRole'],
    ['AWS::Lambda::Function', ({ bucketName }) => ({ Role: OUTSIDE, Environment: { Variables: { BUCKET: bucketName } } }), OUTSIDE],
    ['AWS::IVS::RecordingConfiguration', ({ bucketName }) => ({ DestinationConfiguration: { S3: { BucketName: bucketName } } }), 'AWSServiceRoleForIVSRecordToS3'],
    ['AWS::IVS::StorageConfiguration', ({ bucketName }) => ({ S3: { BucketName: bucketName } }), 'AWSServiceRoleForIVSRecordToS3'],
    ['AWS::Config::ConformancePack', () => ({ ConformancePackName: 'cp', DeliveryS3Bucket: NAME }), 'AWSServiceRoleForConfigConforms'],
    ['AWS::Connect::InstanceStorageConfig', ({ bucketName }) => ({ S3Config: { BucketName: bucketName, BucketPrefix: 'rec' } }), 'AWSServiceRoleForAmazonConnect_'],
    ['AWS::Backup::ReportPlan', ({ bucketName }) => ({ ReportDeliveryChannel: { S3BucketName: bucketName } }), 'AWSServiceRoleForBackupReports'],
  ])('%s keeps it on SSE-S3, and is named with the role', (type, properties, role) => {
    const bucket = bucketIn(stackIn(newApp()));
    resource(type, properties)(bucket);
    expect(algorithm(bucket)).toBe('AES256');
    const said = JSON.stringify(bucket.node.metadata);
    expect(said).toContain("'Storage/Worker' works with it as");
    expect(said).toContain(role);
  });

  test.each<[what: string, use: (bucket: s3.Bucket) => void]>([
    ['works with another bucket', resource('AWS::DataSync::LocationS3', () => ({ S3BucketArn: `arn:aws:s3:::${NAME}-2`, S3Config: { BucketAccessRoleArn: OUTSIDE } }))],
    ['works as a role of the app, by its name', (bucket) => {
      new iam.Role(bucket.stack, 'Own', { roleName: 'Outside', assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') });
      resource('AWS::Glue::Crawler', ({ bucketName }) => ({ Role: 'Outside', Targets: { S3Targets: [{ Path: bucketName }] } }))(bucket);
    }],
    ['works as a role that is granted the key', (bucket) => {
      bucket.encryptionKey!.grantEncryptDecrypt(new iam.ArnPrincipal(OUTSIDE));
      resource('AWS::DataSync::LocationS3', ({ bucketArn }) => ({ S3BucketArn: bucketArn, S3Config: { BucketAccessRoleArn: OUTSIDE } }))(bucket);
    }],
    ['works as a role whose name the key knows by its ARN', (bucket) => {
      bucket.encryptionKey!.grantEncryptDecrypt(new iam.ArnPrincipal(OUTSIDE));
      resource('AWS::Glue::Crawler', ({ bucketName }) => ({ Role: 'Outside', Targets: { S3Targets: [{ Path: bucketName }] } }))(bucket);
    }],
  ])('that %s does not keep it from a key', (_, use) => {
    const bucket = bucketIn(stackIn(newApp()));
    use(bucket);
    expect(algorithm(bucket)).toBe('aws:kms');
  });
});

describe('lifecycle rules that let objects expire, in a bucket that is given versions', () => {
  test.each<[string, s3.LifecycleRule[], string[]]>([
    ['without a rule for old versions', [{ expiration: Duration.days(30) }], ['cdk-secure-bucket:expiryKeepsVersions']],
    ['with one for other objects', [{ expiration: Duration.days(30) }, { prefix: 'a/', noncurrentVersionExpiration: Duration.days(1) }], ['cdk-secure-bucket:expiryKeepsVersions']],
    ['turned off', [{ expiration: Duration.days(30), enabled: false }], []],
    ['that delete old versions, too', [{ expiration: Duration.days(30), noncurrentVersionExpiration: Duration.days(30) }], []],
    ['beside one for all old versions', [{ expiration: Duration.days(30), prefix: 'a/' }, { noncurrentVersionExpiration: Duration.days(30) }], []],
  ])('%s', (_, lifecycleRules, said) => {
    const bucket = bucketIn(stackIn(newApp()), { lifecycleRules });
    algorithm(bucket);
    expect(warnings(bucket)).toEqual(said);
  });

  test('a bucket that has chosen by itself is told nothing', () => {
    const bucket = bucketIn(stackIn(newApp()), { versioned: true, lifecycleRules: [{ expiration: Duration.days(30) }] });
    algorithm(bucket);
    expect(warnings(bucket)).toEqual([]);
  });
});
