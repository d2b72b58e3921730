import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { ofBucket, USER } from './alarms/records';
import { AuditAlarms, AuditAnalyzer, AuditConfigRules, AuditDataEvents, AuditTrail, BucketAudit, BucketAuditProps, SecureBucket, TrailLogBucket } from '../../src';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
import { NEW_APP_FLAGS, PRODUCER, synthesisErrors, testStack, warnings } from '../support/apps';
import { deployedValue } from '../support/deployed-policy';
import { matchesPattern } from '../support/event-patterns';

const SUBSCRIPTION = new subscriptions.EmailSubscription('security@example.com');
const TYPES = ['AWS::CloudTrail::Trail', 'AWS::SNS::Topic', 'AWS::Events::Rule', 'AWS::AccessAnalyzer::Analyzer', 'AWS::Config::ConfigRule'];

function audited(props: (stack: Stack) => Partial<BucketAuditProps> = () => ({})): { stack: Stack; audit: BucketAudit } {
  const stack = testStack(undefined, { context: NEW_APP_FLAGS });
  const audit = new BucketAudit(stack, 'Audit', { buckets: [new SecureBucket(stack, 'Data', { bucketName: 'data' })], ...props(stack) });
  return { stack, audit };
}

function counts(stack: Stack): number[] {
  return TYPES.map((type) => Object.keys(Template.fromStack(stack).findResources(type)).length);
}

/** Whether an alarm is raised when somebody deletes the policy of a bucket. */
function isWatched(stack: Stack, bucketName: string): boolean {
  const template = Template.fromStack(stack);
  const environment = { ...PRODUCER, stackName: 'Stack' };
  const name = deployedValue(stack.resolve(bucketName), template.toJSON() as any, environment);
  return Object.values(template.findResources('AWS::Events::Rule'))
    .some(({ Properties }) => matchesPattern(ofBucket(USER, 'DeleteBucketPolicy', name), deployedValue(Properties.EventPattern, template.toJSON() as any, environment)));
}

test('by default, a trail and a topic of its own record and watch the buckets, and the bucket of the trail', () => {
  const { stack, audit } = audited();
  audit.alarms!.topic.addSubscription(SUBSCRIPTION);
  expect(synthesisErrors(stack)).toBe('');
  expect(counts(stack)).toEqual([1, 1, 3, 0, 0]);
  expect(['data', audit.dataEvents!.logBucket!.bucketName, 'other'].map((name) => isWatched(stack, name))).toEqual([true, true, false]);
  expect([audit, audit.dataEvents!, audit.alarms!].flatMap(warnings)).toEqual([]); // its own trail records what alarms need
  expect(judge(deploymentOf(synthesizedTemplates(stack.node.root as App))).map(({ rule, problem }) => `${rule.id}: ${problem}`)).toEqual([]);
});

test.each<[string, (stack: Stack) => Partial<BucketAuditProps>, number[]]>([
  ['without data events', () => ({ dataEvents: AuditDataEvents.none() }), [0, 1, 3, 0, 0]],
  ['without alarms', () => ({ alarms: AuditAlarms.none() }), [1, 0, 0, 0, 0]],
  ['with a topic and a trail of the app', (stack) => ({
    dataEvents: AuditDataEvents.create({ trail: AuditTrail.fromTrail(new cloudtrail.Trail(stack, 'Trail')) }), alarms: AuditAlarms.create({ topic: new sns.Topic(stack, 'Topic') }),
  }), [1, 1, 3, 0, 0]],
  ['with a trail that exists', () => ({ dataEvents: AuditDataEvents.create({ trail: AuditTrail.fromTrailArn('arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit') }) }), [0, 1, 3, 0, 0]],
  ['with analyzers alone', () => ({ dataEvents: AuditDataEvents.none(), alarms: AuditAlarms.none(), externalAccess: AuditAnalyzer.create(), internalAccess: AuditAnalyzer.create() }), [0, 0, 0, 2, 0]],
  ['with AWS Config alone', () => ({ dataEvents: AuditDataEvents.none(), alarms: AuditAlarms.none(), configRules: AuditConfigRules.create() }), [0, 0, 0, 0, 10]],
])('%s', (_, props, expected) => {
  const { stack } = audited(props);
  expect(synthesisErrors(stack)).toBe('');
  expect(counts(stack)).toEqual(expected);
});

test('alarms without a trail of the app say that they need one', () => {
  const { stack, audit } = audited(() => ({ dataEvents: AuditDataEvents.none() }));
  audit.alarms!.topic.addSubscription(SUBSCRIPTION);
  expect(synthesisErrors(stack)).toBe('');
  expect(warnings(audit.alarms!)).toEqual(['cdk-secure-bucket:alarmsNeedTrail']);
});

test('a bucket of another Region for the log files is not watched, and the audited ones are', () => {
  const distant = (stack: Stack) => new TrailLogBucket(new Stack(stack.node.root as App, 'Logs', { env: { ...PRODUCER, region: 'eu-central-1' } }), 'Logs', { trailName: 'audit', bucketName: 'audit-logs' });
  const { stack } = audited((scope) => ({ dataEvents: AuditDataEvents.create({ trail: AuditTrail.create({ logBucket: distant(scope) }) }) }));
  expect(['data', 'audit-logs'].map((name) => isWatched(stack, name))).toEqual([true, false]);
});

test('two audits of an app do not clash', () => {
  const { stack } = audited();
  new BucketAudit(stack, 'Second', { buckets: [new SecureBucket(stack, 'More', { bucketName: 'more' })] });
  expect(synthesisErrors(stack)).toBe('');
  expect(counts(stack)).toEqual([2, 2, 6, 0, 0]);
  const names = Object.values(Template.fromStack(stack).findResources('AWS::CloudTrail::Trail')).map(({ Properties }) => Properties.TrailName);
  expect(new Set(names).size).toBe(2);
});

test.each<[string, (app: App) => [data: Stack, audit: Stack]]>([
  ['of another stack', (app) => [new Stack(app, 'Data', { env: PRODUCER }), new Stack(app, 'Audit', { env: PRODUCER })]],
  ['of a stack of no account and Region', (app) => [new Stack(app, 'Data'), new Stack(app, 'Audit')]],
  ['of a nested stack', (app) => {
    const stack = new Stack(app, 'Stack', { env: PRODUCER });
    return [new NestedStack(stack, 'Data'), stack];
  }],
])('buckets %s are audited by all parts', (_, stacksIn) => {
  const [data, stack] = stacksIn(new App({ analyticsReporting: false, context: NEW_APP_FLAGS }));
  const buckets = [new SecureBucket(data, 'One'), new SecureBucket(data, 'Two')];
  new BucketAudit(stack, 'Audit', { buckets, externalAccess: AuditAnalyzer.create(), internalAccess: AuditAnalyzer.create(), configRules: AuditConfigRules.create() });
  expect(synthesisErrors(stack)).toBe('');
});

test.each<[string, any, string]>([
  ['no buckets', { buckets: [] }, "'Stack/Audit': 'buckets': it is not a list of buckets, one at least"],
  ['nothing left', { dataEvents: AuditDataEvents.none(), alarms: AuditAlarms.none(), configRules: AuditConfigRules.none() }, "'Stack/Audit': every part of the audit is left out."],
  ['a topic instead of a part', { alarms: {} }, "'alarms': it is not an AuditAlarms"],
])('%s is refused', (_, props, message) => {
  const stack = testStack();
  expect(() => new BucketAudit(stack, 'Audit', { buckets: [s3.Bucket.fromBucketName(stack, 'Data', 'data')], ...props })).toThrow(message);
});
