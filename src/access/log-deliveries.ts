import { DeployedResource, Deployment, isObject } from '../template/deployment';
import { isOn, isUnknownValue } from '../template/settings';

/** Who writes logs into a bucket. What each of them can write to, differs. */
export type LogWriter = 's3-access-logs' | 'load-balancer' | 'network-load-balancer' | 'distribution' | 'redshift' | 'vended-logs';

/** Logs that a resource sends to a bucket. */
export interface LogDelivery {
  readonly writer: LogWriter;
  readonly source: DeployedResource;

  /** The name, ARN or domain name of the bucket; parts may not be known. */
  readonly destination: unknown;

  /** What the template says of the destination. */
  readonly written: unknown;
}

/** The logs that resources of a deployment send to buckets, wherever the bucket is configured. */
export function logDeliveries(deployment: Deployment): LogDelivery[] {
  return WRITERS.flatMap(({ type, destinations }) => deployment.ofType(type).flatMap((source) => destinations(source).map(({ writer, destination }): LogDelivery =>
    ({ writer, source, destination, written: source.definition.Properties }))));
}

/** Whether logs go to a bucket, as far as that is known: one that is named under a condition may be the one. */
export function deliversTo({ source, destination, written }: LogDelivery, bucket: DeployedResource): boolean {
  const names = ['Ref', 'Arn', 'DomainName', 'RegionalDomainName'].map((attribute) => bucket.reference(attribute));
  if (typeof destination === 'string' && names.some((name) => name === destination || destination.startsWith(`${name}/`))) {
    return true;
  }
  return isUnknownValue(destination) && source.stack === bucket.stack && source !== bucket && new RegExp(`"(?:Ref":|Fn::GetAtt":\\[)"${bucket.logicalId}"`).test(JSON.stringify(written));
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
  const values = new Map<string, unknown>((Array.isArray(attributes) ? attributes : []).filter(isObject).map(({ Key, Value }) => [String(Key), Value]));
  return Array.from(values).flatMap(([key, destination]) => {
    const [, logs] = /^(\w+_logs\.s3)\.bucket$/.exec(key) ?? [];
    const enabled = logs && values.get(`${logs}.enabled`);
    return logs !== undefined && (isOn(enabled) || isUnknownValue(enabled)) ? [{ writer, destination }] : [];
  });
}
