import { file, json, secureBucket } from '../cli/terminal';

const TRANSFORMS = 'SecureBucket-Transforms-NotDecided';

/** What check says of a custom resource that makes a call. */
function checked(properties: object, Type = 'Custom::AWS', others: object = {}): { exitCode: number; problems: string[]; warnings: string[] } {
  const template = file({ ...others, Resources: { Call: { Type, Properties: { ServiceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:caller', ...properties } } } });
  const { findings, warnings } = json('check', template);
  return { exitCode: secureBucket('check', template).exitCode, problems: findings.filter(({ rule }: any) => rule === TRANSFORMS).map(({ problem }: any) => problem), warnings };
}

function call(action: string, service = 'S3'): string {
  return JSON.stringify({ service, action, parameters: { Bucket: 'amzn-s3-demo-bucket' }, physicalResourceId: { id: 'call' } });
}

describe('a custom resource that changes who has access to a bucket is not clean', () => {
  test.each([
    'putBucketPolicy', 'deleteBucketPolicy', 'putBucketAcl', 'putObjectAcl', 'putBucketOwnershipControls', 'deleteBucketOwnershipControls', 'putBucketEncryption',
    'deleteBucketEncryption', 'putBucketVersioning', 'putBucketWebsite', 'putBucketReplication', 'putAccessPointPolicy', 'putKeyPolicy', 'createGrant', 'PutBucketPolicyCommand',
  ])('%s', (action) => {
    const name = action.replace('Command', '');
    const problem = `The custom resource 'Call' calls ${name}; what that changes is not looked at.`;
    expect(checked({ Create: call(action) })).toEqual({ exitCode: 2, problems: [problem], warnings: [expect.stringContaining(problem)] });
  });

  test.each<[what: string, properties: object, type: string | undefined]>([
    ['an update', { Update: call('putBucketPolicy') }, undefined],
    ['a type of its own', { Create: call('putBucketPolicy') }, 'Custom::Policy'],
    ['a call that is put together', { Create: { 'Fn::Join': ['', ['{"service":"S3","action":"putBucketPolicy","parameters":{"Bucket":"', { Ref: 'AWS::StackName' }, '"}}']] } }, undefined],
    ['a call that is no text', { Create: { service: 'S3', action: 'putBucketPolicy' } }, undefined],
  ])('%s', (_, properties, type) => expect(checked(properties, type)).toMatchObject({ exitCode: 2, problems: [expect.stringContaining('calls putBucketPolicy')] }));

  test.each<[what: string, properties: object]>([
    ['one that reads', { Create: call('getBucketPolicy') }],
    ['one that notifies', { Create: call('putBucketNotificationConfiguration') }],
    ['one that acts when it is deleted', { Delete: call('deleteBucketPolicy') }],
  ])('%s is clean', (_, properties) => expect(checked(properties)).toEqual({ exitCode: 0, problems: [], warnings: [] }));
});

describe('a key that S3 cannot encrypt with', () => {
  const usable = (properties: object) => {
    const Data = { Type: 'AWS::S3::Bucket', Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } } }] } } };
    const { findings } = json('check', file({ Parameters: { Kind: { Type: 'String' } }, Resources: { Data, Key: { Type: 'AWS::KMS::Key', Properties: properties } } }));
    return findings.filter(({ rule }: any) => /KeyUsable/.test(rule)).map(({ rule, problem }: any) => `${rule}: ${problem}`);
  };

  test.each<[what: string, properties: object, found: string[]]>([
    ['an asymmetric key', { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' }, ["SecureBucket-KeyUsable: S3 cannot encrypt with the key: its 'KeySpec' is RSA_2048, and S3 takes symmetric encryption keys only."]],
    ['a key that signs', { KeyUsage: 'SIGN_VERIFY' }, ["SecureBucket-KeyUsable: S3 cannot encrypt with the key: its 'KeyUsage' is SIGN_VERIFY, and S3 takes symmetric encryption keys only."]],
    ['a key of a kind that is not known', { KeySpec: { Ref: 'Kind' } }, ["SecureBucket-KeyUsable-NotDecided: Whether S3 can encrypt with the key is not known before deployment: 'KeySpec' must be SYMMETRIC_DEFAULT."]],
    ['a symmetric key', { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' }, []],
    ['a key that says nothing', {}, []],
  ])('%s', (_, properties, found) => expect(usable(properties)).toEqual(found));
});
