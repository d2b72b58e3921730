import { App, AppProps, Duration, Environment, NestedStack, PhysicalName, RemovalPolicy, Stack, StackProps, Stage } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import * as s3n from 'aws-cdk-lib/aws-s3-notifications';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { PRODUCER } from '../support/apps';

/** `s3.Bucket`, or what is dropped in for it. */
export type BucketClass = new (scope: Stack, id: string, props?: s3.BucketProps) => s3.Bucket;

/** Builds an app whose buckets are of a certain class. */
export type Build = (Bucket: BucketClass) => App;

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const everyFlag = Object.fromEntries(Object.keys(cxapi.FLAGS).filter((flag) => !cxapi.CURRENT_VERSION_EXPIRED_FLAGS.includes(flag)).map((flag) => [flag, true]));

/** An app of one stack. */
function inStack(fill: (stack: Stack, Bucket: BucketClass) => void, stackProps: StackProps = { env: PRODUCER }, appProps: AppProps = {}): Build {
  return (Bucket) => {
    const app = new App({ analyticsReporting: false, ...appProps });
    fill(new Stack(app, 'Stack', stackProps), Bucket);
    return app;
  };
}

/** An app of one stack with one bucket. */
function withProps(props: s3.BucketProps | ((stack: Stack) => s3.BucketProps), stackProps?: StackProps, appProps?: AppProps): Build {
  return inStack((stack, Bucket) => new Bucket(stack, 'Data', typeof props === 'function' ? props(stack) : props), stackProps, appProps);
}

/** An app of two stacks: one with the bucket, one which uses it. */
function acrossStacks(use: (bucket: s3.Bucket, consumer: Stack) => void, props: s3.BucketProps = {}, consumerEnv: Environment = PRODUCER): Build {
  return (Bucket) => {
    const app = new App({ analyticsReporting: false });
    const bucket = new Bucket(new Stack(app, 'Storage', { env: PRODUCER }), 'Data', props);
    use(bucket, new Stack(app, 'Consumer', { env: consumerEnv }));
    return app;
  };
}

