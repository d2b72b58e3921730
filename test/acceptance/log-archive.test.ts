import { App } from 'aws-cdk-lib';
import { OUTSIDERS, serviceLinked, Worker } from './perimeter-callers';
import { LogArchiveStack } from '../../examples/log-archive/log-archive-stack';
import { AccessEvaluator, AccessOutcome } from '../../src';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { json, secureBucket } from '../cli/terminal';
import { STRANGER, uploadsOf } from '../storage/deliveries/delivered';
import { PRODUCER } from '../support/apps';
import { Context, fromAddress, INSIDE_AWS, service, throughEndpoint } from '../support/callers';
import { deployedBucketPolicy, deployedValue } from '../support/deployed-policy';
import { judge, JudgedBucket } from '../support/simulate';

const ORGANIZATION = 'o-exampleorgid';
const REGIONAL = `${PRODUCER.account}-${PRODUCER.region}-an`;
const ARCHIVE = `arn:aws:s3:::log-archive-${REGIONAL}`;
const TRAIL_LOGS = `arn:aws:s3:::trail-logs-${REGIONAL}`;
const LOGS = `AWSLogs/${PRODUCER.account}`;

const app = new App({ analyticsReporting: false, context: { '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true, '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } });
new LogArchiveStack(app, 'LogArchive', { env: PRODUCER, organizationId: ORGANIZATION, vpcEndpointId: 'vpce-0abc123def4567890' });
app.synth();
const evaluator = AccessEvaluator._of(synthesizedTemplates(app));
const deployed = (type: string, path: string) => evaluator._model.deployment.ofType(type).find((resource) => resource.path.startsWith(path))!.reference('Arn')!;

interface Delivery {
  readonly row: string;
  readonly object: string;

  /** For what it is, where the row leaves it open. */
  readonly sourceArn?: string;

  /** The construct whose key the bucket encrypts with. */
  readonly keyOf?: string;
}

/** Everything that AWS services deliver in this app. */
const DELIVERIES: readonly Delivery[] = [
  { row: 'cloudtrail', object: `${TRAIL_LOGS}/${LOGS}/CloudTrail/eu-west-1/2026/01/15/log.json.gz`, sourceArn: `arn:aws:cloudtrail:eu-west-1:${PRODUCER.account}:trail/audit`, keyOf: 'LogArchive/TrailLogs/Key' },
  { row: 'config', object: `${ARCHIVE}/config/${LOGS}/Config/ConfigWritabilityCheckFile`, keyOf: 'LogArchive/Archive/Key' },
  { row: 'vpc-flow-logs', object: `${ARCHIVE}/network/${LOGS}/vpcflowlogs/eu-west-1/2026/01/15/log.gz`, keyOf: 'LogArchive/Archive/Key' },
  { row: 'storage-lens', object: `${ARCHIVE}/storage-lens/StorageLens/${PRODUCER.account}/central/V_1/manifests/manifest.json`, sourceArn: `arn:aws:s3:eu-west-1:${PRODUCER.account}:storage-lens/central`, keyOf: 'LogArchive/Archive/Key' },
  { row: 's3-inventory', object: `${ARCHIVE}/inventory/data/report/manifest.json`, sourceArn: `arn:aws:s3:::data-${REGIONAL}`, keyOf: 'LogArchive/Archive/Key' },
  { row: 'application-load-balancer-logs', object: `${deployed('AWS::S3::Bucket', 'LogArchive/LoadBalancerLogs')}/internal/${LOGS}/elasticloadbalancing/eu-west-1/2026/01/15/log.gz` },
];

const CASES = DELIVERIES.flatMap((delivery) => {
  const keyArn = delivery.keyOf === undefined ? undefined : deployed('AWS::KMS::Key', delivery.keyOf);
  return uploadsOf(delivery.row, keyArn).filter(({ headers }) => delivery.keyOf !== undefined || headers['s3:x-amz-server-side-encryption'] !== 'aws:kms')
    .filter(({ headers }) => delivery.row === 'cloudtrail' || headers['s3:x-amz-server-side-encryption'] !== 'AES256' || delivery.keyOf === undefined)
    .map((upload) => [`${delivery.row}: ${upload.name}`, delivery, upload] as const);
});

describe.each(CASES)('%s', (_, { row, object, sourceArn }, upload) => {
  const decide = (source: Record<string, unknown>) => evaluator.decide({ principal: upload.service, action: 's3:PutObject', resource: object, context: { ...source, ...upload.headers } }).outcome;
  const source = { ...upload.source, 'aws:SourceArn': sourceArn ?? upload.source['aws:SourceArn'], ...(row === 'cloudtrail' ? { 'kms:EncryptionContext:aws:cloudtrail:arn': sourceArn } : {}) };

  test('is delivered into its bucket, under every perimeter', () => expect(decide(source)).toBe(AccessOutcome.ALLOWED));

  test('is not delivered for a stranger', () => {
    const ofStranger = Object.fromEntries(Object.entries(source).map(([key, value]) => [key, typeof value === 'string' ? value.replaceAll(PRODUCER.account, STRANGER).replace('data-', 'other-') : value]));
    expect(decide({ ...ofStranger, 'aws:SourceOrgID': null })).toBe(AccessOutcome.DENIED);
  });
});

