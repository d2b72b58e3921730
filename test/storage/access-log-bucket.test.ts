import { readFileSync } from 'fs';
import { App, Duration, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessEvaluator, AccessLogBucket, AccessLogBucketProps, SecureBucket, SecureBucketDefaults } from '../../src';
import { PRODUCER, policyStatements, synthesisErrors, testStack, warnings } from '../support/apps';

const delivery = (stack: Stack, logicalId: string) => policyStatements(stack, logicalId).find(({ Sid }) => Sid === 'AllowServerAccessLogDelivery');

describe('an AccessLogBucket', () => {
  test('is encrypted with SSE-S3 and otherwise as strict as a SecureBucket', () => {
    const stack = testStack();
    new AccessLogBucket(stack, 'Logs');
    Template.fromStack(stack).hasResource('AWS::S3::Bucket', {
      Properties: {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] } }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        VersioningConfiguration: { Status: 'Enabled' },
      },
      DeletionPolicy: 'Retain',
    });
    expect(synthesisErrors(stack)).toBe('');
  });

  test('keeps logs for ever, or for as long as it is told', () => {
    const stack = testStack();
    new AccessLogBucket(stack, 'Kept');
    new AccessLogBucket(stack, 'Year', { retention: Duration.days(365) });
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::S3::Bucket')).map(({ Properties }) => Properties.LifecycleConfiguration.Rules);
    expect(rules).toEqual([
      [{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' }],
      [{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, ExpirationInDays: 365, NoncurrentVersionExpiration: { NoncurrentDays: 365 }, Status: 'Enabled' }],
    ]);
  });

  test.each<[string, AccessLogBucketProps, string]>([
    ['KMS', { encryption: s3.BucketEncryption.KMS }, "'encryption' other than S3_MANAGED would stop the logs"],
    ['no encryption', { encryption: s3.BucketEncryption.UNENCRYPTED }, "'encryption'"],
    ['a default retention', { objectLockEnabled: true, objectLockDefaultRetention: s3.ObjectLockRetention.governance(Duration.days(7)) }, "'objectLockDefaultRetention' would stop the logs"],
    ['logs of its own', { serverAccessLogsPrefix: 'own/' }, "'serverAccessLogsBucket' and 'serverAccessLogsPrefix' would log the delivery of logs"],
    ['public read', { publicReadAccess: true }, "'publicReadAccess'"],
    ['ACLs', { objectOwnership: s3.ObjectOwnership.OBJECT_WRITER }, "'objectOwnership'"],
    ['plain HTTP', { enforceSSL: false }, "'enforceSSL: false'"],
  ])('refuses %s', (_, props, message) => {
    expect(() => new AccessLogBucket(testStack(), 'Logs', props)).toThrow(`'Stack/Logs': ${message}`);
  });

  test('finds an escape hatch at synthesis', () => {
    const stack = testStack();
    (new AccessLogBucket(stack, 'Logs').node.defaultChild as s3.CfnBucket).addPropertyOverride('VersioningConfiguration.Status', 'Suspended');
    expect(synthesisErrors(stack)).toContain("'Stack/Logs': the synthesized template weakens 'VersioningConfiguration'");
  });

  test('gets no ACL from a plain bucket where the feature flag for policies is off', () => {
    const stack = testStack();
    const serverAccessLogsBucket = new AccessLogBucket(stack, 'Logs');
    expect(() => new s3.Bucket(stack, 'Plain', { serverAccessLogsBucket })).toThrow(/objectOwnership/);
  });

  test('takes the logs of a plain bucket by policy', () => {
    const stack = testStack(undefined, { context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } });
    new s3.Bucket(stack, 'Plain', { serverAccessLogsBucket: new AccessLogBucket(stack, 'Logs') });
    expect(synthesisErrors(stack)).toBe('');
  });
});

