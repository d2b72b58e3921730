import { Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DeployedSite, ENV, newApp, oneStack, OTHER_ACCOUNT, PREFIXED, refusalOf, statement } from './sites';
import { AccessLogBucket, DistributionAccessLogs, OacDistribution, SecureBucket } from '../../src';
import { warnings } from '../support/apps';
import { fromAddress, INSIDE_AWS, service } from '../support/callers';
import { judge } from '../support/simulate';

const OWNER = { id: ENV.account };
const SID = 'AllowDistributionLogDelivery';

function deliverySources(site: DeployedSite): string[] {
  return site.deployment.ofType('AWS::Logs::DeliverySource').map((source) => `arn:aws:logs:us-east-1:${OWNER.id}:delivery-source:${source.property('Name')}`);
}

describe('in us-east-1, access logs are delivered to the AccessLogBucket of the stack', () => {
  let site: DeployedSite;
  let logBucketName: string;
  beforeAll(() => {
    site = new DeployedSite(oneStack().app);
    logBucketName = site.deployment.ofType('AWS::S3::Bucket').find(({ path }) => path.includes('SecureBucketAccessLogs'))!.reference('Ref')!;
  });

  test('from the distribution, by a delivery', () => {
    const [source] = site.deployment.ofType('AWS::Logs::DeliverySource');
    expect([source.property('LogType'), source.property('ResourceArn')]).toEqual(['ACCESS_LOGS', site.distributionArn()]);
    const [destination] = site.deployment.ofType('AWS::Logs::DeliveryDestination');
    expect(destination.property('DestinationResourceArn')).toBe(`arn:aws:s3:::${logBucketName}`);
    const [delivery] = site.deployment.ofType('AWS::Logs::Delivery');
    expect(delivery.property('DeliverySourceName')).toBe(source.property('Name'));
    expect(delivery.property('RecordFields')).toEqual(expect.arrayContaining(['c-ip', 'cs-uri-stem', 'sc-status', 'ssl-protocol']));
    expect(delivery.property('RecordFields')).not.toContain('cs(Cookie)');
  });

  test('once the log bucket has its policy', () => {
    const [delivery] = site.deployment.ofType('AWS::Logs::Delivery');
    const policy = site.deployment.ofType('AWS::S3::BucketPolicy').find(({ path }) => path.includes('SecureBucketAccessLogs'))!;
    expect((delivery.definition as any).DependsOn).toContain(policy.logicalId);
  });

  const WRITES: [name: string, change: { source?: string; key?: string; acl?: string; account?: string; transport?: string }, allowed: boolean][] = [
    ['the delivery of this distribution', {}, true],
    ['another delivery of the account', { source: `arn:aws:logs:us-east-1:${OWNER.id}:delivery-source:another` }, false],
    ['a delivery of another account', { account: OTHER_ACCOUNT }, false],
    ['the delivery, to another folder', { key: `AWSLogs/${OWNER.id}/elasticloadbalancing/log` }, false],
    ['the delivery, keeping the logs to itself', { acl: 'private' }, false],
    ['the delivery, over plain HTTP', { transport: 'false' }, false],
  ];

  test.each(WRITES)('%s may write to the log bucket: by an evaluator that is not ours', async (_, { source, key, acl = 'bucket-owner-full-control', account = OWNER.id, transport = 'true' }, allowed) => {
    const caller = service('delivery.logs.amazonaws.com', { account: { id: account }, arn: source ?? deliverySources(site)[0] });
    const resource = `arn:aws:s3:::${logBucketName}/${key ?? `AWSLogs/${OWNER.id}/CloudFront/EDFDVBD6EXAMPLE/2026/01/15/12/log.gz`}`;
    const changes = { 's3:x-amz-acl': acl, 'aws:SecureTransport': transport };
    expect((await judge({ caller, route: INSIDE_AWS, action: 's3:PutObject', resource, changes }, { policy: site.bucketPolicy(logBucketName), ownerAccountId: OWNER.id })).allowed).toBe(allowed);
  });

  test('and nobody else may, from anywhere', async () => {
    const request = { caller: service('cloudfront.amazonaws.com'), route: fromAddress('198.51.100.7'), action: 's3:PutObject', resource: `arn:aws:s3:::${logBucketName}/log` };
    expect((await judge(request, { policy: site.bucketPolicy(logBucketName), ownerAccountId: OWNER.id })).allowed).toBe(false);
  });
});

test('several distributions share one statement of the log bucket', () => {
  const { app, stack, bucket } = oneStack();
  new OacDistribution(stack, 'Second', { bucket });
  const site = new DeployedSite(app);
  const logs = site.deployment.ofType('AWS::S3::Bucket').find(({ path }) => path.includes('SecureBucketAccessLogs'))!.reference('Ref')!;
  const policy = site.bucketPolicy(logs);
  expect(policy.Statement.filter(({ Sid }: any) => Sid.startsWith(SID))).toHaveLength(1);
  expect(statement(policy, SID).Condition.StringEquals['aws:SourceArn']).toEqual(deliverySources(site));
});

