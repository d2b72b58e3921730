import { App, AppProps, Aspects, Mixins, PropertyInjectors, RemovalPolicy, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessLogBucket, RequireEncryption, RequireTls, SecureBucket, SecureBucketChecks, SecureBucketDefaults } from '../../src';
import { PRODUCER, synthesisErrors, warnings } from '../support/apps';

const LOGS_BY_POLICY = { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true };

function hardenedStack(props: AppProps = { context: LOGS_BY_POLICY }): Stack {
  const app = new App({ analyticsReporting: false, ...props });
  PropertyInjectors.of(app).add(new SecureBucketDefaults());
  return new Stack(app, 'Stack', { env: PRODUCER });
}

function findings({ node }: Stack): string[] {
  const app = node.root as App;
  return new SecureBucketChecks(app).validateScope(app).violations.map(({ ruleName, violatingResources }) => `${ruleName} ${(violatingResources[0] as any).constructPath}`);
}

function bucketProperties(stack: Stack, id: string): any {
  const buckets = Template.fromStack(stack).findResources('AWS::S3::Bucket');
  return buckets[Object.keys(buckets).find((logicalId) => logicalId.startsWith(id))!].Properties ?? {};
}

describe('a plain bucket', () => {
  const stack = hardenedStack();
  new s3.Bucket(stack, 'Data');
  Aspects.of(stack).add(new RequireEncryption());

  test('gets every safe setting', () => {
    expect(bucketProperties(stack, 'Data')).toEqual(expect.objectContaining({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [expect.objectContaining({
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': [expect.stringMatching(/^DataKey/), 'Arn'] } },
        })],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      VersioningConfiguration: { Status: 'Enabled' },
      LoggingConfiguration: { DestinationBucketName: { Ref: expect.stringMatching(/^SecureBucketAccessLogs/) }, LogFilePrefix: 'Stack/Data/' },
    }));
  });

  test('keeps its logical ID', () => {
    const plain = new Stack();
    new s3.Bucket(plain, 'Data');
    const [logicalId] = Object.keys(Template.fromStack(plain).findResources('AWS::S3::Bucket'));
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::S3::Bucket'))).toContain(logicalId);
  });

  test('passes all rules, with the guardrail that has no prop', () => {
    expect(findings(stack)).toEqual([]);
  });

  test('has nothing to warn of', () => {
    expect(stack.node.findAll().flatMap(warnings)).toEqual([]);
  });
});

test("a bucket inside somebody else's construct is hardened, and keeps what it says", () => {
  const stack = hardenedStack();
  new cloudtrail.Trail(stack, 'Trail');
  const properties = bucketProperties(stack, 'TrailS3');
  expect(properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
  expect(properties.PublicAccessBlockConfiguration.RestrictPublicBuckets).toBe(true);
});

test('the buckets of a stage are hardened, too', () => {
  const app = new App({ context: LOGS_BY_POLICY });
  PropertyInjectors.of(app).add(new SecureBucketDefaults());
  const stack = new Stack(new Stage(app, 'Prod'), 'Stack');
  new s3.Bucket(stack, 'Data');
  expect(bucketProperties(stack, 'Data').VersioningConfiguration).toEqual({ Status: 'Enabled' });
});

test.each<[what: string, props: s3.BucketProps]>([
  ['another encryption', { encryption: s3.BucketEncryption.S3_MANAGED }],
  ['no bucket key', { encryption: s3.BucketEncryption.KMS, bucketKeyEnabled: false }],
  ['plain HTTP', { enforceSSL: false }],
  ['old TLS', { enforceSSL: true, minimumTLSVersion: 1 }],
  ['public reads', { publicReadAccess: true, blockPublicAccess: s3.BlockPublicAccess.BLOCK_ACLS_ONLY }],
  ['public reads by an ACL', { accessControl: s3.BucketAccessControl.PUBLIC_READ }],
  ['public writes by an ACL', { accessControl: s3.BucketAccessControl.PUBLIC_READ_WRITE }],
  ['reads by everybody with an AWS account', { accessControl: s3.BucketAccessControl.AUTHENTICATED_READ }],
  ['logs by an ACL', { accessControl: s3.BucketAccessControl.LOG_DELIVERY_WRITE }],
  ['one open setting', { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ACLS_ONLY }],
  ['the ownership of writers', { objectOwnership: s3.ObjectOwnership.OBJECT_WRITER }],
  ['a website', { websiteIndexDocument: 'index.html' }],
  ['deletion with the stack', { removalPolicy: RemovalPolicy.DESTROY }],
])('a bucket that asks for %s keeps it, and is warned of', (_, props) => {
  const stack = hardenedStack();
  const bucket = new s3.Bucket(stack, 'Data', props);
  const asked = new Stack();
  new s3.Bucket(asked, 'Data', props);
  const [kept, wanted] = [stack, asked].map((place) => bucketProperties(place, 'Data'));
  expect(kept).toMatchObject(wanted);
  expect(warnings(bucket)).toContain('cdk-secure-bucket:notHardened');
});

describe('an ACL', () => {
  const { PUBLIC_READ, LOG_DELIVERY_WRITE } = s3.BucketAccessControl;
  const build = (props: s3.BucketProps) => {
    const stack = hardenedStack();
    const bucket = new s3.Bucket(stack, 'Data', props);
    const { BucketEncryption, PublicAccessBlockConfiguration } = bucketProperties(stack, 'Data');
    const said = bucket.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data));
    return { bucket, said, block: PublicAccessBlockConfiguration, algorithm: BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm };
  };

  test('that makes a bucket public keeps it public, and the bucket without a key', () => {
    const { said, block, algorithm } = build({ accessControl: PUBLIC_READ });
    expect(block).toBeUndefined();
    expect(algorithm).toBe('AES256');
    expect(said).toEqual([
      expect.stringMatching(/leaves this bucket on SSE-S3: it is public/),
      expect.stringMatching(/'accessControl' with this value would make the objects public/),
    ]);
  });

  test('that is ignored makes no bucket public', () => {
    const { block, algorithm } = build({ accessControl: PUBLIC_READ, blockPublicAccess: s3.BlockPublicAccess.BLOCK_ACLS });
    expect(block).toMatchObject({ IgnorePublicAcls: true });
    expect(algorithm).toBe('aws:kms');
  });

  test('for the delivery of logs keeps the bucket on SSE-S3, which is said, and private', () => {
    const { said, block, algorithm } = build({ accessControl: LOG_DELIVERY_WRITE });
    expect(block.IgnorePublicAcls).toBe(true);
    expect(algorithm).toBe('AES256');
    expect(said).toEqual([
      expect.stringMatching(/leaves this bucket on SSE-S3: its ACL lets S3 deliver access logs/),
      expect.stringContaining("'accessControl' would set an ACL, which gives access beside the bucket's policy"),
    ]);
  });
});

