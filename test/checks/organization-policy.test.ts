import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

const DENY = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const { Principal, ...DENY_IN_SCP } = DENY;

const rcp = (...Statement: object[]) => policy('RESOURCE_CONTROL_POLICY', { Version: '2012-10-17', Statement });
const scp = (...Statement: object[]) => policy('SERVICE_CONTROL_POLICY', { Version: '2012-10-17', Statement });
const blockPublicAccess = (assigned: unknown) => policy('S3_POLICY', { s3_attributes: { public_access_block_configuration: { '@@assign': assigned } } });

function policy(Type: unknown, Content: unknown): object {
  return { Type: 'AWS::Organizations::Policy', Properties: { Name: 'Policy', Type, TargetIds: ['r-ab12'], Content } };
}

/** What the rule says of a policy: a line a finding. */
function said(...policies: object[]): string[] {
  const Resources = Object.fromEntries(policies.map((one, i) => [`Policy${i}`, one]));
  const Parameters = { Value: { Type: 'String' } };
  return judge(deploymentOf([{ name: 'Organization', account: '999988887777', region: 'us-east-1', template: { Parameters, Resources } }]))
    .filter(({ rule }) => rule.id === 'OrganizationPolicy').map(({ isDecided, problem }) => `${isDecided ? 'found' : 'not decided'}: ${problem}`);
}

test('policies that AWS Organizations takes are clean, as objects and as texts of JSON', () => {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [DENY] });
  expect(said(rcp(DENY), policy('RESOURCE_CONTROL_POLICY', text), scp(DENY_IN_SCP), scp({ Effect: 'Allow', Action: '*', Resource: '*' }), blockPublicAccess('all'), policy('TAG_POLICY', { tags: {} }))).toEqual([]);
});

