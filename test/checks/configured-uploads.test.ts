import { App, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as athena from 'aws-cdk-lib/aws-athena';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as config from 'aws-cdk-lib/aws-config';
import * as dms from 'aws-cdk-lib/aws-dms';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as emr from 'aws-cdk-lib/aws-emr';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as guardduty from 'aws-cdk-lib/aws-guardduty';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as mediaconvert from 'aws-cdk-lib/aws-mediaconvert';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as deployment from 'aws-cdk-lib/aws-s3-deployment';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import * as synthetics from 'aws-cdk-lib/aws-synthetics';
import * as cr from 'aws-cdk-lib/custom-resources';
import { DeliverySource, EncryptionEnforcement, RequireEncryption, SecureBucket, TrailLogBucket } from '../../src';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
import { testStack } from '../support/apps';

const OTHER = 'arn:aws:kms:eu-west-1:111122223333:key/99999999-2222-3333-4444-555555555555';

/** The ARN of another key of the app. */
const otherKey = ({ stack }: s3.Bucket) => new kms.Key(stack, 'Other').keyArn;

type Configured = (bucket: s3.Bucket, keyArn: string) => unknown;

const FILES = deployment.Source.data('index.txt', 'hello');
const deploys = (props: Partial<deployment.BucketDeploymentProps>): Configured => (bucket) =>
  new deployment.BucketDeployment(bucket.stack, 'Deployment', { destinationBucket: bucket, sources: [FILES], ...props });

const queries = (encryptionOption: string): Configured => ({ stack, bucketName }, kmsKey) => new athena.CfnWorkGroup(stack, 'Queries', {
  name: 'queries', workGroupConfiguration: { resultConfiguration: { outputLocation: `s3://${bucketName}/results/`, encryptionConfiguration: { encryptionOption, kmsKey } } },
});

const streams: Configured = (bucket, keyArn) => new firehose.DeliveryStream(bucket.stack, 'Stream', {
  destination: new firehose.S3Bucket(bucket, { encryptionKey: kms.Key.fromKeyArn(bucket.stack, 'StreamKey', keyArn) }),
});

const pipeline = (id?: string): Configured => ({ stack, bucketName }) => new codepipeline.CfnPipeline(stack, 'Pipeline', {
  roleArn: 'arn:aws:iam::111122223333:role/Pipeline', stages: [], artifactStore: { type: 'S3', location: bucketName, encryptionKey: id ? { id, type: 'KMS' } : undefined },
});

const builds: Configured = (bucket, keyArn) => new codebuild.Project(bucket.stack, 'Build', {
  buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2' }),
  artifacts: codebuild.Artifacts.s3({ bucket, name: 'out' }),
  encryptionKey: kms.Key.fromKeyArn(bucket.stack, 'BuildKey', keyArn),
});

const records: Configured = ({ stack, bucketName: s3BucketName }, s3KmsKeyArn) => new config.CfnDeliveryChannel(stack, 'Channel', { s3BucketName, s3KmsKeyArn });

const inventories: Configured = (bucket, kmsKeyArn) => {
  if (bucket instanceof SecureBucket) {
    bucket.allowDelivery(DeliverySource.systemsManagerInventory());
  }
  return new ssm.CfnResourceDataSync(bucket.stack, 'Sync', { syncName: 'sync', s3Destination: { bucketName: bucket.bucketName, bucketRegion: 'eu-west-1', syncFormat: 'JsonSerDe', kmsKeyArn } });
};

const LINKED = 'arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig';
const recordsWith = (roleArn: string, source?: DeliverySource): Configured => (bucket) => {
  allowOn(bucket, source);
  new config.CfnConfigurationRecorder(bucket.stack, 'Recorder', { roleArn });
  new config.CfnDeliveryChannel(bucket.stack, 'Channel', { s3BucketName: bucket.bucketName });
};

const trails = (keyOf: (bucket: s3.Bucket) => string | undefined): Configured => (bucket) => {
  allowOn(bucket, DeliverySource.cloudTrail({ trailNames: ['main'] }));
  new cloudtrail.CfnTrail(bucket.stack, 'Trail', { isLogging: true, s3BucketName: bucket.bucketName, trailName: 'main', kmsKeyId: keyOf(bucket) });
};

const validates: Configured = (bucket) => new cloudtrail.Trail(bucket.stack, 'Trail', { bucket, encryptionKey: bucket.encryptionKey, trailName: 'main' });

const flows = (source?: DeliverySource): Configured => (bucket) => {
  allowOn(bucket, source);
  new ec2.CfnFlowLog(bucket.stack, 'Flows', { resourceId: 'vpc-1', resourceType: 'VPC', trafficType: 'ALL', logDestinationType: 's3', logDestination: bucket.bucketArn });
};

const findings: Configured = (bucket, kmsKeyArn) => {
  allowOn(bucket, DeliverySource.guardDuty());
  new guardduty.CfnPublishingDestination(bucket.stack, 'Findings', { detectorId: '12', destinationType: 'S3', destinationProperties: { destinationArn: bucket.bucketArn, kmsKeyArn } });
};

const migrates = (encryptionMode?: string): Configured => ({ stack, bucketName }, key) => new dms.CfnEndpoint(stack, 'Target', {
  endpointType: 'target', engineName: 's3', s3Settings: { bucketName, encryptionMode, serverSideEncryptionKmsKeyId: encryptionMode === 'sse-kms' ? key : undefined },
});

const watches = (encryption?: synthetics.CfnCanary.S3EncryptionProperty): Configured => ({ stack, bucketName }) => new synthetics.CfnCanary(stack, 'Canary', {
  name: 'watch',
  artifactS3Location: `s3://${bucketName}/canary`,
  artifactConfig: encryption && { s3Encryption: encryption },
  code: { handler: 'index.handler' },
  executionRoleArn: 'arn:aws:iam::111122223333:role/Canary',
  runtimeVersion: 'syn-nodejs-puppeteer-9.1',
  schedule: { expression: 'rate(5 minutes)' },
});

const transforms = (s3EncryptionMode: string): Configured => ({ stack, bucketName }, kmsKeyArn) => {
  new glue.CfnSecurityConfiguration(stack, 'Security', { name: 'security', encryptionConfiguration: { s3Encryptions: [{ s3EncryptionMode, kmsKeyArn: s3EncryptionMode === 'SSE-KMS' ? kmsKeyArn : undefined }] } });
  new glue.CfnJob(stack, 'Job', { role: 'arn:aws:iam::111122223333:role/Job', command: { name: 'glueetl', scriptLocation: `s3://${bucketName}/job.py` }, securityConfiguration: 'security' });
};

const calls = (parameters: object): Configured => (bucket) => new cr.AwsCustomResource(bucket.stack, 'Call', {
  onUpdate: { service: 'S3', action: 'putObject', parameters: { Bucket: bucket.bucketName, Key: 'a', ...parameters }, physicalResourceId: cr.PhysicalResourceId.of('call') },
  policy: cr.AwsCustomResourcePolicy.fromSdkCalls({ resources: [bucket.arnForObjects('*')] }),
});

const orchestrates = (parameters: object): Configured => (bucket) => new sfn.StateMachine(bucket.stack, 'Machine', {
  definitionBody: sfn.DefinitionBody.fromChainable(new tasks.CallAwsService(bucket.stack, 'Put', {
    service: 's3', action: 'putObject', parameters: { Bucket: bucket.bucketName, Key: 'a', Body: 'a', ...parameters }, iamResources: [bucket.arnForObjects('*')],
  })),
});

const orchestratesBySubstitution = (parameters: object): Configured => (bucket) => new sfn.StateMachine(bucket.stack, 'Machine', {
  definitionBody: sfn.DefinitionBody.fromString(JSON.stringify({
    StartAt: 'Put', States: { Put: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:putObject', Parameters: { Bucket: '${Name}', Key: 'a', Body: 'a', ...parameters }, End: true } },
  })),
  definitionSubstitutions: { Name: bucket.bucketName },
});

const schedules = (parameters: object): Configured => (bucket) => new CfnResource(bucket.stack, 'Schedule', {
  type: 'AWS::Scheduler::Schedule',
  properties: {
    Target: {
      Arn: 'arn:aws:scheduler:::aws-sdk:s3:putObject', RoleArn: 'arn:aws:iam::111122223333:role/Schedule', Input: bucket.stack.toJsonString({ Bucket: bucket.bucketName, Key: 'a', Body: 'a', ...parameters }),
    },
  },
});

const asks = (EncryptionOption: string): Configured => ({ stack, bucketName }, KmsKey) => new sfn.CfnStateMachine(stack, 'Machine', {
  roleArn: 'arn:aws:iam::111122223333:role/Machine',
  definition: {
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::athena:startQueryExecution.sync',
        Parameters: { QueryString: 'SELECT 1', ResultConfiguration: { OutputLocation: `s3://${bucketName}/results/`, EncryptionConfiguration: { EncryptionOption, KmsKey } } },
        End: true,
      },
    },
  },
});

