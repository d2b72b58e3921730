import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

const ACCOUNT = '111122223333';
const ROOT = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' };
const PRIMARY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab`;

interface Case {
  readonly key?: object;
  readonly statements?: readonly object[];
  readonly bucket?: readonly object[];
  readonly keyId?: unknown;
}

function rules({ key = {}, statements = [ROOT], bucket = [], keyId = { 'Fn::GetAtt': ['Replica', 'Arn'] } }: Case): string[] {
  const rule = { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyId } };
  const Resources = {
    Replica: { Type: 'AWS::KMS::ReplicaKey', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: { PrimaryKeyArn: PRIMARY, KeyPolicy: { Version: '2012-10-17', Statement: statements }, ...key } },
    Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-data', BucketEncryption: { ServerSideEncryptionConfiguration: [rule] } } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Data' }, PolicyDocument: { Version: '2012-10-17', Statement: bucket } } },
  };
  return judge(deploymentOf([{ name: 'Stack', template: { Resources } as any, account: ACCOUNT, region: 'eu-west-1' }]))
    .filter(({ resource }) => resource.logicalId === 'Replica').map(({ rule: { id }, isDecided }) => `${id}${isDecided ? '' : '-NotDecided'}`);
}

describe('the replica of a key is judged as a key', () => {
  test('whose rotation its primary key decides', () => expect(rules({})).toEqual(['KeyRotation-NotDecided']));

  test.each<[string, Case, string]>([
    ['that is disabled', { key: { Enabled: false } }, 'KeyUsable'],
    ['that nobody may administer', { statements: [{ ...ROOT, Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }] }, 'KeyUsable'],
    ['that is open to anybody', { statements: [ROOT, { ...ROOT, Principal: '*', Action: 'kms:Decrypt' }] }, 'KeyPolicy'],
    ['that is open to another account outside of S3', { statements: [ROOT, { ...ROOT, Principal: { AWS: '444455556666' }, Action: 'kms:Decrypt' }] }, 'KeyPolicy'],
    ['that does not let a service encrypt', {
      bucket: [{
        Effect: 'Allow', Principal: { Service: 'config.amazonaws.com' }, Action: 's3:PutObject', Resource: 'arn:aws:s3:::amzn-s3-demo-data/*', Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
      }],
    }, 'DeliveryKey'],
    ['that does not let a partner decrypt', { bucket: [{ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::amzn-s3-demo-data/*' }] }, 'CallerKey'],
  ])('%s', (_, of, id) => expect(rules(of)).toContain(id));

  test('and found by its ARN, which has the id of the primary key', () => {
    const keyId = PRIMARY.replace('us-east-1', 'eu-west-1');
    expect(rules({ keyId, key: { Enabled: false } })).toContain('KeyUsable');
  });
});
