import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ConsumerStack } from '../../../examples/shared-dataset/consumer-stack';
import { ProducerStack } from '../../../examples/shared-dataset/producer-stack';
import { Consumer, CrossAccountGrant, DatasetAccess, OacDistribution, SecureBucket, SharedDatasetAccessPoint } from '../../../src';
import { AccessEvaluator } from '../../../src/access/access-evaluator';
import { AccessTemplate } from '../../../src/access/access-template';
import { synthesizedTemplates } from '../../../src/checks/app-templates';
import { ReportedBucket } from '../../../src/cli/report/model';
import { reportPage } from '../../../src/cli/report/page';
import { reportOf } from '../../../src/cli/report/report-of';
import { SEARCH_SCRIPT } from '../../../src/cli/report/search';

const A = { account: '111122223333', region: 'us-east-1' };
const B = { account: '444455556666', region: 'us-east-1' };
const NAME = 'dataset';

function reportOfApp(app: App) {
  app.synth();
  return reportOf(AccessEvaluator._of(synthesizedTemplates(app))._model, 'cdk.out');
}

function reportOfTemplate(Resources: object, Metadata?: object) {
  const template = { name: 'Data', account: A.account, region: A.region, template: { Resources, Metadata } } as unknown as AccessTemplate;
  return reportOf(AccessEvaluator.fromTemplates([template])._model, 'template.json');
}

/** Who may do what: `kind label capability`, with a question mark where it is not decided. */
function accesses({ access }: ReportedBucket): string[] {
  return access.map(({ who, capability, through, openBecause }) => `${who.kind} ${who.label} ${capability}${openBecause ? '?' : ''}${through ? ` through ${through}` : ''}`);
}

function titles({ access, statements }: ReportedBucket, wanted: string): string[] {
  const { statements: ids } = access.find(({ capability }) => capability === wanted)!;
  return ids.map((id) => statements.find((statement) => statement.id === id)!).map(({ title, where }) => `${title} ${/ of (\S+)/.exec(where)![1]}`);
}

