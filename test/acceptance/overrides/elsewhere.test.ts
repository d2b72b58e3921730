import { App, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { errorLines } from './attack';
import { RequireEncryption, RequireTls, SecureBucket } from '../../../src';
import { PRODUCER, synthesisErrors, testStack, warnings } from '../../support/apps';

const NOTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource: '*' }] };

function secondPolicy(scope: Stack): CfnResource {
  return new CfnResource(scope, 'Second', { type: 'AWS::S3::BucketPolicy', properties: { Bucket: 'example-data', PolicyDocument: NOTHING } });
}

describe('stages of one app', () => {
  test.each([['Early', 'Late'], ['Late', 'Early']])('a second policy in stage %s for the bucket of stage %s', (other, own) => {
    const app = new App({ analyticsReporting: false });
    const stages = Object.fromEntries(['Early', 'Late'].map((id) => [id, new Stage(app, id, { env: PRODUCER })]));
    new SecureBucket(new Stack(stages[own], 'Storage'), 'Data', { bucketName: 'example-data' });
    secondPolicy(new Stack(stages[other], 'Elsewhere'));
    expect(errorLines(app)).toContainEqual(expect.stringMatching(new RegExp(`'${own}/Storage/Data': the app writes 2 bucket policies.*'${other}/Elsewhere/Second'.*Keep one`)));
  });

  test('a second policy in the app around the stage of the bucket', () => {
    const app = new App({ analyticsReporting: false });
    new SecureBucket(new Stack(new Stage(app, 'Inner', { env: PRODUCER }), 'Storage'), 'Data', { bucketName: 'example-data' });
    secondPolicy(new Stack(app, 'Outer', { env: PRODUCER }));
    expect(errorLines(app).join()).toMatch(/'Inner\/Storage\/Data': the app writes 2 bucket policies.*'Outer\/Second'/);
  });

  test('buckets of one name in two stages have a policy each', () => {
    const app = new App({ analyticsReporting: false });
    ['Standard', 'China'].forEach((id) => new SecureBucket(new Stack(new Stage(app, id), 'Storage'), 'Data', { bucketName: 'example-data' }));
    expect(errorLines(app)).toEqual([]);
  });
});

describe('what is synthesized again is judged again', () => {
  test('what was added after the first synthesis is found', () => {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'Storage', { env: PRODUCER });
    new SecureBucket(stack, 'Data', { bucketName: 'example-data' });
    app.synth();
    secondPolicy(stack);
    expect(() => app.synth({ force: true })).toThrow(/'Storage\/Data': the app writes 2 bucket policies/);
  });
});

describe('a bucket that is not made any more', () => {
  test('is not judged', () => {
    const stack = testStack();
    new SecureBucket(stack, 'Data');
    stack.node.tryRemoveChild('Data');
    expect(synthesisErrors(stack)).toBe('');
    Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 0);
  });
});

describe('the default encryption of a guarded s3.Bucket', () => {
  const RULE = 'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault';

  test.each<[string, (bucket: s3.CfnBucket) => void]>([
    ['a key of another account', (bucket) => bucket.addPropertyOverride(`${RULE}.KMSMasterKeyID`, 'arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab')],
    ['AWS::NoValue', (bucket) => bucket.addPropertyOverride(`${RULE}.KMSMasterKeyID`, { Ref: 'AWS::NoValue' })],
    ['SSE-S3', (bucket) => bucket.addPropertyOverride(RULE, { SSEAlgorithm: 'AES256', KMSMasterKeyID: undefined })],
    ['nothing', (bucket) => bucket.addPropertyDeletionOverride('BucketEncryption')],
    ['nothing, by assignment', (bucket) => { bucket.bucketEncryption = undefined; }],
  ])('%s', (_, weaken) => {
    const stack = testStack();
    const bucket = new s3.Bucket(stack, 'Reports', { encryption: s3.BucketEncryption.KMS });
    bucket.with(new RequireEncryption());
    weaken(bucket.node.defaultChild as s3.CfnBucket);
    expect(synthesisErrors(stack)).toMatch(/'Stack\/Reports': the default encryption of the bucket was changed after RequireEncryption .*Apply the guardrail last/);
  });
});

describe('a policy for a bucket that the app does not make', () => {
  test.each<[string, (policy: s3.CfnBucketPolicy) => void]>([
    ['by an override', (policy) => policy.addPropertyOverride('Bucket', 'somebody-elses')],
    ['by assignment', (policy) => { policy.bucket = 'somebody-elses'; }],
  ])('stays that of the bucket: %s', (_, move) => {
    const stack = testStack();
    const policy = new s3.CfnBucketPolicy(stack, 'Policy', { bucket: 'example-imported', policyDocument: NOTHING });
    policy.with(new RequireTls());
    move(policy);
    expect(synthesisErrors(stack)).toMatch(/'Stack\/Policy': 'Bucket' of its policy 'Stack\/Policy' is not, or not always, this bucket.*Remove the override/);
  });
});

describe('macros that rewrite a template', () => {
  test('are a warning: what they make of it cannot be seen', () => {
    const stack = testStack();
    new SecureBucket(stack, 'Data');
    stack.addTransform('OurMacro');
    expect(synthesisErrors(stack)).toBe('');
    expect(warnings(stack)).toContain('cdk-secure-bucket:templateTransform');
  });

  test.each(['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31'])('those of AWS that leave resources of S3 and KMS alone are none: %s', (name) => {
    const stack = testStack();
    new SecureBucket(stack, 'Data');
    stack.addTransform(name);
    expect(synthesisErrors(stack)).toBe('');
    expect(warnings(stack)).toEqual([]);
  });
});
