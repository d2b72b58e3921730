import { HTTPS_ONLY } from '../../guarantees/transport';
import { Rule } from '../finding';
import { fixedBy, requireTlsFix } from '../fix';
import { proven, withoutPolicy } from '../proven';

const REMEDY = "Deny 's3:*' on the bucket and on its objects to everyone where 'aws:SecureTransport' is 'false', without any other condition.";

export const requireTls: Rule = {
  id: 'RequireTls',
  requirement: 'Every request over plain HTTP is denied, whoever sends it, whatever it does.',
  reason: 'Over plain HTTP, everybody on the way reads and changes what is sent.',
  severity: 'medium',
  severityReason: 'A layer is missing: data is exposed when a client uses plain HTTP.',
  guide: '7.1',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html#transit',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap((bucket) => fixedBy(bucket.policies.length === 0
    ? withoutPolicy(inventory, bucket, 'The bucket has no policy, so that nothing denies requests over plain HTTP.', REMEDY)
    : proven(inventory, bucket, () => HTTPS_ONLY, REMEDY), requireTlsFix(bucket, "{ Bool: { 'aws:SecureTransport': 'false' } }"))),
};
