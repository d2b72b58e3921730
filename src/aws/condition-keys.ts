/** The type of a key's values. */
export type KeyType = 'string' | 'arn' | 'bool' | 'number' | 'date' | 'address' | 'binary';

/** What of a request a key follows from. */
export type KeySubject =
  | 'caller' | 'caller-organization' | 'source' | 'source-organization' | 'network' | 'connection' | 'signing' | 'access-point'
  | 'operation' | 'resource' | 'resource-organization' | 'time' | 'other';

/** Who carries a key, where not everybody does. */
export type KeyCallers = 'iam' | 'service' | 'signed';

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

  /** IAM callers alone, AWS services alone, or all but anonymous callers; everybody if absent. */
  readonly callers?: KeyCallers;

  /** The actions that carry it, such as `s3:PutObject`; all if absent. */
  readonly actions?: readonly string[];

  /**
   * Whether an Allow to everyone that holds the key to fixed values is not public in the eyes of Block Public Access, and whether
   * patterns are fixed values, as long as the account or organization in them is.
   */
  readonly confines: boolean | 'patterns-too';

  /** Whether requests to AWS KMS carry it. */
  readonly seenByKms: boolean;

  /** The page of the AWS documentation. */
  readonly page: string;
}

const PAGES = {
  global: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html',
  federation: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html',
  s3: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html',
  kms: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html',
  sts: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html',
};

/** Facts that a row states beside the name; what is usual is left out. */
interface Facts {
  readonly type?: KeyType;
  readonly many?: boolean;
  readonly values?: string;
  readonly onlyTrue?: boolean;
  readonly always?: boolean;
  readonly callers?: KeyCallers;
  readonly actions?: readonly string[];
  readonly confines?: boolean | 'patterns-too';
}

const IAM: Facts = { callers: 'iam' };
const SERVICE: Facts = { callers: 'service' };

const OBJECT_READS_AND_LISTS = s3('AbortMultipartUpload DeleteObject DeleteObjectVersion GetObject GetObjectAcl GetObjectVersion GetObjectVersionAcl ListBucket ListBucketMultipartUploads ListBucketVersions ListMultipartUploadParts PutObject PutObjectAcl PutObjectVersionAcl');
const TAGGED_OBJECTS = s3('DeleteObjectAnnotation DeleteObjectTagging DeleteObjectVersionAnnotation DeleteObjectVersionTagging GetObject GetObjectAcl GetObjectAnnotation GetObjectAttributes GetObjectTagging GetObjectVersion GetObjectVersionAcl GetObjectVersionAnnotation GetObjectVersionAttributes GetObjectVersionTagging ListObjectAnnotations ListObjectVersionAnnotations PutObjectAcl PutObjectAnnotation PutObjectTagging PutObjectVersionAcl PutObjectVersionAnnotation PutObjectVersionTagging UpdateObjectEncryption');
const VERSIONS = s3('DeleteObjectVersion DeleteObjectVersionAnnotation DeleteObjectVersionTagging GetObjectVersion GetObjectVersionAcl GetObjectVersionAnnotation GetObjectVersionAttributes GetObjectVersionTagging GetObjectVersionTorrent ListObjectVersionAnnotations PutObjectVersionAcl PutObjectVersionAnnotation PutObjectVersionTagging');
const TAG_WRITES = s3('PutObject PutObjectTagging PutObjectVersionTagging');
const ACL_WRITES = s3('CreateBucket PutBucketAcl PutObject PutObjectAcl PutObjectVersionAcl');
const ENCRYPTED = s3('PutObject ReplicateObject UpdateObjectEncryption');
const LISTINGS = s3('ListBucket ListBucketVersions');
const ANNOTATION_LISTINGS = s3('ListObjectAnnotations ListObjectVersionAnnotations');
const ANNOTATION_WRITES = s3('DeleteObjectAnnotation DeleteObjectVersionAnnotation PutObjectAnnotation PutObjectVersionAnnotation');
const RETENTION = s3('PutObject PutObjectRetention');
const EVENT_HOLDS = s3('PutObject PutObjectRetention ReplicateObject');
const ACCOUNT_JOBS = s3('DeleteJobTagging PutJobTagging UpdateJobPriority UpdateJobStatus');
const RESOURCE_TAG_REQUESTS = s3('CreateAccessGrant CreateAccessGrantsInstance CreateAccessGrantsLocation CreateAccessPoint CreateBucket CreateJob CreateStorageLensGroup PutJobTagging PutStorageLensConfiguration PutStorageLensConfigurationTagging TagResource').concat(kms('CreateKey TagResource'));
const RESOURCE_TAG_KEY_REQUESTS = [...RESOURCE_TAG_REQUESTS, ...s3('UntagResource'), ...kms('UntagResource')];
const CRYPTOGRAPHIC = kms('CreateGrant Decrypt Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo RetireGrant');
const ALGORITHMIC = kms('Decrypt Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo');
const ATTESTED = kms('Decrypt DeriveSharedSecret GenerateDataKey GenerateDataKeyPair GenerateRandom');
const ASSUMPTIONS = sts('AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot SetContext SetSourceIdentity TagSession');

