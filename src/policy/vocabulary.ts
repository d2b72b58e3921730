/**
 * Names that Amazon S3 and IAM define, as facts: actions with the kind of resource that they work on, and condition keys.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */

/** Actions of S3 whose resource is a bucket. */
export const BUCKET_ACTIONS: readonly string[] = names(`
  AllowVendedLogDeliveryForResource CreateBucketMetadataTableConfiguration DeleteBucket DeleteBucketMetadataTableConfiguration DeleteBucketPolicy
  DeleteBucketWebsite GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAbac GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging
  GetBucketMetadataTableConfiguration GetBucketNotification GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy
  GetBucketPolicyStatus GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite
  GetEncryptionConfiguration GetIntelligentTieringConfiguration GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration
  GetReplicationConfiguration ListBucket ListBucketMultipartUploads ListBucketVersions ListTagsForResource PauseReplication PutAccelerateConfiguration
  PutAnalyticsConfiguration PutBucketAbac PutBucketAcl PutBucketCORS PutBucketLogging PutBucketNotification PutBucketObjectLockConfiguration
  PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite
  PutEncryptionConfiguration PutIntelligentTieringConfiguration PutInventoryConfiguration PutLifecycleConfiguration PutMetricsConfiguration
  PutReplicationConfiguration TagResource UntagResource UpdateBucketMetadataAnnotationTableConfiguration UpdateBucketMetadataInventoryTableConfiguration
  UpdateBucketMetadataJournalTableConfiguration
`);

/** Actions of S3 whose resource is an object. */
export const OBJECT_ACTIONS: readonly string[] = names(`
  AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectAnnotation DeleteObjectTagging DeleteObjectVersion
  DeleteObjectVersionAnnotation DeleteObjectVersionTagging GetObject GetObjectAcl GetObjectAnnotation GetObjectAttributes GetObjectLegalHold
  GetObjectRetention GetObjectTagging GetObjectTorrent GetObjectVersion GetObjectVersionAcl GetObjectVersionAnnotation
  GetObjectVersionAnnotationForReplication GetObjectVersionAttributes GetObjectVersionForReplication GetObjectVersionTagging GetObjectVersionTorrent
  InitiateReplication ListMultipartUploadParts ListObjectAnnotations ListObjectVersionAnnotations ObjectOwnerOverrideToBucketOwner PutObject
  PutObjectAcl PutObjectAnnotation PutObjectLegalHold PutObjectRetention PutObjectTagging PutObjectVersionAcl PutObjectVersionAnnotation
  PutObjectVersionTagging ReplicateDelete ReplicateObject ReplicateObjectAnnotation ReplicateTags RestoreObject UpdateObjectEncryption
`);

