import { readFileSync } from 'fs';
import { App, PropertyInjectors, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureBucketDefaults } from '../../../src';

const FLAGS = JSON.parse(readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8')); // one of them merges statements

/** What resources wait for, with the defaults and without. */
function dependencies(make: (stack: Stack) => void, areDefaultsOn: boolean): Record<string, string[]> {
  const app = new App({ analyticsReporting: false, context: FLAGS });
  if (areDefaultsOn) {
    PropertyInjectors.of(app).add(new SecureBucketDefaults());
  }
  const stack = new Stack(app, 'Stack');
  make(stack);
  const { Resources } = app.synth().getStackByName('Stack').template;
  return Object.fromEntries(Object.entries<any>(Resources).flatMap(([id, { DependsOn }]) => (DependsOn ? [[id, [DependsOn].flat()]] : [])));
}

test.each<[string, (stack: Stack) => void]>([
  ['grants on two buckets', (stack) => {
    const [one, other] = ['One', 'Other'].map((id) => new s3.Bucket(stack, id));
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    one.grantRead(role);
    other.grantRead(role).applyBefore(new s3.CfnBucket(stack, 'Waiting'));
  }],
  ['grants in a managed policy', (stack) => {
    const [one, other] = ['One', 'Other'].map((id) => new s3.Bucket(stack, id));
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const policy = new iam.ManagedPolicy(stack, 'Policy', { roles: [role] });
    one.grantRead(policy.grantPrincipal);
    other.grantRead(policy.grantPrincipal);
    new s3.CfnBucket(stack, 'Waiting').node.addDependency(policy);
  }],
  ['a delivery stream with a backup', (stack) => {
    new firehose.DeliveryStream(stack, 'Stream', { destination: new firehose.S3Bucket(new s3.Bucket(stack, 'Data'), { s3Backup: { bucket: new s3.Bucket(stack, 'Backup') } }) });
  }],
])('what waits for %s still does', (_, make) => {
  const [plain, defaulted] = [false, true].map((areDefaultsOn) => dependencies(make, areDefaultsOn));
  expect(Object.keys(plain).length).toBeGreaterThan(0);
  expect(defaulted).toMatchObject(Object.fromEntries(Object.entries(plain).map(([id, waits]) => [id, expect.arrayContaining(waits)])));
});
