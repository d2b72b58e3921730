/** How the files of a service are encrypted that it delivers to a bucket. */
export type DeliveryEncryption =
  /** It asks for nothing: the default encryption of the bucket applies, with the key that is named there. */
  | 'default'

  /** Its setting may ask for SSE-S3 or for a key; otherwise the default encryption of the bucket applies. */
  | 'setting'

  /** It asks for SSE-S3, or for a key that its own setting names: the default encryption of the bucket never applies. */
  | 'own'

  /** AWS does not document it. */
  | 'not-documented';

/** A service that writes into buckets by itself: S3 and KMS see its principal. */
export interface DeliveringService {
  /** The service principal. Some services have one in each Region. */
  readonly principal: RegExp;

  /** What it delivers, for people. */
  readonly delivers: string;
  readonly encryption: DeliveryEncryption;

  /** What its page asks to allow in the policy of the bucket's key. */
  readonly keyActions: readonly string[];

  /** The page of the AWS documentation. */
  readonly see: string;
}

const PAGES = 'https://docs.aws.amazon.com';
const VENDED = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];

/** Services whose files use the key of the bucket, and services that are known not to. Those that deliver as a role are not here: for S3 and KMS they are that role. */
export const DELIVERING_SERVICES: readonly DeliveringService[] = [
  {
    principal: named('delivery.logs'),
    delivers: 'flow logs, Resolver query logs and other vended logs',
    encryption: 'default',
    keyActions: VENDED,
    see: `${PAGES}/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html`,
  },
  {
    principal: named('config'),
    delivers: 'configuration history and snapshots of AWS Config',
    encryption: 'default',
    keyActions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    see: `${PAGES}/config/latest/developerguide/s3-kms-key-policy.html`,
  },
  {
    principal: regional('logs'),
    delivers: 'exports of CloudWatch Logs',
    encryption: 'default',
    keyActions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    see: `${PAGES}/AmazonCloudWatch/latest/logs/S3ExportTasks.html`,
  },
  {
    principal: named('ses'),
    delivers: 'e-mail that Amazon SES receives',
    encryption: 'default',
    keyActions: ['kms:GenerateDataKey*', 'kms:Decrypt'],
    see: `${PAGES}/ses/latest/dg/receiving-email-permissions.html`,
  },
  {
    principal: named('bedrock'),
    delivers: 'model invocation logs of Amazon Bedrock',
    encryption: 'default',
    keyActions: ['kms:GenerateDataKey'],
    see: `${PAGES}/bedrock/latest/userguide/model-invocation-logging.html`,
  },
  {
    principal: named('cloudfront'),
    delivers: 'uploads of viewers',
    encryption: 'default',
    keyActions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*'],
    see: `${PAGES}/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html`,
  },
  {
    principal: named('s3'),
    delivers: 'inventories and storage class analyses of S3',
    encryption: 'setting',
    keyActions: ['kms:GenerateDataKey'],
    see: `${PAGES}/AmazonS3/latest/userguide/configure-inventory.html`,
  },
  {
    principal: named('storage-lens.s3'),
    delivers: 'metrics of S3 Storage Lens',
    encryption: 'setting',
    keyActions: ['kms:GenerateDataKey'],
    see: `${PAGES}/AmazonS3/latest/userguide/storage-lens-encrypt-permissions.html`,
  },
  {
    principal: named('ssm'),
    delivers: 'inventories of Systems Manager',
    encryption: 'setting',
    keyActions: ['kms:GenerateDataKey'],
    see: `${PAGES}/systems-manager/latest/userguide/inventory-create-resource-data-sync.html`,
  },
  {
    principal: named('cloudtrail'), // SSE-S3, or the key of the trail
    delivers: 'logs of CloudTrail',
    encryption: 'own',
    keyActions: ['kms:GenerateDataKey*', 'kms:DescribeKey', 'kms:Decrypt'],
    see: `${PAGES}/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html`,
  },
  {
    principal: namedOrRegional('macie'),
    delivers: 'discovery results of Amazon Macie',
    encryption: 'own',
    keyActions: ['kms:GenerateDataKey', 'kms:Encrypt'],
    see: `${PAGES}/macie/latest/user/discovery-results-repository-s3.html`,
  },
  {
    principal: namedOrRegional('guardduty'),
    delivers: 'findings of Amazon GuardDuty',
    encryption: 'own',
    keyActions: ['kms:GenerateDataKey'],
    see: `${PAGES}/guardduty/latest/ug/guardduty_exportfindings.html`,
  },
  {
    principal: named('exportv2.securityhub'),
    delivers: 'exports of AWS Security Hub',
    encryption: 'own',
    keyActions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    see: `${PAGES}/securityhub/1.0/APIReference/API_StartExportJobV2.html`,
  },
  {
    principal: named('logging.s3'), // to SSE-S3 only
    delivers: 'server access logs of S3',
    encryption: 'own',
    keyActions: [],
    see: `${PAGES}/AmazonS3/latest/userguide/enable-server-access-logging.html`,
  },
  {
    principal: /^logdelivery\.(?:elasticloadbalancing|elb)\.amazonaws\.com(?:\.cn)?$/, // to SSE-S3 only
    delivers: 'logs of load balancers',
    encryption: 'own',
    keyActions: [],
    see: `${PAGES}/elasticloadbalancing/latest/application/enable-access-logging.html`,
  },
  {
    principal: namedOrRegional('redshift'), // to SSE-S3 only
    delivers: 'audit logs of Amazon Redshift',
    encryption: 'own',
    keyActions: [],
    see: `${PAGES}/redshift/latest/mgmt/db-auditing.html`,
  },
  {
    principal: principalNamed('(?:billingreports|bcm-data-exports)'),
    delivers: 'cost and usage reports',
    encryption: 'not-documented',
    keyActions: ['kms:GenerateDataKey*', 'kms:Decrypt'],
    see: `${PAGES}/cur/latest/userguide/dataexports-s3-bucket.html`,
  },
];

/** What is known of a service principal; undefined if nothing is. */
export function deliveringService(principal: string): DeliveringService | undefined {
  return DELIVERING_SERVICES.find((service) => service.principal.test(principal));
}

function named(name: string): RegExp {
  return principalNamed(name.replaceAll('.', '\\.'));
}

/** The Region may not be known. */
function regional(name: string): RegExp {
  return principalNamed(`${name}\\.[^.]+`);
}

function namedOrRegional(name: string): RegExp {
  return principalNamed(`${name}(?:\\.[^.]+)?`);
}

function principalNamed(name: string): RegExp {
  return new RegExp(`^${name}\\.amazonaws\\.com(?:\\.cn)?$`);
}
