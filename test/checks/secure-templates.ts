/** Templates that a test may change as it likes. */
export interface Templates {
  readonly producer: any;
  readonly consumer: any;
}

export const BUCKET = 'arn:aws:s3:::dataset-111122223333';
export const OBJECTS = `${BUCKET}/*`;
export const APP_ROLE = 'arn:aws:iam::444455556666:role/AppRole';
export const ENDPOINT = 'vpce-0a1b2c3d4e5f60718';
const DEPLOY_ROLE = 'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1';
const VIA_S3 = 's3.us-east-1.amazonaws.com';
const KEPT = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
const PRIVATE = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
const KEY_ARN = { 'Fn::GetAtt': ['Key', 'Arn'] };

/** The guide's Section 11, corrected: a dataset, its consumer in another account, and a site in front of some of it. */
export function secureTemplates(): Templates {
  return { producer: producer(), consumer: consumer() };
}

function producer(): any {
  return {
    Resources: {
      Key: {
        Type: 'AWS::KMS::Key',
        ...KEPT,
        Properties: { EnableKeyRotation: true, KeyPolicy: keyPolicy() },
      },
      Dataset: {
        Type: 'AWS::S3::Bucket',
        ...KEPT,
        Properties: {
          BucketName: 'dataset-111122223333',
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [{
              ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY_ARN },
              BucketKeyEnabled: true,
              BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
            }],
          },
          LoggingConfiguration: { DestinationBucketName: { Ref: 'Logs' }, LogFilePrefix: 'dataset/' },
          OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
          PublicAccessBlockConfiguration: { ...PRIVATE },
          VersioningConfiguration: { Status: 'Enabled' },
        },
      },
      DatasetPolicy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: { Ref: 'Dataset' }, PolicyDocument: { Version: '2012-10-17', Statement: datasetStatements() } },
      },
      Logs: {
        Type: 'AWS::S3::Bucket',
        ...KEPT,
        Properties: {
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] } }],
          },
          OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
          PublicAccessBlockConfiguration: { ...PRIVATE },
          VersioningConfiguration: { Status: 'Enabled' },
        },
      },
      LogsPolicy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: { Ref: 'Logs' }, PolicyDocument: { Version: '2012-10-17', Statement: logStatements() } },
      },
      AccessPoint: {
        Type: 'AWS::S3::AccessPoint',
        Properties: {
          Name: 'partner',
          Bucket: { Ref: 'Dataset' },
          PublicAccessBlockConfiguration: { ...PRIVATE },
          Policy: {
            Version: '2012-10-17',
            Statement: [{
              Sid: 'PartnerReads',
              Effect: 'Allow',
              Principal: { AWS: APP_ROLE },
              Action: 's3:GetObject',
              Resource: 'arn:aws:s3:us-east-1:111122223333:accesspoint/partner/object/shared/*',
            }],
          },
        },
      },
      SiteAccess: {
        Type: 'AWS::CloudFront::OriginAccessControl',
        Properties: { OriginAccessControlConfig: { Name: 'site', OriginAccessControlOriginType: 's3', SigningBehavior: 'always', SigningProtocol: 'sigv4' } },
      },
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            Enabled: true,
            DefaultCacheBehavior: { TargetOriginId: 'dataset', ViewerProtocolPolicy: 'redirect-to-https', CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6' },
            Origins: [{ Id: 'dataset', DomainName: { 'Fn::GetAtt': ['Dataset', 'RegionalDomainName'] }, OriginAccessControlId: { Ref: 'SiteAccess' }, S3OriginConfig: { OriginAccessIdentity: '' } }],
            ViewerCertificate: { AcmCertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012', MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
          },
        },
      },
    },
  };
}

function keyPolicy(): any {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Administration', Effect: 'Allow', Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } }, Action: 'kms:*', Resource: '*' },
      {
        Sid: 'ConsumerDecrypts',
        Effect: 'Allow',
        Principal: { AWS: APP_ROLE },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: { StringEquals: { 'kms:ViaService': VIA_S3, 'kms:EncryptionContext:aws:s3:arn': BUCKET } },
      },
      {
        Sid: 'SiteDecrypts',
        Effect: 'Allow',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE' } },
      },
    ],
  };
}

