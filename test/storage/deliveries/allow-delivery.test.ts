import { App, CfnParameter, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DeliveredApp, PERIMETERS, STRICT } from './delivered';
import { AccessLogBucket, DeliverySource, EncryptionEnforcement, RequireEncryption, SecureBucket, SecureBucketChecks, SecureBucketProps } from '../../../src';
import { Inventory } from '../../../src/access/inventory';
import { synthesizedTemplates } from '../../../src/checks/app-templates';
import { encryptedUploads } from '../../../src/guarantees/uploads';
import { prove } from '../../../src/proof/prove';
import { deploymentOf } from '../../../src/template/deployment-of';
import { policyStatements, PRODUCER, synthesisErrors, testStack, warnings } from '../../support/apps';
import { guarantees } from '../../support/proofs';

const NAMED: SecureBucketProps = { bucketName: 'central-logs' };
const KEY_ARN = 'arn:aws:kms:eu-west-1:444455556666:key/11111111-2222-3333-4444-555555555555';

function keyStatements(stack: Stack): any[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'))[0].Properties.KeyPolicy.Statement;
}

function delivered(source: DeliverySource, props: SecureBucketProps = NAMED, stack = testStack()): { stack: Stack; bucket: SecureBucket } {
  const bucket = new SecureBucket(stack, 'Logs', props);
  bucket.allowDelivery(source);
  return { stack, bucket };
}

