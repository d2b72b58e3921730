import { ACCOUNT_OPERATIONS } from './account';
import { BUCKET_OPERATIONS } from './buckets';
import { OBJECT_OPERATIONS } from './objects';
import { hasHeader, RequestHeaders, S3Operation } from './operation';

export * from './operation';
export * from './other-services';

/**
 * What each operation of S3 and S3 Control needs, a row each.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export const S3_OPERATIONS: readonly S3Operation[] = [...OBJECT_OPERATIONS, ...BUCKET_OPERATIONS, ...ACCOUNT_OPERATIONS];

const BY_NAME = new Map(S3_OPERATIONS.map((row) => [row.name.toLowerCase(), row]));

/** Uploads that name an object to copy are other operations of the API under the same verb. */
const COPIES: Readonly<Record<string, string>> = { PutObject: 'CopyObject', UploadPart: 'UploadPartCopy' };

/** The row of an operation, by its name in any case, and whether it copies. Undefined if S3 has none. */
export function operationNamed(name: string, headers: RequestHeaders = {}): S3Operation | undefined {
  const row = BY_NAME.get(name.toLowerCase());
  const copy = row && hasHeader(headers, ['x-amz-copy-source']) && Object.hasOwn(COPIES, row.name) ? COPIES[row.name] : undefined;
  return copy === undefined ? row : BY_NAME.get(copy.toLowerCase());
}
