import { App, CfnCondition, CfnParameter, CfnResource, Fn, PolicyViolation, Stack, Validations } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessAssumptions, AccessExpectations, AccessPrincipal, RequireTls, RestrictToOrganization, SecureBucket } from '../../src';
import { PRODUCER } from '../support/apps';

const ORGANIZATION = 'o-exampleorgid';
const IN_ORGANIZATION = AccessAssumptions.fromJson({ accounts: { [PRODUCER.account]: { organizationId: ORGANIZATION } } });

interface Scene {
  readonly app: App;
  readonly stack: Stack;
  readonly bucket: SecureBucket;
  readonly role: iam.Role;
  readonly endpoint: ec2.GatewayVpcEndpoint;
}

function scene(props: { readonly organization?: boolean; readonly network?: boolean } = {}): Scene {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Stack', { env: PRODUCER });
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 1 });
  const endpoint = vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
  const bucket = new SecureBucket(stack, 'Data', {
    organization: props.organization ? { organizationIds: [ORGANIZATION] } : undefined,
    network: props.network ? { vpcEndpoints: [endpoint] } : undefined,
  } as any);
  const role = new iam.Role(stack, 'AppRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  return { app, stack, bucket, role, endpoint };
}

function violations(app: App, expectations: AccessExpectations): PolicyViolation[] {
  return [...expectations.validateScope(app).violations];
}

function rules(app: App, expectations: AccessExpectations): string[] {
  return violations(app, expectations).map(({ ruleName }) => ruleName);
}

describe('what somebody may do', () => {
  const { app, bucket, role, endpoint } = scene({ network: true });
  bucket.grantRead(role, 'data/*');

  test('passes where the role may read through the endpoint', () => {
    const expectations = new AccessExpectations();
    expectations.principal(AccessPrincipal.role(role)).may('s3:GetObject').on(bucket, 'data/*').through(endpoint);
    expect(violations(app, expectations)).toEqual([]);
  });

  test('names the layer and the statement that deny a read from elsewhere', () => {
    const expectations = new AccessExpectations();
    expectations.principal(AccessPrincipal.role(role)).may('s3:GetObject').on(bucket, 'data/*');
    const [violation] = violations(app, expectations);
    expect(violation.ruleName).toBe('AccessExpectations-May');
    expect(violation.severity).toBe('error');
    expect(violation.description).toMatch(/bucket-policy.*'DenyOutsideVpce'.*Stack\/Data\/Policy\/Resource/s);
    expect(violation.violatingResources).toEqual([expect.objectContaining({ constructPath: 'Stack/Data/Policy/Resource' })]);
  });

  test('names the policies of the role where they do not allow it', () => {
    const expectations = new AccessExpectations();
    expectations.principal(AccessPrincipal.role(role)).may('s3:PutObject').on(bucket, 'data/*').through(endpoint);
    expect(violations(app, expectations)[0].description).toContain('identity-policies');
  });

  test('looks at every key that policies tell apart', () => {
    const expectations = new AccessExpectations();
    expectations.principal(AccessPrincipal.role(role)).may('s3:GetObject').on(bucket).through(endpoint);
    expect(rules(app, expectations)).toEqual(['AccessExpectations-May']);
  });

  test('does not pass where it is not decided', () => {
    const expectations = new AccessExpectations();
    expectations.principal(AccessPrincipal.arn('arn:aws:iam::111122223333:role/Elsewhere')).may('s3:GetObject').on(bucket, 'data/*').through(endpoint);
    expect(rules(app, expectations)).toEqual(['AccessExpectations-May-NotDecided']);
  });

  test('does not pass where the expectation says too little', () => {
    const expectations = new AccessExpectations();
    expectations.principal(AccessPrincipal.role(role)).may('s3:GetObject');
    expectations.nobody().may();
    expect(rules(app, expectations)).toEqual(['AccessExpectations-Incomplete', 'AccessExpectations-Incomplete']);
  });

  test('does not pass for a key or an action that is empty, of which anything would be true', () => {
    const expectations = new AccessExpectations();
    expectations.principal(AccessPrincipal.role(role)).may('s3:GetObject').on(bucket, '').through(endpoint);
    expectations.nobody().may('s3:GetObject').on(bucket, 'data/*', '');
    expectations.nobody().may('').on(bucket);
    expect(rules(app, expectations)).toEqual(Array(3).fill('AccessExpectations-Incomplete'));
  });

  test('does not pass for a request that there cannot be', () => {
    const expectations = new AccessExpectations();
    expectations.principal(AccessPrincipal.role(role)).may('s3:Read').on(bucket);
    expect(violations(app, expectations)[0].description).toContain("no action 's3:Read'");
  });
});