describe('what is written', () => {
  test('bucket and key are confined to the same sources, the key to this bucket', () => {
    const { stack } = delivered(DeliverySource.config());
    const account = { 'aws:SourceAccount': PRODUCER.account };
    const source = { 'aws:SourceArn': expect.objectContaining({ 'Fn::Join': expect.anything() }) };
    expect(policyStatements(stack, 'LogsPolicy').find(({ Sid }) => Sid === 'AllowConfig')).toMatchObject({
      Principal: { Service: 'config.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: { 'Fn::Join': ['', [expect.anything(), '/AWSLogs/111122223333/Config/*']] },
      Condition: { StringEquals: { ...account, 's3:x-amz-acl': 'bucket-owner-full-control' }, ArnLike: source },
    });
    expect(keyStatements(stack).find(({ Sid }) => Sid === 'AllowConfig')).toMatchObject({
      Principal: { Service: 'config.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Condition: {
        StringEquals: account,
        ArnLike: source,
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::central-logs']] }, expect.anything()] },
      },
    });
  });

  test('once, however often it is asked for, and again for another prefix', () => {
    const { stack, bucket } = delivered(DeliverySource.vpcFlowLogs());
    bucket.allowDelivery(DeliverySource.vpcFlowLogs());
    const allows = () => policyStatements(stack, 'LogsPolicy').filter(({ Effect }) => Effect === 'Allow').map(({ Sid }) => Sid);
    bucket.allowDelivery(DeliverySource.vpcFlowLogs({ prefix: 'other' }));
    expect(allows()).toEqual(['AllowVpcFlowLogs', 'AllowVpcFlowLogsBucket', 'AllowVpcFlowLogs2']);
    expect(keyStatements(stack).filter(({ Sid }) => Sid?.startsWith('AllowVpc'))).toHaveLength(2); // what has an encryption context, and kms:DescribeKey
  });

  test.each<[string, string | undefined, string]>([
    ['none', undefined, '/AWSLogs/111122223333/*'],
    ['one', 'flow', '/flow/AWSLogs/111122223333/*'],
    ['one with a slash', 'flow/', '/flow/AWSLogs/111122223333/*'],
  ])('objects under a prefix: %s', (_, prefix, expected) => {
    const { stack } = delivered(DeliverySource.vpcFlowLogs({ prefix }));
    expect(JSON.stringify(policyStatements(stack, 'LogsPolicy').find(({ Sid }) => Sid === 'AllowVpcFlowLogs').Resource)).toContain(`"${expected}"`);
  });

  test('for the accounts and Regions that are named', () => {
    const { stack } = delivered(DeliverySource.vpcFlowLogs({ sourceAccounts: ['444455556666', '555566667777'], sourceRegions: ['us-east-1'] }));
    const { Condition, Resource } = policyStatements(stack, 'LogsPolicy').find(({ Sid }) => Sid === 'AllowVpcFlowLogs');
    expect(Condition.StringEquals['aws:SourceAccount']).toEqual(['444455556666', '555566667777']);
    expect(JSON.stringify(Condition.ArnLike)).toMatch(/:logs:us-east-1:444455556666:\*.*:logs:us-east-1:555566667777:\*/);
    expect(JSON.stringify(Resource)).toMatch(/AWSLogs\/444455556666\/\*.*AWSLogs\/555566667777\/\*/);
  });

  test.each<[string, string | undefined, string[]]>([
    ['of the usual Region', 'eu-west-1', ['macie.amazonaws.com']],
    ['of a Region that has to be enabled', 'eu-south-1', ['macie.eu-south-1.amazonaws.com']],
  ])('for the principal %s', (_, region, expected) => {
    const { stack } = delivered(DeliverySource.macie(), NAMED, testStack({ env: { account: PRODUCER.account, region } }));
    expect([policyStatements(stack, 'LogsPolicy').find(({ Sid }) => Sid === 'AllowMacie').Principal.Service].flat()).toEqual(expected);
  });

  test('for the principals of all Regions that are named', () => {
    const { stack } = delivered(DeliverySource.cloudWatchLogsExport({ sourceRegions: ['eu-west-1'] }));
    expect(policyStatements(stack, 'LogsPolicy').find(({ Sid }) => Sid === 'AllowCloudwatchLogsExport').Principal.Service).toBe('logs.eu-west-1.amazonaws.com');
    const macie = delivered(DeliverySource.macie({ sourceRegions: ['eu-west-1', 'eu-south-1'] }));
    expect(policyStatements(macie.stack, 'LogsPolicy').find(({ Sid }) => Sid === 'AllowMacie').Principal.Service).toEqual(['macie.amazonaws.com', 'macie.eu-south-1.amazonaws.com']);
  });

  test('a service of which the table knows nothing', () => {
    const app = new DeliveredApp(DeliverySource.service({ service: 'appflow.amazonaws.com', sourceArns: ['arn:aws:appflow:eu-west-1:111122223333:flow/sales'], prefix: 'sales/' }), STRICT);
    const upload = {
      service: 'appflow.amazonaws.com',
      key: 'sales/1',
      source: { 'aws:SourceAccount': PRODUCER.account, 'aws:SourceOrgID': 'o-exampleorgid', 'aws:SourceArn': 'arn:aws:appflow:eu-west-1:111122223333:flow/sales' },
      headers: { 's3:x-amz-server-side-encryption': null },
    };
    expect(app.decide(upload)).toBe('allowed');
    expect(app.decide({ ...upload, key: 'other/1' })).toBe('denied');
    expect(app.decide({ ...upload, source: { ...upload.source, 'aws:SourceArn': 'arn:aws:appflow:eu-west-1:111122223333:flow/other' } })).toBe('denied');
    expect(() => DeliverySource.service({ service: 'appflow.amazonaws.com', sourceArns: [] })).toThrow("DeliverySource: 'sourceArns' names nothing, so that anybody could have the service deliver for them.");
  });
});

describe('the key', () => {
  test('of a bucket whose name is known at deployment only does not refer to the bucket: its template would be a circle', () => {
    const { stack, bucket } = delivered(DeliverySource.s3Inventory({ sourceBuckets: [new s3.Bucket(testStack(), 'Elsewhere')] }), {});
    const { Condition } = keyStatements(stack).find(({ Sid }) => Sid === 'AllowS3Inventory');
    expect(Condition.StringLike).toEqual({ 'kms:EncryptionContext:aws:s3:arn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::*']] } });
    expect(warnings(bucket)).toEqual([]); // nothing else is encrypted with the bucket's own key
  });

  test('that other buckets may share is warned of, if the name of the bucket is known at deployment only', () => {
    const stack = testStack();
    const encryptionKey = new kms.Key(stack, 'Shared', { enableKeyRotation: true });
    expect(warnings(delivered(DeliverySource.config(), { encryptionKey }, stack).bucket)).toEqual(['cdk-secure-bucket:deliveryKeyNotConfined']);
    expect(synthesisErrors(stack)).toBe('');
  });

  test('a bucket can report on itself', () => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Logs');
    bucket.allowDelivery(DeliverySource.s3Inventory({ sourceBuckets: [bucket] }));
    Template.fromStack(stack); // throws if resources wait for each other in a circle
  });

  test('that is imported is handed over: one output for all deliveries, with a warning', () => {
    const stack = testStack();
    const { bucket } = delivered(DeliverySource.config(), { ...NAMED, encryptionKey: kms.Key.fromKeyArn(stack, 'Central', KEY_ARN) }, stack);
    bucket.allowDelivery(DeliverySource.vpcFlowLogs());
    expect(warnings(bucket)).toEqual(expect.arrayContaining(['cdk-secure-bucket:handedOverKeyPolicy']));
    const outputs = Object.values(Template.fromStack(stack).findOutputs('*')).map(({ Value }) => JSON.stringify(Value));
    expect(outputs).toHaveLength(1);
    expect(outputs[0]).toMatch(/config\.amazonaws\.com.*AllowConfig.*delivery\.logs\.amazonaws\.com.*AllowVpcFlowLogs/);
  });

  test('behind an alias of the app is the one that is written to', () => {
    const stack = testStack();
    const key = new kms.Key(stack, 'Key', { enableKeyRotation: true });
    delivered(DeliverySource.config(), { ...NAMED, encryptionKey: new kms.Alias(stack, 'Alias', { aliasName: 'alias/logs', targetKey: key }) }, stack);
    expect(keyStatements(stack).map(({ Sid }) => Sid)).toContain('AllowConfig');
  });
});

