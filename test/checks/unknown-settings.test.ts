import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

const P = { Ref: 'Parameter' };

/** What a rule says of some resources: `clean`, or whether it is decided. */
function said(rule: string, Resources: object): string[] {
  const template = { Parameters: { Parameter: { Type: 'String' } }, Resources } as any;
  const findings = judge(deploymentOf([{ name: 'Stack', account: '111122223333', region: 'eu-west-1', template }])).filter((finding) => finding.rule.id === rule);
  return findings.length === 0 ? ['clean'] : findings.map(({ isDecided }) => (isDecided ? 'found' : 'not decided'));
}

describe('a distribution that a bucket lets upload, with settings that are not known', () => {
  const BEHAVIOR = { TargetOriginId: 'site', ViewerProtocolPolicy: 'https-only' };
  const ALL_METHODS = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'];
  const SIGNED = { TrustedKeyGroups: ['0123abcd-0123-0123-0123-0123456789ab'] };

  const site = (config: object, Action = ['s3:GetObject', 's3:PutObject']) => ({
    Bucket: { Type: 'AWS::S3::Bucket' },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Bucket' },
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{
            Effect: 'Allow',
            Principal: { Service: 'cloudfront.amazonaws.com' },
            Action,
            Resource: { 'Fn::Sub': '${Bucket.Arn}/*' },
            Condition: { StringEquals: { 'aws:SourceArn': { 'Fn::Sub': 'arn:aws:cloudfront::111122223333:distribution/${Site}' } } },
          }],
        },
      },
    },
    Site: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: { DistributionConfig: { DefaultRootObject: 'index.html', Origins: [{ Id: 'site', DomainName: { 'Fn::GetAtt': ['Bucket', 'RegionalDomainName'] }, S3OriginConfig: {} }], DefaultCacheBehavior: BEHAVIOR, ...config } },
    },
  });

  test.each<[what: string, config: object, expected: string]>([
    ['methods', { DefaultCacheBehavior: { ...BEHAVIOR, AllowedMethods: P } }, 'not decided'],
    ['one of the methods', { DefaultCacheBehavior: { ...BEHAVIOR, AllowedMethods: ['GET', 'HEAD', P] } }, 'not decided'],
    ['the origin of a behavior', { DefaultCacheBehavior: { ...BEHAVIOR, TargetOriginId: P, AllowedMethods: ALL_METHODS } }, 'not decided'],
    ['the domain name of an origin', { Origins: [{ Id: 'site', DomainName: P, S3OriginConfig: {} }], DefaultCacheBehavior: { ...BEHAVIOR, AllowedMethods: ALL_METHODS } }, 'not decided'],
    ['origins', { Origins: P, DefaultCacheBehavior: { ...BEHAVIOR, AllowedMethods: ALL_METHODS } }, 'not decided'],
    ['behaviors', { CacheBehaviors: P }, 'not decided'],
    ['one behavior', { CacheBehaviors: [P] }, 'not decided'],
    ['methods, where viewers sign', { DefaultCacheBehavior: { ...BEHAVIOR, ...SIGNED, AllowedMethods: P } }, 'clean'],
    ['methods, of another origin', { CacheBehaviors: [{ ...BEHAVIOR, PathPattern: 'api/*', TargetOriginId: 'api', AllowedMethods: P }] }, 'clean'],
    ['nothing', { DefaultCacheBehavior: { ...BEHAVIOR, AllowedMethods: ALL_METHODS } }, 'found'],
  ])('%s', (_, config, expected) => expect(said('DistributionAccess', site(config))).toEqual([expected]));

  test('one that may read alone is clean whatever they are', () => {
    expect(said('DistributionAccess', site({ Origins: P, CacheBehaviors: P, DefaultCacheBehavior: { ...BEHAVIOR, AllowedMethods: P } }, ['s3:GetObject']))).toEqual(['clean']);
  });
});

