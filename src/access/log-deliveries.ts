import { grouped } from '../policy/grouped';
import { isObject, jsonText } from '../policy/json';
import { DeployedResource, Deployment } from '../template/deployment';
import { isOn, isUnknownValue } from '../template/settings';

/** Who writes logs into a bucket. What each of them can write to, differs. */
export type LogWriter = 's3-access-logs' | 'load-balancer' | 'network-load-balancer' | 'distribution' | 'redshift' | 'vended-logs';

/** Logs that a resource sends to a bucket. */
export interface LogDelivery {
  readonly writer: LogWriter;
  readonly source: DeployedResource;

  /** The name, ARN or domain name of the bucket; parts may not be known. */
  readonly destination: unknown;
}

/** The logs that resources of a deployment send to each of its buckets, wherever the bucket is configured. */
export function logDeliveries(deployment: Deployment, buckets: readonly DeployedResource[]): ReadonlyMap<DeployedResource, readonly LogDelivery[]> {
  const received = new Map(buckets.map((bucket): [DeployedResource, LogDelivery[]] => [bucket, []]));
  const byName = bucketsByName(buckets);
  const deliveries = WRITERS.flatMap(({ type, destinations }) =>
    deployment.ofType(type).flatMap((source) => destinations(source).map((found): LogDelivery => ({ ...found, source }))));
  for (const delivery of deliveries) {
    new Set([...named(delivery, byName), ...perhapsNamed(delivery, buckets)]).forEach((bucket) => received.get(bucket)!.push(delivery));
  }
  return received;
}

type BucketsByName = ReadonlyMap<string, readonly DeployedResource[]>;

function bucketsByName(buckets: readonly DeployedResource[]): BucketsByName {
  const names = ['Ref', 'Arn', 'DomainName', 'RegionalDomainName'].flatMap((attribute) => buckets.map((bucket) => ({ name: bucket.reference(attribute)!, bucket })));
  return new Map(Array.from(grouped(names, ({ name }) => name), ([name, those]) => [name, those.map(({ bucket }) => bucket)]));
}

/** The buckets with the name of a destination, behind which a prefix may follow. */
function named({ destination }: LogDelivery, byName: BucketsByName): DeployedResource[] {
  const steps = typeof destination === 'string' ? destination.split('/') : [];
  return steps.flatMap((_, i) => byName.get(steps.slice(0, i + 1).join('/')) ?? []);
}

/** Buckets to which a destination that is not known refers, perhaps under a condition. */
function perhapsNamed({ source, destination }: LogDelivery, buckets: readonly DeployedResource[]): DeployedResource[] {
  const written = isUnknownValue(destination) ? JSON.stringify(source.definition.Properties ?? {}) : '';
  const mentions = ({ logicalId }: DeployedResource) => [`"Ref":"${logicalId}"`, `"Fn::GetAtt":["${logicalId}"`].some((reference) => written.includes(reference));
  return written === '' ? [] : buckets.filter((bucket) => bucket.stack === source.stack && bucket !== source && mentions(bucket));
}

type Destination = Pick<LogDelivery, 'writer' | 'destination'>;

const WRITERS: readonly { readonly type: string; readonly destinations: (source: DeployedResource) => Destination[] }[] = [
  { type: 'AWS::S3::Bucket', destinations: (source) => destinationAt('s3-access-logs', source, 'LoggingConfiguration', 'DestinationBucketName') },
  { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', destinations: ofLoadBalancer },
  { type: 'AWS::ElasticLoadBalancing::LoadBalancer', destinations: (source) => destinationAt('load-balancer', source, 'AccessLoggingPolicy', 'S3BucketName', 'Enabled') },
  { type: 'AWS::CloudFront::Distribution', destinations: (source) => destinationAt('distribution', source, 'DistributionConfig', 'Logging.Bucket') },
  { type: 'AWS::CloudFront::StreamingDistribution', destinations: (source) => destinationAt('distribution', source, 'StreamingDistributionConfig', 'Logging.Bucket') },
  { type: 'AWS::Redshift::Cluster', destinations: (source) => destinationAt('redshift', source, 'LoggingProperties', 'BucketName') },
  { type: 'AWS::Logs::DeliveryDestination', destinations: (source) => destinationAt('vended-logs', source, 'DestinationResourceArn', '') },
];

/** The destination in a property; nothing if logging is switched off. */
function destinationAt(writer: LogWriter, source: DeployedResource, property: string, path: string, enabled?: string): Destination[] {
  const around = source.property(property);
  const destination = path.split('.').filter((step) => step !== '').reduce<any>((value, step) => (isObject(value) ? value[step] : isUnknownValue(value) ? value : undefined), around);
  const isOff = enabled !== undefined && isObject(around) && !isOn(around[enabled]) && !isUnknownValue(around[enabled]);
  return destination === undefined || isOff ? [] : [{ writer, destination }];
}

/**
 * Load balancers have their settings as attributes: of access logs, connection logs and health check logs.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
 */
function ofLoadBalancer(source: DeployedResource): Destination[] {
  const writer = source.property('Type') === 'network' ? 'network-load-balancer' : 'load-balancer';
  const attributes = source.property('LoadBalancerAttributes');
  if (isUnknownValue(attributes)) {
    return [{ writer, destination: attributes }];
  }
  const values = new Map<string, unknown>((Array.isArray(attributes) ? attributes : []).filter(isObject).map(({ Key, Value }) => [jsonText(Key), Value]));
  return Array.from(values).flatMap(([key, destination]) => {
    const [, logs] = /^(\w+_logs\.s3)\.bucket$/.exec(key) ?? [];
    const enabled = logs && values.get(`${logs}.enabled`);
    return logs !== undefined && (isOn(enabled) || isUnknownValue(enabled)) ? [{ writer, destination }] : [];
  });
}
