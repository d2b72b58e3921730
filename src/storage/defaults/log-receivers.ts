import { ReadResource } from './named-references';

/** Logs that a resource sends to a bucket. */
export interface SentLogs {
  readonly destination: unknown;
  readonly needsAcls?: boolean;
}

/**
 * The buckets to which a resource sends logs that take no KMS key of the bucket's own; or take it only with a statement in the key's policy for
 * which the documentation names no confining conditions (CloudFront, Network Load Balancers).
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-access-logs.html
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/db-auditing.html
 */
const SENDERS: Readonly<Record<string, (properties: any) => SentLogs[]>> = {
  'AWS::S3::Bucket': ({ LoggingConfiguration }) => [{ destination: LoggingConfiguration?.DestinationBucketName }],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ({ LoadBalancerAttributes }) => loadBalancerLogs(LoadBalancerAttributes),
  'AWS::ElasticLoadBalancing::LoadBalancer': ({ AccessLoggingPolicy }) => [{ destination: AccessLoggingPolicy?.S3BucketName }],
  'AWS::CloudFront::Distribution': ({ DistributionConfig }) => [{ destination: DistributionConfig?.Logging?.Bucket, needsAcls: true }],
  'AWS::CloudFront::StreamingDistribution': ({ StreamingDistributionConfig }) => [{ destination: StreamingDistributionConfig?.Logging?.Bucket, needsAcls: true }],
  'AWS::Redshift::Cluster': ({ LoggingProperties }) => [{ destination: LoggingProperties?.BucketName }],
};

export const SENDER_TYPES = Object.keys(SENDERS);

/** The logs that a resource sends to buckets. */
export function sentLogs({ type, properties }: ReadResource): SentLogs[] {
  return (SENDERS[type]?.(properties) ?? []).filter(({ destination }) => destination !== undefined);
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html */
function loadBalancerLogs(attributes: unknown): SentLogs[] {
  return (Array.isArray(attributes) ? attributes : []).flatMap(({ Key, Value }) => (/^\w+_logs\.s3\.bucket$/.test(String(Key)) ? [{ destination: Value }] : []));
}
