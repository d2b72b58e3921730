/** What the operations need that multi-Region access points offer. */
const OFFERED = new Set([
  ...['GetObject', 'GetObjectVersion', 'PutObject', 'DeleteObject', 'DeleteObjectVersion', 'AbortMultipartUpload', 'RestoreObject'],
  ...['ListBucket', 'ListBucketMultipartUploads', 'ListMultipartUploadParts'],
  ...['Get', 'Put'].flatMap((verb) => ['Acl', 'VersionAcl', 'Tagging', 'VersionTagging', 'LegalHold', 'Retention'].map((what) => `${verb}Object${what}`)),
  ...['DeleteObjectTagging', 'DeleteObjectVersionTagging'],
].map((name) => `s3:${name.toLowerCase()}`));

/**
 * Whether an action belongs to an operation that multi-Region access points offer: those on objects, and lists of them.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MrapOperations.html
 */
export function isOfferedInEachRegion(action: string): boolean {
  return OFFERED.has(action.toLowerCase());
}
