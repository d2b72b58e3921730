import { App, CfnCondition, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as config from 'aws-cdk-lib/aws-config';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessLogBucket, BucketConfigRules, BucketConfigRulesProps, SecureBucket } from '../../../src';
import { PRODUCER, synthesisErrors, testStack, warnings } from '../../support/apps';
import { deployedValue } from '../../support/deployed-policy';

const ENVIRONMENT = { ...PRODUCER, stackName: 'Stack' };
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

interface Judged {
  readonly identifier: string;
  readonly type?: string;
  readonly id?: string;
  readonly parameters?: Record<string, string>;
}

/** What the rules of a stack look at, once it is deployed. */
function judgedIn(stack: Stack): Judged[] {
  const template = Template.fromStack(stack);
  return Object.values(template.findResources('AWS::Config::ConfigRule')).map(({ Properties }) => {
    const { Source, Scope: scope = {}, InputParameters: parameters } = deployedValue(Properties, template.toJSON() as any, ENVIRONMENT);
    return { identifier: Source.SourceIdentifier, type: scope.ComplianceResourceTypes?.[0], id: scope.ComplianceResourceId, parameters };
  });
}

function judged(make: (stack: Stack) => s3.IBucket[], props: Partial<BucketConfigRulesProps> = { detectDrift: false }): Judged[] {
  const stack = testStack();
  new BucketConfigRules(stack, 'Rules', { buckets: make(stack), ...props });
  expect(synthesisErrors(stack)).toBe('');
  return judgedIn(stack);
}

const identifiersOf = (rules: Judged[], id: string) => rules.filter((rule) => rule.id === id).map(({ identifier }) => identifier).sort();
const ALWAYS = ['S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED', 'S3_BUCKET_SSL_REQUESTS_ONLY'];
const ALL = ['S3_BUCKET_ACL_PROHIBITED', ...ALWAYS, 'S3_BUCKET_LOGGING_ENABLED', 'S3_BUCKET_VERSIONING_ENABLED', 'S3_DEFAULT_ENCRYPTION_KMS'].sort();

describe('each bucket is judged by what the app sets of it', () => {
  const rules = judged((stack) => [
    new SecureBucket(stack, 'Data', { bucketName: 'data', encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY) }), new AccessLogBucket(stack, 'Logs', { bucketName: 'logs' }),
    new s3.Bucket(stack, 'Plain', { bucketName: 'plain' }), s3.Bucket.fromBucketName(stack, 'Imported', 'imported'),
  ]);

  test('a SecureBucket by all, and by its own key', () => {
    expect(identifiersOf(rules, 'data')).toEqual(ALL);
    expect(rules.find(({ id, identifier }) => id === 'data' && identifier === 'S3_DEFAULT_ENCRYPTION_KMS')?.parameters).toEqual({ kmsKeyArns: KEY });
    expect(rules.filter(({ id }) => id === 'data').map(({ type }) => type)).toEqual(ALL.map(() => 'AWS::S3::Bucket'));
  });

  test('a log bucket by neither KMS nor access logs, which it cannot have', () => {
    expect(identifiersOf(rules, 'logs')).toEqual(ALL.filter((identifier) => !['S3_DEFAULT_ENCRYPTION_KMS', 'S3_BUCKET_LOGGING_ENABLED'].includes(identifier)));
  });

  test('a plain bucket by what every bucket should have', () => {
    expect(identifiersOf(rules, 'plain')).toEqual(ALWAYS);
  });

  test('an imported bucket, too', () => {
    expect(identifiersOf(rules, 'imported')).toEqual(['S3_BUCKET_ACL_PROHIBITED', ...ALWAYS]);
  });

  test('the key, and the trails of the account', () => {
    expect(rules.filter(({ type }) => type !== 'AWS::S3::Bucket')).toEqual([
      { identifier: 'KMS_KEY_POLICY_NO_PUBLIC_ACCESS', type: 'AWS::KMS::Key', id: KEY.split('/')[1] },
      { identifier: 'KMS_CMK_NOT_SCHEDULED_FOR_DELETION', parameters: { kmsKeyIds: KEY.split('/')[1] } },
      { identifier: 'CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED' },
    ]);
  });
});

