import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';

const ALGORITHM = 's3:x-amz-server-side-encryption';
const KEY_ID = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const CUSTOMER_ALGORITHM = 's3:x-amz-server-side-encryption-customer-algorithm';

const PRIVATE: s3.BucketProps = {
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
  objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
  versioned: true,
};

/** The template of `SecureBucket`, as a careful engineer writes it with `s3.Bucket` alone. */
export function hardenedByHand(stack: Stack, ids: string[]): void {
  const logs = logBucket(stack);
  const buckets = ids.map((id) => hardenedBucket(stack, id, logs));
  logs.addToResourcePolicy(allowLogDelivery(logs, buckets));
}

function logBucket(stack: Stack): s3.Bucket {
  const logs = new s3.Bucket(stack, 'SecureBucketAccessLogs', {
    ...PRIVATE,
    encryption: s3.BucketEncryption.S3_MANAGED,
    lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }],
  });
  requireTls(logs);
  keepPolicy(logs);
  return logs;
}

function hardenedBucket(stack: Stack, id: string, logs: s3.Bucket): s3.Bucket {
  const bucket = new s3.Bucket(stack, id, { ...PRIVATE, encryption: s3.BucketEncryption.KMS, bucketKeyEnabled: true });
  // Given as props, the log bucket would get a statement for each bucket, and its policy would outgrow S3's 20,480 bytes.
  (bucket.node.defaultChild as s3.CfnBucket).loggingConfiguration = { destinationBucketName: logs.bucketName, logFilePrefix: `${id}/` };
  requireTls(bucket);
  requireKey(bucket);
  keepPolicy(bucket);
  return bucket;
}

/** Data that is kept keeps its denies. */
function keepPolicy(bucket: s3.Bucket): void {
  (bucket.policy!.node.defaultChild as s3.CfnBucketPolicy).applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
}

function requireTls(bucket: s3.Bucket): void {
  const everything = { actions: ['s3:*'], resources: [bucket.bucketArn, bucket.arnForObjects('*')] };
  deny(bucket, { ...everything, sid: 'DenyInsecureTransport', conditions: { Bool: { 'aws:SecureTransport': 'false' } } });
  deny(bucket, { ...everything, sid: 'DenyOutdatedTls', conditions: { NumericLessThan: { 's3:TlsVersion': 1.2 } } });
}

function requireKey(bucket: s3.Bucket): void {
  const { keyArn } = bucket.encryptionKey!;
  const upload = { actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] };
  deny(bucket, { ...upload, sid: 'DenyUnencryptedUploads', conditions: { StringNotEquals: { [ALGORITHM]: 'aws:kms' }, Null: { [ALGORITHM]: 'false' } } });
  deny(bucket, { ...upload, sid: 'DenyOtherKeys', conditions: { StringNotEquals: { [KEY_ID]: keyArn }, Null: { [KEY_ID]: 'false' } } });
  deny(bucket, { ...upload, sid: 'DenyAwsManagedKey', conditions: { Null: { [ALGORITHM]: 'false', [KEY_ID]: 'true' } } });
  deny(bucket, { ...upload, sid: 'DenyCustomerProvidedKeys', conditions: { Null: { [CUSTOMER_ALGORITHM]: 'false' } } });
  deny(bucket, { ...upload, actions: ['s3:UpdateObjectEncryption'], sid: 'DenyOtherKeysForExistingObjects', conditions: { StringNotEquals: { [KEY_ID]: keyArn } } });
}

function deny(bucket: s3.Bucket, statement: iam.PolicyStatementProps): void {
  bucket.addToResourcePolicy(new iam.PolicyStatement({ ...statement, effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()] }));
}

function allowLogDelivery(logs: s3.Bucket, sources: s3.Bucket[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AllowServerAccessLogDelivery',
    principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [logs.arnForObjects('*')],
    conditions: {
      ArnLike: { 'aws:SourceArn': sources.map(({ bucketArn }) => bucketArn) },
      StringEquals: { 'aws:SourceAccount': Stack.of(logs).account },
    },
  });
}
