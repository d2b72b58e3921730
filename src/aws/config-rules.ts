/** A managed rule of AWS Config. */
export interface ConfigRule {
  /** Made of it, the id of the construct: it never changes. */
  readonly id: string;
  readonly identifier: string;

  /** Regions that do not have it. */
  readonly notIn?: readonly string[];
}

/**
 * Whether buckets still have the settings that they had when they were deployed.
 *
 * @see https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
 */
export const BUCKET_RULES = {
  /** @see https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-level-public-access-prohibited.html */
  publicAccess: { id: 'PublicAccess', identifier: 'S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED' },
  /** @see https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-ssl-requests-only.html */
  tls: { id: 'Tls', identifier: 'S3_BUCKET_SSL_REQUESTS_ONLY' },
  /** @see https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-acl-prohibited.html */
  acl: { id: 'Acl', identifier: 'S3_BUCKET_ACL_PROHIBITED', notIn: ['ap-southeast-6', 'ap-southeast-7', 'ap-east-2'] },
  /** @see https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-versioning-enabled.html */
  versioning: { id: 'Versioning', identifier: 'S3_BUCKET_VERSIONING_ENABLED' },
  /** @see https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-logging-enabled.html */
  logging: { id: 'Logging', identifier: 'S3_BUCKET_LOGGING_ENABLED' },
  /** @see https://docs.aws.amazon.com/config/latest/developerguide/s3-default-encryption-kms.html */
  encryption: { id: 'Encryption', identifier: 'S3_DEFAULT_ENCRYPTION_KMS' },
} satisfies Record<string, ConfigRule>;

/** The same of their keys. */
export const KEY_RULES = {
  /** @see https://docs.aws.amazon.com/config/latest/developerguide/kms-key-policy-no-public-access.html */
  publicPolicy: { id: 'PublicPolicy', identifier: 'KMS_KEY_POLICY_NO_PUBLIC_ACCESS', notIn: ['ap-southeast-5', 'us-gov-east-1', 'us-gov-west-1', 'ca-west-1'] },
  /** @see https://docs.aws.amazon.com/config/latest/developerguide/kms-cmk-not-scheduled-for-deletion.html */
  deletion: { id: 'Deletion', identifier: 'KMS_CMK_NOT_SCHEDULED_FOR_DELETION', notIn: ['ap-southeast-6', 'eu-south-1', 'ap-east-2'] },
} satisfies Record<string, ConfigRule>;

/**
 * Whether log files of trails are still validated, of all trails of the account.
 *
 * @see https://docs.aws.amazon.com/config/latest/developerguide/cloud-trail-log-file-validation-enabled.html
 */
export const TRAIL_RULE: ConfigRule = { id: 'LogFileValidation', identifier: 'CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED' };
