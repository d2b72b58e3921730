import { tlsFloor as floor } from '../../guarantees/transport';
import { Rule } from '../finding';
import { fixedBy, requireTlsFix } from '../fix';
import { proven, withoutPolicy } from '../proven';

/** Nothing is let through over a version of TLS that is broken. */
export const TLS_FLOOR = floor(1.2);

const REMEDY = "Deny 's3:*' on the bucket and on its objects to everyone where 's3:TlsVersion' is less than 1.2.";

export const tlsFloor: Rule = {
  id: 'TlsFloor',
  requirement: 'Every request over TLS older than 1.2 is denied.',
  reason: 'Older versions are broken.',
  severity: 'medium',
  severityReason: 'A layer is missing: data is exposed when a client uses an old version of TLS.',
  guide: '7.1',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html#example-object-tls-version',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap((bucket) => fixedBy(bucket.policies.length === 0
    ? withoutPolicy(inventory, bucket, 'The bucket has no policy, so that nothing denies requests over old versions of TLS.', REMEDY)
    : proven(inventory, bucket, () => TLS_FLOOR, REMEDY), requireTlsFix(bucket, "{ NumericLessThan: { 's3:TlsVersion': '1.2' } }"))),
};
