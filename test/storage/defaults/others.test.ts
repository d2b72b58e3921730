import { App, Aspects, CfnOutput, CfnResource, PropertyInjectors, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancing';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as redshift from 'aws-cdk-lib/aws-redshift';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessEvaluator, RequireEncryption, SecureBucket, SecureBucketDefaults } from '../../../src';
import { PRODUCER, synthesisErrors, warnings } from '../../support/apps';
import * as fc from '../../support/fast-check';

const FLAG = '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy';

function hardenedStack(logsByPolicy = true): Stack {
  const app = new App({ analyticsReporting: false, context: { [FLAG]: logsByPolicy } });
  PropertyInjectors.of(app).add(new SecureBucketDefaults());
  return new Stack(app, 'Stack', { env: PRODUCER });
}

function loadBalancer(scope: Construct): elbv2.ApplicationLoadBalancer {
  return new elbv2.ApplicationLoadBalancer(scope, 'Balancer', { vpc: new ec2.Vpc(scope, 'Vpc') });
}

/** A role whose policy somebody wrote by hand. */
function reader(bucket: s3.IBucket, id = 'Reader', actions = ['s3:GetObject']): iam.Role {
  const role = new iam.Role(bucket.stack, id, { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') });
  role.addToPolicy(new iam.PolicyStatement({ actions, resources: [bucket.arnForObjects('*')] }));
  return role;
}

function saidOf({ node }: s3.Bucket): string[] {
  return node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data));
}

/** With what a bucket encrypts by default, and whether its key is in the template. */
function encryption(bucket: s3.Bucket): { algorithm: string; keys: number } {
  const stack = Stack.of(bucket);
  const template = Template.fromStack(stack);
  const { Properties } = template.findResources('AWS::S3::Bucket')[stack.getLogicalId(bucket.node.defaultChild as s3.CfnBucket)];
  return { algorithm: Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm, keys: Object.keys(template.findResources('AWS::KMS::Key')).length };
}

const SSE_S3 = { algorithm: 'AES256', keys: 0 };
const OWN_KEY = { algorithm: 'aws:kms', keys: 1 };

describe('a bucket that receives logs keeps SSE-S3, without a key and without a warning', () => {
  test.each<[string, (bucket: s3.Bucket) => void]>([
    ['access logs of an Application Load Balancer, configured afterwards', (bucket) => loadBalancer(bucket.stack).logAccessLogs(bucket)],
    ['its connection logs', (bucket) => loadBalancer(bucket.stack).logConnectionLogs(bucket, 'connections')],
    ['the logs of another bucket', (bucket) => new s3.Bucket(bucket.stack, 'Source', { serverAccessLogsBucket: bucket })],
    ['those of a SecureBucket', (bucket) => new SecureBucket(bucket.stack, 'Source', { serverAccessLogsBucket: bucket })],
    ['those of an L1 bucket', (bucket) => new s3.CfnBucket(bucket.stack, 'Source', { loggingConfiguration: { destinationBucketName: bucket.bucketName } })],
    ['those of a raw bucket', (bucket) => new CfnResource(bucket.stack, 'Source', { type: 'AWS::S3::Bucket', properties: { LoggingConfiguration: { DestinationBucketName: bucket.bucketName } } })],
    ['those of a Classic Load Balancer', (bucket) => new elb.LoadBalancer(bucket.stack, 'Classic', { vpc: new ec2.Vpc(bucket.stack, 'Vpc'), accessLoggingPolicy: { enabled: true, s3BucketName: bucket.bucketName } })],
    ['those of Redshift', (bucket) => new redshift.CfnCluster(bucket.stack, 'Cluster', { clusterType: 'single-node', dbName: 'db', masterUsername: 'u', nodeType: 'ra3.large', loggingProperties: { bucketName: bucket.bucketName } })],
    ['legacy logs of CloudFront', (bucket) => new cloudfront.Distribution(bucket.stack, 'Site', { defaultBehavior: { origin: new origins.HttpOrigin('example.com') }, logBucket: bucket })],
  ])('%s', (_, deliver) => {
    const bucket = new s3.Bucket(hardenedStack(), 'Logs');
    deliver(bucket);
    expect(encryption(bucket).algorithm).toBe('AES256');
    expect(bucket.node.tryFindChild('Key')).toBeUndefined();
    expect(bucket.encryptionKey).toBeUndefined();
    expect(warnings(bucket).filter((id) => id.startsWith('cdk-secure-bucket'))).toEqual([]);
  });

  test('although its key is named elsewhere: then the key stays, too', () => {
    const bucket = new s3.Bucket(hardenedStack(), 'Logs');
    new CfnOutput(bucket.stack, 'KeyArn', { value: bucket.encryptionKey!.keyArn });
    loadBalancer(bucket.stack).logAccessLogs(bucket);
    expect(encryption(bucket)).toEqual({ algorithm: 'AES256', keys: 1 });
  });

  test('where the CDK asks for an ACL, it is set', () => {
    const bucket = new s3.Bucket(hardenedStack(false), 'Logs');
    new s3.Bucket(bucket.stack, 'Source', { serverAccessLogsBucket: bucket });
    const [properties] = Object.values(Template.fromStack(bucket.stack).findResources('AWS::S3::Bucket', { Properties: { AccessControl: 'LogDeliveryWrite' } }));
    expect(properties.Properties.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'ObjectWriter' }] });
  });
});

