import { App, Aspects, CfnElement, CfnParameter, Fn, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { isRecorded, TrailEvent } from './recorded-events';
import { AccessEvaluator, AuditTrail, BucketDataEvents, BucketDataEventsProps, CreatedTrailProps, SecureBucket, SharedDatasetAccessPoint, TrailLogBucket } from '../../src';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
import { NEW_APP_FLAGS, PRODUCER, synthesisErrors, testStack, warnings } from '../support/apps';

const TRAIL = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit';
const PERIMETERS = { network: { vpcEndpointIds: ['vpce-0abc123def4567890'] }, organization: { organizationIds: ['o-exampleorgid'] } };

const readOf = (arn: string): TrailEvent => ({ eventCategory: 'Data', eventSource: 's3.amazonaws.com', readOnly: true, resources: [{ type: 'AWS::S3::Object', ARN: arn }] });
const READ = readOf('arn:aws:s3:::data/orders.csv');
const WRITE: TrailEvent = { ...READ, readOnly: false };
const BUCKET_POLICY_PUT: TrailEvent = { eventCategory: 'Management', eventSource: 's3.amazonaws.com', readOnly: false, resources: [{ type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::data' }] };
const ENDPOINT_DENIAL: TrailEvent = { eventCategory: 'NetworkActivity', eventSource: 's3.amazonaws.com', readOnly: true, errorCode: 'VpceAccessDenied' };
const THROUGH_ACCESS_POINT: TrailEvent = {
  ...READ,
  resources: [
    { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::data/orders.csv' },
    { type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::data' },
    { type: 'AWS::S3::AccessPoint', ARN: 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team' },
  ],
};

function dataBucket(stack: Stack): s3.Bucket {
  return new s3.Bucket(stack, 'Data', { bucketName: 'data' });
}

/** The selectors of the only trail of a stack, with the one bucket's name in them. */
function selectorsOf(stack: Stack): any[] {
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudTrail::Trail'));
  const text = JSON.stringify(Properties.AdvancedEventSelectors, (_, value) => {
    const [, parts] = value?.['Fn::Join'] ?? [];
    return parts ? `${parts[0]['Fn::GetAtt'] ? 'arn:aws:s3:::data' : ''}${parts.slice(1).join('')}` : value;
  });
  return JSON.parse(text);
}

function recordedBy(props: Partial<BucketDataEventsProps> = {}): (event: TrailEvent) => boolean {
  const stack = testStack();
  new BucketDataEvents(stack, 'Events', { buckets: [dataBucket(stack)], trail: AuditTrail.create({ trailName: 'audit' }), ...props });
  expect(synthesisErrors(stack)).toBe('');
  const selectors = selectorsOf(stack);
  return (event) => isRecorded(event, selectors);
}

describe('a trail of its own', () => {
  const recorded = recordedBy();

  test.each<[string, TrailEvent]>([['reads', READ], ['writes', WRITE], ['requests through an access point', THROUGH_ACCESS_POINT], ['management events', BUCKET_POLICY_PUT]])('records %s', (_, event) => {
    expect(recorded(event)).toBe(true);
  });

  test.each<[string, TrailEvent]>([
    ['objects of a bucket whose name begins alike', readOf('arn:aws:s3:::data-2/orders.csv')],
    ['objects of other buckets', readOf('arn:aws:s3:::other/data/orders.csv')],
    ['other kinds of data events', { ...READ, resources: [{ type: 'AWS::Lambda::Function', ARN: 'arn:aws:s3:::data/x' }] }],
    ['denials of endpoints', ENDPOINT_DENIAL],
  ])('does not record %s', (_, event) => {
    expect(recorded(event)).toBe(false);
  });
});

test('records reads alone, or writes alone, by choice', () => {
  const events = [READ, WRITE, BUCKET_POLICY_PUT];
  expect(events.map(recordedBy({ access: cloudtrail.ReadWriteType.READ_ONLY }))).toEqual([true, false, true]);
  expect(events.map(recordedBy({ access: cloudtrail.ReadWriteType.WRITE_ONLY }))).toEqual([false, true, true]);
});

test('records what endpoint policies deny, by choice, and nothing else of networks', () => {
  const recorded = recordedBy({ recordEndpointDenials: true });
  expect([ENDPOINT_DENIAL, { ...ENDPOINT_DENIAL, errorCode: '' }, { ...ENDPOINT_DENIAL, eventSource: 'kms.amazonaws.com' }].map(recorded)).toEqual([true, false, false]);
});

test('the template of a trail of its own', () => {
  const stack = testStack();
  new BucketDataEvents(stack, 'Events', { buckets: [dataBucket(stack)] });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudTrail::Trail'));
  expect(Properties).toMatchSnapshot();
});

describe('deliveries arrive', () => {
  const IN_PERIMETERS = (stack: Stack) => ({ logBucket: new TrailLogBucket(stack, 'TrailLogs', { trailName: 'audit', bucketName: 'audit-logs', ...PERIMETERS }) });

  /** Whether CloudTrail may write a log file, and use the key of the bucket for it. */
  function deliver(trailProps: (stack: Stack) => CreatedTrailProps, source: Record<string, string> = {}): string {
    const app = new App({ analyticsReporting: false, context: NEW_APP_FLAGS });
    const stack = new Stack(app, 'Audit', { env: PRODUCER });
    const data = new SecureBucket(stack, 'Data', { bucketName: 'data', ...PERIMETERS });
    const { logBucket } = new BucketDataEvents(stack, 'Events', { buckets: [data], trail: AuditTrail.create(trailProps(stack)) });
    expect(synthesisErrors(stack)).toBe('');
    const evaluator = AccessEvaluator._of(synthesizedTemplates(app));
    const arnOf = (type: string, resource: IConstruct | undefined) => evaluator._model.deployment.ofType(type)
      .find(({ logicalId }) => logicalId === stack.getLogicalId(resource as CfnElement))!.reference('Arn')!;
    const context = {
      'aws:SourceArn': TRAIL,
      'aws:SourceAccount': PRODUCER.account,
      's3:x-amz-acl': 'bucket-owner-full-control',
      'kms:EncryptionContext:aws:cloudtrail:arn': TRAIL,
      's3:x-amz-server-side-encryption': 'aws:kms',
      's3:x-amz-server-side-encryption-aws-kms-key-id': arnOf('AWS::KMS::Key', logBucket!.encryptionKey!.node.defaultChild),
      ...source,
    };
    const resource = `${arnOf('AWS::S3::Bucket', logBucket!.node.defaultChild)}/AWSLogs/${PRODUCER.account}/CloudTrail/us-east-1/2026/01/01/log.json.gz`;
    return evaluator.decide({ principal: 'cloudtrail.amazonaws.com', action: 's3:PutObject', resource, context }).outcome;
  }

  test.each<[string, (stack: Stack) => CreatedTrailProps]>([['a bucket of its own', () => ({ trailName: 'audit' })], ['one within perimeters', IN_PERIMETERS]])('in %s, encrypted with its key', (_, props) => {
    expect(deliver(props)).toBe('allowed');
    expect(deliver(props, { 'aws:SourceArn': `${TRAIL}-2` })).toBe('denied');
  });
});

test('leaves the rule pack nothing to say of its trail and its bucket', () => {
  const stack = testStack(undefined, { context: NEW_APP_FLAGS });
  new BucketDataEvents(stack, 'Events', { buckets: [new SecureBucket(stack, 'Data')], trail: AuditTrail.create({ organizationId: 'o-exampleorgid' }) });
  expect(judge(deploymentOf(synthesizedTemplates(stack.node.root as App))).map(({ rule, problem }) => `${rule.id}: ${problem}`)).toEqual([]);
  Template.fromStack(stack).hasResourceProperties('AWS::CloudTrail::Trail', { IsOrganizationTrail: true, IsMultiRegionTrail: true, EnableLogFileValidation: true });
});

test('an access point of a bucket takes nothing away', () => {
  const stack = testStack();
  const data = new SecureBucket(stack, 'Data', { bucketName: 'data' });
  new SharedDatasetAccessPoint(stack, 'Team', { bucket: data, accessPointName: 'team' });
  new BucketDataEvents(stack, 'Events', { buckets: [data] });
  expect(synthesisErrors(stack)).toBe('');
  expect(isRecorded(THROUGH_ACCESS_POINT, selectorsOf(stack))).toBe(true);
});

describe('a trail of the app', () => {
  test('records the buckets beside management events, for one BucketDataEvents as for two', () => {
    const stack = testStack();
    const trail = new cloudtrail.Trail(stack, 'Trail');
    const other = s3.Bucket.fromBucketName(stack, 'Other', 'other');
    new BucketDataEvents(stack, 'One', { buckets: [dataBucket(stack)], trail: AuditTrail.fromTrail(trail) });
    new BucketDataEvents(stack, 'Two', { buckets: [other], trail: AuditTrail.fromTrail(trail), access: cloudtrail.ReadWriteType.WRITE_ONLY });
    expect(synthesisErrors(stack)).toBe('');
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudTrail::Trail'));
    expect(Properties.AdvancedEventSelectors).toHaveLength(3);
    expect([READ, BUCKET_POLICY_PUT].map((event) => isRecorded(event, selectorsOf(stack)))).toEqual([true, true]);
  });

  test('keeps the selectors that it has', () => {
    const stack = testStack();
    const functions = { fieldSelectors: [{ field: 'eventCategory', equalTo: ['Data'] }, { field: 'resources.type', equalTo: ['AWS::Lambda::Function'] }] };
    const trail = new cloudtrail.CfnTrail(stack, 'Trail', { isLogging: true, s3BucketName: 'logs', advancedEventSelectors: [functions] });
    new BucketDataEvents(stack, 'Events', { buckets: [dataBucket(stack)], trail: AuditTrail.fromCfnTrail(trail) });
    expect(synthesisErrors(stack)).toBe('');
    const ofFunction: TrailEvent = { ...READ, resources: [{ type: 'AWS::Lambda::Function', ARN: 'arn:aws:lambda:eu-west-1:111122223333:function:f' }] };
    expect([ofFunction, READ, BUCKET_POLICY_PUT].map((event) => isRecorded(event, selectorsOf(stack)))).toEqual([true, true, false]);
  });

  type Change = (trail: cloudtrail.CfnTrail, stack: Stack) => unknown;
  const props = { isLogging: true, s3BucketName: 'logs' };

  test.each<[string, Partial<cloudtrail.CfnTrailProps>, Change, string]>([
    ['that has basic selectors', { eventSelectors: [{ includeManagementEvents: true }] }, () => undefined, "the trail 'Stack/Trail' has basic event selectors beside the advanced ones"],
    ['that does not log', { isLogging: false }, () => undefined, "the trail 'Stack/Trail' does not log. Set its 'isLogging'."],
    ['whose selectors are overridden', {}, (trail) => trail.addPropertyOverride('AdvancedEventSelectors', []), 'does not record the requests on the buckets in the synthesized template'],
    ['whose selectors are taken away later', {}, (trail) => Aspects.of(trail).add({ visit: () => (trail.advancedEventSelectors = undefined) }), 'does not record the requests on the buckets'],
    ['that delivers to a watched bucket', { s3BucketName: 'data' }, () => undefined, "the trail delivers to the bucket 'Stack/Data': each log file"],
  ])('%s fails synthesis', (_, more, change, message) => {
    const stack = testStack();
    const trail = new cloudtrail.CfnTrail(stack, 'Trail', { ...props, ...more });
    new BucketDataEvents(stack, 'Events', { buckets: [dataBucket(stack)], trail: AuditTrail.fromCfnTrail(trail) });
    change(trail, stack);
    expect(synthesisErrors(stack)).toContain(message);
  });

  test('has no list of basic selectors, not even an empty one', () => {
    const stack = testStack();
    new BucketDataEvents(stack, 'Events', { buckets: [dataBucket(stack)], trail: AuditTrail.fromTrail(new cloudtrail.Trail(stack, 'Trail')) });
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudTrail::Trail'));
    expect(Object.keys(Properties)).not.toContain('EventSelectors');
  });

  test('with basic selectors that the L2 construct gets later fails synthesis', () => {
    const stack = testStack();
    const trail = new cloudtrail.Trail(stack, 'Trail');
    new BucketDataEvents(stack, 'Events', { buckets: [dataBucket(stack)], trail: AuditTrail.fromTrail(trail) });
    trail.logAllS3DataEvents();
    expect(synthesisErrors(stack)).toContain("Leave out 'managementEvents'");
  });

  test('whose selectors are known later is told what to add', () => {
    const stack = testStack();
    const trail = new cloudtrail.CfnTrail(stack, 'Trail', { ...props, advancedEventSelectors: Token.asAny(Fn.ref('Selectors')) });
    expect(() => new BucketDataEvents(stack, 'Events', { buckets: [s3.Bucket.fromBucketName(stack, 'Data', 'data')], trail: AuditTrail.fromCfnTrail(trail) }))
      .toThrow(/Add there: \[{"Name":"Objects of watched buckets".*"Field":"resources.ARN","StartsWith":/);
  });

  test('of two BucketDataEvents has room for 500 values together', () => {
    const stack = testStack();
    const trail = new cloudtrail.CfnTrail(stack, 'Trail', props);
    const named = (from: number) => Array.from({ length: 260 }, (_, i) => s3.Bucket.fromBucketName(stack, `Bucket${from + i}`, `bucket-${from + i}`));
    new BucketDataEvents(stack, 'One', { buckets: named(0), trail: AuditTrail.fromCfnTrail(trail) });
    new BucketDataEvents(stack, 'Two', { buckets: named(1000), trail: AuditTrail.fromCfnTrail(trail) });
    expect(synthesisErrors(stack)).toContain('the selectors of the trail have 525 values, and CloudTrail accepts 500. Record the buckets with several trails');
  });
});

describe('a trail elsewhere', () => {
  test('gets its selectors handed over, with a warning', () => {
    const stack = testStack();
    const events = new BucketDataEvents(stack, 'Events', { buckets: [s3.Bucket.fromBucketName(stack, 'Data', 'data')], trail: AuditTrail.fromTrailArn(TRAIL) });
    const [{ Value, Description }] = Object.values(Template.fromStack(stack).findOutputs('*'));
    const selectors = JSON.parse(Value['Fn::Join'][1].map((part: any) => (typeof part === 'string' ? part : 'aws')).join(''));
    expect([READ, readOf('arn:aws:s3:::data-2/x')].map((event) => isRecorded(event, selectors))).toEqual([true, false]);
    expect(Description).toContain(TRAIL);
    expect(warnings(events)).toEqual(['cdk-secure-bucket:handedOverSelectors']);
    Template.fromStack(stack).resourceCountIs('AWS::CloudTrail::Trail', 0);
  });

  test('in another Region may be a multi-Region trail, or not: not decided', () => {
    const stack = testStack();
    const events = new BucketDataEvents(stack, 'Events', { buckets: [dataBucket(stack)], trail: AuditTrail.fromTrailArn(TRAIL.replace('eu-west-1', 'us-east-1')) });
    expect(warnings(events)).toContain('cdk-secure-bucket:trailCoverageNotDecided');
  });

  test('must be a trail', () => {
    const stack = testStack();
    expect(() => new BucketDataEvents(stack, 'Events', { buckets: [dataBucket(stack)], trail: AuditTrail.fromTrailArn('arn:aws:s3:::audit') })).toThrow("'arn:aws:s3:::audit' is not the ARN of a trail");
  });
});

describe('what no trail would record is refused', () => {
  const foreign = (stack: Stack) => s3.Bucket.fromBucketAttributes(stack, 'Data', { bucketName: 'data', account: '444455556666' });
  const distant = (stack: Stack) => s3.Bucket.fromBucketAttributes(stack, 'Data', { bucketName: 'data', region: 'us-east-1' });

  test.each<[string, (stack: Stack) => s3.IBucket, CreatedTrailProps, string]>([
    ['a bucket of another account', foreign, {}, "the bucket 'Stack/Data' is in the account 444455556666, and the trail records the account 111122223333 only. Make a BucketDataEvents in the account of the bucket"],
    ['a bucket of another Region, by a trail of one', distant, { isMultiRegionTrail: false }, "the bucket 'Stack/Data' is in the Region us-east-1, and the trail records the Region eu-west-1 only."],
  ])('%s', (_, bucket, trail, message) => {
    const stack = testStack();
    expect(() => new BucketDataEvents(stack, 'Events', { buckets: [bucket(stack)], trail: AuditTrail.create(trail) })).toThrow(message);
  });

  test('and what a wider trail records is not', () => {
    const stack = testStack();
    new BucketDataEvents(stack, 'Distant', { buckets: [distant(stack)] });
    new BucketDataEvents(stack, 'Foreign', { buckets: [foreign(new Stack(stack.node.root as App, 'Other', { env: PRODUCER }))], trail: AuditTrail.create({ organizationId: 'o-exampleorgid' }) });
    expect(synthesisErrors(stack)).toBe('');
  });

  test('a bucket whose account is not known is not decided', () => {
    const stack = testStack();
    const account = new CfnParameter(stack, 'Account').valueAsString;
    const events = new BucketDataEvents(stack, 'Events', { buckets: [s3.Bucket.fromBucketAttributes(stack, 'Data', { bucketName: 'data', account })] });
    expect(warnings(events)).toEqual(['cdk-secure-bucket:trailCoverageNotDecided']);
  });

  test('a stack of no account and Region watches its own buckets', () => {
    const stack = testStack({});
    const events = new BucketDataEvents(stack, 'Events', { buckets: [dataBucket(stack)] });
    expect(synthesisErrors(stack)).toBe('');
    expect(warnings(events)).toEqual([]);
  });
});

describe('wrong props are refused', () => {
  test.each<[string, (stack: Stack) => unknown, string]>([
    ['no buckets', (stack) => new BucketDataEvents(stack, 'Events', { buckets: [] }), "'buckets': it is not a list of buckets, one at least"],
    ['nothing to record', (stack) => new BucketDataEvents(stack, 'Events', { buckets: [dataBucket(stack)], access: cloudtrail.ReadWriteType.NONE }), "'access': it is not one of"],
    ['the bucket of the trail', (stack) => {
      const logBucket = new TrailLogBucket(stack, 'Logs', { trailName: 'audit' });
      return new BucketDataEvents(stack, 'Events', { buckets: [logBucket], trail: AuditTrail.create({ logBucket }) });
    }, "the trail delivers to the bucket 'Stack/Logs'"],
    ['a name beside a bucket', (stack) => {
      const trail = AuditTrail.create({ logBucket: new TrailLogBucket(stack, 'Logs', { trailName: 'audit' }), trailName: 'other' });
      return new BucketDataEvents(stack, 'Events', { buckets: [dataBucket(stack)], trail });
    }, "'trailName' is decided by 'logBucket'"],
    ['too many buckets', (stack) => {
      const buckets = Array.from({ length: 498 }, (_, i) => s3.Bucket.fromBucketName(stack, `Bucket${i}`, `bucket-${i}`));
      return new BucketDataEvents(stack, 'Events', { buckets });
    }, 'the selectors of the trail have 501 values, and CloudTrail accepts 500'],
  ])('%s', (_, make, message) => {
    expect(() => make(testStack())).toThrow(message);
  });
});

test.each(['aws-cn', 'aws-us-gov'])('%s has ARNs of its own', (partition) => {
  const stack = testStack({ env: { account: PRODUCER.account, region: partition === 'aws-cn' ? 'cn-north-1' : 'us-gov-west-1' } });
  new BucketDataEvents(stack, 'Events', { buckets: [s3.Bucket.fromBucketArn(stack, 'Data', `arn:${partition}:s3:::data`)] });
  expect(synthesisErrors(stack)).toBe('');
  expect(selectorsOf(stack).flatMap(({ FieldSelectors }) => FieldSelectors).find(({ Field }) => Field === 'resources.ARN').StartsWith).toEqual([`arn:${partition}:s3:::data/`]);
});
