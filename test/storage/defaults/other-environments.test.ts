import { App, PhysicalName, PropertyInjectors, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureBucketDefaults } from '../../../src';
import { warnings } from '../../support/apps';

const ENV = { account: '111122223333', region: 'us-east-1' };
const ELSEWHERE = { account: '111122223333', region: 'eu-west-1' };

/** What becomes of a bucket that a role of some stack is granted. */
function granted(env: { account: string; region: string }, crossRegionReferences: boolean, isHardened: boolean, roleOf: (stack: Stack) => iam.IRole) {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } });
  if (isHardened) {
    PropertyInjectors.of(app).add(new SecureBucketDefaults());
  }
  const stack = new Stack(app, 'Storage', { env: ENV, crossRegionReferences });
  const reader = new Stack(app, 'Reader', { env, crossRegionReferences });
  const bucket = new s3.Bucket(stack, 'Reports', { bucketName: 'amzn-s3-demo-reports' });
  bucket.grantRead(roleOf(reader));
  const resources: any[] = Object.values(app.synth().getStackByName('Storage').template.Resources);
  const { BucketEncryption } = resources.find(({ Properties }) => Properties.BucketName === 'amzn-s3-demo-reports').Properties;
  return { bucket, resources, algorithm: BucketEncryption?.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm };
}

const role = (roleName?: string) => (stack: Stack) => new iam.Role(stack, 'Role', { roleName, assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });

describe.each([true, false])('a role of another Region that is granted a bucket (references across Regions: %s)', (references) => {
  test.each<[string, (stack: Stack) => iam.IRole]>([
    ['whose name AWS draws', role()],
    ['with a name', role('Reader')],
    ['that is imported', (stack) => iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/Reader')],
  ])('leaves it on SSE-S3, which is said: one %s', (_, roleOf) => {
    expect(granted(ELSEWHERE, references, false, roleOf).algorithm).toBeUndefined(); // the app synthesizes without the defaults
    const { bucket, resources, algorithm } = granted(ELSEWHERE, references, true, roleOf);
    expect(algorithm).toBe('AES256');
    expect(resources.filter(({ Type }) => Type === 'AWS::KMS::Key')).toEqual([]);
    expect(warnings(bucket)).toContain('cdk-secure-bucket:leftOnSseS3');
    expect(JSON.stringify(bucket.node.metadata)).toContain("'Reader/Role', which is granted access to its objects, is of another Region");
  });
});

test.each<[string, { account: string; region: string }]>([['the same Region', ENV], ['another account', { account: '444455556666', region: 'us-east-1' }]])('a role of %s is given the key, too', (_, env) => {
  const { bucket, algorithm } = granted(env, false, true, role(PhysicalName.GENERATE_IF_NEEDED));
  expect(algorithm).toBe('aws:kms');
  expect(warnings(bucket)).toEqual([]);
});
