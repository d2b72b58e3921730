import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ses from 'aws-cdk-lib/aws-ses';
import * as actions from 'aws-cdk-lib/aws-ses-actions';
import { BUCKET_ARN, PERIMETERS, STRANGER, STRICT, uploadsOf } from './delivered';
import { AccessEvaluator, DeliverySource, SecureBucket, SecureBucketProps } from '../../../src';
import { synthesizedTemplates } from '../../../src/checks/app-templates';
import { NEW_APP_FLAGS, policyStatements, PRODUCER, testStack } from '../../support/apps';
import { guarantees } from '../../support/proofs';

/** What the CDK sets up by itself. */
const SET_UP: Record<string, (stack: Stack, bucket: SecureBucket) => void> = {
  's3-inventory': (stack, bucket) => new s3.Bucket(stack, 'Source', { bucketName: 'example' }).addInventory({ destination: { bucket, prefix: 'reports' } }),
  'vpc-flow-logs': (stack, bucket) => new ec2.Vpc(stack, 'Vpc', { natGateways: 0 }).addFlowLog('Logs', { destination: ec2.FlowLogDestination.toS3(bucket) }),
  'network-load-balancer-logs': (stack, bucket) => new elbv2.NetworkLoadBalancer(stack, 'Balancer', { vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0 }) }).logAccessLogs(bucket),
  'ses': (stack, bucket) => new ses.ReceiptRuleSet(stack, 'Rules', { rules: [{ actions: [new actions.S3({ bucket, objectKeyPrefix: 'reports/' })] }] }),
};

function setUp(name: string, props: SecureBucketProps) {
  const app = new App({ analyticsReporting: false, context: NEW_APP_FLAGS });
  const stack = new Stack(app, 'Stack', { env: PRODUCER });
  const bucket = new SecureBucket(stack, 'Logs', props);
  SET_UP[name](stack, bucket);
  Template.fromStack(stack); // throws if resources wait for each other in a circle
  const evaluator = AccessEvaluator._of(synthesizedTemplates(app));
  return { stack, bucket, evaluator };
}

describe.each<[string, SecureBucketProps]>([['uploads may ask for nothing', PERIMETERS], ['uploads have to name the key', STRICT]])('to a SecureBucket with every perimeter, where %s', (_, props) => {
  test.each(Object.keys(SET_UP))('%s is delivered without a call, and not for another account', (name) => {
    const { bucket, evaluator } = setUp(name, props);
    const outcome = (account: string) => uploadsOf(name, undefined, account).map(({ service: principal, source, headers }) => evaluator.decide({
      principal, action: 's3:PutObject', resource: `${BUCKET_ARN}/${uploadsOf(name, undefined)[0].key}`, context: { ...source, ...headers },
    }).outcome);
    expect(outcome(PRODUCER.account)).toEqual(['allowed']);
    expect(outcome(STRANGER)).toEqual(['denied']);
    expect(guarantees(bucket).filter((line) => !line.startsWith('holds: '))).toEqual([]);
  });
});

test('what a Network Load Balancer writes is confined, and what is for other load balancers is left out', () => {
  const { stack } = setUp('network-load-balancer-logs', PERIMETERS);
  const allows = policyStatements(stack, 'LogsPolicy').filter(({ Effect }) => Effect === 'Allow');
  expect(allows.map(({ Principal, Action }) => [Principal, Action])).toEqual([[{ Service: 'delivery.logs.amazonaws.com' }, 's3:PutObject'], [{ Service: 'delivery.logs.amazonaws.com' }, 's3:GetBucketAcl']]);
  expect(allows.map(({ Condition }) => Condition.StringEquals['aws:SourceAccount'])).toEqual([[PRODUCER.account], [PRODUCER.account]]);
});

function keyStatements(stack: Stack): any[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key')).flatMap(({ Properties }) => Properties.KeyPolicy.Statement).filter(({ Principal }) => Principal.Service);
}

function allow(service: string, bucket: s3.IBucket, conditions: Record<string, object> = {}, action = 's3:PutObject'): iam.PolicyStatement {
  return new iam.PolicyStatement({ principals: [new iam.ServicePrincipal(service)], actions: [action], resources: [bucket.arnForObjects('*')], conditions });
}

describe('the key', () => {
  test.each<[string, string, string]>([
    ['CloudTrail, which brings its own key', 'cloudtrail.amazonaws.com', 's3:PutObject'],
    ['CloudFront, which a distribution lets use the key', 'cloudfront.amazonaws.com', 's3:PutObject'],
    ['a service of which nothing is known', 'appflow.amazonaws.com', 's3:PutObject'],
    ['who does not write', 'config.amazonaws.com', 's3:GetObject'],
  ])('is not opened to %s', (_, service, action) => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Logs');
    bucket.addToResourcePolicy(allow(service, bucket, {}, action));
    expect(keyStatements(stack)).toEqual([]);
  });

  test('is always confined to an account and to S3, whatever the statement of the bucket says', () => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Logs', { bucketName: 'central-logs' });
    bucket.addToResourcePolicy(allow('config.amazonaws.com', bucket));
    const [{ Condition, ...statement }, ...others] = keyStatements(stack);
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Sid: 'AllowConfig', Action: ['kms:Decrypt', 'kms:GenerateDataKey'] });
    expect(Condition.StringEquals).toEqual({ 'aws:SourceAccount': PRODUCER.account });
    expect(JSON.stringify(Condition.StringLike['kms:EncryptionContext:aws:s3:arn'])).toContain(':s3:::central-logs"');
  });

  test('is opened once for a delivery that is allowed and set up', () => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Logs', { bucketName: 'central-logs' });
    const conditions = { StringEquals: { 'aws:SourceAccount': stack.account }, ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'logs', resource: '*', region: '*', resourceName: undefined }) } };
    bucket.addToResourcePolicy(allow('delivery.logs.amazonaws.com', bucket, conditions));
    bucket.addToResourcePolicy(allow('delivery.logs.amazonaws.com', bucket, conditions));
    expect(keyStatements(stack).map(({ Sid }) => Sid)).toEqual(['AllowVendedLogs', 'AllowVendedLogsKey']);
  });

  test('that is imported is handed over', () => {
    const stack = testStack();
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:444455556666:key/11111111-2222-3333-4444-555555555555');
    const bucket = new SecureBucket(stack, 'Logs', { bucketName: 'central-logs', encryptionKey });
    bucket.addToResourcePolicy(allow('config.amazonaws.com', bucket));
    expect(Object.values(Template.fromStack(stack).findOutputs('*')).map(({ Value }) => JSON.stringify(Value)).join()).toContain('config.amazonaws.com');
  });
});

