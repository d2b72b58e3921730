/** A template of guarded buckets with their keys. Those that are different have an endpoint, an organization and readers of their own. */
export function templateOf(buckets: number, kind: 'alike' | 'different'): object {
  return { Resources: Object.fromEntries(Array.from({ length: buckets }, (_, i) => resourcesOf(i, kind === 'alike' ? 0 : i)).flatMap((resources) => Object.entries(resources))) };
}

function resourcesOf(index: number, variant: number): Record<string, object> {
  const keyArn = { 'Fn::GetAtt': [`Key${index}`, 'Arn'] };
  return {
    [`Bucket${index}`]: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: `amzn-s3-demo-bucket-${index}`,
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } }] },
      },
    },
    [`Key${index}`]: {
      Type: 'AWS::KMS::Key',
      Properties: { EnableKeyRotation: true, KeyPolicy: { Statement: { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' } } },
    },
    [`Policy${index}`]: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: `Bucket${index}` }, PolicyDocument: { Version: '2012-10-17', Statement: statements(index, variant, keyArn) } } },
  };
}

function statements(index: number, variant: number, keyArn: object): object[] {
  const arn = { 'Fn::GetAtt': [`Bucket${index}`, 'Arn'] };
  const objects = { 'Fn::Join': ['', [arn, '/*']] };
  const everything = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [arn, objects] };
  const upload = { ...everything, Action: 's3:PutObject', Resource: objects };
  const algorithm = 's3:x-amz-server-side-encryption';
  return [
    { ...everything, Sid: 'DenyInsecureTransport', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    { ...everything, Sid: 'DenyOutdatedTls', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } },
    { ...upload, Sid: 'DenyUnencryptedUploads', Condition: { StringNotEquals: { [algorithm]: 'aws:kms' }, Null: { [algorithm]: 'false' } } },
    { ...upload, Sid: 'DenyOtherKeys', Condition: { StringNotEquals: { [`${algorithm}-aws-kms-key-id`]: keyArn }, Null: { [`${algorithm}-aws-kms-key-id`]: 'false' } } },
    { ...upload, Sid: 'DenyAwsManagedKey', Condition: { Null: { [algorithm]: 'false', [`${algorithm}-aws-kms-key-id`]: 'true' } } },
    {
      ...everything,
      Sid: 'DenyOutsideVpce',
      Condition: {
        StringNotEquals: { 'aws:SourceVpce': `vpce-0abc123def456${1000 + variant}` },
        ArnNotLike: { 'aws:PrincipalArn': [`arn:aws:iam::111122223333:role/Deployment${variant}`] },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    },
    { ...everything, Sid: 'DenyOutsideOrg', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': `o-exampleorg${variant}` }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } },
    { Sid: 'AllowApp', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::444455556666:role/App${variant}` }, Action: 's3:GetObject', Resource: { 'Fn::Join': ['', [arn, '/data/*']] } },
  ];
}
