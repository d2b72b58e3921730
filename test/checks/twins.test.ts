import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

const ARN = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

function policy(id: string, principal: object | string, effect = 'Allow', action = 's3:GetObject'): object {
  return { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: id }, PolicyDocument: { Statement: [{ Effect: effect, Principal: principal, Action: action, Resource: { 'Fn::Join': ['', [ARN(id), '/*']] } }] } } };
}

function found(rule: string, Resources: Record<string, any>): string[] {
  return judge(deploymentOf([{ name: 'App', account: '111122223333', region: 'eu-west-1', template: { Resources } }]))
    .filter((finding) => finding.rule.id === rule && finding.isDecided).map(({ resource }) => resource.logicalId);
}

const bucket = (properties: object = {}) => ({ Type: 'AWS::S3::Bucket', Properties: properties });

test('of buckets that are alike but for the principal of one policy, that one alone is public', () => {
  const own = { AWS: 'arn:aws:iam::111122223333:root' };
  expect(found('PublicAllow', { A: bucket(), PolicyA: policy('A', own), B: bucket(), PolicyB: policy('B', '*'), C: bucket(), PolicyC: policy('C', own) })).toEqual(['PolicyB']);
});

test('of buckets that are alike, the one to which logs are sent by its domain name needs no logs of its own', () => {
  const distribution = { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig: { Logging: { Bucket: { 'Fn::GetAtt': ['B', 'DomainName'] } } } } };
  expect(found('AccessLogs', { A: bucket(), B: bucket(), C: bucket(), Distribution: distribution })).toEqual(['A', 'C']);
});

test('of buckets whose policies are alike but for the service that they let in, the one for logs alone receives logs', () => {
  const writer = (id: string, service: string) => policy(id, { Service: service }, 'Allow', 's3:PutObject');
  expect(found('AccessLogs', { A: bucket(), PolicyA: writer('A', 'config.amazonaws.com'), B: bucket(), PolicyB: writer('B', 'logging.s3.amazonaws.com') })).toEqual(['A']);
});
