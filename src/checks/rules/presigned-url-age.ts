import { testsOf } from '../../guarantees/mentioned-values';
import { youngPresignedUrls } from '../../guarantees/presigned-urls';
import { Policy } from '../../policy/document';
import { numberOf } from '../../policy/operators';
import { Guarantee } from '../../proof/guarantee';
import { Rule } from '../finding';
import { proven } from '../proven';

const LONGEST_AGE = 604_800_000; // milliseconds: seven days, the longest that a signature is valid

export const presignedUrlAge: Rule = {
  id: 'PresignedUrlAge',
  requirement: 'A deny that limits the age of presigned URLs limits all of them.',
  reason: 'A presigned URL carries the rights of its signer until it expires; Signature Version 2 tells no age.',
  severity: 'medium',
  severityReason: 'The limit is a layer; a URL still works only as long as its signer said.',
  guide: '10',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html',
  judgeBuckets: ({ inventory, buckets }) => buckets.flatMap((bucket) => proven(inventory, bucket, ({ policy }) => presignedUrlGuarantee(policy!), "Deny everything where 's3:authType' is 'REST-QUERY-STRING' and 's3:signatureAge' is above the limit, and where 's3:signatureversion' is 'AWS'; see LimitPresignedUrlAge.")),
};

/** What a policy seems to promise of presigned URLs, if anything. */
export function presignedUrlGuarantee(policy: Policy): Guarantee | undefined {
  const limit = intendedLimit(policy);
  return limit === undefined ? undefined : youngPresignedUrls(limit);
}

/** The longest age, in milliseconds, that the denies can be meant to allow; less than the longest that exists, or they limit nothing. */
function intendedLimit({ statements }: Policy): number | undefined {
  const tests = testsOf(statements.filter(({ effect }) => effect === 'Deny'), ['s3:signatureage']);
  const ages = tests.flatMap(({ values }) => values.flatMap((value) => numberOf(value.source) ?? []));
  return tests.length === 0 ? undefined : Math.min(LONGEST_AGE - 1, ...(ages.length > 0 ? [Math.max(...ages)] : []));
}
