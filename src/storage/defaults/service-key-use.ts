import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';

/**
 * Services that write with SSE-S3 only, or say by themselves how their uploads are encrypted, so that a key of the bucket's own stops them.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/db-auditing.html
 */
const WITHOUT_KEY = /^(?:logging\.s3|logdelivery\.elasticloadbalancing|redshift(?:\.[a-z0-9-]+)?|cloudtrail|billingreports|bcm-data-exports)\.amazonaws\.com/;

/** Keys of conditions that tell for whom a service works: they are in its requests to KMS, too. */
const OF_SOURCES = /^aws:source(?:account|arn|orgid|orgpaths)$/i;

/** What a service may do with a bucket's objects. */
interface ServiceAccess {
  readonly principal: iam.IPrincipal;
  readonly service: string;
  readonly reads: boolean;
  readonly writes: boolean;
  readonly conditions: Record<string, Record<string, unknown>>;
}

/** A service that the bucket's policy lets write, although it cannot with a key of the bucket's own. */
export function writerWithoutKey(bucket: s3.Bucket): string | undefined {
  return servicesOf(bucket).find(({ service, writes }) => writes && WITHOUT_KEY.test(service))?.service;
}

/**
 * Lets the services use the key whom the bucket's policy lets read or write: they would be denied, or drop what they deliver without a word. The key is
 * confined as the bucket is: to the same sources, or to this account.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html#AWS-logs-SSE-KMS-S3
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html#configure-inventory-kms-key-policy
 */
export function letServicesUse(key: kms.Key, bucket: s3.Bucket, keyPolicy: readonly any[]): void {
  const known = JSON.stringify(keyPolicy.map(({ Principal }) => Principal));
  for (const { principal, reads, writes, conditions } of servicesOf(bucket).filter(({ service }) => !known.includes(JSON.stringify(service)))) {
    key.addToResourcePolicy(new iam.PolicyStatement({
      principals: [principal],
      actions: writes ? ['kms:GenerateDataKey*', 'kms:Decrypt'] : reads ? ['kms:Decrypt'] : [], // with bucket keys, writers decrypt the bucket's key
      resources: ['*'], // of a key policy: the key itself
      conditions: confined(conditions, Stack.of(bucket).account),
    }));
  }
}

function servicesOf(bucket: s3.Bucket): ServiceAccess[] {
  const { statements = [] } = (bucket.policy?.document ?? {}) as unknown as { statements?: iam.PolicyStatement[] };
  const allows = statements.filter(({ effect }) => effect === iam.Effect.ALLOW);
  return allows.flatMap((statement) => {
    const [reads, writes] = [/^(?:s3:\*|\*|s3:get(?:\*|object\*?))$/i, /^(?:s3:\*|\*|s3:put(?:\*|object\*?))$/i].map((action) => statement.actions.some((named) => action.test(named)));
    const services = statement.principals.flatMap((principal) => ([principal.policyFragment.principalJson.Service ?? []].flat() as string[]).map((service) => ({ principal, service: nameOfService(service, bucket) })));
    return reads || writes ? services.map((service) => ({ ...service, reads, writes, conditions: statement.conditions })) : [];
  });
}

function nameOfService(service: unknown, bucket: s3.Bucket): string {
  return String(Stack.of(bucket).resolve(service));
}

function confined(conditions: Record<string, Record<string, unknown>>, account: string): Record<string, Record<string, unknown>> {
  const ofSources = Object.entries(conditions).map(([operator, tests]) => [operator, Object.fromEntries(Object.entries(tests).filter(([key]) => OF_SOURCES.test(key)))] as const);
  const confining = ofSources.filter(([, tests]) => Object.keys(tests).length > 0);
  return confining.length > 0 ? Object.fromEntries(confining) : { StringEquals: { 'aws:SourceAccount': account } };
}
