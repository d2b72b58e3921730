import { BUCKET_ACTIONS, OBJECT_ACTIONS } from '../aws/actions';

/** What S3 asks for an operation: actions on what the operation names; and on the object that it copies from. */
export interface Operation {
  readonly actions: readonly string[];
  readonly sourceActions?: readonly string[];
}

/** Operations whose action has another name, or that need several. With a version id, some need another one. */
const OPERATIONS: Readonly<Record<string, readonly [action: string, ofVersion?: string]>> = {
  HeadObject: ['GetObject', 'GetObjectVersion'],
  GetObject: ['GetObject', 'GetObjectVersion'],
  SelectObjectContent: ['GetObject'],
  GetObjectAcl: ['GetObjectAcl', 'GetObjectVersionAcl'],
  GetObjectTagging: ['GetObjectTagging', 'GetObjectVersionTagging'],
  GetObjectTorrent: ['GetObjectTorrent', 'GetObjectVersionTorrent'],
  DeleteObject: ['DeleteObject', 'DeleteObjectVersion'],
  DeleteObjects: ['DeleteObject', 'DeleteObjectVersion'],
  DeleteObjectTagging: ['DeleteObjectTagging', 'DeleteObjectVersionTagging'],
  PutObjectAcl: ['PutObjectAcl', 'PutObjectVersionAcl'],
  PutObjectTagging: ['PutObjectTagging', 'PutObjectVersionTagging'],
  PutObject: ['PutObject'],
  PostObject: ['PutObject'],
  CreateMultipartUpload: ['PutObject'],
  UploadPart: ['PutObject'],
  CompleteMultipartUpload: ['PutObject'],
  ListParts: ['ListMultipartUploadParts'],
  HeadBucket: ['ListBucket'],
  ListObjects: ['ListBucket'],
  ListObjectsV2: ['ListBucket'],
  ListObjectVersions: ['ListBucketVersions'],
  ListMultipartUploads: ['ListBucketMultipartUploads'],
  GetBucketCors: ['GetBucketCORS'],
  PutBucketCors: ['PutBucketCORS'],
  DeleteBucketCors: ['PutBucketCORS'],
  DeleteBucketTagging: ['PutBucketTagging'],
  GetBucketEncryption: ['GetEncryptionConfiguration'],
  PutBucketEncryption: ['PutEncryptionConfiguration'],
  DeleteBucketEncryption: ['PutEncryptionConfiguration'],
  GetBucketLifecycle: ['GetLifecycleConfiguration'],
  PutBucketLifecycle: ['PutLifecycleConfiguration'],
  GetBucketLifecycleConfiguration: ['GetLifecycleConfiguration'],
  PutBucketLifecycleConfiguration: ['PutLifecycleConfiguration'],
  DeleteBucketLifecycle: ['PutLifecycleConfiguration'],
  GetBucketReplication: ['GetReplicationConfiguration'],
  PutBucketReplication: ['PutReplicationConfiguration'],
  DeleteBucketReplication: ['PutReplicationConfiguration'],
  GetBucketNotificationConfiguration: ['GetBucketNotification'],
  PutBucketNotificationConfiguration: ['PutBucketNotification'],
  GetBucketAccelerateConfiguration: ['GetAccelerateConfiguration'],
  PutBucketAccelerateConfiguration: ['PutAccelerateConfiguration'],
  GetObjectLockConfiguration: ['GetBucketObjectLockConfiguration'],
  PutObjectLockConfiguration: ['PutBucketObjectLockConfiguration'],
  GetPublicAccessBlock: ['GetBucketPublicAccessBlock'],
  PutPublicAccessBlock: ['PutBucketPublicAccessBlock'],
  DeletePublicAccessBlock: ['PutBucketPublicAccessBlock'],
  DeleteBucketPublicAccessBlock: ['PutBucketPublicAccessBlock'],
  DeleteBucketOwnershipControls: ['PutBucketOwnershipControls'],
};
const CONFIGURATION = /^(Get|Put|Delete|List)Bucket(Analytics|IntelligentTiering|Inventory|Metrics)Configurations?$/;

/**
 * What S3 asks for an operation, by the name that CloudTrail records. Undefined if it works on neither buckets nor objects.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
 */
export function operationNamed(eventName: string, hasVersion: boolean): Operation | undefined {
  if (eventName === 'CopyObject' || eventName === 'UploadPartCopy') {
    return { actions: ['s3:PutObject'], sourceActions: ['s3:GetObject'] };
  }
  if (eventName === 'GetObjectAttributes') {
    return { actions: hasVersion ? ['s3:GetObjectVersion', 's3:GetObjectVersionAttributes'] : ['s3:GetObject', 's3:GetObjectAttributes'] };
  }
  const [action, ofVersion] = Object.hasOwn(OPERATIONS, eventName) ? OPERATIONS[eventName] : [sameName(eventName)];
  return action === undefined ? undefined : { actions: [`s3:${hasVersion ? ofVersion ?? action : action}`] };
}

function sameName(eventName: string): string | undefined {
  const configuration = CONFIGURATION.exec(eventName);
  const name = configuration ? `${/^(?:Get|List)/.test(eventName) ? 'Get' : 'Put'}${configuration[2]}Configuration` : eventName;
  return [...BUCKET_ACTIONS, ...OBJECT_ACTIONS].find((action) => action === name);
}
