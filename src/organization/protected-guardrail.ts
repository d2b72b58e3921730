/**
 * What `GuardrailProtectionPolicy` keeps people from turning off. AWS has no actions that only weaken a setting: whoever may not turn it off may not set it either.
 */
export enum ProtectedGuardrail {
  /**
   * Block Public Access of buckets, access points and accounts.
   *
   * Stops: making buckets in the S3 console, which writes the settings of every new bucket; setting them by CLI.
   */
  PUBLIC_ACCESS = 'public-access',

  /**
   * Policies of buckets, access points, multi-Region access points, S3 Access Grants instances and KMS keys. Privileged root sessions (`sts:AssumeRoot` with
   * `S3UnlockBucketPolicy`) may still write and delete the policies of buckets: the way back in.
   *
   * Stops: services that write bucket policies for whoever sets them up, such as VPC flow logs, load balancer logs and cost reports from the console.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html
   */
  POLICIES = 'policies',

  /**
   * Ownership, ACLs, default encryption, versioning, server access logs and replication of buckets.
   *
   * Stops: making buckets in the S3 console; AWS Backup that restores into a new bucket, unless its role is among `administratorRoleNames`.
   */
  BUCKET_SETTINGS = 'bucket-settings',

  /**
   * S3 Object Lock: default retention of buckets, and the bypass of governance mode.
   *
   * Stops: deleting locked versions in governance mode before their time.
   */
  OBJECT_LOCK = 'object-lock',

  /**
   * KMS keys: disabling them and their rotation, deleting them and their key material.
   *
   * Stops: removing keys by hand. Whoever makes a key has it removed by a deployment.
   */
  KEYS = 'keys',

  /**
   * Trails and event data stores of CloudTrail: stopping, deleting and changing them.
   *
   * Stops: adding data events to a trail by hand.
   */
  TRAILS = 'trails',

  /**
   * IAM Access Analyzer, AWS Config, Amazon Macie and Amazon GuardDuty: turning them off, narrowing what they look at, leaving their administrator, and archiving
   * findings by rules and filters.
   *
   * Stops: setting up AWS Config by hand; suppression rules of accounts. Delegated administrators of these services need a role of `administratorRoleNames`.
   */
  DETECTION = 'detection',

  /**
   * Changing CloudFormation stacks: CloudFormation keeps the execution role of a stack, and whoever may change the stack may work with it.
   *
   * Stops: every change of a stack by others than roles of `cdk-*-deploy-role-*`: SAM, the console, `cdk deploy` with the credentials of the caller. Creating
   * stacks stays possible.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
   */
  STACKS = 'stacks',
}

/** Actions that are denied together. */
export interface ProtectedActions {
  readonly sid: string;
  readonly actions: readonly string[];

  /** Who passes beside those who pass everywhere. */
  readonly isOpenTo?: 'account-public-access-block' | 'root-sessions' | 'deploy-roles';
}

