import { Change, consumerStatements, properties, statement, statements } from './changes';
import { Mutation } from './mutations';
import { APP_ROLE, BUCKET, OBJECTS } from './secure-templates';

const STRANGER = 'arn:aws:iam::999900001111:root';
const ORGANIZATION = { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } };
const VIA_S3 = { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } };

const set = (sid: string, changed: Record<string, unknown>): Change[1] => (t) => Object.assign(statement(t, sid), changed);
const condition = (sid: string, Condition: unknown): Change[1] => set(sid, { Condition });
const allow = (changed: Record<string, unknown>): Change[1] => (t) => {
  statements(t).push({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: OBJECTS, ...changed });
};
const allowKey = (changed: Record<string, unknown>): Change[1] => (t) => {
  statements(t, 'Key').push({ Effect: 'Allow', Principal: { AWS: STRANGER }, Action: 'kms:Decrypt', Resource: '*', ...changed });
};
const deny = (changed: Record<string, unknown>): Change[1] => (t) => {
  statements(t).push({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET, OBJECTS], ...changed });
};
const role = (index: number, changed: Record<string, unknown>): Change[1] => (t) => Object.assign(consumerStatements(t)[index], changed);
const custom = (Type: string, Properties: object): Change[1] => ({ producer }) => {
  producer.Resources.AccountSettings = { Type, Properties: { ServiceToken: 'arn:aws:lambda:us-east-1:111122223333:function:f', ...Properties } };
};
const accountCall = (action: string, PublicAccessBlockConfiguration: object) => ({ Create: JSON.stringify({ service: 'S3Control', action, parameters: { PublicAccessBlockConfiguration } }) });

