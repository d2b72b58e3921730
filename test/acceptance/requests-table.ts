import { BUCKETS, DeployedBucket, ENDPOINT, LONER, OTHER_ENDPOINT, OTHER_VPC, OUTSIDER, OWNER, PARTNER, REGION, ROLES, SECOND_ENDPOINT, SIBLING, VPC } from './requests-buckets';
import { ANONYMOUS, fromAddress, INSIDE_AWS, role, root, service, throughEndpoint, user, viaService, withoutPermissions } from '../support/callers';
import { Request, Verdict } from '../support/simulate';

/** A request to a bucket, and what becomes of it. */
export interface Row {
  /** What the bucket does with the request, as a sentence. */
  readonly name: string;
  readonly bucket: DeployedBucket;
  readonly request: Request;

  /** What AWS decides. */
  readonly expected: Verdict;

  /** Where the simulator decides otherwise: its answer, why it is wrong, and the page by which AWS decides. */
  readonly simulatorErrs?: { readonly answer: Verdict; readonly because: string; readonly page: string };
}

const ALLOWED: Verdict = { allowed: true, deniedBy: [] };
/** Nobody allows the request, and no statement denies it. */
const NOT_ALLOWED: Verdict = { allowed: false, deniedBy: [] };

function deniedBy(...sids: string[]): Verdict {
  return { allowed: false, deniedBy: sids };
}

// Callers

const APPLICATION = role(OWNER, 'Application');
const BREAK_GLASS = role(OWNER, ROLES.breakGlass);
const CLOUD_FORMATION = role(OWNER, `cdk-hnb659fds-cfn-exec-role-${OWNER.id}-${REGION}`, 'AWSCloudFormation');
const CLOUD_TRAIL = service('cloudtrail.amazonaws.com', { account: OWNER, arn: `arn:aws:cloudtrail:${REGION}:${OWNER.id}:trail/audit` });
const CLOUD_FRONT = service('cloudfront.amazonaws.com', { account: OWNER, arn: `arn:aws:cloudfront::${OWNER.id}:distribution/EDFDVBD6EXAMPLE` });
const LOG_DELIVERY = service('logging.s3.amazonaws.com', { account: OWNER, arn: BUCKETS.everything.arn });

// Routes

const INSIDE = throughEndpoint(ENDPOINT, VPC);
const OTHER_NETWORK = throughEndpoint(OTHER_ENDPOINT, OTHER_VPC);
const INTERNET = fromAddress('198.51.100.7'); // an address from which the buckets' policies allow everyone
const NOWHERE = fromAddress('192.0.2.7'); // an address that no policy knows

// Requests: as a careful application sends them through the right endpoint, where nothing else is said

function get(changes: Partial<Request> = {}): Partial<Request> {
  return { action: 's3:GetObject', ...changes };
}

function list(changes: Partial<Request> = {}): Partial<Request> {
  return { action: 's3:ListBucket', ...changes };
}

function put(headers: Request['changes'] = {}, changes: Partial<Request> = {}): Partial<Request> {
  return { action: 's3:PutObject', changes: { 's3:ObjectCreationOperation': 'true', ...headers }, ...changes };
}

function update(headers: Request['changes']): Partial<Request> {
  return { action: 's3:UpdateObjectEncryption', changes: headers };
}

const ON_BUCKETS = /^s3:(?:ListBucket|ListBucketVersions|(?:Get|Put|Delete)BucketPolicy|PutBucketNotification|GetReplicationConfiguration)$/;

function row(bucket: DeployedBucket, name: string, request: Partial<Request>, expected: Verdict, simulatorErrs?: Row['simulatorErrs']): Row {
  const action = request.action!;
  const resource = ON_BUCKETS.test(action) ? bucket.arn : `${bucket.arn}/reports/2026/january.csv`;
  return { name, bucket, request: { caller: APPLICATION, route: INSIDE, action, resource, ...request }, expected, simulatorErrs };
}

// What the simulator does not know

const ROOT_KEEPS_THE_POLICY = {
  because: "it does not know that the owner account's root user can always read, write and delete the bucket policy, whatever that policy denies",
  page: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html',
};

const WILDCARDS_MATCH_LINE_BREAKS = {
  because: "its wildcards stop at a line break, which an object key may contain; IAM's match any combination of characters",
  page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html',
};

// RequireTls

const PLAIN_HTTP = { 'aws:SecureTransport': 'false', 's3:TlsVersion': undefined };

function tls(version: string): Request['changes'] {
  return { 's3:TlsVersion': version };
}

const { tls: TLS, tls13: TLS_1_3 } = BUCKETS;

