import { hasHeader, Needed, needs, needsOfSource, operation, OperationPermission, RequestHeaders, S3Operation } from './operation';

const GRANTS = ['x-amz-grant-full-control', 'x-amz-grant-read', 'x-amz-grant-read-acp', 'x-amz-grant-write', 'x-amz-grant-write-acp'];
const RETENTION = ['x-amz-object-lock-mode', 'x-amz-object-lock-retain-until-date', 'x-amz-object-lock-event-hold', 'x-amz-object-lock-event-hold-duration-days'];
const LEGAL_HOLD = ['x-amz-object-lock-legal-hold'];

/**
 * What an upload needs besides, by its headers.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
 */
const ACL = needs('PutObjectAcl', { when: setsList, because: 'the request sets an access control list (x-amz-acl or x-amz-grant-…)' });
const LOCKS: readonly OperationPermission[] = [
  needs('PutObjectRetention', { when: (headers) => hasHeader(headers, RETENTION), because: 'the request sets a retention (x-amz-object-lock-…)' }),
  needs('PutObjectLegalHold', { when: (headers) => hasHeader(headers, LEGAL_HOLD), because: 'the request sets a legal hold (x-amz-object-lock-legal-hold)' }),
];
const TAGS = needs('PutObjectTagging', { when: (headers) => hasHeader(headers, ['x-amz-tagging']), because: 'the request sets tags (x-amz-tagging)' });
const UPLOAD_OPTIONS = [ACL, TAGS, ...LOCKS];

/** A form that a browser posts says by fields what other uploads say by headers: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html */
const FORM_OPTIONS = [
  { ...ACL, when: (headers: RequestHeaders) => setsList({ ...headers, 'x-amz-acl': headers['x-amz-acl'] ?? headers.acl ?? '' }) },
  { ...TAGS, when: (headers: RequestHeaders) => hasHeader(headers, ['x-amz-tagging', 'tagging']) },
  ...LOCKS,
];

const BYPASS = needs('BypassGovernanceRetention', {
  when: (headers) => headers['x-amz-bypass-governance-retention']?.toLowerCase() === 'true',
  because: 'the request bypasses a retention (x-amz-bypass-governance-retention)',
});

const DECRYPT = ['kms:Decrypt'];
const ENCRYPT = ['kms:GenerateDataKey'];

/**
 * "The requester must have permission to the kms:Decrypt and kms:GenerateDataKey actions on the key": a part is read again when the upload is completed.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
 */
const ENCRYPT_PART = ['kms:GenerateDataKey', 'kms:Decrypt'];

const READ = needs('GetObject', { ofVersion: 'GetObjectVersion', keyActions: DECRYPT, findsObject: true });
const READ_SOURCE = needsOfSource('GetObject', { ofVersion: 'GetObjectVersion', keyActions: DECRYPT, findsObject: true, because: 'the request copies an object (x-amz-copy-source)' });
const COPIED_TAGS = 'tags are copied unless the request replaces them (x-amz-tagging-directive)';