const proxies = (algorithm?: string): Configured => ({ stack, bucketName }) => new apigateway.RestApi(stack, 'Api').root.addMethod('PUT', new apigateway.AwsIntegration({
  service: 's3',
  path: `${bucketName}/{key}`,
  integrationHttpMethod: 'PUT',
  options: {
    credentialsRole: iam.Role.fromRoleArn(stack, 'Proxy', 'arn:aws:iam::111122223333:role/Proxy'),
    requestParameters: algorithm ? { 'integration.request.header.x-amz-server-side-encryption': `'${algorithm}'` } : undefined,
  },
}));

const converts = (EncryptionType?: string): Configured => ({ stack, bucketName }, KmsKeyArn) => new mediaconvert.CfnJobTemplate(stack, 'Template', {
  settingsJson: {
    OutputGroups: [{
      OutputGroupSettings: {
        FileGroupSettings: {
          Destination: `s3://${bucketName}/out/`, DestinationSettings: EncryptionType ? { S3Settings: { Encryption: { EncryptionType, KmsKeyArn } } } : undefined,
        },
      },
    }],
  },
});

const clusters = (EncryptionMode: string): Configured => ({ stack, bucketName }, AwsKmsKey) => {
  const { ref } = new emr.CfnSecurityConfiguration(stack, 'Security', {
    securityConfiguration: {
      EncryptionConfiguration: {
        EnableAtRestEncryption: true, EnableInTransitEncryption: false, AtRestEncryptionConfiguration: { S3EncryptionConfiguration: { EncryptionMode, ...(EncryptionMode === 'SSE-KMS' ? { AwsKmsKey } : {}) } },
      },
    },
  });
  new emr.CfnCluster(stack, 'Cluster', { name: 'cluster', jobFlowRole: 'EMR_EC2_DefaultRole', serviceRole: 'EMR_DefaultRole', instances: {}, securityConfiguration: ref, logUri: `s3://${bucketName}/logs/` });
};