/** Actions of S3 on neither: access points, jobs, the account. */
export const OTHER_ACTIONS: readonly string[] = names(`
  AssociateAccessGrantsIdentityCenter CreateAccessGrant CreateAccessGrantsInstance CreateAccessGrantsLocation CreateAccessPoint
  CreateAccessPointForObjectLambda CreateBucket CreateJob CreateMultiRegionAccessPoint CreateStorageLensGroup DeleteAccessGrant
  DeleteAccessGrantsInstance DeleteAccessGrantsInstanceResourcePolicy DeleteAccessGrantsLocation DeleteAccessPoint DeleteAccessPointForObjectLambda
  DeleteAccessPointPolicy DeleteAccessPointPolicyForObjectLambda DeleteJobTagging DeleteMultiRegionAccessPoint DeleteStorageLensConfiguration
  DeleteStorageLensConfigurationTagging DeleteStorageLensGroup DescribeJob DescribeMultiRegionAccessPointOperation DissociateAccessGrantsIdentityCenter
  GetAccessGrant GetAccessGrantsInstance GetAccessGrantsInstanceForPrefix GetAccessGrantsInstanceResourcePolicy GetAccessGrantsLocation GetAccessPoint
  GetAccessPointConfigurationForObjectLambda GetAccessPointForObjectLambda GetAccessPointPolicy GetAccessPointPolicyForObjectLambda
  GetAccessPointPolicyStatus GetAccessPointPolicyStatusForObjectLambda GetAccountPublicAccessBlock GetDataAccess GetJobTagging GetMultiRegionAccessPoint
  GetMultiRegionAccessPointPolicy GetMultiRegionAccessPointPolicyStatus GetMultiRegionAccessPointRoutes GetStorageLensConfiguration
  GetStorageLensConfigurationTagging GetStorageLensDashboard GetStorageLensGroup ListAccessGrants ListAccessGrantsInstances ListAccessGrantsLocations
  ListAccessPoints ListAccessPointsForObjectLambda ListAllMyBuckets ListCallerAccessGrants ListJobs ListMultiRegionAccessPoints
  ListStorageLensConfigurations ListStorageLensGroups PutAccessGrantsInstanceResourcePolicy PutAccessPointConfigurationForObjectLambda
  PutAccessPointPolicy PutAccessPointPolicyForObjectLambda PutAccessPointPublicAccessBlock PutAccountPublicAccessBlock PutJobTagging
  PutMultiRegionAccessPointPolicy PutStorageLensConfiguration PutStorageLensConfigurationTagging SubmitMultiRegionAccessPointRoutes
  UpdateAccessGrantsLocation UpdateJobPriority UpdateJobStatus UpdateStorageLensGroup
`);

/**
 * Actions of AWS KMS whose resource is a key.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */
export const KEY_ACTIONS: readonly string[] = names(`
  CancelKeyDeletion CreateAlias CreateGrant Decrypt DeleteAlias DeleteImportedKeyMaterial DeriveSharedSecret DescribeKey DisableKey DisableKeyRotation
  EnableKey EnableKeyRotation Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext
  GenerateMac GetKeyLastUsage GetKeyPolicy GetKeyRotationStatus GetParametersForImport GetPublicKey ImportKeyMaterial ListGrants ListKeyPolicies
  ListKeyRotations ListResourceTags PutKeyPolicy ReEncryptFrom ReEncryptTo ReplicateKey RetireGrant RevokeGrant RotateKeyOnDemand ScheduleKeyDeletion
  Sign SynchronizeMultiRegionKey TagResource UntagResource UpdateAlias UpdateKeyDescription UpdatePrimaryRegion Verify VerifyMac
`);

/** Actions of AWS KMS on no key. */
export const OTHER_KMS_ACTIONS: readonly string[] = names(`
  ConnectCustomKeyStore CreateCustomKeyStore CreateKey DeleteCustomKeyStore DescribeCustomKeyStores DisconnectCustomKeyStore GenerateRandom ListAliases
  ListKeys ListRetirableGrants UpdateCustomKeyStore
`);

/** Condition keys of S3, without their prefix. */
export const S3_KEYS: readonly string[] = names(`
  AccessGrantScope AccessGrantsInstanceArn AccessGrantsLocationScope AccessPointNetworkOrigin DataAccessPointAccount DataAccessPointArn
  ExistingJobOperation ExistingJobPriority InventoryAccessibleOptionalFields JobSuspendedCause ObjectCreationOperation RequestJobOperation
  RequestJobPriority RequestObjectTagKeys ResourceAccount TlsVersion annotation-prefix authType delimiter deliverySourceArn destinationRegion if-match
  if-none-match isReplicationPauseRequest locationconstraint logType max-annotation-results max-keys object-lock-event-hold object-lock-event-hold-duration-days object-lock-legal-hold object-lock-mode object-lock-remaining-retention-days object-lock-retain-until-date prefix
  resourceArnBeingAuthorized signatureAge signatureversion versionid x-amz-acl x-amz-bucket-namespace x-amz-content-sha256 x-amz-copy-source x-amz-grant-full-control x-amz-grant-read x-amz-grant-read-acp x-amz-grant-write x-amz-grant-write-acp x-amz-metadata-directive x-amz-object-annotation-directive x-amz-object-if-match x-amz-object-ownership x-amz-server-side-encryption x-amz-server-side-encryption-aws-kms-key-id x-amz-server-side-encryption-customer-algorithm x-amz-storage-class x-amz-website-redirect-location
`);