describe('the key is opened for those for whom the bucket is', () => {
  const ELSEWHERE = { account: '444455556666', region: PRODUCER.region };
  const reports = (stack: Stack) => new SecureBucket(stack, 'Logs', { bucketName: 'central-logs' });
  const conditionsOf = (stack: Stack, sid: string) => keyStatements(stack).find(({ Sid }) => Sid === sid)?.Condition;

  test('the account of a bucket of the app on which S3 reports', () => {
    const stack = testStack();
    const bucket = reports(stack);
    new s3.Bucket(new Stack(stack.node.root, 'Elsewhere', { env: ELSEWHERE }), 'Source', { bucketName: 'example' }).addInventory({ destination: { bucket } });
    expect(conditionsOf(stack, 'AllowS3Inventory').StringEquals).toEqual({ 'aws:SourceAccount': ELSEWHERE.account });
  });

  test('the account of a bucket of the app, where the delivery is allowed by hand', () => {
    const stack = testStack();
    const bucket = reports(stack);
    const source = new s3.Bucket(new Stack(stack.node.root, 'Elsewhere', { env: ELSEWHERE }), 'Source', { bucketName: 'example' });
    bucket.allowDelivery(DeliverySource.s3Inventory({ sourceBuckets: [source] }));
    expect(conditionsOf(stack, 'AllowS3Inventory').StringEquals).toEqual({ 'aws:SourceAccount': ELSEWHERE.account });
    expect(policyStatements(stack, 'LogsPolicy').find(({ Sid }) => Sid === 'AllowS3Inventory').Condition.StringEquals).toMatchObject({ 'aws:SourceAccount': ELSEWHERE.account });
  });

  test('the account in the ARN of the source', () => {
    const stack = testStack();
    const bucket = reports(stack);
    bucket.addToResourcePolicy(allow('delivery.logs.amazonaws.com', bucket, { ArnLike: { 'aws:SourceArn': `arn:aws:logs:*:${ELSEWHERE.account}:*` } }));
    expect(conditionsOf(stack, 'AllowVendedLogs').StringEquals).toEqual({ 'aws:SourceAccount': ELSEWHERE.account });
  });

  test.each<[string, Record<string, Record<string, unknown>>]>([
    ['an organization', { StringEquals: { 'aws:SourceOrgID': 'o-exampleorgid' } }],
    ['a unit of an organization', { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-exampleorgid/r-ab12/ou-ab12-11111111/*' } }],
  ])('%s', (_, organization) => {
    const stack = testStack();
    const bucket = reports(stack);
    bucket.addToResourcePolicy(allow('config.amazonaws.com', bucket, organization));
    const { StringLike, ...conditions } = conditionsOf(stack, 'AllowConfig');
    expect(conditions).toEqual(organization);
    expect(Object.keys(StringLike)).toEqual(['kms:EncryptionContext:aws:s3:arn']);
  });

  test('the accounts that are named, where an organization is named beside', () => {
    const stack = testStack();
    const bucket = reports(stack);
    bucket.addToResourcePolicy(allow('config.amazonaws.com', bucket, { StringEquals: { 'aws:SourceOrgID': 'o-exampleorgid', 'aws:SourceAccount': PRODUCER.account } }));
    expect(conditionsOf(stack, 'AllowConfig').StringEquals).toEqual({ 'aws:SourceAccount': PRODUCER.account });
  });
});

describe('a key of two buckets', () => {
  const shared = (names: readonly (string | undefined)[], open: (bucket: SecureBucket) => void) => {
    const stack = testStack();
    const encryptionKey = new kms.Key(stack, 'Key', { enableKeyRotation: true });
    names.forEach((bucketName, at) => open(new SecureBucket(stack, `Logs${at}`, { bucketName, encryptionKey })));
    return keyStatements(stack);
  };

  test.each<[string, (bucket: SecureBucket) => void]>([
    ['by a call', (bucket) => bucket.allowDelivery(DeliverySource.vpcFlowLogs())],
    ['by a statement', (bucket) => void bucket.addToResourcePolicy(allow('delivery.logs.amazonaws.com', bucket))],
  ])('is opened for both %s, under Sids of their own', (_, open) => {
    const sids = shared(['one-logs', 'two-logs'], open).map(({ Sid }) => Sid);
    expect(sids).toHaveLength(3); // what has no encryption context is the same for both
    expect(new Set(sids).size).toBe(sids.length);
  });

  test('is opened once where both are named at deployment only', () => {
    expect(shared([undefined, undefined], (bucket) => bucket.allowDelivery(DeliverySource.vpcFlowLogs()))).toHaveLength(2);
  });
});
