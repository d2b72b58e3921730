import * as s3 from 'aws-cdk-lib/aws-s3';

const HARDENED = Symbol('cdk-secure-bucket.hardened');

/** Marks props as those of a bucket that hardens itself: `SecureBucketDefaults` leaves them alone. */
export function hardened(): s3.BucketProps {
  return { [HARDENED]: true } as s3.BucketProps;
}

export function isHardened(props: s3.BucketProps): boolean {
  return HARDENED in props;
}
