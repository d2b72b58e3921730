import { ConfiguredUpload, DEFAULT_APPLIES, listOf, queryResults } from './configured-uploads';
import { own } from '../own';

/** Calls of an API that write into a bucket, by service and action in lower case: state machines and schedules have them written down. */
const CALLS: Readonly<Record<string, (parameters: any) => ConfiguredUpload[]>> = {
  // https://docs.aws.amazon.com/athena/latest/ug/encrypting-query-results-stored-in-s3.html
  'athena:startqueryexecution': ({ ResultConfiguration: { OutputLocation: bucket, EncryptionConfiguration: encryption } = {} as any }) =>
    (/^SSE/.test(String(encryption?.EncryptionOption)) ? [queryResults(bucket, encryption)] : []),
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
  'dynamodb:exporttabletopointintime': ({ S3Bucket: bucket, S3SseAlgorithm: algorithm, S3SseKmsKeyId: keyId }) => (algorithm === undefined ? [] : [{
    bucket, algorithm: algorithm === 'KMS' ? 'aws:kms' : algorithm, keyId, setting: 'S3SseAlgorithm', remedy: `Set 'KMS', and 'S3SseKmsKeyId' to the ARN of the bucket's key, or neither: ${DEFAULT_APPLIES}.`,
  }]),
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartExportTask.html
  'rds:startexporttask': ({ S3BucketName: bucket, KmsKeyId: keyId, IamRoleArn: caller }) => withKey(bucket, keyId, 'KmsKeyId', caller),
  // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TransformOutput.html
  'sagemaker:createtransformjob': ({ TransformOutput: output }) => withKey(output?.S3OutputPath, output?.KmsKeyId, 'KmsKeyId'),
  // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html
  'sagemaker:createtrainingjob': ({ OutputDataConfig: output, RoleArn: caller }) => withKey(output?.S3OutputPath, output?.KmsKeyId, 'KmsKeyId', caller),
  // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingOutputConfig.html
  'sagemaker:createprocessingjob': ({ ProcessingOutputConfig: config, RoleArn: caller }) =>
    listOf(config?.Outputs).flatMap((output) => withKey(output?.S3Output?.S3Uri, config.KmsKeyId, 'KmsKeyId', caller)),
  // https://docs.aws.amazon.com/transcribe/latest/APIReference/API_StartTranscriptionJob.html
  'transcribe:starttranscriptionjob': ({ OutputBucketName: bucket, OutputEncryptionKMSKeyId: keyId }) => withKey(bucket, keyId, 'OutputEncryptionKMSKeyId'),
};

const UPLOADS = /^(?:putObject|copyObject|createMultipartUpload)(?:Command)?$/i;

/** What a call of an API, as it is written down, uploads. */
export function uploadsOfCall(service: string, action: string, parameters: any): ConfiguredUpload[] {
  if (/(?:^|-)s3$/i.test(service)) {
    return UPLOADS.test(action) ? [objectUpload(parameters, `the call of '${action}'`)] : [];
  }
  const uploads = own(CALLS, `${service}:${action}`.toLowerCase());
  return uploads === undefined ? [] : uploads(Object(parameters)).filter(({ bucket }) => typeof bucket === 'string' && !bucket.startsWith('{%')); // what a state machine computes is not known
}

/** An upload that asks for a key where one is named. */
export function withKey(bucket: unknown, keyId: unknown, setting: string, caller?: unknown): ConfiguredUpload[] {
  return bucket === undefined || keyId === undefined ? []
    : [{ bucket, algorithm: 'aws:kms', keyId, caller, setting, remedy: `Name the key of the bucket as '${setting}', or none: ${DEFAULT_APPLIES}.` }];
}

/** An upload by the parameters of an SDK, whose names begin with either case. */
function objectUpload(parameters: any, setting: string): ConfiguredUpload {
  const named = Object.fromEntries(Object.entries<unknown>(Object(parameters)).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    bucket: named.bucket,
    algorithm: named.serversideencryption,
    keyId: named.ssekmskeyid,
    setting,
    remedy: `Remove 'ServerSideEncryption' from the parameters: ${DEFAULT_APPLIES}.`,
  };
}