const caches: Configured = (bucket, keyArn) => new codebuild.Project(bucket.stack, 'Build', {
  buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2' }), cache: codebuild.Cache.bucket(bucket), encryptionKey: kms.Key.fromKeyArn(bucket.stack, 'BuildKey', keyArn),
});

const resource = (type: string, properties: (bucket: s3.Bucket, key: string) => object): Configured => (bucket, key) => new CfnResource(bucket.stack, 'Uploader', { type, properties: properties(bucket, key) as Record<string, unknown> });

const monitored = (bucketName: string, KmsKeyId: string) => ({ KmsKeyId, MonitoringOutputs: [{ S3Output: { S3Uri: `s3://${bucketName}/out`, LocalPath: '/out' } }] });
const state = (task: string, parameters: (bucket: s3.Bucket, key: string) => object): Configured => resource('AWS::StepFunctions::StateMachine', (bucket, key) => ({
  RoleArn: 'arn:aws:iam::111122223333:role/Machine', DefinitionString: bucket.stack.toJsonString({ StartAt: 'Task', States: { Task: { Type: 'Task', Resource: task, Parameters: parameters(bucket, key), End: true } } }),
}));
const schedule = (call: string, parameters: (bucket: s3.Bucket, key: string) => object): Configured => resource('AWS::Scheduler::Schedule', (bucket, key) => ({
  FlexibleTimeWindow: { Mode: 'OFF' }, ScheduleExpression: 'rate(1 day)', Target: { Arn: `arn:aws:scheduler:::aws-sdk:${call}`, RoleArn: 'arn:aws:iam::111122223333:role/Scheduler', Input: bucket.stack.toJsonString(parameters(bucket, key)) },
}));

