import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { known } from './names';
import { sharedBucket } from './shared-data';
import { COMMERCIAL, isEnabledByDefault, partitionOf } from '../aws/regions';
import { Refusal } from '../refusal';

const MOST_REGIONS = 17; // https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html

/**
 * Why buckets cannot be behind one multi-Region access point.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/multi-region-access-point-buckets.html
 */
export function unusableBuckets(accessPoint: IConstruct, buckets: readonly s3.IBucket[]): Refusal[] {
  return [
    ...(buckets.length === 0 ? [{ name: 'NoBuckets', problem: "'buckets' is empty: no bucket would answer.", remedy: 'Pass a bucket of each Region.' }] : []),
    ...(buckets.length > MOST_REGIONS ? [{ name: 'TooManyBuckets', problem: `${buckets.length} buckets are too many: S3 accepts ${MOST_REGIONS}.`, remedy: 'Make several access points.' }] : []),
    ...withoutMultiRegionAccessPoints(Stack.of(accessPoint)),
    ...buckets.flatMap(unusableRegion),
    ...ofOneRegion(buckets),
    ...buckets.filter((bucket) => Stack.of(accessPoint) !== Stack.of(bucket) && !sharedBucket(bucket).hasKnownName()).map(({ node }) => ({
      name: 'UnnamedBucket',
      problem: `the bucket '${node.path}' is of another stack, and gets its name at deployment.`,
      remedy: "Give it a 'bucketName', or a 'bucketNamePrefix' in the account-regional namespace.",
    })),
  ];
}

/** Why there are no multi-Region access points where a stack is; nothing if there are. */
export function withoutMultiRegionAccessPoints({ region }: Stack): Refusal[] {
  return known(region) === undefined || partitionOf(region) === COMMERCIAL ? [] : [{
    name: 'NoMultiRegionAccessPoints', problem: `S3 has no multi-Region access points in partition ${partitionOf(region)}.`, remedy: 'Give each Region a SharedDatasetAccessPoint.',
  }];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ConfiguringMrapOptInRegions.html */
function unusableRegion({ node, env: { region } }: s3.IBucket): Refusal[] {
  if (known(region) === undefined) {
    return [{
      name: 'UnknownRegion', problem: `the Region of the bucket '${node.path}' is not known at synthesis.`, remedy: "Set 'env' on its stack, or import it with its 'region' (Bucket.fromBucketAttributes).",
    }];
  }
  return isEnabledByDefault(region) ? [] : [{
    name: 'UnsupportedRegion',
    problem: partitionOf(region) === COMMERCIAL
      ? `the bucket '${node.path}' is in ${region}, which accounts have to enable: AWS supports such Regions behind multi-Region access points by SDKs and the AWS CLI only.`
      : `the bucket '${node.path}' is in ${region}, of partition ${partitionOf(region)}, which has no multi-Region access points.`,
    remedy: 'Use a bucket of a Region that is enabled by default, or make the access point by the AWS CLI and import it.',
  }];
}

function ofOneRegion(buckets: readonly s3.IBucket[]): Refusal[] {
  const regions = new Set(buckets.map(({ env }) => env.region).filter((region) => known(region)));
  return [...regions].flatMap((region) => {
    const same = buckets.filter(({ env }) => env.region === region).map(({ node }) => `'${node.path}'`);
    return same.length < 2 ? [] : [{ name: 'RegionTwice', problem: `${same.join(' and ')} are in ${region}, and a multi-Region access point has one bucket a Region.`, remedy: 'Leave out all but one.' }];
  });
}
