import { CfnResource } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { bucketsNamed, readResource, readValue } from './named-references';
import { DELIVERY_SET_UPS, deliveryOf, ServiceDelivery } from '../../aws/services';
import { hasOverrides } from '../../guardrails/deployed-resource';
import { isRaw } from '../../guardrails/raw-resource';
import { jsonText } from '../../policy/json';

/** What an AWS service delivers to a bucket because a resource says so. */
export interface ReceivedDelivery {
  readonly sender: CfnResource;
  readonly row: ServiceDelivery;
}

/** A delivery and its destination: the name, ARN or domain name of a bucket. */
interface Sent {
  readonly row: string;
  readonly bucket: unknown;
}

type Settings = (properties: any) => Sent[];

/** Settings that the table of set-ups leaves to others. */
const LOGS: Readonly<Record<string, Settings>> = {
  'AWS::S3::Bucket': ({ LoggingConfiguration }) => [{ row: 'server-access-logs', bucket: LoggingConfiguration?.DestinationBucketName }],
  'AWS::CloudFront::StreamingDistribution': ({ StreamingDistributionConfig: config }) => [{ row: 'cloudfront-legacy-logs', bucket: config?.Logging?.Bucket }],
};

const SENDERS: ReadonlyMap<string, readonly Settings[]> = DELIVERY_SET_UPS.reduce(
  (senders, { type, deliveries }) => senders.set(type, [...(senders.get(type) ?? []), deliveries]),
  new Map<string, Settings[]>(Object.entries(LOGS).map(([type, settings]) => [type, [settings]])),
);

/** Whether resources of a type have services deliver to buckets. */
export function isSender(type: string): boolean {
  return SENDERS.has(type);
}

/** What resources have delivered, by the name of the bucket's construct, or by its physical name. */
export function deliveriesByReceiver(resources: readonly CfnResource[]): Map<string, ReceivedDelivery[]> {
  const received = new Map<string, ReceivedDelivery[]>();
  for (const sender of resources.filter(({ cfnResourceType }) => SENDERS.has(cfnResourceType))) {
    for (const { row, bucket } of sentBy(sender).filter(({ bucket: place }) => place !== undefined)) {
      bucketsNamed(jsonText(bucket)).forEach((name) => received.set(name, [...(received.get(name) ?? []), { sender, row: deliveryOf(row) }]));
    }
  }
  return received;
}

/** Deliveries that take a key only with a statement in its policy for which the documentation names no conditions that confine it. */
const WITHOUT_CONFINED_KEY = ['cloudfront-legacy-logs', 'network-load-balancer-logs'];

/** Whether a delivery is one of logs that arrive in a bucket with SSE-S3 only, or that take no key of which others could not make use. */
export function isForSseS3({ id, demands }: ServiceDelivery): boolean {
  return !demands.encryption.includes('SSE-KMS') || WITHOUT_CONFINED_KEY.includes(id);
}

/** Buckets are many: of them, no more is read than is needed. */
function sentBy(sender: CfnResource): Sent[] {
  if (s3.CfnBucket.isCfnBucket(sender) && !isRaw(sender) && !hasOverrides(sender)) {
    const reports = [sender.inventoryConfigurations, sender.analyticsConfigurations].some((configurations) => readValue(configurations, sender) !== undefined);
    const logging = readValue(sender.loggingConfiguration, sender);
    return reports ? readSettings(sender) : [{ row: 'server-access-logs', bucket: logging?.destinationBucketName }];
  }
  return readSettings(sender);
}

function readSettings(sender: CfnResource): Sent[] {
  const properties = readResource(sender)?.properties ?? {};
  return SENDERS.get(sender.cfnResourceType)!.flatMap((settings) => settings(properties));
}
