import { AccessOutcome } from '../../src/access/access-decision';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
import { ROLE } from '../access/random-scenes';
import { evaluatorOf } from '../access/scene';

/*
 * Elements of statements that are not known before deployment: parameters, imports and what else a template fills in. The rest of the policy
 * is judged all the same.
 */

const OWNER = '111122223333';
const BUCKET = 'arn:aws:s3:::amzn-s3-demo-bucket';
const PARTNER = 'arn:aws:iam::999988887777:root';
const TLS = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET, `${BUCKET}/*`], Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const READ = { Effect: 'Allow', Principal: { AWS: PARTNER }, Action: 's3:GetObject', Resource: `${BUCKET}/*` };
const P = { Ref: 'P' };
const L = { Ref: 'L' };

function templateOf(statements: unknown, resources: object = {}, parameter: object = {}) {
  const template: any = {
    Parameters: { P: { Type: 'String', ...parameter }, L: { Type: 'CommaDelimitedList' } },
    Conditions: { C: { 'Fn::Equals': [P, 'x'] } },
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: statements } } },
      ...resources,
    },
  };
  return { name: 'Stack', account: OWNER, region: 'eu-west-1', template };
}

/** What a rule says of a template: nothing, or each finding with whether it is decided. */
function said(id: string, template: ReturnType<typeof templateOf>): string[] {
  return judge(deploymentOf([template])).filter(({ rule }) => rule.id === id).map(({ isDecided, problem }) => `${isDecided ? 'finding' : 'not decided'}: ${problem}`);
}

const { Principal: _principal, ...READ_OF_NOBODY } = READ;
const OPEN: [what: string, statement: unknown][] = [
  ['Principal', { ...READ, Principal: P }],
  ['Principal, of a list', { ...READ, Principal: L }],
  ['Principal, by Fn::Sub', { ...READ, Principal: { 'Fn::Sub': '${P}' } }],
  ['Principal, from a map', { ...READ, Principal: { 'Fn::FindInMap': ['Map', P, 'reader'] } }],
  ['Principal, imported', { ...READ, Principal: { 'Fn::ImportValue': 'P' } }],
  ['AWS', { ...READ, Principal: { AWS: P } }],
  ['AWS, of a list', { ...READ, Principal: { AWS: L } }],
  ['AWS, one of several', { ...READ, Principal: { AWS: [PARTNER, P] } }],
  ['AWS, by Fn::Sub', { ...READ, Principal: { AWS: { 'Fn::Sub': '${P}' } } }],
  ['NotPrincipal', { ...READ_OF_NOBODY, NotPrincipal: P }],
  ['NotPrincipal AWS', { ...READ_OF_NOBODY, NotPrincipal: { AWS: P } }],
  ['Action', { ...READ, Principal: '*', Action: P }],
  ['Action, of a list', { ...READ, Principal: '*', Action: L }],
  ['Resource', { ...READ, Principal: '*', Resource: P }],
  ['Effect', { ...READ, Principal: '*', Effect: P }],
  ['Condition', { ...READ, Principal: '*', Condition: P }],
  ['the keys of an operator', { ...READ, Principal: '*', Condition: { StringEquals: P } }],
  ['a pattern of a condition', { ...READ, Principal: '*', Condition: { StringLike: { 'aws:PrincipalOrgID': P } } }],
  ['a condition that absence decides', { ...READ, Principal: '*', Condition: { Null: { 'aws:PrincipalOrgID': P } } }],
  ['the statement', P],
  ['the statement, imported', { 'Fn::ImportValue': 'P' }],
];

test.each(OPEN)('whether a statement is public is not decided where it depends on a value that is not known: %s', (_, statement) => {
  const template = templateOf([TLS, statement]);
  expect(said('PublicAllow', template)).toEqual([expect.stringMatching(/^not decided: .*(?:"[PL]"|\$\{P\}|<Stack: )/)]);
  expect(said('PolicySyntax', template)).toEqual([]);
});

test.each(OPEN)('a deny that is there denies, whatever another statement turns out to be: %s', (_, statement) => {
  expect(said('RequireTls', templateOf([TLS, statement]))).toEqual([]);
});

test.each(OPEN)('the policy of an access point, too: %s', (_, statement) => {
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] }).replaceAll(`${BUCKET}/*`, `arn:aws:s3:eu-west-1:${OWNER}:accesspoint/readers/object/*`);
  const AccessPoint = { Type: 'AWS::S3::AccessPoint', Properties: { Name: 'readers', Bucket: { Ref: 'Bucket' }, Policy: JSON.parse(document) } };
  expect(said('PublicAllow', templateOf([TLS], { AccessPoint })).filter((sentence) => sentence.startsWith('not decided'))).toHaveLength(1);
});

