import { Guarantee } from '../../policy/prove';
import { valueIn } from '../../policy/space/facet';

/** Condition keys of an upload: the algorithm and the key that it asks for, and the algorithm of a key that the caller brings (SSE-C). */
export const ALGORITHM = 's3:x-amz-server-side-encryption';
export const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
export const CUSTOMER_ALGORITHM = 's3:x-amz-server-side-encryption-customer-algorithm';

const CUSTOMER_KEY = CUSTOMER_ALGORITHM.toLowerCase();

/** No object is uploaded with SSE-C. */
export const NO_CUSTOMER_PROVIDED_KEYS: Guarantee = {
  sentence: 'No upload with a key of the caller (SSE-C) is let through.',
  breaches: [{ operation: ({ kind }) => kind === 'upload', upload: (choice) => valueIn(choice, CUSTOMER_KEY) !== undefined }],
  mentions: { [CUSTOMER_KEY]: [] },
};

/**
 * Nothing is uploaded with another key that S3 knows of: of keys of the caller, `NO_CUSTOMER_PROVIDED_KEYS` speaks.
 *
 * @param algorithms the algorithms that an upload may ask for
 * @param isHeaderRequired whether an upload that says nothing, and gets the bucket's default, is not let through either
 */
export function encryptedUploads(algorithms: readonly string[], keyArn: string, isHeaderRequired: boolean): Guarantee {
  const [algorithmKey, keyIdKey] = [ALGORITHM, KEY_ID].map((key) => key.toLowerCase());
  return {
    sentence: `No upload is let through that would not be encrypted by ${algorithms.join(' or ')} with ${keyArn}${isHeaderRequired ? ', and says so' : ''}.`,
    breaches: [{
      operation: ({ kind }) => kind === 'upload',
      upload: (choice) => {
        const asked = valueIn(choice, algorithmKey);
        const isRight = asked !== undefined && algorithms.includes(asked) && valueIn(choice, keyIdKey) === keyArn;
        return valueIn(choice, CUSTOMER_KEY) === undefined && (asked === undefined ? isHeaderRequired : !isRight);
      },
    }],
    mentions: { [algorithmKey]: algorithms.map((text) => ({ kind: 'text', text } as const)), [keyIdKey]: [{ kind: 'text', text: keyArn }] },
  };
}
