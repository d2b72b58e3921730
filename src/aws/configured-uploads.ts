import { own } from '../own';

/** An upload whose encryption the resource that makes it decides: by a setting, or by having none. */
export interface ConfiguredUpload {
  /** The bucket: a name, an ARN, or an `s3://` URI. */
  readonly bucket: unknown;

  /** What it asks for by `x-amz-server-side-encryption`; undefined if it sends no such header, so that the default of the bucket applies. */
  readonly algorithm?: unknown;

  /** The key that it names beside; the AWS managed key if there is none. */
  readonly keyId?: unknown;

  /** The ARN of the role that uploads. A service that uploads as itself is told by what is set up (`DELIVERY_SET_UPS`). */
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

  /**
   * What it asks for. The settings are those of the template.
   *
   * @param settingsOf the settings of another resource, by its type and its name
   */
  readonly uploads: (properties: any, settingsOf: (type: string, name: unknown) => any) => ConfiguredUpload[];

  /** The page of the documentation. */
  readonly see: string;
}

const PAGES = 'https://docs.aws.amazon.com';
export const DEFAULT_APPLIES = 'the default encryption of the bucket then applies';

/** Resources of templates that say how their uploads are encrypted. */
export const CONFIGURED_UPLOADS: readonly Uploader[] = [
  {
    type: 'Custom::CDKBucketDeployment',
    uploads: ({ DestinationBucketName: bucket, SystemMetadata: { sse, 'sse-kms-key-id': keyId } = {} as any }) => [sse === undefined ? {
      bucket,
      setting: 'serverSideEncryption',
      remedy: "Set 'serverSideEncryption: ServerSideEncryption.AWS_KMS' and 'serverSideEncryptionAwsKmsKeyId' (the ARN of the bucket's key) on the BucketDeployment.",
    } : {
      bucket, algorithm: sse, keyId, setting: 'serverSideEncryption', remedy: `Remove 'serverSideEncryption' from the BucketDeployment: ${DEFAULT_APPLIES}.`,
    }],
    see: `${PAGES}/cdk/api/v2/docs/aws-cdk-lib.aws_s3_deployment.BucketDeployment.html`,
  },
  {
    type: 'AWS::KinesisFirehose::DeliveryStream',
    uploads: (properties) => destinationsIn(properties).map(({ BucketARN: bucket, RoleARN: caller, EncryptionConfiguration: encryption }) => {
      const key = encryption?.KMSEncryptionConfig;
      return {
        bucket,
        ...(key === undefined ? {} : { algorithm: 'aws:kms', keyId: key.AWSKMSKeyARN ?? key }),
        caller,
        setting: 'KMSEncryptionConfig',
        remedy: `Name the key of the bucket in the delivery stream's destination ('encryptionKey')${key === undefined ? '' : `, or none: ${DEFAULT_APPLIES}`}.`,
      };
    }),
    see: `${PAGES}/firehose/latest/dev/encryption.html`,
  },
  {
    type: 'AWS::Athena::WorkGroup',
    uploads: ({ WorkGroupConfiguration: configuration }) => {
      const { OutputLocation: bucket, EncryptionConfiguration: encryption } = configuration?.ResultConfiguration ?? {};
      const option = encryption?.EncryptionOption;
      return option === undefined || option === 'CSE_KMS' ? [] : [queryResults(bucket, encryption)];
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
    uploads: ({ ServiceRole: caller, EncryptionKey: keyId, Artifacts: artifacts, SecondaryArtifacts: others, Cache: cache, LogsConfig: { S3Logs: logs } = {} as any }) => [
      ...[artifacts, ...listOf(others), cache].filter((one) => one?.Type === 'S3'),
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
        bucket, algorithm: 'aws:kms', keyId, setting: 'KMSKeyArn', remedy: `Name the key of the bucket, or remove 'KMSKeyArn': ${DEFAULT_APPLIES}.`,
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
        setting: 'Encryption',
        remedy: `Set 'SSEKMS' with the ARN of the bucket's key, or remove 'Encryption': ${DEFAULT_APPLIES}.`,
      }];
    },
    see: `${PAGES}/AmazonS3/latest/userguide/storage-lens-encrypt-permissions.html`,
  },
  {
    type: 'AWS::CloudTrail::Trail',
    uploads: ({ S3BucketName: bucket, KMSKeyId: keyId, EnableLogFileValidation: validates }) => [{
      bucket,
      algorithm: keyId === undefined ? 'AES256' : 'aws:kms',
      keyId,
      setting: 'KMSKeyId',
      remedy: "Give the trail the key of the bucket ('encryptionKey'), or deliver to a TrailLogBucket, which is made for a trail.",
    }, ...(keyId === undefined || ![true, 'true'].includes(validates) ? [] : [{
      bucket,
      algorithm: 'AES256',
      setting: 'EnableLogFileValidation',
      remedy: 'Deliver to a TrailLogBucket, which spares the digest files of its trail.',
      doubt: 'whether the digest files of a trail ask for SSE-S3, AWS documents in two ways',
    }])],
    see: `${PAGES}/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html`,
  },
  {
    type: 'AWS::GuardDuty::PublishingDestination',
    uploads: ({ DestinationType: kind, DestinationProperties: destination }) => (kind !== 'S3' || destination?.KmsKeyArn === undefined ? [] : [{
      bucket: destination.DestinationArn, algorithm: 'aws:kms', keyId: destination.KmsKeyArn, setting: 'KmsKeyArn', remedy: 'Name the key of the bucket as KmsKeyArn of the publishing destination.',
    }]),
    see: `${PAGES}/guardduty/latest/ug/guardduty_exportfindings.html`,
  },
  {
    type: 'AWS::DMS::Endpoint',
    uploads: ({ EngineName: engine, EndpointType: kind, S3Settings: settings }) => (engine !== 's3' || kind !== 'target' || settings === undefined ? [] : [{
      bucket: settings.BucketName,
      algorithm: algorithmOf(settings.EncryptionMode ?? 'sse-s3'),
      keyId: settings.ServerSideEncryptionKmsKeyId,
      caller: settings.ServiceAccessRoleArn,
      setting: 'EncryptionMode',
      remedy: "Set 'EncryptionMode' to 'sse-kms' and 'ServerSideEncryptionKmsKeyId' to the key of the bucket.",
      doubt: settings.EncryptionMode === undefined ? 'SSE-S3 is then the default of DMS, and whether its uploads say so is not documented' : undefined,
    }]),
    see: `${PAGES}/dms/latest/APIReference/API_S3Settings.html`,
  },
  {
    type: 'AWS::Synthetics::Canary',
    uploads: ({ ArtifactS3Location: bucket, ExecutionRoleArn: caller, ArtifactConfig: { S3Encryption: encryption } = {} as any }) => [{
      bucket,
      algorithm: algorithmOf(encryption?.EncryptionMode ?? 'sse-kms'),
      keyId: encryption?.KmsKeyArn,
      caller,
      setting: 'ArtifactConfig',
      remedy: "Set 'artifactS3EncryptionMode: ArtifactsEncryptionMode.KMS' and 'artifactS3KmsKey' (the key of the bucket) on the canary.",
      doubt: encryption?.EncryptionMode === undefined ? 'the canary then uses the AWS managed key, and what its uploads say is not documented in full' : undefined,
    }],
    see: `${PAGES}/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_artifact_encryption.html`,
  },
  {
    type: 'AWS::Glue::Job',
    uploads: ({ SecurityConfiguration: name, Role: caller, Command: command, DefaultArguments: options }, settingsOf) => {
      const { S3EncryptionMode: mode, KmsKeyArn: keyId } = listOf(settingsOf('AWS::Glue::SecurityConfiguration', name)?.EncryptionConfiguration?.S3Encryptions)[0] ?? {};
      const algorithm = mode === 'DISABLED' ? undefined : algorithmOf(mode);
      return mode === undefined ? [] : oneUriABucket([command?.ScriptLocation, ...Object.values<unknown>(options ?? {})]).map((bucket) => ({
        bucket,
        algorithm,
        keyId,
        caller,
        setting: 'SecurityConfiguration',
        remedy: "Set 'SSE-KMS' with the ARN of the bucket's key in the security configuration, or 'DISABLED', which asks for nothing.",
        doubt: 'where a job writes, its script decides',
      }));
    },
    see: `${PAGES}/glue/latest/dg/encryption-security-configuration.html`,
  },
  {
    type: 'AWS::Timestream::Table',
    uploads: ({ MagneticStoreWriteProperties: writes }) => ofTimestream(writes?.MagneticStoreRejectedDataLocation),
    see: `${PAGES}/timestream/latest/developerguide/API_S3Configuration.html`,
  },
  {
    type: 'AWS::Timestream::ScheduledQuery',
    uploads: ({ ErrorReportConfiguration: report, ScheduledQueryExecutionRoleArn: caller }) => ofTimestream(report, caller),
    see: `${PAGES}/timestream/latest/developerguide/API_query_S3Configuration.html`,
  },
];

