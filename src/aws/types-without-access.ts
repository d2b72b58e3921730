/**
 * Types whose resources name buckets and work with no objects, or whose users have access by policies, which are read elsewhere. What a template is
 * deployed from, and what a function's code is, whoever deploys reads.
 */
const WITHOUT_OWN_ACCESS = new RegExp(`^(?:${[
  'AWS::S3::(?:Bucket|BucketPolicy|AccessPoint|AccessGrant|AccessGrantsInstance|AccessGrantsLocation|StorageLensGroup)', 'AWS::S3ObjectLambda::.*', 'AWS::(?:IAM|SSO|KMS|LakeFormation|RAM|Serverless)::.*', 'AWS::CloudFront::.*',
  'AWS::CloudFormation::(?:Stack|StackSet|Macro|WaitCondition.*|ModuleVersion|ResourceVersion|HookVersion)', 'AWS::ServiceCatalog::.*',
  'AWS::Lambda::.*', 'AWS::(?:ApiGateway|ApiGatewayV2|AppSync)::.*', 'AWS::(?:SSM::Parameter|SSM::Document|SecretsManager::.*|AppConfig::.*)',
  'AWS::(?:Events|Scheduler|StepFunctions|SNS|SQS)::.*', 'AWS::(?:CloudWatch|Logs|XRay|Budgets|ResourceGroups|Tags)::.*', 'AWS::Config::(?:ConfigRule|RemediationConfiguration|ConfigurationRecorder)',
  'AWS::(?:Athena|Glue)::.*', 'AWS::EC2::(?:VPCEndpoint|Instance|LaunchTemplate|SecurityGroup.*)', 'AWS::AutoScaling::.*', 'AWS::ECS::.*', 'AWS::EKS::.*', 'AWS::DynamoDB::.*', 'AWS::RDS::.*',
  'AWS::(?:Macie|AccessAnalyzer|GuardDuty|SecurityHub|Inspector.*)::.*', 'AWS::Organizations::.*', 'AWS::Cognito::.*', 'AWS::Route53::.*', 'AWS::CDK::.*',
].join('|')})$`);

/** Whether resources of a type that name a bucket reach no objects by themselves. */
export function hasNoAccessOfItsOwn(resourceType: string): boolean {
  return WITHOUT_OWN_ACCESS.test(resourceType);
}