describe('log delivery', () => {
  test('is confined to the source buckets and the account', () => {
    const stack = testStack();
    new SecureBucket(stack, 'One');
    new SecureBucket(stack, 'Two');
    expect(delivery(stack, 'SecureBucketAccessLogs')).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Condition: {
        ArnLike: { 'aws:SourceArn': [{ 'Fn::GetAtt': [expect.stringMatching(/^One/), 'Arn'] }, { 'Fn::GetAtt': [expect.stringMatching(/^Two/), 'Arn'] }] },
        StringEquals: { 'aws:SourceAccount': '111122223333' },
      },
    });
  });

  test('is one statement for any number of sources, and beyond a hundred of them the account is the limit', () => {
    const stack = testStack();
    const logs = new AccessLogBucket(stack, 'Logs');
    for (let i = 0; i < 101; i++) {
      logs.allowLogDeliveryFrom(s3.Bucket.fromBucketName(stack, `Source${i}`, `source-${i}`));
    }
    expect(delivery(stack, 'Logs').Condition.ArnLike['aws:SourceArn']).toEqual([{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::*']] }]);
  });

  test.each([60, 200])('of %d buckets that the CDK itself has log here fits into the policy, and is confined to them or to the account', (count) => {
    const stack = testStack({ env: PRODUCER }, { context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } });
    const logs = new AccessLogBucket(stack, 'Logs', { bucketName: 'amzn-s3-demo-logs' });
    for (let i = 0; i < count; i++) {
      new s3.Bucket(stack, `Source${i}`, { bucketName: `amzn-s3-demo-source-${i}`, serverAccessLogsBucket: logs, serverAccessLogsPrefix: `source-${i}/` });
    }
    const evaluator = AccessEvaluator.fromTemplates([{ stackName: 'Stack', account: PRODUCER.account, region: PRODUCER.region, template: Template.fromStack(stack).toJSON() }]);
    const delivers = (source: string, account = PRODUCER.account) => evaluator.decide({
      principal: 'logging.s3.amazonaws.com',
      action: 's3:PutObject',
      resource: `arn:aws:s3:::amzn-s3-demo-logs/${source}/a`,
      context: { 'aws:SourceArn': `arn:aws:s3:::amzn-s3-demo-${source}`, 'aws:SourceAccount': account },
    }).outcome;
    expect([0, 24, 25, 26, count - 1].map((i) => delivers(`source-${i}`))).toEqual(Array(5).fill('allowed'));
    expect(delivers('source-30', '444455556666')).toBe('denied');
    expect(delivers('other')).toBe(count === 60 ? 'denied' : 'allowed');
    expect(policyStatements(stack, 'Logs').length).toBeLessThan(30);
  });

  test('to a bucket of another stack names the source if its name is known, and makes no cycle', () => {
    const app = new App();
    const shared = new Stack(app, 'Shared', { env: PRODUCER });
    const logs = new AccessLogBucket(shared, 'Logs');
    const team = new Stack(app, 'Team', { env: PRODUCER });
    new SecureBucket(team, 'Data', { bucketName: 'team-data', serverAccessLogsBucket: logs, serverAccessLogsPrefix: 'team/' });
    expect(delivery(shared, 'Logs').Condition.ArnLike['aws:SourceArn']).toEqual([{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::team-data']] }]);
    Template.fromStack(team).hasResourceProperties('AWS::S3::Bucket', { LoggingConfiguration: { LogFilePrefix: 'team/' } });
  });

  test('to a bucket of another stack is confined to the account if the name is unknown', () => {
    const app = new App();
    const shared = new Stack(app, 'Shared', { env: PRODUCER });
    const logs = new AccessLogBucket(shared, 'Logs');
    new SecureBucket(new Stack(app, 'Team', { env: PRODUCER }), 'Data', { serverAccessLogsBucket: logs });
    expect(delivery(shared, 'Logs').Condition).toEqual({
      ArnLike: { 'aws:SourceArn': [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::*']] }] },
      StringEquals: { 'aws:SourceAccount': '111122223333' },
    });
  });

  test('with a prefix alone goes to the stack\'s log bucket, not to the bucket itself', () => {
    const stack = testStack();
    new SecureBucket(stack, 'Data', { serverAccessLogsPrefix: 'mine/', targetObjectKeyFormat: s3.TargetObjectKeyFormat.partitionedPrefix() });
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
      LoggingConfiguration: {
        DestinationBucketName: { Ref: 'SecureBucketAccessLogsE49EB61F' },
        LogFilePrefix: 'mine/',
        TargetObjectKeyFormat: { PartitionedPrefix: {} },
      },
    });
  });

  test('to a bucket encrypted with KMS is refused: S3 would deliver nothing', () => {
    const stack = testStack();
    const logs = new s3.Bucket(stack, 'Logs', { encryption: s3.BucketEncryption.KMS });
    expect(() => new SecureBucket(stack, 'Data', { serverAccessLogsBucket: logs })).toThrow("'Stack/Data': 'serverAccessLogsBucket' is 'Stack/Logs', which is encrypted with KMS");
    const imported = s3.Bucket.fromBucketAttributes(stack, 'Imported', { bucketName: 'logs', encryptionKey: new kms.Key(stack, 'Key') });
    expect(() => new SecureBucket(stack, 'Other', { serverAccessLogsBucket: imported })).toThrow('encrypted with KMS');
  });

  test('to a bucket of another account or Region is refused', () => {
    const app = new App();
    const logs = new AccessLogBucket(new Stack(app, 'Shared', { env: { ...PRODUCER, region: 'eu-central-1' } }), 'Logs');
    expect(() => new SecureBucket(new Stack(app, 'Team', { env: PRODUCER }), 'Data', { serverAccessLogsBucket: logs })).toThrow("'Team/Data': 'serverAccessLogsBucket' is in eu-central-1, and the bucket in eu-west-1");
  });

  test('to a plain bucket is granted by policy, with a warning about what the bucket lacks', () => {
    const stack = testStack();
    const data = new SecureBucket(stack, 'Data', { serverAccessLogsBucket: new s3.Bucket(stack, 'Logs') });
    expect(delivery(stack, 'Logs').Condition.ArnLike['aws:SourceArn']).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Data/), 'Arn'] });
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::S3::Bucket', { AccessControl: 'LogDeliveryWrite' }, 0);
    expect(warnings(data)).toEqual(['cdk-secure-bucket:weakLogDestination']);
  });

  test('to an imported bucket comes with a warning that has the statement to add', () => {
    const stack = testStack();
    const data = new SecureBucket(stack, 'Data', { serverAccessLogsBucket: s3.Bucket.fromBucketName(stack, 'Logs', 'central-logs') });
    expect(warnings(data)).toEqual(['cdk-secure-bucket:logDeliveryNotGranted']);
    expect(data.node.metadata.map(({ data: text }) => String(text)).join()).toContain('"Sid": "AllowServerAccessLogDelivery"');
  });

  test('to an AccessLogBucket warns of nothing', () => {
    const stack = testStack();
    expect(warnings(new SecureBucket(stack, 'Data', { serverAccessLogsBucket: new AccessLogBucket(stack, 'Logs') }))).toEqual([]);
  });
});

