import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessLogBucket, RequireTls, SecureBucket, SecureBucketDefaults, TrailLogBucket } from '../../src';
import { testStack } from '../support/apps';

const KEPT = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };

/** The bucket policies of a stack, by their logical IDs. */
function policies(stack: Stack): Record<string, any> {
  return Template.fromStack(stack).findResources('AWS::S3::BucketPolicy');
}

function policyOf(stack: Stack, bucket: string): any {
  return Object.entries(policies(stack)).find(([logicalId]) => logicalId.startsWith(`${bucket}Policy`))![1];
}

describe('a policy stays as long as its bucket', () => {
  test.each<[string, (stack: Stack) => unknown]>([
    ['of a SecureBucket', (stack) => new SecureBucket(stack, 'Data')],
    ['of a SecureBucket that is kept unless its creation fails', (stack) => new SecureBucket(stack, 'Data', { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE })],
    ['of an AccessLogBucket', (stack) => new AccessLogBucket(stack, 'Data')],
    ['of a TrailLogBucket', (stack) => new TrailLogBucket(stack, 'Data', { trailName: 'audit' })],
  ])('%s', (_, build) => {
    const stack = testStack();
    build(stack);
    expect(policyOf(stack, 'Data')).toMatchObject(KEPT);
  });

  test('of a bucket of other people only if they say so', () => {
    const stack = testStack();
    new s3.Bucket(stack, 'Guarded').with(new RequireTls());
    expect(policyOf(stack, 'Guarded').DeletionPolicy).toBeUndefined();
    const app = new App({ analyticsReporting: false, propertyInjectors: [new SecureBucketDefaults()] });
    const injected = new Stack(app, 'Stack');
    new s3.Bucket(injected, 'Data');
    expect(Object.values(policies(injected)).map(({ DeletionPolicy }) => DeletionPolicy)).toContain(undefined);
  });
});

describe('the traps', () => {
  test('a bucket that is deleted with its stack: its policy is, too, after the function that empties the bucket', () => {
    const stack = testStack();
    new SecureBucket(stack, 'Data', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
    const policy = policyOf(stack, 'Data');
    expect([policy.DeletionPolicy, policy.UpdateReplacePolicy]).toEqual([undefined, undefined]);
    const [emptying] = Object.values(Template.fromStack(stack).findResources('Custom::S3AutoDeleteObjects'));
    expect(emptying.DependsOn).toEqual([expect.stringMatching(/^DataPolicy/)]);
  });

  test('a first creation that fails: the policy goes with the rollback, so that the next attempt finds none', () => {
    const stack = testStack();
    new SecureBucket(stack, 'Data');
    expect(policyOf(stack, 'Data').DeletionPolicy).toBe('RetainExceptOnCreate'); // 'Retain' would leave it
  });

  test('a bucket that is replaced: the one that is kept keeps its policy', () => {
    const stack = testStack();
    new SecureBucket(stack, 'Data', { bucketName: 'another-name' });
    expect(policyOf(stack, 'Data').UpdateReplacePolicy).toBe('Retain');
  });

  test('back to s3.Bucket: a policy of its own has the same logical ID, and is changed in place', () => {
    const [guarded, plain] = [testStack(), testStack()];
    new SecureBucket(guarded, 'Data');
    new s3.Bucket(plain, 'Data', { enforceSSL: true });
    expect(Object.keys(policies(guarded))).toEqual(expect.arrayContaining(Object.keys(policies(plain))));
  });

  test('back to s3.Bucket without a policy: first the policy is said to go with its resource', () => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Data');
    bucket.policy!.applyRemovalPolicy(RemovalPolicy.DESTROY);
    expect(policyOf(stack, 'Data')).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  test('kept data is imported with its policy: both say what becomes of them, which an import asks for', () => {
    const stack = testStack();
    new SecureBucket(stack, 'Data', { bucketName: 'kept-data' });
    const [bucket] = Object.entries(Template.fromStack(stack).findResources('AWS::S3::Bucket')).find(([logicalId]) => logicalId.startsWith('Data'))!;
    const imported = Template.fromStack(stack).toJSON().Resources;
    expect(imported[bucket].DeletionPolicy).toBe('Retain');
    expect(policyOf(stack, 'Data')).toMatchObject({ ...KEPT, Properties: { Bucket: { Ref: bucket } } });
  });

  test('a construct with another name: bucket and policy get other logical IDs together, and the kept ones stay together', () => {
    const [before, after] = ['Data', 'Renamed'].map((id) => {
      const stack = testStack();
      new SecureBucket(stack, id);
      return policyOf(stack, id).Properties.Bucket.Ref;
    });
    expect(before).not.toBe(after);
  });

  test('the logical IDs of bucket and policy can be kept together', () => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Renamed');
    (bucket.node.defaultChild as s3.CfnBucket).overrideLogicalId('DataE3889A50');
    (bucket.policy!.node.defaultChild as s3.CfnBucketPolicy).overrideLogicalId('DataPolicy1A6F3C5E');
    expect(policies(stack).DataPolicy1A6F3C5E).toMatchObject({ ...KEPT, Properties: { Bucket: { Ref: 'DataE3889A50' } } });
  });

  test('exemptions of roles that were deleted: they are named by ARN in conditions, which AWS does not turn into ids', () => {
    const stack = testStack();
    const administrators = [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/BreakGlass')];
    new SecureBucket(stack, 'Data', { network: { vpcEndpointIds: ['vpce-0abc123def4567890'] }, administrators });
    const denies = policyOf(stack, 'Data').Properties.PolicyDocument.Statement.filter(({ Effect }: any) => Effect === 'Deny');
    expect(denies.map(({ Principal, NotPrincipal }: any) => [Principal, NotPrincipal])).toEqual(denies.map(() => [{ AWS: '*' }, undefined]));
    expect(JSON.stringify(denies)).toContain('role/BreakGlass');
  });
});