/** A row a key: name, what it follows from, what is not usual. */
export const CONDITION_KEYS: readonly ConditionKey[] = [
  ...rows('global', true, [
    ['aws:PrincipalArn', 'caller', { ...IAM, type: 'arn', confines: 'patterns-too' }],
    ['aws:PrincipalAccount', 'caller', { always: true, confines: true }],
    ['aws:PrincipalType', 'caller', { always: true }],
    ['aws:PrincipalIsAWSService', 'caller', { type: 'bool', callers: 'signed', always: true }],
    ['aws:PrincipalServiceName', 'caller', SERVICE],
    ['aws:PrincipalServiceNamesList', 'caller', { ...SERVICE, many: true }],
    ['aws:PrincipalOrgID', 'caller-organization', { ...IAM, confines: true }],
    ['aws:PrincipalOrgPaths', 'caller-organization', { ...IAM, many: true, confines: 'patterns-too' }],
    ['aws:PrincipalTag/', 'caller', IAM],
    ['aws:userid', 'caller', { always: true, confines: true }],
    ['aws:username', 'caller', IAM],
    ['aws:AssumedRoot', 'caller', { ...IAM, type: 'bool', onlyTrue: true }],
    ['aws:FederatedProvider', 'caller', IAM],
    ['aws:TokenIssueTime', 'caller', { ...IAM, type: 'date' }],
    ['aws:MultiFactorAuthAge', 'caller', { ...IAM, type: 'number' }],
    ['aws:MultiFactorAuthPresent', 'caller', { ...IAM, type: 'bool' }],
    ['aws:ChatbotSourceArn', 'caller', { ...IAM, type: 'arn' }],
    ['aws:Ec2InstanceSourceVpc', 'caller', IAM],
    ['aws:Ec2InstanceSourcePrivateIPv4', 'caller', { ...IAM, type: 'address' }],
    ['aws:SourceIdentity', 'caller', IAM],
    ['aws:SignInSessionArn', 'caller', { ...IAM, type: 'arn' }],
    ['ec2:RoleDelivery', 'caller', IAM],
    ['ec2:SourceInstanceArn', 'caller', { ...IAM, type: 'arn' }],
    ['glue:RoleAssumedBy', 'caller', IAM],
    ['glue:CredentialIssuingService', 'caller', IAM],
    ['lambda:SourceFunctionArn', 'caller', { ...IAM, type: 'arn' }],
    ['ssm:SourceInstanceArn', 'caller', { ...IAM, type: 'arn' }],
    ['codebuild:BuildArn', 'caller', { ...IAM, type: 'arn' }],
    ['codebuild:ProjectArn', 'caller', { ...IAM, type: 'arn' }],
    ['identitystore:UserId', 'caller', IAM],
    ['aws:SourceArn', 'source', { ...SERVICE, type: 'arn', confines: 'patterns-too' }],
    ['aws:SourceAccount', 'source', { ...SERVICE, confines: true }],
    ['aws:SourceOwner', 'source', { ...SERVICE, confines: true }],
    ['aws:SourceOrgID', 'source-organization', { ...SERVICE, confines: true }],
    ['aws:SourceOrgPaths', 'source-organization', { ...SERVICE, many: true, confines: 'patterns-too' }],
    ['aws:SourceIp', 'network', { type: 'address', confines: true }],
    ['aws:SourceVpc', 'network', { confines: true }],
    ['aws:SourceVpcArn', 'network', { type: 'arn' }],
    ['aws:SourceVpce', 'network', { confines: true }],
    ['aws:VpceAccount', 'network', { confines: true }],
    ['aws:VpceOrgID', 'network', { confines: true }],
    ['aws:VpceOrgPaths', 'network', { many: true, confines: 'patterns-too' }],
    ['aws:VpcSourceIp', 'network', { type: 'address' }],
    ['aws:ViaAWSService', 'network', { type: 'bool', always: true }],
    ['aws:CalledVia', 'network', { ...IAM, many: true }],
    ['aws:CalledViaFirst', 'network', IAM],
    ['aws:CalledViaLast', 'network', IAM],
    ['aws:ViaAWSMCPService', 'network', { ...IAM, type: 'bool', onlyTrue: true }],
    ['aws:CalledViaAWSMCP', 'network', IAM],
    ['aws:IsMcpServiceAction', 'network', { ...IAM, type: 'bool', onlyTrue: true }],
    ['aws:ViaCustomerDomain', 'network', { type: 'bool' }],
    ['aws:SecureTransport', 'connection', { type: 'bool', always: true }],
    ['aws:ResourceAccount', 'resource', { always: true, confines: true }],
    ['aws:ResourceOrgID', 'resource-organization', { confines: true }],
    ['aws:ResourceOrgPaths', 'resource-organization', { many: true }],
    ['aws:ResourceTag/', 'resource', {}],
    ['aws:CurrentTime', 'time', { type: 'date', always: true }],
    ['aws:EpochTime', 'time', { type: 'date', always: true }],
    ['aws:RequestedRegion', 'operation', { always: true }],
    ['aws:RequestTag/', 'operation', { actions: RESOURCE_TAG_REQUESTS }],
    ['aws:TagKeys', 'operation', { many: true, actions: RESOURCE_TAG_KEY_REQUESTS }],
    ['aws:Referer', 'other', {}],
    ['aws:UserAgent', 'other', {}],
  ]),
  ...rows('s3', false, [
    ['s3:ResourceAccount', 'resource', { always: true }],
    ['s3:TlsVersion', 'connection', { type: 'number', values: '1.0 1.1 1.2 1.3' }],
    ['s3:authType', 'signing', { callers: 'signed', values: 'REST-HEADER REST-QUERY-STRING POST' }],
    ['s3:signatureversion', 'signing', { callers: 'signed', values: 'AWS AWS4-HMAC-SHA256 AWS4-ECDSA-P256-SHA256' }],
    ['s3:signatureAge', 'signing', { type: 'number', callers: 'signed' }],
    ['s3:x-amz-content-sha256', 'operation', {}],
    ['s3:DataAccessPointArn', 'access-point', { type: 'arn', callers: 'signed', confines: 'patterns-too' }],
    ['s3:DataAccessPointAccount', 'access-point', { callers: 'signed', confines: true }],
    ['s3:AccessPointNetworkOrigin', 'access-point', { callers: 'signed', values: 'Internet VPC' }],
    ['s3:AccessPointTag/', 'access-point', { callers: 'signed' }],
    ['s3:BucketTag/', 'resource', {}],
    ['s3:ExistingObjectTag/', 'resource', { actions: TAGGED_OBJECTS }],
    ['s3:AccessGrantsInstanceArn', 'caller', { ...IAM, type: 'arn', actions: OBJECT_READS_AND_LISTS }],
    ['s3:AccessGrantScope', 'operation', { actions: s3('CreateAccessGrant DeleteAccessGrant GetAccessGrant') }],
    ['s3:AccessGrantsLocationScope', 'operation', { actions: s3('CreateAccessGrantsLocation DeleteAccessGrantsLocation GetAccessGrantsLocation UpdateAccessGrantsLocation') }],
    ['s3:prefix', 'operation', { actions: LISTINGS }],
    ['s3:delimiter', 'operation', { actions: LISTINGS }],
    ['s3:max-keys', 'operation', { type: 'number', actions: LISTINGS }],
    ['s3:annotation-prefix', 'operation', { actions: ANNOTATION_LISTINGS }],
    ['s3:max-annotation-results', 'operation', { type: 'number', actions: ANNOTATION_LISTINGS }],
    ['s3:x-amz-object-if-match', 'operation', { actions: ANNOTATION_WRITES }],
    ['s3:versionid', 'operation', { actions: VERSIONS }],
    ['s3:if-match', 'operation', { actions: s3('DeleteObject PutObject') }],
    ['s3:if-none-match', 'operation', { actions: s3('PutObject') }],
    ['s3:ObjectCreationOperation', 'operation', { type: 'bool', actions: s3('PutObject') }],
    ['s3:RequestObjectTag/', 'operation', { actions: TAG_WRITES }],
    ['s3:RequestObjectTagKeys', 'operation', { many: true, actions: TAG_WRITES }],
    ['s3:object-lock-mode', 'operation', { values: 'GOVERNANCE COMPLIANCE', actions: RETENTION }],
    ['s3:object-lock-remaining-retention-days', 'operation', { type: 'number', actions: RETENTION }],
    ['s3:object-lock-retain-until-date', 'operation', { type: 'date', actions: RETENTION }],
    ['s3:object-lock-legal-hold', 'operation', { values: 'ON OFF', actions: s3('PutObject PutObjectLegalHold') }],
    ['s3:object-lock-event-hold', 'operation', { actions: EVENT_HOLDS }],
    ['s3:object-lock-event-hold-duration-days', 'operation', { type: 'number', actions: EVENT_HOLDS }],
    ['s3:x-amz-acl', 'operation', { values: 'private public-read public-read-write aws-exec-read authenticated-read bucket-owner-read bucket-owner-full-control log-delivery-write', actions: [...ACL_WRITES, ...s3('CreateAccessPoint')] }],
    ['s3:x-amz-grant-full-control', 'operation', { actions: ACL_WRITES }],
    ['s3:x-amz-grant-read', 'operation', { actions: ACL_WRITES }],
    ['s3:x-amz-grant-read-acp', 'operation', { actions: ACL_WRITES }],
    ['s3:x-amz-grant-write', 'operation', { actions: ACL_WRITES }],
    ['s3:x-amz-grant-write-acp', 'operation', { actions: ACL_WRITES }],
    ['s3:x-amz-copy-source', 'operation', { actions: s3('PutObject') }],
    ['s3:x-amz-metadata-directive', 'operation', { values: 'COPY REPLACE', actions: s3('PutObject') }],
    ['s3:x-amz-object-annotation-directive', 'operation', { actions: s3('PutObject') }],
    ['s3:x-amz-website-redirect-location', 'operation', { actions: s3('PutObject') }],
    ['s3:x-amz-storage-class', 'operation', { actions: s3('PutObject PutObjectAcl PutObjectVersionAcl') }],
    ['s3:x-amz-server-side-encryption', 'operation', { values: 'AES256 aws:kms aws:kms:dsse aws:fsx', actions: ENCRYPTED }],
    ['s3:x-amz-server-side-encryption-aws-kms-key-id', 'operation', { type: 'arn', actions: ENCRYPTED }],
    ['s3:x-amz-server-side-encryption-customer-algorithm', 'operation', { values: 'AES256', actions: s3('PutObject ReplicateObject') }],
    ['s3:x-amz-object-ownership', 'operation', { values: 'BucketOwnerEnforced BucketOwnerPreferred ObjectWriter', actions: s3('CreateBucket') }],
    ['s3:x-amz-bucket-namespace', 'operation', { actions: s3('CreateBucket') }],
    ['s3:locationconstraint', 'operation', { actions: s3('CreateAccessPoint CreateBucket') }],
    ['s3:InventoryAccessibleOptionalFields', 'operation', { many: true, actions: s3('PutInventoryConfiguration') }],
    ['s3:isReplicationPauseRequest', 'operation', { type: 'bool', actions: s3('PutReplicationConfiguration') }],
    ['s3:destinationRegion', 'operation', { actions: s3('PauseReplication') }],
    ['s3:logType', 'operation', { actions: s3('AllowVendedLogDeliveryForResource') }],
    ['s3:deliverySourceArn', 'operation', { type: 'arn', actions: s3('AllowVendedLogDeliveryForResource') }],
    ['s3:resourceArnBeingAuthorized', 'operation', { type: 'arn', actions: s3('AllowVendedLogDeliveryForResource') }],
    ['s3:RequestJobOperation', 'operation', { actions: s3('CreateJob') }],
    ['s3:RequestJobPriority', 'operation', { type: 'number', actions: s3('CreateJob UpdateJobPriority') }],
    ['s3:ExistingJobOperation', 'operation', { actions: ACCOUNT_JOBS }],
    ['s3:ExistingJobPriority', 'operation', { type: 'number', actions: ACCOUNT_JOBS }],
    ['s3:JobSuspendedCause', 'operation', { actions: s3('UpdateJobStatus') }],
  ]),
  ...rows('kms', true, [
    ['kms:CallerAccount', 'caller', IAM],
    ['kms:ViaService', 'network', IAM],
    ['kms:EncryptionContext:', 'operation', { actions: CRYPTOGRAPHIC }],
    ['kms:EncryptionContextKeys', 'operation', { many: true, actions: CRYPTOGRAPHIC }],
    ['kms:EncryptionAlgorithm', 'operation', { actions: ALGORITHMIC }],
    ['kms:RecipientAttestation:', 'operation', { actions: ATTESTED }],
    ['kms:ResourceAliases', 'resource', { many: true }],
    ['kms:RequestAlias', 'operation', {}],
    ['kms:KeyOrigin', 'resource', {}],
    ['kms:KeySpec', 'resource', {}],
    ['kms:KeyUsage', 'resource', {}],
    ['kms:CustomerMasterKeySpec', 'resource', {}],
    ['kms:CustomerMasterKeyUsage', 'resource', {}],
    ['kms:MultiRegion', 'resource', { type: 'bool' }],
    ['kms:MultiRegionKeyType', 'resource', {}],
    ['kms:BypassPolicyLockoutSafetyCheck', 'operation', { type: 'bool', actions: kms('CreateKey PutKeyPolicy') }],
    ['kms:DataKeyPairSpec', 'operation', { actions: kms('GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext') }],
    ['kms:ExpirationModel', 'operation', { actions: kms('ImportKeyMaterial') }],
    ['kms:ValidTo', 'operation', { type: 'date', actions: kms('ImportKeyMaterial') }],
    ['kms:GrantConstraintSourceArn', 'operation', { type: 'arn', actions: kms('CreateGrant') }],
    ['kms:GrantConstraintType', 'operation', { actions: kms('CreateGrant RetireGrant') }],
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
    ['sts:AWSServiceName', 'operation', { actions: sts('GetServiceBearerToken') }],
    ['sts:DurationSeconds', 'operation', { type: 'number', actions: [...ASSUMPTIONS, ...sts('GetServiceBearerToken GetWebIdentityToken')] }],
    ['sts:ExternalId', 'operation', { actions: ASSUMPTIONS }],
    ['sts:IdentityTokenAudience', 'operation', { many: true, actions: sts('GetWebIdentityToken') }],
    ['sts:RequestContext/', 'operation', { actions: ASSUMPTIONS }],
    ['sts:RequestContextProviders', 'operation', { type: 'arn', many: true, actions: ASSUMPTIONS }],
    ['sts:RoleAuthorizedByIdp', 'operation', { type: 'bool', actions: ASSUMPTIONS }],
    ['sts:RoleSessionName', 'operation', { actions: ASSUMPTIONS }],
    ['sts:SigningAlgorithm', 'operation', { actions: sts('GetWebIdentityToken') }],
    ['sts:SourceIdentity', 'operation', { actions: ASSUMPTIONS }],
    ['sts:TaskPolicyArn', 'operation', { type: 'arn', actions: sts('AssumeRoot') }],
    ['sts:TransitiveTagKeys', 'operation', { many: true, actions: ASSUMPTIONS }],
  ]),
  ...rows('federation', true, [
    ['saml:', 'caller', { ...IAM, many: true }],
    ['accounts.google.com:', 'caller', IAM],
    ['cognito-identity.amazonaws.com:', 'caller', { ...IAM, many: true }],
    ['graph.facebook.com:', 'caller', IAM],
    ['www.amazon.com:', 'caller', IAM],
  ]),
];

