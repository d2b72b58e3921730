import { SERVICE_DELIVERIES } from './services';

/**
 * What stands before `.amazonaws.com` in the principals of services: those that are known. There are others, and more come each year.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
 */
const OTHERS = `
  access-analyzer acm acm-pca airflow airflow-env amplify amplifybackend aoss apigateway app-integrations appconfig appfabric appflow application-autoscaling application-insights
  application-signals.cloudwatch appmesh apprunner appstream appsync aps athena auditmanager autoscaling autoscaling-plans
  b2bi backup backup-gateway batch bcm-data-exports bedrock bedrock-agentcore billing billingconsole braket budgets
  cassandra ce channels.lex chatbot chime cleanrooms cleanrooms-ml cloud9 clouddirectory cloudformation cloudfront cloudhsm cloudsearch cloudshell cloudtrail cloudwatch
  codeartifact codebuild codecommit codeconnections codedeploy codeguru-profiler codeguru-reviewer codepipeline codestar codestar-connections codestar-notifications
  cognito-idp cognito-identity cognito-sync comprehend comprehendmedical compute-optimizer config config-conforms config-multiaccountsetup connect connect-campaigns controltower
  cost-optimization-hub costalerts credentials.iot cur custom-resource.application-autoscaling
  databrew dataexchange datapipeline datasync datazone dax deadline delivery.logs detective devicefarm devops-guru diode directconnect directoryservice.rds discovery dlm dms dnssec-route53
  docdb-elastic drs drt.shield ds dynamodb dynamodb.application-autoscaling
  ebs ec2 ec2.application-autoscaling ec2fleet ec2scheduled ecr ecr-public ecs ecs-tasks ecs.application-autoscaling edgelambda eks eks-fargate eks-fargate-pods eks-nodegroup elasticache
  elasticbeanstalk elasticfilesystem elasticloadbalancing elasticmapreduce elastictranscoder email-smtp emr-containers emr-serverless entityresolution es events evidently
  export.rds fargate finspace firehose fis fms forecast frauddetector freertos fsx
  gamelift geo glacier globalaccelerator glue grafana greengrass groundstation guardduty
  health healthlake honeycode iam identitystore imagebuilder importexport indexdocuments.kendra inspector inspector2 internetmonitor invoicing iot iotanalytics iotdeviceadvisor iotevents iotfleetwise
  iotsitewise iotthingsgraph iottwinmaker iotwireless ivs
  jellyfish kafka kafkaconnect kendra kinesis kinesisanalytics kinesisvideo kms
  lakeformation lambda lambda.alarms.cloudwatch launchwizard lex lexv2 license-manager lightsail logger.cloudfront logs lookoutequipment lookoutmetrics lookoutvision
  m2 machinelearning macie macie2 maintenance.elasticache malware-protection-plan.guardduty managedblockchain managedservices marketplace mediaconnect mediaconvert medialive mediapackage
  mediapackagev2 mediastore mediatailor medical-imaging memorydb metering-marketplace mgh mgn migrationhub migrationhub-orchestrator mobileanalytics monitoring monitoring.rds monitron mpa mq mwaa
  network-firewall networkmanager neptune-graph nimble notifications
  oam omics ops.apigateway opsworks opsworks-cm organizations osis osis-pipelines outposts
  panorama partnercentral-account payment-cryptography pca-connector-ad pca-connector-scep pcs personalize pi pinpoint pipes pods.eks polly pricing private-networks profile proton purchaseorders
  q qbusiness qldb quicksight
  ram rbin rds rds-data redshift redshift-data redshift-serverless refactor-spaces rekognition replication.dynamodb replicator.lambda repostspace resiliencehub resource-explorer-2 resource-groups
  robomaker roles.iotsitewise rolesanywhere route53 route53-recovery-control-config route53domains route53profiles route53resolver rum
  s3 s3express s3-outposts s3-object-lambda s3tables sagemaker sagemaker-geospatial savingsplans scheduler scheduler.redshift schemas scn sdb secretsmanager securityhub securitylake serverlessrepo
  servicecatalog servicecatalog-appregistry servicediscovery servicequotas ses session.qldb shield signer signin simspaceweaver sms sms-voice snowball sns social-messaging spot spotfleet sqs
  ssm ssm-contacts ssm-guiconnect ssm-incidents ssm-quicksetup ssm-sap sso states storagegateway streams.metrics.cloudwatch sts sumerian support support-app supportapp swf synthetics
  tagging tax textract timestream timestream-influxdb tnb transcribe transcribestreaming transfer transitgateway translate trustedadvisor tts
  user-subscriptions verifiedpermissions vmie voiceid vpc-flow-logs vpc-lattice vpce
  waf waf-regional wafv2 wellarchitected wickr wisdom workdocs worklink workmail workspaces workspaces-thin-client workspaces-web xray
`.trim().split(/\s+/);

/** The principals of services that are known, without Regions in their names. */
export const SERVICE_PRINCIPALS: readonly string[] = [
  ...new Set([...OTHERS, ...SERVICE_DELIVERIES.flatMap(({ caller }) => (caller.kind === 'service' ? caller.names : []))]),
].map((name) => `${name}.amazonaws.com`);
