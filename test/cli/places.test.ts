import { file, json, secureBucket } from './terminal';

const OUTPUT = (place: object) => ({ 'Fn::GetStackOutput': { StackName: 'data', OutputName: 'Name', ...place } });
const DATA = file({ Resources: { Bucket: { Type: 'AWS::S3::Bucket' } }, Outputs: { Name: { Value: { Ref: 'Bucket' } } } }, 'data.json');
const STACK = (path: string) => path.split('/').at(-1)!.replace('.json', '');
const OPEN = { Parameters: { Place: { Type: 'String' } } };

/** A stack that gives the bucket of another stack a policy which denies plain HTTP. */
function guarding(place: object, others: object = {}): string {
  const bucket = { 'Fn::GetStackOutput': { ...OUTPUT(place)['Fn::GetStackOutput'], StackName: STACK(DATA) } };
  const statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [{ 'Fn::Sub': ['arn:aws:s3:::${b}', { b: bucket }] }, { 'Fn::Sub': ['arn:aws:s3:::${b}/*', { b: bucket }] }],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  return file({ ...others, Resources: { Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: bucket, PolicyDocument: { Version: '2012-10-17', Statement: [statement] } } } } }, 'guards.json');
}

/** What is proved of TLS of the bucket. */
function tls(...args: string[]): { verdict: string; reason?: string } {
  return json('prove', DATA, ...args).buckets.find(({ logicalId }: any) => logicalId === 'Bucket').guarantees[0];
}

describe('an output that is read by the place of its stack', () => {
  test.each<[what: string, policy: string, right: string[], wrong: string[], named: RegExp]>([
    ['Region', guarding({ Region: 'eu-west-1' }), ['--region', 'eu-west-1'], ['--region', 'us-east-1'], /the Region of stacks that do not say theirs/],
    ['account', guarding({ RoleArn: 'arn:aws:iam::111122223333:role/Reader' }), ['--account', '111122223333'], ['--account', '999988887777'], /the account of stacks that do not say theirs/],
    ['parameter', guarding({ Region: { Ref: 'Place' } }, OPEN), ['--region', 'eu-west-1', '--parameters', 'Place=eu-west-1'], ['--region', 'us-east-1', '--parameters', 'Place=eu-west-1'], /"Region":\{"Ref":"Place"\}/],
  ])('is that of the stack at hand only where the %s is known to be the same', (_, policy, right, wrong, named) => {
    expect(tls(policy)).toMatchObject({ verdict: 'not-decided', reason: expect.stringMatching(named) });
    expect(tls(policy, ...right)).toMatchObject({ verdict: 'holds' });
    expect(tls(policy, ...wrong)).toMatchObject({ verdict: 'broken' });
  });

  test('of a Region that a parameter names is not known where the Region of the stack is', () => {
    expect(tls(guarding({ Region: { Ref: 'Place' } }, OPEN), '--region', 'us-east-1')).toMatchObject({ verdict: 'not-decided', reason: expect.stringContaining('"Ref":"Place"') });
  });

  test('is of the same stack wherever both are deployed', () => {
    expect(tls(guarding({}))).toMatchObject({ verdict: 'holds' });
  });

  test('makes no finding about competing policies where it may be that of another stack', () => {
    const data = file({
      Resources: {
        Bucket: { Type: 'AWS::S3::Bucket' },
        Own: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: [] } } },
      },
      Outputs: { Name: { Value: { Ref: 'Bucket' } } },
    }, 'owned.json');
    const other = file({
      Resources: {
        Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { 'Fn::GetStackOutput': { StackName: STACK(data), OutputName: 'Name', Region: 'eu-west-1' } }, PolicyDocument: { Version: '2012-10-17', Statement: [] } } },
      },
    });
    const competing = (...args: string[]) => json('check', data, other, ...args).findings.map(({ rule }: any) => rule).filter((rule: string) => rule.includes('Competing'));
    expect(competing()).toEqual(['SecureBucket-CompetingPolicies-NotDecided', 'SecureBucket-CompetingPolicies-NotDecided']);
    expect(competing('--region', 'us-east-1')).toEqual([]);
    expect(competing('--region', 'eu-west-1')).toEqual(['SecureBucket-CompetingPolicies', 'SecureBucket-CompetingPolicies']);
  });

  test('makes a request allowed only where the Region is known, and says which option it takes', () => {
    const role = file({
      Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'reader', AssumeRolePolicyDocument: {} } } },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
    }, 'roles.json');
    const statement = { Effect: 'Allow', Principal: { AWS: { 'Fn::GetStackOutput': { StackName: STACK(role), OutputName: 'Arn', Region: 'eu-west-1' } } }, Action: 's3:GetObject', Resource: { 'Fn::Sub': '${Bucket.Arn}/*' } };
    const granting = file({
      Resources: {
        Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
        Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: [statement] } } },
      },
    });
    const asked = ['explain', role, granting, '--account', '111122223333', '--principal', 'Role', '--action', 's3:GetObject', '--resource', 'Bucket', '--key', 'a'];
    expect(secureBucket(...asked)).toMatchObject({ exitCode: 2, out: expect.stringMatching(/^Not decided[^]*Provide it: --region <region>\./) });
    expect(secureBucket(...asked, '--region', 'eu-west-1')).toMatchObject({ exitCode: 0 });
  });
});
