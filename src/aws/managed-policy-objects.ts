import { own } from '../own';

/** Objects that an AWS managed policy lets its holders use, as patterns of buckets and keys, or actions on every key of KMS. */
type Allowed = { readonly Effect: 'Allow'; readonly Action: readonly string[]; readonly Resource: readonly string[] };

/** What such policies mean by SageMaker's buckets, and by SageMaker's objects in any bucket. */
const SAGEMAKER = ['*SageMaker*', '*Sagemaker*', '*sagemaker*'];

/**
 * The AWS managed policies that let people and roles get or put objects in buckets of their account, by name, as they were in March 2026; what they say of
 * KMS keys, as far as S3 may use it. Left out are policies that only services can attach, permissions boundaries, what depends on tags or on another service
 * that calls, and buckets of AWS. So is `AWSConfigRole`: AWS Config does not read the objects of those who give it that role.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const ALLOWED: Readonly<Record<string, readonly Allowed[]>> = {
  'AdministratorAccess-Amplify': [uses('*')],
  'AdministratorAccess-AWSElasticBeanstalk': [uses('elasticbeanstalk-*/*')],
  'service-role/AmazonAppStreamServiceAccess': [uses('appstream2-36fb080bb8-*', 'appstream-app-settings-*', 'appstream-logs-*')],
  'AmazonAthenaFullAccess': [reads('athena-examples*'), uses('aws-athena-query-results-*')],
  'AmazonBraketFullAccess': [uses('amazon-braket-*')],
  'AmazonBraketJobsExecutionPolicy': [uses('amazon-braket-*')],
  'AmazonDataZoneSageMakerManageAccessRolePolicy': [
    reads('sagemaker-datazone*', 'SageMaker-DataZone*', 'datazone-sagemaker*', 'DataZone-SageMaker*', 'amazon-datazone*', 'amazon-sagemaker*'),
  ],
  'service-role/AmazonDMSRedshiftS3Role': [uses('dms-*')],
  'AmazonDynamoDBFullAccesswithDataPipeline': [uses('*')],
  'service-role/AmazonEC2RoleforAWSCodeDeploy': [reads('*')],
  'service-role/AmazonEC2RoleforAWSCodeDeployLimited': [reads('*/CodeDeploy/*')],
  'service-role/AmazonEC2RoleforDataPipelineRole': [uses('*')],
  'service-role/AmazonEC2RoleforSSM': [uses('*')],
  'AmazonEC2RolePolicyForLaunchWizard': [uses('launchwizard*')],
  'service-role/AmazonElasticMapReduceforEC2Role': [uses('*')],
  'AmazonElasticMapReduceFullAccess': [uses('*')],
  'AmazonElasticMapReduceReadOnlyAccess': [reads('*')],
  'service-role/AmazonElasticMapReduceRole': [reads('*')],
  'service-role/AmazonElasticTranscoderRole': [uses('*')],
  'service-role/AmazonFreeRTOSOTAUpdate': [uses('afr-ota*')],
  'service-role/AmazonGrafanaAthenaAccess': [uses('grafana-athena-query-results-*')],
  'AmazonLaunchWizardFullAccessV2': [uses('launchwizard*')],
  'AmazonLookoutVisionConsoleFullAccess': [uses('lookoutvision-*/*')],
  'AmazonLookoutVisionConsoleReadOnlyAccess': [reads('lookoutvision-*/*')],
  'service-role/AmazonMachineLearningRoleforRedshiftDataSourceV3': [uses('amazon-machine-learning*')],
  'service-role/AmazonMacieServiceRole': [reads('*')],
  'service-role/AmazonPersonalizeFullAccess': [uses('*Personalize*', '*personalize*')],
  'AmazonRDSCustomInstanceProfileRolePolicy': [uses('do-not-delete-rds-custom-*/*'), key('kms:Decrypt', 'kms:GenerateDataKey')],
  'AmazonRedshiftAllCommandsFullAccess': [uses('*redshift*')],
  'AmazonRekognitionCustomLabelsFullAccess': [uses('*custom-labels*')],
  'AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy': [reads('sagemaker-*')],
  'AmazonSageMakerCanvasBedrockAccess': [uses('sagemaker-*/Canvas', 'sagemaker-*/Canvas/*')],
  'AmazonSageMakerCanvasDataPrepFullAccess': [uses(...SAGEMAKER)],
  'AmazonSageMakerCanvasEMRServerlessExecutionRolePolicy': [uses('*SageMaker*', '*sagemaker*')],
  'service-role/AmazonSageMakerCanvasForecastAccess': [uses('sagemaker-*/Canvas*', 'sagemaker-*/canvas*')],
  'AmazonSageMakerCanvasFullAccess': [uses(...SAGEMAKER)],
  'AmazonSageMakerClusterInstanceRolePolicy': [reads('sagemaker-*')],
  'service-role/AmazonSageMakerEdgeDeviceFleetPolicy': [writes(...SAGEMAKER)],
  'AmazonSageMakerFeatureStoreAccess': [reads('*SageMaker*/metadata/*', '*Sagemaker*/metadata/*', '*sagemaker*/metadata/*'), writes(...SAGEMAKER)],
  'AmazonSageMakerFullAccess': [uses(...SAGEMAKER, '*aws-glue*')],
  'service-role/AmazonSageMakerGeospatialExecutionRole': [uses(...SAGEMAKER)],
  'AmazonSageMakerGroundTruthExecution': [uses(...SAGEMAKER, '*GroundTruth*', '*Groundtruth*', '*groundtruth*')],
  'AmazonSageMakerModelGovernanceUseAccess': [uses(...SAGEMAKER)],
  'AmazonSageMakerModelRegistryFullAccess': [reads(...SAGEMAKER)],
  'service-role/AmazonSageMakerPartnerServiceCatalogProductsCloudFormationServiceRolePolicy': [reads('sagemaker-*/lambda-auth-code/layer.zip')],
  'AmazonSageMakerServiceCatalogProductsCodeBuildServiceRolePolicy': [uses('aws-glue-*', 'sagemaker-*')],
  'service-role/AmazonSageMakerServiceCatalogProductsCodePipelineServiceRolePolicy': [uses('sagemaker-*')],
  'service-role/AmazonSageMakerServiceCatalogProductsGlueServiceRolePolicy': [uses('aws-glue-*', 'sagemaker-*')],
  'service-role/AmazonSageMakerServiceCatalogProductsLambdaServiceRolePolicy': [uses('aws-glue-*', 'sagemaker-*')],
  'AmazonSecurityLakeAdministrator': [reads('aws-security-data-lake-*', 'security-lake-meta-store-manager-*')],
  'service-role/AmazonSecurityLakeMetastoreManager': [uses('aws-security-data-lake*')],
  'AmazonTranscribeFullAccess': [reads('*transcribe*')],
  'AmazonWorkSpacesPoolServiceAccess': [uses('wspool-logs-*', 'wspool-app-settings-*', 'wspool-home-folder-*')],
  'service-role/AmplifyBackendDeployFullAccess': [reads('*amplify*', 'cdk-*-assets-*-*')],
  'AWS-SSM-DiagnosisAutomation-AdministrationRolePolicy': [uses('do-not-delete-ssm-diagnosis-*/actions/*')],
  'AWS-SSM-RemediationAutomation-AdministrationRolePolicy': [uses('do-not-delete-ssm-diagnosis-*/actions/*')],
  'AWSBackupServiceRolePolicyForItemRestores': [writes('*/*'), key('kms:Decrypt', 'kms:GenerateDataKey')],
  'AWSBackupServiceRolePolicyForS3Backup': [reads('*/*'), key('kms:Decrypt')],
  'AWSBackupServiceRolePolicyForS3Restore': [uses('*/*'), key('kms:Decrypt', 'kms:GenerateDataKey')],
  'AWSCleanRoomsFullAccess': [reads('cleanrooms-queryresults*')],
  'AWSCodeDeployRoleForECS': [reads('*')],
  'service-role/AWSCodeDeployRoleForLambda': [reads('*/CodeDeploy/*')],
  'service-role/AWSCodeDeployRoleForLambdaLimited': [reads('*/CodeDeploy/*')],
  'AWSCodePipeline_FullAccess': [reads('codepipeline-*')],
  'AWSCodePipeline_ReadOnlyAccess': [reads('codepipeline-*')],
  'service-role/AWSCodeStarServiceRole': [reads('awscodestar-*/*'), uses('aws-codestar-*', 'elasticbeanstalk-*')],
  'service-role/AWSConfigRulesExecutionRole': [reads('*/AWSLogs/*/Config/*')],
  'AWSConnector': [uses('import-to-ec2-*')],
  'service-role/AWSControlTowerServiceRolePolicy': [reads('aws-controltower*/*')],
  'AWSDeepLensLambdaFunctionAccessPolicy': [reads('deeplens*')],
  'service-role/AWSDeepLensServiceRolePolicy': [reads('deeplens*')],
  'AWSDeepRacerFullAccess': [reads('*DeepRacer*', '*Deepracer*', '*deepracer*', 'dr-*')],
  'AWSDeepRacerRoboMakerAccessPolicy': [uses('*DeepRacer*', '*Deepracer*', '*deepracer*', 'dr-*')],
  'service-role/AWSDeepRacerServiceRolePolicy': [uses('*DeepRacer*', '*Deepracer*', '*deepracer*', 'dr-*')],
  'AWSDiscoveryContinuousExportFirehosePolicy': [uses('aws-application-discovery-service-*')],
  'AWSElasticBeanstalkCustomPlatformforEC2Role': [uses('elasticbeanstalk-*')],
  'AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy': [uses('elasticbeanstalk-*/*')],
  'AWSElasticBeanstalkReadOnly': [reads('elasticbeanstalk-*')],
  'service-role/AWSElasticBeanstalkRoleCore': [uses('elasticbeanstalk-*/*', 'elasticbeanstalk-env-resources-*/*')],
  'service-role/AWSElasticBeanstalkService': [reads('*'), uses('elasticbeanstalk-*')],
  'AWSElasticBeanstalkWebTier': [uses('elasticbeanstalk-*')],
  'AWSElasticBeanstalkWorkerTier': [uses('elasticbeanstalk-*')],
  'AWSForWordPressPluginPolicy': [writes('audio_for_wordpress*', 'audio-for-wordpress*')],
  'AWSGlueConsoleFullAccess': [uses('*/*aws-glue-*/*', 'aws-glue-*')],
  'AWSGlueConsoleSageMakerNotebookFullAccess': [uses('*/*aws-glue-*/*', 'aws-glue-*')],
  'AwsGlueDataBrewFullAccessPolicy': [reads('databrew-public-datasets-*'), key('kms:GenerateDataKey')],
  'service-role/AWSGlueDataBrewServiceRole': [reads('databrew-public-datasets-*')],
  'service-role/AWSGlueServiceNotebookRole': [reads('crawler-public*'), uses('aws-glue*')],
  'service-role/AWSGlueServiceRole': [reads('crawler-public*', 'aws-glue-*'), uses('aws-glue-*/*', '*/*aws-glue-*/*')],
  'service-role/AwsGlueSessionUserRestrictedNotebookServiceRole': [reads('crawler-public*'), uses('aws-glue-*/*', '*/*aws-glue-*/*')],
  'service-role/AwsGlueSessionUserRestrictedServiceRole': [reads('crawler-public*'), uses('aws-glue-*/*', '*/*aws-glue-*/*')],
  'service-role/AWSGreengrassResourceAccessRolePolicy': [reads(...SAGEMAKER, '*Greengrass*', '*GreenGrass*', '*greengrass*')],
  'AWSIoTDeviceTesterForFreeRTOSFullAccess': [uses('afr-ota*/*', 'idt-*/*')],
  'AWSIoTDeviceTesterForGreengrassFullAccess': [writes('idt*')],
  'service-role/AWSIoTRuleActions': [writes('*')],
  'AWSMigrationHubOrchestratorConsoleFullAccess': [uses('migrationhub-orchestrator-*')],
  'AWSMigrationHubOrchestratorInstanceRolePolicy': [reads('migrationhub-orchestrator-*', 'aws-migrationhub-orchestrator-*/*')],
  'AWSMigrationHubOrchestratorPlugin': [uses('migrationhub-orchestrator-*')],
  'AWSMigrationHubStrategyCollector': [uses('migrationhub-strategy-*')],
  'AWSMigrationHubStrategyConsoleFullAccess': [reads('migrationhub-strategy-*')],
  'service-role/AWSPanoramaGreengrassGroupRolePolicy': [uses('*aws-panorama*')],
  'service-role/AWSPanoramaSageMakerRolePolicy': [uses('*aws-panorama*')],
  'service-role/AWSPanoramaServiceRolePolicy': [uses('*aws-panorama*')],
  'AWSQuickSetupPatchPolicyBaselineAccess': [reads('aws-quicksetup-patchpolicy-*')],
  'AWSQuickSetupSSMManageResourcesExecutionPolicy': [reads('do-not-delete-ssm-*')],
  'service-role/AWSQuicksightAthenaAccess': [uses('aws-athena-query-results-*')],
  'service-role/AWSQuickSightSageMakerPolicy': [reads('quicksight-ml.*'), uses('sagemaker*')],
  'AWSRefactoringToolkitFullAccess': [uses('*/refactoringtoolkit*', '*/a2c-generated*', '*/application-transformation*')],
  'AWSRefactoringToolkitSidecarPolicy': [reads('*/refactoringtoolkit*')],
  'AWSResilienceHubAsssessmentExecutionPolicy': [uses('aws-resilience-hub-artifacts-*')],
  'service-role/AWSSupplyChainFederationAdminAccess': [uses('aws-supply-chain-data-*')],
  'service-role/AWSTransformApplicationDeploymentPolicy': [writes('aws-transform-deployment-bucket-*')],
  'BedrockAgentCoreFullAccess': [reads('*'), writes('bedrock-agentcore-runtime-*'), key('kms:Decrypt', 'kms:GenerateDataKey')],
  'CloudWatchSyntheticsFullAccess': [reads('cw-syn-*'), key('kms:Decrypt')],
  'service-role/ComprehendDataAccessRolePolicy': [uses('*Comprehend*', '*comprehend*')],
  'job-function/DatabaseAdministrator': [uses('*')],
  'job-function/DataScientist': [uses('*')],
  'EC2InstanceProfileForImageBuilder': [reads('*/*.ISO', '*/*.iso', '*/*.Iso', 'ec2imagebuilder*'), key('kms:Decrypt')],
  'EC2InstanceProfileForImageBuilderECRContainerBuilds': [reads('ec2imagebuilder*'), key('kms:Decrypt')],
  'GameLiftContainerFleetPolicy': [writes('gamelift-*')],
  'service-role/GreengrassOTAUpdateArtifactAccess': [reads('*-greengrass-updates/*')],
  'service-role/QuickSightAccessForS3StorageManagementAnalyticsReadOnly': [reads('s3-analytics-export-shared-*')],
  'SageMakerStudioAdminIAMDefaultExecutionPolicy': [uses('amazon-sagemaker*'), key('kms:Decrypt', 'kms:GenerateDataKey')],
  'SageMakerStudioAdminIAMPermissiveExecutionPolicy': [uses('*'), key('kms:Decrypt', 'kms:GenerateDataKey')],
  'SageMakerStudioFullAccess': [uses('amazon-sagemaker*/*')],
  'service-role/SageMakerStudioProjectProvisioningRolePolicy': [reads('amazon-sagemaker-cf-templates*/*', '*/dzd*/*/genAI/*')],
  'SageMakerStudioUserIAMPermissiveExecutionPolicy': [uses('*'), key('kms:Decrypt', 'kms:GenerateDataKey')],
  'SecretsManagerReadWrite': [reads('awsserverlessrepo-changesets*', 'secrets-manager-rotation-apps-*/*')],
  'ServerMigrationConnector': [uses('sms-b-*', 'import-to-ec2-*')],
  'ServerMigrationServiceConsoleFullAccess': [reads('sms-app-*/*')],
  'service-role/ServerMigrationServiceRoleForInstanceValidation': [reads('sms-app-*/*')],
  'job-function/SystemAdministrator': [uses('*')],
  'service-role/VMImportExportRoleForAWSConnector': [reads('import-to-ec2-*')],
};

/**
 * The statements about objects, and about keys for them, of an AWS managed policy that lets its holders get or put objects; undefined for all others.
 * They do not decide requests: AWS changes its policies, and other statements of theirs are left out.
 */
export function objectStatements(arn: string): readonly object[] | undefined {
  const name = /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? '';
  return own(ALLOWED, name);
}

function reads(...objects: string[]): Allowed {
  return allow(['s3:GetObject'], objects);
}

function writes(...objects: string[]): Allowed {
  return allow(['s3:PutObject'], objects);
}

function uses(...objects: string[]): Allowed {
  return allow(['s3:GetObject', 's3:PutObject'], objects);
}

function key(...actions: string[]): Allowed {
  return { Effect: 'Allow', Action: actions, Resource: ['*'] };
}

function allow(actions: string[], objects: string[]): Allowed {
  return { Effect: 'Allow', Action: actions, Resource: objects.map((pattern) => (pattern === '*' ? '*' : `arn:aws:s3:::${pattern}`)) };
}
