import { App, PropertyInjectors, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureBucketDefaults } from '../../../src';
import { PRODUCER, warnings } from '../../support/apps';

const WRITE: Record<string, (resource: s3.CfnBucket, acl: string) => void> = {
  'by assignment': (resource, acl) => { resource.accessControl = acl; },
  'by an override': (resource, acl) => resource.addPropertyOverride('AccessControl', acl),
};

function withAcl(write: (resource: s3.CfnBucket, acl: string) => void, acl: string, isLogged = false) {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } });
  PropertyInjectors.of(app).add(new SecureBucketDefaults());
  const stack = new Stack(app, 'Storage', { env: PRODUCER });
  const bucket = new s3.Bucket(stack, 'Logs');
  const resource = bucket.node.defaultChild as s3.CfnBucket;
  write(resource, acl);
  if (isLogged) {
    new s3.CfnBucket(stack, 'Source', { loggingConfiguration: { destinationBucketName: bucket.bucketName } });
  }
  const { Properties } = Template.fromStack(stack).toJSON().Resources[stack.resolve(resource.logicalId)];
  return { bucket, Properties };
}

describe.each(Object.entries(WRITE))('an access control list on the resource of a bucket, %s', (_, write) => {
  test.each([true, false])('keeps lists on, without which S3 refuses it (logs of others: %s)', (isLogged) => {
    const { bucket, Properties } = withAcl(write, 'LogDeliveryWrite', isLogged);
    expect(Properties).toMatchObject({ AccessControl: 'LogDeliveryWrite', BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] } });
    expect(Properties).not.toHaveProperty('OwnershipControls');
    expect(Properties).toHaveProperty('PublicAccessBlockConfiguration');
    expect(warnings(bucket)).toContain('cdk-secure-bucket:notHardened');
  });

  test('that is public stays so, and is warned of', () => {
    const { bucket, Properties } = withAcl(write, 'PublicRead');
    expect(Properties).not.toHaveProperty('OwnershipControls');
    expect(Properties).not.toHaveProperty('PublicAccessBlockConfiguration');
    expect(Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: 'AES256' });
    expect(warnings(bucket)).toEqual(expect.arrayContaining(['cdk-secure-bucket:notHardened', 'cdk-secure-bucket:leftOnSseS3']));
  });

  test('that is private changes nothing', () => {
    const { bucket, Properties } = withAcl(write, 'Private');
    expect(Properties.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
    expect(warnings(bucket)).toEqual([]);
  });
});
