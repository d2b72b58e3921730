import { Change, properties, replace, statement, statements } from './changes';
import { BUCKET, OBJECTS } from './secure-templates';

/** A value that the template does not tell, with the rule that has to say so. */
export type UnknownValue = readonly [name: string, rule: string, change: Change[1]];

const PARAMETER = { Ref: 'Parameter' };
const OPEN_CONDITION = { IsProduction: { 'Fn::Equals': [PARAMETER, 'production'] } };
const settings = (logicalId: string, changed: Record<string, unknown>): Change[1] => (t) => Object.assign(properties(t, logicalId), changed);
const condition = (sid: string, Condition: unknown): Change[1] => (t) => Object.assign(statement(t, sid), { Condition });
const encryption = (KMSMasterKeyID: unknown): Change[1] => (t) => {
  properties(t, 'Dataset').BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID = KMSMasterKeyID;
};
const site = (change: (config: any) => void): Change[1] => (t) => change(properties(t, 'Site').DistributionConfig);

export const UNKNOWN_VALUES: readonly UnknownValue[] = [
  ['a policy under a condition that is not known', 'RequireTls', ({ producer }) => {
    producer.Conditions = OPEN_CONDITION;
    producer.Resources.DatasetPolicy.Condition = 'IsProduction';
  }],
  ['a statement that may not be there', 'RequireTls', (t) => replace(t, 'DenyInsecureTransport', { 'Fn::If': ['IsProduction', statement(t, 'DenyInsecureTransport'), { Ref: 'AWS::NoValue' }] })],
  ['a policy from elsewhere', 'RequireTls', settings('DatasetPolicy', { PolicyDocument: { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: PARAMETER } } } })],
  ['a policy of a bucket that is not known', 'RequireTls', (t) => {
    properties(t, 'DatasetPolicy').Bucket = PARAMETER;
    statements(t).forEach((each) => Object.assign(each, { Resource: [{ 'Fn::Sub': 'arn:aws:s3:::${Parameter}' }, { 'Fn::Sub': 'arn:aws:s3:::${Parameter}/*' }] }));
  }],
  ['a floor from a parameter', 'TlsFloor', condition('DenyOutdatedTls', { NumericLessThan: { 's3:TlsVersion': PARAMETER } })],
  ['a key from a parameter', 'UploadEncryption', encryption(PARAMETER)],
  ['a key by a dynamic reference', 'DefaultEncryption', encryption('{{resolve:ssm:/dataset/key}}')],
  ['a status by a dynamic reference', 'Versioning', settings('Dataset', { VersioningConfiguration: { Status: '{{resolve:ssm:/dataset/versioning}}' } })],
  ['a deletion policy from a parameter', 'DeletionPolicy', ({ producer }) => {
    producer.Resources.Dataset.DeletionPolicy = PARAMETER;
  }],
  ['logging that may not be there', 'AccessLogs', settings('Dataset', { LoggingConfiguration: { 'Fn::If': ['IsProduction', { DestinationBucketName: { Ref: 'Logs' } }, { Ref: 'AWS::NoValue' }] } })],
  ['blocked types of encryption from a parameter', 'CustomerProvidedKeys', (t) => {
    properties(t, 'Logs').BucketEncryption.ServerSideEncryptionConfiguration[0].BlockedEncryptionTypes.EncryptionType = [PARAMETER];
  }],
  ['an administrator from a parameter', 'OverbroadGrant', (t) => {
    statements(t).push({ Effect: 'Allow', Principal: { AWS: PARAMETER }, Action: 's3:*', Resource: [BUCKET, OBJECTS] });
  }],
  ['a protocol for viewers from a parameter', 'DistributionTls', site((config) => Object.assign(config.DefaultCacheBehavior, { ViewerProtocolPolicy: PARAMETER }))],
  ['a version of TLS for viewers from a parameter', 'DistributionTls', site((config) => Object.assign(config.ViewerCertificate, { MinimumProtocolVersion: PARAMETER }))],
  ['an origin access control from a parameter', 'DistributionOrigin', site((config) => Object.assign(config.Origins[0], { OriginAccessControlId: PARAMETER }))],
  ['an origin from a parameter', 'DistributionOrigin', site((config) => config.Origins.push({ Id: 'other', DomainName: PARAMETER, CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } }))],
  ["the account's settings from a parameter", 'BlockPublicAccess', ({ producer }) => {
    const Create = { 'Fn::Join': ['', ['{"service":"S3Control","action":"putPublicAccessBlock","parameters":{"PublicAccessBlockConfiguration":{"BlockPublicAcls":', PARAMETER, ',"BlockPublicPolicy":true,"IgnorePublicAcls":true,"RestrictPublicBuckets":true}}}']] };
    producer.Resources.AccountSettings = { Type: 'Custom::AWS', Properties: { ServiceToken: 'arn:aws:lambda:us-east-1:111122223333:function:f', Create } };
  }],
];