const requireTls: Row[] = [
  row(TLS, 'a read over TLS 1.3 is allowed', get({ changes: tls('1.3') }), ALLOWED),
  row(TLS, 'a read over TLS 1.2 is allowed', get({ changes: tls('1.2') }), ALLOWED),
  row(TLS, 'a read over TLS 1.1 is denied', get({ changes: tls('1.1') }), deniedBy('DenyOutdatedTls')),
  row(TLS, 'a read over TLS 1.0 is denied', get({ changes: tls('1.0') }), deniedBy('DenyOutdatedTls')),
  row(TLS, 'a read over plain HTTP is denied', get({ changes: PLAIN_HTTP }), deniedBy('DenyInsecureTransport')),
  row(TLS, 'a write over plain HTTP is denied', put(PLAIN_HTTP), deniedBy('DenyInsecureTransport')),
  row(TLS, 'a listing over plain HTTP is denied: the bucket is protected, not only its objects', list({ changes: PLAIN_HTTP }), deniedBy('DenyInsecureTransport')),
  row(TLS, 'a listing over TLS 1.1 is denied', list({ changes: tls('1.1') }), deniedBy('DenyOutdatedTls')),
  row(TLS, 'another account is denied over plain HTTP', get({ caller: role(SIBLING, 'Application'), changes: PLAIN_HTTP }), deniedBy('DenyInsecureTransport')),
  row(TLS, 'a user is denied over plain HTTP', get({ caller: user(OWNER, 'maria'), changes: PLAIN_HTTP }), deniedBy('DenyInsecureTransport')),
  row(TLS, "the owner's root user is denied over plain HTTP", get({ caller: root(OWNER), changes: PLAIN_HTTP }), deniedBy('DenyInsecureTransport')),
  row(TLS, 'an AWS service is denied over plain HTTP', put(PLAIN_HTTP, { caller: CLOUD_TRAIL, route: INSIDE_AWS }), deniedBy('DenyInsecureTransport')),
  row(TLS, 'an anonymous caller is denied over plain HTTP', get({ caller: ANONYMOUS, changes: PLAIN_HTTP }), deniedBy('DenyInsecureTransport')),
  row(TLS, 'an anonymous caller is allowed over TLS, if the policy allows everyone there: transport is all that is judged', get({ caller: ANONYMOUS }), ALLOWED),
  row(TLS, 'a role that nobody allows is not allowed by TLS', get({ caller: withoutPermissions(APPLICATION), route: NOWHERE }), NOT_ALLOWED),
  row(TLS, 'a role that the policy names needs no other permission', get({ caller: withoutPermissions(role(OWNER, ROLES.reader)), route: NOWHERE }), ALLOWED),
  row(
    TLS,
    'a key with a line break is no way around',
    get({ resource: `${TLS.arn}/reports\n2026`, changes: PLAIN_HTTP }),
    deniedBy('DenyInsecureTransport'),
    { answer: ALLOWED, ...WILDCARDS_MATCH_LINE_BREAKS },
  ),
  row(TLS_1_3, 'a floor of 1.3 allows TLS 1.3', get({ changes: tls('1.3') }), ALLOWED),
  row(TLS_1_3, 'a floor of 1.3 denies TLS 1.2', get({ changes: tls('1.2') }), deniedBy('DenyOutdatedTls')),
  row(TLS_1_3, 'a floor of 1.3 denies plain HTTP', get({ changes: PLAIN_HTTP }), deniedBy('DenyInsecureTransport')),
];

// RequireEncryption

