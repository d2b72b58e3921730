import { AccessDecision } from '../../src/access/access-decision';
import { AccessEvaluator } from '../../src/access/access-evaluator';
import { AccessRequest } from '../../src/access/access-request';
import { AccessAssumptions } from '../../src/access/assumptions';

const ACCOUNT = '111122223333';
const REQUEST: AccessRequest = { principal: `arn:aws:iam::${ACCOUNT}:role/app`, action: 's3:GetObject', resource: 'arn:aws:s3:::amzn-s3-demo-bucket/data/1' };
const ALL = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
const Bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } };

function role(properties: object = {}, ...statements: object[]): object {
  return { Type: 'AWS::IAM::Role', Properties: { RoleName: 'app', Policies: [{ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement: [ALL, ...statements] } }], ...properties } };
}

function policy(...statements: object[]): object {
  return { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: statements } } };
}

function decide(Resources: object, request: Partial<AccessRequest> = {}, assumptions: object = {}): AccessDecision {
  return AccessEvaluator.fromTemplates([{ stackName: 'Stack', template: { Resources }, account: ACCOUNT, region: 'eu-west-1' }], AccessAssumptions.fromJson(assumptions)).decide({ ...REQUEST, ...request });
}

const outcomeOf = (...asked: Parameters<typeof decide>) => decide(...asked).outcome;

describe('a bucket whose name AWS draws', () => {
  const Data = { Type: 'AWS::S3::Bucket', Properties: {} };
  const of = (pattern: string) => ({ 'Fn::Sub': `arn:aws:s3:::${pattern}` });
  const decideFor = (statement: object) => {
    const evaluator = AccessEvaluator.fromTemplates([{ stackName: 'Stack', template: { Resources: { Data, App: role({}, statement) } }, account: ACCOUNT, region: 'eu-west-1' }]);
    return evaluator.decide({ ...REQUEST, resource: `${evaluator.find('Data')[0].identifier}/1` }).outcome;
  };

  test.each([
    ['what its name begins with', '${AWS::StackName}-data-*', 'allowed'], // names are in lower case
    ['what its name begins with, in lower case', 'stack-data-*', 'denied'],
    ['a part of its name', '*-data-*', 'denied'],
    ['its stand-in, which is never its name', 'stack-data/*', 'allowed'],
    ['the end of its stand-in', '*-data/*', 'allowed'],
    ['what the end of its name may be', 'stack-data-a*', 'not-decided'],
    ['how long its name may be', 'stack-data-????????????/*', 'not-decided'],
    ['another name', 'stack-logs-*', 'allowed'],
  ])('a deny on %s', (_, pattern, outcome) => expect(decideFor({ Effect: 'Deny', Action: 's3:*', Resource: of(pattern) })).toBe(outcome));
});

describe('a managed policy that is named by its ARN', () => {
  const guard = (properties: object = {}) => ({ Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'Guard', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }] }, ...properties } });

  test.each<[string, object, string]>([
    ['without a path', {}, 'policy/Guard'],
    ['with a path', { Path: '/team/' }, 'policy/team/Guard'],
  ])('is followed %s', (_, properties, name) => {
    const arn = { 'Fn::Sub': `arn:aws:iam::\${AWS::AccountId}:${name}` };
    expect(outcomeOf({ Bucket, Guard: guard(properties), App: role({ ManagedPolicyArns: [arn] }) })).toBe('denied');
    expect(outcomeOf({ Bucket, Guard: guard(properties), App: role({ PermissionsBoundary: arn }) })).toBe('denied');
  });

  test('may be one whose name is not known', () => {
    const Guard = guard({ ManagedPolicyName: { Ref: 'Name' } });
    expect(outcomeOf({ Bucket, Guard, App: role({ ManagedPolicyArns: [`arn:aws:iam::${ACCOUNT}:policy/Guard`] }) })).toBe('not-decided');
  });
});

test.each([['AWSDenyAll', 'denied'], ['AWSCompromisedKeyQuarantineV3', 'not-decided']])('the AWS managed policy %s denies', (name, outcome) =>
  expect(outcomeOf({ Bucket, App: role({ ManagedPolicyArns: [`arn:aws:iam::aws:policy/${name}`] }) })).toBe(outcome));

const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/app/s1`;

test('NotPrincipal denies whoever has a permissions boundary, whomever it lists', () => {
  const spared = policy({ Effect: 'Deny', NotPrincipal: { AWS: [REQUEST.principal, SESSION, `arn:aws:iam::${ACCOUNT}:root`] }, Action: 's3:*', Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*' });
  const boundary = { PermissionsBoundary: 'arn:aws:iam::aws:policy/AmazonS3FullAccess' };
  expect(outcomeOf({ Bucket, App: role(), Policy: spared }, { principal: SESSION })).toBe('allowed');
  expect(outcomeOf({ Bucket, App: role(boundary), Policy: spared }, { principal: SESSION })).toBe('denied');
});

test('a session that the request does not name may be one that a policy names', () => {
  const deny = policy({ Effect: 'Deny', Principal: { AWS: SESSION }, Action: 's3:*', Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*' });
  const { outcome, decidedBy } = decide({ Bucket, App: role(), Policy: deny });
  expect(outcome).toBe('not-decided');
  expect(decidedBy!.reason).toContain(`which session of ${REQUEST.principal} sends the request`);
  expect(outcomeOf({ Bucket, App: role(), Policy: deny }, { principal: SESSION })).toBe('denied');
  expect(outcomeOf({ Bucket, App: role(), Policy: deny }, { principal: SESSION.replace('s1', 's2') })).toBe('allowed');
});

describe('a VPC endpoint that the request does not name', () => {
  const Vpc = { Type: 'AWS::EC2::VPC', Properties: {} };
  const endpoint = (resource: string, service = 's3') => ({
    Type: 'AWS::EC2::VPCEndpoint',
    Properties: { ServiceName: `com.amazonaws.eu-west-1.${service}`, VpcId: 'vpc-0abc123def4567890', PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: resource }] } },
  });
  const context = { 'aws:SourceVpc': 'vpc-0abc123def4567890' };

  test('is one of its VPC', () => {
    expect(outcomeOf({ Bucket, App: role(), Endpoint: endpoint('arn:aws:s3:::other/*') }, { context })).toBe('denied');
    expect(outcomeOf({ Bucket, App: role(), Endpoint: endpoint('*'), Other: endpoint('arn:aws:s3:::other/*', 'ec2') }, { context })).toBe('allowed');
    const { outcome, decidedBy } = decide({ Bucket, App: role(), Endpoint: endpoint('*'), Other: endpoint('arn:aws:s3:::other/*') }, { context });
    expect(outcome).toBe('not-decided');
    expect(decidedBy!.remedy).toContain('aws:SourceVpce');
  });

  test('may be one of its VPC if AWS draws the id of that', () => {
    const Endpoint = { ...endpoint('arn:aws:s3:::other/*'), Properties: { ...endpoint('arn:aws:s3:::other/*').Properties, VpcId: { Ref: 'Vpc' } } };
    expect(outcomeOf({ Bucket, Vpc, App: role(), Endpoint }, { context })).toBe('not-decided');
  });

  test('is there: what asks for its id is not decided', () => {
    const deny = policy({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' } } });
    expect(outcomeOf({ Bucket, App: role(), Policy: deny }, { context })).toBe('not-decided');
    expect(outcomeOf({ Bucket, App: role(), Policy: deny })).toBe('denied');
  });
});
