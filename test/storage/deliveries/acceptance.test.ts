import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { asksFor, ASKS_FOR_SSE_S3, DeliveredApp, PERIMETERS, STRANGER, STRICT, uploadsOf } from './delivered';
import { AccessOutcome, DeliverySource, SecureBucketProps } from '../../../src';
import { SERVICE_DELIVERIES } from '../../../src/aws/services';
import { PRODUCER } from '../../support/apps';
import { guarantees } from '../../support/proofs';

const { ALLOWED, DENIED } = AccessOutcome;
const source = s3.Bucket.fromBucketName(new Stack(), 'Source', 'example');

/** The rows that deliver to a bucket encrypted with KMS, and how to ask for them. */
const TO_KMS: Record<string, () => DeliverySource> = {
  's3-inventory': () => DeliverySource.s3Inventory({ sourceBuckets: [source] }),
  'storage-class-analysis': () => DeliverySource.storageClassAnalysis({ sourceBuckets: [source] }),
  'storage-lens': () => DeliverySource.storageLens({ configurationIds: ['example'] }),
  'vended-logs': () => DeliverySource.vendedLogs(),
  'vpc-flow-logs': () => DeliverySource.vpcFlowLogs(),
  'transit-gateway-flow-logs': () => DeliverySource.transitGatewayFlowLogs(),
  'resolver-query-logs': () => DeliverySource.resolverQueryLogs(),
  'waf-logs': () => DeliverySource.wafLogs(),
  'network-load-balancer-logs': () => DeliverySource.networkLoadBalancerLogs(),
  'cloudfront-logs': () => DeliverySource.cloudFrontLogs(),
  'application-load-balancer-vended-logs': () => DeliverySource.applicationLoadBalancerLogsThroughCloudWatch(),
  'server-access-logs-v2': () => DeliverySource.serverAccessLogsThroughCloudWatch(),
  'vended-logs-v2': () => DeliverySource.vendedLogsOfDeliverySources({ deliverySourceNames: ['example'] }),
  'cloudtrail': () => DeliverySource.cloudTrail({ trailNames: ['example'] }),
  'cloudtrail-organization': () => DeliverySource.cloudTrail({ trailNames: ['example'], organizationId: 'o-exampleorgid' }),
  'config': () => DeliverySource.config(),
  'macie': () => DeliverySource.macie(),
  'guardduty': () => DeliverySource.guardDuty({ detectorIds: ['example'] }),
  'security-hub': () => DeliverySource.securityHub(),
  'systems-manager-inventory': () => DeliverySource.systemsManagerInventory(),
  'cloudwatch-logs-export': () => DeliverySource.cloudWatchLogsExport(),
  'ses': () => DeliverySource.sesReceiptRules(),
  'bedrock-invocation-logs': () => DeliverySource.bedrockInvocationLogs(),
  'cost-and-usage-reports': () => DeliverySource.costAndUsageReports(),
  'data-exports': () => DeliverySource.dataExports(),
};

/** Those that deliver to a bucket encrypted with SSE-S3 alone. */
const TO_SSE_S3: Record<string, () => DeliverySource> = {
  'application-load-balancer-logs': () => DeliverySource.applicationLoadBalancerLogs(),
  'classic-load-balancer-logs': () => DeliverySource.classicLoadBalancerLogs(),
  'redshift-audit-logs': () => DeliverySource.redshiftAuditLogs(),
};

/** SSE-S3 logs by `AccessLogBucket.allowLogDeliveryFrom`; CloudFront to buckets with ACLs, and its uploads by `OacDistribution`. */
const BY_OTHER_WAYS = ['server-access-logs', 'cloudfront-legacy-logs', 'cloudfront-uploads'];

test('every service of the table that calls by itself is tried', () => {
  const services = SERVICE_DELIVERIES.filter(({ caller }) => caller.kind === 'service').map(({ id }) => id);
  expect([...Object.keys(TO_KMS), ...Object.keys(TO_SSE_S3), ...BY_OTHER_WAYS].sort()).toEqual([...services].sort());
});

const MODES: [string, SecureBucketProps][] = [['uploads may ask for nothing', PERIMETERS], ['uploads have to name the key', STRICT]];

