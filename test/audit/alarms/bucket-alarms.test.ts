import { runSimulation } from '@cloud-copilot/iam-simulate';
import { App, Aspects, CfnCondition, CfnParameter, Fn, LegacyStackSynthesizer, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { ACCOUNT, CallEvent, callBy, CLOUDFORMATION, OTHER_ACCOUNT, ofBucket, ofKey, ofTrail, ROOT, SERVICE, sessionOf, USER, USER_OF_CONSOLE } from './records';
import { BucketAlarms, BucketAlarmsProps, BucketDataEvents, SecureBucket } from '../../../src';
import { BUCKET_CALLS, KEY_CALLS, TRAIL_CALLS } from '../../../src/aws/weakening-calls';
import { PRODUCER, synthesisErrors, testStack, warnings } from '../../support/apps';
import { deployedValue } from '../../support/deployed-policy';
import { matchesPattern } from '../../support/event-patterns';

const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const EXECUTION_ROLE = `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-eu-west-1`;
const SUBSCRIPTION = new subscriptions.EmailSubscription('security@example.com');
const ENVIRONMENT = { ...PRODUCER, stackName: 'Stack' };

function dataBucket(stack: Stack): s3.IBucket {
  return new SecureBucket(stack, 'Data', { bucketName: 'data', encryptionKey: kms.Key.fromKeyArn(stack, 'DataKey', KEY) });
}

interface Rule {
  readonly pattern: Record<string, unknown>;
  readonly target: { readonly Arn: string; readonly InputTransformer: { readonly InputPathsMap: Record<string, string>; readonly InputTemplate: string } };
}

/** The rules of a stack as they are deployed. */
function rulesOf(stack: Stack): Rule[] {
  const template = Template.fromStack(stack).toJSON();
  return Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule')).map(({ Properties }) => {
    const { EventPattern: pattern, Targets: [target] } = deployedValue(Properties, template as any, ENVIRONMENT);
    return { pattern, target };
  });
}

function alarmsOf(props: (stack: Stack) => Partial<BucketAlarmsProps> = () => ({})): (event: CallEvent) => boolean {
  const stack = testStack();
  new BucketAlarms(stack, 'Alarms', { buckets: [dataBucket(stack)], ...props(stack) });
  expect(synthesisErrors(stack)).toBe('');
  const rules = rulesOf(stack);
  return (event) => rules.some(({ pattern }) => matchesPattern(event, pattern));
}

describe('an alarm is raised', () => {
  const raised = alarmsOf();

  const CALLERS: [string, object][] = [
    ['root', ROOT], ['a user', USER], ['a user of the console', USER_OF_CONSOLE], ['a session of a role', sessionOf('Developer')], ['CloudFormation with credentials of a user', CLOUDFORMATION],
    ['CloudFormation with a role that is not of the app', sessionOf('Deployer', 'cloudformation.amazonaws.com')], ['a service', SERVICE], ['another account', OTHER_ACCOUNT],
    ['a role that is called alike, in a path', sessionOf(`team/${EXECUTION_ROLE}`)],
  ];
  const CALLS: [string, (caller: object, eventName: string) => CallEvent, readonly string[]][] = [
    ['of the bucket', (caller, eventName) => ofBucket(caller, eventName, 'data'), BUCKET_CALLS.eventNames],
    ['of its key', (caller, eventName) => ofKey(caller, eventName, KEY), KEY_CALLS.eventNames],
    ['of a trail', ofTrail, TRAIL_CALLS.eventNames],
  ];

  test.each(CALLERS)('by %s', (_, caller) => {
    const silent = CALLS.flatMap(([what, call, names]) => names.filter((name) => !raised(call(caller, name))).map((name) => `${name} ${what}`));
    expect(silent).toEqual([]);
  });

  test.each([
    'PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock', 'PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketOwnershipControls', 'PutBucketAcl', 'PutBucketEncryption',
    'DeleteBucketEncryption', 'PutBucketVersioning', 'PutBucketReplication', 'DeleteBucketReplication', 'PutBucketLogging', 'PutBucketLifecycle',
  ])('for %s', (eventName) => {
    expect(raised(ofBucket(USER, eventName, 'data'))).toBe(true);
  });

  test.each<[string, CallEvent]>([
    ['DisableKey', ofKey(USER, 'DisableKey', KEY)], ['ScheduleKeyDeletion', ofKey(USER, 'ScheduleKeyDeletion', KEY)], ['PutKeyPolicy', ofKey(USER, 'PutKeyPolicy', KEY)],
    ['StopLogging', ofTrail(USER, 'StopLogging')], ['DeleteTrail', ofTrail(USER, 'DeleteTrail')],
    ['PutEventSelectors', callBy(USER, 'cloudtrail', 'PutEventSelectors', { requestParameters: { trailName: 'audit' } })],
  ])('for %s', (_, event) => {
    expect(raised(event)).toBe(true);
  });

  test('for what was tried and denied', () => {
    const { detail, ...event } = ofBucket(USER, 'DeleteBucketPolicy', 'data');
    expect(raised({ ...event, detail: { ...detail, errorCode: 'AccessDenied' } })).toBe(true);
  });
});