describe('what nobody takes away', () => {
  test('the statement of the bucket', () => {
    const { stack, bucket } = delivered(DeliverySource.config());
    (bucket.policy!.node.defaultChild as s3.CfnBucketPolicy).addPropertyOverride('PolicyDocument.Statement', []);
    expect(synthesisErrors(stack)).toMatch(/AllowConfig/);
  });

  test('the statement of the key', () => {
    const { stack, bucket } = delivered(DeliverySource.config());
    (bucket.encryptionKey!.node.defaultChild as kms.CfnKey).addPropertyDeletionOverride('KeyPolicy.Statement.1.Condition');
    expect(synthesisErrors(stack)).toMatch(/AllowConfig.*allowDelivery/);
  });
});

describe('a service that does not deliver to such a bucket', () => {
  const LOCKED: s3.BucketProps = { objectLockEnabled: true, objectLockDefaultRetention: s3.ObjectLockRetention.governance(Duration.days(7)) };

  test.each<[string, () => DeliverySource, SecureBucketProps, RegExp]>([
    ['load balancers', () => DeliverySource.applicationLoadBalancerLogs(), NAMED, /SSE-S3, and this bucket is encrypted with SSE-KMS\. Deliver to an AccessLogBucket, or have CloudWatch deliver them: DeliverySource\.applicationLoadBalancerLogsThroughCloudWatch\./],
    ['CloudFront as it was before', () => DeliverySource.cloudFrontLegacyLogs(), NAMED, /need ACLs, and this bucket has them disabled\. Use standard logging v2: DeliverySource\.cloudFrontLogs\./],
    ['WAF to a bucket of another name', () => DeliverySource.wafLogs(), NAMED, /the name of the bucket must begin with 'aws-waf-logs-'\. Set 'bucketName'/],
    ['WAF to a bucket that CloudFormation names', () => DeliverySource.wafLogs(), {}, /must begin with 'aws-waf-logs-'/],
    ['WAF of another account', () => DeliverySource.wafLogs({ sourceAccounts: ['444455556666'] }), PERIMETERS, /within one account, and the bucket is in 111122223333, not in 444455556666/],
    ['exports of another Region', () => DeliverySource.cloudWatchLogsExport({ sourceRegions: ['us-east-1'] }), NAMED, /within one Region, and the bucket is in eu-west-1, not in us-east-1\. Make a bucket in each of the Regions/],
    ['exports to DSSE-KMS', () => DeliverySource.cloudWatchLogsExport(), { encryption: s3.BucketEncryption.DSSE }, /encrypted with DSSE-KMS\. Deliver to a SecureBucket with its default encryption/],
    ['Systems Manager under a retention', () => DeliverySource.systemsManagerInventory(), { ...NAMED, ...LOCKED }, /default retention \(Object Lock\)\. Leave 'objectLockDefaultRetention' out/],
  ])('%s', (_, make, props, message) => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Logs', props);
    expect(() => bucket.allowDelivery(make())).toThrow(message);
    expect(policyStatements(stack, 'LogsPolicy').filter(({ Effect }) => Effect === 'Allow')).toEqual([]);
  });

  test('findings to SSE-S3', () => {
    expect(() => new AccessLogBucket(testStack(), 'Logs').allowDelivery(DeliverySource.guardDuty())).toThrow(/SSE-KMS, and this bucket is encrypted with SSE-S3\. Deliver to a SecureBucket/);
  });

  test('a name that is known at deployment only is not decided', () => {
    const stack = testStack();
    const { bucket } = delivered(DeliverySource.wafLogs(), { bucketName: new CfnParameter(stack, 'Name').valueAsString }, stack);
    expect(warnings(bucket)).toContain('cdk-secure-bucket:deliveryNotDecided');
    const prefixed = delivered(DeliverySource.wafLogs(), { bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL, bucketNamePrefix: 'aws-waf-logs-central' });
    expect(warnings(prefixed.bucket)).toEqual([]);
  });

  test('what AWS does not document is not decided', () => {
    expect(warnings(delivered(DeliverySource.dataExports()).bucket)).toEqual(['cdk-secure-bucket:deliveryNotDecided']);
    const logs = new AccessLogBucket(testStack(), 'Logs');
    logs.allowDelivery(DeliverySource.dataExports());
    expect(warnings(logs)).toEqual([]);
  });

  test('a list of nobody', () => {
    expect(() => DeliverySource.config({ sourceAccounts: [] })).toThrow("'sourceAccounts' is empty, so that AWS Config would deliver for nobody");
    expect(() => DeliverySource.guardDuty({ detectorIds: [] })).toThrow('the list of names or ids is empty');
    expect(() => DeliverySource.cloudTrail({ trailNames: [] })).toThrow("'trailNames' names nothing");
    expect(() => DeliverySource.s3Inventory({ sourceBuckets: [] })).toThrow("'sourceBuckets' names nothing");
  });

  test.each<[string, () => DeliverySource, string]>([
    ['an account that is none', () => DeliverySource.config({ sourceAccounts: ['4444'] }), "'sourceAccounts': '4444' is not an AWS account id"],
    ['all accounts', () => DeliverySource.cloudTrail({ trailNames: ['main'], sourceAccounts: ['*'] }), "'sourceAccounts': '*' is not an AWS account id"],
    ['a Region that is none', () => DeliverySource.config({ sourceRegions: ['Europe'] }), "'sourceRegions': 'Europe' is not a Region"],
    ...['', ' ', '*', 'in/bound'].map((ruleSetName): [string, () => DeliverySource, string] =>
      [`'${ruleSetName}' for a rule set`, () => DeliverySource.sesReceiptRules({ ruleSetName }), `'ruleSetName': '${ruleSetName}' is not the name of a rule set`]),
    ['a list that is known later as a whole', () => DeliverySource.config({ sourceAccounts: Lazy.list({ produce: () => ['444455556666'] }) }), 'it is not a list of texts, each of which may be a token'],
    ['an ARN for a name', () => DeliverySource.cloudTrail({ trailNames: ['arn:aws:cloudtrail:eu-west-1:111122223333:trail/main'] }), 'is not one name or id'],
    ['a prefix with a slash before', () => DeliverySource.config({ prefix: '/config' }), "'prefix': '/config' begins with a slash"],
    ['a prefix with a wildcard', () => DeliverySource.config({ prefix: '*' }), "'prefix': '*' begins with a slash, or has wildcards"],
    ['a prefix with a variable', () => DeliverySource.config({ prefix: '${aws:username}' }), 'has wildcards or variables'],
    ['all actions', () => DeliverySource.service({ service: 'appflow.amazonaws.com', sourceArns: ['arn:aws:appflow:eu-west-1:111122223333:*'], objectActions: ['s3:*'] }), "the action 's3:*' would let a service do everything"],
    ['an id of an organization that is a pattern', () => DeliverySource.cloudTrail({ trailNames: ['main'], organizationId: 'o-*' }), "'organizationId': 'o-*' is not an organization id"],
    ['a service that is anything', () => DeliverySource.service({ service: '*', sourceArns: ['arn:aws:appflow:eu-west-1:111122223333:*'] }), "'service': '*' is not a service principal"],
    ['a source that is anything', () => DeliverySource.service({ service: 'appflow.amazonaws.com', sourceArns: ['*'] }), "'sourceArns': '*' does not say of which service"],
    [
      'a source of an account that is left out',
      () => DeliverySource.service({ service: 'appflow.amazonaws.com', sourceArns: ['arn:aws:appflow:*:444455556666:*'], sourceAccounts: ['111122223333'] }),
      "is of an account that 'sourceAccounts' leaves out",
    ],
  ])('%s is refused', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test('a service delivers for the accounts of its sources, where nothing else is said', () => {
    const { stack } = delivered(DeliverySource.service({ service: 'appflow.amazonaws.com', sourceArns: ['arn:aws:appflow:*:444455556666:*'] }));
    const [statement] = policyStatements(stack, 'LogsPolicy').filter(({ Effect }) => Effect === 'Allow');
    expect(statement.Condition.StringEquals).toEqual({ 'aws:SourceAccount': '444455556666' });
  });

  test.each<[string, string, () => DeliverySource]>([
    ['whose sources are all in a Region of another partition', 'cn-north-1', () => DeliverySource.cloudFrontLogs()],
    ['for sources in a Region of another partition', 'us-gov-west-1', () => DeliverySource.vpcFlowLogs({ sourceRegions: ['eu-west-1'] })],
  ])('a delivery %s is refused', (_, region, make) => {
    expect(() => delivered(make(), NAMED, testStack({ env: { ...PRODUCER, region } }))).toThrow(/are delivered within one partition of AWS\. .*DeliverySource\.service/);
  });

  test('reports on a bucket of another Region are refused', () => {
    const app = new App();
    const [here, there] = ['eu-west-1', 'us-east-1'].map((region) => new Stack(app, region, { env: { account: '111122223333', region } }));
    const source = new SecureBucket(there, 'Source', { bucketName: 'amzn-s3-demo-source' });
    expect(() => new SecureBucket(here, 'Reports').allowDelivery(DeliverySource.s3Inventory({ sourceBuckets: [source] })))
      .toThrow('are delivered within one Region, and the bucket is in eu-west-1, not in us-east-1');
  });
});