describe('what nobody may do', () => {
  test('holds over HTTP for a SecureBucket, and is broken for a bucket without the deny', () => {
    const { app, stack, bucket } = scene();
    const plain = new s3.Bucket(stack, 'Plain');
    const holding = new AccessExpectations();
    holding.nobody().may().on(bucket).overHttp();
    const broken = new AccessExpectations();
    broken.nobody().may().on(plain).overHttp();
    expect(violations(app, holding)).toEqual([]);
    expect(violations(app, broken)[0].description).toMatch(/over plain HTTP.*No statement denies it/);
  });

  test('is decided beside statements that conditions add; where a condition decides it, it is not', () => {
    const optional = (statement: object) => Fn.conditionIf('HasReaders', statement, { Ref: 'AWS::NoValue' });
    const everything = { Principal: '*', Action: 's3:*', Resource: '*' };
    const denyHttp = { ...everything, Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    const allow = { ...everything, Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 's3:GetObject' };
    const judgedWith = (...Statement: unknown[]) => {
      const { app, stack } = scene();
      new CfnCondition(stack, 'HasReaders', { expression: Fn.conditionEquals(new CfnParameter(stack, 'Readers').valueAsString, 'yes') });
      const bucket = new s3.Bucket(stack, 'Plain');
      new s3.CfnBucketPolicy(stack, 'Statements', { bucket: bucket.bucketName, policyDocument: { Version: '2012-10-17', Statement } });
      const expectations = new AccessExpectations();
      expectations.nobody().may('s3:GetObject').on(bucket).overHttp();
      return rules(app, expectations);
    };
    expect(judgedWith(denyHttp, optional(allow))).toEqual([]);
    expect(judgedWith(optional(allow), allow)).toEqual(['AccessExpectations-Nobody']);
    expect(judgedWith(optional(denyHttp), allow)).toEqual(['AccessExpectations-Nobody-NotDecided']);
  });

  test('holds over HTTP for some actions, where only these are denied', () => {
    const { app, stack } = scene();
    const bucket = new s3.Bucket(stack, 'Plain');
    bucket.addToResourcePolicy(new iam.PolicyStatement({
      effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:DeleteObject'], resources: [bucket.arnForObjects('data/*')], conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    }));
    const expectations = new AccessExpectations();
    expectations.nobody().may('s3:DeleteObject').on(bucket, 'data/*').overHttp();
    expect(violations(app, expectations)).toEqual([]);
    expectations.nobody().may('s3:DeleteObject').on(bucket, 'logs/*').overHttp();
    expectations.nobody().may('s3:Delete*').on(bucket, 'data/*').overHttp();
    expectations.nobody().may('s3:GetObject').on(bucket, 'data/*').overHttp();
    expect(rules(app, expectations)).toEqual(['AccessExpectations-Nobody', 'AccessExpectations-Nobody', 'AccessExpectations-Nobody']);
  });

  test('no one outside the organization: holds with the guardrail, and while nobody else is allowed; not with a grant to another account', () => {
    const { app, stack } = scene();
    const open = new s3.Bucket(stack, 'Open');
    const closed = new s3.Bucket(stack, 'Closed');
    closed.with(new RestrictToOrganization({ organizationIds: [ORGANIZATION] }));
    [open, closed].forEach((bucket) => bucket.grantRead(new iam.AccountPrincipal('999988887777')));
    const silent = new s3.Bucket(stack, 'Silent');
    const expectations = new AccessExpectations({ assumptions: IN_ORGANIZATION });
    expectations.nobody().may().on(closed).on(silent).fromOutsideOrganization(ORGANIZATION);
    expect(violations(app, expectations)).toEqual([]);
    expectations.nobody().may('s3:GetObject').on(open).fromOutsideOrganization(ORGANIZATION);
    const [violation] = violations(app, expectations);
    expect(violation.description).toMatch(/999988887777.*Statement: PolicyDocument.Statement\[0\] of Stack\/Open\/Policy\/Resource/);
  });

  test('is not decided where access control lists are on', () => {
    const { app, stack } = scene();
    const bucket = new s3.Bucket(stack, 'Lists', { objectOwnership: s3.ObjectOwnership.OBJECT_WRITER });
    const expectations = new AccessExpectations();
    expectations.nobody().may().on(bucket).fromOutsideOrganization(ORGANIZATION);
    expect(rules(app, expectations)).toEqual(['AccessExpectations-Nobody-NotDecided']);
  });

  test('is not decided where a value is not known', () => {
    const { app, stack } = scene();
    const bucket = new s3.Bucket(stack, 'Parameter');
    const account = new CfnParameter(stack, 'Partner').valueAsString;
    bucket.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject'], resources: ['*'], conditions: { StringEquals: { 'aws:PrincipalAccount': account } } }));
    const expectations = new AccessExpectations();
    expectations.nobody().may('s3:GetObject').on(bucket).fromOutsideOrganization(ORGANIZATION);
    expect(rules(app, expectations)).toEqual(['AccessExpectations-Nobody-NotDecided']);
  });

  test('an id that AWS draws may be one that another deny spares', () => {
    const { app, stack } = scene();
    const detector = new CfnResource(stack, 'Detector', { type: 'AWS::GuardDuty::Detector', properties: { Enable: true } });
    const bucket = new s3.Bucket(stack, 'Spared');
    for (const tag of [detector.ref, '12abc34d567e8fa901bc2d34e56789f0']) {
      bucket.addToResourcePolicy(new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:*'],
        resources: ['*'],
        conditions: { Bool: { 'aws:SecureTransport': 'false' }, StringNotEquals: { 'aws:PrincipalTag/detector': tag } },
      }));
    }
    const expectations = new AccessExpectations();
    expectations.nobody().may('s3:GetObject').on(bucket).overHttp();
    expect(rules(app, expectations)).toEqual(['AccessExpectations-Nobody-NotDecided']);
  });
});

describe('what only some may do', () => {
  const { app, stack, role } = scene();
  const bucket = new s3.Bucket(stack, 'Site', { encryption: s3.BucketEncryption.S3_MANAGED });
  const distribution = new cloudfront.Distribution(stack, 'Distribution', { defaultBehavior: { origin: origins.S3BucketOrigin.withOriginAccessControl(bucket) } });
  const another = new cloudfront.Distribution(stack, 'Another', { defaultBehavior: { origin: new origins.HttpOrigin('www.example.com') } });

  test('only this distribution, its own account aside', () => {
    const expectations = new AccessExpectations();
    expectations.only(AccessPrincipal.distribution(distribution)).may('s3:GetObject').on(bucket).byOtherAccounts();
    expect(violations(app, expectations)).toEqual([]);
  });

  test('a distribution that is not named is somebody else', () => {
    const expectations = new AccessExpectations();
    expectations.only(AccessPrincipal.distribution(another)).may('s3:GetObject').on(bucket).byOtherAccounts();
    expect(rules(app, expectations)).toEqual(['AccessExpectations-Nobody']);
  });

  test('the account of the bucket may, as long as nothing denies it', () => {
    const expectations = new AccessExpectations();
    expectations.only(AccessPrincipal.distribution(distribution), AccessPrincipal.role(role)).may('s3:GetObject').on(bucket);
    expect(rules(app, expectations)).toEqual(['AccessExpectations-Nobody']);
  });

  test('the distribution may read, and may not write', () => {
    const expectations = new AccessExpectations();
    expectations.principal(AccessPrincipal.distribution(distribution)).may('s3:GetObject').on(bucket);
    expect(violations(app, expectations)).toEqual([]);
    expectations.principal(AccessPrincipal.distribution(distribution)).may('s3:PutObject').on(bucket);
    expect(violations(app, expectations)[0].description).toContain('bucket-policy');
  });
});

test('a broken expectation fails synthesis', () => {
  const { app, stack } = scene();
  const expectations = new AccessExpectations();
  expectations.nobody().may().on(new s3.Bucket(stack, 'Plain')).overHttp();
  Validations.of(app).addPlugins(expectations);
  const before = process.exitCode;
  let error: unknown;
  try {
    app.synth();
  } catch (thrown) {
    error = thrown;
  }
  const failed = error !== undefined || process.exitCode === 1;
  process.exitCode = before;
  expect(failed).toBe(true);
});

test('what holds passes synthesis', () => {
  const { app, stack } = scene();
  const bucket = new s3.Bucket(stack, 'Plain');
  bucket.with(new RequireTls());
  const expectations = new AccessExpectations();
  expectations.nobody().may().on(bucket).overHttp();
  Validations.of(app).addPlugins(expectations);
  expect(() => app.synth()).not.toThrow();
});

describe('what nobody may do depends on values that are not known before deployment', () => {
  const OTHER = '444455556666';
  const LITERAL = 'vpce-0123456789abcdef0';

  /** A stack that may be deployed anywhere. */
  function anywhere(statementsOf: (bucket: s3.Bucket, endpoint: ec2.GatewayVpcEndpoint) => iam.PolicyStatement[]) {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'Stack');
    const endpoint = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 1 }).addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    const bucket = new s3.Bucket(stack, 'Data', { bucketName: 'amzn-s3-demo-bucket', objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED });
    statementsOf(bucket, endpoint).forEach((statement) => bucket.addToResourcePolicy(statement));
    return { app, bucket };
  }

  const read = (bucket: s3.Bucket, props: iam.PolicyStatementProps) => new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')], ...props });

  test('the account: whoever is named may be of it', () => {
    const { app, bucket } = anywhere((of) => [read(of, { principals: [new iam.AccountPrincipal(OTHER)] })]);
    const expectations = new AccessExpectations();
    expectations.nobody().may('s3:GetObject').on(bucket).byOtherAccounts();
    const [violation] = violations(app, expectations);
    expect(violation.ruleName).toBe('AccessExpectations-Nobody-NotDecided');
    expect(violation.description).toMatch(/depends on the account of stacks that do not say theirs.*Unless it is 444455556666/);
    expect(violation.fix).toMatch(/environment\.account/);
  });

  test('the id of an endpoint: it may be the one that is allowed', () => {
    const { app, bucket } = anywhere((of, endpoint) => [
      new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:*'], resources: [of.bucketArn, of.arnForObjects('*')], conditions: { StringNotEquals: { 'aws:SourceVpce': endpoint.vpcEndpointId } } }),
      read(of, { principals: [new iam.AccountPrincipal(OTHER)], conditions: { StringEquals: { 'aws:SourceVpce': LITERAL } } }),
    ]);
    const expectations = new AccessExpectations({ assumptions: AccessAssumptions.fromJson({ environment: { account: PRODUCER.account, region: PRODUCER.region } }) });
    expectations.nobody().may('s3:GetObject').on(bucket).byOtherAccounts();
    expect(violations(app, expectations)).toEqual([expect.objectContaining({ ruleName: 'AccessExpectations-Nobody-NotDecided', description: expect.stringContaining(LITERAL) })]);
  });

  test('what no value can change is decided', () => {
    const { app, bucket } = anywhere((of) => [read(of, { principals: [new iam.AnyPrincipal()] })]);
    const broken = new AccessExpectations();
    broken.nobody().may('s3:GetObject').on(bucket).byOtherAccounts();
    expect(rules(app, broken)).toEqual(['AccessExpectations-Nobody']);
    const holding = new AccessExpectations();
    holding.nobody().may('s3:PutObject').on(bucket).byOtherAccounts();
    expect(rules(app, holding)).toEqual([]);
  });
});