/** Condition keys of all services, without the prefix `aws:`. */
export const GLOBAL_KEYS: readonly string[] = names(`
  AssumedRoot CalledVia CalledViaFirst CalledViaLast ChatbotSourceArn CurrentTime Ec2InstanceSourcePrivateIPv4 Ec2InstanceSourceVpc EpochTime
  FederatedProvider MultiFactorAuthAge MultiFactorAuthPresent PrincipalAccount PrincipalArn PrincipalIsAWSService PrincipalOrgID PrincipalOrgPaths
  PrincipalServiceName PrincipalServiceNamesList PrincipalType Referer RequestedRegion ResourceAccount ResourceOrgID ResourceOrgPaths SecureTransport
  SourceAccount SourceArn SourceIdentity SourceIp SourceOrgID SourceOrgPaths SourceOwner SourceVpc SourceVpcArn SourceVpce TagKeys TokenIssueTime
  UserAgent ViaAWSService VpcSourceIp VpceAccount VpceOrgID VpceOrgPaths userid username
`);

/** Condition keys of AWS KMS, without their prefix. */
export const KMS_KEYS: readonly string[] = names(`
  BypassPolicyLockoutSafetyCheck CallerAccount CustomerMasterKeySpec CustomerMasterKeyUsage DataKeyPairSpec EncryptionAlgorithm EncryptionContextKeys
  ExpirationModel GrantConstraintSourceArn GrantConstraintType GrantIsForAWSResource GrantOperations GranteePrincipal GranteeServicePrincipal
  KeyAgreementAlgorithm KeyOrigin KeySpec KeyUsage MacAlgorithm MessageType MultiRegion MultiRegionKeyType PrimaryRegion ReEncryptOnSameKey
  ReplicaRegion RequestAlias ResourceAliases RetiringPrincipal RetiringServicePrincipal RotationPeriodInDays ScheduleKeyDeletionPendingWindowInDays
  SigningAlgorithm TrailingDaysWithoutKeyUsage ValidTo ViaService WrappingAlgorithm WrappingKeySpec
`);

/** Prefixes of condition keys that end in a name of the user's own: tags, encryption contexts. */
export const OPEN_KEYS: readonly string[] = names(`
  aws:PrincipalTag/ aws:RequestTag/ aws:ResourceTag/ kms:EncryptionContext: kms:RecipientAttestation:
  s3:AccessPointTag/ s3:BucketTag/ s3:ExistingObjectTag/ s3:RequestObjectTag/
`);

/** Condition keys, in lower case, that may have several values in one request. */
export const MULTIVALUED_KEYS: ReadonlySet<string> = new Set(names(`
  aws:calledvia aws:principalorgpaths aws:principalservicenameslist aws:resourceorgpaths aws:sourceorgpaths aws:tagkeys aws:vpceorgpaths
  kms:encryptioncontextkeys kms:grantoperations kms:resourcealiases s3:inventoryaccessibleoptionalfields s3:requestobjecttagkeys
`));

const KNOWN_KEYS: ReadonlySet<string> = new Set([
  ...GLOBAL_KEYS.map((key) => `aws:${key}`),
  ...S3_KEYS.map((key) => `s3:${key}`),
  ...KMS_KEYS.map((key) => `kms:${key}`),
].map((key) => key.toLowerCase()));

/** Whether a condition key, in lower case, is one that no request to AWS carries. Keys of services that are not listed here may exist. */
export function isMisspeltKey(key: string): boolean {
  if (!key.includes(':')) {
    return true; // every key begins with a service, or with `aws:`
  }
  const isListed = /^(?:aws|s3|kms):/.test(key);
  return isListed && !KNOWN_KEYS.has(key) && !OPEN_KEYS.some((prefix) => key.startsWith(prefix.toLowerCase()) && key.length > prefix.length);
}

function names(text: string): string[] {
  return text.trim().split(/\s+/);
}