/** Resources that name a key for what they upload. */
const KEYED: Record<string, Configured> = {
  'a DataBrew job': resource('AWS::DataBrew::Job', ({ bucketName }, key) => ({ EncryptionMode: 'SSE-KMS', EncryptionKeyArn: key, Outputs: [{ Location: { Bucket: bucketName } }] })),
  'a profile job of DataBrew': resource('AWS::DataBrew::Job', ({ bucketName }, key) => ({ EncryptionMode: 'SSE-KMS', EncryptionKeyArn: key, OutputLocation: { Bucket: bucketName } })),
  'a bot of Lex': resource('AWS::Lex::Bot', ({ bucketArn }, key) => ({
    TestBotAliasSettings: { ConversationLogSettings: { AudioLogSettings: [{ Enabled: true, Destination: { S3Bucket: { S3BucketArn: bucketArn, KmsKeyArn: key, LogPrefix: 'a' } } }] } },
  })),
  'an alias of a bot': resource('AWS::Lex::BotAlias', ({ bucketArn }, key) => ({
    ConversationLogSettings: { AudioLogSettings: [{ Enabled: true, Destination: { S3Bucket: { S3BucketArn: bucketArn, KmsKeyArn: key, LogPrefix: 'a' } } }] },
  })),
  'EMR Serverless': resource('AWS::EMRServerless::Application', ({ bucketName }, key) => ({ MonitoringConfiguration: { S3MonitoringConfiguration: { LogUri: `s3://${bucketName}/logs/`, EncryptionKeyArn: key } } })),
  'a feature group': resource('AWS::SageMaker::FeatureGroup', ({ bucketName }, key) => ({ OfflineStoreConfig: { S3StorageConfig: { S3Uri: `s3://${bucketName}/features`, KmsKeyId: key } } })),
  'captured data of an endpoint': resource('AWS::SageMaker::EndpointConfig', ({ bucketName }, key) => ({ DataCaptureConfig: { DestinationS3Uri: `s3://${bucketName}/captured`, KmsKeyId: key } })),
  'results of an asynchronous endpoint': resource('AWS::SageMaker::EndpointConfig', ({ bucketName }, key) => ({ AsyncInferenceConfig: { OutputConfig: { S3OutputPath: `s3://${bucketName}/results`, KmsKeyId: key } } })),
  'recordings of Connect': resource('AWS::Connect::InstanceStorageConfig', ({ bucketName }, key) => ({ S3Config: { BucketName: bucketName, BucketPrefix: 'a', EncryptionConfig: { EncryptionType: 'KMS', KeyId: key } } })),
  'mail that Mail Manager keeps': resource('AWS::SES::MailManagerRuleSet', ({ bucketName }, key) => ({ Rules: [{ Actions: [{ WriteToS3: { RoleArn: 'arn:aws:iam::111122223333:role/Mail', S3Bucket: bucketName, S3SseKmsKeyId: key } }] }] })),
  'the logs of a cluster of EMR': resource('AWS::EMR::Cluster', ({ bucketName }, key) => ({ LogUri: `s3://${bucketName}/logs/`, LogEncryptionKmsKeyId: key })),
  'a monitoring schedule': resource('AWS::SageMaker::MonitoringSchedule', ({ bucketName }, key) => ({ MonitoringScheduleConfig: { MonitoringJobDefinition: { MonitoringOutputConfig: monitored(bucketName, key) } } })),
  'a definition of a data quality job': resource('AWS::SageMaker::DataQualityJobDefinition', ({ bucketName }, key) => ({ DataQualityJobOutputConfig: monitored(bucketName, key) })),
  'notebooks that a domain shares': resource('AWS::SageMaker::Domain', ({ bucketName }, key) => ({ DefaultUserSettings: { SharingSettings: { S3OutputPath: `s3://${bucketName}/shared`, S3KmsKeyId: key } } })),
  'notebooks that a user shares': resource('AWS::SageMaker::UserProfile', ({ bucketName }, key) => ({ UserSettings: { SharingSettings: { S3OutputPath: `s3://${bucketName}/shared`, S3KmsKeyId: key } } })),
  'a document classifier': resource('AWS::Comprehend::DocumentClassifier', ({ bucketName }, key) => ({ OutputDataConfig: { S3Uri: `s3://${bucketName}/out`, KmsKeyId: key } })),
  'a state that transforms a batch': state('arn:aws:states:::sagemaker:createTransformJob.sync', ({ bucketName }, key) => ({ TransformOutput: { S3OutputPath: `s3://${bucketName}/out`, KmsKeyId: key } })),
  'a state that trains': state('arn:aws:states:::sagemaker:createTrainingJob', ({ bucketName }, key) => ({ OutputDataConfig: { S3OutputPath: `s3://${bucketName}/out`, KmsKeyId: key } })),
  'a state that processes': state('arn:aws:states:::sagemaker:createProcessingJob.sync', ({ bucketName }, key) => ({ ProcessingOutputConfig: { KmsKeyId: key, Outputs: [{ S3Output: { S3Uri: `s3://${bucketName}/out` } }] } })),
  'a state that transcribes': state('arn:aws:states:::aws-sdk:transcribe:startTranscriptionJob', ({ bucketName }, key) => ({ OutputBucketName: bucketName, OutputEncryptionKMSKeyId: key })),
  'a schedule that exports a table': schedule('dynamodb:exportTableToPointInTime', ({ bucketName }, key) => ({ S3Bucket: bucketName, S3SseAlgorithm: 'KMS', S3SseKmsKeyId: key })),
  'a schedule that exports a database': schedule('rds:startExportTask', ({ bucketName }, key) => ({ S3BucketName: bucketName, KmsKeyId: key, IamRoleArn: 'arn:aws:iam::111122223333:role/Export' })),
  'a deploy action of a pipeline': resource('AWS::CodePipeline::Pipeline', ({ bucketName }, key) => ({
    Stages: [{ Actions: [{ ActionTypeId: { Category: 'Deploy', Provider: 'S3' }, Configuration: { BucketName: bucketName, KMSEncryptionKeyARN: key } }] }],
  })),
};