test('the key that the CDK makes for DSSE-KMS rotates', () => {
  const stack = hardenedStack();
  new s3.Bucket(stack, 'Data', { encryption: s3.BucketEncryption.DSSE });
  Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  expect(findings(stack).filter((line) => line.includes('KeyRotation'))).toEqual([]);
});

test('a bucket that logs to itself by its policy has no ACLs', () => {
  const stack = hardenedStack();
  new s3.Bucket(stack, 'Data', { serverAccessLogsPrefix: 'logs/' });
  expect(bucketProperties(stack, 'Data').OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
  expect(findings(stack).filter((line) => /ObjectOwnership|NoAcls/.test(line))).toEqual([]);
});

test('what a bucket asks for can be acknowledged', () => {
  const stack = hardenedStack();
  const bucket = new s3.Bucket(stack, 'Data', { removalPolicy: RemovalPolicy.DESTROY });
  Validations.of(bucket).acknowledge({ id: 'cdk-secure-bucket:notHardened', reason: 'Holds what can be made again.' });
  expect(synthesisErrors(stack)).toBe('');
  expect(warnings(bucket)).toEqual([]);
});

test('without the feature flag for log delivery by policy, a bucket gets no logs, and a warning', () => {
  const stack = hardenedStack({});
  const bucket = new s3.Bucket(stack, 'Data');
  expect(bucketProperties(stack, 'Data').LoggingConfiguration).toBeUndefined();
  expect(warnings(bucket)).toEqual(['cdk-secure-bucket:notHardened']);
});

test('SecureBucket and AccessLogBucket are what they are without the defaults', () => {
  const build = (stack: Stack) => {
    new SecureBucket(stack, 'Data');
    new AccessLogBucket(stack, 'Logs');
    return Template.fromStack(stack).toJSON().Resources;
  };
  expect(build(hardenedStack())).toEqual(build(new Stack(new App({ analyticsReporting: false, context: LOGS_BY_POLICY }), 'Stack', { env: PRODUCER })));
});

describe('guardrails of a whole scope', () => {
  const stack = hardenedStack();
  new s3.Bucket(stack, 'Legacy', { enforceSSL: false });
  new SecureBucket(stack, 'Secure');
  Mixins.of(stack).apply(new RequireTls());
  Aspects.of(stack).add(new RequireEncryption());
  new s3.Bucket(stack, 'Later');
  const sids = Object.entries(Template.fromStack(stack).findResources('AWS::S3::BucketPolicy')).map(([logicalId, { Properties }]) =>
    `${logicalId.replace(/Policy.*/, '')}: ${Properties.PolicyDocument.Statement.filter(({ Effect, Sid }: any) => Effect === 'Deny' && Sid).map(({ Sid }: any) => Sid).join(' ')}`);

  test('a mixin is enforced on the buckets that are there, an aspect on those that come later, too', () => {
    const encryption = 'DenyUnencryptedUploads DenyOtherKeys DenyAwsManagedKey DenyCustomerProvidedKeys DenyOtherKeysForExistingObjects';
    expect(sids.sort()).toEqual([
      `Later: ${encryption}`,
      `Legacy: DenyInsecureTransport DenyOutdatedTls ${encryption}`,
      `Secure: DenyInsecureTransport DenyOutdatedTls ${encryption}`,
      'SecureBucketAccessLogs: DenyInsecureTransport DenyOutdatedTls',
    ]);
  });

  test('passes all rules', () => {
    expect(findings(stack).filter((line) => !line.includes('DeletionPolicy'))).toEqual([]);
  });
});