describe('an origin that is no bucket, with settings that are not known', () => {
  const api = (CustomOriginConfig: unknown) => ({
    Site: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          ViewerCertificate: { AcmCertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1', MinimumProtocolVersion: 'TLSv1.2_2021' },
          Origins: [{ Id: 'api', DomainName: 'api.example.com', CustomOriginConfig }],
          DefaultCacheBehavior: { TargetOriginId: 'api', ViewerProtocolPolicy: 'https-only' },
        },
      },
    },
  });

  test.each<[what: string, rule: string, origin: unknown, expected: string]>([
    ['the protocol', 'DistributionOrigin', { OriginProtocolPolicy: P }, 'not decided'],
    ['all of them', 'DistributionOrigin', P, 'not decided'],
    ['all of them', 'DistributionTls', P, 'not decided'],
    ['versions of TLS', 'DistributionTls', { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: P }, 'not decided'],
    ['one version of TLS', 'DistributionTls', { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2', P] }, 'not decided'],
    ['one version of TLS beside an old one', 'DistributionTls', { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1', P] }, 'found'],
    ['versions of TLS, over plain HTTP', 'DistributionTls', { OriginProtocolPolicy: 'http-only', OriginSSLProtocols: P }, 'clean'],
  ])('%s: %s', (_, rule, origin, expected) => expect(said(rule, api(origin))).toEqual([expected]));
});

describe('replication with settings that are not known', () => {
  const KMS = { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'arn:aws:kms:eu-west-1:111122223333:key/1' } }] };
  const SELECTED = { SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } } };
  const TO_COPY = { Bucket: { 'Fn::GetAtt': ['Copy', 'Arn'] } };
  const SSE_S3 = { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] };
  const replicated = (ReplicationConfiguration: unknown, copy: unknown) => ({
    Data: { Type: 'AWS::S3::Bucket', Properties: { BucketEncryption: KMS, ReplicationConfiguration } },
    Copy: { Type: 'AWS::S3::Bucket', Properties: { BucketEncryption: copy } },
  });
  const rule = (more: object) => ({ Role: 'arn:aws:iam::111122223333:role/r', Rules: [{ Status: 'Enabled', ...SELECTED, Destination: TO_COPY, ...more }] });

  test.each<[what: string, configuration: unknown, copy: unknown, expected: string]>([
    ['all of it', P, KMS, 'not decided'],
    ['rules', { Role: 'arn:aws:iam::111122223333:role/r', Rules: P }, KMS, 'not decided'],
    ['which objects', rule({ SourceSelectionCriteria: P }), KMS, 'not decided'],
    ['whether a rule is enabled that leaves objects out', rule({ Status: P, SourceSelectionCriteria: undefined }), KMS, 'not decided'],
    ['whether a rule is enabled that leaves nothing out', rule({ Status: P }), KMS, 'clean'],
    ['the encryption of the destination', rule({}), P, 'not decided'],
    ['the key of replicas', rule({ Destination: { ...TO_COPY, EncryptionConfiguration: { ReplicaKmsKeyID: P } } }), KMS, 'not decided'],
    ['the key of replicas, all around it', rule({ Destination: { ...TO_COPY, EncryptionConfiguration: P } }), KMS, 'not decided'],
    ['nothing, of a destination with less', rule({}), SSE_S3, 'found'],
    ['nothing', rule({}), KMS, 'clean'],
  ])('%s', (_, configuration, copy, expected) => expect(said('ReplicaDestination', replicated(configuration, copy))).toEqual([expected]));
});

test('uploads whose setting does not tell their encryption are not decided where a deny is about it', () => {
  const Bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-results' } };
  const deny = { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::amzn-s3-demo-results/*', Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } } };
  const Policy = { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: [deny] } } };
  const queries = (EncryptionConfiguration: object) => ({
    Bucket,
    Policy,
    Queries: { Type: 'AWS::Athena::WorkGroup', Properties: { Name: 'queries', WorkGroupConfiguration: { ResultConfiguration: { OutputLocation: 's3://amzn-s3-demo-results/', EncryptionConfiguration } } } },
  });
  const KmsKey = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  expect(['SSE_S3', 'SSE_KMS', P].map((EncryptionOption) => said('ConfiguredUploads', queries({ EncryptionOption, KmsKey })))).toEqual([['found'], ['clean'], ['not decided']]);
});

test('logs whose bucket may have a default retention are not decided', () => {
  const Source = { Type: 'AWS::S3::Bucket', Properties: { LoggingConfiguration: { DestinationBucketName: { Ref: 'Logs' } } } };
  const allow = { Effect: 'Allow', Principal: { Service: 'logging.s3.amazonaws.com' }, Action: 's3:PutObject', Resource: { 'Fn::Sub': '${Logs.Arn}/*' }, Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } };
  const Policy = { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Logs' }, PolicyDocument: { Version: '2012-10-17', Statement: [allow] } } };
  const logs = (ObjectLockConfiguration?: unknown) => ({ Source, Policy, Logs: { Type: 'AWS::S3::Bucket', Properties: { ObjectLockEnabled: true, ...(ObjectLockConfiguration ? { ObjectLockConfiguration } : {}) } } });
  const kept = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } } };
  expect([logs(), logs(kept), logs(P), logs({ ...kept, Rule: P })].map((resources) => said('LogDestination', resources))).toEqual([['clean'], ['found'], ['not decided'], ['not decided']]);
});
