import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

/** What is said of a distribution whose origin's domain name is not known, and of a bucket that an identity may read. */
function findings(resources: Record<string, any>): string[] {
  const template = { Parameters: { Domain: { Type: 'String' }, Type: { Type: 'String' } }, Resources: resources };
  return judge(deploymentOf([{ name: 'Site', account: '111122223333', region: 'eu-west-1', template }])).map(({ rule, isDecided }) => `${rule.id}${isDecided ? '' : '-NotDecided'}`);
}

const site = (OriginAccessControlOriginType: unknown, SigningBehavior = 'always') => ({
  Control: { Type: 'AWS::CloudFront::OriginAccessControl', Properties: { OriginAccessControlConfig: { Name: 'c', OriginAccessControlOriginType, SigningBehavior, SigningProtocol: 'sigv4' } } },
  Cdn: {
    Type: 'AWS::CloudFront::Distribution',
    Properties: { DistributionConfig: { Origins: [{ Id: 'o', DomainName: { Ref: 'Domain' }, OriginAccessControlId: { 'Fn::GetAtt': ['Control', 'Id'] }, CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } }] } },
  },
});

test('an origin to which CloudFront signs for Lambda is no bucket, whatever its name', () => {
  expect(findings(site('lambda'))).not.toContain('DistributionOrigin-NotDecided');
});

test.each<[string, any]>([['S3', site('s3')], ['a service that is not known', site({ Ref: 'Type' })], ['Lambda, but never', site('lambda', 'never')]])('one to which it signs for %s may be', (_, resources) => {
  expect(findings(resources)).toContain('DistributionOrigin-NotDecided');
});

const readable = (Principal: unknown) => ({
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
  Identity: { Type: 'AWS::CloudFront::CloudFrontOriginAccessIdentity', Properties: { CloudFrontOriginAccessIdentityConfig: { Comment: '' } } },
  Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'amzn-s3-demo-bucket', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*' }] } } },
});
const IDENTITY = { 'Fn::GetAtt': ['Identity', 'S3CanonicalUserId'] };
const publicAllows = (principal: unknown) => findings(readable(principal)).filter((id) => id.startsWith('PublicAllow'));

test('a canonical user is not anybody, whoever it is', () => {
  expect(publicAllows({ CanonicalUser: IDENTITY })).toEqual([]);
  expect(publicAllows({ CanonicalUser: IDENTITY, AWS: '*' })).toEqual(['PublicAllow']);
  expect(publicAllows({ CanonicalUser: IDENTITY, AWS: { Ref: 'Domain' } })).toEqual(['PublicAllow-NotDecided']);
});
