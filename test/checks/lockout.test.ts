import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

const OBJECTS = 'arn:aws:s3:::amzn-s3-demo-bucket/*';
const deny = (Condition: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::amzn-s3-demo-bucket', OBJECTS], Condition });
const DELIVERY = { Effect: 'Allow', Principal: { Service: 'delivery.logs.amazonaws.com' }, Action: 's3:PutObject', Resource: OBJECTS, Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } };

function lockouts(...Statement: object[]): string[] {
  const Resources = {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement } } },
  };
  const deployment = deploymentOf([{ name: 'Stack', account: '111122223333', region: 'eu-west-1', template: { Resources } }]);
  return judge(deployment).filter(({ rule, isDecided }) => rule.id === 'Lockout' && isDecided).map(({ problem }) => problem);
}

const principalsOf = (...ids: string[]) => deny({ StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ids }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } });
const servicesOf = (...ids: string[]) => deny({ StringNotEqualsIfExists: { 'aws:SourceOrgID': ids }, Null: { 'aws:SourceAccount': 'false' }, Bool: { 'aws:PrincipalIsAWSService': 'true' } });
const PARTNER = 'o-examplepartn';
const OURS = 'o-exampleorgid';

describe('AWS services are not shut out', () => {
  test.each([[[OURS, PARTNER]], [[PARTNER, OURS]]])('by organizations of principals in the order %s, where services are held to one of them', (ids) => {
    expect(lockouts(principalsOf(...ids), servicesOf(OURS), DELIVERY)).toEqual([]);
    expect(lockouts(servicesOf(OURS), principalsOf(...ids), DELIVERY)).toEqual([]);
  });

  test('where the policy lets none in', () => {
    const services = deny({ StringNotEqualsIfExists: { 'aws:PrincipalOrgID': OURS }, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Admin' } });
    const reader = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/Reader' }, Action: 's3:GetObject', Resource: OBJECTS };
    expect(lockouts(services, reader)).toEqual([]);
    expect(lockouts(services, DELIVERY)).toEqual([expect.stringContaining('shuts out AWS services')]);
    expect(lockouts(services, { ...reader, Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': OURS } } })).toEqual([]); // services have none
    expect(lockouts(services, { ...reader, Principal: '*' })).toEqual([expect.stringContaining('shuts out AWS services')]);
  });
});

test('AWS services are shut out where no organization lets them pass', () => {
  expect(lockouts(principalsOf(OURS, PARTNER), deny({ StringNotEqualsIfExists: { 'aws:SourceOrgID': 'o-exampleother', 'aws:PrincipalOrgID': OURS } }), DELIVERY)).toEqual([expect.stringContaining('shuts out AWS services')]);
});

describe('the account with which load balancers deliver', () => {
  const logs = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::156460612806:root' }, Action: 's3:PutObject', Resource: OBJECTS };
  const network = (spared: object) => deny({ StringNotEquals: { 'aws:SourceVpc': 'vpc-1a2b3c4d', ...spared }, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Admin' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } });

  test.each([['an organization', principalsOf(OURS)], ['a network', network({})]])('is not shut out by %s', (_, perimeter) => {
    expect(lockouts(perimeter, logs)).toEqual([expect.stringContaining('shuts out an account of AWS with which Elastic Load Balancing delivers logs')]);
    expect(lockouts(perimeter, { ...logs, Principal: { AWS: 'arn:aws:iam::444455556666:root' } })).toEqual([]);
  });

  test('passes where it is exempt', () => {
    expect(lockouts(network({ 'aws:PrincipalAccount': '156460612806' }), logs)).toEqual([]);
    expect(lockouts(deny({ StringNotEquals: { 'aws:PrincipalOrgID': OURS, 'aws:PrincipalAccount': '156460612806' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } }), logs)).toEqual([]);
  });
});