describe.each(MODES)('to a SecureBucket with every perimeter, where %s', (_, props) => {
  describe.each(Object.entries(TO_KMS))('%s', (id, make) => {
    let app: DeliveredApp;
    let keyArn: string;
    beforeAll(() => {
      app = new DeliveredApp(make(), props);
      keyArn = app.keyArn;
    });

    test('is delivered, with the headers of its row', () => {
      const uploads = uploadsOf(id, keyArn);
      expect(uploads.length).toBeGreaterThan(0);
      expect(uploads.map((upload) => [upload.name, app.decide(upload)])).toEqual(uploads.map(({ name }) => [name, ALLOWED]));
    });

    test('is denied without the statement of the bucket, and without that of the key', () => {
      for (const upload of uploadsOf(id, keyArn)) {
        const asksForKey = upload.headers['s3:x-amz-server-side-encryption'] !== ASKS_FOR_SSE_S3['s3:x-amz-server-side-encryption'];
        expect([upload.name, app.decide(upload, 'AWS::S3::BucketPolicy')]).toEqual([upload.name, DENIED]);
        expect([upload.name, app.decide(upload, 'AWS::KMS::Key')]).toEqual([upload.name, asksForKey ? DENIED : ALLOWED]);
      }
    });

    test('is denied for a source of another account, outside the perimeter or inside', () => {
      for (const upload of uploadsOf(id, keyArn, STRANGER)) {
        const here = { ...upload, key: uploadsOf(id, keyArn).find(({ name }) => name === upload.name)!.key };
        expect(app.decide(here)).toBe(DENIED);
        expect(app.decide({ ...here, source: { ...upload.source, 'aws:SourceOrgID': 'o-exampleorgid' } })).toBe(DENIED);
      }
    });

    test('gives the service nothing else', () => {
      const [upload] = uploadsOf(id, keyArn);
      expect(app.decide({ ...upload, service: 'lambda.amazonaws.com' })).toBe(DENIED);
      expect(app.decide({ ...upload, action: 's3:DeleteObject' })).toBe(DENIED);
      expect(app.decide({ ...upload, action: 's3:PutBucketPolicy', key: undefined })).toBe(DENIED);
      expect(app.decide({ ...upload, headers: { ...upload.headers, ...asksFor(`${keyArn}0`) } })).toBe(DENIED);
    });

    test('keeps what the bucket guarantees, and the guarantee names what is spared', () => {
      const lines = guarantees(app.bucket);
      expect(lines.filter((line) => !line.startsWith('holds: '))).toEqual([]);
      const isSilent = props === STRICT && uploadsOf(id, keyArn).some(({ headers }) => headers['s3:x-amz-server-side-encryption'] === null);
      const isSseS3 = uploadsOf(id, keyArn).some(({ headers }) => headers['s3:x-amz-server-side-encryption'] === 'AES256');
      const [{ service }] = uploadsOf(id, keyArn);
      const said = lines.find((line) => line.includes('encrypted by'))!;
      expect(said.includes(`uploads that say nothing by ${service} for arn:`)).toBe(isSilent);
      expect(said.includes(`uploads with SSE-S3 by ${service} for arn:`)).toBe(isSseS3);
    });
  });
});

describe.each(Object.entries(TO_SSE_S3))('to an AccessLogBucket, %s', (id, make) => {
  test('is delivered, and denied without its statement', () => {
    const app = new DeliveredApp(make(), 'access-logs');
    for (const upload of uploadsOf(id, undefined)) {
      expect(app.decide(upload)).toBe(ALLOWED);
      expect(app.decide(upload, 'AWS::S3::BucketPolicy')).toBe(DENIED);
      expect(app.decide({ ...upload, key: upload.key!.replace(PRODUCER.account, STRANGER) })).toBe(DENIED);
      expect(app.decide({ ...upload, source: { ...upload.source, 'aws:SecureTransport': 'false' } })).toBe(DENIED);
    }
  });

  test('is refused by a SecureBucket, with the way out', () => {
    expect(() => new DeliveredApp(make(), PERIMETERS))
      .toThrow(/'Stack\/Logs': .*: AWS delivers to buckets encrypted with SSE-S3, and this bucket is encrypted with SSE-KMS\. Deliver to an AccessLogBucket/);
  });
});

