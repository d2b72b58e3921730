import { App, Aspects, CfnResource, IAspect, PropertyInjectors, RemovalPolicies, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { RequireEncryption, SecureBucket, SecureBucketDefaults } from '../../../src';
import { PRODUCER, synthesisErrors, warnings } from '../../support/apps';

const LOGS = 'SecureBucketAccessLogs';

function stackWithGate(): Stack {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } });
  PropertyInjectors.of(app).add(new SecureBucketDefaults());
  Aspects.of(app).add(new RequireEncryption());
  return new Stack(app, 'Stack', { env: PRODUCER });
}

function onAllBuckets(change: (bucket: s3.CfnBucket) => void, priority?: number): (stack: Stack) => void {
  const aspect: IAspect = { visit: (node: IConstruct) => (s3.CfnBucket.isCfnBucket(node) ? change(node) : undefined) };
  return (stack) => Aspects.of(stack.node.root).add(aspect, { priority });
}

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

const ASPECTS: [string, (stack: Stack) => void, property: string][] = [
  ['deletes all with the stack', (stack) => RemovalPolicies.of(stack.node.root).destroy(), 'DeletionPolicy'],
  ['deletes buckets with the stack', (stack) => RemovalPolicies.of(stack).destroy({ applyToResourceTypes: ['AWS::S3::Bucket'] }), 'DeletionPolicy'],
  ['applies a removal policy', onAllBuckets((bucket) => bucket.applyRemovalPolicy(RemovalPolicy.DESTROY)), 'DeletionPolicy'],
  ['logs to a central bucket', onAllBuckets((bucket) => { bucket.loggingConfiguration ??= { destinationBucketName: 'central-logs' }; }), 'LoggingConfiguration'],
  ['encrypts with a key', onAllBuckets((bucket) => {
    bucket.bucketEncryption = { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: KEY } }] };
  }, 100), 'BucketEncryption'], // before RequireEncryption, as guardrails.md asks for
  ['suspends versioning', onAllBuckets((bucket) => { bucket.versioningConfiguration = { status: 'Suspended' }; }), 'VersioningConfiguration'],
  ['turns access control lists on', onAllBuckets((bucket) => { bucket.ownershipControls = { rules: [{ objectOwnership: 'BucketOwnerPreferred' }] }; }), 'OwnershipControls'],
];

test.each(ASPECTS)('an aspect that %s does not end the synthesis of an app of s3.Buckets, and the log bucket that nobody wrote says what it lacks', (_, change, property) => {
  const stack = stackWithGate();
  new s3.Bucket(stack, 'Data');
  change(stack);
  expect(() => Template.fromStack(stack)).not.toThrow();
  const logs = stack.node.findChild(LOGS);
  expect(warnings(logs)).toContain('cdk-secure-bucket:logBucketNotHardened');
  const said = logs.node.metadata.map(({ data }) => String(data)).join('\n');
  expect(said).toMatch(new RegExp(`SecureBucketDefaults made this bucket for the access logs of the buckets of its stack, and something of the app changes it: .*'${property}'`));
});

test('no such aspect, no such warning', () => {
  const stack = stackWithGate();
  new s3.Bucket(stack, 'Data');
  Template.fromStack(stack);
  expect(warnings(stack.node.findChild(LOGS))).not.toContain('cdk-secure-bucket:logBucketNotHardened');
});

test.each([['before', true], ['after', false]])('a log bucket that a SecureBucket uses, made %s the others, is guarded', (_, isFirst) => {
  const stack = stackWithGate();
  const make = [() => new SecureBucket(stack, 'Secure', { removalPolicy: RemovalPolicy.DESTROY }), () => new s3.Bucket(stack, 'Data')];
  (isFirst ? make : make.reverse()).forEach((each) => each());
  Aspects.of(stack).add({ visit: (node) => (CfnResource.isCfnResource(node) && node.node.path.includes(LOGS) ? node.applyRemovalPolicy(RemovalPolicy.DESTROY) : undefined) });
  expect(synthesisErrors(stack)).toMatch(/weakens 'DeletionPolicy'/);
});