describe('with the feature flags of cdk init, of which one merges statements', () => {
  const flags = JSON.parse(readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8'));

  function logged(make: (stack: Stack) => void): Record<string, string> {
    const app = new App({ analyticsReporting: false, context: { ...flags, 'aws:cdk:enable-path-metadata': true } });
    const stack = new Stack(app, 'Stack', { env: PRODUCER });
    make(stack);
    const evaluator = AccessEvaluator.fromCloudAssembly(app.synth().directory);
    return Object.fromEntries(['A', 'B', 'C'].map((id) => {
      const [{ identifier: source }] = evaluator.find(`Stack/${id}`);
      const [{ identifier: logs }] = evaluator.find('Stack/Logs').concat(evaluator.find('Stack/SecureBucketAccessLogs'));
      return [id, evaluator.decide({ principal: 'logging.s3.amazonaws.com', action: 's3:PutObject', resource: `${logs}/Stack/${id}/2026`, context: { 'aws:SourceArn': source, 'aws:SourceAccount': PRODUCER.account, 'aws:SecureTransport': 'true' } }).outcome];
    }));
  }

  const ALL = { A: 'allowed', B: 'allowed', C: 'allowed' };

  test.each<[string, (stack: Stack) => void]>([
    ['buckets that log to it', (stack) => {
      const serverAccessLogsBucket = new AccessLogBucket(stack, 'Logs');
      ['A', 'B', 'C'].forEach((id) => new s3.Bucket(stack, id, { serverAccessLogsBucket, serverAccessLogsPrefix: `Stack/${id}/` }));
    }],
    ['buckets that the defaults have log to it', (stack) => {
      PropertyInjectors.of(stack).add(new SecureBucketDefaults());
      ['A', 'B', 'C'].forEach((id) => new s3.Bucket(stack, id));
    }],
    ['SecureBuckets', (stack) => ['A', 'B', 'C'].forEach((id) => new SecureBucket(stack, id))],
  ])('S3 delivers the logs of all %s', (_, make) => expect(logged(make)).toEqual(ALL));
});