test('a bucket that keeps ACLs for the logs of CloudFront is not told to turn them off', () => {
  const bucket = new s3.Bucket(hardenedStack(), 'Logs', { objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_PREFERRED });
  new cloudfront.Distribution(bucket.stack, 'Site', { defaultBehavior: { origin: new origins.HttpOrigin('example.com') }, logBucket: bucket });
  expect(encryption(bucket)).toEqual(SSE_S3);
  expect(warnings(bucket)).toEqual([]);
});

describe('a bucket that a key would cut off from its users keeps SSE-S3, and says why', () => {
  test.each<[string, (bucket: s3.Bucket) => void, RegExp]>([
    ['a role with a policy by hand', reader, /SecureBucketDefaults leaves this bucket on SSE-S3: 'Stack\/Reader\/DefaultPolicy\/Resource' gives 'Stack\/Reader' access.*grantRead/],
    ['a role that writes', (bucket) => reader(bucket, 'Writer', ['s3:Put*']), /'Stack\/Writer\/DefaultPolicy\/Resource'/],
    ['a role with a grant that keeps itself from all keys', (bucket) => {
      const role = new iam.Role(bucket.stack, 'App', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      bucket.grantRead(role);
      role.addToPolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['kms:*'], resources: ['*'] }));
    }, /'Stack\/App\/DefaultPolicy\/Resource' gives 'Stack\/App' access/],
    ['another account', (bucket) => bucket.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.AccountPrincipal('444455556666')], actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] })), /'Stack\/Data\/Policy\/Resource'/],
    ['CloudFront by an origin access identity', (bucket) => new cloudfront.Distribution(bucket.stack, 'Site', { defaultBehavior: { origin: origins.S3BucketOrigin.withOriginAccessIdentity(bucket) } }), /origin access control/],
    ['a trail', (bucket) => new cloudtrail.Trail(bucket.stack, 'Trail', { bucket }), /'cloudtrail.amazonaws.com'.*the same key/],
  ])('%s', (_, use, reason) => {
    const bucket = new s3.Bucket(hardenedStack(), 'Data');
    use(bucket);
    expect(encryption(bucket)).toEqual(SSE_S3);
    expect(saidOf(bucket)).toEqual([expect.stringMatching(reason)]);
  });

  test.each<[string, s3.BucketProps]>([
    ['public readers', { publicReadAccess: true, blockPublicAccess: s3.BlockPublicAccess.BLOCK_ACLS_ONLY }],
    ['a website', { websiteIndexDocument: 'index.html' }],
    ['replication of what is not encrypted with KMS', { versioned: true, replicationRules: [{ destination: s3.Bucket.fromBucketName(new Stack(), 'Replica', 'replica') }] }],
    ['logs of its own', { serverAccessLogsPrefix: 'logs/' }],
  ])('%s', (_, props) => {
    const bucket = new s3.Bucket(hardenedStack(), 'Data', props);
    expect(encryption(bucket)).toEqual(SSE_S3);
    expect(warnings(bucket)).toContain('cdk-secure-bucket:leftOnSseS3');
  });
});

test('what is said of a bucket on SSE-S3, its guardrails do not say again', () => {
  const bucket = new s3.Bucket(hardenedStack(), 'Data');
  const website = new s3.Bucket(bucket.stack, 'Site', { websiteIndexDocument: 'index.html' });
  reader(bucket);
  Aspects.of(bucket.stack).add(new RequireEncryption());
  Template.fromStack(bucket.stack);
  expect([bucket, website].map(warnings)).toEqual([['cdk-secure-bucket:leftOnSseS3'], ['cdk-secure-bucket:leftOnSseS3', 'cdk-secure-bucket:notHardened']]);
});

