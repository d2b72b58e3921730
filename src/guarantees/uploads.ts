import { allOf, NO_AWS_SERVICE } from './callers';
import { CALLING_SERVICES, exceptFor } from './exception-words';
import { fixedAccountOf, spared, sparedValues } from './mentioned-values';
import { asksForSseS3 } from '../aws/services';
import { Statement } from '../policy/document';
import { Conditions, Guarantee } from '../proof/guarantee';

/** Condition keys of an upload: the algorithm and the key that it asks for, and the algorithm of a key that the caller brings (SSE-C). */
export const ALGORITHM = 's3:x-amz-server-side-encryption';
export const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
export const CUSTOMER_ALGORITHM = 's3:x-amz-server-side-encryption-customer-algorithm';

/** Uploads of AWS services that deliver for certain sources. */
export interface SparedUploads {
  /** Service principals. */
  readonly services: readonly string[];

  /** What they deliver for, as patterns of `aws:SourceArn`. */
  readonly sourceArns: readonly string[];
}

/** What deliveries are let through with that others are not. */
export interface SparedHeaders {
  /** Those that may ask for SSE-S3 instead of the key. */
  readonly forSseS3?: SparedUploads;

  /** Those that may ask for nothing, where the header is required. */
  readonly withoutHeader?: SparedUploads;
}

/** Conditions of uploads that are none of some deliveries: a request is one of them only if both fail. */
export function otherThan({ services, sourceArns }: SparedUploads): readonly [Conditions, Conditions] {
  return [{ ArnNotLike: { 'aws:SourceArn': sourceArns } }, { StringNotEquals: { 'aws:PrincipalServiceName': services } }];
}

/**
 * The deliveries that a policy spares on purpose although they ask for SSE-S3: of services that do so by themselves, for sources of accounts
 * that are named.
 */
export function sparedWithSseS3(statements: readonly Statement[]): SparedUploads | undefined {
  const denies = statements.filter(({ effect, conditions }) => effect === 'Deny' && conditions.some(({ key }) => key === ALGORITHM));
  const services = [...new Set(spared(denies, 'aws:principalservicename'))].filter(asksForSseS3);
  const sourceArns = [...new Set(sparedValues(denies, 'aws:sourcearn').map(({ text }) => text))].filter((arn) => fixedAccountOf(arn) !== undefined);
  return services.length > 0 && sourceArns.length > 0 ? { services, sourceArns } : undefined;
}

/** Uploads that ask for no encryption. */
const SILENT: Conditions = { Null: { [ALGORITHM]: 'true', [CUSTOMER_ALGORITHM]: 'true' } };

/** No object is uploaded with SSE-C. */
export const NO_CUSTOMER_PROVIDED_KEYS: Guarantee = {
  sentence: 'Uploads with a key of the caller (SSE-C) are denied.',
  breaches: [upload({ Null: { [CUSTOMER_ALGORITHM]: 'false' } })],
};

/**
 * Nothing is uploaded with another key that S3 knows of: of keys of the caller, `NO_CUSTOMER_PROVIDED_KEYS` speaks.
 *
 * @param algorithms the algorithms that an upload may ask for
 * @param isHeaderRequired whether an upload that says nothing, and gets the bucket's default, is not let through either
 * @param spared deliveries of AWS services that may ask for something else
 */
export function encryptedUploads(algorithms: readonly string[], keyArn: string, isHeaderRequired: boolean, { forSseS3, withoutHeader }: SparedHeaders = {}): Guarantee {
  const alsoAllowed = forSseS3 ? ['AES256'] : [];
  const withoutKey = { ...(forSseS3 ? { [ALGORITHM]: alsoAllowed } : {}), [KEY_ID]: keyArn };
  const sseS3: Conditions = { Null: { [CUSTOMER_ALGORITHM]: 'true' }, StringEquals: { [ALGORITHM]: 'AES256' } };
  return {
    sentence: `Uploads are denied unless they are encrypted by ${algorithms.join(' or ')} with ${keyArn}${isHeaderRequired ? ', and say so' : ''}${exceptFor([
      ...(forSseS3 ? [`uploads with SSE-S3 by ${deliveriesOf(forSseS3)}`] : []),
      ...(isHeaderRequired && withoutHeader ? [`uploads that say nothing by ${deliveriesOf(withoutHeader)}`] : []),
    ])}.`,
    breaches: [
      upload({ Null: { [ALGORITHM]: 'false', [CUSTOMER_ALGORITHM]: 'true' }, StringNotEquals: { [ALGORITHM]: [...algorithms, ...alsoAllowed] } }),
      upload({ Null: { [ALGORITHM]: 'false', [CUSTOMER_ALGORITHM]: 'true' }, StringNotEquals: withoutKey }),
      ...(forSseS3 ? otherThan(forSseS3).map((unspared) => upload(allOf(sseS3, unspared))) : []),
      ...(isHeaderRequired ? (withoutHeader ? otherThan(withoutHeader).map((unspared) => upload(allOf(SILENT, unspared))) : [upload(SILENT)]) : []),
    ],
  };
}

/**
 * Callers of other accounts name a key where the bucket names its own by an alias: that is looked up in their account. What they may upload, the policy of the bucket must allow.
 *
 * @param owner the account of the bucket
 */
export function namedKeyOfOthers(owner: string): Guarantee {
  const ofOthers: Conditions = { StringNotEquals: { 'aws:PrincipalAccount': owner } };
  return {
    sentence: 'Uploads of other accounts that name no key are denied: the bucket names its key by an alias, which is looked up in the account of the caller.',
    needsAllow: { Condition: ofOthers },
    breaches: [upload(allOf(SILENT, ofOthers, NO_AWS_SERVICE, { Null: { 'aws:PrincipalAccount': 'false' } }))],
  };
}

/**
 * No object that is there is encrypted anew with another key. Such a request always names the key by its ARN.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_S3UpdateObjectEncryptionSSEKMS.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function encryptedAnew(keyArn: string): Guarantee {
  return {
    sentence: `Requests that re-encrypt an object with another key than ${keyArn} are denied.`,
    breaches: [{ Action: 's3:UpdateObjectEncryption', Condition: { StringNotEquals: { [KEY_ID]: keyArn } } }],
  };
}

function deliveriesOf({ services, sourceArns }: SparedUploads): string {
  return `${services.join(' or ')} for ${sourceArns.join(' or ')}`;
}

/**
 * Nothing is uploaded that asks for another algorithm than the bucket's own, where it is not held to a key.
 *
 * @param sparesServices whether AWS services deliver with the encryption that they were set up with
 */
export function uploadsByAlgorithm(algorithm: string, sparesServices: boolean): Guarantee {
  return {
    sentence: `Uploads that ask for other encryption than ${algorithm} are denied${exceptFor(sparesServices ? [CALLING_SERVICES] : [])}.`,
    breaches: [upload(allOf({ Null: { [ALGORITHM]: 'false', [CUSTOMER_ALGORITHM]: 'true' }, StringNotEquals: { [ALGORITHM]: algorithm } }, sparesServices ? NO_AWS_SERVICE : {}))],
  };
}

function upload(conditions: Conditions) {
  return { Action: 's3:PutObject', Condition: conditions };
}
