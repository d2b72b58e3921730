import { file, json, secureBucket } from './terminal';

const ON_BUCKET = ['arn:aws:s3:::amzn-s3-demo-bucket', 'arn:aws:s3:::amzn-s3-demo-bucket/*'];
const IN = ['--account', '111122223333', '--region', 'eu-west-1'];
const template = file({
  Parameters: Object.fromEntries(['First', 'Second', 'Third', 'Stage', 'Team', 'Reader'].map((name) => [name, { Type: 'String' }])),
  Conditions: {
    Live: { 'Fn::Equals': [{ Ref: 'Stage' }, 'live'] },
    Ours: { 'Fn::Equals': [{ Ref: 'Team' }, 'storage'] },
    Both: { 'Fn::And': [{ Condition: 'Live' }, { Condition: 'Ours' }] },
  },
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket', Tags: [{ Key: 'team', Value: { 'Fn::If': ['Both', 'a', 'b'] } }] } },
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'Reader', AssumeRolePolicyDocument: {} } },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Bucket' },
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Sid: 'Tls', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ON_BUCKET, Condition: { Bool: { 'aws:SecureTransport': { 'Fn::If': ['Live', 'false', 'true'] } } } },
            { Sid: 'Read', Effect: 'Allow', Principal: { AWS: { Ref: 'Reader' } }, Action: 's3:GetObject', Resource: ON_BUCKET[1] },
          ],
        },
      },
    },
  },
}, 'deciding.json');
const LIVE = /whether the condition 'Live' of the stack '\d+-deciding' holds \(by the parameter 'Stage'\)/;

test('a proof names the condition that decides, and its parameter, and no other', () => {
  const { out } = secureBucket('prove', template, ...IN);
  expect(out).toMatch(new RegExp(`For it depends on ${LIVE.source}, which is not known before deployment;`));
  expect(out).not.toMatch(/'Ours'|Fn::If/);
  expect(out).toMatch(/can be provided: --parameters Stage=<value> Reader=<value>, --assume <file>\.\n$/);
});

test('a finding names them, and the option that provides the parameter', () => {
  const found = json('check', template, ...IN).findings.filter(({ rule }: any) => rule === 'SecureBucket-RequireTls-NotDecided');
  expect(found).toEqual([expect.objectContaining({ problem: expect.stringMatching(LIVE), remedy: expect.stringContaining('Provide it: --parameters Stage=<value>, or ') })]);
});

test('a decision names them, and the option that provides the parameter', () => {
  const { out } = secureBucket('explain', template, ...IN, '--principal', 'Role', '--action', 's3:GetObject', '--resource', 'Bucket', '--key', 'key');
  expect(out).toMatch(new RegExp(`whether the statement 'Tls' applies depends on ${LIVE.source}\\.\n  Provide it: --parameters Stage=<value>, or 'parameters\\.`));
});

test('what is not decided in several ways is said once', () => {
  const { findings } = json('check', template, ...IN);
  expect(findings.filter(({ rule }: any) => rule === 'SecureBucket-PublicAllow-NotDecided')).toHaveLength(1);
});

describe('logs of load balancers, where the Region is not known', () => {
  const logs = (mappings: object, account: object | string) => file({
    Mappings: mappings,
    Resources: {
      Logs: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
      Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { LoadBalancerAttributes: [{ Key: 'access_logs.s3.enabled', Value: 'true' }, { Key: 'access_logs.s3.bucket', Value: { Ref: 'Logs' } }] } },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Logs' }, PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 's3:PutObject', Resource: ON_BUCKET[1] }] } } },
    },
  });
  const byRegion = { 'us-east-1': { Id: '127311923021' }, 'eu-west-1': { Id: '156460612806' } };

  test.each<[string, string]>([
    ['in a mapping', logs({ Accounts: byRegion }, { 'Fn::FindInMap': ['Accounts', { Ref: 'AWS::Region' }, 'Id'] })],
    ['in so many words', logs({}, '127311923021')],
  ])('are said once, with the option: an account %s', (_, written) => {
    const found = json('check', written).findings.filter(({ rule }: any) => rule.startsWith('SecureBucket-LogDestination'));
    expect(found).toEqual([expect.objectContaining({ rule: 'SecureBucket-LogDestination-NotDecided', remedy: expect.stringContaining('Provide it: --region <region>.') })]);
    expect(json('check', written, '--region', 'us-east-1').findings).not.toContainEqual(expect.objectContaining({ rule: expect.stringContaining('LogDestination') }));
  });
});

test.each<[property: string, type: string, others?: object]>([
  ['KeyPolicy', 'AWS::KMS::Key'],
  ['PolicyDocument', 'AWS::S3::BucketPolicy', { Bucket: 'amzn-s3-demo-bucket' }],
  ['Policy', 'AWS::S3::AccessPoint', { Bucket: 'amzn-s3-demo-bucket' }],
  ['PolicyDocument', 'AWS::SQS::QueuePolicy'],
  ['PolicyDocument', 'AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' }],
  ['AssumeRolePolicyDocument', 'AWS::IAM::Role'],
])('%s of %s that is no document is found', (property, type, others = {}) => {
  const written = (document: unknown) => json('check', file({ Resources: { One: { Type: type, Properties: { ...others, [property]: document } } } })).findings
    .filter(({ rule }: any) => rule === 'SecureBucket-PolicySyntax').map(({ problem }: any) => problem);
  expect(written([1])).toEqual([`${property}: [1] is no object.`]);
  expect(written(7)).toEqual([`${property}: 7 is no object.`]);
  expect(written('{{resolve:ssm:policy}}')).toEqual([]);
});