const role = (stack: Stack, id: string, roleName?: string) => new iam.Role(stack, id, { roleName, assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
const logToPlainBucket = (stack: Stack) => ({ serverAccessLogsBucket: new s3.Bucket(stack, 'Logs'), serverAccessLogsPrefix: 'data/' });
const everySettings = withProps({
  bucketName: 'team-data',
  encryption: s3.BucketEncryption.KMS,
  enforceSSL: true,
  versioned: true,
  lifecycleRules: [{ expiration: Duration.days(365) }],
  cors: [{ allowedMethods: [s3.HttpMethods.GET], allowedOrigins: ['https://example.com'] }],
});

function replicate(stack: Stack, Bucket: BucketClass, props: s3.BucketProps = {}): void {
  const destination = new Bucket(stack, 'Replica', { versioned: true, encryption: s3.BucketEncryption.KMS });
  new Bucket(stack, 'Data', { versioned: true, replicationRules: [{ destination, kmsKey: destination.encryptionKey }], ...props });
}

export const CASES: Record<string, Build> = {
  'a plain bucket': withProps({}),
  'a physical name': withProps({ bucketName: 'team-data' }),
  'a name in the account-regional namespace': withProps({ bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL, bucketNamePrefix: 'team-data' }),
  'a key of its own': withProps({ encryption: s3.BucketEncryption.KMS }),
  'a key of the stack': withProps((stack) => ({ encryptionKey: new kms.Key(stack, 'Shared', { alias: 'alias/shared' }) })),
  'an imported key': withProps((stack) => ({ encryptionKey: kms.Key.fromKeyArn(stack, 'Imported', KEY_ARN) })),
  'DSSE-KMS': withProps({ encryption: s3.BucketEncryption.DSSE }),
  'bucket keys': withProps({ encryption: s3.BucketEncryption.KMS, bucketKeyEnabled: true }),
  'enforced TLS': withProps({ enforceSSL: true, minimumTLSVersion: 1.2 }),
  'lifecycle rules': withProps({ versioned: true, lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(30), transitions: [{ storageClass: s3.StorageClass.GLACIER, transitionAfter: Duration.days(90) }] }] }),
  'CORS and metrics': withProps({ cors: [{ allowedMethods: [s3.HttpMethods.PUT], allowedOrigins: ['https://example.com'] }], metrics: [{ id: 'all' }] }),
  'Object Lock': withProps({ objectLockEnabled: true, objectLockDefaultRetention: s3.ObjectLockRetention.compliance(Duration.days(7)) }),
  'intelligent tiering': withProps({ intelligentTieringConfigurations: [{ name: 'archive', archiveAccessTierTime: Duration.days(90) }] }),
  'transfer acceleration and ABAC': withProps({ transferAcceleration: true, abacStatus: true }),
  'removal with its objects': withProps({ removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true }),
  'EventBridge': withProps({ eventBridgeEnabled: true }),
  'all at once': everySettings,
  'all recommended feature flags': withProps({ encryption: s3.BucketEncryption.KMS, enforceSSL: true, versioned: true }, undefined, { context: everyFlag }),
  'access logs to a plain bucket, by ACL': withProps(logToPlainBucket),
  'access logs to a plain bucket, by policy': withProps(logToPlainBucket, undefined, { context: { [cxapi.S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY]: true } }),
  'access logs to itself': withProps({ serverAccessLogsPrefix: 'logs/' }),
  'an inventory': withProps((stack) => ({ inventories: [{ destination: { bucket: new s3.Bucket(stack, 'Inventory') } }] })),
  'an environment of unknown account and Region': withProps({ encryption: s3.BucketEncryption.KMS }, {}),
  'cn': withProps({ encryption: s3.BucketEncryption.KMS, enforceSSL: true }, { env: { account: '111122223333', region: 'cn-north-1' } }),
  'us-gov': withProps({ encryption: s3.BucketEncryption.KMS, enforceSSL: true }, { env: { account: '111122223333', region: 'us-gov-west-1' } }),

  'events to a function, a queue and a topic': inStack((stack, Bucket) => {
    const bucket = new Bucket(stack, 'Data');
    const handler = new lambda.Function(stack, 'Handler', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = () => {};') });
    bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new s3n.LambdaDestination(handler));
    bucket.addEventNotification(s3.EventType.OBJECT_REMOVED, new s3n.SqsDestination(new sqs.Queue(stack, 'Queue')));
    bucket.addEventNotification(s3.EventType.OBJECT_RESTORE_COMPLETED, new s3n.SnsDestination(new sns.Topic(stack, 'Topic')));
  }),
  'replication': inStack((stack, Bucket) => replicate(stack, Bucket)),
  'replication with a given role': inStack((stack, Bucket) => replicate(stack, Bucket, {
    replicationRole: new iam.Role(stack, 'Replicator', { assumedBy: new iam.ServicePrincipal('s3.amazonaws.com') }),
  })),
  'a deployment into it': inStack((stack, Bucket) => {
    new s3deploy.BucketDeployment(stack, 'Deploy', { destinationBucket: new Bucket(stack, 'Data'), sources: [s3deploy.Source.data('index.html', 'hello')] });
  }),
  'grants': inStack((stack, Bucket) => {
    const bucket = new Bucket(stack, 'Data', { encryption: s3.BucketEncryption.KMS });
    bucket.grantRead(role(stack, 'Reader'));
    bucket.grantReadWrite(role(stack, 'Writer'));
    bucket.grantRead(new iam.AccountPrincipal('444455556666'));
  }),
  'statements of its own': inStack((stack, Bucket) => {
    const bucket = new Bucket(stack, 'Data');
    bucket.addToResourcePolicy(new iam.PolicyStatement({ sid: 'Mine', principals: [new iam.AccountPrincipal('444455556666')], actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }));
  }),
  'a distribution in front of it': inStack((stack, Bucket) => {
    const origin = origins.S3BucketOrigin.withOriginAccessControl(new Bucket(stack, 'Data', { encryption: s3.BucketEncryption.KMS }));
    new cloudfront.Distribution(stack, 'Site', { defaultBehavior: { origin } });
  }),
  'a consumer in another stack': acrossStacks((bucket, consumer) => bucket.grantRead(role(consumer, 'Reader')), { encryption: s3.BucketEncryption.KMS }),
  'a consumer in another Region': acrossStacks(
    (bucket, consumer) => bucket.grantRead(role(consumer, 'Reader', PhysicalName.GENERATE_IF_NEEDED)),
    { bucketName: PhysicalName.GENERATE_IF_NEEDED, encryption: s3.BucketEncryption.KMS },
    { ...PRODUCER, region: 'eu-central-1' },
  ),
  'a Stage': (Bucket) => {
    const app = new App({ analyticsReporting: false });
    new Bucket(new Stack(new Stage(app, 'Prod', { env: PRODUCER }), 'Stack'), 'Data', { encryption: s3.BucketEncryption.KMS });
    return app;
  },
  'a nested stack': inStack((stack, Bucket) => new Bucket(new NestedStack(stack, 'Nested'), 'Data', { encryption: s3.BucketEncryption.KMS })),
};