function allowOn(bucket: s3.Bucket, source?: DeliverySource): void {
  if (source && bucket instanceof SecureBucket) {
    bucket.allowDelivery(source);
  }
}

/** What the rule says of a bucket and of what uploads there. */
function verdicts(make: (stack: Stack) => s3.Bucket, configured: Configured, keyArn?: string): string[] {
  const stack = testStack();
  const bucket = make(stack);
  configured(bucket, keyArn ?? bucket.encryptionKey!.keyArn);
  (stack.node.root as App).synth();
  return judge(deploymentOf(synthesizedTemplates(stack.node.root))).filter(({ rule }) => rule.id === 'ConfiguredUploads')
    .map(({ isDecided, problem, remedy }) => `${isDecided ? 'finding' : 'not decided'}: ${problem} ${remedy}`);
}

const secure = (stack: Stack) => new SecureBucket(stack, 'Data');
const plain = (stack: Stack) => new s3.Bucket(stack, 'Data', { encryption: s3.BucketEncryption.KMS });

test.each<[string, Configured, RegExp]>([
  ['a BucketDeployment with SSE-S3', deploys({ serverSideEncryption: deployment.ServerSideEncryption.AES_256 }),
    /^finding: 'Stack\/Deployment\/CustomResource\/Default' .* to 'Stack\/Data\/Resource' with SSE-S3 .*'DenyUnencryptedUploads'.* Remove 'serverSideEncryption'/],
  ['a BucketDeployment with the AWS managed key', deploys({ serverSideEncryption: deployment.ServerSideEncryption.AWS_KMS }), /^finding: .*AWS managed key .*'DenyAwsManagedKey'/],
  ['a BucketDeployment with another key',
    (bucket) => deploys({ serverSideEncryption: deployment.ServerSideEncryption.AWS_KMS, serverSideEncryptionAwsKmsKeyId: otherKey(bucket) })(bucket, ''),
    /^finding: .*'DenyOtherKeys'/],
  ['an Athena workgroup with SSE-S3', queries('SSE_S3'), /^finding: 'Stack\/Queries' .*SSE-S3/],
  ['an Athena workgroup with another key', (bucket) => queries('SSE_KMS')(bucket, otherKey(bucket)), /^finding: .*'DenyOtherKeys'/],
  ['a Firehose stream with another key', (bucket) => streams(bucket, otherKey(bucket)), /^finding: 'Stack\/Stream\/Resource' .*'DenyOtherKeys'.*Name the key of the bucket/],
  ['a pipeline with another key', (bucket) => pipeline(otherKey(bucket))(bucket, ''), /^finding: .*'DenyOtherKeys'/],
  ['a pipeline with a key of another app, whose id may be what AWS draws', pipeline(OTHER), /^not decided: .*the id that AWS draws for Stack\/Data\/Key.*'DenyOtherKeys'/],
  ['a pipeline with a key by parameter', (bucket) => pipeline(new CfnParameter(bucket.stack, 'KeyArn').valueAsString)(bucket, ''), /^not decided: .*'DenyOtherKeys'/],
  ['a pipeline with an alias that is not known', pipeline('alias/data'), /^not decided: .*the key that the policy means is not known: the setting says the key 'alias\/data'/],
  ['a pipeline with the AWS managed key, by its alias', pipeline('alias/aws/s3'), /^finding: .*the AWS managed key.*'DenyAwsManagedKey'/],
  ['a pipeline with an alias of another key', (bucket) => pipeline(new kms.Key(bucket.stack, 'Other').addAlias('other').aliasName)(bucket, ''), /^finding: .*'DenyOtherKeys'/],
  ['a pipeline without a key', pipeline(), /^not decided: .*'DenyAwsManagedKey'.*CodePipeline then uses the default key of S3/],
  ['a build with another key', (bucket) => builds(bucket, otherKey(bucket)), /^finding: 'Stack\/Build\/Resource'.*'DenyOtherKeys'/],
  ['a Config delivery channel with another key', (bucket) => records(bucket, otherKey(bucket)), /^finding: .*'DenyOtherKeys'/],
  ['a Systems Manager inventory with another key', (bucket) => inventories(bucket, otherKey(bucket)), /^finding: .*'DenyOtherKeys'/],
  ['a trail with another key', trails(otherKey), /^finding: 'Stack\/Trail' has an AWS service deliver .*'DenyOtherKeys'/],
  ['a GuardDuty destination with another key', (bucket) => findings(bucket, otherKey(bucket)), /^finding: .*'DenyOtherKeys'/],
  ['a DMS endpoint with SSE-S3', migrates('sse-s3'), /^finding: .*'DenyUnencryptedUploads'/],
  ['a DMS endpoint that says nothing', migrates(), /^not decided: .*'DenyUnencryptedUploads'.*SSE-S3 is then the default of DMS/],
  ['a canary with SSE-S3', watches({ encryptionMode: 'SSE_S3' }), /^finding: .*'DenyUnencryptedUploads'/],
  ['a canary that says nothing', watches(), /^not decided: .*'DenyAwsManagedKey'.*the canary then uses the AWS managed key/],
  ['a Glue job with SSE-S3', transforms('SSE-S3'), /^not decided: .*'Stack\/Job' .*'DenyUnencryptedUploads'.*its script decides/],
  ['a custom resource that calls S3 with SSE-S3', calls({ ServerSideEncryption: 'AES256' }), /^finding: 'Stack\/Call\/Resource\/Default' .*the call of 'putObject'\), which 'DenyUnencryptedUploads'.*Remove 'ServerSideEncryption'/],
  ['a state machine whose definition has the name of the bucket put in', orchestratesBySubstitution({ ServerSideEncryption: 'AES256' }), /^finding: 'Stack\/Machine\/Resource' .*'DenyUnencryptedUploads'/],
  ['a schedule that calls S3 with SSE-S3', schedules({ ServerSideEncryption: 'AES256' }), /^finding: 'Stack\/Schedule' .*'DenyUnencryptedUploads'/],
  ['a state machine that calls S3 with the AWS managed key', orchestrates({ ServerSideEncryption: 'aws:kms' }), /^finding: 'Stack\/Machine\/Resource' .*'DenyAwsManagedKey'/],
  ['a state machine that has Athena encrypt with SSE-S3', asks('SSE_S3'), /^finding: 'Stack\/Machine' .*'DenyUnencryptedUploads'/],
  ['an integration of API Gateway with SSE-S3', proxies('AES256'), /^finding: 'Stack\/Api\/Default\/PUT\/Resource' .*'DenyUnencryptedUploads'.*Remove the header/],
  ['a job template of MediaConvert with SSE-S3', converts('SERVER_SIDE_ENCRYPTION_S3'), /^finding: 'Stack\/Template' .*'DenyUnencryptedUploads'/],
  ['a schedule that exports a table with SSE-S3', schedule('dynamodb:exportTableToPointInTime', ({ bucketName }) => ({ S3Bucket: bucketName, S3SseAlgorithm: 'AES256' })), /^finding: 'Stack\/Uploader' .*'DenyUnencryptedUploads'.*Set 'KMS'/],
  ['a cluster of EMR with SSE-S3', clusters('SSE-S3'), /^not decided: .*'Stack\/Cluster' .*'DenyUnencryptedUploads'.*its steps decide/],
  ['the cache of a build with another key', (bucket) => caches(bucket, otherKey(bucket)), /^finding: 'Stack\/Build\/Resource'.*'DenyOtherKeys'/],
])('%s is denied by a guarded bucket, and by no other', (_, configured, expected) => {
  expect(verdicts(secure, configured)).toEqual([expect.stringMatching(expected)]);
  expect(verdicts(plain, configured)).toEqual([]);
});