describe('the upload guardrail', () => {
  /** Whether the policy keeps that nothing is spared at all. */
  function nothingIsSpared(stack: Stack, isHeaderRequired: boolean): string {
    const inventory = new Inventory(deploymentOf(synthesizedTemplates(stack.node.root)));
    const { policies: [{ policy }], facts } = inventory.bucketNamed('arn:aws:s3:::central-logs')!;
    const [key] = inventory.deployment.ofType('AWS::KMS::Key');
    return prove(policy!, encryptedUploads(['aws:kms'], key.reference('Arn')!, isHeaderRequired), facts).verdict;
  }

  test.each<[string, SecureBucketProps, boolean, () => DeliverySource, string]>([
    ['spares what a trail sends', NAMED, false, () => DeliverySource.cloudTrail({ trailNames: ['main'] }), 'broken'],
    ['spares uploads without the header, where it is required', { ...NAMED, encryptionEnforcement: EncryptionEnforcement.REQUIRE_HEADER }, true, () => DeliverySource.config(), 'broken'],
    ['spares nothing for those who send nothing, where that is allowed', NAMED, false, () => DeliverySource.config(), 'holds'],
    ['spares nothing for those who name the key', { ...NAMED, encryptionEnforcement: EncryptionEnforcement.REQUIRE_HEADER }, true, () => DeliverySource.guardDuty(), 'holds'],
  ])('%s', (_, props, isHeaderRequired, make, verdict) => {
    const { stack, bucket } = delivered(make(), props);
    (stack.node.root as App).synth();
    expect(nothingIsSpared(stack, isHeaderRequired)).toBe(verdict);
    expect(guarantees(bucket).filter((line) => !line.startsWith('holds: '))).toEqual([]);
  });

  test('spares both kinds side by side, and deliveries that come later', () => {
    const { stack, bucket } = delivered(DeliverySource.cloudTrail({ trailNames: ['main'] }), { ...NAMED, encryptionEnforcement: EncryptionEnforcement.REQUIRE_HEADER });
    bucket.allowDelivery(DeliverySource.config());
    bucket.allowDelivery(DeliverySource.cloudTrail({ trailNames: ['second'] }));
    bucket.with(new RequireEncryption()); // another one, which is enforced after the deliveries
    expect(synthesisErrors(stack)).toBe('');
    const lines = guarantees(bucket);
    expect(lines.filter((line) => !line.startsWith('holds: '))).toEqual([]);
    expect(lines.find((line) => line.includes('and say so'))).toMatch(/uploads with SSE-S3 by cloudtrail\.amazonaws\.com for \S+trail\/main or \S+trail\/second and uploads that say nothing by config\.amazonaws\.com/);
    const sids = policyStatements(stack, 'LogsPolicy').map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
  });
});

