import { file, IN_ENVIRONMENT, json } from './terminal';

// A deny that spares what AWS draws, and one that spares everything of its form: an id that nobody knows yet is spared by both.

const POLICY = (denies: any[]) => ({
  Type: 'AWS::S3::BucketPolicy',
  Properties: { Bucket: 'amzn-s3-demo-bucket', PolicyDocument: { Statement: denies } },
});
const plainHttp = (condition: any) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: ['arn:aws:s3:::amzn-s3-demo-bucket', 'arn:aws:s3:::amzn-s3-demo-bucket/*'],
  Condition: { Bool: { 'aws:SecureTransport': 'false' }, ...condition },
});
const VPC = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } };
const ENDPOINT = { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: 'vpc-0abc', ServiceName: 'com.amazonaws.eu-west-1.s3' } };
const ROLE = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } };

test.each<[string, any, any, any]>([
  ['the id of a VPC', VPC, { StringNotEquals: { 'aws:SourceVpc': { Ref: 'X' } } }, { StringNotLike: { 'aws:SourceVpc': 'vpc-*' } }],
  ['the id of an endpoint', ENDPOINT, { StringNotEquals: { 'aws:SourceVpce': { Ref: 'X' } } }, { StringNotLike: { 'aws:SourceVpce': 'vpce-0*' } }],
  ['the unique id of a role', ROLE, { StringNotLike: { 'aws:userid': { 'Fn::Sub': '${X.RoleId}:*' } } }, { StringNotLike: { 'aws:userid': 'AROA*' } }],
  ['the name of a role', ROLE, { ArnNotEquals: { 'aws:PrincipalArn': { 'Fn::GetAtt': ['X', 'Arn'] } } }, { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*-X-*' } }],
])('%s may be one that a pattern means', (_, resource, spared, sparedByPattern) => {
  const bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } };
  const template = file({ Resources: { Bucket: bucket, X: resource, Policy: POLICY([plainHttp(spared), plainHttp(sparedByPattern)]) } }, 'data.json');
  const verdicts = json('prove', template, ...IN_ENVIRONMENT).buckets[0].guarantees;
  expect(verdicts.find(({ rule }: any) => rule === 'SecureBucket-RequireTls').verdict).toBe('not-decided');
});
