import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
const t = (statement: unknown, resources = {}) => ({ name: 'Stack', account: '111122223333', region: 'eu-west-1', template: { Resources: {
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
  Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: statement } } },
  ...resources } } } as any);
const S = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999988887777:root' }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*' };
const C = { C: { Type: 'AWS::CloudFormation::CustomResource', Properties: { ServiceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:f' } } };
const R = { R: { Type: 'AWS::IAM::Role', Properties: {} } };
const V = { R: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } };
test.each<[string, any]>([
  ['statement of a custom resource', t({ 'Fn::GetAtt': ['C', 'Statement'] }, C)],
  ['statements of a custom resource', t([{ 'Fn::GetAtt': ['C', 'Statement'] }], C)],
  ['principal of a custom resource', t([{ ...S, Principal: { 'Fn::GetAtt': ['C', 'P'] } }], C)],
  ['effect of a custom resource', t([{ ...S, Effect: { 'Fn::GetAtt': ['C', 'P'] } }], C)],
  ['condition of a custom resource', t([{ ...S, Condition: { 'Fn::GetAtt': ['C', 'P'] } }], C)],
  ['principal is a role name', t([{ ...S, Principal: { Ref: 'R' } }], R)],
  ['condition is a vpc list', t([{ ...S, Condition: { StringEquals: { 'aws:SourceVpc': { 'Fn::GetAtt': ['R', 'SecurityGroups'] } } } }], V)],
  ['condition is a vpc', t([{ ...S, Condition: { Ref: 'R' } }], V)],
  ['unknown principal', t([{ ...S, Effect: 'allow', Principal: { AWS: { 'Fn::ImportValue': 'x' } } }], V)],
])('%s', (n, x) => {
  process.stderr.write(`\n#### ${n}\n${judge(deploymentOf([x])).filter(({ rule }) => ['PolicySyntax', 'PublicAllow'].includes(rule.id)).map(({ rule, isDecided, problem }) => `${rule.id} ${isDecided} ${problem}`).join('\n')}\n`);
});
