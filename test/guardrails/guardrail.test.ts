import { App, Aspects, CfnCondition, Duration, Fn, Lazy, Mixins, NestedStack, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AccessLogBucket, Guardrail, LimitPresignedUrlAge, RequireTls, RestrictToNetwork, RestrictToOrganization, SecureBucket } from '../../src';
import { PRODUCER, policyStatements, sids, synthesisErrors, testStack } from '../support/apps';

const TLS_SIDS = ['DenyInsecureTransport', 'DenyOutdatedTls'];

describe('a guardrail applies to', () => {
  test('an s3.Bucket, in the policy that the bucket writes anyway', () => {
    const stack = testStack();
    const bucket = new s3.Bucket(stack, 'Data');
    bucket.with(new RequireTls());
    bucket.addToResourcePolicy(new iam.PolicyStatement({ sid: 'Mine', principals: [new iam.AccountPrincipal('444455556666')], actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }));
    expect(sids(stack, 'DataPolicy')).toEqual([...TLS_SIDS, 'Mine']);
  });

  test('a CfnBucket without a policy, which later statements join', () => {
    const stack = testStack();
    const bucket = new s3.CfnBucket(stack, 'Data');
    bucket.with(new RequireTls());
    s3.Bucket.fromCfnBucket(bucket).addToResourcePolicy(
      new iam.PolicyStatement({ sid: 'Mine', principals: [new iam.AccountPrincipal('444455556666')], actions: ['s3:ListBucket'], resources: [bucket.attrArn] }),
    );
    expect(sids(stack)).toEqual([...TLS_SIDS, 'Mine']);
  });

  test('a CfnBucket whose policy is made by hand', () => {
    const stack = testStack();
    const bucket = new s3.CfnBucket(stack, 'Data');
    new s3.CfnBucketPolicy(stack, 'ByHand', { bucket: bucket.ref, policyDocument: { Statement: [{ Sid: 'Mine', Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource: bucket.attrArn }] } });
    bucket.with(new RequireTls());
    expect(sids(stack, 'ByHand')).toEqual(['Mine', ...TLS_SIDS]);
  });

  test('an s3.Bucket whose BucketPolicy is made by hand', () => {
    const stack = testStack();
    const bucket = new s3.Bucket(stack, 'Data');
    new s3.BucketPolicy(stack, 'ByHand', { bucket });
    bucket.with(new RequireTls());
    expect(sids(stack)).toEqual(TLS_SIDS);
  });

  test('the policy of a bucket that is known by name only', () => {
    const stack = testStack();
    const policy = new s3.CfnBucketPolicy(stack, 'ByHand', { bucket: 'legacy', policyDocument: { Statement: [] } });
    policy.with(new RequireTls());
    expect(policyStatements(stack)[0].Resource).toEqual(['', '/*'].map((suffix) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::legacy${suffix}`]] })));
  });

  test('a bucket and a policy that find each other by a literal name', () => {
    const stack = testStack();
    new s3.CfnBucketPolicy(stack, 'ByHand', { bucket: 'legacy', policyDocument: { Statement: [] } });
    new s3.CfnBucket(stack, 'Data', { bucketName: 'legacy' }).with(new RequireTls());
    expect(sids(stack)).toEqual(TLS_SIDS);
  });

  test('a bucket of an included template', () => {
    const stack = testStack();
    const included = new CfnInclude(stack, 'Legacy', { templateFile: `${__dirname}/legacy-bucket.json` });
    included.getResource('Data').with(new RequireTls());
    expect(sids(stack)).toEqual(['Mine', ...TLS_SIDS]);
  });

  test('every bucket of a scope, once each, whichever way they were made', () => {
    const stack = testStack();
    new s3.Bucket(stack, 'L2').addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.AccountPrincipal('444455556666')], actions: ['s3:ListBucket'], resources: ['*'] }));
    const l1 = new s3.CfnBucket(stack, 'L1');
    new s3.CfnBucketPolicy(stack, 'L1Policy', { bucket: l1.ref, policyDocument: { Statement: [] } });
    Mixins.of(stack).apply(new RequireTls());
    expect(sids(stack, 'L2')).toEqual([undefined, ...TLS_SIDS]);
    expect(sids(stack, 'L1')).toEqual(TLS_SIDS);
  });

  test('nothing but buckets and their policies', () => {
    const stack = testStack();
    const key = new kms.Key(stack, 'Key');
    key.with(new RequireTls());
    new RequireTls().applyTo(key);
    expect(new RequireTls().supports(key.node.defaultChild!)).toBe(false);
  });
});

describe('guardrails of one bucket', () => {
  test('the same object twice is one', () => {
    const stack = testStack();
    const tls = new RequireTls();
    const bucket = new s3.Bucket(stack, 'Data');
    bucket.with(tls);
    bucket.with(tls);
    expect(sids(stack)).toEqual(TLS_SIDS);
  });

  test('two of a kind are both enforced, under Sids of their own', () => {
    const stack = testStack();
    new s3.Bucket(stack, 'Data').with(new RequireTls(), new RequireTls({ minimumTLSVersion: 1.3 }));
    expect(sids(stack)).toEqual([...TLS_SIDS, 'DenyInsecureTransport2', 'DenyOutdatedTls2']);
  });

  test('are listed by the bucket, those which came later too', () => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Data', { presignedUrlMaxAge: Duration.hours(1), organization: { organizationIds: ['o-exampleorgid'] } });
    bucket.with(new RestrictToNetwork({ vpcIds: ['vpc-1a2b3c4d'] }));
    expect(bucket.guardrails.map(({ name }) => name)).toEqual(['RequireTls', 'RequireEncryption', 'RestrictToOrganization', 'LimitPresignedUrlAge', 'RestrictToNetwork']);
    expect(bucket.guardrails.every((guardrail) => guardrail instanceof Guardrail && guardrail.requirement.endsWith('.'))).toBe(true);
  });

  test('two requirements are never one statement', () => {
    const stack = testStack();
    new SecureBucket(stack, 'Data', { network: { vpcEndpointIds: ['vpce-1a2b3c4d'] }, organization: { organizationIds: ['o-exampleorgid'] } });
    const both = policyStatements(stack, 'DataPolicy').filter(({ Condition }) => /SourceVpce/.test(JSON.stringify(Condition)) && /OrgID/.test(JSON.stringify(Condition)));
    expect(both).toEqual([]);
  });
});

describe('synthesis fails when a guardrail is', () => {
  const weaken = (how: (policy: s3.CfnBucketPolicy, bucket: SecureBucket) => void) => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Data');
    how(bucket.policy!.node.defaultChild as s3.CfnBucketPolicy, bucket);
    return synthesisErrors(stack);
  };

  test('left alone: it does not', () => {
    expect(weaken(() => undefined)).toBe('');
  });

  test.each<[string, (policy: s3.CfnBucketPolicy, bucket: SecureBucket) => void]>([
    ['given one condition more', (policy) => policy.addPropertyOverride('PolicyDocument.Statement.0.Condition.StringEquals', { 'aws:PrincipalArn': 'x' })],
    ['turned into an Allow', (policy) => policy.addPropertyOverride('PolicyDocument.Statement.0.Effect', 'Allow')],
    ['deleted', (policy) => policy.addPropertyDeletionOverride('PolicyDocument.Statement.0')],
    ['replaced with the whole document', (policy) => (policy.policyDocument = new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:DeleteBucket'], resources: ['*'] })] }))],
    ['replaced with a document in JSON', (policy) => (policy.policyDocument = { Statement: [] })],
    ['taken out of the tree', (_, bucket) => bucket.node.tryRemoveChild('Policy')],
    ['removed by an aspect', (policy) => Aspects.of(policy).add({ visit: (node) => { (node as s3.CfnBucketPolicy).policyDocument = {}; } })],
  ])('%s', (_, how) => {
    expect(weaken(how)).toContain("'Stack/Data': the statement 'DenyInsecureTransport' of RequireTls is missing from the synthesized bucket policy, or was changed. Remove the override");
  });

  test('made conditional with its policy', () => {
    const errors = weaken((policy) => (policy.cfnOptions.condition = new CfnCondition(policy.stack, 'Sometimes', { expression: Fn.conditionEquals('a', 'b') })));
    expect(errors).toContain("'Stack/Data': its policy 'Stack/Data/Policy/Resource' is deployed under the condition 'Sometimes' only. Remove the condition");
  });

  test('overwritten by a second policy for the bucket', () => {
    const errors = weaken((policy) => new s3.CfnBucketPolicy(policy.stack, 'Second', { bucket: policy.bucket, policyDocument: { Statement: [] } }));
    expect(errors).toContain("'Stack/Data': the app writes 2 bucket policies ('Stack/Data/Policy/Resource', 'Stack/Second')");
  });

  test('overwritten by a policy of another stack', () => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Data');
    new s3.CfnBucketPolicy(new Stack(stack.node.root as App, 'Other', { env: PRODUCER }), 'Second', { bucket: bucket.bucketName, policyDocument: { Statement: [] } });
    expect(synthesisErrors(stack)).toContain("('Stack/Data/Policy/Resource', 'Other/Second')");
  });

  test('edited where it was applied to a plain bucket', () => {
    const stack = testStack();
    const bucket = new s3.CfnBucket(stack, 'Data');
    const policy = new s3.CfnBucketPolicy(stack, 'ByHand', { bucket: bucket.ref, policyDocument: { Statement: [] } });
    bucket.with(new RequireTls());
    policy.policyDocument = { Statement: [] };
    expect(synthesisErrors(stack)).toContain("'Stack/Data': the statement 'DenyInsecureTransport'");
  });

  test('an override elsewhere in the policy is nobody\'s business', () => {
    expect(weaken((policy) => policy.addPropertyOverride('PolicyDocument.Id', 'mine'))).toBe('');
  });

  test('nobody can edit its statements', () => {
    const bucket = new SecureBucket(testStack(), 'Data');
    const [statement] = (bucket.policy!.document as any).statements as iam.PolicyStatement[];
    expect(() => statement.addCondition('StringEquals', { 'aws:PrincipalArn': 'x' })).toThrow('can no longer be modified');
  });
});

describe('bucket policies over 20,480 bytes', () => {
  const grants = (count: number, bucket: s3.Bucket) => Array.from({ length: count }, (_, i) => bucket.addToResourcePolicy(
    new iam.PolicyStatement({ sid: `Consumer${i}`, principals: [new iam.ArnPrincipal(`arn:aws:iam::444455556666:role/Consumer${i}`)], actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] }),
  ));

  test('are refused with their size', () => {
    const stack = testStack();
    grants(150, new SecureBucket(stack, 'Data'));
    expect(synthesisErrors(stack)).toMatch(/'Stack\/Data': the bucket policy takes at least 2\d,\d{3} bytes, and S3 accepts 20,480\. Give consumers a SharedDatasetAccessPoint/);
  });

  test('below that they pass', () => {
    const stack = testStack();
    grants(80, new SecureBucket(stack, 'Data'));
    expect(synthesisErrors(stack)).toBe('');
  });

  test('one statement with very many principals is counted too', () => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Data');
    const principals = Array.from({ length: 500 }, (_, i) => new iam.ArnPrincipal(`arn:aws:iam::444455556666:role/Consumer${i}`));
    bucket.addToResourcePolicy(new iam.PolicyStatement({ principals, actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] }));
    expect(synthesisErrors(stack)).toContain('bytes, and S3 accepts 20,480');
  });
});

test('a bucket of a nested stack is guarded in its own template', () => {
  const stack = testStack();
  const nested = new NestedStack(stack, 'Nested');
  new s3.Bucket(nested, 'Data').with(new RequireTls());
  expect(sids(nested)).toEqual(TLS_SIDS);
});

test('buckets of several stacks are judged each with its own', () => {
  const app = new App();
  const stacks = ['A', 'B'].map((id) => new Stack(app, id));
  const [first] = stacks.map((stack) => new SecureBucket(stack, 'Data'));
  (first.policy!.node.defaultChild as s3.CfnBucketPolicy).addPropertyOverride('PolicyDocument.Statement.0.Effect', 'Allow');
  const errors = synthesisErrors(stacks[0]);
  expect(errors).toContain("'A/Data'");
  expect(errors).not.toContain("'B/Data'");
});

test('every guardrail of the public surface refuses nonsense at once', () => {
  expect(() => new RequireTls({ minimumTLSVersion: 1.1 })).toThrow("RequireTls: 'minimumTLSVersion' is 1.1. Use 1.2 or 1.3");
  expect(() => new RequireTls({ minimumTLSVersion: 1.4 })).toThrow('1.4');
  expect(() => new RestrictToNetwork({})).toThrow('the network perimeter has no members, so it would deny everyone');
  expect(() => new RestrictToOrganization({ organizationIds: [] })).toThrow('names no organization');
  expect(() => new LimitPresignedUrlAge({ maxAge: Duration.days(8) })).toThrow('limits nothing');
  expect(() => new LimitPresignedUrlAge({ maxAge: Duration.seconds(0) })).toThrow('denies every presigned URL');
  expect(() => new RestrictToNetwork({ vpcIds: ['vpc'], ipRanges: ['10.0.0.0/8'] })).toThrow(/RestrictToNetwork: 2 problems\.\n {2}1\. 'vpcIds': 'vpc' is not a VPC id.*\n {2}2\. .*is private/);
});

test('an age that is not known at synthesis is refused where it is applied, with the path of the bucket', () => {
  const later = new LimitPresignedUrlAge({ maxAge: Duration.minutes(Lazy.number({ produce: () => 3 })) });
  const stack = testStack();
  expect(() => new s3.Bucket(stack, 'Data').with(later)).toThrow(/^'Stack\/Data': 'LimitPresignedUrlAge': the maximum age is not known at synthesis/);
  expect(() => s3.Bucket.fromBucketName(stack, 'Imported', 'legacy').with(later)).toThrow(/^'Stack\/Imported': 'LimitPresignedUrlAge': the maximum age/);
});

test('an access log bucket lists its guardrails too', () => {
  expect(new AccessLogBucket(testStack(), 'Logs').guardrails.map(({ name }) => name)).toEqual(['RequireTls']);
});
