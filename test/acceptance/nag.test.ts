import { readFileSync } from 'fs';
import { resolve } from 'path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, HIPAASecurityChecks, NagPack, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { ConsumerStack } from '../../examples/shared-dataset/consumer-stack';
import { ProducerStack } from '../../examples/shared-dataset/producer-stack';
import { SiteStack } from '../../examples/static-site/site-stack';
import { OacDistribution, SecureBucket, SecureBucketChecks } from '../../src';
import { NEW_APP_FLAGS, PRODUCER } from '../support/apps';

const PACKS = [AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks];

/** The rules that the packs report for an app, each with the construct. */
function findings(build: (stack: Stack) => void): string[] {
  const app = new App();
  build(new Stack(app, 'Stack', { env: PRODUCER }));
  return findingsOf(app);
}

function findingsOf(app: App): string[] {
  return PACKS.flatMap((pack) => violations(new pack(app), app));
}

function violations(pack: NagPack, app: App): string[] {
  return pack.validateScope(app).violations.flatMap(({ ruleName, violatingConstructs, violatingResources }: any) =>
    (violatingConstructs ?? violatingResources).map(({ constructPath }: any) => `${ruleName} ${constructPath}`));
}

test('the packs report nothing on a bare SecureBucket and its log bucket', () => {
  expect(findings((stack) => new SecureBucket(stack, 'Data'))).toEqual([]);
});

test('the packs report nothing on DSSE-KMS', () => {
  expect(findings((stack) => new SecureBucket(stack, 'Data', { encryption: s3.BucketEncryption.DSSE }))).toEqual([]);
});

test('replication is judged where it was asked for', () => {
  const replicated = (stack: Stack) => {
    const destination = new SecureBucket(stack, 'Replica');
    new SecureBucket(stack, 'Data', { replicationRules: [{ destination, kmsKey: destination.encryptionKey }] });
  };
  expect(findings(replicated).filter((finding) => /S3|KMS/.test(finding))).toEqual([]);
});

test('the packs do report on a plain bucket: they were running', () => {
  const rules = findings((stack) => new s3.Bucket(stack, 'Data')).join();
  expect(rules).toContain('AwsSolutions-S1');
  expect(rules).toContain('S3DefaultEncryptionKMS');
});

test('the packs report nothing on the example, and do once its acknowledgments are gone', () => {
  const { context } = JSON.parse(readFileSync(resolve(__dirname, '../../examples/shared-dataset/cdk.json'), 'utf8'));
  const app = new App({ context });
  const datasetName = `shared-dataset-${PRODUCER.account}-${PRODUCER.region}-an`;
  const consumer = new ConsumerStack(app, 'Consumer', { env: { ...PRODUCER, account: '444455556666' }, datasetName });
  new ProducerStack(app, 'Producer', { env: PRODUCER, organizationId: 'o-exampleorgid', vpcEndpointId: 'vpce-1a2b3c4d', reader: consumer.appRole });
  expect(findingsOf(app)).toEqual([]);
  jest.spyOn(consumer.node.findChild('Vpc').node, 'metadata', 'get').mockReturnValue([]);
  expect(findingsOf(app).join()).toContain('AwsSolutions-VPC7');
});

describe.each<[string, Record<string, unknown>]>([
  ['its own feature flags', JSON.parse(readFileSync(resolve(__dirname, '../../examples/static-site/cdk.json'), 'utf8')).context],
  ['the feature flags of a new app', NEW_APP_FLAGS],
])('with %s', (_, context) => {
  test('the packs and SecureBucketChecks report nothing on the static site, and do once its acknowledgments are gone', () => {
    const app = new App({ context });
    const stack = new SiteStack(app, 'Site', { env: { ...PRODUCER, region: 'us-east-1' }, organizationId: 'o-exampleorgid' });
    expect([...findingsOf(app), ...violations(new SecureBucketChecks(app), app)]).toEqual([]);
    stack.node.findAll().forEach(({ node }) => jest.spyOn(node, 'metadata', 'get').mockReturnValue([]));
    const rules = findingsOf(app).join();
    ['AwsSolutions-CFR3', 'AwsSolutions-CFR4', 'HIPAA.Security-LambdaDLQ', 'NIST.800.53.R5-LambdaDLQ', 'PCI.DSS.321-LambdaInsideVPC'].forEach((rule) => expect(rules).toContain(rule));
  });
});

test('beside what its certificate, WAF and geography decide, the packs report nothing on an OacDistribution', () => {
  const distributions = (stack: Stack) => new OacDistribution(new Stack(stack.node.root as App, 'Site', { env: { ...PRODUCER, region: 'us-east-1' } }), 'Site', {
    bucket: new SecureBucket(new Stack(stack.node.root as App, 'Storage', { env: { ...PRODUCER, region: 'us-east-1' } }), 'Content', { bucketName: 'site-content' }),
  });
  expect(findings(distributions)).toEqual(['AwsSolutions-CFR1 Site/Site/Resource', 'AwsSolutions-CFR2 Site/Site/Resource', 'AwsSolutions-CFR4 Site/Site/Resource']);
});

test('what is acknowledged has a reason, and covers no more than the departures', () => {
  const app = new App();
  const bucket = new SecureBucket(new Stack(app, 'Stack', { env: PRODUCER }), 'Data');
  const reasons = bucket.node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY).flatMap(({ data }) => Object.entries<string>(data));
  expect(reasons.length).toBeGreaterThan(0);
  expect(reasons.every(([rule, reason]) => /Replication/.test(rule) && /^Replication was not asked for/.test(reason))).toBe(true);
});