describe('no alarm is raised', () => {
  const raised = alarmsOf();

  test.each<[string, CallEvent]>([
    ['by what CloudFormation deploys', ofBucket(sessionOf(EXECUTION_ROLE, 'cloudformation.amazonaws.com'), 'PutBucketPolicy', 'data')],
    ['for other buckets', ofBucket(USER, 'DeleteBucketPolicy', 'data-2')],
    ['for other keys', ofKey(USER, 'DisableKey', KEY.replace('1234abcd', '5678abcd'))],
    ['for what weakens nothing', ofBucket(USER, 'PutBucketTagging', 'data')],
    ['for calls to other services', callBy(USER, 'dynamodb', 'PutBucketPolicy', { requestParameters: { bucketName: 'data' } })],
  ])('%s', (_, event) => {
    expect(raised(event)).toBe(false);
  });

  test('by roles that deploy, and by no others', () => {
    const raisedBesides = alarmsOf((stack) => ({ deployRoles: [iam.Role.fromRoleArn(stack, 'Pipeline', `arn:aws:iam::${ACCOUNT}:role/ci/Pipeline`)] }));
    const callers = [sessionOf('ci/Pipeline'), sessionOf(EXECUTION_ROLE), sessionOf('Pipeline'), ROOT, SERVICE];
    expect(callers.map((caller) => raisedBesides(ofBucket(caller, 'PutBucketPolicy', 'data')))).toEqual([false, false, true, true, true]);
  });

  test('by the role that deploys the bucket in a stack of its own', () => {
    const app = new App({ analyticsReporting: false });
    const data = new Stack(app, 'Data', { env: PRODUCER });
    const bucket = new SecureBucket(data, 'Data', { bucketName: 'data' });
    const stack = new Stack(app, 'Stack', { env: PRODUCER, synthesizer: new LegacyStackSynthesizer() });
    new BucketAlarms(stack, 'Alarms', { buckets: [bucket] });
    const patterns = JSON.stringify(Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule')).map(({ Properties }) => Properties.EventPattern));
    expect(patterns).toContain(EXECUTION_ROLE);
  });
});

describe('messages', () => {
  test.each<[string, CallEvent, string]>([
    ['of a bucket', ofBucket(USER, 'DeleteBucketPolicy', 'data'), `DeleteBucketPolicy was called for the bucket data (account ${ACCOUNT}, Region eu-west-1).
By: IAMUser arn:aws:iam::${ACCOUNT}:user/alice , from 203.0.113.7, at 2026-03-01T09:30:00Z.
Error, empty if it succeeded: 
CloudTrail event: 3e7b0a3f-7a6c-4e4e-9d8b-0a1b2c3d4e5f`],
    ['of a key', ofKey(sessionOf('Developer', 'cloudformation.amazonaws.com'), 'DisableKey', KEY), `DisableKey was called for the key ${KEY} (account ${ACCOUNT}, Region eu-west-1).
By: AssumedRole arn:aws:sts::${ACCOUNT}:assumed-role/Developer/session cloudformation.amazonaws.com, from 203.0.113.7, at 2026-03-01T09:30:00Z.
Error, empty if it succeeded: 
CloudTrail event: 3e7b0a3f-7a6c-4e4e-9d8b-0a1b2c3d4e5f`],
    ['of a trail', ofTrail(SERVICE, 'StopLogging'), `StopLogging was called for the trail audit (account ${ACCOUNT}, Region eu-west-1).
By: AWSService  config.amazonaws.com, from 203.0.113.7, at 2026-03-01T09:30:00Z.
Error, empty if it succeeded: 
CloudTrail event: 3e7b0a3f-7a6c-4e4e-9d8b-0a1b2c3d4e5f`],
  ])('%s say what, for which, and by whom', (_, event, message) => {
    const stack = testStack();
    const { topic } = new BucketAlarms(stack, 'Alarms', { buckets: [dataBucket(stack)] });
    const { target } = rulesOf(stack).find(({ pattern }) => matchesPattern(event, pattern))!;
    expect(messageOf(target.InputTransformer, event)).toBe(message);
    expect(target.Arn).toBe(deployedValue(stack.resolve(topic.topicArn), Template.fromStack(stack).toJSON() as any, ENVIRONMENT));
  });

  /** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html */
  function messageOf({ InputPathsMap, InputTemplate }: Rule['target']['InputTransformer'], event: CallEvent): string {
    const valueAt = (path: string) => path.replace(/^\$\./, '').split('.').reduce<any>((value, step) => {
      const [, name, index] = /^(\w+)(?:\[(\d+)])?$/.exec(step)!;
      return index === undefined ? value?.[name] : value?.[name]?.[Number(index)];
    }, event);
    return InputTemplate.split('\n').map((line) => JSON.parse(line.replace(/<([^>]+)>/g, (_, name: string) => valueAt(InputPathsMap[name]) ?? ''))).join('\n');
  }
});

describe('the topic', () => {
  async function mayDo(action: string, resourcePolicy: any, context: Record<string, string>, principal = 'events.amazonaws.com'): Promise<boolean> {
    const resource = action.startsWith('sns') ? `arn:aws:sns:eu-west-1:${ACCOUNT}:Stack-Topic` : KEY;
    const anyResource = JSON.parse(JSON.stringify(resourcePolicy, (key, value) => (key === 'Resource' ? '*' : value)));
    const simulation = await runSimulation({
      request: { principal, action, resource: { resource, accountId: ACCOUNT }, contextVariables: context },
      identityPolicies: [],
      resourcePolicy: anyResource,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    }, {});
    expect(simulation.resultType).toBe('single');
    return (simulation as { overallResult?: string }).overallResult === 'Allowed';
  }

  test('of its own takes what EventBridge publishes, over TLS only, from nobody else, and its key encrypts that', async () => {
    const stack = testStack();
    new BucketAlarms(stack, 'Alarms', { buckets: [dataBucket(stack)] });
    const template = Template.fromStack(stack);
    const deployed = (value: unknown) => deployedValue(value, template.toJSON() as any, ENVIRONMENT);
    const [[, { Properties: { PolicyDocument } }]] = Object.entries(template.findResources('AWS::SNS::TopicPolicy'));
    const [[keyId, { Properties: { KeyPolicy } }]] = Object.entries(template.findResources('AWS::KMS::Key'));
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: { 'Fn::GetAtt': [keyId, 'Arn'] } });
    const tls = (isUsed: boolean) => ({ 'aws:SecureTransport': String(isUsed) });
    await expect(mayDo('sns:Publish', deployed(PolicyDocument), tls(true))).resolves.toBe(true);
    await expect(mayDo('sns:Publish', deployed(PolicyDocument), tls(false))).resolves.toBe(false);
    await expect(mayDo('sns:Publish', deployed(PolicyDocument), tls(true), 'cloudwatch.amazonaws.com')).resolves.toBe(false);
    await expect(mayDo('sns:Subscribe', deployed(PolicyDocument), tls(true))).resolves.toBe(false);
    for (const action of ['kms:GenerateDataKey', 'kms:Decrypt']) {
      await expect(mayDo(action, deployed(KeyPolicy), {})).resolves.toBe(true);
      await expect(mayDo(action, deployed(KeyPolicy), {}, 's3.amazonaws.com')).resolves.toBe(false);
    }
  });

  test('of the app is let in, with its key', async () => {
    const stack = testStack();
    const topic = new sns.Topic(stack, 'Topic', { masterKey: new kms.Key(stack, 'Key') });
    const alarms = new BucketAlarms(stack, 'Alarms', { buckets: [s3.Bucket.fromBucketName(stack, 'Data', 'data')], topic });
    expect(alarms.topic).toBe(topic);
    const [{ Properties: { PolicyDocument } }] = Object.values(Template.fromStack(stack).findResources('AWS::SNS::TopicPolicy'));
    const [{ Properties: { KeyPolicy } }] = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
    const deployed = (value: unknown) => deployedValue(value, Template.fromStack(stack).toJSON() as any, ENVIRONMENT);
    await expect(mayDo('sns:Publish', deployed(PolicyDocument), {})).resolves.toBe(true);
    await expect(mayDo('kms:GenerateDataKey', deployed(KeyPolicy), {})).resolves.toBe(true);
  });

  test('that is imported gets its statements handed over, with warnings', () => {
    const stack = testStack();
    const topic = sns.Topic.fromTopicAttributes(stack, 'Topic', { topicArn: `arn:aws:sns:eu-west-1:${ACCOUNT}:alarms`, keyArn: KEY });
    const alarms = new BucketAlarms(stack, 'Alarms', { buckets: [dataBucket(stack)], topic });
    expect(warnings(alarms)).toEqual(expect.arrayContaining(['cdk-secure-bucket:handedOverTopicPolicy', 'cdk-secure-bucket:handedOverTopicKeyPolicy']));
    const outputs = Object.values(Template.fromStack(stack).findOutputs('*')).map(({ Value }) => JSON.stringify(Value)).join();
    expect(outputs).toContain('sns:Publish');
    expect(outputs).toContain('kms:GenerateDataKey*');
  });

  test.each<[string, (stack: Stack) => sns.ITopic, string]>([
    ['of another account', (stack) => sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:444455556666:alarms'),
      "the topic 'Stack/Topic' is in the account 444455556666, and its alarms are in 111122223333. Pass a topic of the account 111122223333, and subscribe to it from the other account."],
    ['of another Region', (stack) => sns.Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:us-east-1:${ACCOUNT}:alarms`), "the topic 'Stack/Topic' is in us-east-1, and EventBridge publishes to topics of its own Region"],
    ['that is a FIFO topic', (stack) => new sns.Topic(stack, 'Topic', { fifo: true }), "the topic 'Stack/Topic' is a FIFO topic"],
    ['with the AWS managed key', (stack) => new sns.Topic(stack, 'Topic', { masterKey: kms.Alias.fromAliasName(stack, 'Managed', 'alias/aws/sns') }), "is encrypted with the AWS managed key 'alias/aws/sns'"],
  ])('%s is refused', (_, topic, message) => {
    const stack = testStack();
    expect(() => new BucketAlarms(stack, 'Alarms', { buckets: [dataBucket(stack)], topic: topic(stack) })).toThrow(message);
  });
});

test.each<[string, (alarms: BucketAlarms, stack: Stack) => unknown, boolean]>([
  ['nothing', () => undefined, false],
  ['an address', ({ topic }) => topic.addSubscription(SUBSCRIPTION), true],
  ['another stack', ({ topic }, stack) => new sns.Subscription(new Stack(stack.node.root as App, 'Other', { env: PRODUCER }), 'Subscription', { topic, endpoint: 'security@example.com', protocol: sns.SubscriptionProtocol.EMAIL }), true],
  ['an address of another topic', (_, stack) => new sns.Topic(stack, 'Topic').addSubscription(SUBSCRIPTION), false],
])('%s subscribes: whether that is enough', (_, subscribe, isEnough) => {
  const stack = testStack();
  const alarms = new BucketAlarms(stack, 'Alarms', { buckets: [dataBucket(stack)] });
  subscribe(alarms, stack);
  expect(synthesisErrors(stack)).toBe('');
  expect(warnings(alarms).includes('cdk-secure-bucket:alarmsNotSubscribed')).toBe(!isEnough);
});

describe('what EventBridge does not see here', () => {
  const distant = (stack: Stack) => s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'data', region: 'us-east-1' });

  test.each<[string, (stack: Stack) => s3.IBucket, string]>([
    ['a bucket of another Region', distant, "the bucket 'Stack/Bucket' is in the Region us-east-1, and EventBridge sees what happens in the Region eu-west-1 only. Make BucketAlarms in a stack of the Region"],
    ['a bucket of another account', (stack) => s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'data', account: '444455556666' }), 'Make BucketAlarms in the account of the bucket.'],
  ])('%s is refused', (_, bucket, message) => {
    const stack = testStack();
    expect(() => new BucketAlarms(stack, 'Alarms', { buckets: [bucket(stack)] })).toThrow(message);
  });

  test('a bucket whose account is not known is not decided', () => {
    const stack = testStack();
    const account = new CfnParameter(stack, 'Account').valueAsString;
    const alarms = new BucketAlarms(stack, 'Alarms', { buckets: [s3.Bucket.fromBucketAttributes(stack, 'Data', { bucketName: 'data', account })] });
    expect(warnings(alarms)).toContain('cdk-secure-bucket:alarmCoverageNotDecided');
  });

  test.each<[string, (stack: Stack) => s3.IBucket, boolean]>([
    ['a key of another account', (stack) => s3.Bucket.fromBucketAttributes(stack, 'Data', { bucketName: 'data', encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY.replace(ACCOUNT, '444455556666')) }), false],
    ['a key that is known by an alias', (stack) => s3.Bucket.fromBucketAttributes(stack, 'Data', { bucketName: 'data', encryptionKey: kms.Alias.fromAliasName(stack, 'Alias', 'alias/data') }), false],
    ['a key that is not known', (stack) => s3.Bucket.fromBucketName(stack, 'Data', 'data'), false],
    ['a key of the bucket', (stack) => new SecureBucket(stack, 'Data'), true],
    ['a bucket without one', (stack) => new s3.Bucket(stack, 'Data'), true],
  ])('%s: whether that is said', (_, bucket, isWatched) => {
    const stack = testStack();
    const alarms = new BucketAlarms(stack, 'Alarms', { buckets: [bucket(stack)] });
    expect(warnings(alarms).includes('cdk-secure-bucket:keyNotWatched')).toBe(!isWatched);
  });

  test('a stack of no account and Region watches its own buckets and keys', () => {
    const stack = testStack({});
    const alarms = new BucketAlarms(stack, 'Alarms', { buckets: [new SecureBucket(stack, 'Data')] });
    new BucketDataEvents(stack, 'DataEvents', { buckets: [s3.Bucket.fromBucketName(stack, 'Other', 'other')] });
    alarms.topic.addSubscription(SUBSCRIPTION);
    expect(synthesisErrors(stack)).toBe('');
    expect(warnings(alarms)).toEqual([]);
  });
});

describe('alarms need a trail that records management events', () => {
  type Trail = (stack: Stack) => unknown;
  const made = (props: Partial<cloudtrail.CfnTrailProps>): Trail => (stack) => new cloudtrail.CfnTrail(stack, 'Trail', { isLogging: true, s3BucketName: 'logs', ...props });
  const management = { field: 'eventCategory', equalTo: ['Management'] };

  test.each<[string, Trail, boolean]>([
    ['no trail', () => undefined, false],
    ['a BucketDataEvents', (stack) => new BucketDataEvents(stack, 'DataEvents', { buckets: [s3.Bucket.fromBucketName(stack, 'Other', 'other')] }), true],
    ['a trail', made({}), true],
    ['one that does not log', made({ isLogging: false }), false],
    ['one of management events', made({ eventSelectors: [{ includeManagementEvents: true }] }), true],
    ['one of data events', made({ eventSelectors: [{ includeManagementEvents: false }] }), false],
    ['one of reads', made({ eventSelectors: [{ readWriteType: 'ReadOnly' }] }), false],
    ['one without those of keys', made({ eventSelectors: [{ excludeManagementEventSources: ['kms.amazonaws.com'] }] }), false],
    ['one without those of databases', made({ eventSelectors: [{ excludeManagementEventSources: ['rdsdata.amazonaws.com'] }] }), true],
    ['an advanced one of management events', made({ advancedEventSelectors: [{ fieldSelectors: [management] }] }), true],
    ['an advanced one of writes', made({ advancedEventSelectors: [{ fieldSelectors: [management, { field: 'readOnly', equalTo: ['false'] }] }] }), true],
    ['an advanced one without some', made({ advancedEventSelectors: [{ fieldSelectors: [management, { field: 'eventSource', notEquals: ['kms.amazonaws.com'] }] }] }), false],
    ['an advanced one of data events', made({ advancedEventSelectors: [{ fieldSelectors: [{ field: 'eventCategory', equalTo: ['Data'] }] }] }), false],
    ['one that is there under a condition', (stack) => {
      const trail = made({})(stack) as cloudtrail.CfnTrail;
      trail.cfnOptions.condition = new CfnCondition(stack, 'Condition', { expression: Fn.conditionEquals(stack.region, 'eu-west-1') });
    }, false],
    ['one of another Region', (stack) => made({})(new Stack(stack.node.root as App, 'Other', { env: { ...PRODUCER, region: 'us-east-1' } })), false],
    ['one of all Regions', (stack) => made({ isMultiRegionTrail: true })(new Stack(stack.node.root as App, 'Other', { env: { ...PRODUCER, region: 'us-east-1' } })), true],
    ['one of another account', (stack) => made({ isMultiRegionTrail: true })(new Stack(stack.node.root as App, 'Other', { env: { account: '444455556666', region: 'eu-west-1' } })), false],
    ['one of the organization', (stack) => made({ isOrganizationTrail: true })(new Stack(stack.node.root as App, 'Other', { env: { account: '444455556666', region: 'eu-west-1' } })), true],
  ])('%s', (_, trail, isKnown) => {
    const stack = testStack();
    const alarms = new BucketAlarms(stack, 'Alarms', { buckets: [dataBucket(stack)] });
    trail(stack);
    expect(synthesisErrors(stack)).toBe('');
    expect(warnings(alarms).includes('cdk-secure-bucket:alarmsNeedTrail')).toBe(!isKnown);
  });
});

test.each<[string, string, boolean]>([['another Region', 'us-east-1', false], ['the Region of the alarms', 'eu-west-1', true]])('a trail of %s: whether it is watched is said', (_, region, isWatched) => {
  const stack = testStack();
  const alarms = new BucketAlarms(stack, 'Alarms', { buckets: [dataBucket(stack)] });
  new cloudtrail.CfnTrail(new Stack(stack.node.root as App, 'Other', { env: { ...PRODUCER, region } }), 'Trail', { isLogging: true, s3BucketName: 'logs', isMultiRegionTrail: true });
  expect(synthesisErrors(stack)).toBe('');
  expect(warnings(alarms).includes('cdk-secure-bucket:trailNotWatched')).toBe(!isWatched);
});

describe('patterns of many buckets', () => {
  test.each<[string, (stack: Stack, i: number) => s3.IBucket]>([
    ['with the longest names', (stack, i) => s3.Bucket.fromBucketName(stack, `Bucket${i}`, `bucket-${i}-`.padEnd(63, 'x'))],
    ['with names that are not known', (stack, i) => new s3.Bucket(stack, `Bucket${i}`)],
  ])('%s have 2,048 characters at most, and name each bucket', (_, make) => {
    const stack = testStack();
    const buckets = Array.from({ length: 50 }, (__, i) => make(stack, i));
    new BucketAlarms(stack, 'Alarms', { buckets });
    const template = Template.fromStack(stack).toJSON() as any;
    const names = buckets.map(({ bucketName }) => deployedValue(stack.resolve(bucketName), template, ENVIRONMENT));
    const patterns = rulesOf(stack).map(({ pattern }) => pattern);
    expect(Math.max(...patterns.map((pattern) => JSON.stringify(pattern).length))).toBeLessThanOrEqual(2048);
    expect(names.filter((name) => !patterns.some((pattern) => matchesPattern(ofBucket(ROOT, 'PutBucketPolicy', name), pattern)))).toEqual([]);
    expect(patterns.some((pattern) => matchesPattern(ofBucket(ROOT, 'PutBucketPolicy', 'other'), pattern))).toBe(false);
    expect(patterns.length).toBeLessThanOrEqual(12);
  });

  test('have no room for too many roles', () => {
    const stack = testStack();
    const deployRoles = Array.from({ length: 40 }, (_, i) => iam.Role.fromRoleArn(stack, `Role${i}`, `arn:aws:iam::${ACCOUNT}:role/pipelines/Pipeline${i}`));
    expect(() => new BucketAlarms(stack, 'Alarms', { buckets: [dataBucket(stack)], deployRoles }))
      .toThrow("'Stack/Alarms': the ARNs of 41 roles that raise no alarm do not fit into an event pattern, which has 2048 characters at most. Name fewer 'deployRoles'.");
  });
});

describe('what takes alarms away fails synthesis', () => {
  test.each<[string, (rule: events.CfnRule) => unknown]>([
    ['a rule that is disabled', (rule) => rule.addPropertyOverride('State', 'DISABLED')],
    ['another pattern', (rule) => rule.addPropertyOverride('EventPattern.detail.eventName', ['PutBucketTagging'])],
    ['another target', (rule) => (rule.targets = [])],
    ['another bus', (rule) => (rule.eventBusName = 'other')],
    ['an aspect', (rule) => Aspects.of(rule).add({ visit: () => (rule.state = 'DISABLED') })],
  ])('%s', (_, change) => {
    const stack = testStack();
    const alarms = new BucketAlarms(stack, 'Alarms', { buckets: [dataBucket(stack)] });
    change(alarms.node.findChild('BucketChanges').node.defaultChild as events.CfnRule);
    expect(synthesisErrors(stack)).toContain("the rule 'Stack/Alarms/BucketChanges' raises no alarm, or others, in the synthesized template.");
  });
});

test('two BucketAlarms stand side by side, on one topic as on two', () => {
  const stack = testStack();
  const buckets = [dataBucket(stack)];
  const { topic } = new BucketAlarms(stack, 'One', { buckets });
  new BucketAlarms(stack, 'Two', { buckets });
  new BucketAlarms(stack, 'Three', { buckets, topic });
  expect(synthesisErrors(stack)).toBe('');
  const documents = ['AWS::SNS::TopicPolicy', 'AWS::KMS::Key'].flatMap((type) => Object.values(Template.fromStack(stack).findResources(type)))
    .map(({ Properties: { PolicyDocument, KeyPolicy } }) => (PolicyDocument ?? KeyPolicy).Statement.flatMap(({ Sid }: any) => Sid ?? []));
  expect(documents.map((sids) => new Set(sids).size)).toEqual(documents.map(({ length }) => length)); // a Sid stands once
});

test.each(['aws-cn', 'aws-us-gov'])('%s has ARNs of its own', (partition) => {
  const region = partition === 'aws-cn' ? 'cn-north-1' : 'us-gov-west-1';
  const stack = testStack({ env: { account: ACCOUNT, region } });
  new BucketAlarms(stack, 'Alarms', { buckets: [s3.Bucket.fromBucketArn(stack, 'Data', `arn:${partition}:s3:::data`)] });
  const patterns = JSON.stringify(Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule')).map(({ Properties }) => Properties.EventPattern));
  expect(patterns).toContain(EXECUTION_ROLE.replace('eu-west-1', region));
});

test.each<[string, any, string]>([
  ['no buckets', { buckets: [] }, "'buckets': it is not a list of buckets, one at least"],
  ['a topic by its name', { topic: 'alarms' }, "'topic': it is not an SNS topic"],
  ['roles by their names', { deployRoles: ['Pipeline'] }, "'deployRoles.0': it is not a role"],
])('%s: wrong props are refused', (_, props, message) => {
  const stack = testStack();
  expect(() => new BucketAlarms(stack, 'Alarms', { buckets: [s3.Bucket.fromBucketName(stack, 'Data', 'data')], ...props })).toThrow(message);
});
