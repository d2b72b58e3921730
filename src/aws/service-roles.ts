/** A service that works on buckets with a role of the account, from a network of its own. */
export interface ServiceWithRole {
  /** What people call it. */
  readonly title: string;

  /** The principal that its roles trust. */
  readonly principal: string;

  /** The types of resources that name buckets, and roles to work on them with. */
  readonly resourceTypes: readonly string[];
}

/**
 * Services whose requests come as those of a role: nothing says that a service sends them, and they come through none of your endpoints.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
 */
export const SERVICES_WITH_ROLES: readonly ServiceWithRole[] = [
  { title: 'Amazon Data Firehose', principal: 'firehose.amazonaws.com', resourceTypes: ['AWS::KinesisFirehose::DeliveryStream'] },
  { title: 'AWS CodePipeline', principal: 'codepipeline.amazonaws.com', resourceTypes: ['AWS::CodePipeline::Pipeline'] },
  { title: 'AWS Backup', principal: 'backup.amazonaws.com', resourceTypes: ['AWS::Backup::BackupSelection'] },
  { title: 'AWS DataSync', principal: 'datasync.amazonaws.com', resourceTypes: ['AWS::DataSync::LocationS3'] },
  { title: 'AWS Transfer Family', principal: 'transfer.amazonaws.com', resourceTypes: ['AWS::Transfer::User', 'AWS::Transfer::Agreement'] },
  { title: 'AWS Glue', principal: 'glue.amazonaws.com', resourceTypes: ['AWS::Glue::Job', 'AWS::Glue::Crawler'] },
  { title: 'AWS Config', principal: 'config.amazonaws.com', resourceTypes: [] },
  { title: 'CloudWatch Logs', principal: 'logs.amazonaws.com', resourceTypes: [] },
  { title: 'S3 Batch Operations', principal: 'batchoperations.s3.amazonaws.com', resourceTypes: [] },
  { title: 'GuardDuty malware protection', principal: 'malware-protection-plan.guardduty.amazonaws.com', resourceTypes: ['AWS::GuardDuty::MalwareProtectionPlan'] },
];

/**
 * Services that take a role on where the account places them, in a VPC of its own or behind its endpoints: whether a perimeter stops them is the account's choice. And
 * those that make or deploy resources, and work on no bucket's objects with the role. S3 Access Grants hands the sessions of the role to grantees, who call from where they are.
 */
export const PLACED_BY_THE_ACCOUNT: readonly string[] = [
  'lambda.amazonaws.com', 'edgelambda.amazonaws.com', 'ec2.amazonaws.com', 'ecs-tasks.amazonaws.com', 'ecs.amazonaws.com', 'eks.amazonaws.com', 'pods.eks.amazonaws.com',
  'batch.amazonaws.com', 'codebuild.amazonaws.com', 'sagemaker.amazonaws.com', 'elasticmapreduce.amazonaws.com', 'emr-serverless.amazonaws.com', 'ssm.amazonaws.com',
  'cloudformation.amazonaws.com', 'access-grants.s3.amazonaws.com',
];

/**
 * The roles with which services work that are linked to them: nobody else can make or take on a role under this path.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
 */
export const SERVICE_LINKED_ROLES = 'aws-service-role/*';

/** Whether a role of a recorder is the one that is linked to AWS Config, with which it delivers as a service. */
export function isLinkedToConfig(role: string): boolean {
  return /aws-service-role\/config\b|AWSServiceRoleForConfig/.test(role);
}

/** What a role does on a bucket in the name of a service. */
export interface WorkOfRole {
  /** The ARN of the role. */
  readonly role: unknown;

  /** The name or ARN of the bucket; the bucket itself where there is none. */
  readonly bucket?: unknown;
  readonly action: string;

  /** For what, in a sentence about the resource that sets it up. */
  readonly what: string;
}

/** A kind of resource that has a service work on a bucket by a role. */
export interface RoleAtWork {
  readonly type: string;

  /** What its settings ask for. They are those of the template, of which any may not be known. */
  readonly works: (properties: any) => WorkOfRole[];
}

/**
 * Resources of templates that name a role and the bucket on which a service works with it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
 */
export const ROLES_AT_WORK: readonly RoleAtWork[] = [
  {
    type: 'AWS::S3::Bucket',
    works: ({ ReplicationConfiguration: configuration }) => (configuration?.Role === undefined ? [] : [
      { role: configuration.Role, action: 's3:GetObjectVersionForReplication', what: 'S3 replicates it' },
      ...listOf(configuration.Rules).map((rule) => ({ role: configuration.Role, bucket: rule?.Destination?.Bucket, action: 's3:ReplicateObject', what: 'S3 replicates it' })),
    ]),
  },
  {
    type: 'AWS::KinesisFirehose::DeliveryStream',
    works: (properties) => Object.entries<any>(properties).filter(([name]) => name.endsWith('DestinationConfiguration'))
      .flatMap(([, destination]) => [destination, destination?.S3Configuration, destination?.S3BackupConfiguration]).filter((one) => one?.BucketARN !== undefined)
      .map(({ BucketARN: bucket, RoleARN: role }) => ({ role, bucket, action: 's3:PutObject', what: 'Amazon Data Firehose delivers' })),
  },
  {
    type: 'AWS::CodePipeline::Pipeline',
    works: ({ RoleArn: role, ArtifactStore: store, ArtifactStores: stores }) => [store, ...listOf(stores).map((one) => one?.ArtifactStore)]
      .filter((one) => one?.Location !== undefined)
      .map(({ Location: bucket }) => ({ role, bucket, action: 's3:PutObject', what: 'CodePipeline keeps artifacts' })),
  },
];

function listOf(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}
