import { secureTemplates } from './secure-templates';
import { Inventory } from '../../src/access/inventory';
import { bucketGuarantees } from '../../src/checks/bucket-guarantees';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
import { StackTemplate } from '../../src/template/template';

const BUCKET = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } };
const TLS = { Sid: 'Tls', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::amzn-s3-demo-bucket', 'arn:aws:s3:::amzn-s3-demo-bucket/*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*' };

function stack(statements: readonly unknown[], others: object = {}, place: object = { account: '111122223333', region: 'eu-west-1' }): StackTemplate {
  const policy = { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: statements } } };
  return { name: 'Stack', template: { Resources: { Bucket: BUCKET, Policy: policy }, ...others }, ...place };
}

function findings(template: StackTemplate, rule: string): string[] {
  return judge(deploymentOf([template])).filter((finding) => finding.rule.id === rule).map(({ isDecided, problem }) => `${isDecided ? 'found' : 'not decided'}: ${problem}`);
}

function verdictsOf(template: StackTemplate, rule: string): string[] {
  const inventory = new Inventory(deploymentOf([template]));
  return inventory.allBuckets.flatMap((bucket) => bucketGuarantees(inventory, bucket)).filter((guarantee) => guarantee.rule.id === rule).map(({ verdict }) => verdict);
}

describe('a statement under a condition that is not known', () => {
  const Conditions = { HasReaders: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Readers' }, ''] }] } };
  const perhaps = (yes: unknown, no: unknown = { Ref: 'AWS::NoValue' }) => ({ 'Fn::If': ['HasReaders', yes, no] });

  test.each<[what: string, statements: readonly unknown[], verdict: string]>([
    ['that allows undoes no deny', [TLS, perhaps({ ...READ, Principal: { AWS: '444455556666' } })], 'holds'],
    ['that denies is not always there', [perhaps(TLS)], 'not-decided'],
    ['denies in both branches are always there', [perhaps({ ...TLS, Sid: 'One' }, { ...TLS, Sid: 'Other' })], 'holds'],
    ['no branch denies', [perhaps({ ...READ, Principal: { AWS: '444455556666' } })], 'broken'],
  ])('%s', (_, statements, verdict) => {
    expect(verdictsOf(stack(statements, { Conditions }), 'RequireTls')).toEqual([verdict]);
    expect(findings(stack(statements, { Conditions }), 'RequireTls').map((finding) => finding.split(':')[0])).toEqual(verdict === 'holds' ? [] : [verdict === 'broken' ? 'found' : 'not decided']);
  });

  test('that opens the bucket is not decided, and the condition is named', () => {
    expect(findings(stack([TLS, perhaps({ ...READ, Principal: '*' })], { Conditions }), 'PublicAllow'))
      .toEqual([expect.stringMatching(/^not decided: It depends on whether the condition 'HasReaders' of the stack 'Stack' holds(?: \(by [^)]*\))?, which is not known/)]);
  });
});

describe('an account that is not known', () => {
  const partner = (Principal: unknown) => [TLS, { ...READ, Principal }];

  test.each<[what: string, principal: unknown, parameters: object]>([
    ['in the ARN of its root user', { AWS: { 'Fn::Sub': 'arn:aws:iam::${Partner}:root' } }, {}],
    ['in the ARN of a role', { AWS: { 'Fn::Sub': 'arn:aws:iam::${Partner}:role/Reader' } }, {}],
    ['with a role that is not known', { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/${Partner}' } }, {}],
    ['that its pattern tells', { AWS: { Ref: 'Partner' } }, { AllowedPattern: '^\\d{12}$' }],
    ['that its values tell', { AWS: { Ref: 'Partner' } }, { AllowedValues: ['444455556666', '777788889999'] }],
  ])('is never everybody: %s', (_, principal, parameter) => {
    expect(findings(stack(partner(principal), { Parameters: { Partner: { Type: 'String', ...parameter } } }), 'PublicAllow')).toEqual([]);
  });

  test.each<[what: string, parameter: object]>([
    ['nothing is said of it', {}],
    ['its pattern takes anything', { AllowedPattern: '.*' }],
    ['its pattern takes all but spaces', { AllowedPattern: '[^ ]+' }],
    ['its pattern takes a wildcard among others', { AllowedPattern: '\\*|arn:.*' }],
    ['its pattern is none that can be read', { AllowedPattern: '(?!x)arn:.*' }],
    ['it is read from the parameter store', { Type: 'AWS::SSM::Parameter::Value<String>', AllowedPattern: '/[a-z]+' }],
    ['it has a least length alone', { MinLength: 1 }],
    ['one of its values is a wildcard', { AllowedValues: ['*', '444455556666'] }],
  ])('a whole principal may be everybody, if %s', (_, parameter) => {
    expect(findings(stack(partner({ AWS: { Ref: 'Partner' } }), { Parameters: { Partner: { Type: 'String', ...parameter } } }), 'PublicAllow')).toEqual([expect.stringContaining('not decided')]);
  });

  test.each<[what: string, principal: unknown, parameter: object]>([
    ['a role', { Ref: 'Partner' }, { AllowedPattern: '^arn:aws:iam::[0-9]{12}:role/[A-Za-z0-9_-]+$' }],
    ['any principal', { Ref: 'Partner' }, { AllowedPattern: 'arn:aws:iam::\\d{12}:.+' }],
    ['one of two roles', { Ref: 'Partner' }, { AllowedValues: ['arn:aws:iam::444455556666:role/A', 'arn:aws:iam::444455556666:role/B'] }],
    ['more than one character', { Ref: 'Partner' }, { MinLength: 2 }],
    ['roles in a list', { Ref: 'Partner' }, { Type: 'CommaDelimitedList', AllowedPattern: '^arn:.*' }],
  ])('a whole principal whose declaration excludes * is somebody, be it known who it is or not: %s', (_, AWS, parameter) => {
    expect(findings(stack(partner({ AWS }), { Parameters: { Partner: { Type: 'String', ...parameter } } }), 'PublicAllow')).toEqual([]);
  });

  test('may be the own one: whether a partner administers the bucket is not decided', () => {
    const administrator = { ...READ, Action: 's3:PutBucketPolicy', Resource: 'arn:aws:s3:::amzn-s3-demo-bucket', Principal: { AWS: 'arn:aws:iam::444455556666:root' } };
    expect(findings(stack([TLS, administrator]), 'OverbroadGrant')).toEqual([expect.stringContaining('found')]);
    expect(findings(stack([TLS, administrator], {}, {}), 'OverbroadGrant')).toEqual([expect.stringContaining('not decided')]);
  });

  test('a policy that names the bucket with a literal account may be about it', () => {
    const template = stack([{ ...TLS, Resource: ['arn:aws:s3:::logs-111122223333', 'arn:aws:s3:::logs-111122223333/*'] }], {}, {});
    const named = { ...template, template: { Resources: { ...template.template.Resources, Bucket: { ...BUCKET, Properties: { BucketName: { 'Fn::Sub': 'logs-${AWS::AccountId}' } } } } } };
    expect(findings(named, 'ArnForm')).toEqual([expect.stringContaining('not decided')]);
    expect(findings({ ...named, account: '111122223333' }, 'ArnForm')).toEqual([]);
    expect(findings({ ...named, account: '444455556666' }, 'ArnForm')).toEqual([expect.stringContaining('found')]);
  });
});

test('templates of which nobody knows the account are clean where they are with any', () => {
  const { producer } = secureTemplates();
  const { Resources } = JSON.parse(JSON.stringify(producer).replaceAll('dataset-111122223333', 'amzn-s3-demo-bucket'));
  const decided = judge(deploymentOf([{ name: 'Producer', region: 'us-east-1', template: { Resources } }])).filter(({ isDecided }) => isDecided);
  expect(decided.map(({ rule, resource }) => `${rule.id} ${resource.path}`)).toEqual([]);
});

describe('a pattern that a parameter fills in', () => {
  const outside = (operator: string, value: unknown) => ({
    ...TLS,
    Sid: 'Outside',
    Resource: ['arn:aws:s3:::amzn-s3-demo-bucket', 'arn:aws:s3:::amzn-s3-demo-bucket/*'],
    Condition: { [operator]: { 'aws:PrincipalOrgID': value }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
  });
  const perimeter = (operator: string, value: unknown, declaration: object) =>
    findings(stack([TLS, outside(operator, value)], { Parameters: { P: { Type: 'String', ...declaration } } }), 'OrganizationPerimeter').map((finding) => finding.split(':')[0]);

  test('is compared as a text where its declaration excludes wildcards', () => {
    const exact = perimeter('StringNotEquals', { Ref: 'P' }, {});
    expect(perimeter('StringNotLike', { Ref: 'P' }, {})).toEqual(['not decided']);
    expect(perimeter('StringNotLike', { Ref: 'P' }, { AllowedPattern: 'o-.*' })).toEqual(['not decided']);
    expect(perimeter('StringNotLike', { Ref: 'P' }, { AllowedPattern: '^o-[a-z0-9]{10,32}$' })).toEqual(exact);
    expect(exact).not.toContain('not decided');
  });

  test('is a pattern all the same where wildcards stand around it', () => {
    expect(perimeter('StringNotLike', { 'Fn::Sub': '${P}*' }, { AllowedPattern: '[a-z]*' })).toEqual(['not decided']);
  });
});