test('all statements at once, and a whole document', () => {
  expect(said('PublicAllow', templateOf(L))).toEqual([expect.stringMatching(/^not decided: .*"L"/)]);
  const template = templateOf([]);
  template.template.Resources.Policy.Properties.PolicyDocument = P;
  expect(said('PublicAllow', template)).toEqual([expect.stringMatching(/^not decided: .*"P/)]);
});

test.each<[what: string, statement: unknown]>([
  ['Principal', { Effect: 'Allow', Principal: P, Action: 'kms:Decrypt', Resource: '*' }],
  ['Effect', { Effect: P, Principal: '*', Action: 'kms:Decrypt', Resource: '*' }],
  ['the statement', P],
])("the policy of a bucket's key, too: %s", (_, statement) => {
  const encryption = { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } } }] };
  const resources = {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket', BucketEncryption: encryption } },
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [statement] } } },
  };
  expect(said('KeyPolicy', templateOf([TLS], resources))).toContainEqual(expect.stringMatching(/^not decided: .*anybody.*"P/));
  resources.Key.Properties.KeyPolicy = P as any;
  expect(said('KeyPolicy', templateOf([TLS], resources))).toEqual([expect.stringMatching(/^not decided: .*"P/)]);
});

test.each<[what: string, parameter: object, verdict: RegExp]>([
  ['any text', {}, /^$/],
  ['values among which is everybody', { AllowedValues: ['*', PARTNER] }, /^$/],
  ['no wildcards', { AllowedPattern: 'arn:aws:iam::[0-9]{12}:root' }, /'\*', or an object/],
  ['accounts', { AllowedValues: [OWNER, '999988887777'] }, /'\*', or an object/],
])('AWS accepts but one text as a whole Principal: a parameter that takes %s', (_, parameter, refusal) => {
  expect(said('PolicySyntax', templateOf([TLS, { ...READ, Principal: P }], {}, parameter)).join()).toMatch(refusal);
});

test.each<[what: string, attribute: string, resource: object]>([
  ['a custom resource', 'Reader', { Type: 'AWS::CloudFormation::CustomResource' }],
  ['a wait condition', 'Data', { Type: 'AWS::CloudFormation::WaitCondition' }],
  ['a parameter', 'Value', { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: '*' } }],
])('what somebody writes to %s may be everybody', (_, attribute, Source) => {
  const reader = { 'Fn::GetAtt': ['Source', attribute] };
  for (const Principal of [reader, { AWS: reader }]) {
    const template = templateOf([TLS, { ...READ, Principal }], { Source });
    expect(said('PolicySyntax', template)).toEqual([]);
    expect(said('PublicAllow', template)).toEqual([expect.stringMatching(/^not decided: .*Source/)]);
  }
});

test('what IAM refuses whatever ids AWS draws is refused, in words for people', () => {
  const template = templateOf([TLS, { ...READ, Principal: { Ref: 'Reader' } }], { Reader: { Type: 'AWS::IAM::Role' } });
  expect(said('PolicySyntax', template)).toEqual([expect.stringMatching(/^finding: .*Principal: "Stack-Reader" is no principal/)]);
});

test('a policy that is no document, and a behavior without a protocol, are told in words for people', () => {
  const template = {
    ...templateOf([TLS]),
    template: {
      Resources: {
        Data: { Type: 'AWS::S3::Bucket' },
        Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Data' }, PolicyDocument: 5 } },
        Site: { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig: { DefaultCacheBehavior: {} } } },
      },
    },
  };
  expect(said('PolicySyntax', template)).toEqual([expect.stringMatching(/PolicyDocument: 5 is no object/)]);
  expect(said('DistributionTls', template)).toContainEqual(expect.stringMatching(/The behavior for '\*' serves viewers over plain HTTP\./));
});

test('an effect that is one of the two is not refused', () => {
  const statement = { ...READ, Sid: 'Once', Principal: '*', Effect: P };
  const template = templateOf([TLS, statement], {}, { AllowedValues: ['Allow', 'Deny'] });
  expect([said('PolicySyntax', template), said('PublicAllow', template).length]).toEqual([[], 1]);
});

function decide(appRole: unknown, bucketPolicy: readonly unknown[] = [TLS]) {
  const request = { principal: ROLE, action: 's3:GetObject', resource: `${BUCKET}/data/1`, context: { 'aws:SecureTransport': 'true' } };
  return evaluatorOf({ appRole: [appRole as object], bucketPolicy: bucketPolicy as object[] }).decide(request);
}

test.each<[what: string, statement: unknown]>([
  ['Effect', { Effect: P, Action: 's3:GetObject', Resource: '*' }],
  ['Condition', { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', Condition: P }],
  ['Action', { Effect: 'Allow', Action: L, Resource: '*' }],
  ['the statement', P],
])('whether a role may read is not decided, and the parameter is named: %s', (_, statement) => {
  const { outcome, decidedBy } = decide(statement);
  expect(outcome).toBe(AccessOutcome.NOT_DECIDED);
  expect(decidedBy!.reason).toMatch(/the parameter '[PL]' of the stack 'Owner'/);
});

test('a deny that applies decides, whatever another statement turns out to be', () => {
  const deny = { ...TLS, Condition: { StringEquals: { 'aws:SecureTransport': 'true' } } };
  expect(decide(P, [deny, P]).outcome).toBe(AccessOutcome.DENIED);
});
