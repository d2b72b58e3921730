/** A resource that has a service write to a bucket as a service-linked role, whose permissions nobody can change: only the key's policy can let it use a key. */
export interface ServiceLinkedWriter {
  readonly type: string;

  /** The bucket that the properties of the resource name. */
  readonly bucket: (properties: any) => unknown;

  /** The path and name of the role below `role/aws-service-role/`, with `*` for what is not known before it is made. */
  readonly role: string;
}

const CONFIG_CONFORMS = 'config-conforms.amazonaws.com/AWSServiceRoleForConfigConforms';
const IVS = 'ivs.amazonaws.com/AWSServiceRoleForIVSRecordToS3';

/**
 * @see https://docs.aws.amazon.com/ivs/latest/userguide/security-service-linked-roles.html
 * @see https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/ConfigConformsServiceRolePolicy.html
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonConnectServiceLinkedRolePolicy.html
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/using-service-linked-roles-AWSServiceRoleForBackupReports.html
 */
export const SERVICE_LINKED_WRITERS: readonly ServiceLinkedWriter[] = [
  { type: 'AWS::IVS::RecordingConfiguration', bucket: ({ DestinationConfiguration }) => DestinationConfiguration?.S3?.BucketName, role: IVS },
  { type: 'AWS::IVS::StorageConfiguration', bucket: ({ S3 }) => S3?.BucketName, role: IVS },
  { type: 'AWS::Config::ConformancePack', bucket: ({ DeliveryS3Bucket }) => DeliveryS3Bucket, role: CONFIG_CONFORMS },
  { type: 'AWS::Config::OrganizationConformancePack', bucket: ({ DeliveryS3Bucket }) => DeliveryS3Bucket, role: CONFIG_CONFORMS },
  { type: 'AWS::Connect::InstanceStorageConfig', bucket: ({ S3Config }) => S3Config?.BucketName, role: 'connect.amazonaws.com/AWSServiceRoleForAmazonConnect_*' },
  { type: 'AWS::Backup::ReportPlan', bucket: ({ ReportDeliveryChannel }) => ReportDeliveryChannel?.S3BucketName, role: 'reports.backup.amazonaws.com/AWSServiceRoleForBackupReports' },
];

export function isServiceLinkedWriter(resourceType: string): boolean {
  return SERVICE_LINKED_WRITERS.some(({ type }) => type === resourceType);
}
