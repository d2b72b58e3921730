import { Mentions } from '../mentions';
import { Choice, present } from '../part';
import { numbers } from '../values';

const AUTH_TYPE = 's3:authtype';
const VERSION = 's3:signatureversion';
const AGE = 's3:signatureage';

/** Condition keys, in lower case, that follow from the signature. */
export const SIGNING_KEYS: ReadonlySet<string> = new Set([AUTH_TYPE, VERSION, AGE]);

const VERSIONS_4 = ['AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'];
const LONGEST_AGES: Readonly<Record<string, number>> = {
  'REST-HEADER': 899_999, // milliseconds: S3 refuses signed headers that are older than 15 minutes
  'REST-QUERY-STRING': 604_800_000, // milliseconds: seven days, the longest that a presigned URL is valid
  'POST': 604_800_000,
};

/**
 * How a request is signed: in a header, in a presigned URL, in a form, or not at all. The age of a Signature Version 2 is always 0.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
 */
export function signings(mentions: Mentions): Choice[] {
  const signed = Object.entries(LONGEST_AGES).flatMap(([type, longest]) => {
    const { values, isExact } = numbers(mentions.testsOf(AGE), 0, longest);
    const choice = (version: string, age: string): Choice => ({ kind: `${type} ${VERSIONS_4.includes(version) ? '4' : '2'}`, context: present({ [AUTH_TYPE]: type, [VERSION]: version, [AGE]: age }) });
    const open = isExact ? [] : [{ ...choice(VERSIONS_4[0], '0'), isOpen: true }];
    return [...VERSIONS_4.flatMap((version) => values.map((age) => choice(version, age))), choice('AWS', '0'), ...open];
  });
  return [...signed, { kind: 'unsigned', context: present({}) }];
}
