import { allOf, NO_AWS_SERVICE } from './callers';
import { CALLING_SERVICES, exceptFor } from './exception-words';
import { Conditions, Guarantee } from '../proof/guarantee';

/** Condition keys of an upload: the algorithm and the key that it asks for, and the algorithm of a key that the caller brings (SSE-C). */
export const ALGORITHM = 's3:x-amz-server-side-encryption';
export const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
export const CUSTOMER_ALGORITHM = 's3:x-amz-server-side-encryption-customer-algorithm';

/** No object is uploaded with SSE-C. */
export const NO_CUSTOMER_PROVIDED_KEYS: Guarantee = {
  sentence: 'No upload with a key of the caller (SSE-C) is let through.',
  breaches: [upload({ Null: { [CUSTOMER_ALGORITHM]: 'false' } })],
};

/**
 * Nothing is uploaded with another key that S3 knows of: of keys of the caller, `NO_CUSTOMER_PROVIDED_KEYS` speaks.
 *
 * @param algorithms the algorithms that an upload may ask for
 * @param isHeaderRequired whether an upload that says nothing, and gets the bucket's default, is not let through either
 */
export function encryptedUploads(algorithms: readonly string[], keyArn: string, isHeaderRequired: boolean): Guarantee {
  return {
    sentence: `No upload is let through that would not be encrypted by ${algorithms.join(' or ')} with ${keyArn}${isHeaderRequired ? ', and says so' : ''}.`,
    breaches: [
      upload({ Null: { [ALGORITHM]: 'false', [CUSTOMER_ALGORITHM]: 'true' }, StringNotEquals: { [ALGORITHM]: algorithms } }),
      upload({ Null: { [ALGORITHM]: 'false', [CUSTOMER_ALGORITHM]: 'true' }, StringNotEquals: { [KEY_ID]: keyArn } }),
      ...(isHeaderRequired ? [upload({ Null: { [ALGORITHM]: 'true', [CUSTOMER_ALGORITHM]: 'true' } })] : []),
    ],
  };
}

/**
 * Nothing is uploaded that asks for another algorithm than the bucket's own, where it is not held to a key.
 *
 * @param sparesServices whether AWS services deliver with the encryption that they were set up with
 */
export function uploadsByAlgorithm(algorithm: string, sparesServices: boolean): Guarantee {
  return {
    sentence: `No upload is let through that asks for other encryption than ${algorithm}${exceptFor(sparesServices ? [CALLING_SERVICES] : [])}.`,
    breaches: [upload(allOf({ Null: { [ALGORITHM]: 'false', [CUSTOMER_ALGORITHM]: 'true' }, StringNotEquals: { [ALGORITHM]: algorithm } }, sparesServices ? NO_AWS_SERVICE : {}))],
  };
}

function upload(conditions: Conditions) {
  return { Action: 's3:PutObject', Condition: conditions };
}
