import { BUCKET_ACTIONS, KEY_ACTIONS, OBJECT_ACTIONS } from './actions';

/** The type of a key's values. */
export type KeyType = 'string' | 'arn' | 'bool' | 'number' | 'date' | 'address' | 'binary';

/** What of a request a key follows from. */
export type KeySubject =
  | 'caller' | 'caller-organization' | 'source' | 'source-organization' | 'network' | 'connection' | 'signing' | 'access-point'
  | 'operation' | 'resource' | 'resource-organization' | 'time' | 'other';

/** Who carries a key, where not everybody does. */
export type KeyCallers = 'iam' | 'role' | 'tagged' | 'root' | 'service' | 'signed';

/** What AWS documents of a condition key. */
export interface ConditionKey {
  /** The name as AWS writes it. It ends in `/` or `:` where a name of the user's own follows. */
  readonly name: string;
  readonly isOpen: boolean;
  readonly type: KeyType;

  /** Whether a request may have several values. */
  readonly isMultivalued: boolean;
  readonly subject: KeySubject;

  /** The only values there are, where AWS closes the set. */
  readonly values?: readonly string[];

  /** Whether the key is there only when it is true. */
  readonly isOnlyTrue: boolean;

  /** Whether all requests of those who carry it have it. */
  readonly isAlwaysThere: boolean;

  /** IAM callers alone, roles alone, IAM callers that can have tags, the root users of accounts alone, AWS services alone, or all but anonymous callers; everybody if absent. */
  readonly callers?: KeyCallers;

  /** The actions that carry it, such as `s3:PutObject`. If absent, all of the service that the name begins with, or of all services. */
  readonly actions?: readonly string[];

  /** Whether an Allow to everyone that holds the key to fixed values is not public in the eyes of Block Public Access. */
  readonly confines: boolean;

  /** Whether requests to AWS KMS carry it. */
  readonly seenByKms: boolean;

  /** The page of the AWS documentation. */
  readonly page: string;
}

const PAGES = {
  global: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html',
  sts: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html',
  s3: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html',
  kms: 'https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html',
  identityCenter: 'https://docs.aws.amazon.com/singlesignon/latest/userguide/condition-context-keys-sts-idc.html',
  publicAccess: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
};

/** Facts that a row states beside the name and what the key follows from; what is usual is left out. */
interface Facts {
  readonly type?: KeyType;
  readonly many?: boolean;
  readonly values?: string;
  readonly onlyTrue?: boolean;
  readonly always?: boolean;
  readonly callers?: KeyCallers;
  readonly actions?: readonly string[];
  readonly confines?: boolean;
}

type Row = readonly [name: string, subject: KeySubject, facts: Facts];

const IAM: Facts = { callers: 'iam' };
const ROLE: Facts = { callers: 'role' };
const SERVICE: Facts = { callers: 'service' };

// What uploads carry, requests for s3:BypassGovernanceRetention carry too: an upload may ask for both.
const UPLOADS = s3('BypassGovernanceRetention PutObject');
const ENCRYPTED_WRITES = [...UPLOADS, ...s3('ReplicateObject')];
const ENCRYPTIONS = [...ENCRYPTED_WRITES, ...s3('UpdateObjectEncryption')];
const TAGGED_WRITES = [...UPLOADS, ...s3('PutObjectTagging PutObjectVersionTagging')];
const ACL_WRITES = [...UPLOADS, ...s3('CreateBucket PutBucketAcl PutObjectAcl PutObjectVersionAcl')];
const RETENTIONS = s3('PutObject PutObjectRetention');
const EVENT_HOLDS = s3('PutObject PutObjectRetention ReplicateObject');
const LISTINGS = s3('ListBucket ListBucketVersions');
const ANNOTATION_LISTINGS = s3('ListObjectAnnotations ListObjectVersionAnnotations');
const ANNOTATION_WRITES = s3('DeleteObjectAnnotation DeleteObjectVersionAnnotation PutObjectAnnotation PutObjectVersionAnnotation');
const OF_VERSIONS = s3(`DeleteObjectVersion DeleteObjectVersionAnnotation DeleteObjectVersionTagging GetObjectVersion GetObjectVersionAcl GetObjectVersionAnnotation GetObjectVersionAttributes
  GetObjectVersionTagging GetObjectVersionTorrent ListObjectVersionAnnotations PutObjectVersionAcl PutObjectVersionAnnotation PutObjectVersionTagging`);
