import { Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Refusal } from '../refusal';

/** Of which buckets something sees what happens, as far as it is known. */
export interface Coverage {
  readonly account: string;
  readonly region: string;

  /** Whether it sees the buckets of all Regions. */
  readonly isMultiRegion?: boolean;

  /** Whether it sees the buckets of all accounts of its organization. */
  readonly isOfOrganization?: boolean;
}

/** What sees it, in words. */
export interface Observer {
  /** As in "the trail records". */
  readonly who: string;
  readonly does: string;

  /** What to do for a bucket of another account. */
  readonly otherAccount: string;

  /** What to do for a bucket of another Region. */
  readonly otherRegion: string;
}

interface Reach {
  readonly what: string;
  readonly ofBucket: string;
  readonly ofObserver: string;

  /** Whether it reaches beyond its own. */
  readonly isWide?: boolean;
  readonly remedy: string;
}

/** Why something would see nothing of what happens to some buckets. */
export function uncovered(buckets: readonly s3.IBucket[], coverage: Coverage, observer: Observer): Refusal[] {
  return buckets.flatMap((bucket) => reaches(bucket, coverage, observer).filter((reach) => covers(reach) === false).map(({ what, ofBucket, ofObserver, remedy }) => ({
    problem: `the bucket '${bucket.node.path}' is in the ${what} ${ofBucket}, and ${observer.who} ${observer.does} the ${what} ${ofObserver} only.`, remedy,
  })));
}

/** The buckets of which that is not known, and what it depends on. */
export function undecidedCoverage(buckets: readonly s3.IBucket[], coverage: Coverage, observer: Observer): string[] {
  return buckets.flatMap((bucket) => reaches(bucket, coverage, observer).filter((reach) => covers(reach) === undefined)
    .map(({ what }) => `Not decided: whether ${observer.who} ${observer.does} the bucket '${bucket.node.path}'. It depends on the ${what} of ${observer.who} and of the bucket.`));
}

function reaches(bucket: s3.IBucket, { account, region, isMultiRegion, isOfOrganization }: Coverage, { otherAccount, otherRegion }: Observer): Reach[] {
  return [
    { what: 'account', ofBucket: bucket.env.account, ofObserver: account, isWide: isOfOrganization, remedy: otherAccount },
    { what: 'Region', ofBucket: bucket.env.region, ofObserver: region, isWide: isMultiRegion, remedy: otherRegion },
  ];
}

function covers({ ofBucket, ofObserver, isWide }: Reach): boolean | undefined {
  if (ofBucket === ofObserver || isWide === true) {
    return true;
  }
  return isWide === undefined || [ofBucket, ofObserver].some((text) => Token.isUnresolved(text)) ? undefined : false;
}