describe('the rule pack', () => {
  const violations = (app: App) => new SecureBucketChecks(app).validateScope(app).violations.map(({ ruleName, description }) => `${ruleName} ${description}`);

  test('has nothing to say', () => {
    const { app, stack } = newStack();
    const bucket = new SecureBucket(stack, 'Logs', PERIMETERS);
    [DeliverySource.config(), DeliverySource.vpcFlowLogs(), DeliverySource.cloudTrail({ trailNames: ['main'] }), DeliverySource.guardDuty(), DeliverySource.wafLogs(), DeliverySource.sesReceiptRules()]
      .forEach((source) => bucket.allowDelivery(source));
    new AccessLogBucket(stack, 'Access', { bucketName: 'access' }).allowDelivery(DeliverySource.applicationLoadBalancerLogs());
    expect(violations(app)).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    ['a service for any source', { StringNotEquals: { 'aws:PrincipalServiceName': 'cloudtrail.amazonaws.com' } }, ['SecureBucket-UploadEncryption']],
    ['a source for any service', { ArnNotLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/main' } }, ['SecureBucket-UploadEncryption']],
    ['nobody', {}, []],
  ])('says so if a policy spares %s', (_, spare, expected) => {
    const { app, stack } = newStack();
    const key = new kms.Key(stack, 'Key', { enableKeyRotation: true });
    const bucket = new s3.Bucket(stack, 'Logs', { encryptionKey: key });
    const [ALGORITHM, KEY_ID] = ['s3:x-amz-server-side-encryption', 's3:x-amz-server-side-encryption-aws-kms-key-id'];
    const deny = (conditions: object) => bucket.addToResourcePolicy(new iam.PolicyStatement({
      effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')], conditions: conditions as any,
    }));
    deny({ StringNotEquals: { [ALGORITHM]: ['aws:kms', 'AES256'] }, Null: { [ALGORITHM]: 'false' } });
    deny({ StringEquals: { [ALGORITHM]: 'AES256' }, ...spare });
    deny({ StringNotEquals: { [KEY_ID]: key.keyArn }, Null: { [KEY_ID]: 'false' } });
    deny({ StringNotEquals: { [ALGORITHM]: 'AES256' }, Null: { [ALGORITHM]: 'false', [KEY_ID]: 'true' } });
    expect(violations(app).filter((line) => line.includes('UploadEncryption')).map((line) => line.split(' ')[0])).toEqual(expected);
  });

  function newStack() {
    const app = new App();
    return { app, stack: new Stack(app, 'Stack', { env: PRODUCER }) };
  }
});