describe('a resource control policy', () => {
  test.each<[string, object, RegExp]>([
    ['allows', { ...DENY, Effect: 'Allow' }, /deny alone/],
    ['lets everything through, as the one of AWS', { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }, /deny alone/],
    ['is for one principal', { ...DENY, Principal: { AWS: 'arn:aws:iam::111122223333:root' } }, /Principal of a resource control policy is '\*'/],
    ['has a NotPrincipal', { ...DENY_IN_SCP, NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' } }, /Principal of a resource control policy is '\*'/],
    ['names no principal', DENY_IN_SCP, /Principal of a resource control policy is '\*'/],
    ['has a NotAction', { Effect: 'Deny', Principal, NotAction: 's3:*', Resource: '*' }, /no NotAction/],
    ['names no service', { ...DENY, Action: '*' }, /names services/],
    ['names storage that it does not bind', { ...DENY, Action: ['s3:GetObject', 's3express:CreateSession', 'S3Tables:GetTable'] }, /do not bind s3express:CreateSession, S3Tables:GetTable\./i],
  ])('that %s is found, with the place', (_, statement, problem) => {
    const lines = said(rcp(DENY, statement));
    expect(lines).toEqual([expect.stringMatching(problem)]);
    expect(lines[0]).toMatch(/^found: Content\.Statement\[1\]: /);
    expect(said(policy('RESOURCE_CONTROL_POLICY', JSON.stringify({ Version: '2012-10-17', Statement: [DENY, statement] })))).toEqual(lines);
  });

  test('is told all its mistakes at once', () => {
    expect(said(rcp({ ...DENY, Effect: 'Allow' }, { ...DENY, Action: '*' }))).toHaveLength(2);
  });

  test('of which a part decides that is not known is not decided', () => {
    expect(said(rcp({ ...DENY, Action: { Ref: 'Value' } })).filter((line) => line.startsWith('found'))).toEqual([]);
    expect(said(rcp({ ...DENY, Principal: { AWS: { Ref: 'Value' } } }))).toContainEqual(expect.stringMatching(/^not decided.*Principal of a resource/));
    expect(said(policy({ Ref: 'Value' }, { Version: '2012-10-17', Statement: [] }))).toEqual([expect.stringMatching(/^not decided: .*type/)]);
  });
});

test('a service control policy has no principal, and what is no policy is none of either kind', () => {
  expect(said(scp(DENY))).toEqual([expect.stringMatching(/^found: Content\.Statement\[0\]: .*no Principal/)]);
  expect(said(policy('SERVICE_CONTROL_POLICY', 'no JSON'), policy('RESOURCE_CONTROL_POLICY', { Version: '2012-10-17', Statement: [{ ...DENY, Effect: 'deny' }] }))).toEqual([expect.stringMatching(/^found: Content/), expect.stringMatching(/^found: Content\.Statement/)]);
});

describe('a service control policy that denies what CloudFormation calls for buckets', () => {
  const denied = (more: object) => said(scp({ Effect: 'Deny', Action: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'], Resource: '*', ...more }));

  test('to everybody is found', () => {
    expect(denied({})).toEqual([expect.stringMatching(/^found: Content\.Statement\[0\]: it denies s3:PutBucketPolicy to everybody/)]);
    expect(denied({ Action: ['s3:Put*'] })).toEqual([expect.stringMatching(/s3:PutBucketPolicy, s3:PutBucketPublicAccessBlock, s3:PutEncryptionConfiguration/)]);
  });

  test('is clean where it spares roles, is about some buckets, or about what deployments do not call', () => {
    expect(denied({ Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:*:iam::*:role/cdk-*-cfn-exec-role-*' } } })).toEqual([]);
    expect(denied({ Resource: 'arn:aws:s3:::audit-*' })).toEqual([]);
    expect(denied({ Action: ['s3:PutAccountPublicAccessBlock', 's3:DeleteBucket'] })).toEqual([]);
    expect(denied({ Action: 's3:*' })).toEqual([]); // no buckets at all, on purpose
    expect(said(scp({ Effect: 'Allow', Action: 's3:*', Resource: '*' }))).toEqual([]);
  });
});

test('a network perimeter of KMS spares services that call for their callers', () => {
  const abroad = { StringNotEqualsIfExists: { 'aws:VpceOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } };
  const sparing = { ...abroad, BoolIfExists: { ...abroad.BoolIfExists, 'aws:ViaAWSService': 'false' } };
  expect(said(rcp({ ...DENY, Action: 'kms:*', Condition: abroad }))).toEqual([expect.stringMatching(/^found: Content\.Statement\[0\]: it denies KMS by network/)]);
  expect(said(rcp({ ...DENY, Action: ['sqs:*', 'kms:Decrypt'], Condition: abroad }))).toHaveLength(1);
  expect(said(rcp({ ...DENY, Action: 'kms:*', Condition: sparing }, { ...DENY, Action: 'kms:*' }))).toEqual([]);
  expect(said(rcp({ ...DENY, Action: 'kms:*', Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } }))).toEqual([]);
});

describe('the size', () => {
  const ofLength = (length: number, base: any): any => {
    const rest = length - JSON.stringify({ Version: '2012-10-17', Statement: [{ ...base, Sid: '' }] }).length;
    return { Version: '2012-10-17', Statement: [{ ...base, Sid: 'a'.repeat(rest) }] };
  };

  test.each<[string, number, object]>([['RESOURCE_CONTROL_POLICY', 5120, DENY], ['SERVICE_CONTROL_POLICY', 10240, DENY_IN_SCP]])('of a policy of the type %s is at most %d characters', (type, limit, base) => {
    expect(said(policy(type, ofLength(limit, base)))).toEqual([]);
    expect(said(policy(type, ofLength(limit + 1, base)))).toEqual([expect.stringMatching(`^found: Content: the policy has ${limit + 1} characters; .* at most ${limit} `)]);
    expect(said(policy(type, JSON.stringify(ofLength(limit, base))))).toEqual([]);
  });

  test('of a text that is too long by its white space alone is not decided', () => {
    expect(said(policy('RESOURCE_CONTROL_POLICY', JSON.stringify(ofLength(5120, DENY), null, 2)))).toEqual([expect.stringMatching(/^not decided: .*white space/)]);
  });

  test('is not decided where values are not known, unless the rest is too much', () => {
    const beside = (length: number) => ({ ...ofLength(length, DENY), Id: { Ref: 'Value' } });
    expect(said(policy('RESOURCE_CONTROL_POLICY', beside(1000)))).toEqual([expect.stringMatching(/^not decided: Whether the policy has at most 5120/)]);
    expect(said(policy('RESOURCE_CONTROL_POLICY', beside(5200)))).toEqual([expect.stringMatching(/^found: .* characters or more/)]);
  });
});

test('a policy for Block Public Access turns it on', () => {
  expect(said(blockPublicAccess('none'))).toEqual([expect.stringMatching(/^found: Content: "none" does not turn Block Public Access on/)]);
  expect(said(policy('S3_POLICY', JSON.stringify({ s3_attributes: { public_access_block_configuration: { '@@assign': 'none' } } })))).toHaveLength(1);
  expect(said(blockPublicAccess({ Ref: 'Value' })).filter((line) => line.startsWith('found'))).toEqual([]);
  expect(said(blockPublicAccess({ Ref: 'Value' }))).toContainEqual(expect.stringMatching(/^not decided: Whether the policy turns/));
});