test.each(Object.entries(KEYED))('%s may name the key of a guarded bucket, and no other', (_, configured) => {
  expect(verdicts(secure, (bucket) => configured(bucket, otherKey(bucket)))).toEqual([expect.stringMatching(/^finding: 'Stack\/Uploader' .*'DenyOtherKeys'.*/)]);
  expect(verdicts(secure, configured)).toEqual([]);
  expect(verdicts(plain, (bucket) => configured(bucket, otherKey(bucket)))).toEqual([]);
});

test.each<[string, Configured]>([
  ['a BucketDeployment', deploys({})],
  ['an Athena workgroup', queries('SSE_KMS')],
  ['an Athena workgroup that encrypts by itself', queries('CSE_KMS')],
  ['a Firehose stream', streams],
  ['a pipeline', (bucket, keyArn) => pipeline(keyArn)(bucket, keyArn)],
  ['a pipeline of the CDK', (bucket) => new codepipeline.Pipeline(bucket.stack, 'Pipeline', {
    artifactBucket: bucket,
    stages: [
      { stageName: 'Source', actions: [new actions.S3SourceAction({ actionName: 'Upload', bucket, bucketKey: 'a', output: new codepipeline.Artifact('a') })] },
      { stageName: 'Approve', actions: [new actions.ManualApprovalAction({ actionName: 'Approve' })] },
    ],
  })],
  ['a build', builds],
  ['a Config delivery channel', records],
  ['a Systems Manager inventory', inventories],
  ['a trail', trails((bucket) => bucket.encryptionKey!.keyArn)],
  ['a trail that is spared without a key', trails(() => undefined)],
  ['a GuardDuty destination', findings],
  ['a DMS endpoint', migrates('sse-kms')],
  ['a Glue job', transforms('SSE-KMS')],
  ['a Glue job that encrypts nothing', transforms('DISABLED')],
  ['a flow log', flows(DeliverySource.vpcFlowLogs())],
  ['a custom resource', calls({})],
  ['a custom resource that names the key', (bucket) => calls({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: bucket.encryptionKey!.keyArn })(bucket, '')],
  ['a state machine', orchestrates({})],
  ['a state machine by substitution', orchestratesBySubstitution({})],
  ['a schedule', schedules({})],
  ['a state machine that has Athena encrypt', asks('SSE_KMS')],
  ['an integration of API Gateway', proxies()],
  ['a job template of MediaConvert', converts('SERVER_SIDE_ENCRYPTION_KMS')],
  ['a cluster of EMR', clusters('SSE-KMS')],
  ['the cache of a build', caches],
])('%s with the key of the bucket, or with none of its own, is let through', (_, configured) => {
  expect(verdicts(secure, configured)).toEqual([]);
});