const BY_NAME = new Map(CONDITION_KEYS.map((row) => [row.name.toLowerCase(), row]));
const OPEN = CONDITION_KEYS.filter(({ isOpen }) => isOpen).map((row) => ({ prefix: row.name.toLowerCase(), row }));
const KNOWN = new Map<string, ConditionKey | undefined>();

/** The row of a key, in any case. Where a name of the user's own follows, the row of what comes before it. */
export function conditionKey(key: string): ConditionKey | undefined {
  if (!KNOWN.has(key)) {
    const name = key.toLowerCase();
    const exact = BY_NAME.get(name);
    KNOWN.set(key, exact?.isOpen ? undefined : exact ?? OPEN.find(({ prefix }) => name.startsWith(prefix) && name.length > prefix.length)?.row);
  }
  return KNOWN.get(key);
}

/** Whether requests for an action may carry a key, both in any case. A key that the table lacks may be anywhere. */
export function mayCarry(action: string, key: string): boolean {
  const actions = conditionKey(key)?.actions;
  return actions === undefined || actions.some((carrier) => carrier.toLowerCase() === action.toLowerCase());
}

/** Whether a key looks like a mistake: it has no prefix, or one of a service whose keys are all in the table. Newer keys look like that, too. */
export function isMisspelt(key: string): boolean {
  return !key.includes(':') || (/^(?:aws|s3|kms|sts):/i.test(key) && conditionKey(key) === undefined);
}

function rows(page: keyof typeof PAGES, seenByKms: boolean, keys: readonly (readonly [name: string, subject: KeySubject, facts: Facts])[]): ConditionKey[] {
  return keys.map(([name, subject, { type = 'string', many = false, values, onlyTrue = false, always = false, callers, actions, confines = false }]) => ({
    name, isOpen: /[/:]$/.test(name), type, isMultivalued: many, subject, values: values?.split(' '), isOnlyTrue: onlyTrue, isAlwaysThere: always, callers, actions, confines, seenByKms, page: PAGES[page],
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
  return names.split(' ').map((name) => `${service}:${name}`);
}