describe("the guide's Section 11", () => {
  const app = new App({ analyticsReporting: false });
  const consumer = new ConsumerStack(app, 'Consumer', { env: B, datasetName: `shared-dataset-${A.account}-${A.region}-an` });
  new ProducerStack(app, 'Producer', { env: A, organizationId: 'o-exampleorgid', vpcEndpointId: 'vpce-0abc123def4567890', reader: consumer.appRole });
  const report = reportOfApp(app);
  const [dataset, logs] = report.buckets;

  test('the application may list and read, and nobody else may do anything', () => {
    expect(dataset.path).toBe('Producer/Dataset');
    expect(accesses(dataset)).toEqual(['role AppRole list', 'role AppRole read']);
    expect(accesses(logs)).toEqual(['service logging.s3.amazonaws.com write']);
  });

  test('each access leads to the statements of all sides', () => {
    expect(titles(dataset, 'read')).toEqual([
      'Statement[0] Consumer/AppRole/DefaultPolicy/Resource',
      'ShareRead Producer/Dataset/Policy/Resource',
      'ShareDecrypt Producer/Dataset/Key/Resource',
    ]);
    expect(dataset.access[1].example).toMatch(/AppRole calls s3:GetObject on .*aws:sourcevpce vpce-0abc123def4567890/);
  });

  test('every guarantee holds, and what no template says is an assumption', () => {
    expect(dataset.guarantees.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
    expect(dataset.guarantees.length).toBeGreaterThanOrEqual(6);
    expect(report.assumptions.join('\n')).toMatch(/Roles and users whose policies are not in the templates are not shown/);
    expect(report.assumptions.length).toBeGreaterThan(1);
    expect(report.findings).toEqual([]);
  });
});

test('a consumer that is not in the app may perhaps, and the report says what that depends on', () => {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Producer', { env: A });
  const bucket = new SecureBucket(stack, 'Data', { bucketName: NAME });
  new CrossAccountGrant(stack, 'Grant', { bucket, consumer: Consumer.roleArn('arn:aws:iam::444455556666:role/AppRole'), access: DatasetAccess.READ });
  const [{ access }] = reportOfApp(app).buckets;
  expect(access.map(({ capability, openBecause }) => [capability, openBecause])).toEqual([
    ['list', expect.stringMatching(/AppRole/)], ['read', expect.stringMatching(/AppRole/)],
  ]);
});

test('an access point shows its consumers, and the delegation', () => {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Producer', { env: A });
  const bucket = new SecureBucket(stack, 'Data', { bucketName: NAME });
  const role = new iam.Role(new Stack(app, 'Consumer', { env: B }), 'AppRole', { roleName: 'AppRole', assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
  new SharedDatasetAccessPoint(stack, 'Team', { bucket, prefixes: ['team/'] }).grantRead(role);
  expect(accesses(reportOfApp(app).buckets[0])).toEqual(expect.arrayContaining(['role AppRole read through Producer/Team/Resource']));
});

test('a distribution reads', () => {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Site', { env: A });
  new OacDistribution(stack, 'Site', { bucket: new SecureBucket(stack, 'Content', { bucketName: NAME }) });
  const { buckets } = reportOfApp(app);
  expect(accesses(buckets.find(({ path }) => path === 'Site/Content')!)).toEqual([expect.stringMatching(/^distribution \S+ read$/)]);
});

const READ = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${NAME}/*` };
const bucketOf = (properties: object = {}, more: object = {}) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName: NAME, ...properties }, ...more });
const policyOf = (...Statement: unknown[]) => ({ Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: NAME, PolicyDocument: { Version: '2012-10-17', Statement } } });
const OPEN = { BlockPublicAcls: false, BlockPublicPolicy: false, IgnorePublicAcls: false, RestrictPublicBuckets: false };
const CLOSED = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };

test("everyone reads a public bucket, and only the owner's account and AWS services one that Block Public Access closes", () => {
  const of = (settings: object) => reportOfTemplate({ Bucket: bucketOf({ PublicAccessBlockConfiguration: settings }), Policy: policyOf(READ) }).buckets[0];
  expect(accesses(of(OPEN))).toEqual(['everyone everyone read']);
  expect(accesses(of(CLOSED))).toEqual(['account 111122223333 read', 'service any AWS service read']); // RestrictPublicBuckets lets them through
});

test('findings are there with their proof, and acknowledged ones with their reason', () => {
  const suppressed = { Metadata: { cdk_nag: { rules_to_suppress: [{ id: 'SecureBucket-Versioning', reason: 'Scratch data.' }] } } };
  const { findings, acknowledged } = reportOfTemplate({ Bucket: bucketOf({}, suppressed), Policy: policyOf(READ) });
  expect(findings).toContainEqual(expect.objectContaining({ rule: 'SecureBucket-PublicAllow', proof: expect.stringContaining('s3:GetObject'), isDecided: true }));
  expect(acknowledged).toEqual([expect.objectContaining({ rule: 'SecureBucket-Versioning', reason: 'Scratch data.' })]);
});

test('what templates say arrives in the page as text', () => {
  const page = reportPage(reportOfTemplate({ Bucket: bucketOf(), Policy: policyOf({ ...READ, Sid: '<script>alert(1)</script>', Principal: { AWS: 'arn:aws:iam::444455556666:role/<img src=x>' } }) }));
  expect(page.replace(SEARCH_SCRIPT.markup, '')).not.toMatch(/<script|<img/);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

test('somebody of whom it is not known who that is comes with the statement that names them', () => {
  const statement = { Sid: 'Partner', Effect: 'Allow', Principal: { AWS: { Ref: 'Partner' } }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::amzn-s3-demo-bucket/*' };
  const policy = { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: [statement] } };
  const template = {
    Parameters: { Partner: { Type: 'String' } },
    Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'amzn-s3-demo-bucket' } }, Policy: { Type: 'AWS::S3::BucketPolicy', Properties: policy } },
  };
  const model = AccessEvaluator.fromTemplates([{ stackName: 'Data', account: '111122223333', region: 'eu-west-1', template }])._model;
  const [{ access, statements }] = reportOf(model, 'Data').buckets;
  expect(access).toMatchObject([{ who: { name: '<Data: Ref "Partner">' }, capability: 'read', openBecause: expect.stringMatching(/not known before deployment/) }]);
  expect(statements.map(({ id, title }) => [id, title])).toEqual([[access[0].statements[0], 'Partner']]);
});
