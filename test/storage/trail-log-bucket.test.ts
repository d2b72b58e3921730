import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessEvaluator, EncryptionEnforcement, TrailLogBucket, TrailLogBucketProps } from '../../src';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
import { NEW_APP_FLAGS, policyStatements, PRODUCER, synthesisErrors, testStack, warnings } from '../support/apps';
import { guarantees } from '../support/proofs';

const TRAIL = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit';
const LOG = `AWSLogs/${PRODUCER.account}/CloudTrail/eu-west-1/2026/01/01/log.json.gz`;
const DIGEST = LOG.replace('/CloudTrail/', '/CloudTrail-Digest/');
const PERIMETERS = { network: { vpcEndpointIds: ['vpce-0abc123def4567890'] }, organization: { organizationIds: ['o-exampleorgid'] } };

type AddTrail = (bucket: TrailLogBucket, stack: Stack) => unknown;

/** The two ways of making the trail. */
const WAYS: Record<string, AddTrail> = {
  'made by the bucket': (bucket) => bucket.addTrail('Trail'),
  'made as ever': (bucket, stack) => new cloudtrail.Trail(stack, 'Trail', { bucket, trailName: bucket.trailName, encryptionKey: bucket.encryptionKey }),
};

class TrailApp {
  public readonly app = new App({ analyticsReporting: false, context: NEW_APP_FLAGS });
  public readonly stack = new Stack(this.app, 'Audit', { env: PRODUCER });
  public readonly logs: TrailLogBucket;

  constructor(props: Partial<TrailLogBucketProps> = PERIMETERS, addTrail: AddTrail = WAYS['made by the bucket']) {
    this.logs = new TrailLogBucket(this.stack, 'Logs', { bucketName: 'audit-logs', trailName: 'audit', ...props });
    addTrail(this.logs, this.stack);
    expect(synthesisErrors(this.stack)).toBe('');
  }

  public get keyArn(): string {
    return this.evaluator._model.deployment.ofType('AWS::KMS::Key')[0].reference('Arn')!;
  }

  public decide(key: string, context: Record<string, unknown>, principal = 'cloudtrail.amazonaws.com'): string {
    const source = { 'aws:SourceArn': TRAIL, 'aws:SourceAccount': PRODUCER.account, 'aws:SourceOrgID': 'o-exampleorgid', 'kms:EncryptionContext:aws:cloudtrail:arn': TRAIL };
    const request = { principal, action: 's3:PutObject', resource: `arn:aws:s3:::audit-logs/${key}`, context: { ...source, 's3:x-amz-acl': 'bucket-owner-full-control', ...context } };
    return this.evaluator.decide(request).outcome;
  }

  private get evaluator(): AccessEvaluator {
    return AccessEvaluator._of(synthesizedTemplates(this.app));
  }
}

const NOTHING = { 's3:x-amz-server-side-encryption': null };
const SSE_S3 = { 's3:x-amz-server-side-encryption': 'AES256' };
const withKey = (arn: string) => ({ 's3:x-amz-server-side-encryption': 'aws:kms', 's3:x-amz-server-side-encryption-aws-kms-key-id': arn });

test('makes one trail: a second one would have the same name', () => {
  const logs = new TrailLogBucket(testStack(), 'Logs', { trailName: 'audit' });
  logs.addTrail('Trail');
  expect(() => logs.addTrail('Other')).toThrow("the trail 'audit' is made already");
});

describe.each(Object.entries(WAYS))('a trail %s', (_, addTrail) => {
  const made = new TrailApp(PERIMETERS, addTrail);

  test('delivers logs and digests, with its key, with SSE-S3 or with what the bucket has by default', () => {
    const headers = [NOTHING, SSE_S3, withKey(made.keyArn)];
    expect([LOG, DIGEST].flatMap((key) => headers.map((header) => made.decide(key, header)))).toEqual(Array(6).fill('allowed'));
  });

  test('encrypts with the key of the bucket, and validates its files', () => {
    const [{ Properties }] = Object.values(Template.fromStack(made.stack).findResources('AWS::CloudTrail::Trail'));
    expect(Properties).toMatchObject({ TrailName: 'audit', KMSKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^LogsKey/), 'Arn'] }, EnableLogFileValidation: true, S3BucketName: { Ref: expect.stringMatching(/^Logs/) } });
  });

  test.each([
    ['another trail', { 'aws:SourceArn': `${TRAIL}2` }],
    ['the trail of that name elsewhere', { 'aws:SourceArn': TRAIL.replace('111122223333', '999988887777'), 'aws:SourceAccount': '999988887777' }],
    ['nobody in particular', { 'aws:SourceArn': null }],
  ])('CloudTrail delivers nothing for %s', (__, source) => {
    expect(made.decide(LOG, { ...NOTHING, ...source })).toBe('denied');
  });

  test('no statement lets CloudTrail in without naming the trail', () => {
    const forTrails = policyStatements(made.stack, 'LogsPolicy').filter(({ Principal }) => Principal.Service === 'cloudtrail.amazonaws.com');
    expect(forTrails.flatMap(({ Action }) => Action).sort()).toEqual(['s3:GetBucketAcl', 's3:PutObject']);
    expect(forTrails.map(({ Condition }) => Condition.ArnLike['aws:SourceArn'])).toEqual([TRAIL, TRAIL]);
  });

  test('leaves the rule pack nothing to say', () => {
    expect(judge(deploymentOf(synthesizedTemplates(made.app))).map(({ rule, resource, problem }) => `${rule.id} ${resource.path}: ${problem}`)).toEqual([]);
    expect(warnings(made.logs)).toEqual([]);
  });
});

