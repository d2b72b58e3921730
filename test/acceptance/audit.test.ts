import { spawnSync } from 'child_process';
import { resolve } from 'path';
import { App, CfnElement, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as config from 'aws-cdk-lib/aws-config';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { IConstruct } from 'constructs';
import {
  AccessEvaluator, AccessOutcome, AuditAnalyzer, AuditConfigRules, AuditDataEvents, AuditTrail, BucketAudit, Consumer, CrossAccountGrant, DatasetAccess,
  DeliverySource, SecureBucket,
} from '../../src';
import { BUCKET_CALLS, KEY_CALLS, TRAIL_CALLS } from '../../src/aws/weakening-calls';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
import { CallEvent, ofBucket, ofKey, ofTrail, sessionOf, USER } from '../audit/alarms/records';
import { isRecorded, TrailEvent } from '../audit/recorded-events';
import { uploadsOf } from '../storage/deliveries/delivered';
import { NEW_APP_FLAGS, PRODUCER, warnings } from '../support/apps';
import { deployedValue } from '../support/deployed-policy';
import { matchesPattern } from '../support/event-patterns';

// An app of twenty buckets that is watched as a whole.

const CDK = resolve(__dirname, '../../node_modules/aws-cdk/bin/cdk');
const NETWORK = { vpcEndpointIds: ['vpce-0abc123def4567890'] };
const ORGANIZATION = { organizationIds: ['o-exampleorgid'] };
const CONSUMER = '444455556666';

const app = new App({ analyticsReporting: false, context: NEW_APP_FLAGS });
const stack = new Stack(app, 'Shop', { env: PRODUCER });
const shared = new SecureBucket(stack, 'Shared', { bucketName: 'shop-shared' });
const buckets = [shared, ...Array.from({ length: 19 }, (_, i) => new SecureBucket(stack, `Data${i}`, { bucketName: `shop-data-${i}`, network: NETWORK, organization: ORGANIZATION }))];
new CrossAccountGrant(stack, 'Grant', { bucket: shared, consumer: Consumer.account(CONSUMER), access: DatasetAccess.READ });

const archive = new SecureBucket(stack, 'Archive', { bucketName: 'shop-archive' });
archive.allowDelivery(DeliverySource.config());
new config.CfnDeliveryChannel(stack, 'DeliveryChannel', { s3BucketName: archive.bucketName });
new config.CfnConfigurationRecorder(stack, 'Recorder', { roleArn: `arn:aws:iam::${PRODUCER.account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig` });

const audit = new BucketAudit(stack, 'Audit', {
  buckets,
  dataEvents: AuditDataEvents.create({ trail: AuditTrail.create({ trailName: 'shop' }) }),
  externalAccess: AuditAnalyzer.create(),
  internalAccess: AuditAnalyzer.create(),
  configRules: AuditConfigRules.create(),
});
audit.alarms!.topic.addSubscription(new subscriptions.EmailSubscription('security@example.com'));
const template = Template.fromStack(stack);
const deployed = (value: unknown) => deployedValue(stack.resolve(value), template.toJSON() as any, { ...PRODUCER, stackName: 'Shop' });
const propertiesOf = (type: string) => Object.values(template.findResources(type)).map(({ Properties }) => Properties);

test('is synthesized without errors, warnings and findings of the rule pack', () => {
  const ours = app.node.findAll().flatMap((construct) => warnings(construct)).filter((id) => id.startsWith('cdk-secure-bucket:'));
  expect(ours).toEqual([]);
  expect(judge(deploymentOf(synthesizedTemplates(app))).map(({ rule, problem }) => `${rule.id}: ${problem}`)).toEqual([]);
  expect(Object.keys(template.toJSON().Resources).length).toBeLessThan(500); // of a stack, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
});

test('is synthesized by the cdk command', () => {
  const { status, stderr } = spawnSync(process.execPath, [CDK, 'synth', '--quiet', '--app', app.synth().directory], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', CI: undefined } });
  expect([status, stderr.includes('ERROR')]).toEqual([0, false]);
}, 60_000);

test('gives AwsSolutions nothing to say of the audit, but that the role that looks for drift has a managed policy', () => {
  const found = new AwsSolutionsChecks(app).validateScope(app).violations.flatMap(({ ruleName, violatingConstructs, violatingResources }: any) =>
    (violatingConstructs ?? violatingResources).map(({ constructPath }: any) => `${ruleName} ${constructPath}`));
  expect(found).toEqual(['AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/ReadOnlyAccess] Shop/CdkSecureBucketStackDrift/Role/Resource']);
});

describe('each alarm is raised by the call that it is for', () => {
  const rules = propertiesOf('AWS::Events::Rule').map(({ EventPattern, Targets }) => ({ pattern: deployed(EventPattern), target: deployed(Targets[0].Arn) }));
  const raised = (event: CallEvent) => rules.filter(({ pattern }) => matchesPattern(event, pattern));
  const watched = [...buckets, audit.dataEvents!.logBucket!];
  const CALLS = (caller: object): CallEvent[] => [
    ...watched.flatMap(({ bucketName }) => BUCKET_CALLS.eventNames.map((name) => ofBucket(caller, name, deployed(bucketName)))),
    ...watched.flatMap(({ encryptionKey }) => KEY_CALLS.eventNames.map((name) => ofKey(caller, name, deployed(encryptionKey!.keyArn)))),
    ...TRAIL_CALLS.eventNames.map((name) => ofTrail(caller, name)),
  ];

  test('once, to the topic, whichever bucket, key or trail', () => {
    const topic = deployed(audit.alarms!.topic.topicArn);
    const otherwise = CALLS(USER).filter((event) => JSON.stringify(raised(event).map(({ target }) => target)) !== JSON.stringify([topic]));
    expect(otherwise).toEqual([]);
  });

  test('and by no deployment, and for no other bucket', () => {
    const deployment = sessionOf(`cdk-hnb659fds-cfn-exec-role-${PRODUCER.account}-${PRODUCER.region}`, 'cloudformation.amazonaws.com');
    expect([...CALLS(deployment), ofBucket(USER, 'PutBucketPolicy', 'shop-archive')].filter((event) => raised(event).length > 0)).toEqual([]);
  });

  test('with patterns that fit', () => {
    expect(Math.max(...rules.map(({ pattern }) => JSON.stringify(pattern).length))).toBeLessThanOrEqual(2048);
  });
});

describe('what is recorded', () => {
  const [{ AdvancedEventSelectors }] = propertiesOf('AWS::CloudTrail::Trail');
  const selectors = deployed(AdvancedEventSelectors);
  const read = (bucketName: string): TrailEvent => ({
    eventCategory: 'Data', eventSource: 's3.amazonaws.com', readOnly: true, resources: [{ type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${deployed(bucketName)}/key` }],
  });

  test('is every request on an object of every bucket, and none on the log files', () => {
    expect(buckets.filter(({ bucketName }) => !isRecorded(read(bucketName), selectors))).toEqual([]);
    expect(isRecorded(read(audit.dataEvents!.logBucket!.bucketName), selectors)).toBe(false);
  });

  test('is what alarms need', () => {
    expect(isRecorded({ eventCategory: 'Management', eventSource: 's3.amazonaws.com', readOnly: false }, selectors)).toBe(true);
  });
});

describe('deliveries arrive', () => {
  const evaluator = AccessEvaluator._of(synthesizedTemplates(app));
  const arnOf = (type: string, resource: IConstruct | undefined) => evaluator._model.deployment.ofType(type)
    .find(({ logicalId }) => logicalId === stack.getLogicalId(resource as CfnElement))!.reference('Arn')!;
  const TRAIL = `arn:aws:cloudtrail:${PRODUCER.region}:${PRODUCER.account}:trail/shop`;
  const TARGETS: [row: string, bucket: SecureBucket, key: string, source: Record<string, string>][] = [
    ['cloudtrail', audit.dataEvents!.logBucket!, `AWSLogs/${PRODUCER.account}/CloudTrail/eu-west-1/2026/01/15/log.json.gz`, { 'aws:SourceArn': TRAIL, 'kms:EncryptionContext:aws:cloudtrail:arn': TRAIL }],
    ['config', archive, `AWSLogs/${PRODUCER.account}/Config/ConfigWritabilityCheckFile`, {}],
  ];

  test.each(TARGETS)('of %s, encrypted with the key of the bucket', (row, bucket, key, source) => {
    const uploads = uploadsOf(row, arnOf('AWS::KMS::Key', bucket.encryptionKey!.node.defaultChild));
    const decided = uploads.map((upload) => evaluator.decide({
      principal: upload.service, action: 's3:PutObject', resource: `${arnOf('AWS::S3::Bucket', bucket.node.defaultChild)}/${key}`, context: { ...upload.source, ...source, ...upload.headers },
    }).outcome);
    expect(decided.length).toBeGreaterThan(0);
    expect(decided).toEqual(decided.map(() => AccessOutcome.ALLOWED));
  });
});

test('what is shared on purpose is archived, and every bucket is analyzed', () => {
  const [external, internal] = propertiesOf('AWS::AccessAnalyzer::Analyzer');
  expect(deployed(external.ArchiveRules).map(({ Filter }: any) => Object.fromEntries(Filter.map(({ Property, Eq }: any) => [Property, Eq])))).toEqual([
    { 'resource': ['arn:aws:s3:::shop-shared'], 'isPublic': ['false'], 'principal.AWS': [CONSUMER] },
    { 'resource': [deployed(shared.encryptionKey!.keyArn)], 'isPublic': ['false'], 'principal.AWS': [CONSUMER] },
  ]);
  const [{ ResourceArns }] = deployed(internal.AnalyzerConfiguration.InternalAccessConfiguration.InternalAccessAnalysisRule.Inclusions);
  expect(ResourceArns).toEqual(buckets.map(({ bucketName }) => `arn:aws:s3:::${deployed(bucketName)}`));
});

test('AWS Config looks at every bucket and key, after its recorder is there', () => {
  const rules = Object.values(template.findResources('AWS::Config::ConfigRule'));
  const judgedIds = rules.map(({ Properties }) => deployed(Properties.Scope?.ComplianceResourceId ?? ''));
  expect(buckets.filter(({ bucketName }) => judgedIds.filter((id) => id === deployed(bucketName)).length !== 6)).toEqual([]);
  expect(buckets.filter(({ encryptionKey }) => !judgedIds.includes(deployed(encryptionKey!.keyId)))).toEqual([]);
  expect(rules.filter(({ DependsOn }) => ![DependsOn].flat().includes('Recorder'))).toEqual([]);
});