test('a bucket, a prefix and cookies by choice', () => {
  const app = newApp();
  const stack = new Stack(app, 'Site', { env: ENV });
  new OacDistribution(stack, 'Site', { bucket: new SecureBucket(stack, 'Content', PREFIXED), logBucket: new AccessLogBucket(stack, 'Logs', { bucketName: 'site-logs' }), logFilePrefix: 'site/', logIncludesCookies: true });
  const site = new DeployedSite(app);
  const [delivery] = site.deployment.ofType('AWS::Logs::Delivery');
  expect(delivery.property('S3SuffixPath')).toBe('site/{DistributionId}/{yyyy}/{MM}/{dd}/{HH}');
  expect(delivery.property('RecordFields')).toContain('cs(Cookie)');
  expect(statement(site.bucketPolicy('site-logs'), SID)).toBeDefined();
});

test('an imported log bucket: the statement to add is in a warning', () => {
  const stack = new Stack(newApp(), 'Site', { env: ENV });
  const site = new OacDistribution(stack, 'Site', { bucket: new SecureBucket(stack, 'Content', PREFIXED), logBucket: s3.Bucket.fromBucketName(stack, 'Logs', 'existing-logs') });
  expect(warnings(site.node.findChild('AccessLogs'))).toEqual(['cdk-secure-bucket:logDeliveryNotGranted']);
});

describe('outside of us-east-1', () => {
  const env = { ...ENV, region: 'eu-west-1' };

  test('a warning says that nothing is logged, and what to do', () => {
    const { app, site } = oneStack({ env });
    app.synth();
    expect(warnings(site)).toContain('cdk-secure-bucket:noAccessLogs');
  });

  test('props on logs are refused, not dropped', () => {
    expect(refusalOf(() => oneStack({ env, logFilePrefix: 'site/' }).site)).toMatch(/set up in us-east-1, and the stack's Region is eu-west-1[^]*DistributionAccessLogs/);
  });

  test('DistributionAccessLogs in a stack of us-east-1 logs, with a bucket of either Region', () => {
    for (const logsIn of ['eu-west-1', 'us-east-1']) {
      const app = newApp();
      const stack = new Stack(app, 'Site', { env, crossRegionReferences: true });
      const site = new OacDistribution(stack, 'Site', { bucket: new SecureBucket(stack, 'Content', PREFIXED) });
      const logsStack = new Stack(app, 'SiteLogs', { env: ENV, crossRegionReferences: true });
      const logBucket = logsIn === 'us-east-1' ? undefined : new AccessLogBucket(stack, 'Logs', { ...PREFIXED, bucketNamePrefix: 'logs' });
      new DistributionAccessLogs(logsStack, 'Logs', { distribution: site, logBucket });
      app.synth();
      expect(warnings(site)).not.toContain('cdk-secure-bucket:noAccessLogs');
    }
  });
});

describe('logs that would not arrive are refused', () => {
  function logsOf(region: string | undefined, props: (stack: Stack) => { logBucket?: s3.IBucket } = () => ({})): string {
    const app = newApp();
    const stack = new Stack(app, 'Logs', { env: region ? { ...ENV, region } : {} });
    const distribution = new cloudfront.Distribution(stack, 'Site', { defaultBehavior: { origin: new origins.HttpOrigin('www.example.com') } });
    return refusalOf(() => new DistributionAccessLogs(stack, 'AccessLogs', { distribution, ...props(stack) }));
  }

  test.each([
    ['another Region', logsOf('eu-west-1'), /Region is eu-west-1[^]*env.region 'us-east-1'/],
    ['a Region that is not known', logsOf(undefined), /Region is not known/],
    ['a bucket encrypted with KMS', logsOf('us-east-1', (stack) => ({ logBucket: new SecureBucket(stack, 'Bucket') })), /encrypted with KMS/],
    ['a bucket of another account', logsOf('us-east-1', (stack) => ({ logBucket: s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'logs', account: OTHER_ACCOUNT }) })), /in account 444455556666/],
  ])('to %s', (_, message, expected) => {
    expect(message).toMatch(expected);
  });

  test('twice', () => {
    const { stack, site } = oneStack();
    expect(refusalOf(() => new DistributionAccessLogs(stack, 'Again', { distribution: site }))).toMatch(/delivered already/);
  });

  test('but a distribution of the L2 in us-east-1 is logged', () => {
    expect(logsOf('us-east-1')).toBe('');
  });
});
