import { file, IN_ENVIRONMENT, json } from './terminal';

// A deny that spares what AWS draws, and one that spares something that such an id may be: an id that nobody knows yet is spared by both.

const ACCOUNT = '111122223333';
const BUCKET = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } };
const POLICY = (statements: any[]) => ({
  Type: 'AWS::S3::BucketPolicy',
  Properties: { Bucket: 'amzn-s3-demo-bucket', PolicyDocument: { Statement: statements } },
});
const plainHttp = (condition: any, principal: any = { Principal: '*' }) => ({
  Effect: 'Deny',
  ...principal,
  Action: 's3:*',
  Resource: ['arn:aws:s3:::amzn-s3-demo-bucket', 'arn:aws:s3:::amzn-s3-demo-bucket/*'],
  Condition: { Bool: { 'aws:SecureTransport': 'false' }, ...condition },
});

function verdictOf(rule: string, resource: any, statements: any[]): string {
  const template = file({ Resources: { Bucket: BUCKET, X: resource, Policy: POLICY(statements) } }, 'data.json');
  return json('prove', template, ...IN_ENVIRONMENT).buckets[0].guarantees.find((one: any) => one.rule === `SecureBucket-${rule}`).verdict;
}

const VPC = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } };
const ENDPOINT = { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: 'vpc-0abc', ServiceName: 'com.amazonaws.eu-west-1.s3' } };
const ROLE = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } };
const USER = { Type: 'AWS::IAM::User', Properties: {} };
const of = (type: string) => ({ Type: type, Properties: {} });
const ref = { Ref: 'X' };
const arn = { 'Fn::GetAtt': ['X', 'Arn'] };
const sub = (text: string) => ({ 'Fn::Sub': text });
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

const MAY_BE: [string, any, any, any][] = [
  ['the id of a VPC', VPC, { StringNotEquals: { 'aws:SourceVpc': ref } }, { StringNotLike: { 'aws:SourceVpc': 'vpc-*' } }],
  ['the id of a VPC, written in full', VPC, { StringNotEquals: { 'aws:SourceVpc': ref } }, { StringNotEquals: { 'aws:SourceVpc': 'vpc-0d1e2a3d4b5e6e7f8' } }],
  ['the id of an endpoint', ENDPOINT, { StringNotEquals: { 'aws:SourceVpce': ref } }, { StringNotLike: { 'aws:SourceVpce': 'vpce-0*' } }],
  ['the unique id of a role', ROLE, { StringNotLike: { 'aws:userid': sub('${X.RoleId}:*') } }, { StringNotLike: { 'aws:userid': 'AROA*' } }],
  ['the unique id of a role, written in full', ROLE, { StringNotLike: { 'aws:userid': sub('${X.RoleId}:*') } }, { StringNotLike: { 'aws:userid': 'AROAEXAMPLEEXAMPLE000:*' } }],
  ['the name of a role', ROLE, { ArnNotEquals: { 'aws:PrincipalArn': arn } }, { ArnNotLike: { 'aws:PrincipalArn': role('*-X-*') } }],
  ['the name of a role, by its beginning', ROLE, { ArnNotEquals: { 'aws:PrincipalArn': arn } }, { StringNotLike: { 'aws:PrincipalArn': role('data*') } }],
  ['the name of a role, written in full', ROLE, { ArnNotEquals: { 'aws:PrincipalArn': arn } }, { ArnNotEquals: { 'aws:PrincipalArn': role('data-X-1XQZJWKYV0179') } }],
  ['the name of a user', USER, { StringNotEquals: { 'aws:username': ref } }, { StringNotLike: { 'aws:username': 'data-*' } }],
  ['the name of a trail', of('AWS::CloudTrail::Trail'), { ArnNotEquals: { 'aws:SourceArn': arn } }, { ArnNotLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:*:trail/*' } }],
  ['the id of a REST API', of('AWS::ApiGateway::RestApi'), { ArnNotLike: { 'aws:SourceArn': sub('arn:aws:execute-api:eu-west-1:111122223333:${X}/*') } }, { ArnNotLike: { 'aws:SourceArn': 'arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/*' } }],
  ['the id of a detector', of('AWS::GuardDuty::Detector'), { StringNotEquals: { 'aws:PrincipalTag/detector': ref } }, { StringNotLike: { 'aws:PrincipalTag/detector': '12abc*' } }],
  ['the id of a user pool', of('AWS::Cognito::UserPool'), { StringNotEquals: { 'aws:PrincipalTag/pool': ref } }, { StringNotEquals: { 'aws:PrincipalTag/pool': 'eu-west-1_AbCdEfGhI' } }],
  ['the ARN of a secret', of('AWS::SecretsManager::Secret'), { StringNotEquals: { 'aws:PrincipalTag/secret': ref } }, { StringNotLike: { 'aws:PrincipalTag/secret': 'arn:aws:secretsmanager:*' } }],
];

test.each(MAY_BE)('%s may be one that another deny spares', (_, resource, spared, sparedByPattern) => {
  expect(verdictOf('RequireTls', resource, [plainHttp(spared), plainHttp(sparedByPattern)])).toBe('not-decided');
});

const MAY_NOT_BE: [string, any, any, any][] = [
  ['the id of an endpoint', ENDPOINT, { StringNotEquals: { 'aws:SourceVpce': ref } }, { StringNotEquals: { 'aws:SourceVpce': 'other-0abc' } }],
  ['the name of a role', ROLE, { ArnNotEquals: { 'aws:PrincipalArn': arn } }, { ArnNotEquals: { 'aws:PrincipalArn': role('Admin') } }],
  ['the unique id of a role', ROLE, { StringNotLike: { 'aws:userid': sub('${X.RoleId}:*') } }, { StringNotEquals: { 'aws:userid': 'AIDAEXAMPLEEXAMPLE000' } }],
];

test.each(MAY_NOT_BE)('%s has a form of its own: nothing else that is spared is meant', (_, resource, spared, sparedOther) => {
  expect(verdictOf('RequireTls', resource, [plainHttp(spared), plainHttp(sparedOther)])).toBe('holds');
});

test('a role that a statement names is not one of the same name as what stands for it', () => {
  const named = { NotPrincipal: { AWS: [role('data-X'), `arn:aws:iam::${ACCOUNT}:root`] } };
  expect(verdictOf('RequireTls', ROLE, [plainHttp({ ArnNotEquals: { 'aws:PrincipalArn': arn } }), plainHttp({}, named)])).not.toBe('broken');
});

describe('a network perimeter is proved whatever AWS draws', () => {
  const perimeter = (conditions: any) => [{
    ...plainHttp({}),
    Condition: { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' }, ...conditions },
  }];

  test.each<[string, any, any]>([
    ['an endpoint', ENDPOINT, { StringNotEquals: { 'aws:SourceVpce': [ref, 'vpce-0123456789abcdef0'] } }],
    ['a role beside one that is named', ROLE, { StringNotEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' }, ArnNotEquals: { 'aws:PrincipalArn': [arn, role('Admin')] } }],
    ['the sessions of a role', ROLE, { StringNotEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' }, StringNotLike: { 'aws:userid': sub('${X.RoleId}:*') } }],
    ['the sessions of a role beside those of another', ROLE, { StringNotEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' }, StringNotLike: { 'aws:userid': [sub('${X.RoleId}:*'), 'AROAEXAMPLEEXAMPLE000:*'] } }],
  ])('for %s', (_, resource, conditions) => {
    expect(verdictOf('NetworkPerimeter', resource, perimeter(conditions))).toBe('holds');
  });
});
