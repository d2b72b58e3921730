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
  { title: 'GuardDuty malware protection', principal: 'malware-protection-plan.guardduty.amazonaws.com', resourceTypes: ['AWS::GuardDuty::MalwareProtectionPlan'] },
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