test('a key that AWS Config does not see here is not judged', () => {
  const rules = judged((stack) => [s3.Bucket.fromBucketAttributes(stack, 'Data', { bucketName: 'data', encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY.replace('111122223333', '444455556666')) })]);
  expect(rules.filter(({ identifier }) => identifier.startsWith('KMS_'))).toEqual([]);
  expect(identifiersOf(rules, 'data')).toContain('S3_DEFAULT_ENCRYPTION_KMS'); // the bucket is
});

test('the parameters of a rule fit, whatever number of keys', () => {
  const rules = judged((stack) => Array.from({ length: 30 }, (_, i) => s3.Bucket.fromBucketAttributes(stack, `Data${i}`, {
    bucketName: `data-${i}`, encryptionKey: kms.Key.fromKeyArn(stack, `Key${i}`, KEY.replace(/.{2}$/, String(10 + i))),
  })));
  const parameters = rules.filter(({ identifier }) => identifier === 'KMS_CMK_NOT_SCHEDULED_FOR_DELETION').map((rule) => rule.parameters!);
  expect(parameters.flatMap(({ kmsKeyIds }) => kmsKeyIds.split(','))).toHaveLength(30);
  expect(Math.max(...parameters.map((one) => JSON.stringify(one).length))).toBeLessThanOrEqual(1024);
});

describe('drift', () => {
  test('is looked for in the stacks of the buckets, once in each, by a role that reads no objects', () => {
    const app = new App({ analyticsReporting: false });
    const data = new Stack(app, 'Data', { env: PRODUCER });
    const stack = new Stack(app, 'Stack', { env: PRODUCER });
    const buckets = [new SecureBucket(data, 'One', { bucketName: 'one' }), new SecureBucket(data, 'Two', { bucketName: 'two' }), s3.Bucket.fromBucketName(stack, 'Imported', 'imported')];
    new BucketConfigRules(stack, 'Rules', { buckets });
    new BucketConfigRules(stack, 'Again', { buckets: [buckets[0]] });
    expect(synthesisErrors(stack)).toBe('');
    const driftOf = (one: Stack) => Object.values(Template.fromStack(one).findResources('AWS::Config::ConfigRule'))
      .filter(({ Properties }) => Properties.Source.SourceIdentifier === 'CLOUDFORMATION_STACK_DRIFT_DETECTION_CHECK');
    expect(driftOf(stack)).toEqual([]);
    const [{ Properties }, ...others] = driftOf(data);
    expect(others).toEqual([]);
    expect(Properties.Scope).toEqual({ ComplianceResourceId: { Ref: 'AWS::StackId' }, ComplianceResourceTypes: ['AWS::CloudFormation::Stack'] });
    const [roleId] = Properties.InputParameters.cloudformationRoleArn['Fn::GetAtt'];
    const [trust] = Template.fromStack(data).findResources('AWS::IAM::Role')[roleId].Properties.AssumeRolePolicyDocument.Statement;
    expect(trust.Principal).toEqual({ Service: 'config.amazonaws.com' });
    const [{ Properties: { PolicyDocument } }] = Object.values(Template.fromStack(data).findResources('AWS::IAM::ManagedPolicy')).filter(({ Properties: { Roles } }) => Roles[0].Ref === roleId);
    expect(PolicyDocument.Statement).toEqual([{ Sid: 'NoObjects', Effect: 'Deny', Action: 's3:GetObject*', Resource: '*' }]);
  });

  test('is not, by choice', () => {
    expect(judged((stack) => [new SecureBucket(stack, 'Data')]).map(({ identifier }) => identifier)).not.toContain('CLOUDFORMATION_STACK_DRIFT_DETECTION_CHECK');
  });
});