const OF_TAGGED_OBJECTS = s3(`DeleteObjectAnnotation DeleteObjectTagging DeleteObjectVersionAnnotation DeleteObjectVersionTagging GetObject GetObjectAcl GetObjectAnnotation GetObjectAttributes
  GetObjectTagging GetObjectVersion GetObjectVersionAcl GetObjectVersionAnnotation GetObjectVersionAttributes GetObjectVersionTagging ListObjectAnnotations ListObjectVersionAnnotations
  PutObjectAcl PutObjectAnnotation PutObjectTagging PutObjectVersionAcl PutObjectVersionAnnotation PutObjectVersionTagging UpdateObjectEncryption`);
const OF_ACCESS_GRANTS = s3(`AbortMultipartUpload DeleteObject DeleteObjectVersion GetObject GetObjectAcl GetObjectVersion GetObjectVersionAcl ListBucket ListBucketMultipartUploads
  ListBucketVersions ListMultipartUploadParts PutObject PutObjectAcl PutObjectVersionAcl`);
const OF_JOBS = s3('DeleteJobTagging PutJobTagging UpdateJobPriority UpdateJobStatus');
const OF_BUCKETS = s3(['CreateBucket', ...BUCKET_ACTIONS, ...OBJECT_ACTIONS].join(' '));
const TAGGINGS = [
  ...s3(`AssociateAccessGrantsIdentityCenter CreateAccessGrant CreateAccessGrantsInstance CreateAccessGrantsLocation CreateAccessPoint CreateBucket CreateJob CreateStorageLensGroup
    DeleteAccessGrant DeleteAccessGrantsInstance DeleteAccessGrantsInstanceResourcePolicy DeleteAccessGrantsLocation DeleteJobTagging DeleteStorageLensConfiguration
    DeleteStorageLensConfigurationTagging DeleteStorageLensGroup DescribeJob DissociateAccessGrantsIdentityCenter GetAccessGrant GetAccessGrantsInstance GetAccessGrantsInstanceForPrefix
    GetAccessGrantsInstanceResourcePolicy GetAccessGrantsLocation GetDataAccess GetJobTagging GetStorageLensConfiguration GetStorageLensConfigurationTagging GetStorageLensDashboard
    GetStorageLensGroup ListAccessGrants ListAccessGrantsLocations ListCallerAccessGrants ListTagsForResource PutAccessGrantsInstanceResourcePolicy PutJobTagging PutStorageLensConfiguration
    PutStorageLensConfigurationTagging TagResource UntagResource UpdateAccessGrantsLocation UpdateJobPriority UpdateJobStatus UpdateStorageLensGroup`),
  ...kms('CreateKey TagResource'),
  ...sts('AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity GetFederationToken GetWebIdentityToken TagGetWebIdentityToken TagSession'),
];
const OF_KEYS = kms(KEY_ACTIONS.join(' '));
const OF_KEYS_AND_NEW_KEYS = [...OF_KEYS, ...kms('CreateKey')];
const OF_KEY_STORES = kms('ConnectCustomKeyStore CreateCustomKeyStore DeleteCustomKeyStore DescribeCustomKeyStores DisconnectCustomKeyStore UpdateCustomKeyStore');
const WITH_ALGORITHM = kms('Decrypt Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo');
const WITH_ENCRYPTION_CONTEXT = [...WITH_ALGORITHM, ...kms('CreateGrant RetireGrant')];
const WITH_ALIAS = [...WITH_ALGORITHM, ...kms('DeriveSharedSecret DescribeKey GenerateMac GetPublicKey Sign Verify VerifyMac')];
const ATTESTED = kms('Decrypt DeriveSharedSecret GenerateDataKey GenerateDataKeyPair GenerateRandom');
const ROLE_ASSUMPTIONS = sts('AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity');
const SAML_SIGN_IN = { actions: sts('AssumeRoleWithSAML TagSession') };
const OIDC_SIGN_IN = { actions: sts('AssumeRoleWithWebIdentity') };

