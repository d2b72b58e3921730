import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Consumer, CrossAccountGrant, DatasetAccess, OacDistribution, SecureBucket, SecureBucketChecks, SharedDatasetAccessPoint } from '../../src';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
import { StackTemplate } from '../../src/template/template';

const ACCOUNT = '111122223333';
const PARTNER = '444455556666';
const ENVIRONMENT = { account: ACCOUNT, region: 'eu-west-1' };
const ROOT = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' };
const ROLE = `arn:aws:iam::${PARTNER}:role/Reader`;
const DISTRIBUTION = `arn:aws:cloudfront::${ACCOUNT}:distribution/EDFDVBD632BHDS5`;
const BUCKET = 'arn:aws:s3:::amzn-s3-demo-data';

interface Case {
  readonly bucket?: readonly object[];
  readonly key?: readonly object[];
  readonly settings?: object;
  readonly resources?: Record<string, unknown>;
}

function template({ bucket = [], key = [], settings = {}, resources = {} }: Case) {
  const rule = { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } } };
  return {
    Parameters: { Partner: { Type: 'String' } },
    Resources: {
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [ROOT, ...key] } } },
      Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-data', BucketEncryption: { ServerSideEncryptionConfiguration: [rule] }, ...settings } },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Data' }, PolicyDocument: { Version: '2012-10-17', Statement: bucket } } },
      ...resources,
    },
  };
}

const allow = (principal: unknown, action: unknown = 's3:GetObject', condition?: object) =>
  ({ Effect: 'Allow', Principal: principal, Action: action, Resource: `${BUCKET}/*`, ...(condition ? { Condition: condition } : {}) });
const use = (principal: unknown, action: unknown = 'kms:Decrypt', condition?: object) =>
  ({ Effect: 'Allow', Principal: principal, Action: action, Resource: '*', ...(condition ? { Condition: condition } : {}) });
const VIA_S3 = { 'kms:ViaService': 's3.eu-west-1.amazonaws.com', 'kms:EncryptionContext:aws:s3:arn': BUCKET };

/** What the rule says: `finding` or `not decided`, and of what. */
function verdicts(of: Case, environment: Partial<StackTemplate> = ENVIRONMENT): string[] {
  return judge(deploymentOf([{ name: 'Stack', template: template(of) as any, ...environment }])).filter(({ rule }) => rule.id === 'CallerKey')
    .map(({ isDecided, resource }) => `${isDecided ? 'finding' : 'not decided'} ${resource.logicalId}`);
}