test('whether the digest files of a trail pass is not decided, but in a bucket that spares them', () => {
  const guarded = (stack: Stack) => new s3.Bucket(stack, 'Data', { encryption: s3.BucketEncryption.KMS }).with(new RequireEncryption()) as s3.Bucket;
  expect(verdicts(guarded, validates)).toEqual([expect.stringMatching(/^not decided: .*\(EnableLogFileValidation\), which 'DenyUnencryptedUploads'.*digest.*TrailLogBucket/)]);
  expect(verdicts((stack) => new TrailLogBucket(stack, 'Data', { trailName: 'main' }), validates)).toEqual([]);
  expect(verdicts(secure, (bucket, keyArn) => {
    allowOn(bucket, DeliverySource.cloudTrail({ trailNames: ['main'] }));
    return validates(bucket, keyArn);
  })).toEqual([]);
});

const onSseS3 = (stack: Stack) => new s3.Bucket(stack, 'Data', { encryption: s3.BucketEncryption.S3_MANAGED }).with(new RequireEncryption()) as s3.Bucket;

test('a bucket that is held to SSE-S3 denies keys, but not to AWS services', () => {
  expect(verdicts(onSseS3, queries('SSE_S3'), OTHER)).toEqual([]);
  expect(verdicts(onSseS3, queries('SSE_KMS'), OTHER)).toEqual([expect.stringMatching(/^finding: .*'DenyUnencryptedUploads'/)]);
  expect(verdicts(onSseS3, inventories, OTHER)).toEqual([]);
});

