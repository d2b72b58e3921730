import { App, Aspects, CfnCondition, CfnParameter, Fn, PropertyInjectors, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AccessAssumptions, AccessEvaluator, AccessOutcome, RequireEncryption, SecureBucketDefaults } from '../../../src';
import { PRODUCER } from '../../support/apps';

/** An app in which some of the buckets are made under a condition, with README's gate. */
function conditionalStack(count = 1): Stack {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } });
  PropertyInjectors.of(app).add(new SecureBucketDefaults());
  Aspects.of(app).add(new RequireEncryption());
  const stack = new Stack(app, 'Stack', { env: PRODUCER });
  const condition = new CfnCondition(stack, 'IsWanted', { expression: Fn.conditionEquals(new CfnParameter(stack, 'Wanted', { default: 'yes' }), 'yes') });
  for (let i = 0; i < count; i++) {
    (new s3.Bucket(stack, `Data${i}`, { bucketName: `amzn-s3-demo-${i}` }).node.defaultChild as s3.CfnBucket).cfnOptions.condition = condition;
  }
  new s3.Bucket(stack, 'Always', { bucketName: 'amzn-s3-demo-always' });
  return stack;
}

/** The resources to which others refer that are there although those may not be. */
function dangling(template: any): string[] {
  const conditional = new Set(Object.keys(template.Resources).filter((id) => template.Resources[id].Condition !== undefined));
  const refersTo = (value: any, isGuarded: boolean): string[] => (typeof value !== 'object' || value === null ? [] : Object.entries<any>(value).flatMap(([key, inner]) => (
    key === 'Ref' || key === 'Fn::GetAtt' ? [[inner].flat()[0]].filter((id) => conditional.has(id) && !isGuarded)
      : key === 'Fn::If' ? refersTo(inner[1], true).concat(refersTo(inner[2], isGuarded)) : refersTo(inner, isGuarded)
  )));
  return Object.entries<any>(template.Resources).filter(([, { Condition }]) => Condition === undefined).flatMap(([id, { Properties }]) => refersTo(Properties, false).map((name) => `${id} refers to ${name}`));
}

test.each([1, 40])('of %d buckets under a condition, policies and keys are there only with them, and nothing else needs them', (count) => {
  const template = Template.fromStack(conditionalStack(count)).toJSON();
  const conditional = Object.values<any>(template.Resources).filter(({ Condition }) => Condition === 'IsWanted').map(({ Type }) => Type);
  expect(conditional.sort()).toEqual(['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy'].flatMap((type) => Array(count).fill(type)));
  expect(dangling(template)).toEqual([]);
});

test.each<[string, (stack: Stack) => s3.Bucket]>([
  ['deletes its objects', (stack) => new s3.Bucket(stack, 'Waited', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY })],
  ['sends notifications', (stack) => {
    const bucket = new s3.Bucket(stack, 'Waited');
    bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.SqsDestination(new sqs.Queue(stack, 'Queue')));
    return bucket;
  }],
])('where a bucket under a condition %s, nothing that is always there waits for what is not', (_, make) => {
  const stack = conditionalStack();
  const bucket = make(stack);
  (bucket.node.defaultChild as s3.CfnBucket).cfnOptions.condition = stack.node.findChild('IsWanted') as CfnCondition;
  const resources = Object.values<any>(Template.fromStack(stack).toJSON().Resources);
  const isConditional = (id: string) => Template.fromStack(stack).toJSON().Resources[id].Condition !== undefined;
  expect(resources.filter(({ Condition, DependsOn = [] }) => Condition === undefined && [DependsOn].flat().some(isConditional))).toEqual([]);
  expect(resources.some(({ Type, DependsOn }) => Type.startsWith('Custom::') && DependsOn)).toBe(true);
});

test('their logs arrive where they are made, and those of other buckets always', () => {
  const template = Template.fromStack(conditionalStack()).toJSON();
  const logs = Object.keys(template.Resources).find((id) => /^SecureBucketAccessLogs[0-9A-F]+$/.test(id) && template.Resources[id].Type === 'AWS::S3::Bucket')!;
  const delivered = (from: string, path: string, wanted: string) => AccessEvaluator.fromTemplates(
    [{ stackName: 'Stack', account: PRODUCER.account, region: PRODUCER.region, template }],
    AccessAssumptions.fromJson({ parameters: { Stack: { Wanted: wanted } }, physicalIds: { Stack: { [logs]: 'amzn-s3-demo-logs' } } }),
  ).decide({
    principal: 'logging.s3.amazonaws.com', action: 's3:PutObject', resource: `arn:aws:s3:::amzn-s3-demo-logs/${path}/x`, context: { 'aws:SourceArn': `arn:aws:s3:::${from}`, 'aws:SourceAccount': PRODUCER.account },
  }).outcome;
  expect([delivered('amzn-s3-demo-0', 'Stack/Data0', 'yes'), delivered('amzn-s3-demo-0', 'Stack/Data0', 'no'), delivered('amzn-s3-demo-always', 'Stack/Always', 'no')]).toEqual([AccessOutcome.ALLOWED, AccessOutcome.DENIED, AccessOutcome.ALLOWED]);
});