/** Operations on objects. */
export const OBJECT_OPERATIONS: readonly S3Operation[] = [
  operation('GetObject', [READ]),
  operation('HeadObject', [READ]),
  operation('SelectObjectContent', [needs('GetObject', { keyActions: DECRYPT, findsObject: true })]),
  operation('GetObjectAttributes', [READ, needs('GetObjectAttributes', { ofVersion: 'GetObjectVersionAttributes' })]),
  operation('GetObjectAcl', [needs('GetObjectAcl', { ofVersion: 'GetObjectVersionAcl' })]),
  operation('GetObjectTagging', [needs('GetObjectTagging', { ofVersion: 'GetObjectVersionTagging' })]),
  operation('GetObjectTorrent', [needs('GetObjectTorrent', { ofVersion: 'GetObjectVersionTorrent' })]),
  operation('GetObjectRetention', [needs('GetObjectRetention')]),
  operation('GetObjectLegalHold', [needs('GetObjectLegalHold')]),
  operation('GetObjectAnnotation', [needs('GetObjectAnnotation', { ofVersion: 'GetObjectVersionAnnotation' })]),
  operation('ListObjectAnnotations', [needs('ListObjectAnnotations', { ofVersion: 'ListObjectVersionAnnotations' })]),

  operation('PutObject', [needs('PutObject', { keyActions: ENCRYPT }), ...UPLOAD_OPTIONS]),
  operation('PostObject', [needs('PutObject', { keyActions: ENCRYPT }), ...FORM_OPTIONS], { page: 'PutObject' }),
  operation('CopyObject', [
    needs('PutObject', { keyActions: ENCRYPT }),
    READ_SOURCE,
    needsOfSource('GetObjectTagging', { ofVersion: 'GetObjectVersionTagging', when: copiesTags, because: COPIED_TAGS }),
    ACL,
    needs('PutObjectTagging', { when: (headers) => (replacesTags(headers) ? hasHeader(headers, ['x-amz-tagging']) : copiesTags(headers)), because: `the copy gets tags: ${COPIED_TAGS}` }),
    ...LOCKS,
  ]),
  operation('CreateMultipartUpload', [needs('PutObject', { keyActions: ENCRYPT }), ...UPLOAD_OPTIONS]),
  operation('UploadPart', [needs('PutObject', { keyActions: ENCRYPT_PART })]),
  operation('UploadPartCopy', [needs('PutObject', { keyActions: ENCRYPT_PART }), READ_SOURCE]),
  operation('CompleteMultipartUpload', [needs('PutObject', { keyActions: DECRYPT })]),
  operation('AbortMultipartUpload', [needs('AbortMultipartUpload')]),
  operation('ListParts', [needs('ListMultipartUploadParts', { keyActions: DECRYPT })]),

  operation('DeleteObject', [needs('DeleteObject', { ofVersion: 'DeleteObjectVersion' }), BYPASS]),
  operation('DeleteObjects', [needs('DeleteObject', { ofVersion: 'DeleteObjectVersion' }), BYPASS]),
  operation('DeleteObjectTagging', [needs('DeleteObjectTagging', { ofVersion: 'DeleteObjectVersionTagging' })]),
  operation('DeleteObjectAnnotation', [needs('DeleteObjectAnnotation', { ofVersion: 'DeleteObjectVersionAnnotation' })]),
  operation('PutObjectAcl', [needs('PutObjectAcl', { ofVersion: 'PutObjectVersionAcl' })]),
  operation('PutObjectTagging', [needs('PutObjectTagging', { ofVersion: 'PutObjectVersionTagging' })]),
  operation('PutObjectRetention', [needs('PutObjectRetention'), BYPASS]),
  operation('PutObjectLegalHold', [needs('PutObjectLegalHold')]),
  operation('PutObjectAnnotation', [needs('PutObjectAnnotation', { ofVersion: 'PutObjectVersionAnnotation' })]),
  operation('RestoreObject', [needs('RestoreObject')]),
  operation('UpdateObjectEncryption', [needs('UpdateObjectEncryption', { keyActions: DECRYPT })], {
    leavesOpen: 'S3 also needs kms:Encrypt, kms:GenerateDataKey and kms:ReEncrypt* on the keys before and after the change, and the new key stands in the body of the request',
  }),
];

/**
 * Whether an upload sets an access control list. Whether S3 asks for a permission to set the one that objects have anyway, AWS does not document.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
 */
function setsList(headers: RequestHeaders): Needed {
  const list = headers['x-amz-acl'];
  return hasHeader(headers, GRANTS) || (hasHeader(headers, ['x-amz-acl']) && list !== 'private') ? true
    : list === 'private' ? "whether S3 asks for a permission where the access control list is 'private', as it is without the header: AWS does not document it" : false;
}

/**
 * Whether a copy reads the tags of its source.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
function copiesTags(headers: RequestHeaders): Needed {
  return replacesTags(headers) ? false : 'whether the object that is copied has tags';
}

function replacesTags(headers: RequestHeaders): boolean {
  return headers['x-amz-tagging-directive']?.toUpperCase() === 'REPLACE';
}
