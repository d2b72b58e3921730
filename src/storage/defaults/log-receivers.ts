import { CfnResource } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { namesIn, readResource, readValue } from './named-references';
import { hasOverrides } from '../../guardrails/deployed-resource';
import { isRaw } from '../../guardrails/raw-resource';
import { jsonText } from '../../policy/json-text';

/** Logs that a bucket receives. */
export interface ReceivedLogs {
  readonly sender: CfnResource;
  readonly needsAcls: boolean;
}

interface SentLogs {
  readonly destination: unknown;
  readonly needsAcls?: boolean;
}

/**
 * Where resources send logs that take no KMS key of the bucket's own; or take it only with a statement in the key's policy for which the
 * documentation names no confining conditions (CloudFront, Network Load Balancers).
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
  'AWS::CloudFront::StreamingDistribution': ({ StreamingDistributionConfig: config }) => [{ destination: config?.Logging?.Bucket, needsAcls: true }],
  'AWS::Redshift::Cluster': ({ LoggingProperties }) => [{ destination: LoggingProperties?.BucketName }],
};

/** The logs that resources send, by the name of the bucket's construct, or by its physical name. */
export function logsByReceiver(resources: readonly CfnResource[]): Map<string, ReceivedLogs[]> {
  const received = new Map<string, ReceivedLogs[]>();
  for (const sender of resources.filter(({ cfnResourceType }) => cfnResourceType in SENDERS)) {
    for (const { destination, needsAcls = false } of sentBy(sender).filter(({ destination: place }) => place !== undefined)) {
      const text = typeof destination === 'string' ? destination : JSON.stringify(destination);
      [...namesIn(text), text.replace(/\.s3[.-].*$/, '')].forEach((name) => received.set(name, [...(received.get(name) ?? []), { sender, needsAcls }]));
    }
  }
  return received;
}

/** Buckets are many: of them, no more is read than is needed. */
function sentBy(sender: CfnResource): SentLogs[] {
  if (s3.CfnBucket.isCfnBucket(sender) && !isRaw(sender) && !hasOverrides(sender)) {
    const logging = readValue(sender.loggingConfiguration, sender);
    return [{ destination: logging?.destinationBucketName }];
  }
  return SENDERS[sender.cfnResourceType](readResource(sender)?.properties ?? {});
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html */
function loadBalancerLogs(attributes: unknown): SentLogs[] {
  return (Array.isArray(attributes) ? attributes : []).flatMap(({ Key, Value }) => (/^\w+_logs\.s3\.bucket$/.test(jsonText(Key)) ? [{ destination: Value }] : []));
}