test.each(['S3_MANAGED', 'UNENCRYPTED', 'KMS_MANAGED'] as const)('an encryption that was chosen, %s, is warned of once', (chosen) => {
  const bucket = new s3.Bucket(hardenedStack(), 'Data', { encryption: s3.BucketEncryption[chosen] });
  Aspects.of(bucket.stack).add(new RequireEncryption());
  Template.fromStack(bucket.stack);
  expect(warnings(bucket)).toEqual(['cdk-secure-bucket:notHardened']);
});

test.each<[string, (bucket: s3.Bucket) => void]>([
  ['the bucket', ({ stack }) => stack.node.tryRemoveChild('Data')],
  ['the resource of the bucket', ({ node }) => node.tryRemoveChild('Resource')],
  ['the key', ({ node }) => node.tryRemoveChild('Key')],
  ['the resource of the key', ({ encryptionKey }) => encryptionKey!.node.tryRemoveChild('Resource')],
])('where %s is taken out again, synthesis does not stumble over it', (_, remove) => {
  const bucket = new s3.Bucket(hardenedStack(), 'Data');
  reader(bucket);
  remove(bucket);
  expect(() => (bucket.node.root as App).synth()).not.toThrow();
});

describe('a bucket whose users may use its key gets it', () => {
  test.each<[string, (bucket: s3.Bucket) => void]>([
    ['grants of the CDK', (bucket) => bucket.grantReadWrite(new iam.Role(bucket.stack, 'App', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }))],
    ['a policy by hand beside a grant', (bucket) => bucket.encryptionKey!.grantDecrypt(reader(bucket))],
    ['a policy by hand that gives keys', (bucket) => reader(bucket).addToPolicy(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: ['arn:aws:kms:*:111122223333:key/*'] }))],
    ['a role with a grant that keeps itself from other keys', (bucket) => {
      const role = new iam.Role(bucket.stack, 'App', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      bucket.grantRead(role);
      role.addToPolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['kms:*'], resources: ['arn:aws:kms:us-east-1:444455556666:key/*'] }));
    }],
    ['a policy by hand that reads no objects', (bucket) => reader(bucket, 'Lister', ['s3:ListBucket', 's3:PutBucketNotification'])],
    ['a policy for another bucket', (bucket) => reader(new s3.Bucket(bucket.stack, 'Other', { encryption: s3.BucketEncryption.S3_MANAGED }))],
    ['the own account, named in its policy', (bucket) => bucket.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.AccountRootPrincipal()], actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] }))],
    ['access points of the account', (bucket) => bucket.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.AnyPrincipal()], actions: ['*'], resources: [bucket.bucketArn, bucket.arnForObjects('*')], conditions: { StringEquals: { 's3:DataAccessPointAccount': '111122223333' } },
    }))],
  ])('%s', (_, use) => {
    const bucket = new s3.Bucket(hardenedStack(), 'Data');
    use(bucket);
    expect(encryption(bucket)).toEqual(OWN_KEY);
    expect(warnings(bucket)).toEqual([]);
  });

  test('a stack like it in the same app is another one', () => {
    const stack = hardenedStack();
    const bucket = new s3.Bucket(stack, 'Data');
    reader(new s3.Bucket(new Stack(stack.node.root as App, 'Twin', { env: PRODUCER }), 'Data'));
    expect(encryption(bucket)).toEqual(OWN_KEY);
  });
});

