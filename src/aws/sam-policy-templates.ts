/** A statement that a policy template makes; `${parameter}` stands for the value of its parameter. */
export interface SamStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

export interface SamPolicyTemplate {
  readonly parameter: string;
  readonly statements: readonly SamStatement[];
}

const BUCKET = 'arn:${AWS::Partition}:s3:::${parameter}';
const OBJECTS = `${BUCKET}/*`;
const KEY = 'arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${parameter}';

/**
 * The policy templates of SAM that are about S3 or KMS.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
 */
export const SAM_POLICY_TEMPLATES: Readonly<Record<string, SamPolicyTemplate>> = {
  S3ReadPolicy: onBucket(['GetObject', 'ListBucket', 'GetBucketLocation', 'GetObjectVersion', 'GetLifecycleConfiguration']),
  S3WritePolicy: onBucket(['PutObject', 'PutObjectAcl', 'PutLifecycleConfiguration']),
  S3CrudPolicy: onBucket([
    'GetObject', 'ListBucket', 'GetBucketLocation', 'GetObjectVersion', 'PutObject', 'PutObjectAcl', 'GetLifecycleConfiguration', 'PutLifecycleConfiguration',
    'DeleteObject',
  ]),
  S3FullAccessPolicy: {
    parameter: 'BucketName',
    statements: [
      {
        actions: s3([
          'GetObject', 'GetObjectAcl', 'GetObjectVersion', 'PutObject', 'PutObjectAcl', 'DeleteObject', 'DeleteObjectTagging', 'DeleteObjectVersionTagging',
          'GetObjectTagging', 'GetObjectVersionTagging', 'PutObjectTagging', 'PutObjectVersionTagging',
        ]),
        resources: [OBJECTS],
      },
      { actions: s3(['ListBucket', 'GetBucketLocation', 'GetLifecycleConfiguration', 'PutLifecycleConfiguration']), resources: [BUCKET] },
    ],
  },
  KMSDecryptPolicy: onKey(['kms:Decrypt']),
  KMSEncryptPolicy: onKey(['kms:Encrypt']),
  KMSEncryptPolicy_v2: onKey([
    'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:GenerateDataKeyPair', 'kms:GenerateDataKeyPairWithoutPlaintext',
  ]),
};

/** All others that there are: they give permissions on other services alone. */
export const SAM_POLICY_TEMPLATES_WITHOUT_STORAGE: readonly string[] = [
  'AMIDescribePolicy', 'AWSSecretsManagerGetSecretValuePolicy', 'AWSSecretsManagerRotationPolicy', 'AcmGetCertificatePolicy', 'AthenaQueryPolicy',
  'CloudFormationDescribeStacksPolicy', 'CloudWatchDashboardPolicy', 'CloudWatchDescribeAlarmHistoryPolicy', 'CloudWatchPutMetricPolicy',
  'CodeCommitCrudPolicy', 'CodeCommitReadPolicy', 'CodePipelineLambdaExecutionPolicy', 'CodePipelineReadOnlyPolicy', 'ComprehendBasicAccessPolicy',
  'CostExplorerReadOnlyPolicy', 'DynamoDBBackupFullAccessPolicy', 'DynamoDBCrudPolicy', 'DynamoDBReadPolicy', 'DynamoDBReconfigurePolicy',
  'DynamoDBRestoreFromBackupPolicy', 'DynamoDBStreamReadPolicy', 'DynamoDBWritePolicy', 'EC2CopyImagePolicy', 'EC2DescribePolicy', 'EFSWriteAccessPolicy',
  'EKSDescribePolicy', 'EcsRunTaskPolicy', 'ElasticMapReduceAddJobFlowStepsPolicy', 'ElasticMapReduceCancelStepsPolicy',
  'ElasticMapReduceModifyInstanceFleetPolicy', 'ElasticMapReduceModifyInstanceGroupsPolicy', 'ElasticMapReduceSetTerminationProtectionPolicy',
  'ElasticMapReduceTerminateJobFlowsPolicy', 'ElasticsearchHttpPostPolicy', 'EventBridgePutEventsPolicy', 'FilterLogEventsPolicy', 'FirehoseCrudPolicy',
  'FirehoseWritePolicy', 'KinesisCrudPolicy', 'KinesisStreamReadPolicy', 'LambdaInvokePolicy', 'MobileAnalyticsWriteOnlyAccessPolicy',
  'OrganizationsListAccountsPolicy', 'PinpointEndpointAccessPolicy', 'PollyFullAccessPolicy', 'RekognitionDetectOnlyPolicy',
  'RekognitionFacesManagementPolicy', 'RekognitionFacesPolicy', 'RekognitionLabelsPolicy', 'RekognitionNoDataAccessPolicy', 'RekognitionReadPolicy',
  'RekognitionWriteOnlyAccessPolicy', 'Route53ChangeResourceRecordSetsPolicy', 'SESBulkTemplatedCrudPolicy', 'SESBulkTemplatedCrudPolicy_v2',
  'SESCrudPolicy', 'SESEmailTemplateCrudPolicy', 'SESSendBouncePolicy', 'SNSCrudPolicy', 'SNSPublishMessagePolicy', 'SQSPollerPolicy',
  'SQSSendMessagePolicy', 'SSMParameterReadPolicy', 'SSMParameterWithSlashPrefixReadPolicy', 'SageMakerCreateEndpointConfigPolicy',
  'SageMakerCreateEndpointPolicy', 'ServerlessRepoReadWriteAccessPolicy', 'StepFunctionsCallbackPolicy', 'StepFunctionsExecutionPolicy',
  'StepFunctionsExecutionPolicy_v2', 'TextractDetectAnalyzePolicy', 'TextractGetResultPolicy', 'TextractPolicy', 'VPCAccessPolicy',
];

/**
 * What a connector allows its source on a bucket.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
 */
export const SAM_CONNECTOR_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  Read: s3([
    'GetObject', 'GetObjectAcl', 'GetObjectLegalHold', 'GetObjectRetention', 'GetObjectTorrent', 'GetObjectVersion', 'GetObjectVersionAcl', 'GetObjectVersionForReplication',
    'GetObjectVersionTorrent', 'ListBucket', 'ListBucketMultipartUploads', 'ListBucketVersions', 'ListMultipartUploadParts',
  ]),
  Write: s3(['AbortMultipartUpload', 'DeleteObject', 'DeleteObjectVersion', 'PutObject', 'PutObjectLegalHold', 'PutObjectRetention', 'RestoreObject']),
};

function onBucket(names: readonly string[]): SamPolicyTemplate {
  return { parameter: 'BucketName', statements: [{ actions: s3(names), resources: [BUCKET, OBJECTS] }] };
}

function onKey(actions: readonly string[]): SamPolicyTemplate {
  return { parameter: 'KeyId', statements: [{ actions, resources: [KEY] }] };
}

function s3(names: readonly string[]): string[] {
  return names.map((name) => `s3:${name}`);
}