describe.each([EncryptionEnforcement.REJECT_OTHER, EncryptionEnforcement.REQUIRE_HEADER])('with %s, the upload guardrail spares', (encryptionEnforcement) => {
  const made = new TrailApp({ ...PERIMETERS, encryptionEnforcement });

  test('CloudTrail for this trail alone: the proof holds, and its sentence says so', () => {
    const proofs = guarantees(made.logs);
    expect(proofs.filter((proof) => !proof.startsWith('holds: '))).toEqual([]);
    expect(proofs.filter((proof) => proof.includes(`uploads with SSE-S3 by cloudtrail.amazonaws.com for ${TRAIL}`))).toHaveLength(1);
  });

  test('no other service, no role, no other key', () => {
    const inside = { 'aws:SourceVpce': 'vpce-0abc123def4567890' };
    expect(made.decide(LOG, SSE_S3, 'config.amazonaws.com')).toBe('denied');
    expect(made.decide(LOG, { ...SSE_S3, ...inside }, 'arn:aws:iam::111122223333:root')).toBe('denied');
    expect(made.decide(LOG, withKey(`${made.keyArn}0`))).toBe('denied');
  });
});

test('the trail of an organization delivers for its management account, and for all others', () => {
  const made = new TrailApp({ ...PERIMETERS, trailOrganizationId: 'o-exampleorgid' });
  expect(made.decide(LOG, NOTHING)).toBe('allowed');
  expect(made.decide(DIGEST.replace(`AWSLogs/${PRODUCER.account}`, `AWSLogs/o-exampleorgid/${PRODUCER.account}`), SSE_S3)).toBe('allowed');
  expect(made.decide(LOG.replace(PRODUCER.account, '444455556666'), NOTHING)).toBe('denied');
  Template.fromStack(made.stack).hasResourceProperties('AWS::CloudTrail::Trail', { IsOrganizationTrail: true });
});

test('a trail of another account and Region delivers by its own name', () => {
  const made = new TrailApp({ ...PERIMETERS, trailAccount: '444455556666', trailRegion: 'us-east-1' }, () => undefined);
  const there = 'arn:aws:cloudtrail:us-east-1:444455556666:trail/audit';
  const log = LOG.replace(PRODUCER.account, '444455556666');
  expect(made.decide(log, { ...NOTHING, 'aws:SourceArn': there, 'aws:SourceAccount': '444455556666', 'kms:EncryptionContext:aws:cloudtrail:arn': there })).toBe('allowed');
  expect(made.decide(log, NOTHING)).toBe('denied');
});

test('Object Lock by choice, with a default retention', () => {
  const made = new TrailApp({ objectLockEnabled: true, objectLockDefaultRetention: s3.ObjectLockRetention.compliance(Duration.days(365)) });
  expect(made.decide(LOG, NOTHING)).toBe('allowed');
  Template.fromStack(made.stack).hasResourceProperties('AWS::S3::Bucket', { ObjectLockEnabled: true, ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 365, Mode: 'COMPLIANCE' } } } });
});

describe('a trail that could not deliver fails synthesis', () => {
  test.each<[string, Partial<cloudtrail.TrailProps>, string]>([
    ['without the key of the bucket', { trailName: 'audit' }, "'Stack/Logs': the trail 'Stack/Trail' does not encrypt with the key of the bucket. Pass 'encryptionKey: bucket.encryptionKey'"],
    ['without its name', {}, "the trail 'Stack/Trail' is not called 'audit'"],
    ['under another prefix', { trailName: 'audit', s3KeyPrefix: 'trails' }, "the trail 'Stack/Trail' writes under another prefix"],
    ['of an organization', { trailName: 'audit', isOrganizationTrail: true, orgId: 'o-exampleorgid' }, "the trail 'Stack/Trail' is one of an organization"],
  ])('%s', (_, props, message) => {
    const stack = testStack();
    new cloudtrail.Trail(stack, 'Trail', { ...props, bucket: new TrailLogBucket(stack, 'Logs', { trailName: 'audit' }) });
    expect(synthesisErrors(stack)).toContain(message);
  });

  test('with another key, also as a CfnTrail', () => {
    const stack = testStack();
    const logs = new TrailLogBucket(stack, 'Logs', { trailName: 'audit', bucketName: 'audit-logs' });
    new cloudtrail.CfnTrail(new Stack(stack.node.root as App, 'Other', { env: PRODUCER }), 'Trail', {
      isLogging: true, s3BucketName: 'audit-logs', trailName: logs.trailName, kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    });
    expect(synthesisErrors(stack)).toContain("the trail 'Other' does not encrypt with the key of the bucket");
  });
});

test.each([['x'], ['-audit'], ['192.168.5.4'], ['my trail'], ['a..b']])("'%s' is refused as the name of a trail", (trailName) => {
  expect(() => new TrailLogBucket(testStack(), 'Logs', { trailName })).toThrow(`'Stack/Logs': 'trailName' is '${trailName}', which no trail can be called.`);
});

test('what the bucket decides is refused where the trail is made', () => {
  const stack = testStack();
  const logs = new TrailLogBucket(stack, 'Logs', { trailName: 'audit' });
  expect(() => logs.addTrail('Trail', { trailName: 'other', encryptionKey: new kms.Key(stack, 'Key') })).toThrow(/'trailName' of the trail is decided by the bucket\.[^]*'encryptionKey'/);
});

test('a key of its own that others may use is confined to the trail, whatever the bucket is called', () => {
  const stack = testStack();
  const bucket = new TrailLogBucket(stack, 'Logs', { trailName: 'audit', encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }) });
  expect(warnings(bucket)).not.toContain('cdk-secure-bucket:deliveryKeyNotConfined');
});
