import { AccessAssumptions } from '../../src/access/assumptions';
import { Model } from '../../src/access/model';
import { bucketGuarantees } from '../../src/checks/bucket-guarantees';
import { StackTemplate } from '../../src/template/template';

const BUCKET = 'arn:aws:s3:::amzn-s3-demo-bucket';
const ALL = { Action: 's3:*', Resource: [BUCKET, `${BUCKET}/*`] };
const ENDPOINT = 'vpce-0123456789abcdef0';
const allow = { ...ALL, Effect: 'Allow', Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } };
const deny = (Condition: object) => ({ ...ALL, Effect: 'Deny', Principal: '*', Condition });
const outside = (others: object) => deny({ StringNotEquals: { 'aws:SourceVpce': ENDPOINT }, ...others });
const sub = (text: string) => ({ 'Fn::Sub': text });

const named = (Resources: object, template: object = {}, name = 'Stack'): StackTemplate => ({ name, account: '111122223333', region: 'eu-west-1', template: { Resources, ...template } as any });
const policy = (Statement: unknown, others: object = {}) => ({ Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'amzn-s3-demo-bucket', PolicyDocument: { Version: '2012-10-17', Statement } }, ...others });
const Bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } };

function verdicts(rule: string, ...stacks: StackTemplate[]): string[] {
  const { inventory } = new Model(stacks, AccessAssumptions.fromJson({}));
  return bucketGuarantees(inventory, inventory.allBuckets[0]).filter((guarantee) => guarantee.rule.id === rule).map((guarantee) => guarantee.verdict);
}

function verdict(rule: string, statements: unknown, declaration: object = {}): string {
  const [only, ...others] = verdicts(rule, named({ Bucket, Policy: policy(statements) }, { Parameters: { P: { Type: 'String', ...declaration }, Q: { Type: 'String' } }, Conditions: { Q: { 'Fn::Equals': [{ Ref: 'Q' }, 'yes'] } } }));
  expect(others).toEqual([]);
  return only;
}

const ROLE = { ArnNotLike: { 'aws:PrincipalArn': sub('arn:aws:iam::111122223333:role/${P}') } };