/** Two resources: the bucket and its objects. */
function everything(): any[] {
  return [{ 'Fn::GetAtt': ['Dataset', 'Arn'] }, { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Dataset', 'Arn'] }, '/*']] }];
}

function datasetStatements(): any[] {
  const denied = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: everything() };
  const denied2 = () => ({ ...denied, Resource: everything() });
  const upload = () => ({ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: OBJECTS });
  return [
    { Sid: 'DenyInsecureTransport', ...denied2(), Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    { Sid: 'DenyOutdatedTls', ...denied2(), Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
    {
      Sid: 'DenyOtherAlgorithms',
      ...upload(),
      Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': ['aws:kms', 'aws:kms:dsse'] }, Null: { 's3:x-amz-server-side-encryption': 'false' } },
    },
    { Sid: 'DenyOtherKeys', ...upload(), Condition: { StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption-aws-kms-key-id': KEY_ARN }, Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' } } },
    { Sid: 'DenyAwsManagedKey', ...upload(), Condition: { StringLike: { 's3:x-amz-server-side-encryption': 'aws:kms*' }, Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'true' } } },
    { Sid: 'DenyCustomerProvidedKeys', ...upload(), Condition: { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } } },
    {
      Sid: 'DenyOutsideNetwork',
      ...denied2(),
      Condition: {
        StringNotEqualsIfExists: { 'aws:SourceVpce': ENDPOINT },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
        ArnNotLikeIfExists: { 'aws:PrincipalArn': [DEPLOY_ROLE, 'arn:aws:iam::111122223333:role/BreakGlass'] },
      },
    },
    {
      Sid: 'DenyOutsideOrg',
      ...denied2(),
      Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
    },
    {
      Sid: 'DenyServicesForOutsideOrg',
      ...denied2(),
      Condition: { StringNotEqualsIfExists: { 'aws:SourceOrgID': 'o-exampleorgid' }, Bool: { 'aws:PrincipalIsAWSService': 'true' }, Null: { 'aws:SourceAccount': 'false' } },
    },
    { Sid: 'DenyOldPresignedUrls', ...denied2(), Condition: { StringEquals: { 's3:authType': 'REST-QUERY-STRING' }, NumericGreaterThan: { 's3:signatureAge': '900000' } } },
    { Sid: 'DenySigV2PresignedUrls', ...denied2(), Condition: { StringEquals: { 's3:authType': 'REST-QUERY-STRING', 's3:signatureversion': 'AWS' } } },
    { Sid: 'ConsumerReads', Effect: 'Allow', Principal: { AWS: APP_ROLE }, Action: ['s3:GetObject', 's3:PutObject'], Resource: OBJECTS },
    { Sid: 'ConsumerLists', Effect: 'Allow', Principal: { AWS: APP_ROLE }, Action: 's3:ListBucket', Resource: BUCKET },
    {
      Sid: 'DelegateToAccessPoints',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ['s3:GetObject', 's3:ListBucket'],
      Resource: everything(),
      Condition: { StringEquals: { 's3:DataAccessPointAccount': '111122223333' } },
    },
    {
      Sid: 'SiteReads',
      Effect: 'Allow',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
      Resource: OBJECTS,
      Condition: { StringEquals: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE' } },
    },
  ];
}

function logStatements(): any[] {
  const resources = () => [{ 'Fn::GetAtt': ['Logs', 'Arn'] }, { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Logs', 'Arn'] }, '/*']] }];
  return [
    { Sid: 'DenyInsecureTransport', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: resources(), Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    { Sid: 'DenyOutdatedTls', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: resources(), Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } },
    {
      Sid: 'LogDelivery',
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Logs', 'Arn'] }, '/dataset/*']] },
      Condition: { ArnLike: { 'aws:SourceArn': BUCKET }, StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    },
  ];
}

function consumer(): any {
  return {
    Resources: {
      AppRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'AppRole',
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
        },
      },
      AppPolicy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'dataset',
          Roles: [{ Ref: 'AppRole' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: OBJECTS },
              { Effect: 'Allow', Action: 's3:ListBucket', Resource: BUCKET },
              {
                Effect: 'Allow',
                Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
                Resource: 'arn:aws:kms:us-east-1:111122223333:key/*',
                Condition: { StringEquals: { 'kms:ViaService': VIA_S3 } },
              },
            ],
          },
        },
      },
      Endpoint: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          VpcId: 'vpc-0a1b2c3d4e5f60718',
          ServiceName: 'com.amazonaws.us-east-1.s3',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: '*', Action: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'], Resource: [BUCKET, OBJECTS] }],
          },
        },
      },
    },
  };
}
