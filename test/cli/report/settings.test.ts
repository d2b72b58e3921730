import { Inventory } from '../../../src/access/inventory';
import { settingsOf } from '../../../src/cli/report/settings';
import { deploymentOf } from '../../../src/template/deployment-of';

function settings(properties: object, more: object = {}): Record<string, string> {
  const Resources = {
    Data: { Type: 'AWS::S3::Bucket', Properties: properties, ...more },
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: {} } },
  };
  const template = { Parameters: { Open: { Type: 'String' } }, Resources };
  const inventory = new Inventory(deploymentOf([{ name: 'Stack', account: '111122223333', region: 'eu-west-1', template: template as object }]));
  return Object.fromEntries(settingsOf(inventory.allBuckets[0]).map(({ name, value }) => [name, value]));
}

const encryption = (byDefault: object, bucketKey?: unknown) => ({
  BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: bucketKey }] },
});

test('a bucket of which nothing is said has the defaults of S3 and CloudFormation, and they are called so', () => {
  expect(settings({})).toEqual({
    'Block Public Access': 'all four settings on',
    'Object Ownership': 'BucketOwnerEnforced, the default of S3',
    'Encryption': 'AES256 (SSE-S3), the default of S3',
    'Versioning': 'off',
    'Access logs': 'none',
    'Object Lock': 'off',
    'Replication': 'none',
    'When its stack is deleted': 'Delete, the default of CloudFormation',
  });
});

test.each<[string, object, string, string]>([
  ['one setting is off', { PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true } }, 'Block Public Access', 'off: RestrictPublicBuckets'],
  ['settings are not known', { PublicAccessBlockConfiguration: { BlockPublicAcls: { Ref: 'Open' }, BlockPublicPolicy: true, IgnorePublicAcls: false, RestrictPublicBuckets: true } },
    'Block Public Access', 'off: IgnorePublicAcls; not known before deployment: BlockPublicAcls'],
  ['lists are on', { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } }, 'Object Ownership', 'ObjectWriter'],
  ['a key of the template', encryption({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } }, true), 'Encryption', 'aws:kms with Stack/Key, bucket key on'],
  ['the AWS managed key', encryption({ SSEAlgorithm: 'aws:kms' }), 'Encryption', 'aws:kms with the AWS managed key, bucket key off'],
  ['an algorithm that is not known', encryption({ SSEAlgorithm: { Ref: 'Open' } }), 'Encryption', 'not known before deployment'],
  ['versions', { VersioningConfiguration: { Status: 'Suspended' } }, 'Versioning', 'Suspended'],
  ['logs', { LoggingConfiguration: { DestinationBucketName: 'logs', LogFilePrefix: 'data/' } }, 'Access logs', 'to logs, under data/'],
  ['logs of its own', { LoggingConfiguration: {} }, 'Access logs', 'to the bucket itself'],
  ['a lock', { ObjectLockEnabled: true, ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 30 } } } }, 'Object Lock', 'COMPLIANCE, 30 days'],
  ['a lock without a default', { ObjectLockEnabled: true }, 'Object Lock', 'on, without a default retention'],
  ['replicas', { ReplicationConfiguration: { Rules: [{ Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::replica' } }] } }, 'Replication', 'Enabled to arn:aws:s3:::replica'],
])('%s', (_, properties, name, value) => {
  expect(settings(properties)[name]).toBe(value);
});

test('what becomes of it is what the template says', () => {
  expect(settings({}, { DeletionPolicy: 'Retain' })['When its stack is deleted']).toBe('Retain');
});

test('of a bucket that is in no template nothing is said', () => {
  const policy = { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'elsewhere', PolicyDocument: { Statement: [] } } };
  const inventory = new Inventory(deploymentOf([{ name: 'Stack', account: '111122223333', region: 'eu-west-1', template: { Resources: { Policy: policy } } }]));
  expect(settingsOf(inventory.allBuckets[0])).toEqual([{ name: 'Settings', value: 'the bucket is not in these templates' }]);
});
