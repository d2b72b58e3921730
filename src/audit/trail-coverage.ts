import { Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Refusal } from '../refusal';

/** Where a trail records, as far as it is known. */
export interface TrailCoverage {
  readonly account: string;
  readonly region: string;
  readonly isMultiRegion?: boolean;
  readonly isOfOrganization?: boolean;
}

interface Reach {
  readonly what: string;
  readonly ofBucket: string;
  readonly ofTrail: string;

  /** Whether the trail reaches beyond its own. */
  readonly isWide?: boolean;
  readonly remedy: string;
}

/** Why a trail would record nothing of some buckets. */
export function uncovered(buckets: readonly s3.IBucket[], trail: TrailCoverage): Refusal[] {
  return buckets.flatMap((bucket) => reaches(bucket, trail).filter((reach) => covers(reach) === false).map(({ what, ofBucket, ofTrail, remedy }) => ({
    problem: `the bucket '${bucket.node.path}' is in the ${what} ${ofBucket}, and the trail records the ${what} ${ofTrail} only.`, remedy,
  })));
}

/** The buckets of which it is not known whether a trail records them, and what it depends on. */
export function undecidedCoverage(buckets: readonly s3.IBucket[], trail: TrailCoverage): string[] {
  return buckets.flatMap((bucket) => reaches(bucket, trail).filter((reach) => covers(reach) === undefined)
    .map(({ what }) => `Not decided: whether the trail records the bucket '${bucket.node.path}'. It depends on the ${what} of the trail and of the bucket.`));
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html */
function reaches(bucket: s3.IBucket, { account, region, isMultiRegion, isOfOrganization }: TrailCoverage): Reach[] {
  return [
    { what: 'account', ofBucket: bucket.env.account, ofTrail: account, isWide: isOfOrganization, remedy: 'Make a BucketDataEvents in the account of the bucket, or record with the trail of the organization.' },
    { what: 'Region', ofBucket: bucket.env.region, ofTrail: region, isWide: isMultiRegion, remedy: 'Make the trail a multi-Region trail, or make a BucketDataEvents in the Region of the bucket.' },
  ];
}

function covers({ ofBucket, ofTrail, isWide }: Reach): boolean | undefined {
  if (ofBucket === ofTrail || isWide === true) {
    return true;
  }
  return isWide === undefined || [ofBucket, ofTrail].some((text) => Token.isUnresolved(text)) ? undefined : false;
}