describe('services that write into a bucket may use its key', () => {
  const stack = hardenedStack();
  const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'amzn-s3-demo-data' });
  const flowLogs = { ArnLike: { 'aws:SourceArn': 'arn:aws:logs:eu-west-1:111122223333:*' }, StringEquals: { 'aws:SourceAccount': '111122223333', 's3:x-amz-acl': 'bucket-owner-full-control' } };
  bucket.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')], conditions: flowLogs }));
  bucket.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ServicePrincipal('config.amazonaws.com')], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] }));
  const evaluator = AccessEvaluator.fromTemplates([{ stackName: 'Stack', account: PRODUCER.account, region: PRODUCER.region, template: Template.fromStack(stack).toJSON() }]);
  const delivery = (principal: string, context: Record<string, string>) => evaluator.decide({
    principal, action: 's3:PutObject', resource: 'arn:aws:s3:::amzn-s3-demo-data/AWSLogs/x', context: { 's3:x-amz-acl': 'bucket-owner-full-control', ...context },
  });

  test('from the sources that the bucket names', () => {
    const from = (account: string) => delivery('delivery.logs.amazonaws.com', { 'aws:SourceAccount': account, 'aws:SourceArn': `arn:aws:logs:eu-west-1:${account}:x` });
    expect(from('111122223333').outcome).toBe('allowed');
    expect(from('444455556666').outcome).toBe('denied');
  });

  test('for this account, where the bucket names none', () => {
    expect(delivery('config.amazonaws.com', { 'aws:SourceAccount': '111122223333' }).outcome).toBe('allowed');
    expect(delivery('config.amazonaws.com', { 'aws:SourceAccount': '444455556666' }).outcome).toBe('denied');
  });
});