describe('an exemption by a pattern with a parameter in it, which may match everything, is not decided', () => {
  test.each<[string, string, object]>([
    ['a role', 'NetworkPerimeter', outside(ROLE)],
    ['a role whose name begins so', 'NetworkPerimeter', outside({ ArnNotLike: { 'aws:PrincipalArn': sub('arn:aws:iam::111122223333:role/${P}*') } })],
    ['what may be a role or the root user', 'NetworkPerimeter', outside({ ArnNotEquals: { 'aws:PrincipalArn': sub('arn:aws:iam::111122223333:${P}') } })],
    ['a role of an account', 'NetworkPerimeter', outside({ ArnNotLike: { 'aws:PrincipalArn': sub('arn:aws:iam::${P}:role/Admin') } })],
    ['a role of an account, in an organization perimeter', 'OrganizationPerimeter', deny({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, ArnNotLike: { 'aws:PrincipalArn': sub('arn:aws:iam::${P}:role/Admin') } })],
    ['paths of an organization', 'OrganizationPerimeter', deny({ 'ForAllValues:StringNotLike': { 'aws:PrincipalOrgPaths': sub('${P}/*') } })],
    ['VPCs of an account', 'NetworkPerimeter', deny({ ArnNotLike: { 'aws:SourceVpcArn': sub('arn:aws:ec2:*:${P}:vpc/*') } })],
  ])('%s', (_, rule, statement) => {
    expect(verdict(rule, [allow, statement])).toBe('not-decided');
  });

  test('nor is a grant to paths of an organization', () => {
    const paths = { ...ALL, Effect: 'Allow', Principal: '*', Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': sub('${P}/*') } } };
    expect(verdict('PublicAllow', [paths])).toBe('not-decided');
    expect(verdict('PublicAllow', [paths], { AllowedPattern: 'o-[a-z0-9]{10,32}' })).toBe('holds');
  });

  test('but where its declaration excludes wildcards, it is', () => {
    expect(verdict('NetworkPerimeter', [allow, outside(ROLE)], { AllowedPattern: '[A-Za-z]+' })).toBe('holds');
    expect(verdict('NetworkPerimeter', [allow, outside(ROLE)], { AllowedPattern: '[A-Za-z*]+' })).toBe('not-decided');
    expect(verdict('NetworkPerimeter', [allow, outside(ROLE)], { AllowedValues: ['Admin', '*'] })).toBe('not-decided');
  });

  test('where another deny stops whoever is exempt, it does not matter who that is', () => {
    expect(verdict('NetworkPerimeter', [allow, outside(ROLE), outside({})])).toBe('holds');
    expect(verdict('NetworkPerimeter', [allow, outside({ ArnNotLike: { 'aws:PrincipalArn': { Ref: 'P' } } }), outside({})])).toBe('holds');
    expect(verdict('NetworkPerimeter', [allow, outside(ROLE), deny({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Admin' } })])).toBe('not-decided');
  });

  test('a text is compared as it is', () => {
    expect(verdict('NetworkPerimeter', [allow, deny({ StringNotEquals: { 'aws:SourceVpce': { Ref: 'P' } } })])).toBe('holds');
  });
});

describe('what a policy is meant for in one branch alone is not decided', () => {
  const either = (yes: unknown, no: unknown) => ({ 'Fn::If': ['Q', yes, no] });

  test.each<[string, unknown]>([
    ['a perimeter', either(outside({}), { Ref: 'AWS::NoValue' })],
    ['another exemption', outside({ ArnNotLike: { 'aws:PrincipalArn': either('arn:aws:iam::111122223333:role/Admin', 'arn:aws:iam::111122223333:role/*') } })],
    ['another network', deny({ StringNotEquals: { 'aws:SourceVpce': either(ENDPOINT, 'vpce-0123456789abcdef1') }, ArnNotLike: { 'aws:PrincipalArn': either('arn:aws:iam::111122223333:role/A', 'arn:aws:iam::111122223333:role/B') } })],
  ])('%s', (_, statement) => {
    expect(verdict('NetworkPerimeter', [allow, statement])).toBe('not-decided');
  });

  test('what is in both branches is', () => {
    expect(verdict('NetworkPerimeter', [allow, either(outside({}), { ...outside({}), Sid: 'Other' })])).toBe('holds');
  });
});

describe('a nested stack under a condition', () => {
  const tls = deny({ Bool: { 'aws:SecureTransport': 'false' } });
  const conditions = (value: unknown) => ({ Parameters: { Q: { Type: 'String' } }, Conditions: { Q: { 'Fn::Equals': [value, 'yes'] } } });
  const nested = { Type: 'AWS::CloudFormation::Stack', Condition: 'Q', Properties: {} };
  const child = (Resources: object, stack: string, logicalId: string): StackTemplate => ({ ...named(Resources, {}, `${stack}-${logicalId}`), nestedIn: { stack, logicalId } });

  test.each<[string, unknown, string]>([
    ['that is not known', { Ref: 'Q' }, 'not-decided'],
    ['that holds', 'yes', 'holds'],
    ['that does not hold', 'no', 'broken'],
  ])('guards a bucket of its parent where it is deployed: a condition %s', (_, value, expected) => {
    const parent = named({ Bucket, Allow: policy([allow], { Type: 'AWS::S3::Unheard' }), Nested: nested }, conditions(value));
    const access = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'Reader' } };
    expect(verdicts('RequireTls', parent, child({ Policy: policy([allow, tls]), access }, 'Stack', 'Nested'))).toEqual([value === 'no' ? 'broken' : expected]);
  });

  test('at any depth', () => {
    const parent = named({ Bucket, Nested: nested }, conditions({ Ref: 'Q' }));
    const between = child({ Inner: { Type: 'AWS::CloudFormation::Stack', Properties: {} } }, 'Stack', 'Nested');
    expect(verdicts('RequireTls', parent, between, child({ Policy: policy([allow, tls]) }, 'Stack-Nested', 'Inner'))).toEqual(['not-decided']);
  });

  test('guards a bucket of its own', () => {
    const parent = named({ Nested: nested }, conditions({ Ref: 'Q' }));
    expect(verdicts('RequireTls', parent, child({ Bucket, Policy: policy([allow, tls]) }, 'Stack', 'Nested'))).toEqual(['holds']);
  });
});