const ANYBODY: Mutation[] = [
  ['an Allow to every account', 'PublicAllow', allow({ Principal: { AWS: 'arn:aws:iam::*:root' } })],
  ['an Allow to every service', 'PublicAllow', allow({ Principal: { Service: '*' } })],
  ['an Allow to a role name of any account', 'PublicAllow', allow({ Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/AppRole' } } })],
  ['an Allow from one range and from every address', 'PublicAllow', allow({ Condition: { IpAddress: { 'aws:SourceIp': ['198.51.100.0/24', '0.0.0.0/0'] } } })],
  ['an Allow from private addresses', 'PublicAllow', allow({ Condition: { IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' } } })],
  ['a principal with a wildcard', 'PolicySyntax', set('ConsumerReads', { Principal: { AWS: 'arn:aws:iam::444455556666:role/*' } })],
  ['a delegation to accounts that begin alike', 'AccessPointDelegation', condition('DelegateToAccessPoints', { StringLike: { 's3:DataAccessPointAccount': '1111????????' } })],
];

const ADMINISTRATION: Mutation[] = [
  ...['PutReplicationConfiguration', 'PutBucketVersioning', 'PutBucketOwnershipControls', 'PutBucketLogging', 'PutBucketWebsite'].map((action): Mutation =>
    [`a grant of ${action}`, 'OverbroadGrant', allow({ Principal: { AWS: STRANGER }, Action: `s3:${action}`, Resource: BUCKET })]),
  ['a grant of overriding retention', 'OverbroadGrant', allow({ Principal: { AWS: STRANGER }, Action: 's3:BypassGovernanceRetention' })],
  ['everything for the whole organization', 'OverbroadGrant', allow({ Action: 's3:*', Resource: [BUCKET, OBJECTS], Condition: ORGANIZATION })],
  ['everything for roles of an account, by condition', 'OverbroadGrant', allow({ Action: 's3:*', Resource: [BUCKET, OBJECTS], Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/*' } } })],
  ['everything for a canonical user', 'OverbroadGrant', allow({ Principal: { CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' }, Action: 's3:*', Resource: [BUCKET, OBJECTS] })],
  ['a service for an account if there is one', 'OverbroadGrant', allow({ Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 's3:PutObject', Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' } } })],
  ['any distribution of the account', 'DistributionAccess', condition('SiteReads', { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/*' } })],
  ['any distribution that begins alike', 'DistributionAccess', condition('SiteReads', { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/ED*' } })],
  ['another bucket', 'ArnForm', set('ConsumerReads', { Resource: 'arn:aws:s3:::dataset/*' })],
  ['the bucket for its access point', 'ArnForm', set('PartnerReads', { Resource: OBJECTS })],
];

const SIDES: Mutation[] = [
  ['another prefix by the role', 'CrossAccountSides', (t) => {
    statement(t, 'ConsumerReads').Resource = `${BUCKET}/reports/*`;
    consumerStatements(t)[0].Resource = `${BUCKET}/report/*`;
  }],
  ['another prefix to list by the role', 'CrossAccountSides', (t) => {
    statement(t, 'ConsumerLists').Condition = { StringLike: { 's3:prefix': 'reports/*' } };
    consumerStatements(t)[1].Condition = { StringLike: { 's3:prefix': 'raw/*' } };
  }],
  ['another endpoint by the role', 'CrossAccountSides', role(0, { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-0fedcba9876543210' } } })],
  ['no deletion by the bucket', 'CrossAccountSides', role(0, { Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'] })],
  ['no deletion by the role', 'CrossAccountSides', set('ConsumerReads', { Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'] })],
  ['the role by a condition alone, and without a side of its own', 'CrossAccountSides', (t) => {
    Object.assign(statement(t, 'ConsumerReads'), { Principal: '*', Condition: { ArnEquals: { 'aws:PrincipalArn': APP_ROLE } } });
    consumerStatements(t).splice(0, 2);
  }],
  ['a user without a side of the bucket', 'CrossAccountSides', ({ consumer }) => {
    const PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: OBJECTS }] };
    consumer.Resources.Person = { Type: 'AWS::IAM::User', Properties: { UserName: 'person', Policies: [{ PolicyName: 'dataset', PolicyDocument }] } };
  }],
  ['a key that denies accounts of callers', 'CrossAccountSides', allowKey({ Effect: 'Deny', Principal: '*', Condition: { StringNotEquals: { 'kms:CallerAccount': '111122223333' } } })],
];

const KEYS: Mutation[] = [
  ...['PutKeyPolicy', 'CreateGrant', 'ReEncrypt*', 'ScheduleKeyDeletion'].map((action): Mutation => [`a key for ${action} of an account`, 'KeyPolicy', allowKey({ Action: `kms:${action}` })]),
  ['a key through S3 and another service', 'KeyPolicy', condition('ConsumerDecrypts', { StringEquals: { 'kms:ViaService': ['s3.us-east-1.amazonaws.com', 'ec2.us-east-1.amazonaws.com'] } })],
  ['a key for callers of any account', 'KeyPolicy', allowKey({ Principal: '*', Condition: { ...VIA_S3, StringLike: { 'kms:CallerAccount': '*' } } })],
  ['a key for callers of an account outside of S3', 'KeyPolicy', allowKey({ Principal: '*', Condition: { StringEquals: { 'kms:CallerAccount': '444455556666' } } })],
  ['a key for distributions that begin alike', 'KeyPolicy', condition('SiteDecrypts', { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/ED*' } })],
  ['a key for a distribution if there is one', 'KeyPolicy', condition('SiteDecrypts', { StringEqualsIfExists: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE' } })],
  ['a key for a service on behalf of anybody', 'KeyPolicy', allowKey({ Principal: { Service: 'cloudtrail.amazonaws.com' } })],
  ['an action of KMS that does not exist', 'PolicySyntax', set('ConsumerDecrypts', { Action: ['kms:Decrypt', 'kms:GenerateDataKeys'] })],
];

const LOCKOUTS: Mutation[] = [
  ['a network deny without conditions', 'Lockout', set('DenyOutsideNetwork', { Condition: undefined })],
  ['everybody is denied but the root user', 'Lockout', (t) => {
    t.producer.Resources.DatasetPolicy.Properties.Bucket = { Ref: 'Dataset' };
    deny({})(t);
  }],
  ['services without an account are locked out', 'Lockout', condition('DenyServicesForOutsideOrg', { StringNotEquals: { 'aws:SourceOrgID': 'o-exampleorgid' }, Bool: { 'aws:PrincipalIsAWSService': 'true' } })],
  ['private addresses alone', 'IpOnlyPerimeter', condition('DenyOutsideNetwork', {
    NotIpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' }, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/BreakGlass' },
  })],
];

const SETTINGS: Mutation[] = [
  ['the account, by a call', 'BlockPublicAccess', custom('Custom::AWS', accountCall('putPublicAccessBlock', { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: false }))],
  ['the account, by a call that leaves one out', 'BlockPublicAccess', custom('Custom::AWS', accountCall('putPublicAccessBlock', { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true }))],
  ['the account, by a command', 'BlockPublicAccess', custom('Custom::AccountSettings', accountCall('PutPublicAccessBlockCommand', { BlockPublicAcls: false }))],
  ['the account, by properties', 'BlockPublicAccess', custom('Custom::AccountPublicAccess', { BlockPublicAcls: 'true', BlockPublicPolicy: 'false', IgnorePublicAcls: 'true', RestrictPublicBuckets: 'true' })],
  ['the account, deleted', 'BlockPublicAccess', custom('Custom::AWS', accountCall('deletePublicAccessBlock', {}))],
  ['an origin of the old form', 'DistributionOrigin', (t) => {
    const config = properties(t, 'Site').DistributionConfig;
    delete config.Origins;
    config.S3Origin = { DNSName: 'dataset-111122223333.s3.amazonaws.com', OriginAccessIdentity: '' };
  }],
  ['another origin over plain HTTP', 'DistributionOrigin', (t) => {
    properties(t, 'Site').DistributionConfig.Origins.push({ Id: 'api', DomainName: 'api.example.com', CustomOriginConfig: { OriginProtocolPolicy: 'http-only' } });
  }],
];

/** What goes wrong with who is allowed what, and with whom a policy shuts out. */
export const GRANT_MUTATIONS: readonly Mutation[] = [...ANYBODY, ...ADMINISTRATION, ...SIDES, ...KEYS, ...LOCKOUTS, ...SETTINGS];