describe('services that a resource has deliver, without a word in the policy of the bucket, may use its key', () => {
  const SETTINGS: Record<string, [properties: (bucket: s3.Bucket) => Record<string, unknown>, service: string]> = {
    'AWS::EC2::FlowLog': [(bucket) => ({ ResourceType: 'VPC', ResourceId: 'vpc-1', LogDestinationType: 's3', LogDestination: bucket.arnForObjects('network') }), 'delivery.logs.amazonaws.com'],
    'AWS::Route53Resolver::ResolverQueryLoggingConfig': [({ bucketArn }) => ({ DestinationArn: bucketArn }), 'delivery.logs.amazonaws.com'],
    'AWS::WAFv2::LoggingConfiguration': [() => ({ LogDestinationConfigs: ['arn:aws:s3:::aws-waf-logs-central/waf'] }), 'delivery.logs.amazonaws.com'],
    'AWS::Config::DeliveryChannel': [({ bucketName }) => ({ S3BucketName: bucketName }), 'config.amazonaws.com'],
    'AWS::SES::ReceiptRule': [({ bucketName }) => ({ Rule: { Actions: [{ S3Action: { BucketName: bucketName } }] } }), 'ses.amazonaws.com'],
    'AWS::S3::StorageLens': [({ bucketArn }) => ({ StorageLensConfiguration: { Id: 'lens', DataExport: { S3BucketDestination: { Arn: bucketArn } } } }), 'storage-lens.s3.amazonaws.com'],
    'AWS::S3::Bucket': [({ bucketArn }) => ({ InventoryConfigurations: [{ Id: 'all', Enabled: true, Destination: { BucketArn: bucketArn } }] }), 's3.amazonaws.com'],
  };
  const withSetting = (type: string, properties: (bucket: s3.Bucket) => Record<string, unknown>) => {
    const bucket = new s3.Bucket(hardenedStack(), 'Data', { bucketName: 'aws-waf-logs-central' });
    new CfnResource(bucket.stack, 'Sender', { type, properties: properties(bucket) });
    return bucket;
  };

  test.each(Object.entries(SETTINGS))('%s', (type, [properties, service]) => {
    const bucket = withSetting(type, properties);
    expect(encryption(bucket)).toEqual(OWN_KEY);
    const [{ Properties: { KeyPolicy } }] = Object.values(Template.fromStack(bucket.stack).findResources('AWS::KMS::Key'));
    const ofServices = KeyPolicy.Statement.filter(({ Principal }: any) => Principal.Service !== undefined);
    expect(ofServices).toEqual([expect.objectContaining({
      Principal: { Service: service }, Action: expect.arrayContaining([expect.stringMatching(/^kms:GenerateDataKey\*?$/), 'kms:Decrypt']), Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    })]);
    expect(warnings(bucket)).toEqual([]);
  });

  test('not if AWS does not say that they can: then it stays on SSE-S3', () => {
    const bucket = withSetting('AWS::CUR::ReportDefinition', ({ bucketName }) => ({ S3Bucket: bucketName, S3Prefix: 'cost' }));
    expect(encryption(bucket)).toEqual(SSE_S3);
    expect(saidOf(bucket)).toEqual([expect.stringMatching(/SSE-S3: 'Stack\/Sender' has 'billingreports\.amazonaws\.com' write/)]);
  });

  test('flow logs that go elsewhere, or to another bucket, say nothing of the key', () => {
    const bucket = withSetting('AWS::EC2::FlowLog', () => ({ LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::amzn-s3-demo-other/aws-waf-logs-central' }));
    const [{ Properties: { KeyPolicy } }] = Object.values(Template.fromStack(bucket.stack).findResources('AWS::KMS::Key'));
    expect(KeyPolicy.Statement).toHaveLength(1);
  });
});

test('the key of an inventory destination does not name the source, which depends on it', () => {
  const stack = hardenedStack();
  const destination = new s3.Bucket(stack, 'Destination');
  const source = new s3.Bucket(stack, 'Source', { inventories: [{ destination: { bucket: destination } }] });
  const key = Template.fromStack(stack).findResources('AWS::KMS::Key')[stack.getLogicalId(destination.encryptionKey!.node.defaultChild as kms.CfnKey)];
  expect(JSON.stringify(key)).toContain('s3.amazonaws.com');
  expect(JSON.stringify(key)).not.toContain(stack.getLogicalId(source.node.defaultChild as s3.CfnBucket));
});

test('a construct that grants public access learns who has blocked it, and what to do', () => {
  const bucket = new s3.Bucket(hardenedStack(), 'Data');
  expect(() => bucket.grantPublicAccess()).toThrow(/'Stack\/Data': SecureBucketDefaults has set 'blockPublicAccess'.*OacDistribution/);
  const own = new s3.Bucket(hardenedStack(), 'Data', { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL });
  expect(() => own.grantPublicAccess()).toThrow(/^Cannot grant public access/);
});

test('a key that the user chose stays, and what the CDK says of it', () => {
  const stack = hardenedStack();
  const bucket = new s3.Bucket(stack, 'Logs', { encryptionKey: new kms.Key(stack, 'Chosen') });
  expect(() => loadBalancer(stack).logAccessLogs(bucket)).toThrow('Encryption key detected');
});

const CHOICES: { [prop in keyof s3.BucketProps]: unknown[] } = {
  encryption: [s3.BucketEncryption.S3_MANAGED, s3.BucketEncryption.KMS, s3.BucketEncryption.KMS_MANAGED, s3.BucketEncryption.DSSE],
  bucketKeyEnabled: [true, false],
  blockedEncryptionTypes: [[s3.BlockedEncryptionType.NONE]],
  accessControl: [s3.BucketAccessControl.PRIVATE, s3.BucketAccessControl.LOG_DELIVERY_WRITE, s3.BucketAccessControl.PUBLIC_READ],
  objectOwnership: [s3.ObjectOwnership.OBJECT_WRITER, s3.ObjectOwnership.BUCKET_OWNER_ENFORCED],
  blockPublicAccess: [s3.BlockPublicAccess.BLOCK_ALL, s3.BlockPublicAccess.BLOCK_ACLS_ONLY],
  publicReadAccess: [true, false],
  websiteIndexDocument: ['index.html'],
  websiteRedirect: [{ hostName: 'example.com' }],
  enforceSSL: [true, false],
  minimumTLSVersion: [1.2],
  versioned: [true, false],
  serverAccessLogsPrefix: ['logs/', ''],
  removalPolicy: [RemovalPolicy.DESTROY],
  autoDeleteObjects: [true],
  objectLockEnabled: [true],
  eventBridgeEnabled: [true],
};

const choices = fc.record(Object.fromEntries(Object.entries(CHOICES).map(([prop, values]) => [prop, fc.constantFrom(...values)])), { requiredKeys: [] });

/** What the CDK says of a bucket when it is made, used as a log destination, and synthesized. */
function verdict(stack: Stack, props: s3.BucketProps): string | undefined {
  try {
    const bucket = new s3.Bucket(stack, 'Data', props);
    if (props.publicReadAccess === undefined && props.encryption === undefined) {
      new s3.Bucket(stack, 'Source', { serverAccessLogsBucket: bucket, encryption: s3.BucketEncryption.S3_MANAGED });
    }
  } catch (error) {
    return (error as Error).message;
  }
  return synthesisErrors(stack) || undefined;
}

test.each([true, false])('what the CDK accepts of a bucket, it accepts with the defaults (logs by policy: %s)', (logsByPolicy) => {
  fc.assert(fc.property(choices, (props: s3.BucketProps) => {
    const plain = verdict(new Stack(new App({ analyticsReporting: false, context: { [FLAG]: logsByPolicy } }), 'Stack', { env: PRODUCER }), props);
    fc.pre(plain === undefined);
    expect(verdict(hardenedStack(logsByPolicy), props)).toBeUndefined();
  }), { numRuns: 20 });
});