/**
 * The actions of each group.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const PROTECTED_ACTIONS: Readonly<Record<ProtectedGuardrail, readonly ProtectedActions[]>> = {
  [ProtectedGuardrail.PUBLIC_ACCESS]: [
    { sid: 'ProtectPublicAccessBlock', actions: ['s3:PutBucketPublicAccessBlock', 's3:PutAccessPointPublicAccessBlock'] },
    { sid: 'ProtectAccountPublicAccessBlock', actions: ['s3:PutAccountPublicAccessBlock'], isOpenTo: 'account-public-access-block' },
  ],
  [ProtectedGuardrail.POLICIES]: [
    { sid: 'ProtectBucketPolicies', actions: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'], isOpenTo: 'root-sessions' },
    {
      sid: 'ProtectPolicies',
      actions: [
        's3:PutAccessPointPolicy', 's3:DeleteAccessPointPolicy', 's3:PutMultiRegionAccessPointPolicy', 's3:PutAccessGrantsInstanceResourcePolicy',
        's3:DeleteAccessGrantsInstanceResourcePolicy', 'kms:PutKeyPolicy',
      ],
    },
  ],
  [ProtectedGuardrail.BUCKET_SETTINGS]: [{
    sid: 'ProtectBucketSettings',
    actions: [
      's3:PutBucketOwnershipControls', 's3:PutBucketAcl', 's3:PutEncryptionConfiguration', 's3:PutBucketVersioning', 's3:PutBucketLogging', 's3:PutReplicationConfiguration',
    ],
  }],
  [ProtectedGuardrail.OBJECT_LOCK]: [{ sid: 'ProtectObjectLock', actions: ['s3:PutBucketObjectLockConfiguration', 's3:BypassGovernanceRetention'] }],
  [ProtectedGuardrail.KEYS]: [{
    sid: 'ProtectKeys',
    actions: ['kms:DisableKey', 'kms:DisableKeyRotation', 'kms:ScheduleKeyDeletion', 'kms:DeleteImportedKeyMaterial', 'kms:DisconnectCustomKeyStore', 'kms:DeleteCustomKeyStore'],
  }],
  [ProtectedGuardrail.TRAILS]: [{
    sid: 'ProtectTrails',
    actions: [
      'cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'cloudtrail:UpdateTrail', 'cloudtrail:PutEventSelectors', 'cloudtrail:PutInsightSelectors',
      'cloudtrail:StopEventDataStoreIngestion', 'cloudtrail:DeleteEventDataStore', 'cloudtrail:UpdateEventDataStore',
    ],
  }],
  [ProtectedGuardrail.DETECTION]: [
    {
      sid: 'ProtectAnalyzers',
      actions: ['access-analyzer:DeleteAnalyzer', 'access-analyzer:UpdateAnalyzer', 'access-analyzer:CreateArchiveRule', 'access-analyzer:UpdateArchiveRule'],
    },
    {
      sid: 'ProtectConfig',
      actions: [
        'config:StopConfigurationRecorder', 'config:DeleteConfigurationRecorder', 'config:PutConfigurationRecorder', 'config:DisassociateResourceTypes', 'config:DeleteDeliveryChannel',
        'config:PutDeliveryChannel', 'config:DeleteConfigRule', 'config:PutConfigRule', 'config:DeleteConformancePack', 'config:DeleteRetentionConfiguration', 'config:PutRetentionConfiguration',
      ],
    },
    {
      sid: 'ProtectMacie',
      actions: [
        'macie2:DisableMacie', 'macie2:UpdateMacieSession', 'macie2:UpdateAutomatedDiscoveryConfiguration', 'macie2:UpdateClassificationJob', 'macie2:DisassociateFromAdministratorAccount',
        'macie2:DisassociateFromMasterAccount',
      ],
    },
    {
      sid: 'ProtectGuardDuty',
      actions: [
        'guardduty:DeleteDetector', 'guardduty:UpdateDetector', 'guardduty:DisassociateFromAdministratorAccount', 'guardduty:DisassociateFromMasterAccount', 'guardduty:DisassociateMembers',
        'guardduty:DeleteMembers', 'guardduty:StopMonitoringMembers', 'guardduty:DeletePublishingDestination', 'guardduty:UpdatePublishingDestination', 'guardduty:CreateFilter',
        'guardduty:UpdateFilter', 'guardduty:DeleteMalwareProtectionPlan', 'guardduty:UpdateMalwareProtectionPlan',
      ],
    },
  ],
  [ProtectedGuardrail.STACKS]: [{
    sid: 'ProtectStacks',
    actions: [
      'cloudformation:UpdateStack', 'cloudformation:DeleteStack', 'cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet', 'cloudformation:RollbackStack',
      'cloudformation:ContinueUpdateRollback', 'cloudformation:CreateStackRefactor', 'cloudformation:ExecuteStackRefactor',
    ],
    isOpenTo: 'deploy-roles',
  }],
};
