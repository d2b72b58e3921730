import { hasHeader, needs, operation, S3Operation } from './operation';

/** Operations on buckets that need one permission: the action, and the names under which the API and CloudTrail know what needs it. */
const BY_ACTION: Readonly<Record<string, string>> = {
  ListBucket: 'ListObjects ListObjectsV2 HeadBucket',
  ListBucketVersions: 'ListObjectVersions',
  ListBucketMultipartUploads: 'ListMultipartUploads',
  DeleteBucket: 'DeleteBucket',
  GetBucketLocation: 'GetBucketLocation',
  GetAccelerateConfiguration: 'GetBucketAccelerateConfiguration GetAccelerateConfiguration',
  PutAccelerateConfiguration: 'PutBucketAccelerateConfiguration PutAccelerateConfiguration',
  GetAnalyticsConfiguration: 'GetBucketAnalyticsConfiguration ListBucketAnalyticsConfigurations GetAnalyticsConfiguration',
  PutAnalyticsConfiguration: 'PutBucketAnalyticsConfiguration DeleteBucketAnalyticsConfiguration PutAnalyticsConfiguration',
  GetIntelligentTieringConfiguration: 'GetBucketIntelligentTieringConfiguration ListBucketIntelligentTieringConfigurations',
  PutIntelligentTieringConfiguration: 'PutBucketIntelligentTieringConfiguration DeleteBucketIntelligentTieringConfiguration',
  GetInventoryConfiguration: 'GetBucketInventoryConfiguration ListBucketInventoryConfigurations',
  PutInventoryConfiguration: 'PutBucketInventoryConfiguration DeleteBucketInventoryConfiguration',
  GetMetricsConfiguration: 'GetBucketMetricsConfiguration ListBucketMetricsConfigurations',
  PutMetricsConfiguration: 'PutBucketMetricsConfiguration DeleteBucketMetricsConfiguration',
  GetBucketAbac: 'GetBucketAbac',
  PutBucketAbac: 'PutBucketAbac',
  GetBucketAcl: 'GetBucketAcl',
  PutBucketAcl: 'PutBucketAcl',
  GetBucketCORS: 'GetBucketCors',
  PutBucketCORS: 'PutBucketCors DeleteBucketCors',
  GetEncryptionConfiguration: 'GetBucketEncryption',
  PutEncryptionConfiguration: 'PutBucketEncryption DeleteBucketEncryption',
  GetLifecycleConfiguration: 'GetBucketLifecycle GetBucketLifecycleConfiguration',
  PutLifecycleConfiguration: 'PutBucketLifecycle PutBucketLifecycleConfiguration DeleteBucketLifecycle DeleteBucketLifecycleConfiguration',
  GetBucketLogging: 'GetBucketLogging',
  PutBucketLogging: 'PutBucketLogging',
  GetBucketMetadataTableConfiguration: 'GetBucketMetadataConfiguration GetBucketMetadataTableConfiguration',
  DeleteBucketMetadataTableConfiguration: 'DeleteBucketMetadataConfiguration DeleteBucketMetadataTableConfiguration',
  UpdateBucketMetadataJournalTableConfiguration: 'UpdateBucketMetadataJournalTableConfiguration',
  GetBucketNotification: 'GetBucketNotification GetBucketNotificationConfiguration',
  PutBucketNotification: 'PutBucketNotification PutBucketNotificationConfiguration',
  GetBucketObjectLockConfiguration: 'GetObjectLockConfiguration GetBucketObjectLockConfiguration',
  PutBucketObjectLockConfiguration: 'PutObjectLockConfiguration PutBucketObjectLockConfiguration',
  GetBucketOwnershipControls: 'GetBucketOwnershipControls',
  PutBucketOwnershipControls: 'PutBucketOwnershipControls DeleteBucketOwnershipControls',
  GetBucketPolicy: 'GetBucketPolicy',
  PutBucketPolicy: 'PutBucketPolicy',
  DeleteBucketPolicy: 'DeleteBucketPolicy',
  GetBucketPolicyStatus: 'GetBucketPolicyStatus',
  GetBucketPublicAccessBlock: 'GetPublicAccessBlock GetBucketPublicAccessBlock',
  PutBucketPublicAccessBlock: 'PutPublicAccessBlock PutBucketPublicAccessBlock DeletePublicAccessBlock DeleteBucketPublicAccessBlock',
  GetReplicationConfiguration: 'GetBucketReplication',
  PutReplicationConfiguration: 'DeleteBucketReplication',
  GetBucketRequestPayment: 'GetBucketRequestPayment',
  PutBucketRequestPayment: 'PutBucketRequestPayment',
  GetBucketTagging: 'GetBucketTagging',
  PutBucketTagging: 'PutBucketTagging DeleteBucketTagging',
  GetBucketVersioning: 'GetBucketVersioning',
  PutBucketVersioning: 'PutBucketVersioning',
  GetBucketWebsite: 'GetBucketWebsite',
  PutBucketWebsite: 'PutBucketWebsite',
  DeleteBucketWebsite: 'DeleteBucketWebsite',
};