const ALGORITHMS: Readonly<Record<string, string>> = { 'sse-s3': 'AES256', 'sse-kms': 'aws:kms' };

/** What a mode asks for. Services write one mode as SSE_S3, SSE-S3 and sse-s3. One that is none of these may be known at deployment only. */
export function algorithmOf(mode: unknown): unknown {
  return typeof mode === 'string' ? own(ALGORITHMS, mode.toLowerCase().replaceAll('_', '-')) ?? mode : mode;
}

/** The results of a query of Athena. */
export function queryResults(bucket: unknown, { EncryptionOption: option, KmsKey: keyId }: any): ConfiguredUpload {
  return {
    bucket, algorithm: algorithmOf(option), keyId, setting: 'EncryptionConfiguration', remedy: `Set 'SSE_KMS' with the ARN of the bucket's key, or remove 'EncryptionConfiguration': ${DEFAULT_APPLIES}.`,
  };
}

/** Of the `s3://` URIs among some values, one for each bucket. */
export function oneUriABucket(values: readonly unknown[]): string[] {
  const uris = values.filter((value): value is string => typeof value === 'string' && value.startsWith('s3://'));
  return [...new Map(uris.map((uri) => [uri.split('/')[2], uri])).values()];
}

function ofTimestream(location: any, caller?: unknown): ConfiguredUpload[] {
  const { BucketName: bucket, EncryptionOption: option, KmsKeyId: keyId } = location?.S3Configuration ?? {};
  return option === undefined ? [] : [{ bucket, algorithm: algorithmOf(option), keyId, caller, setting: 'EncryptionOption', remedy: "Set 'SSE_KMS' with the ARN of the bucket's key." }];
}

/** Settings that a Firehose stream has for S3: its destination, that of its backup, and that behind another destination. */
function destinationsIn(properties: any): any[] {
  const destinations = Object.entries<any>(properties).filter(([name]) => name.endsWith('DestinationConfiguration')).map(([, destination]) => destination ?? {});
  return destinations.flatMap((destination) => [destination, destination.S3Configuration, destination.S3BackupConfiguration].filter((one) => one?.BucketARN !== undefined));
}

export function listOf(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}
