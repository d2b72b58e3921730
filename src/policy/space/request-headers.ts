import { ResourceFacts, Choice, combinations, Facet, present } from './facet';
import { Mentions } from './mentions';

const TLS_VERSIONS = ['1.3', '1.2', '1.1', '1.0'];

/** Plain HTTP, or HTTPS with one of the versions of TLS. */
export function transports(): Facet {
  return facet('transport', ['aws:securetransport', 's3:tlsversion'], [
    ...TLS_VERSIONS.map((version) => choice('https', { 'aws:securetransport': 'true', 's3:tlsversion': version })),
    choice('http', { 'aws:securetransport': 'false' }),
  ]);
}

const ALGORITHM = 's3:x-amz-server-side-encryption';
const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const CUSTOMER_ALGORITHM = 's3:x-amz-server-side-encryption-customer-algorithm';

/**
 * What an upload says about its encryption: nothing, an algorithm, a KMS key in any of its forms, or a key of the caller's own.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function uploads(mentions: Mentions, bucket: ResourceFacts): Facet {
  const algorithms = mentions.classesOf(ALGORITHM, 'AES256').values;
  const otherKeys = ['alias/aws/s3', '1234abcd-12ab-34cd-56ef-1234567890ab'];
  const keys = [...mentions.classesOf(KEY_ID, `arn:${bucket.partition}:kms:eu-west-1:999988887777:key/another`).values, ...(mentions.has(KEY_ID) ? otherKeys : [])];
  const customer = mentions.classesOf(CUSTOMER_ALGORITHM, 'AES256').values;
  const said = new Set(['AES256', 'aws:kms', 'aws:kms:dsse', ...algorithms]);
  return {
    ...facet('upload', [ALGORITHM, KEY_ID, CUSTOMER_ALGORITHM], [
      choice('any', {}),
      ...[...said].flatMap((algorithm) => [undefined, ...(algorithm.startsWith('aws:kms') ? keys : [])].map((key) => choice('upload', { [ALGORITHM]: algorithm, [KEY_ID]: key }))),
      ...customer.map((algorithm) => choice('upload', { [CUSTOMER_ALGORITHM]: algorithm })),
    ]),
    goesWith: ({ kind }, _, operationKind) => kind === 'any' || operationKind === 'upload',
    isExact: mentions.isExact(ALGORITHM, KEY_ID, CUSTOMER_ALGORITHM),
  };
}

const AUTH_TYPE = 's3:authtype';
const VERSION = 's3:signatureversion';
const AGE = 's3:signatureage';
const LONGEST_AGE = 604_800_000; // milliseconds: seven days, the longest that a presigned URL is valid
const LONGEST_HEADER_AGE = 900_000; // milliseconds: S3 refuses signed headers that are older than 15 minutes

/**
 * How a request is signed: in a header, in a presigned URL, in a form, or not at all.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
 */
export function signings(mentions: Mentions): Facet {
  const ages = [...new Set(['0', ...mentions.allClassesOf(AGE, '0').values, String(LONGEST_AGE)])].filter((age) => Number(age) >= 0 && Number(age) <= LONGEST_AGE);
  const signed = (kind: string, version: string, age: string) => choice(kind, { [AUTH_TYPE]: kind, [VERSION]: version, [AGE]: age });
  const versions4 = ['AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'];
  return {
    ...facet('signing', [AUTH_TYPE, VERSION, AGE], [
      ...versions4.flatMap((version) => ages.filter((age) => Number(age) < LONGEST_HEADER_AGE).map((age) => signed('REST-HEADER', version, age))),
      signed('REST-HEADER', 'AWS', '0'), // the age of a Signature Version 2 is always 0
      ...versions4.flatMap((version) => ages.map((age) => signed('REST-QUERY-STRING', version, age))),
      signed('REST-QUERY-STRING', 'AWS', '0'),
      ...ages.map((age) => signed('POST', versions4[0], age)),
      choice('unsigned', {}),
    ]),
    goesWith: ({ kind }, callerKind, operationKind) =>
      (callerKind === 'anonymous') === (kind === 'unsigned') && (callerKind !== 'service' || kind === 'REST-HEADER') && (kind !== 'POST' || operationKind === 'upload'),
    isExact: mentions.isExact(AGE),
  };
}

const LISTING_KEYS = ['s3:prefix', 's3:delimiter', 's3:max-keys'];

/** What a listing asks for. */
export function listings(mentions: Mentions): Facet {
  const options: Record<string, readonly (string | undefined)[]> = Object.assign({}, ...LISTING_KEYS.map((key) => (mentions.has(key) ? { [key]: [undefined, ...mentions.classesOf(key, 'any/').values] } : {})));
  const asked = combinations(options).map((context) => choice('listing', context));
  return {
    ...facet('listing', LISTING_KEYS, [choice('any', {}), ...asked]),
    goesWith: ({ kind }, _, operationKind) => kind === 'any' || operationKind === 'listing',
    isExact: mentions.isExact(...LISTING_KEYS),
  };
}

const ACCESS_POINT = 's3:dataaccesspointarn';
const ACCESS_POINT_ACCOUNT = 's3:dataaccesspointaccount';
const NETWORK_ORIGIN = 's3:accesspointnetworkorigin';

/** Directly at the bucket, or through an access point of this account or another. */
export function accessPoints(mentions: Mentions, bucket: ResourceFacts): Facet {
  const keys = [ACCESS_POINT, ACCESS_POINT_ACCOUNT, NETWORK_ORIGIN];
  const through = !keys.some((key) => mentions.has(key)) ? [] : combinations({
    [ACCESS_POINT]: mentions.classesOf(ACCESS_POINT, `arn:${bucket.partition}:s3:eu-west-1:999988887777:accesspoint/another`).values,
    [ACCESS_POINT_ACCOUNT]: [...new Set([bucket.account, ...mentions.classesOf(ACCESS_POINT_ACCOUNT, '999988887777').values])],
    [NETWORK_ORIGIN]: ['Internet', 'VPC'],
  }).filter((context) => {
    const account = String(context[ACCESS_POINT]).split(':')[4];
    return !mentions.has(ACCESS_POINT) || !/^\d{12}$/.test(account) || account === context[ACCESS_POINT_ACCOUNT];
  });
  return { ...facet('access-point', keys, [choice('direct', {}), ...through.map((context) => choice('access-point', context))]), isExact: mentions.isExact(...keys) };
}

function facet(name: string, keys: readonly string[], choices: readonly Choice[]): Facet {
  return { name, owns: (key) => keys.includes(key), choices, goesWith: () => true, isExact: true };
}

function choice(kind: string, context: Record<string, string | readonly string[] | undefined>): Choice {
  return { kind, context: present(context) };
}