describe('by a simulator that knows nothing of this package', () => {
  const OWNER = { id: PRODUCER.account, organizationId: ORGANIZATION };
  const ENVIRONMENT = { ...PRODUCER, stackName: 'LogArchive' };
  const template = app.synth().getStackByName('LogArchive').template;
  const bucketOf = (arn: string): JudgedBucket => {
    const [logicalId] = Object.entries<any>(template.Resources).find(([id, { Type }]) => Type === 'AWS::S3::Bucket' && deployedValue({ 'Fn::GetAtt': [id, 'Arn'] }, template, ENVIRONMENT) === arn)!;
    return { ownerAccountId: OWNER.id, policy: deployedBucketPolicy(template, logicalId, ENVIRONMENT) };
  };
  const drawnNameOf = (id: string): string => {
    const [logicalId] = Object.entries<any>(template.Resources).find(([name, { Type }]) => Type === 'AWS::S3::Bucket' && name.startsWith(id))!;
    return deployedValue({ 'Fn::GetAtt': [logicalId, 'Arn'] }, template, ENVIRONMENT);
  };
  const keyArnOf = (path: string): string => {
    const { logicalId } = evaluator._model.deployment.ofType('AWS::KMS::Key').find((resource) => resource.path.startsWith(path))!;
    return deployedValue({ 'Fn::GetAtt': [logicalId, 'Arn'] }, template, ENVIRONMENT);
  };
  const PERIMETERS = [ARCHIVE, TRAIL_LOGS, `arn:aws:s3:::data-${REGIONAL}`];
  const [ELSEWHERE, INSIDE] = [fromAddress('192.0.2.7'), throughEndpoint('vpce-0abc123def4567890', 'vpc-0abc123def4567890')];

  /** What a worker needs of a bucket and is decided otherwise than expected. */
  const decidedOtherwise = async (arn: string, workers: readonly Worker[], routes: readonly Context[], passes: boolean) => {
    const bucket = bucketOf(arn);
    const asked = workers.flatMap(({ name, caller, needs }) => needs.filter(({ on }) => on !== 'key').slice(0, 2).flatMap(({ action, on }) => routes.map((route) => ({ name, caller, action, on, route }))));
    const decided = await Promise.all(asked.map(async ({ name, caller, action, on, route }) => ({
      name: `${name}: ${action}`, passes: (await judge({ caller, route, action, resource: on === 'object' ? `${arn}/key` : arn }, bucket)).deniedBy.length === 0,
    })));
    return decided.filter((one) => one.passes !== passes).map(({ name }) => name);
  };

  test.each(PERIMETERS)('every service-linked role passes the perimeters of %s', async (arn) => {
    expect(await decidedOtherwise(arn, serviceLinked(OWNER), [ELSEWHERE], true)).toEqual([]);
  }, 60_000);

  test.each(PERIMETERS)('every outsider of the table stays out of %s', async (arn) => {
    expect(await decidedOtherwise(arn, OUTSIDERS, [ELSEWHERE, INSIDE], false)).toEqual([]);
  }, 120_000);

  test.each(CASES)('%s is let in', async (_, { object, sourceArn, keyOf }, upload) => {
    const [, arn] = /^(arn:aws:s3:::[^/]+)/.exec(object)!;
    const judged = keyOf === undefined ? drawnNameOf('LoadBalancerLogs') : arn; // a name that AWS draws: it is another one here
    const [bucket, resource] = [bucketOf(judged), `${judged}${object.slice(arn.length)}`];
    const caller = service(upload.service, { account: OWNER, arn: String(sourceArn ?? upload.source['aws:SourceArn'] ?? '') || undefined });
    const changes = Object.fromEntries(Object.entries(upload.headers).map(([key, value]) => [key, value === null ? undefined : value.startsWith('arn:') ? keyArnOf(keyOf!) : value]));
    expect(await judge({ caller, route: INSIDE_AWS, action: 's3:PutObject', resource, changes }, bucket)).toEqual({ allowed: true, deniedBy: [] });
  });
});

test.each(['config.amazonaws.com', 'delivery.logs.amazonaws.com', 'storage-lens.s3.amazonaws.com'])('the report shows both sides of what %s delivers', (principal) => {
  const { access, statements } = json('report', app.outdir).buckets.find(({ path }: { path: string }) => path === 'LogArchive/Archive');
  const { statements: allowing } = access.find(({ who, capability }: any) => who.name.startsWith(principal) && capability === 'write');
  const places = allowing.map((id: string) => statements.find((statement: any) => statement.id === id).where);
  expect(places).toEqual([expect.stringContaining('LogArchive/Archive/Policy'), expect.stringContaining('LogArchive/Archive/Key')]);
});

test('explain shows both sides of a delivery', () => {
  const { object } = DELIVERIES.find(({ row }) => row === 'vpc-flow-logs')!;
  const context = [`aws:SourceAccount=${PRODUCER.account}`, `aws:SourceArn=arn:aws:logs:eu-west-1:${PRODUCER.account}:log`, `aws:SourceOrgID=${ORGANIZATION}`, 's3:x-amz-acl=bucket-owner-full-control'];
  const { out } = secureBucket('explain', app.outdir, '--principal', 'delivery.logs.amazonaws.com', '--action', 's3:PutObject', '--resource', object, '--context', ...context);
  expect(out).toMatch(/^Allowed: /);
  expect(out).toMatch(/^bucket-policy +allows [^]*^kms-key +allows .*LogArchive\/Archive\/Key/m);
});

test('every service that the app sets up is tried', () => {
  const setUp = ['AWS::CloudTrail::Trail', 'AWS::Config::DeliveryChannel', 'AWS::EC2::FlowLog', 'AWS::S3::StorageLens', 'AWS::ElasticLoadBalancingV2::LoadBalancer'];
  expect(setUp.filter((type) => evaluator._model.deployment.ofType(type).length !== 1)).toEqual([]);
  expect(DELIVERIES).toHaveLength(setUp.length + 1); // and the inventory, which is a property of a bucket
});
