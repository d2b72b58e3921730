import { Mentions } from '../mentions';
import { Choice, present, ResourceFacts } from '../part';
import { valuesOfKey } from '../values';

const ALGORITHM = 's3:x-amz-server-side-encryption';
const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const CUSTOMER_ALGORITHM = 's3:x-amz-server-side-encryption-customer-algorithm';

/** Condition keys, in lower case, that say how an upload is to be encrypted. */
export const UPLOAD_KEYS: ReadonlySet<string> = new Set([ALGORITHM, KEY_ID, CUSTOMER_ALGORITHM]);

/**
 * What an upload says about its encryption: nothing, an algorithm, a KMS key in any of its forms, or a key of the caller's own.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function uploadHeaders(mentions: Mentions, { partition }: ResourceFacts): Choice[] {
  const strangeKey = `arn:${partition}:kms:eu-west-1:999988887777:key/another`;
  const { values, isExact } = mentions.has(KEY_ID) ? valuesOfKey(mentions, KEY_ID, strangeKey) : { values: [strangeKey], isExact: true };
  const otherForms = ['alias/aws/s3', '1234abcd-12ab-34cd-56ef-1234567890ab'].filter((form) => !values.includes(form));
  const said = (context: Record<string, string | undefined>): Choice => ({ kind: 'present', context: present(context) });
  return [
    { kind: 'absent', context: present({}) },
    said({ [ALGORITHM]: 'AES256' }),
    said({ [ALGORITHM]: 'aws:fsx' }),
    ...['aws:kms', 'aws:kms:dsse'].flatMap((algorithm) => [undefined, ...values, ...otherForms].map((key) => said({ [ALGORITHM]: algorithm, [KEY_ID]: key }))),
    said({ [CUSTOMER_ALGORITHM]: 'AES256' }),
    ...(isExact ? [] : [{ ...said({}), isOpen: true }]),
  ];
}