const CANNED_ACLS = 'private public-read public-read-write aws-exec-read authenticated-read bucket-owner-read bucket-owner-full-control log-delivery-write';
const STORAGE_CLASSES = `STANDARD REDUCED_REDUNDANCY STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING GLACIER GLACIER_IR DEEP_ARCHIVE OUTPOSTS SNOW EXPRESS_ONEZONE FSX_OPENZFS FSX_ONTAP
  AWS_BACKUP_WARM AWS_BACKUP_LOW_COST_WARM`;

/** A row a key: its name, what it follows from, what is not usual. Where AWS keeps adding values, a row states none. */
export const CONDITION_KEYS: readonly ConditionKey[] = [
  ...rows('global', true, [
    ['aws:PrincipalArn', 'caller', { ...IAM, type: 'arn', always: true, confines: true }],
    ['aws:PrincipalAccount', 'caller', { always: true, confines: true }],
    ['aws:PrincipalType', 'caller', { always: true }],
    ['aws:PrincipalIsAWSService', 'caller', { type: 'bool', callers: 'signed', always: true }],
    ['aws:PrincipalServiceName', 'caller', { ...SERVICE, always: true }],
    ['aws:PrincipalServiceNamesList', 'caller', { ...SERVICE, always: true, many: true }],
    ['aws:PrincipalOrgID', 'caller-organization', { ...IAM, confines: true }],
    ['aws:PrincipalOrgPaths', 'caller-organization', { ...IAM, many: true, confines: true }],
    ['aws:PrincipalTag/', 'caller', { callers: 'tagged' }],
    ['aws:userid', 'caller', { always: true, confines: true }],
    ['aws:username', 'caller', IAM],

    ['aws:AssumedRoot', 'caller', { callers: 'root', type: 'bool', onlyTrue: true }],
    ['aws:FederatedProvider', 'caller', IAM],
    ['aws:TokenIssueTime', 'caller', { ...IAM, type: 'date' }],
    ['aws:SignInSessionArn', 'caller', { ...IAM, type: 'arn' }],
    ['aws:MultiFactorAuthAge', 'caller', { ...IAM, type: 'number' }],
    ['aws:MultiFactorAuthPresent', 'caller', { ...IAM, type: 'bool' }],
    ['aws:ChatbotSourceArn', 'caller', { ...ROLE, type: 'arn' }],
    ['aws:Ec2InstanceSourceVpc', 'caller', ROLE],
    ['aws:Ec2InstanceSourcePrivateIPv4', 'caller', { ...ROLE, type: 'address' }],
    ['aws:SourceIdentity', 'caller', ROLE],
    ['aws:ViaCustomerDomain', 'caller', IAM],
    ['ec2:RoleDelivery', 'caller', { ...ROLE, type: 'number', values: '1.0 2.0' }],
    ['ec2:SourceInstanceArn', 'caller', { ...ROLE, type: 'arn' }],
    ['glue:RoleAssumedBy', 'caller', { ...ROLE, values: 'glue.amazonaws.com' }],
    ['glue:CredentialIssuingService', 'caller', { ...ROLE, values: 'glue.amazonaws.com' }],
    ['codebuild:BuildArn', 'caller', { ...ROLE, type: 'arn' }],
    ['codebuild:ProjectArn', 'caller', { ...ROLE, type: 'arn' }],
    ['lambda:SourceFunctionArn', 'caller', { ...ROLE, type: 'arn' }],
    ['ssm:SourceInstanceArn', 'caller', { ...ROLE, type: 'arn' }],
    ['identitystore:UserId', 'caller', IAM],

    ['aws:SourceIp', 'network', { type: 'address', confines: true }],
    ['aws:SourceVpc', 'network', { confines: true }],
    ['aws:SourceVpcArn', 'network', { type: 'arn' }],
    ['aws:SourceVpce', 'network', { confines: true }],
    ['aws:VpceAccount', 'network', { confines: true }],
    ['aws:VpceOrgID', 'network', { confines: true }],
    ['aws:VpceOrgPaths', 'network', { many: true }],
    ['aws:VpcSourceIp', 'network', { type: 'address' }],

    ['aws:ResourceAccount', 'resource', { always: true }],
    ['aws:ResourceOrgID', 'resource-organization', {}],
    ['aws:ResourceOrgPaths', 'resource-organization', { many: true }],
    ['aws:ResourceTag/', 'resource', {}],

    ['aws:CalledVia', 'network', { ...IAM, many: true }],
    ['aws:CalledViaFirst', 'network', IAM],
    ['aws:CalledViaLast', 'network', IAM],
    ['aws:CalledViaAWSMCP', 'network', IAM],
    ['aws:ViaAWSService', 'network', { type: 'bool', always: true }],
    ['aws:ViaAWSMCPService', 'network', { ...IAM, type: 'bool', onlyTrue: true }],
    ['aws:IsMcpServiceAction', 'operation', { ...IAM, type: 'bool', onlyTrue: true }],
    ['aws:CurrentTime', 'time', { type: 'date', always: true }],
    ['aws:EpochTime', 'time', { type: 'date', always: true }],
    ['aws:SecureTransport', 'connection', { type: 'bool', always: true }],
    ['aws:RequestedRegion', 'operation', { always: true }],
    ['aws:RequestTag/', 'operation', { actions: TAGGINGS }],
    ['aws:TagKeys', 'operation', { many: true, actions: [...TAGGINGS, ...kms('UntagResource')] }],
    ['aws:SourceArn', 'source', { ...SERVICE, type: 'arn', confines: true }],
    ['aws:SourceAccount', 'source', { ...SERVICE, confines: true }],
    ['aws:SourceOrgID', 'source-organization', { ...SERVICE, confines: true }],
    ['aws:SourceOrgPaths', 'source-organization', { ...SERVICE, many: true, confines: true }],
    ['aws:referer', 'other', {}],
    ['aws:UserAgent', 'other', {}], // documented as always there, although a client can leave the header out
  ]),
  ...rows('publicAccess', true, [
    ['aws:SourceOwner', 'source', { ...SERVICE, confines: true }],
  ]),
  ...rows('s3', false, [
    ['s3:ResourceAccount', 'resource', { always: true }],
    ['s3:TlsVersion', 'connection', { type: 'number', values: '1.0 1.1 1.2 1.3' }],
    ['s3:authType', 'signing', { callers: 'signed', values: 'REST-HEADER REST-QUERY-STRING POST' }],
    ['s3:signatureversion', 'signing', { callers: 'signed', values: 'AWS AWS4-HMAC-SHA256 AWS4-ECDSA-P256-SHA256' }],
    ['s3:signatureAge', 'signing', { type: 'number', callers: 'signed' }],
    ['s3:x-amz-content-sha256', 'operation', {}],
    ['s3:DataAccessPointArn', 'access-point', { type: 'arn', callers: 'signed', confines: true }],
    ['s3:DataAccessPointAccount', 'access-point', { callers: 'signed', confines: true }],
    ['s3:AccessPointNetworkOrigin', 'access-point', { callers: 'signed', values: 'Internet VPC' }],
    ['s3:AccessPointTag/', 'access-point', { callers: 'signed' }],
    ['s3:BucketTag/', 'resource', { actions: OF_BUCKETS }],
    ['s3:ExistingObjectTag/', 'resource', { actions: OF_TAGGED_OBJECTS }],
    ['s3:AccessGrantsInstanceArn', 'caller', { ...IAM, type: 'arn', actions: OF_ACCESS_GRANTS }],
    ['s3:AccessGrantScope', 'resource', { actions: s3('CreateAccessGrant DeleteAccessGrant GetAccessGrant') }],
    ['s3:AccessGrantsLocationScope', 'resource', { actions: s3('CreateAccessGrantsLocation DeleteAccessGrantsLocation GetAccessGrantsLocation UpdateAccessGrantsLocation') }],
    ['s3:prefix', 'operation', { actions: LISTINGS }],
    ['s3:delimiter', 'operation', { actions: LISTINGS }],
    ['s3:max-keys', 'operation', { type: 'number', actions: LISTINGS }],
    ['s3:annotation-prefix', 'operation', { actions: ANNOTATION_LISTINGS }],
    ['s3:max-annotation-results', 'operation', { type: 'number', actions: ANNOTATION_LISTINGS }],
    ['s3:x-amz-object-if-match', 'operation', { actions: ANNOTATION_WRITES }],
    ['s3:versionid', 'operation', { actions: OF_VERSIONS }],
    ['s3:if-match', 'operation', { actions: s3('DeleteObject PutObject') }],
    ['s3:if-none-match', 'operation', { actions: s3('PutObject') }],
    ['s3:ObjectCreationOperation', 'operation', { type: 'bool', actions: s3('PutObject') }],
    ['s3:RequestObjectTag/', 'operation', { actions: TAGGED_WRITES }],
    ['s3:RequestObjectTagKeys', 'operation', { many: true, actions: TAGGED_WRITES }],
    ['s3:object-lock-mode', 'operation', { values: 'GOVERNANCE COMPLIANCE', actions: RETENTIONS }],
    ['s3:object-lock-remaining-retention-days', 'operation', { type: 'number', actions: RETENTIONS }],
    ['s3:object-lock-retain-until-date', 'operation', { type: 'date', actions: RETENTIONS }],
    ['s3:object-lock-legal-hold', 'operation', { values: 'ON OFF', actions: s3('PutObject PutObjectLegalHold') }],
    ['s3:object-lock-event-hold', 'operation', { values: 'ON OFF', actions: EVENT_HOLDS }],
    ['s3:object-lock-event-hold-duration-days', 'operation', { type: 'number', actions: EVENT_HOLDS }],
    ['s3:x-amz-acl', 'operation', { values: CANNED_ACLS, actions: [...ACL_WRITES, ...s3('CreateAccessPoint')] }],
    ['s3:x-amz-grant-full-control', 'operation', { actions: ACL_WRITES }],
    ['s3:x-amz-grant-read', 'operation', { actions: ACL_WRITES }],
    ['s3:x-amz-grant-read-acp', 'operation', { actions: ACL_WRITES }],
    ['s3:x-amz-grant-write', 'operation', { actions: ACL_WRITES }],
    ['s3:x-amz-grant-write-acp', 'operation', { actions: ACL_WRITES }],
    ['s3:x-amz-copy-source', 'operation', { actions: UPLOADS }],
    ['s3:x-amz-metadata-directive', 'operation', { values: 'COPY REPLACE', actions: UPLOADS }],
    ['s3:x-amz-object-annotation-directive', 'operation', { values: 'COPY EXCLUDE', actions: s3('PutObject') }],
    ['s3:x-amz-website-redirect-location', 'operation', { actions: UPLOADS }],
    ['s3:x-amz-storage-class', 'operation', { values: STORAGE_CLASSES, actions: [...UPLOADS, ...s3('PutObjectAcl PutObjectVersionAcl')] }],
    ['s3:x-amz-server-side-encryption', 'operation', { values: 'AES256 aws:kms aws:kms:dsse aws:fsx', actions: ENCRYPTIONS }],
    ['s3:x-amz-server-side-encryption-aws-kms-key-id', 'operation', { type: 'arn', actions: ENCRYPTIONS }],
    ['s3:x-amz-server-side-encryption-customer-algorithm', 'operation', { values: 'AES256', actions: ENCRYPTED_WRITES }],
    ['s3:x-amz-object-ownership', 'operation', { values: 'BucketOwnerEnforced BucketOwnerPreferred ObjectWriter', actions: s3('CreateBucket') }],
    ['s3:x-amz-bucket-namespace', 'operation', { values: 'account-regional global', actions: s3('CreateBucket') }],
    ['s3:locationconstraint', 'operation', { actions: s3('CreateAccessPoint CreateBucket') }],
    ['s3:InventoryAccessibleOptionalFields', 'operation', { many: true, actions: s3('PutInventoryConfiguration') }],
    ['s3:isReplicationPauseRequest', 'operation', { type: 'bool', actions: s3('PutReplicationConfiguration') }],
    ['s3:destinationRegion', 'operation', { actions: s3('PauseReplication') }],
    ['s3:logType', 'operation', { actions: s3('AllowVendedLogDeliveryForResource') }],
    ['s3:deliverySourceArn', 'operation', { type: 'arn', actions: s3('AllowVendedLogDeliveryForResource') }],
    ['s3:resourceArnBeingAuthorized', 'operation', { type: 'arn', actions: s3('AllowVendedLogDeliveryForResource') }],
    ['s3:RequestJobOperation', 'operation', { actions: s3('CreateJob') }],
    ['s3:RequestJobPriority', 'operation', { type: 'number', actions: s3('CreateJob UpdateJobPriority') }],
    ['s3:ExistingJobOperation', 'resource', { actions: OF_JOBS }],
    ['s3:ExistingJobPriority', 'resource', { type: 'number', actions: OF_JOBS }],
    ['s3:JobSuspendedCause', 'resource', { actions: s3('UpdateJobStatus') }],
  ]),
  ...rows('kms', true, [
    ['kms:CallerAccount', 'caller', { actions: [...OF_KEYS_AND_NEW_KEYS, ...OF_KEY_STORES] }],
    ['kms:ViaService', 'network', { ...IAM, actions: OF_KEYS_AND_NEW_KEYS }],
    ['kms:EncryptionContext:', 'operation', { actions: WITH_ENCRYPTION_CONTEXT }],
    ['kms:EncryptionContextKeys', 'operation', { many: true, actions: WITH_ENCRYPTION_CONTEXT }],
    ['kms:EncryptionAlgorithm', 'operation', { actions: WITH_ALGORITHM }],
    ['kms:RequestAlias', 'operation', { actions: WITH_ALIAS }],
    ['kms:RecipientAttestation:', 'operation', { actions: ATTESTED }],
    ['kms:ResourceAliases', 'resource', { many: true, actions: OF_KEYS }],
    ['kms:KeyOrigin', 'resource', { values: 'AWS_KMS AWS_CLOUDHSM EXTERNAL EXTERNAL_KEY_STORE', actions: OF_KEYS_AND_NEW_KEYS }],
    ['kms:KeySpec', 'resource', { actions: OF_KEYS_AND_NEW_KEYS }],
    ['kms:KeyUsage', 'resource', { actions: OF_KEYS_AND_NEW_KEYS }],
    ['kms:CustomerMasterKeySpec', 'resource', { actions: OF_KEYS_AND_NEW_KEYS }],
    ['kms:CustomerMasterKeyUsage', 'resource', { actions: OF_KEYS_AND_NEW_KEYS }],
    ['kms:MultiRegion', 'resource', { type: 'bool', actions: OF_KEYS_AND_NEW_KEYS }],
    ['kms:MultiRegionKeyType', 'resource', { actions: OF_KEYS_AND_NEW_KEYS }],
    ['kms:BypassPolicyLockoutSafetyCheck', 'operation', { type: 'bool', actions: kms('CreateKey PutKeyPolicy') }],
    ['kms:DataKeyPairSpec', 'operation', { actions: kms('GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext') }],
    ['kms:ExpirationModel', 'operation', { values: 'KEY_MATERIAL_EXPIRES KEY_MATERIAL_DOES_NOT_EXPIRE', actions: kms('ImportKeyMaterial') }],
    ['kms:ValidTo', 'operation', { type: 'date', actions: kms('ImportKeyMaterial') }],
    ['kms:GrantConstraintSourceArn', 'operation', { type: 'arn', actions: kms('CreateGrant') }],
    ['kms:GrantConstraintType', 'operation', { values: 'EncryptionContextEquals EncryptionContextSubset', actions: kms('CreateGrant RetireGrant') }],
    ['kms:GrantIsForAWSResource', 'operation', { type: 'bool', actions: kms('CreateGrant ListGrants RevokeGrant') }],
    ['kms:GrantOperations', 'operation', { many: true, actions: kms('CreateGrant') }],
    ['kms:GranteePrincipal', 'operation', { actions: kms('CreateGrant') }],
    ['kms:GranteeServicePrincipal', 'operation', { actions: kms('CreateGrant') }],
    ['kms:RetiringPrincipal', 'operation', { actions: kms('CreateGrant') }],
    ['kms:RetiringServicePrincipal', 'operation', { actions: kms('CreateGrant') }],
    ['kms:KeyAgreementAlgorithm', 'operation', { actions: kms('DeriveSharedSecret') }],
    ['kms:MacAlgorithm', 'operation', { actions: kms('GenerateMac VerifyMac') }],
    ['kms:MessageType', 'operation', { actions: kms('Sign Verify') }],
    ['kms:SigningAlgorithm', 'operation', { actions: kms('Sign Verify') }],
    ['kms:PrimaryRegion', 'operation', { actions: kms('UpdatePrimaryRegion') }],
    ['kms:ReplicaRegion', 'operation', { actions: kms('ReplicateKey') }],
    ['kms:ReEncryptOnSameKey', 'operation', { type: 'bool', actions: kms('ReEncryptFrom ReEncryptTo') }],
    ['kms:RotationPeriodInDays', 'operation', { type: 'number', actions: kms('EnableKeyRotation') }],
    ['kms:ScheduleKeyDeletionPendingWindowInDays', 'operation', { type: 'number', actions: kms('ScheduleKeyDeletion') }],
    ['kms:TrailingDaysWithoutKeyUsage', 'operation', { type: 'number', actions: kms('DisableKey ScheduleKeyDeletion') }],
    ['kms:WrappingAlgorithm', 'operation', { actions: kms('GetParametersForImport') }],
    ['kms:WrappingKeySpec', 'operation', { actions: kms('GetParametersForImport') }],
  ]),
  ...rows('sts', false, [
    ['iam:ResourceTag/', 'resource', { actions: sts('AssumeRole') }],
    ['sts:AWSServiceName', 'operation', { actions: sts('GetServiceBearerToken') }],
    ['sts:DurationSeconds', 'operation', { type: 'number', actions: sts('GetServiceBearerToken GetWebIdentityToken') }],
    ['sts:ExternalId', 'operation', { actions: sts('AssumeRole') }],
    ['sts:IdentityTokenAudience', 'operation', { many: true, actions: sts('GetWebIdentityToken') }],
    ['sts:RequestContext/', 'operation', { actions: sts('AssumeRole SetContext') }],
    ['sts:RequestContextProviders', 'operation', { type: 'arn', many: true, actions: sts('AssumeRole SetContext') }],
    ['sts:RoleAuthorizedByIdp', 'operation', { type: 'bool', actions: sts('AssumeRoleWithWebIdentity') }],
    ['sts:RoleSessionName', 'operation', { actions: ROLE_ASSUMPTIONS }],
    ['sts:SigningAlgorithm', 'operation', { values: 'ES384 RS256', actions: sts('GetWebIdentityToken') }],
    ['sts:SourceIdentity', 'operation', { actions: [...ROLE_ASSUMPTIONS, ...sts('SetSourceIdentity')] }],
    ['sts:TaskPolicyArn', 'operation', { type: 'arn', actions: sts('AssumeRoot') }],
    ['sts:TransitiveTagKeys', 'operation', { many: true, actions: [...ROLE_ASSUMPTIONS, ...sts('TagSession')] }],
  ]),
  // What an identity provider says of a caller: a few keys stay with the session, the others are there for the sign-in alone.
  // Every issuer is a prefix; those that a user brings are not in the table, and may say anything.
  ...rows('sts', true, [
    ['saml:namequalifier', 'caller', IAM],
    ['saml:sub', 'caller', IAM],
    ['saml:sub_type', 'caller', IAM],
    ...['accounts.google.com', 'agent.buildkite.com', 'cognito-identity.amazonaws.com', 'gitlab.com', 'token.actions.githubusercontent.com'].flatMap((issuer): Row[] => [
      [`${issuer}:amr`, 'caller', { ...IAM, many: true }],
      [`${issuer}:aud`, 'caller', IAM],
      [`${issuer}:sub`, 'caller', IAM],
    ]),
    ['graph.facebook.com:app_id', 'caller', IAM],
    ['graph.facebook.com:id', 'caller', IAM],
    ['www.amazon.com:app_id', 'caller', IAM],
    ['www.amazon.com:sub', 'caller', IAM],
    ['www.amazon.com:user_id', 'caller', IAM],
  ]),
  ...rows('sts', false, [
    ['saml:', 'caller', { ...SAML_SIGN_IN, many: true }],
    ['accounts.google.com:google/organization_number', 'caller', { ...OIDC_SIGN_IN, type: 'number' }],
    ['accounts.google.com:', 'caller', OIDC_SIGN_IN],
    ['agent.buildkite.com:', 'caller', OIDC_SIGN_IN],
    ['cognito-identity.amazonaws.com:', 'caller', OIDC_SIGN_IN],
    ['gitlab.com:', 'caller', OIDC_SIGN_IN],
    ['token.actions.githubusercontent.com:', 'caller', OIDC_SIGN_IN],
  ]),
  ...rows('identityCenter', true, [
    ['identitystore:IdentityStoreArn', 'caller', { ...IAM, type: 'arn' }],
    ['identitycenter:ApplicationArn', 'caller', { ...IAM, type: 'arn' }],
    ['identitycenter:CredentialId', 'caller', IAM],
    ['identitycenter:InstanceArn', 'caller', { ...IAM, type: 'arn' }],
  ]),
];