const ALGORITHM = 's3:x-amz-server-side-encryption';
const KEY = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const SSE_C = { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' };
const SSE_S3 = { [ALGORITHM]: 'AES256' };
const SSE_KMS_WITHOUT_KEY = { [ALGORITHM]: 'aws:kms' };
/** Beginning a multipart upload, or a part of one. */
const MULTIPART = { 's3:ObjectCreationOperation': 'false' };
const COPY = { 's3:x-amz-copy-source': '/elsewhere/january.csv' };

function sseKms(keyId: string): Request['changes'] {
  return { [ALGORITHM]: 'aws:kms', [KEY]: keyId };
}

function dsseKms(keyId?: string): Request['changes'] {
  return { [ALGORITHM]: 'aws:kms:dsse', ...(keyId ? { [KEY]: keyId } : {}) };
}

/** The key that an ARN names, by the id alone. */
function idOf(keyArn: string): string {
  return keyArn.split('/')[1];
}

const OTHER_KEY = `arn:aws:kms:${REGION}:${OWNER.id}:key/0f0f0f0f-1111-2222-3333-444444444444`;
const KEY_OF_OUTSIDER = `arn:aws:kms:${REGION}:${OUTSIDER.id}:key/0e0e0e0e-1111-2222-3333-444444444444`;

const { rejectOther: REJECT, requireHeader: REQUIRE, dualLayer: DUAL } = BUCKETS;

const rejectOtherEncryption: Row[] = [
  row(REJECT, 'an upload without a header is allowed: default encryption gives it the right key', put(), ALLOWED),
  row(REJECT, "an upload that names the bucket's key by ARN is allowed", put(sseKms(REJECT.keyArn)), ALLOWED),
  row(REJECT, 'an upload that names another key is denied', put(sseKms(OTHER_KEY)), deniedBy('DenyOtherKeys')),
  row(REJECT, 'an upload that names a key of another account is denied', put(sseKms(KEY_OF_OUTSIDER)), deniedBy('DenyOtherKeys')),
  row(REJECT, 'an upload with aws:kms and no key is denied: that is the AWS managed key', put(SSE_KMS_WITHOUT_KEY), deniedBy('DenyAwsManagedKey')),
  row(REJECT, 'an upload that names the AWS managed key is denied', put(sseKms('alias/aws/s3')), deniedBy('DenyOtherKeys')),
  row(REJECT, 'an upload that names the right key by its id is denied: the ARN is pinned', put(sseKms(idOf(REJECT.keyArn))), deniedBy('DenyOtherKeys')),
  row(REJECT, 'an upload that names a key by an alias is denied, malformed as an ARN as that is', put(sseKms('alias/data')), deniedBy('DenyOtherKeys')),
  row(REJECT, "an upload that names a key by an alias's ARN is denied", put(sseKms(`arn:aws:kms:${REGION}:${OWNER.id}:alias/data`)), deniedBy('DenyOtherKeys')),
  row(REJECT, 'an upload with SSE-S3 is denied', put(SSE_S3), deniedBy('DenyUnencryptedUploads', 'DenyAwsManagedKey')),
  row(REJECT, 'an upload with a key of the caller (SSE-C) is denied', put(SSE_C), deniedBy('DenyCustomerProvidedKeys')),
  row(REJECT, 'an upload with DSSE-KMS to an SSE-KMS bucket is denied, with the right key too', put(dsseKms(REJECT.keyArn)), deniedBy('DenyUnencryptedUploads')),
  row(REJECT, 'an upload with DSSE-KMS and no key is denied twice', put(dsseKms()), deniedBy('DenyUnencryptedUploads', 'DenyAwsManagedKey')),
  row(REJECT, 'an upload that names the right key and no algorithm is not denied', put({ [KEY]: REJECT.keyArn }), ALLOWED),
  row(REJECT, 'an upload that names another key and no algorithm is denied', put({ [KEY]: OTHER_KEY }), deniedBy('DenyOtherKeys')),
  row(REJECT, 'a copy into the bucket without a header is allowed', put(COPY), ALLOWED),
  row(REJECT, 'a copy into the bucket with SSE-S3 is denied: a copy is an upload', put({ ...COPY, ...SSE_S3 }), deniedBy('DenyUnencryptedUploads', 'DenyAwsManagedKey')),
  row(REJECT, 'a copy into the bucket with another key is denied', put({ ...COPY, ...sseKms(OTHER_KEY) }), deniedBy('DenyOtherKeys')),
  row(REJECT, "a multipart upload that begins with the bucket's key is allowed: beginning one is s3:PutObject", put({ ...MULTIPART, ...sseKms(REJECT.keyArn) }), ALLOWED),
  row(REJECT, 'a multipart upload that begins with aws:kms and no key is denied', put({ ...MULTIPART, ...SSE_KMS_WITHOUT_KEY }), deniedBy('DenyAwsManagedKey')),
  row(REJECT, 'a part of a multipart upload, which says nothing of encryption, is allowed', put(MULTIPART), ALLOWED),
  row(REJECT, 'a presigned upload with another key is denied', put({ ...sseKms(OTHER_KEY), 's3:authType': 'REST-QUERY-STRING', 's3:signatureAge': '1000' }), deniedBy('DenyOtherKeys')),
  row(REJECT, 'an AWS service that names another key is denied', put(sseKms(OTHER_KEY), { caller: CLOUD_TRAIL, route: INSIDE_AWS }), deniedBy('DenyOtherKeys')),
  row(REJECT, "an AWS service that names the bucket's key is allowed", put(sseKms(REJECT.keyArn), { caller: CLOUD_TRAIL, route: INSIDE_AWS }), ALLOWED),
  row(REJECT, 'an anonymous upload with SSE-S3 is denied', put(SSE_S3, { caller: ANONYMOUS }), deniedBy('DenyUnencryptedUploads', 'DenyAwsManagedKey')),
  row(REJECT, "an object that is there is encrypted anew with the bucket's key", update(sseKms(REJECT.keyArn)), ALLOWED),
  row(REJECT, 'an object that is there is not encrypted anew with another key', update(sseKms(OTHER_KEY)), deniedBy('DenyOtherKeysForExistingObjects')),
  row(REJECT, "the owner's root user is denied another key", put(sseKms(OTHER_KEY), { caller: root(OWNER) }), deniedBy('DenyOtherKeys')),
  row(REJECT, 'a read is none of its business', get(), ALLOWED),
  row(REJECT, 'deleting is none of its business', get({ action: 's3:DeleteObject' }), ALLOWED),
  row(REJECT, 'tagging is none of its business', get({ action: 's3:PutObjectTagging' }), ALLOWED),
  row(REJECT, 'a replica with another key is none of its business: replication does not upload', get({ action: 's3:ReplicateObject', changes: sseKms(OTHER_KEY) }), ALLOWED),
  row(REJECT, 'a replica with SSE-S3 is none of its business', get({ action: 's3:ReplicateObject', changes: SSE_S3 }), ALLOWED),
];

const requireEncryptionHeader: Row[] = [
  row(REQUIRE, "an upload that names the bucket's key by ARN is allowed", put(sseKms(REQUIRE.keyArn)), ALLOWED),
  row(REQUIRE, 'an upload without a header is denied', put(), deniedBy('DenyUnencryptedUploads', 'DenyOtherKeys')),
  row(REQUIRE, 'an upload with aws:kms and no key is denied', put(SSE_KMS_WITHOUT_KEY), deniedBy('DenyOtherKeys')),
  row(REQUIRE, 'an upload that names another key is denied', put(sseKms(OTHER_KEY)), deniedBy('DenyOtherKeys')),
  row(REQUIRE, 'an upload that names the right key by its id is denied', put(sseKms(idOf(REQUIRE.keyArn))), deniedBy('DenyOtherKeys')),
  row(REQUIRE, 'an upload that names a key by an alias is denied', put(sseKms('alias/data')), deniedBy('DenyOtherKeys')),
  row(REQUIRE, 'an upload that names the right key and no algorithm is denied', put({ [KEY]: REQUIRE.keyArn }), deniedBy('DenyUnencryptedUploads')),
  row(REQUIRE, 'an upload with SSE-S3 is denied', put(SSE_S3), deniedBy('DenyUnencryptedUploads', 'DenyOtherKeys')),
  row(REQUIRE, "an object that is there is encrypted anew with the bucket's key", update(sseKms(REQUIRE.keyArn)), ALLOWED),
  row(REQUIRE, 'an object that is there is not encrypted anew with another key', update(sseKms(OTHER_KEY)), deniedBy('DenyOtherKeysForExistingObjects')),
  row(REQUIRE, 'an upload with a key of the caller (SSE-C) is denied', put(SSE_C), deniedBy('DenyUnencryptedUploads', 'DenyOtherKeys', 'DenyCustomerProvidedKeys')),
  row(REQUIRE, 'an upload with DSSE-KMS to an SSE-KMS bucket is denied', put(dsseKms(REQUIRE.keyArn)), deniedBy('DenyUnencryptedUploads')),
  row(REQUIRE, 'a copy into the bucket without a header is denied', put(COPY), deniedBy('DenyUnencryptedUploads', 'DenyOtherKeys')),
  row(REQUIRE, "a copy into the bucket that names the bucket's key is allowed", put({ ...COPY, ...sseKms(REQUIRE.keyArn) }), ALLOWED),
  row(REQUIRE, 'an AWS service without a header is denied', put({}, { caller: CLOUD_TRAIL, route: INSIDE_AWS }), deniedBy('DenyUnencryptedUploads', 'DenyOtherKeys')),
  row(REQUIRE, 'a read, which has no header, is allowed', get(), ALLOWED),
  row(REQUIRE, 'a replica, whatever its key, is allowed', get({ action: 's3:ReplicateObject', changes: sseKms(OTHER_KEY) }), ALLOWED),
];

const dualLayerEncryption: Row[] = [
  row(DUAL, 'an upload with DSSE-KMS and the right key is allowed', put(dsseKms(DUAL.keyArn)), ALLOWED),
  row(DUAL, 'an upload without a header is allowed', put(), ALLOWED),
  row(DUAL, 'an upload with SSE-KMS is denied: one layer is one too few', put(sseKms(DUAL.keyArn)), deniedBy('DenyUnencryptedUploads')),
  row(DUAL, 'an upload with DSSE-KMS and no key is denied', put(dsseKms()), deniedBy('DenyAwsManagedKey')),
  row(DUAL, 'an upload with DSSE-KMS and another key is denied', put(dsseKms(OTHER_KEY)), deniedBy('DenyOtherKeys')),
  row(DUAL, 'an upload with SSE-C is denied', put(SSE_C), deniedBy('DenyCustomerProvidedKeys')),
  row(DUAL, "an object that is there is encrypted anew with the bucket's key", update(sseKms(DUAL.keyArn)), ALLOWED),
  row(DUAL, 'an object that is there is not encrypted anew with another key', update(sseKms(OTHER_KEY)), deniedBy('DenyOtherKeysForExistingObjects')),
];

// RestrictToNetwork

const { endpoint: VPCE, replica: REPLICA, network: NETWORK } = BUCKETS;

const restrictToEndpoint: Row[] = [
  row(VPCE, 'a read through the endpoint is allowed', get(), ALLOWED),
  row(VPCE, 'a listing through the endpoint is allowed', list(), ALLOWED),
  row(VPCE, 'a read over the internet is denied', get({ route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(VPCE, 'a write over the internet is denied', put({}, { route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(VPCE, 'a listing over the internet is denied', list({ route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(VPCE, 'a read through the endpoint of another VPC is denied', get({ route: OTHER_NETWORK }), deniedBy('DenyOutsideVpce')),
  row(VPCE, 'a read through another endpoint of the same VPC is denied: the endpoint is named, not the VPC', get({ route: throughEndpoint(SECOND_ENDPOINT, VPC) }), deniedBy('DenyOutsideVpce')),
  row(VPCE, 'another account is allowed through the endpoint', get({ caller: role(OUTSIDER, 'Application') }), ALLOWED),
  row(VPCE, 'another account is denied over the internet', get({ caller: role(SIBLING, 'Application'), route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(VPCE, 'an anonymous caller is allowed through the endpoint, if the policy allows everyone there', get({ caller: ANONYMOUS }), ALLOWED),
  row(VPCE, 'an anonymous caller is denied over the internet, whatever allows everyone there', get({ caller: ANONYMOUS, route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(VPCE, 'an anonymous caller is denied in another VPC, whatever allows everyone there', get({ caller: ANONYMOUS, route: OTHER_NETWORK }), deniedBy('DenyOutsideVpce')),
  row(VPCE, "the owner's root user is denied over the internet", get({ caller: root(OWNER), route: INTERNET }), deniedBy('DenyOutsideVpce')),
  ...['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'].map((action) => row(
    VPCE,
    `the owner's root user keeps ${action} over the internet, to repair the policy`,
    { action, caller: root(OWNER), route: INTERNET },
    ALLOWED,
    { answer: deniedBy('DenyOutsideVpce'), ...ROOT_KEEPS_THE_POLICY },
  )),
  row(VPCE, 'a role that may do everything cannot repair the policy over the internet', get({ action: 's3:PutBucketPolicy', route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(VPCE, 'the administrator, whose ARN is imported from another stack, is allowed over the internet', get({ caller: BREAK_GLASS, route: INTERNET }), ALLOWED),
  row(VPCE, 'the administrator is allowed through another VPC', get({ action: 's3:PutBucketPolicy', caller: BREAK_GLASS, route: OTHER_NETWORK }), ALLOWED),
  row(
    VPCE,
    'an administrator of single sign-on is allowed: the pattern spans the Region in the path',
    get({ caller: role(OWNER, `aws-reserved/sso.amazonaws.com/${REGION}/AWSReservedSSO_Administrator_0123456789abcdef`), route: INTERNET }),
    ALLOWED,
  ),
  row(VPCE, "a role whose name begins with the administrator's is denied", get({ caller: role(OWNER, `${ROLES.breakGlass}2`), route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(VPCE, "a role of the administrator's name on another path is denied", get({ caller: role(OWNER, `team/${nameOf(ROLES.breakGlass)}`), route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(VPCE, "a role of the administrator's name in another account is denied", get({ caller: role(SIBLING, ROLES.breakGlass), route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(VPCE, "a user of the administrator's name is denied", get({ caller: user(OWNER, ROLES.breakGlass), route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(VPCE, "a session that calls itself by the administrator's name is denied", get({ caller: role(OWNER, 'Application', nameOf(ROLES.breakGlass)), route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(VPCE, 'a role of single sign-on without the permission set is denied', get({ caller: role(OWNER, `aws-reserved/sso.amazonaws.com/${REGION}/AWSReservedSSO_ReadOnly_0123456789abcdef`), route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(VPCE, 'CloudFormation updates the policy from where it runs', { action: 's3:PutBucketPolicy', caller: CLOUD_FORMATION, route: INSIDE_AWS }, ALLOWED),
  row(VPCE, "CloudFormation's role of another Region is denied", { action: 's3:PutBucketPolicy', caller: role(OWNER, `cdk-hnb659fds-cfn-exec-role-${OWNER.id}-us-east-1`), route: INSIDE_AWS }, deniedBy('DenyOutsideVpce')),
  row(VPCE, 'replication reads from the bucket', { action: 's3:GetObjectVersionForReplication', caller: role(OWNER, ROLES.replication, 's3-replication'), route: INSIDE_AWS }, ALLOWED),
  row(REPLICA, 'replication writes into the replica, whose perimeter is the same', { action: 's3:ReplicateObject', caller: role(OWNER, ROLES.replication, 's3-replication'), route: INSIDE_AWS }, ALLOWED),
  row(REPLICA, 'another role that would replicate is denied at the replica', { action: 's3:ReplicateObject', caller: role(OWNER, 'OtherReplication', 's3-replication'), route: INSIDE_AWS }, deniedBy('DenyOutsideVpce')),
  row(REPLICA, 'the roles that work on the source are denied at the replica', { action: 's3:DeleteObject', caller: role(OWNER, ROLES.notifications), route: INTERNET }, deniedBy('DenyOutsideVpce')),
  row(VPCE, 'emptying the bucket before it is deleted is allowed from a function outside the VPC', { action: 's3:DeleteObjectVersion', caller: role(OWNER, ROLES.autoDelete), route: INTERNET }, ALLOWED),
  row(VPCE, 'the function that empties the bucket may list its versions', { action: 's3:ListBucketVersions', caller: role(OWNER, ROLES.autoDelete), route: INTERNET }, ALLOWED),
  row(VPCE, 'setting up notifications is allowed from a function outside the VPC', { action: 's3:PutBucketNotification', caller: role(OWNER, ROLES.notifications), route: INTERNET }, ALLOWED),
  row(VPCE, 'BucketDeployment writes from a function outside the VPC', put({}, { caller: role(OWNER, ROLES.bucketDeployment), route: INTERNET }), ALLOWED),
  row(VPCE, "a function of the app that is no part of the deployment is denied outside the VPC: its consumer's role", get({ caller: role(OWNER, ROLES.consumer), route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(VPCE, 'a role that the policy allows by name is denied outside the VPC', get({ caller: role(OWNER, ROLES.reader), route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(VPCE, 'CloudTrail delivers', put({}, { caller: CLOUD_TRAIL, route: INSIDE_AWS }), ALLOWED),
  row(VPCE, 'S3 delivers access logs', put({}, { caller: LOG_DELIVERY, route: INSIDE_AWS }), ALLOWED),
  row(VPCE, 'CloudFront reads', get({ caller: CLOUD_FRONT, route: INSIDE_AWS }), ALLOWED),
  row(VPCE, 'an AWS service that nobody allows is not allowed', get({ caller: service('ses.amazonaws.com', { account: OWNER }), route: INSIDE_AWS }), NOT_ALLOWED),
  row(VPCE, 'a service that works with a role of yours is denied: the caller is the role', get({ caller: role(OWNER, 'service-role/GlueJob', 'GlueJobRunnerSession'), route: INSIDE_AWS }), deniedBy('DenyOutsideVpce')),
  row(VPCE, "Athena with a caller's credentials is denied: letting it in is a choice", get({ route: { ...INTERNET, ...viaService('athena.amazonaws.com') } }), deniedBy('DenyOutsideVpce')),
];

const restrictToNetwork: Row[] = [
  row(NETWORK, 'a read through the endpoint is allowed', get(), ALLOWED),
  row(NETWORK, 'a read through any endpoint of the VPC is allowed', get({ route: throughEndpoint(SECOND_ENDPOINT, VPC) }), ALLOWED),
  row(NETWORK, 'a read from the office is allowed', get({ route: fromAddress('203.0.113.77') }), ALLOWED),
  row(NETWORK, 'a read from the office over IPv6 is allowed', get({ route: fromAddress('2001:db8:1234:5678::1') }), ALLOWED),
  row(NETWORK, 'a read from elsewhere is denied', get({ route: INTERNET }), deniedBy('DenyOutsideNetwork')),
  row(NETWORK, 'a read from elsewhere over IPv6 is denied', get({ route: fromAddress('2001:db8:4321::1') }), deniedBy('DenyOutsideNetwork')),
  row(NETWORK, 'a read from the address after the last of the office is denied', get({ route: fromAddress('203.0.114.0') }), deniedBy('DenyOutsideNetwork')),
  row(NETWORK, 'a read through the endpoint of another VPC is denied', get({ route: OTHER_NETWORK }), deniedBy('DenyOutsideNetwork')),
  row(NETWORK, 'an address of the office inside another VPC is no address of the office', get({ route: throughEndpoint(OTHER_ENDPOINT, OTHER_VPC, '203.0.113.77') }), deniedBy('DenyOutsideNetwork')),
  row(NETWORK, "Athena with a caller's credentials is allowed, by choice", get({ route: { ...INTERNET, ...viaService('athena.amazonaws.com') } }), ALLOWED),
  row(NETWORK, 'a service that works with a role of yours is denied, the choice for Athena notwithstanding', get({ caller: role(OWNER, 'service-role/GlueJob', 'GlueJobRunnerSession'), route: INSIDE_AWS }), deniedBy('DenyOutsideNetwork')),
  row(NETWORK, 'the administrator is allowed from elsewhere', get({ caller: BREAK_GLASS, route: INTERNET }), ALLOWED),
  row(NETWORK, 'CloudFormation updates the policy from where it runs', { action: 's3:PutBucketPolicy', caller: CLOUD_FORMATION, route: INSIDE_AWS }, ALLOWED),
  row(NETWORK, 'a role that empties another bucket of the app is denied', { action: 's3:DeleteObject', caller: role(OWNER, ROLES.autoDelete), route: INTERNET }, deniedBy('DenyOutsideNetwork')),
  row(NETWORK, 'CloudTrail delivers', put({}, { caller: CLOUD_TRAIL, route: INSIDE_AWS }), ALLOWED),
  row(NETWORK, 'an anonymous caller is denied from elsewhere, whatever allows everyone there', get({ caller: ANONYMOUS, route: INTERNET }), deniedBy('DenyOutsideNetwork')),
];

function nameOf(roleWithPath: string): string {
  return roleWithPath.split('/').at(-1)!;
}

// RestrictToOrganization

const ORGANIZATION = BUCKETS.organization;

const restrictToOrganization: Row[] = [
  row(ORGANIZATION, 'a role of the owner is allowed', get(), ALLOWED),
  row(ORGANIZATION, 'a user of the owner is allowed', get({ caller: user(OWNER, 'maria') }), ALLOWED),
  row(ORGANIZATION, 'another account of the organization is allowed', get({ caller: role(SIBLING, 'Application') }), ALLOWED),
  row(ORGANIZATION, 'the organization is allowed from any network', get({ caller: role(SIBLING, 'Application'), route: INTERNET }), ALLOWED),
  row(ORGANIZATION, 'an account of another organization is denied, though the policy allows it', get({ caller: role(OUTSIDER, 'Application') }), deniedBy('DenyOutsideOrg')),
  row(ORGANIZATION, 'an account of no organization is denied', get({ caller: role(LONER, 'Application') }), deniedBy('DenyOutsideOrg')),
  row(ORGANIZATION, 'a user of an account of no organization is denied', put({}, { caller: user(LONER, 'maria') }), deniedBy('DenyOutsideOrg')),
  row(ORGANIZATION, 'the root user of another organization is denied', list({ caller: root(OUTSIDER) }), deniedBy('DenyOutsideOrg')),
  row(ORGANIZATION, 'a trusted account outside the organization is allowed', get({ caller: role(PARTNER, 'Application') }), ALLOWED),
  row(ORGANIZATION, 'a trusted account is still not allowed what nobody allows', get({ action: 's3:DeleteObject', caller: role(PARTNER, 'Application') }), NOT_ALLOWED),
  row(ORGANIZATION, 'an anonymous caller is denied, whatever allows everyone in the VPC', get({ caller: ANONYMOUS }), deniedBy('DenyOutsideOrg')),
  row(ORGANIZATION, 'an anonymous caller is denied, whatever allows everyone in an address range', get({ caller: ANONYMOUS, route: INTERNET }), deniedBy('DenyOutsideOrg')),
  row(ORGANIZATION, "Athena with an outsider's credentials is denied", get({ caller: role(OUTSIDER, 'Analyst'), route: { ...INTERNET, ...viaService('athena.amazonaws.com') } }), deniedBy('DenyOutsideOrg')),
  row(ORGANIZATION, "Athena with a member's credentials is allowed", get({ route: { ...INTERNET, ...viaService('athena.amazonaws.com') } }), ALLOWED),
  row(ORGANIZATION, "a service that works with an outsider's role is denied", get({ caller: role(OUTSIDER, 'service-role/GlueJob'), route: INSIDE_AWS }), deniedBy('DenyOutsideOrg')),
  row(ORGANIZATION, 'an AWS service that acts for the owner is allowed', put({}, { caller: CLOUD_TRAIL, route: INSIDE_AWS }), ALLOWED),
  row(ORGANIZATION, 'an AWS service that acts for another account of the organization is allowed', put({}, { caller: service('cloudtrail.amazonaws.com', { account: SIBLING }), route: INSIDE_AWS }), ALLOWED),
  row(ORGANIZATION, 'an AWS service that acts for another organization is denied: the confused deputy', put({}, { caller: service('cloudtrail.amazonaws.com', { account: OUTSIDER }), route: INSIDE_AWS }), deniedBy('DenyServicesForOutsideOrg')),
  row(ORGANIZATION, 'an AWS service that acts for an account of no organization is denied', get({ caller: service('cloudfront.amazonaws.com', { account: LONER }), route: INSIDE_AWS }), deniedBy('DenyServicesForOutsideOrg')),
  row(ORGANIZATION, 'an AWS service that acts for a trusted account is allowed', put({}, { caller: service('cloudtrail.amazonaws.com', { account: PARTNER }), route: INSIDE_AWS }), ALLOWED),
  row(ORGANIZATION, 'an AWS service that acts for nobody in particular is allowed', put({}, { caller: service('logging.s3.amazonaws.com'), route: INSIDE_AWS }), ALLOWED),
];

// LimitPresignedUrlAge: 15 minutes

const PRESIGNED_BUCKET = BUCKETS.presigned;
const MINUTE = 60_000; // milliseconds

function presigned(age: number): Request['changes'] {
  return { 's3:authType': 'REST-QUERY-STRING', 's3:signatureAge': String(age) };
}

/** Signature Version 2: S3 says of every signature that it is 0 ms old. */
const PRESIGNED_V2 = { ...presigned(0), 's3:signatureversion': 'AWS' };

const limitPresignedUrlAge: Row[] = [
  row(PRESIGNED_BUCKET, 'a URL that was signed a minute ago is allowed', get({ changes: presigned(MINUTE) }), ALLOWED),
  row(PRESIGNED_BUCKET, 'a URL that was signed exactly 15 minutes ago is allowed', get({ changes: presigned(15 * MINUTE) }), ALLOWED),
  row(PRESIGNED_BUCKET, 'a URL that was signed a millisecond earlier is denied', get({ changes: presigned(15 * MINUTE + 1) }), deniedBy('DenyOldPresignedUrls')),
  row(PRESIGNED_BUCKET, 'a URL that was signed six days ago is denied', get({ changes: presigned(6 * 24 * 60 * MINUTE) }), deniedBy('DenyOldPresignedUrls')),
  row(PRESIGNED_BUCKET, 'an old URL for an upload is denied', put(presigned(16 * MINUTE)), deniedBy('DenyOldPresignedUrls')),
  row(PRESIGNED_BUCKET, 'an old URL for a listing is denied', list({ changes: presigned(16 * MINUTE) }), deniedBy('DenyOldPresignedUrls')),
  row(PRESIGNED_BUCKET, "an old URL that the owner's root user signed is denied", get({ caller: root(OWNER), changes: presigned(16 * MINUTE) }), deniedBy('DenyOldPresignedUrls')),
  row(PRESIGNED_BUCKET, 'an old URL with Signature Version 4A is denied', get({ changes: { ...presigned(16 * MINUTE), 's3:signatureversion': 'AWS4-ECDSA-P256-SHA256' } }), deniedBy('DenyOldPresignedUrls')),
  row(PRESIGNED_BUCKET, 'a URL with Signature Version 2 is denied: nobody can tell its age', get({ changes: PRESIGNED_V2 }), deniedBy('DenySigV2PresignedUrls')),
  row(PRESIGNED_BUCKET, 'an upload by a URL with Signature Version 2 is denied', put(PRESIGNED_V2), deniedBy('DenySigV2PresignedUrls')),
  row(PRESIGNED_BUCKET, 'a request with a signature in its header is allowed', get(), ALLOWED),
  row(PRESIGNED_BUCKET, 'a request with a signature of version 2 in its header is allowed: it is no URL that could be passed on', get({ changes: { 's3:signatureversion': 'AWS' } }), ALLOWED),
  row(PRESIGNED_BUCKET, 'a browser form is left to the expiry of its own policy', put({ 's3:authType': 'POST', 's3:signatureAge': String(16 * MINUTE) }), ALLOWED),
  row(PRESIGNED_BUCKET, 'an anonymous request, which nobody signed, is allowed if the policy allows everyone there', get({ caller: ANONYMOUS }), ALLOWED),
];

// All of them, on one SecureBucket

const { everything: EVERYTHING } = BUCKETS;

const everything: Row[] = [
  row(EVERYTHING, 'a good read is allowed', get(), ALLOWED),
  row(EVERYTHING, 'a good listing is allowed', list(), ALLOWED),
  row(EVERYTHING, 'a good upload is allowed', put(), ALLOWED),
  row(EVERYTHING, "a good upload that names the bucket's key is allowed", put(sseKms(EVERYTHING.keyArn)), ALLOWED),
  row(EVERYTHING, 'a good read from another account of the organization is allowed', get({ caller: role(SIBLING, 'Application') }), ALLOWED),
  row(EVERYTHING, 'a fresh presigned URL is allowed', get({ changes: presigned(MINUTE) }), ALLOWED),
  row(EVERYTHING, 'plain HTTP alone is denied', get({ changes: PLAIN_HTTP }), deniedBy('DenyInsecureTransport')),
  row(EVERYTHING, 'TLS 1.1 alone is denied', get({ changes: tls('1.1') }), deniedBy('DenyOutdatedTls')),
  row(EVERYTHING, 'DSSE-KMS with the right key alone is denied', put(dsseKms(EVERYTHING.keyArn)), deniedBy('DenyUnencryptedUploads')),
  row(EVERYTHING, 'another key alone is denied', put(sseKms(OTHER_KEY)), deniedBy('DenyOtherKeys')),
  row(EVERYTHING, 'the AWS managed key alone is denied', put(SSE_KMS_WITHOUT_KEY), deniedBy('DenyAwsManagedKey')),
  row(EVERYTHING, 'SSE-C alone is denied', put(SSE_C), deniedBy('DenyCustomerProvidedKeys')),
  row(EVERYTHING, "an object that is there is encrypted anew with the bucket's key", update(sseKms(EVERYTHING.keyArn)), ALLOWED),
  row(EVERYTHING, 'an object that is there is not encrypted anew with another key', update(sseKms(OTHER_KEY)), deniedBy('DenyOtherKeysForExistingObjects')),
  row(EVERYTHING, 'a member of the organization from the wrong network is denied: two requirements are two statements', get({ route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(EVERYTHING, 'another account of the organization from the wrong VPC is denied', get({ caller: role(SIBLING, 'Application'), route: OTHER_NETWORK }), deniedBy('DenyOutsideVpce')),
  row(EVERYTHING, 'an outsider through the right endpoint is denied', get({ caller: role(OUTSIDER, 'Application') }), deniedBy('DenyOutsideOrg')),
  row(EVERYTHING, 'an anonymous caller through the right endpoint is denied', get({ caller: ANONYMOUS }), deniedBy('DenyOutsideOrg')),
  row(EVERYTHING, 'an anonymous caller over the internet is denied twice', get({ caller: ANONYMOUS, route: INTERNET }), deniedBy('DenyOutsideVpce', 'DenyOutsideOrg')),
  row(EVERYTHING, 'an outsider over the internet is denied twice', get({ caller: role(OUTSIDER, 'Application'), route: INTERNET }), deniedBy('DenyOutsideVpce', 'DenyOutsideOrg')),
  row(EVERYTHING, 'a service that acts for an outsider alone is denied', put({}, { caller: service('cloudtrail.amazonaws.com', { account: OUTSIDER }), route: INSIDE_AWS }), deniedBy('DenyServicesForOutsideOrg')),
  row(EVERYTHING, 'an old presigned URL alone is denied', get({ changes: presigned(16 * MINUTE) }), deniedBy('DenyOldPresignedUrls')),
  row(EVERYTHING, 'a presigned URL of Signature Version 2 alone is denied', get({ changes: PRESIGNED_V2 }), deniedBy('DenySigV2PresignedUrls')),
  row(EVERYTHING, 'a fresh presigned URL that is opened elsewhere is denied', get({ changes: presigned(MINUTE), route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(EVERYTHING, 'CloudTrail for the owner is allowed', put({}, { caller: CLOUD_TRAIL, route: INSIDE_AWS }), ALLOWED),
  row(EVERYTHING, 'CloudFront for the owner is allowed', get({ caller: CLOUD_FRONT, route: INSIDE_AWS }), ALLOWED),
  row(EVERYTHING, 'the administrator is allowed over the internet', get({ caller: BREAK_GLASS, route: INTERNET }), ALLOWED),
  row(EVERYTHING, 'the administrator is denied plain HTTP: only the network exempts administrators', get({ caller: BREAK_GLASS, route: INTERNET, changes: PLAIN_HTTP }), deniedBy('DenyInsecureTransport')),
  row(EVERYTHING, 'the administrator is denied another key', put(sseKms(OTHER_KEY), { caller: BREAK_GLASS, route: INTERNET }), deniedBy('DenyOtherKeys')),
  row(EVERYTHING, 'CloudFormation updates the policy from where it runs', { action: 's3:PutBucketPolicy', caller: CLOUD_FORMATION, route: INSIDE_AWS }, ALLOWED),
  row(EVERYTHING, 'a trusted account of no organization is allowed through the endpoint', get({ caller: role(PARTNER, 'Application') }), ALLOWED),
  row(EVERYTHING, 'a trusted account of no organization is denied over the internet', get({ caller: role(PARTNER, 'Application'), route: INTERNET }), deniedBy('DenyOutsideVpce')),
  row(EVERYTHING, 'a role that nobody allows is not allowed, good as its request is', get({ action: 's3:DeleteObject', caller: withoutPermissions(APPLICATION) }), NOT_ALLOWED),
  row(
    EVERYTHING,
    "the owner's root user can delete the policy over plain HTTP from anywhere",
    { action: 's3:DeleteBucketPolicy', caller: root(OWNER), route: INTERNET, changes: PLAIN_HTTP },
    ALLOWED,
    { answer: deniedBy('DenyInsecureTransport', 'DenyOutsideVpce'), ...ROOT_KEEPS_THE_POLICY },
  ),
];

// AccessLogBucket

const { logs: LOGS } = BUCKETS;

function delivery(source?: Parameters<typeof service>[1], changes: Request['changes'] = {}): Partial<Request> {
  return put(changes, { caller: service('logging.s3.amazonaws.com', source), route: INSIDE_AWS });
}

const accessLogBucket: Row[] = [
  row(LOGS, 'the logs of the bucket that logs here are delivered', delivery({ account: OWNER, arn: EVERYTHING.arn }), ALLOWED),
  row(LOGS, 'the logs of another bucket of the account are not', delivery({ account: OWNER, arn: BUCKETS.tls.arn }), NOT_ALLOWED),
  row(LOGS, 'the logs of a bucket whose name merely begins the same are not', delivery({ account: OWNER, arn: `${EVERYTHING.arn}-2` }), NOT_ALLOWED),
  row(LOGS, 'the logs of another account are not, even of a bucket that took over the name', delivery({ account: OUTSIDER, arn: EVERYTHING.arn }), NOT_ALLOWED),
  row(LOGS, 'the logs of another account of the organization are not', delivery({ account: SIBLING, arn: EVERYTHING.arn }), NOT_ALLOWED),
  row(LOGS, 'a delivery that does not say for which bucket is not allowed', delivery({ account: OWNER }), NOT_ALLOWED),
  row(LOGS, 'a delivery that does not say for whom is not allowed', delivery(), NOT_ALLOWED),
  row(LOGS, 'a delivery over plain HTTP is denied', delivery({ account: OWNER, arn: EVERYTHING.arn }, PLAIN_HTTP), deniedBy('DenyInsecureTransport')),
  row(LOGS, 'a delivery over TLS 1.1 is denied', delivery({ account: OWNER, arn: EVERYTHING.arn }, tls('1.1')), deniedBy('DenyOutdatedTls')),
  row(LOGS, 'the delivering service may not read', get({ caller: LOG_DELIVERY, route: INSIDE_AWS }), NOT_ALLOWED),
  row(LOGS, 'the delivering service may not delete', get({ action: 's3:DeleteObject', caller: LOG_DELIVERY, route: INSIDE_AWS }), NOT_ALLOWED),
  row(LOGS, 'another service may not write, for the same bucket of the same account', put({}, { caller: service('cloudtrail.amazonaws.com', { account: OWNER, arn: EVERYTHING.arn }), route: INSIDE_AWS }), NOT_ALLOWED),
  row(LOGS, 'a role of the owner that may read reads the logs', get(), ALLOWED),
  row(LOGS, 'a role of the owner reads no logs over plain HTTP', get({ changes: PLAIN_HTTP }), deniedBy('DenyInsecureTransport')),
  row(LOGS, 'another account reads no logs', get({ caller: role(SIBLING, 'Application') }), NOT_ALLOWED),
  row(LOGS, 'an anonymous caller reads no logs', get({ caller: ANONYMOUS }), NOT_ALLOWED),
];

/** All rows, under what they are about. */
export const TABLE: Record<string, Row[]> = {
  'RequireTls': requireTls,
  'RequireEncryption, REJECT_OTHER': rejectOtherEncryption,
  'RequireEncryption, REQUIRE_HEADER': requireEncryptionHeader,
  'RequireEncryption on a bucket with DSSE-KMS': dualLayerEncryption,
  'RestrictToNetwork, an endpoint': restrictToEndpoint,
  'RestrictToNetwork, alternatives': restrictToNetwork,
  'RestrictToOrganization': restrictToOrganization,
  'LimitPresignedUrlAge': limitPresignedUrlAge,
  'a SecureBucket with every guardrail': everything,
  'AccessLogBucket': accessLogBucket,
};
