import { AccessEvaluator, AccessOutcome } from '../../src';

const ROLE = 'arn:aws:iam::111122223333:role/Reader';
const OBJECT = 'arn:aws:s3:::dataset/report.csv';

function resources(statements: object[], role: object = {}): any {
  return {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'dataset' } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: statements } } },
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'Reader', AssumeRolePolicyDocument: { Statement: [] }, ...role } },
  };
}

function decide(template: any, request: object = {}) {
  const evaluator = AccessEvaluator._of([{ name: 'Stack', account: '111122223333', region: 'eu-west-1', template: { Resources: template } }]);
  return evaluator.decide({ principal: ROLE, action: 's3:GetObject', resource: OBJECT, ...request });
}

const READ = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::dataset/*' };
const LISTING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }] };
const ALL = [{ PolicyName: 'all', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } }];
const CANONICAL = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be';

describe('what is not decided says what it depends on', () => {
  test('an Allow to everybody, and session policies that do not allow', () => {
    const { outcome, decidedBy } = decide(resources([READ]), { sessionPolicies: [LISTING] });
    expect(outcome).toBe(AccessOutcome.NOT_DECIDED);
    expect(decidedBy?.reason).toMatch(/^The bucket policy allows s3:GetObject to everybody, the permissions boundary or the session policies of /);
    expect(decidedBy?.reason).toContain('do not, and AWS does not document');
  });

  test('an Allow to everybody, and a boundary that does not allow', () => {
    const template = { ...resources([READ], { PermissionsBoundary: { Ref: 'Boundary' } }), Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: LISTING } } };
    const { outcome, decidedBy } = decide(template);
    expect(outcome).toBe(AccessOutcome.NOT_DECIDED);
    expect(decidedBy?.remedy).toMatch(/^Allow s3:GetObject in the boundary/);
  });

  test.each([
    ['a deny for a canonical user', [{ ...READ, Effect: 'Deny', Principal: { CanonicalUser: CANONICAL } }], ALL],
    ['an allow to a canonical user', [{ ...READ, Principal: { CanonicalUser: CANONICAL } }], []],
  ])('%s', (_, statements, Policies) => {
    const { outcome, decidedBy } = decide(resources(statements, { Policies }));
    expect(outcome).toBe(AccessOutcome.NOT_DECIDED);
    expect(decidedBy?.reason).toContain('which account the canonical user 79a59df900b9… is, and the policy does not tell');
  });

  test('a NotPrincipal that lists a role and not its account', () => {
    const { outcome, decidedBy } = decide(resources([{ ...READ, Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: ROLE } }], { Policies: ALL }));
    expect(outcome).toBe(AccessOutcome.NOT_DECIDED);
    expect(decidedBy?.reason).toContain('does not document');
  });
});