test('a key by parameter is the key of the bucket where both are the same parameter', () => {
  const imported = (stack: Stack) => new SecureBucket(stack, 'Data', { encryptionKey: kms.Key.fromKeyArn(stack, 'Given', new CfnParameter(stack, 'KeyArn').valueAsString) });
  expect(verdicts(imported, streams)).toEqual([]);
  expect(verdicts(imported, (bucket) => streams(bucket, otherKey(bucket)))).toEqual([expect.stringMatching(/^not decided: .*'DenyOtherKeys'/)]);
});

const deny = (bucket: s3.Bucket, Condition: object) => bucket.addToResourcePolicy(iam.PolicyStatement.fromJson({
  Sid: 'ByHand', Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: bucket.arnForObjects('*'), Condition,
}));
const WITHOUT_HEADER = { Null: { 's3:x-amz-server-side-encryption': 'true' } };
const OTHER_THAN_KMS = { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } };

describe('a bucket whose policy asks for headers', () => {
  const byHand = (condition: object) => (stack: Stack) => {
    const bucket = secure(stack);
    deny(bucket, condition);
    return bucket;
  };
  const required = (stack: Stack) => new SecureBucket(stack, 'Data', { encryptionEnforcement: EncryptionEnforcement.REQUIRE_HEADER });

  test.each<[string, object, Configured]>([
    ['flow logs', WITHOUT_HEADER, flows(DeliverySource.vpcFlowLogs())],
    ['flow logs, by the classic deny', OTHER_THAN_KMS, flows(DeliverySource.vpcFlowLogs())],
    ['AWS Config', WITHOUT_HEADER, recordsWith(LINKED, DeliverySource.config())],
    ['AWS Config with a role of its own', WITHOUT_HEADER, recordsWith('arn:aws:iam::111122223333:role/Recorder')],
    ['a Firehose stream', WITHOUT_HEADER, (bucket) => new firehose.DeliveryStream(bucket.stack, 'Stream', { destination: new firehose.S3Bucket(bucket) })],
    ['a BucketDeployment', OTHER_THAN_KMS, deploys({})],
  ])('stops %s, which sends none', (_, condition, configured) => {
    expect(verdicts(byHand(condition), configured)).toEqual([expect.stringMatching(/^finding: .* with no encryption header .*'ByHand'/)]);
    expect(verdicts(byHand({ ...condition, StringLike: { 'aws:PrincipalServiceName': 'other.amazonaws.com' } }), configured)).toEqual([]);
  });

  test('stops uploads of the CDK that send none where RequireEncryption requires them, with the settings to make', () => {
    expect(verdicts(required, deploys({}))).toEqual([expect.stringMatching(/^finding: .*'DenyUnencryptedUploads'.*serverSideEncryptionAwsKmsKeyId/)]);
    expect(verdicts(required, (bucket) => new firehose.DeliveryStream(bucket.stack, 'Stream', { destination: new firehose.S3Bucket(bucket) })))
      .toEqual([expect.stringMatching(/^finding: .*'DenyUnencryptedUploads'.*'encryptionKey'/)]);
    expect(verdicts(required, streams)).toEqual([]);
  });

  test('lets deliveries through that it spares, and no others', () => {
    expect(verdicts(required, flows(DeliverySource.vpcFlowLogs()))).toEqual([]);
    expect(verdicts(required, recordsWith(LINKED, DeliverySource.config()))).toEqual([]);
    expect(verdicts(required, recordsWith('arn:aws:iam::111122223333:role/Recorder', DeliverySource.config()))).toEqual([expect.stringMatching(/^finding: .*DenyUploadsWithoutHeader/)]);
  });

  test('may leave open whether it spares a delivery', () => {
    const spared = { ...WITHOUT_HEADER, ArnNotLike: { 'aws:SourceArn': 'arn:aws:logs:eu-west-1:111122223333:one' } };
    expect(verdicts(byHand(spared), flows(DeliverySource.vpcFlowLogs()))).toEqual([expect.stringMatching(/^not decided: .*'ByHand'/)]);
  });
});

test('a trail without a key is denied by a plain bucket with RequireEncryption, whoever lets it write', () => {
  const guarded = (stack: Stack) => plain(stack).with(new RequireEncryption()) as s3.Bucket;
  expect(verdicts(guarded, trails(() => undefined))).toEqual([expect.stringMatching(/^finding: .*with SSE-S3 \(AES256\).*'DenyUnencryptedUploads'/)]);
});