const TABLES = 'S3 also needs s3tables: permissions on the table bucket, which are not decided here';
const ROLE_PASSED = 'S3 also needs iam:PassRole on the role that is handed over, which is not decided here';

/** Operations on buckets. */
export const BUCKET_OPERATIONS: readonly S3Operation[] = [
  ...Object.entries(BY_ACTION).flatMap(([action, names]) => names.split(' ').map((name) => operation(name, [needs(action)], { page: pageOf(name) }))),
  operation('PutBucketReplication', [needs('PutReplicationConfiguration')], { leavesOpen: ROLE_PASSED }),
  operation('CreateBucketMetadataConfiguration', [needs('CreateBucketMetadataTableConfiguration')], { leavesOpen: TABLES }),
  operation('CreateBucketMetadataTableConfiguration', [needs('CreateBucketMetadataTableConfiguration')], { leavesOpen: TABLES }),
  operation('UpdateBucketMetadataInventoryTableConfiguration', [needs('UpdateBucketMetadataInventoryTableConfiguration')], { leavesOpen: TABLES }),
  operation('UpdateBucketMetadataAnnotationTableConfiguration', [needs('UpdateBucketMetadataAnnotationTableConfiguration')], { leavesOpen: ROLE_PASSED }),
  operation('CreateBucket', [
    needs('CreateBucket'),
    needs('PutBucketAcl', { when: (headers) => hasHeader(headers, ['x-amz-acl', 'x-amz-grant-full-control', 'x-amz-grant-read', 'x-amz-grant-read-acp', 'x-amz-grant-write', 'x-amz-grant-write-acp']), because: 'the request sets an access control list' }),
    ...['PutBucketObjectLockConfiguration', 'PutBucketVersioning'].map((action) => needs(action, { when: (headers) => headers['x-amz-bucket-object-lock-enabled']?.toLowerCase() === 'true', because: 'the request turns on Object Lock' })),
    needs('PutBucketOwnershipControls', { when: (headers) => hasHeader(headers, ['x-amz-object-ownership']), because: 'the request sets Object Ownership' }),
  ]),
];

/** Names that CloudTrail alone uses have the page of the operation that the API calls otherwise. */
function pageOf(name: string): string {
  const pages: Readonly<Record<string, string>> = {
    GetAccelerateConfiguration: 'GetBucketAccelerateConfiguration',
    PutAccelerateConfiguration: 'PutBucketAccelerateConfiguration',
    GetAnalyticsConfiguration: 'GetBucketAnalyticsConfiguration',
    PutAnalyticsConfiguration: 'PutBucketAnalyticsConfiguration',
    GetBucketObjectLockConfiguration: 'GetObjectLockConfiguration',
    PutBucketObjectLockConfiguration: 'PutObjectLockConfiguration',
    GetBucketPublicAccessBlock: 'GetPublicAccessBlock',
    PutBucketPublicAccessBlock: 'PutPublicAccessBlock',
    DeleteBucketPublicAccessBlock: 'DeletePublicAccessBlock',
    DeleteBucketLifecycleConfiguration: 'DeleteBucketLifecycle',
  };
  return Object.hasOwn(pages, name) ? pages[name] : name;
}