describe('whom the bucket lets in', () => {
  test.each<[string, unknown]>([['a role', { AWS: ROLE }], ['an account', { AWS: `arn:aws:iam::${PARTNER}:root` }], ['an account by its number', { AWS: PARTNER }], ['a user', { AWS: `arn:aws:iam::${PARTNER}:user/reader` }]])(
    '%s of another account needs the key', (_, principal) => {
      expect(verdicts({ bucket: [allow(principal)] })).toEqual(['finding Key']);
      expect(verdicts({ bucket: [allow(principal)], key: [use(principal, 'kms:Decrypt', { StringEquals: VIA_S3 })] })).toEqual([]);
      expect(verdicts({ bucket: [allow(principal)], key: [use(principal)] })).toEqual([]);
      expect(verdicts({ bucket: [allow(principal)], key: [use({ AWS: 'arn:aws:iam::777788889999:role/Other' })] })).toEqual(['finding Key']);
    });

  test('who reads decrypts, who writes generates data keys', () => {
    expect(verdicts({ bucket: [allow({ AWS: ROLE }, 's3:PutObject')], key: [use({ AWS: ROLE })] })).toEqual(['finding Key']);
    expect(verdicts({ bucket: [allow({ AWS: ROLE }, 's3:PutObject')], key: [use({ AWS: ROLE }, 'kms:GenerateDataKey*')] })).toEqual([]);
    expect(verdicts({ bucket: [allow({ AWS: ROLE }, ['s3:GetObject', 's3:PutObject'])] })).toEqual(['finding Key', 'finding Key']);
    expect(verdicts({ bucket: [allow({ AWS: ROLE }, 's3:GetObjectTagging')] })).toEqual([]);
  });

  test('a key that names the role lets in the account of which the bucket speaks', () => {
    expect(verdicts({ bucket: [allow({ AWS: PARTNER })], key: [use({ AWS: ROLE })] })).toEqual([]);
    expect(verdicts({ bucket: [allow({ AWS: ROLE })], key: [use({ AWS: PARTNER })] })).toEqual([]);
  });

  test('each of several roles is asked about, those too that a condition names', () => {
    const other = `arn:aws:iam::${PARTNER}:role/Other`;
    expect(verdicts({ bucket: [allow({ AWS: [ROLE, other] })], key: [use({ AWS: ROLE })] })).toEqual(['finding Key']);
    const held = { ArnEquals: { 'aws:PrincipalArn': [ROLE, other] } };
    expect(verdicts({ bucket: [allow('*', 's3:GetObject', held)], key: [use({ AWS: PARTNER }, 'kms:Decrypt', { ArnEquals: { 'aws:PrincipalArn': ROLE } })] })).toEqual(['finding Key']);
    expect(verdicts({ bucket: [allow('*', 's3:GetObject', held)], key: [use({ AWS: PARTNER }, 'kms:Decrypt', held)] })).toEqual([]);
  });

  test('conditions of the key count: another Region, another bucket, objects where the bucket has a bucket key', () => {
    const withKey = (changed: object) => verdicts({ bucket: [allow({ AWS: ROLE })], key: [use({ AWS: ROLE }, 'kms:Decrypt', { StringLike: { ...VIA_S3, ...changed } })] });
    expect(withKey({})).toEqual([]);
    expect(withKey({ 'kms:ViaService': 's3.eu-central-1.amazonaws.com' })).toEqual(['finding Key']);
    expect(withKey({ 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::amzn-s3-demo-other' })).toEqual(['finding Key']);
    expect(withKey({ 'kms:EncryptionContext:aws:s3:arn': `${BUCKET}/*` })).toEqual(['finding Key']);
    expect(withKey({ 'kms:EncryptionContext:aws:s3:arn': [BUCKET, `${BUCKET}/*`] })).toEqual([]);
  });

  test('a role of the account of a key that trusts the account has policies of its own', () => {
    const role = { AWS: `arn:aws:iam::${ACCOUNT}:role/Reader` };
    expect(verdicts({ bucket: [allow(role)] })).toEqual([]);
    const onlyAdministration = { ...ROOT, Action: ['kms:Describe*', 'kms:Put*'] };
    const resources = { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [onlyAdministration] } } } };
    expect(verdicts({ bucket: [allow(role)], resources })).toEqual(['finding Key']);
    expect(verdicts({ bucket: [allow(role)], resources: { Key: { Type: 'AWS::KMS::Key', Properties: {} } } })).toEqual([]);
    expect(verdicts({ bucket: [allow({ AWS: ROLE })], resources: { Key: { Type: 'AWS::KMS::Key', Properties: {} } } })).toEqual(['finding Key']);
  });

  test('what a deny of the bucket stops needs no key', () => {
    const deny = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `${BUCKET}/*`, Condition: { StringNotEquals: { 'aws:PrincipalAccount': ACCOUNT } } };
    expect(verdicts({ bucket: [allow({ AWS: ROLE }), deny] })).toEqual([]);
  });

  test('a role of which only a parameter tells, and members of an organization, are not decided', () => {
    const partner = { AWS: { Ref: 'Partner' } };
    expect(verdicts({ bucket: [allow(partner)] })).toEqual(['not decided Key']);
    expect(verdicts({ bucket: [allow(partner)], key: [use(partner)] })).toEqual([]);
    const members = { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } };
    expect(verdicts({ bucket: [allow('*', 's3:GetObject', members)] })).toEqual(['not decided Key']);
    expect(verdicts({ bucket: [allow('*', 's3:GetObject', members)], key: [use('*', 'kms:Decrypt', members)] })).toEqual([]);
  });

  test('while the account of the stack is not known, the partner may be of it', () => {
    const own = { ...ROOT, Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } } };
    const resources = { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [own] } } } };
    expect(verdicts({ bucket: [allow({ AWS: ROLE })], resources }, {})).toEqual(['not decided Key']);
    expect(verdicts({ bucket: [allow({ AWS: ROLE })], key: [use({ AWS: ROLE })] }, {})).toEqual([]);
    expect(verdicts({ key: [use({ AWS: ROLE }, 'kms:Decrypt', { StringEquals: VIA_S3 })] }, {})).toEqual(['not decided Key']);
  });

  test('nobody in particular, SSE-S3, and keys that are elsewhere, are not asked about', () => {
    expect(verdicts({ bucket: [allow('*', 's3:GetObject', { StringEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } })] })).toEqual([]);
    expect(verdicts({ bucket: [allow({ AWS: ROLE })], settings: { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] } } })).toEqual([]);
    const elsewhere = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab` };
    expect(verdicts({ bucket: [allow({ AWS: ROLE })], settings: { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: elsewhere }] } }, resources: { Key: { Type: 'AWS::SNS::Topic' } } })).toEqual([]);
  });

  test('through an access point', () => {
    const accessPoint = 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team';
    const delegation = allow('*', 's3:*', { StringEquals: { 's3:DataAccessPointAccount': ACCOUNT } });
    const policy = { Version: '2012-10-17', Statement: [{ ...allow({ AWS: ROLE }), Resource: `${accessPoint}/object/*` }] };
    const resources = { Point: { Type: 'AWS::S3::AccessPoint', Properties: { Name: 'team', Bucket: { Ref: 'Data' }, Policy: policy } } };
    expect(verdicts({ bucket: [delegation], resources })).toEqual(['finding Key']);
    expect(verdicts({ bucket: [delegation], key: [use({ AWS: ROLE })], resources })).toEqual([]);
  });
});

describe('services that read', () => {
  const serve = allow({ Service: 'cloudfront.amazonaws.com' }, 's3:GetObject', { StringEquals: { 'aws:SourceArn': DISTRIBUTION } });

  test('CloudFront needs the key, for the same distribution', () => {
    const decrypt = (arn: string) => use({ Service: 'cloudfront.amazonaws.com' }, 'kms:Decrypt', { StringEquals: { 'aws:SourceArn': arn } });
    expect(verdicts({ bucket: [serve] })).toEqual(['finding Key']);
    expect(verdicts({ bucket: [serve], key: [decrypt(DISTRIBUTION)] })).toEqual([]);
    expect(verdicts({ bucket: [serve], key: [decrypt(DISTRIBUTION.replace('EDFDV', 'EOTHER'))] })).toEqual(['finding Key']);
    expect(verdicts({ bucket: [serve], key: [decrypt(`arn:aws:cloudfront::${ACCOUNT}:distribution/*`)] })).toEqual(['finding Key']);
  });

  test('how others read is not documented', () => {
    expect(verdicts({ bucket: [allow({ Service: 'serverlessrepo.amazonaws.com' }, 's3:GetObject', { StringEquals: { 'aws:SourceAccount': ACCOUNT } })] })).toEqual(['not decided Key']);
  });
});

describe('whom the key lets in for this bucket', () => {
  const forBucket = (principal: unknown) => use(principal, 'kms:Decrypt', { StringEquals: VIA_S3 });

  test('the bucket lets them in, too, if they are of another account', () => {
    expect(verdicts({ key: [forBucket({ AWS: ROLE })] })).toEqual(['finding Key']);
    expect(verdicts({ key: [forBucket({ AWS: ROLE })], bucket: [allow({ AWS: ROLE })] })).toEqual([]);
    expect(verdicts({ key: [forBucket({ AWS: ROLE })], bucket: [allow({ AWS: PARTNER }, 's3:PutObject')] })).toEqual(['finding Key']); // the write
    expect(verdicts({ key: [forBucket({ AWS: ROLE })], bucket: [allow('*', 's3:*', { StringEquals: { 's3:DataAccessPointAccount': ACCOUNT } })] })).toEqual([]);
  });

  test('in the account of the bucket, policies of identities suffice', () => {
    expect(verdicts({ key: [forBucket({ AWS: `arn:aws:iam::${ACCOUNT}:role/Reader` })] })).toEqual([]);
  });

  test('what is for no bucket, or for another, may be for anything', () => {
    expect(verdicts({ key: [use({ AWS: ROLE })] })).toEqual([]);
    expect(verdicts({ key: [use({ AWS: ROLE }, 'kms:Decrypt', { StringEquals: { ...VIA_S3, 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::amzn-s3-demo-other' } })] })).toEqual([]);
  });

  test('a service that the bucket does not let in; one that writes the policy itself is not decided', () => {
    expect(verdicts({ key: [forBucket({ Service: 'cloudfront.amazonaws.com' })] })).toEqual(['finding Key']);
    expect(verdicts({ key: [forBucket({ Service: 'config.amazonaws.com' })] })).toEqual(['finding Key']);
    expect(verdicts({ key: [forBucket({ Service: 'delivery.logs.amazonaws.com' })] })).toEqual(['not decided Key']);
    expect(verdicts({ key: [forBucket({ Service: 'appflow.amazonaws.com' })] })).toEqual(['not decided Key']);
  });

  test('who that is may not be known; lists may let them in', () => {
    expect(verdicts({ key: [forBucket({ AWS: { Ref: 'Partner' } })] })).toEqual(['not decided Key']);
    expect(verdicts({ key: [forBucket({ AWS: ROLE })], settings: { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } } })).toEqual(['not decided Key']);
  });
});

describe('what constructs make', () => {
  const findings = (build: (stack: Stack) => void, env?: { account: string; region: string }) => {
    const app = new App();
    build(new Stack(app, 'Stack', { env }));
    return new SecureBucketChecks(app).validateScope(app).violations.filter(({ ruleName }) => ruleName.includes('CallerKey')).map(({ ruleName, description }) => `${ruleName}: ${description}`);
  };

  test.each([undefined, ENVIRONMENT])('grants, access points, distributions and inventories are aligned (%p)', (env) => {
    expect(findings((stack) => {
      const bucket = new SecureBucket(stack, 'Data', { bucketName: 'amzn-s3-demo-data' });
      bucket.addInventory({ destination: { bucket: new SecureBucket(stack, 'Inventories') } });
      new OacDistribution(stack, 'Site', { bucket });
      if (env) {
        new CrossAccountGrant(stack, 'Grant', { bucket, consumer: Consumer.roleArn(ROLE), access: DatasetAccess.READ_WRITE });
        new CrossAccountGrant(stack, 'AccountGrant', { bucket, consumer: Consumer.account('777788889999'), access: DatasetAccess.READ });
        const point = new SharedDatasetAccessPoint(stack, 'Point', { bucket });
        point.grantRead(iam.Role.fromRoleArn(stack, 'Partner', `arn:aws:iam::${PARTNER}:role/Team`));
      }
      bucket.grantRead(new iam.Role(stack, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }));
    }, env)).toEqual([]);
  });

  test('a partner whom a statement lets in alone', () => {
    expect(findings((stack) => {
      const bucket = new s3.Bucket(stack, 'Data', { encryption: s3.BucketEncryption.KMS });
      bucket.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ArnPrincipal(ROLE)], actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] }));
    }, ENVIRONMENT)).toEqual([expect.stringMatching(
      /lets arn:aws:iam::444455556666:role\/Reader read objects, and the policy of the key of .Stack\/Data\/Resource. does not let them use it \(kms:Decrypt\)/,
    )]);
  });
});
