import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, AppProps, CfnParameter, Fn, NestedStack, PolicyViolation, Stack, Stage, Validations } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { CheckLevel, FindingSeverity, SecureBucket, SecureBucketChecks } from '../../src';
import { PRODUCER } from '../support/apps';

const ENDPOINT = 'vpce-0abc123def4567890';

function newApp(props: AppProps = {}): App {
  return new App({ analyticsReporting: false, ...props });
}

function violations(app: App, scope: App | Stack | s3.Bucket = app): PolicyViolation[] {
  return [...new SecureBucketChecks(app).validateScope(scope).violations];
}

/** Rule and construct path of everything that is found. */
function found(app: App, scope?: Stack | s3.Bucket): string[] {
  return violations(app, scope).map(({ ruleName, violatingResources }) => `${ruleName} ${violatingResources.map(({ constructPath }: any) => constructPath)}`);
}

function denyHttp(arn: string): any {
  return { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [arn, `${arn}/*`], Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
}

const INCLUDED = {
  Resources: {
    Data: { Type: 'AWS::S3::Bucket', Properties: {} },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Data' }, PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: { 'Fn::Sub': '${Data.Arn}/*' } }] } },
    },
  },
};

/** Ways in which a bucket gets into an app, each with the paths of bucket and policy. */
const SHAPES: [shape: string, build: (app: App) => void, bucket: string, policy: string][] = [
  ['an L2', (app) => {
    new s3.Bucket(new Stack(app, 'Stack', { env: PRODUCER }), 'Data').addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject'], resources: ['*'] }));
  }, 'Stack/Data/Resource', 'Stack/Data/Policy/Resource'],
  ['an L1', (app) => {
    const stack = new Stack(app, 'Stack');
    const bucket = new s3.CfnBucket(stack, 'Data');
    new s3.CfnBucketPolicy(stack, 'Policy', { bucket: bucket.ref, policyDocument: { Statement: { Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:*', Resource: `${bucket.attrArn}/*` } } });
  }, 'Stack/Data', 'Stack/Policy'],
  ['a template', (app) => {
    const folder = mkdtempSync(join(tmpdir(), 'included-'));
    writeFileSync(join(folder, 'template.json'), JSON.stringify(INCLUDED));
    new CfnInclude(new Stack(app, 'Stack'), 'Included', { templateFile: join(folder, 'template.json') });
    rmSync(folder, { recursive: true });
  }, 'Stack/Included/Data', 'Stack/Included/Policy'],
  ['a nested stack', (app) => {
    new s3.Bucket(new NestedStack(new Stack(app, 'Stack'), 'Nested'), 'Data').grantPublicAccess();
  }, 'Stack/Nested/Data/Resource', 'Stack/Nested/Data/Policy/Resource'],
  ['a stage', (app) => {
    new s3.Bucket(new Stack(new Stage(app, 'Prod'), 'Stack'), 'Data').grantPublicAccess();
  }, 'Prod/Stack/Data/Resource', 'Prod/Stack/Data/Policy/Resource'],
  ['two stacks, by reference', (app) => {
    const bucket = new s3.CfnBucket(new Stack(app, 'Buckets'), 'Data');
    new s3.CfnBucketPolicy(new Stack(app, 'Policies'), 'Policy', { bucket: bucket.ref, policyDocument: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${bucket.attrArn}/*` }] } });
  }, 'Buckets/Data', 'Policies/Policy'],
  ['two stacks, by name', (app) => {
    new s3.CfnBucket(new Stack(app, 'Buckets', { env: PRODUCER }), 'Data', { bucketName: `data-${PRODUCER.account}` });
    const name = Fn.join('-', ['data', Fn.sub('${AWS::AccountId}')]);
    new s3.CfnBucketPolicy(new Stack(app, 'Policies', { env: PRODUCER }), 'Policy', {
      bucket: name, policyDocument: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: Fn.sub('arn:aws:s3:::data-${AWS::AccountId}/*') }] },
    });
  }, 'Buckets/Data', 'Policies/Policy'],
];

describe.each(SHAPES)('a bucket that is open to everyone: %s', (_, build, bucket, policy) => {
  const app = newApp();
  build(app);
  const all = violations(app);
  const of = (rule: string) => all.find(({ ruleName }) => ruleName === `SecureBucket-${rule}`)!;

  test('is found, at the bucket and at its policy', () => {
    const lines = all.map(({ ruleName, violatingResources }) => `${ruleName} ${(violatingResources[0] as any).constructPath}`);
    expect(lines).toEqual(expect.arrayContaining([`SecureBucket-Versioning ${bucket}`, `SecureBucket-PublicAllow ${policy}`, `SecureBucket-RequireTls ${policy}`]));
    expect(all.filter(({ severity }) => severity !== 'error')).toEqual([]);
  });

  test('says what, where, which request, and what to do', () => {
    const { description, fix, ruleMetadata } = of('RequireTls');
    expect(description).toMatch(/^Violated: requests over plain HTTP must be denied\. Where: .* \(\w+\)\. Proof: .* calls s3:\w+ on arn:.* over plain HTTP/);
    expect(description).toContain(`${policy} (${ruleMetadata!.logicalId})`);
    expect(fix).toMatch(/^Deny 's3:\*'/);
    expect(ruleMetadata!.page).toMatch(/\/docs\/rules\/RequireTls\.md$/);
  });
});

describe('where nothing is wrong, nothing is found', () => {
  test.each<[place: string, build: (app: App) => Stack]>([
    ['a stack', (app) => new Stack(app, 'Stack', { env: PRODUCER })],
    ['a stack of any account', (app) => new Stack(app, 'Stack')],
    ['a nested stack', (app) => new NestedStack(new Stack(app, 'Stack'), 'Nested')],
    ['a stage', (app) => new Stack(new Stage(app, 'Prod'), 'Stack')],
    ['China', (app) => new Stack(app, 'Stack', { env: { account: PRODUCER.account, region: 'cn-north-1' } })],
    ['GovCloud', (app) => new Stack(app, 'Stack', { env: { account: PRODUCER.account, region: 'us-gov-west-1' } })],
  ])('a SecureBucket in %s', (_, build) => {
    const app = newApp();
    new SecureBucket(build(app), 'Data', { network: { vpcEndpointIds: [ENDPOINT] }, organization: { organizationIds: ['o-exampleorgid'] } }).grantRead(new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Reader'));
    expect(violations(app).filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(found(app).filter((line) => !/KeyPolicy-NotDecided/.test(line))).toEqual([]); // the reader may be of the stack's account, if that is not known
  });
});

test("a bucket inside somebody else's construct is found", () => {
  const app = newApp();
  new cloudtrail.Trail(new Stack(app, 'Stack', { env: PRODUCER }), 'Trail');
  expect(found(app)).toEqual(expect.arrayContaining(['SecureBucket-Versioning Stack/Trail/S3/Resource', 'SecureBucket-DefaultEncryption Stack/Trail/S3/Resource']));
});

describe('what the template does not tell is not decided', () => {
  const app = newApp();
  const stack = new Stack(app, 'Stack', { env: PRODUCER });
  const bucket = new s3.CfnBucket(stack, 'Data', { versioningConfiguration: { status: new CfnParameter(stack, 'Status').valueAsString } });
  new s3.CfnBucketPolicy(stack, 'Policy', {
    bucket: bucket.ref,
    policyDocument: { Version: '2012-10-17', Statement: [{ ...denyHttp(bucket.attrArn), Condition: { Bool: { 'aws:SecureTransport': new CfnParameter(stack, 'Transport').valueAsString } } }] },
  });
  const report = new SecureBucketChecks(app).validateScope(app);

  test.each(['Versioning', 'RequireTls'])('%s is a warning', (rule) => {
    const mentioned = report.violations.filter(({ ruleName }) => ruleName.startsWith(`SecureBucket-${rule}`));
    expect(mentioned.map(({ ruleName, severity }) => [ruleName, severity])).toEqual([[`SecureBucket-${rule}-NotDecided`, 'warning']]);
  });

  test('defaults that were assumed are said once', () => {
    const withDefault = newApp();
    const place = new Stack(withDefault, 'Stack', { env: PRODUCER });
    const status = new CfnParameter(place, 'Status', { default: 'Enabled' }).valueAsString;
    ['One', 'Two'].forEach((id) => new s3.CfnBucket(place, id, { versioningConfiguration: { status } }));
    expect(new SecureBucketChecks(withDefault).validateScope(withDefault).metadata).toEqual({ Assumed: "The parameter 'Status' of Stack has its default 'Enabled'." });
    expect(report.metadata).toBeUndefined();
  });

  test('warnings alone do not fail', () => {
    const clean = newApp();
    const place = new Stack(clean, 'Stack', { env: PRODUCER });
    const secure = new SecureBucket(place, 'Data');
    secure.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ArnPrincipal(new CfnParameter(place, 'Reader').valueAsString)], actions: ['s3:GetObject'], resources: [secure.arnForObjects('*')] }));
    const { success, violations: warnings } = new SecureBucketChecks(clean).validateScope(clean);
    expect(warnings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(success).toBe(true);
  });
});

describe('acknowledgements and scopes', () => {
  const app = newApp();
  const stack = new Stack(app, 'Stack', { env: PRODUCER });
  const [acknowledged, other] = ['Acknowledged', 'Other'].map((id) => new s3.Bucket(stack, id, { enforceSSL: true }));
  Validations.of(acknowledged).acknowledge({ id: 'SecureBucket-Versioning', reason: 'Holds what can be made again.' });

  test('a rule is silent where it was acknowledged, and nowhere else', () => {
    expect(found(app).filter((line) => line.includes('Versioning'))).toEqual(['SecureBucket-Versioning Stack/Other/Resource']);
    expect(found(app).filter((line) => line.includes('DeletionPolicy'))).toEqual([]);
    expect(found(app)).toContain('SecureBucket-AccessLogs Stack/Acknowledged/Resource');
  });

  test('a scope is told what is below it', () => {
    expect(found(app, other).length).toBeGreaterThan(0);
    expect(found(app, other).filter((line) => !line.includes(' Stack/Other/'))).toEqual([]);
  });
});

/** Older versions of the CDK set the exit code, newer ones throw. */
function fails(synthesize: () => void): boolean {
  try {
    synthesize();
    return process.exitCode === 1;
  } catch {
    return true;
  }
}

describe('as a validation plugin', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'plugin-'));
  const { exitCode } = process;
  let failed: boolean;

  beforeAll(() => {
    jest.spyOn(console, 'error').mockImplementation();
    const app = newApp({ outdir });
    new s3.Bucket(new Stack(app, 'Stack', { env: PRODUCER }), 'Data');
    Validations.of(app).addPlugins(new SecureBucketChecks(app, { verbose: true }));
    failed = fails(() => app.synth());
  });
  afterAll(() => {
    jest.restoreAllMocks();
    process.exitCode = exitCode;
    rmSync(outdir, { recursive: true });
  });

  test('findings fail synthesis, and are in validation-report.json', () => {
    const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    const [{ pluginName, conclusion, violations: reported }] = pluginReports;
    expect(failed).toBe(true);
    expect([pluginName, conclusion]).toEqual(['SecureBucketChecks', 'failure']);
    expect(reported.map(({ ruleName }: any) => ruleName)).toEqual(expect.arrayContaining(['SecureBucket-RequireTls', 'SecureBucket-DefaultEncryption', 'SecureBucket-BlockPublicAccess']));
  });

  test('verbose findings say why', () => {
    const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    expect(pluginReports[0].violations.filter(({ description }: any) => !description.includes('https://'))).toEqual([]);
  });
});

describe('levels', () => {
  const app = newApp();
  const stack = new Stack(app, 'Stack', { env: PRODUCER });
  new cloudtrail.CfnTrail(stack, 'Trail', { isLogging: true, s3BucketName: 'amzn-s3-demo-logs' });
  const isFound = (levels?: CheckLevel[]) => new SecureBucketChecks(app, { levels }).validateScope(app).violations.some(({ ruleName }) => ruleName === 'SecureBucket-TrailValidation');

  test('the rules of a level are asked only where it is turned on', () => expect([undefined, [], [CheckLevel.AUDIT]].map(isFound)).toEqual([false, false, true]));

  test.each<[string, unknown]>([['a level that does not exist', ['audits']], ['a level that is in no list', 'audit']])('%s is refused', (_, levels) => {
    expect(() => new SecureBucketChecks(undefined, { levels: levels as CheckLevel[] })).toThrow(/^SecureBucketChecks: 'levels/);
  });
});

describe('failOn', () => {
  test('that is no severity is refused: a gate does not open by a mistake', () => {
    expect(() => new SecureBucketChecks(undefined, { failOn: 'high-ish' as FindingSeverity })).toThrow(/^SecureBucketChecks: 'failOn': .*one of/);
  });

  const app = newApp();
  new s3.CfnBucket(new Stack(app, 'Stack'), 'Data', { bucketEncryption: { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms' } }] } });
  const severities = (failOn?: FindingSeverity) => Object.fromEntries(new SecureBucketChecks(app, { failOn }).validateScope(app).violations
    .filter(({ ruleName }) => ['DeletionPolicy', 'Versioning', 'BucketKey'].some((id) => ruleName === `SecureBucket-${id}`))
    .map(({ ruleName, severity }) => [ruleName.replace('SecureBucket-', ''), severity]));

  test.each([
    [undefined, { DeletionPolicy: 'error', Versioning: 'error', BucketKey: 'error' }],
    [FindingSeverity.LOW, { DeletionPolicy: 'error', Versioning: 'error', BucketKey: 'error' }],
    [FindingSeverity.MEDIUM, { DeletionPolicy: 'error', Versioning: 'error', BucketKey: 'warning' }],
    [FindingSeverity.HIGH, { DeletionPolicy: 'error', Versioning: 'warning', BucketKey: 'warning' }],
  ])('%s: what is less severe is a warning', (failOn, expected) => {
    expect(severities(failOn)).toEqual(expected);
  });

  test('an app whose findings are all less severe passes', () => {
    const retained = newApp();
    new s3.Bucket(new Stack(retained, 'Stack', { env: PRODUCER }), 'Data');
    const report = (failOn?: FindingSeverity) => new SecureBucketChecks(retained, { failOn }).validateScope(retained);
    expect(report().success).toBe(false);
    expect(report(FindingSeverity.HIGH).success).toBe(true);
    expect(report(FindingSeverity.HIGH).violations.length).toBe(report().violations.length);
  });
});
