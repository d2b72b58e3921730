import { algorithmOf, ConfiguredUpload, listOf, Uploader } from './configured-uploads';
import { withKey } from './written-calls';

const PAGES = 'https://docs.aws.amazon.com';

/** Resources of templates whose uploads ask for a key, or for another encryption, only where the template says so. */
export const KEYED_UPLOADS: readonly Uploader[] = [
  {
    type: 'AWS::DataBrew::Job',
    uploads: ({ EncryptionMode: mode, EncryptionKeyArn: keyId, RoleArn: caller, Outputs: outputs, OutputLocation: location }) => (mode === undefined ? []
      : [...listOf(outputs).map((output) => output?.Location), location].filter((one) => one?.Bucket !== undefined).map(({ Bucket: bucket }) => ({
        bucket, algorithm: algorithmOf(mode), keyId, caller, setting: 'EncryptionMode', remedy: "Set 'SSE-KMS', and 'EncryptionKeyArn' to the key of the bucket.",
      }))),
    see: `${PAGES}/databrew/latest/dg/API_CreateRecipeJob.html`,
  },
  {
    type: 'AWS::Lex::Bot',
    uploads: ({ RoleArn: caller, TestBotAliasSettings: settings }) => conversationLogs(settings?.ConversationLogSettings, caller),
    see: `${PAGES}/lexv2/latest/dg/conversation-logs-encrypting.html`,
  },
  {
    type: 'AWS::Lex::BotAlias',
    uploads: ({ ConversationLogSettings: settings }) => conversationLogs(settings),
    see: `${PAGES}/lexv2/latest/dg/conversation-logs-encrypting.html`,
  },
  {
    type: 'AWS::EMRServerless::Application',
    uploads: ({ MonitoringConfiguration: monitoring }) => {
      const { LogUri: bucket, EncryptionKeyArn: keyId } = monitoring?.S3MonitoringConfiguration ?? {};
      return withKey(bucket, keyId, 'EncryptionKeyArn');
    },
    see: `${PAGES}/emr/latest/EMR-Serverless-UserGuide/jobs-log-encryption.html`,
  },
  {
    type: 'AWS::SageMaker::FeatureGroup',
    uploads: ({ RoleArn: caller, OfflineStoreConfig: store }) => {
      const { S3Uri: bucket, KmsKeyId: keyId } = store?.S3StorageConfig ?? {};
      return withKey(bucket, keyId, 'KmsKeyId', caller);
    },
    see: `${PAGES}/sagemaker/latest/APIReference/API_S3StorageConfig.html`,
  },
  {
    type: 'AWS::SageMaker::EndpointConfig',
    uploads: ({ DataCaptureConfig: capture, AsyncInferenceConfig: inference }) => {
      const { S3OutputPath: results, S3FailurePath: failures, KmsKeyId: keyId } = inference?.OutputConfig ?? {};
      return [...withKey(capture?.DestinationS3Uri, capture?.KmsKeyId, 'KmsKeyId'), ...[results, failures].flatMap((bucket) => withKey(bucket, keyId, 'KmsKeyId'))];
    },
    see: `${PAGES}/sagemaker/latest/APIReference/API_DataCaptureConfig.html`,
  },
  {
    type: 'AWS::SageMaker::MonitoringSchedule',
    uploads: ({ MonitoringScheduleConfig: { MonitoringJobDefinition: job } = {} as any }) => monitored(job?.MonitoringOutputConfig, job?.RoleArn),
    see: `${PAGES}/sagemaker/latest/APIReference/API_MonitoringOutputConfig.html`,
  },
  ...['DataQuality', 'ModelBias', 'ModelExplainability', 'ModelQuality'].map((kind): Uploader => ({
    type: `AWS::SageMaker::${kind}JobDefinition`,
    uploads: ({ [`${kind}JobOutputConfig`]: output, RoleArn: caller }) => monitored(output, caller),
    see: `${PAGES}/sagemaker/latest/APIReference/API_MonitoringOutputConfig.html`,
  })),
  ...[['Domain', 'DefaultUserSettings'], ['UserProfile', 'UserSettings']].map(([kind, settings]): Uploader => ({
    type: `AWS::SageMaker::${kind}`,
    uploads: ({ [settings]: { SharingSettings: sharing, ExecutionRole: caller } = {} as any }) => withKey(sharing?.S3OutputPath, sharing?.S3KmsKeyId, 'S3KmsKeyId', caller),
    see: `${PAGES}/sagemaker/latest/APIReference/API_SharingSettings.html`,
  })),
  {
    type: 'AWS::Comprehend::DocumentClassifier',
    uploads: ({ OutputDataConfig: output, DataAccessRoleArn: caller }) => withKey(output?.S3Uri, output?.KmsKeyId, 'KmsKeyId', caller),
    see: `${PAGES}/comprehend/latest/APIReference/API_DocumentClassifierOutputDataConfig.html`,
  },
  {
    type: 'AWS::EMR::Cluster',
    uploads: ({ LogUri: bucket, LogEncryptionKmsKeyId: keyId }) => withKey(bucket, keyId, 'LogEncryptionKmsKeyId'),
    see: `${PAGES}/emr/latest/ManagementGuide/emr-plan-debugging.html`,
  },
  {
    type: 'AWS::Connect::InstanceStorageConfig',
    uploads: ({ S3Config: { BucketName: bucket, EncryptionConfig: encryption } = {} as any }) => withKey(bucket, encryption?.KeyId, 'EncryptionConfig'),
    see: `${PAGES}/connect/latest/APIReference/API_S3Config.html`,
  },
  {
    type: 'AWS::SES::MailManagerRuleSet',
    uploads: ({ Rules: rules }) => listOf(rules).flatMap((rule) => listOf(rule?.Actions)).flatMap(({ WriteToS3: action }) =>
      withKey(action?.S3Bucket, action?.S3SseKmsKeyId, 'S3SseKmsKeyId', action?.RoleArn)),
    see: `${PAGES}/sesmailmanager/latest/APIReference/API_S3Action.html`,
  },
  {
    type: 'AWS::CodePipeline::Pipeline',
    uploads: ({ RoleArn: ofPipeline, Stages: stages }) => listOf(stages).flatMap((stage) => listOf(stage?.Actions))
      .filter((action) => action?.ActionTypeId?.Category === 'Deploy' && action.ActionTypeId.Provider === 'S3')
      .flatMap(({ RoleArn: caller = ofPipeline, Configuration: { BucketName: bucket, KMSEncryptionKeyARN: keyId } = {} as any }) => withKey(bucket, keyId, 'KMSEncryptionKeyARN', caller)),
    see: `${PAGES}/codepipeline/latest/userguide/action-reference-S3Deploy.html`,
  },
];

/** The outputs of a monitoring job of SageMaker. */
function monitored(output: any, caller: unknown): ConfiguredUpload[] {
  return listOf(output?.MonitoringOutputs).flatMap((one) => withKey(one?.S3Output?.S3Uri, output.KmsKeyId, 'KmsKeyId', caller));
}

/** The audio of conversations; their texts go to CloudWatch Logs. */
function conversationLogs(settings: any, caller?: unknown): ConfiguredUpload[] {
  return listOf(settings?.AudioLogSettings).map((one) => one?.Destination?.S3Bucket ?? {})
    .flatMap(({ S3BucketArn: bucket, KmsKeyArn: keyId }) => withKey(bucket, keyId, 'KmsKeyArn', caller));
}