const BY_NAME = new Map(CONDITION_KEYS.map((row) => [row.name.toLowerCase(), row]));
const OPEN = CONDITION_KEYS.filter(({ isOpen }) => isOpen).map((row) => ({ prefix: row.name.toLowerCase(), row }));
const CARRIERS = new Map(CONDITION_KEYS.map((row) => [row, row.actions && new Set(row.actions.map((action) => action.toLowerCase()))]));

/** The row of a key, in any case. Where a name of the user's own follows, the row of what comes before it. */
export function conditionKey(key: string): ConditionKey | undefined {
  const name = key.toLowerCase();
  const exact = BY_NAME.get(name);
  return exact?.isOpen ? undefined : exact ?? OPEN.find(({ prefix }) => name.startsWith(prefix) && name.length > prefix.length)?.row;
}

/** Whether requests for an action may carry a key, both in any case. A key that the table lacks may be anywhere. */
export function mayCarry(action: string, key: string): boolean {
  const row = conditionKey(key);
  const carriers = row && CARRIERS.get(row);
  const name = action.toLowerCase();
  return row === undefined || (carriers ? carriers.has(name) : name.startsWith(/^(?:s3|kms|sts):/.exec(row.name)?.[0] ?? ''));
}

/** Whether a key looks like a mistake: it has no prefix, or one of a service whose keys are all in the table. Newer keys look like that, too. */
export function isMisspelt(key: string): boolean {
  return !key.includes(':') || (/^(?:aws|s3|kms|sts):/i.test(key) && conditionKey(key) === undefined);
}

function rows(page: keyof typeof PAGES, seenByKms: boolean, keys: readonly Row[]): ConditionKey[] {
  return keys.map(([name, subject, { type = 'string', many = false, values, onlyTrue = false, always = false, callers, actions, confines = false }]) => ({
    name,
    isOpen: /[/:]$/.test(name),
    type,
    isMultivalued: many,
    subject,
    values: values?.split(/\s+/),
    isOnlyTrue: onlyTrue,
    isAlwaysThere: always,
    callers,
    actions,
    confines,
    seenByKms,
    page: PAGES[page],
  }));
}

function s3(names: string): string[] {
  return prefixed('s3', names);
}

function kms(names: string): string[] {
  return prefixed('kms', names);
}

function sts(names: string): string[] {
  return prefixed('sts', names);
}

function prefixed(service: string, names: string): string[] {
  return names.split(/\s+/).map((name) => `${service}:${name}`);
}
