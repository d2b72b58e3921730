/** An upload whose encryption is a setting of the resource that makes it: what it asks S3 for, whatever the default of the bucket. */
export interface ConfiguredUpload {
  /** The bucket: a name, an ARN, or an `s3://` URI. */
  readonly bucket: unknown;

  /** What it asks for by `x-amz-server-side-encryption`. */
  readonly algorithm: unknown;

  /** The key that it names beside; the AWS managed key if there is none. */
  readonly keyId?: unknown;

  /** The ARN of the role, or the service principal, that uploads. */
  readonly caller?: unknown;

  /** The setting, and what to do with it. */
  readonly setting: string;
  readonly remedy: string;

  /** Why it is not sure that it asks for that. */
  readonly doubt?: string;
}

/** A kind of resource that uploads with an encryption of its own. */
export interface Uploader {
  readonly type: string;

  /** What its settings ask for. They are those of the template; what is left out there asks for nothing. */
  readonly uploads: (properties: any) => ConfiguredUpload[];

  /** The page of the documentation. */
  readonly see: string;
}

const PAGES = 'https://docs.aws.amazon.com';
const DEFAULT_APPLIES = 'the default encryption of the bucket then applies';

/** Resources of templates that say how their uploads are encrypted. */
export const UPLOADERS: readonly Uploader[] = [
  {
    type: 'Custom::CDKBucketDeployment',
    uploads: ({ DestinationBucketName: bucket, SystemMetadata: { sse, 'sse-kms-key-id': keyId } = {} as any }) => (sse === undefined ? [] : [{
      bucket, algorithm: sse, keyId, setting: 'serverSideEncryption', remedy: `Remove 'serverSideEncryption' from the BucketDeployment: ${DEFAULT_APPLIES}.`,
    }]),
    see: `${PAGES}/cdk/api/v2/docs/aws-cdk-lib.aws_s3_deployment.BucketDeployment.html`,
  },
  {
    type: 'AWS::KinesisFirehose::DeliveryStream',
    uploads: (properties) => destinationsIn(properties).filter(({ EncryptionConfiguration: encryption }) => encryption?.KMSEncryptionConfig !== undefined)
      .map(({ BucketARN: bucket, RoleARN: caller, EncryptionConfiguration: { KMSEncryptionConfig: key } }) => ({
        bucket,
        algorithm: 'aws:kms',
        keyId: key.AWSKMSKeyARN ?? key,
        caller,
        setting: 'KMSEncryptionConfig',
        remedy: `Name the key of the bucket in the delivery stream's destination ('encryptionKey'), or none: ${DEFAULT_APPLIES}.`,
      })),
    see: `${PAGES}/firehose/latest/dev/encryption.html`,
  },
  {
    type: 'AWS::Athena::WorkGroup',
    uploads: ({ WorkGroupConfiguration: configuration }) => {
      const { OutputLocation: bucket, EncryptionConfiguration: encryption } = configuration?.ResultConfiguration ?? {};
      const algorithm = ATHENA_OPTIONS[encryption?.EncryptionOption];
      return algorithm === undefined ? [] : [{
        bucket, algorithm, keyId: encryption.KmsKey, setting: 'EncryptionConfiguration', remedy: `Set 'SSE_KMS' with the ARN of the bucket's key, or remove 'EncryptionConfiguration': ${DEFAULT_APPLIES}.`,
      }];
    },
    see: `${PAGES}/athena/latest/ug/encrypting-query-results-stored-in-s3.html`,
  },
  {
    type: 'AWS::CodePipeline::Pipeline',
    uploads: ({ RoleArn: caller, ArtifactStore: store, ArtifactStores: stores }) => [store, ...listOf(stores).map((one) => one?.ArtifactStore)].filter((one) => one !== undefined)
      .map(({ Location: bucket, EncryptionKey: key }) => ({
        bucket,
        algorithm: 'aws:kms',
        keyId: key?.Id ?? key,
        caller,
        setting: 'EncryptionKey',
        remedy: "Name the key of the bucket in the pipeline's artifact store; the CDK does where the bucket that it is given has an 'encryptionKey'.",
        doubt: key === undefined ? 'CodePipeline then uses the default key of S3, and what its uploads say is not documented in full' : undefined,
      })),
    see: `${PAGES}/codepipeline/latest/userguide/S3-artifact-encryption.html`,
  },
  {
    type: 'AWS::CodeBuild::Project',
    uploads: ({ ServiceRole: caller, EncryptionKey: keyId, Artifacts: artifacts, SecondaryArtifacts: others, LogsConfig: { S3Logs: logs } = {} as any }) => [
      ...[artifacts, ...listOf(others)].filter((one) => one?.Type === 'S3'),
      ...[logs].filter((one) => one?.Status === 'ENABLED'),
    ].filter(({ EncryptionDisabled: isOff }) => isOff !== true && isOff !== 'true').map(({ Location: bucket }) => ({
      bucket,
      algorithm: 'aws:kms',
      keyId,
      caller,
      setting: 'EncryptionKey',
      remedy: "Name the key of the bucket as 'encryptionKey' of the project.",
      doubt: keyId === undefined ? 'CodeBuild then uses the AWS managed key for Amazon S3, and what its uploads say is not documented in full' : undefined,
    })),
    see: `${PAGES}/codebuild/latest/userguide/security-encryption.html`,
  },
  {
    type: 'AWS::Config::DeliveryChannel',
    uploads: ({ S3BucketName: bucket, S3KmsKeyArn: keyId }) => (keyId === undefined ? [] : [{
      bucket, algorithm: 'aws:kms', keyId, setting: 'S3KmsKeyArn', remedy: `Name the key of the bucket, or remove 'S3KmsKeyArn': ${DEFAULT_APPLIES}.`,
    }]),
    see: `${PAGES}/config/latest/developerguide/s3-kms-key-policy.html`,
  },
  {
    type: 'AWS::SSM::ResourceDataSync',
    uploads: ({ S3Destination: destination, BucketName, KMSKeyArn }) => {
      const { BucketName: bucket = BucketName, KMSKeyArn: keyId = KMSKeyArn } = destination ?? {};
      return keyId === undefined ? [] : [{
        bucket, algorithm: 'aws:kms', keyId, caller: 'ssm.amazonaws.com', setting: 'KMSKeyArn', remedy: `Name the key of the bucket, or remove 'KMSKeyArn': ${DEFAULT_APPLIES}.`,
      }];
    },
    see: `${PAGES}/systems-manager/latest/userguide/inventory-create-resource-data-sync.html`,
  },
  {
    type: 'AWS::S3::StorageLens',
    uploads: ({ StorageLensConfiguration: configuration }) => {
      const { Arn: bucket, Encryption: encryption } = configuration?.DataExport?.S3BucketDestination ?? {};
      return encryption === undefined ? [] : [{
        bucket,
        algorithm: encryption.SSEKMS ? 'aws:kms' : 'AES256',
        keyId: encryption.SSEKMS?.KeyId,
        caller: 'storage-lens.s3.amazonaws.com',
        setting: 'Encryption',
        remedy: `Set 'SSEKMS' with the ARN of the bucket's key, or remove 'Encryption': ${DEFAULT_APPLIES}.`,
      }];
    },
    see: `${PAGES}/AmazonS3/latest/userguide/storage-lens-encrypt-permissions.html`,
  },
];

const ATHENA_OPTIONS: Readonly<Record<string, string>> = { SSE_S3: 'AES256', SSE_KMS: 'aws:kms' };

/** Settings that a Firehose stream has for S3: its destination, that of its backup, and that behind another destination. */
function destinationsIn(properties: any): any[] {
  const destinations = Object.entries<any>(properties).filter(([name]) => name.endsWith('DestinationConfiguration')).map(([, destination]) => destination ?? {});
  return destinations.flatMap((destination) => [destination, destination.S3Configuration, destination.S3BackupConfiguration].filter((one) => one?.BucketARN !== undefined));
}

function listOf(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}