describe('a recorder is needed', () => {
  const ROLE = 'arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig';
  type Group = config.CfnConfigurationRecorder.RecordingGroupProperty;
  type Change = (made: config.CfnConfigurationRecorder, stack: Stack) => unknown;
  const recorder = (recordingGroup?: Group, change: Change = () => undefined) => (stack: Stack) => {
    change(new config.CfnConfigurationRecorder(stack, 'Recorder', { roleArn: ROLE, recordingGroup }), stack);
  };

  test.each<[string, (stack: Stack) => unknown, boolean]>([
    ['none', () => undefined, false],
    ['one of everything', recorder(), true],
    ['one of all that is supported', recorder({ allSupported: true }), true],
    ['one of buckets alone', recorder({ resourceTypes: ['AWS::S3::Bucket'] }), false],
    ['one of buckets, keys and stacks', recorder({ resourceTypes: ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::CloudFormation::Stack'] }), true],
    ['one without instances', recorder({ exclusionByResourceTypes: { resourceTypes: ['AWS::EC2::Instance'] }, recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' } }), true],
    ['one without keys', recorder({ exclusionByResourceTypes: { resourceTypes: ['AWS::KMS::Key'] }, recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' } }), false],
    ['one under a condition', recorder(undefined, (made, stack) => {
      made.cfnOptions.condition = new CfnCondition(stack, 'Condition', { expression: Fn.conditionEquals(stack.region, 'eu-west-1') });
    }), false],
    ['one of another Region', (stack) => recorder()(new Stack(stack.node.root as App, 'Other', { env: { ...PRODUCER, region: 'us-east-1' } })), false],
  ])('%s', (_, make, isKnown) => {
    const stack = testStack();
    const rules = new BucketConfigRules(stack, 'Rules', { buckets: [new SecureBucket(stack, 'Data')] });
    make(stack);
    expect(synthesisErrors(stack)).toBe('');
    expect(warnings(rules)).toEqual(isKnown ? [] : ['cdk-secure-bucket:configRulesNeedRecorder']);
  });

  test('and rules wait for it', () => {
    const stack = testStack();
    new BucketConfigRules(stack, 'Rules', { buckets: [s3.Bucket.fromBucketName(stack, 'Data', 'data')] });
    recorder()(stack);
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::Config::ConfigRule'));
    expect(rules.map(({ DependsOn }) => DependsOn)).toEqual(rules.map(() => ['Recorder']));
  });
});

test('a Region without a rule goes without, and that is said', () => {
  const stack = testStack({ env: { ...PRODUCER, region: 'us-gov-west-1' } });
  const rules = new BucketConfigRules(stack, 'Rules', { buckets: [new SecureBucket(stack, 'Data')], detectDrift: false });
  expect(synthesisErrors(stack)).toBe('');
  expect(judgedIn(stack).map(({ identifier }) => identifier)).not.toContain('KMS_KEY_POLICY_NO_PUBLIC_ACCESS');
  expect(warnings(rules)).toContain('cdk-secure-bucket:configRuleNotInRegion');
});

test.each<[string, (stack: Stack) => unknown, string]>([
  ['no buckets', (stack) => new BucketConfigRules(stack, 'Rules', { buckets: [] }), "'buckets': it is not a list of buckets, one at least"],
  ['a bucket of another Region', (stack) => new BucketConfigRules(stack, 'Rules', { buckets: [s3.Bucket.fromBucketAttributes(stack, 'Data', { bucketName: 'data', region: 'us-east-1' })] }),
    "the bucket 'Stack/Data' is in the Region us-east-1, and AWS Config looks at the Region eu-west-1 only. Make BucketConfigRules in a stack of the Region of the bucket."],
])('%s is refused', (_, make, message) => {
  expect(() => make(testStack())).toThrow(message);
});
