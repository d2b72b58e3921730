import { file, json } from '../cli/terminal';

const BY_PARTITION = { Std: { 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws'] } };
const BY_SUFFIX = { Std: { 'Fn::Equals': [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'] } };
const BUCKET = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } };
const ARNS = [{ 'Fn::GetAtt': ['Data', 'Arn'] }, { 'Fn::Sub': '${Data.Arn}/*' }];
const PLAIN_HTTP = { Bool: { 'aws:SecureTransport': 'false' } };

/** A template with a bucket whose policy denies plain HTTP, somehow. */
function denying(statement: object, others: object = {}, policy: object = {}): string {
  const Statement = [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ARNS, Condition: PLAIN_HTTP, ...statement }];
  return file({ ...others, Resources: { Data: BUCKET, Policy: { Type: 'AWS::S3::BucketPolicy', ...policy, Properties: { Bucket: { Ref: 'Data' }, PolicyDocument: { Version: '2012-10-17', Statement } } } } });
}

function tls(template: string, ...args: string[]): { verdict: string; reason?: string } {
  return json('prove', template, ...args).buckets[0].guarantees[0];
}

function literal(partition: string): object {
  return { Resource: [`arn:${partition}:s3:::amzn-s3-demo-bucket`, `arn:${partition}:s3:::amzn-s3-demo-bucket/*`] };
}

const MAPPED = { 'Fn::FindInMap': ['Secure', { Ref: 'AWS::Partition' }, 'Value'] };
const MAPPINGS = { Secure: { 'aws': { Value: 'false' }, 'aws-cn': { Value: 'true' } } };

describe('where no Region is known, the partition is not known, either', () => {
  test.each<[what: string, template: string]>([
    ['a condition on the partition', denying({}, { Conditions: BY_PARTITION }, { Condition: 'Std' })],
    ['a condition on the suffix of domains', denying({}, { Conditions: BY_SUFFIX }, { Condition: 'Std' })],
    ['a mapping by partition', denying({ Condition: { Bool: { 'aws:SecureTransport': MAPPED } } }, { Mappings: MAPPINGS })],
    ['a condition of a statement', denying({ Condition: { 'Fn::If': ['Std', PLAIN_HTTP, { Bool: { 'aws:SecureTransport': 'true' } }] } }, { Conditions: BY_PARTITION })],
    ['ARNs of one partition, under a condition', denying({ Resource: { 'Fn::If': ['Std', Object.values(literal('aws')).flat(), { 'Fn::Sub': 'arn:aws-cn:s3:::other' }] } }, { Conditions: BY_PARTITION })],
  ])('%s leaves TLS open, and a Region decides', (_, template) => {
    expect(tls(template)).toMatchObject({ verdict: 'not-decided', reason: expect.stringContaining('Region of stacks that do not say theirs') });
    expect([tls(template, '--region', 'eu-west-1').verdict, tls(template, '--region', 'cn-north-1').verdict]).toEqual(['holds', 'broken']);
  });

  test('what is so in every partition is decided', () => {
    const either = { 'Fn::If': ['Std', ...[literal('aws'), literal('aws-cn')].map((one) => Object.values(one).flat())] };
    expect(tls(denying({}, { Conditions: { China: { 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws-cn'] } } })).verdict).toBe('holds');
    expect(tls(denying({ Resource: either }, { Conditions: { Std: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws-cn'] }] } } })).verdict).toBe('not-decided'); // GovCloud
  });

  test.each(['aws', 'aws-cn', 'aws-us-gov'])('a policy with ARNs of %s is deployed there, which is said', (partition) => {
    const template = denying(literal(partition));
    const { assumptions } = json('prove', template);
    expect([tls(template).verdict, assumptions]).toEqual(['holds', [`The stacks that do not say their Region are in the partition '${partition}', which their ARNs name.`]]);
    expect(json('prove', template, '--region', 'eu-west-1').assumptions).toEqual([]);
  });

  test('such a policy decides a condition', () => {
    const template = denying(literal('aws'), { Conditions: { ...BY_PARTITION, China: { 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws-cn'] } } });
    expect([tls(template).verdict, json('prove', template).assumptions.length]).toEqual(['holds', 1]);
  });

  test('without ARNs of a partition, nothing is assumed', () => expect(json('prove', denying({})).assumptions).toEqual([]));

  test('a request is not decided, either', () => {
    const Statement = [{ Effect: { 'Fn::If': ['Std', 'Allow', 'Deny'] }, Action: 's3:*', Resource: '*' }];
    const Role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'app', AssumeRolePolicyDocument: {}, Policies: [{ PolicyName: 'data', PolicyDocument: { Version: '2012-10-17', Statement } }] } };
    const template = file({ Conditions: BY_PARTITION, Resources: { Data: BUCKET, Role } });
    const outcome = (...args: string[]) => json('explain', template, '--principal', 'Role', '--action', 's3:DeleteObject', '--resource', 'Data', '--key', 'a', ...args).decisions[0].outcome;
    expect([outcome(), outcome('--region', 'eu-west-1'), outcome('--region', 'cn-north-1')]).toEqual(['not-decided', 'allowed', 'denied']);
  });
});
