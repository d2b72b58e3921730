/** Calls to an AWS service that can weaken what protects data in buckets, as CloudTrail names them. */
export interface WeakeningCalls {
  /** The service that is called, as `eventSource` of records. */
  readonly eventSource: string;

  /** What EventBridge calls the service in `source`. */
  readonly source: string;

  readonly eventNames: readonly string[];
}

/**
 * What changes who may read or write a bucket, how it is encrypted, what is kept of it, and what is recorded of it. Object Lock has two names: that of its
 * operation, and that which records of S3 make of it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
 */
export const BUCKET_CALLS: WeakeningCalls = {
  eventSource: 's3.amazonaws.com',
  source: 'aws.s3',
  eventNames: [
    'PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock',
    'PutBucketPolicy', 'DeleteBucketPolicy',
    'PutBucketOwnershipControls', 'DeleteBucketOwnershipControls',
    'PutBucketAcl',
    'PutBucketEncryption', 'DeleteBucketEncryption',
    'PutBucketVersioning',
    'PutObjectLockConfiguration', 'PutBucketObjectLockConfiguration',
    'PutBucketReplication', 'DeleteBucketReplication',
    'PutBucketLogging',
    'PutBucketLifecycle', 'DeleteBucketLifecycle',
    'DeleteBucket',
  ],
};

/**
 * What changes who may use a key, or makes what it encrypted unreadable.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html
 */
export const KEY_CALLS: WeakeningCalls = {
  eventSource: 'kms.amazonaws.com',
  source: 'aws.kms',
  eventNames: ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy', 'DisableKeyRotation', 'DeleteImportedKeyMaterial'],
};

/**
 * What ends or changes what trails record.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Operations.html
 */
export const TRAIL_CALLS: WeakeningCalls = {
  eventSource: 'cloudtrail.amazonaws.com',
  source: 'aws.cloudtrail',
  eventNames: ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors'],
};
