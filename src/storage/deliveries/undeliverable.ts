import { Stack, Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { DeliveryDetails } from './delivery-source';
import { partitionOf, REGIONS } from '../../aws/regions';
import { EncryptionKind, ServiceDelivery } from '../../aws/services';
import { encryptionOf } from '../../guardrails/bucket-encryption';
import { Refusal } from '../../refusal';
import { known } from '../../sharing/names';

/** How a bucket encrypts by default, as services demand it. */
export function encryptionKind(bucket: s3.CfnBucket): EncryptionKind | undefined {
  const encryption = encryptionOf(bucket);
  switch (encryption.kind) {
    case 'sse-s3': return 'SSE-S3';
    case 'kms': return encryption.algorithm === 'aws:kms:dsse' ? 'DSSE-KMS' : 'SSE-KMS';
    default: return undefined;
  }
}

/** Why a service cannot deliver to a bucket, as AWS documents it, with the way out; nothing if it can. */
export function undeliverable(row: ServiceDelivery, details: DeliveryDetails, bucket: s3.CfnBucket): Refusal[] {
  const { demands, title } = row;
  const { account, region } = Stack.of(bucket);
  const encryption = encryptionKind(bucket);
  const elsewhere = (places: readonly string[] = [], here: string) => places.filter((place) => known(place) !== undefined && known(here) !== undefined && place !== here);
  const sourceRegions = details.sourceBuckets?.map((source) => source.env.region) ?? details.sourceRegions;
  const otherRegions = demands.region === 'same' ? elsewhere(sourceRegions, region) : [];
  const otherAccounts = demands.account === 'same' ? elsewhere(details.sourceAccounts, account) : [];
  const otherPartitions = elsewhere([...sourceRegions ?? [], ...fixedRegions(row)], region).filter((place) => partitionOf(place) !== partitionOf(region));
  return [
    ...(otherPartitions.length > 0 ? [{
      name: 'DeliveryFromOtherPartition',
      problem: `${title} are delivered within one partition of AWS. The bucket is in ${region}, and AWS documents them for ${otherPartitions.join(' and ')}.`,
      remedy: 'Deliver to a bucket of that partition. If AWS offers the service here, call DeliverySource.service with the source that its documentation names.',
    }] : []),
    ...(demands.acls === 'needed' ? [{
      name: 'DeliveryNeedsAcls', problem: `${title} need ACLs, and this bucket has them disabled.`, remedy: WAYS_OUT[row.id] ?? 'Deliver to a bucket of its own.',
    }] : []),
    ...(encryption !== undefined && !demands.encryption.includes(encryption) ? [{
      name: 'DeliveryToOtherEncryption',
      problem: `${title}: AWS delivers to buckets encrypted with ${demands.encryption.join(' or ')}, and this bucket is encrypted with ${encryption}.`,
      remedy: WAYS_OUT[row.id] ?? `Deliver to ${demands.encryption.includes('SSE-KMS') ? 'a SecureBucket with its default encryption (BucketEncryption.KMS)' : 'an AccessLogBucket'}.`,
    }] : []),
    ...(demands.bucketName !== undefined && beginsWith(bucket, demands.bucketName) === false ? [{
      name: 'DeliveryToOtherName',
      problem: `${title}: the name of the bucket must begin with '${demands.bucketName}'.`,
      remedy: 'Set \'bucketName\' to a name that begins so, or \'bucketNamePrefix\' in the account-regional namespace. A bucket that has another name already is replaced then.',
    }] : []),
    ...(otherRegions.length > 0 ? [{
      name: 'DeliveryFromOtherRegion', problem: `${title} are delivered within one Region, and the bucket is in ${region}, not in ${otherRegions.join(' and ')}.`, remedy: 'Make a bucket in each of the Regions.',
    }] : []),
    ...(otherAccounts.length > 0 ? [{
      name: 'DeliveryFromOtherAccount', problem: `${title} are delivered within one account, and the bucket is in ${account}, not in ${otherAccounts.join(' and ')}.`, remedy: 'Make a bucket in each of the accounts.',
    }] : []),
    ...(demands.defaultRetention === 'stops-it' && hasDefaultRetention(bucket) ? [{
      name: 'DeliveryUnderRetention', problem: `${title} are not delivered to a bucket with a default retention (Object Lock).`, remedy: "Leave 'objectLockDefaultRetention' out.",
    }] : []),
  ];
}

/** The Region of the sources, where the service has one for all. */
function fixedRegions({ source: { arn = '' } }: ServiceDelivery): string[] {
  const [, , , region = ''] = arn.split(':');
  return REGIONS.includes(region) ? [region] : [];
}

/** What else there is for those who meet a demand in vain. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  'application-load-balancer-logs': 'Deliver to an AccessLogBucket, or have CloudWatch deliver them: DeliverySource.applicationLoadBalancerLogsThroughCloudWatch.',
  'cloudfront-legacy-logs': 'Use standard logging v2: DeliverySource.cloudFrontLogs.',
  'server-access-logs': 'Deliver to an AccessLogBucket, or have CloudWatch deliver them: DeliverySource.serverAccessLogsThroughCloudWatch.',
};

/** What AWS does not document of a delivery, or what is known at deployment only: whether it arrives is not decided. */
export function undecidedDelivery({ demands, title, files }: ServiceDelivery, bucket: s3.CfnBucket): string[] {
  return [
    ...(demands.bucketName !== undefined && beginsWith(bucket, demands.bucketName) === undefined ? [`${title}: the name of the bucket must begin with '${demands.bucketName}', and it is known at deployment only.`] : []),
    ...(files.some(({ encryption }) => encryption === 'not-documented') && encryptionKind(bucket) !== 'SSE-S3' ? [
      `${title}: AWS does not document whether they are delivered to buckets encrypted with a customer managed key. Check that the files arrive, or deliver to an AccessLogBucket.`,
    ] : []),
  ];
}

/** Whether the name of a bucket begins in a way; undefined if it is known at deployment only. CloudFormation makes names of the stack's. */
function beginsWith({ stack, bucketName, bucketNamePrefix }: s3.CfnBucket, beginning: string): boolean | undefined {
  const written = stack.resolve(bucketName) ?? stack.resolve(bucketNamePrefix);
  const [, [first = ''] = []] = written?.['Fn::Join'] ?? [];
  const text = typeof written === 'string' ? written : typeof first === 'string' ? first : '';
  if (text.startsWith(beginning)) {
    return true;
  }
  return written === undefined || typeof written === 'string' || !beginning.startsWith(text) ? false : undefined;
}

function hasDefaultRetention({ stack, objectLockConfiguration }: s3.CfnBucket): boolean {
  const configuration = Token.isUnresolved(objectLockConfiguration) ? stack.resolve(objectLockConfiguration) : objectLockConfiguration;
  return (configuration as { rule?: unknown } | undefined)?.rule !== undefined;
}
