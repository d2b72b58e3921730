import { isSender } from './log-receivers';
import { namesIn, ReadResource } from './named-references';
import { NamesInPolicies } from './names-in-policies';
import { roleValuesIn } from './outside-roles';
import { isServiceLinkedWriter } from '../../aws/service-linked-writers';
import { jsonText } from '../../policy/json';

/** A resource that names a bucket, and says of nobody as whom it works with it. */
export interface UnknownUser {
  readonly path: string;
  readonly type: string;
}

/**
 * Types whose resources name buckets and work with no objects, or whose users have access by policies, which are read elsewhere. What a template is
 * deployed from, and what a function's code is, whoever deploys reads.
 */
const WITHOUT_OWN_ACCESS = new RegExp(`^(?:${[
  'AWS::S3::(?:Bucket|BucketPolicy|AccessPoint|StorageLensGroup)', 'AWS::S3ObjectLambda::.*', 'AWS::(?:IAM|SSO|KMS|LakeFormation|RAM|Serverless)::.*', 'AWS::CloudFront::.*',
  'AWS::CloudFormation::(?:Stack|StackSet|Macro|WaitCondition.*|ModuleVersion|ResourceVersion|HookVersion)', 'AWS::ServiceCatalog::.*',
  'AWS::Lambda::.*', 'AWS::(?:ApiGateway|ApiGatewayV2|AppSync)::.*', 'AWS::(?:SSM::Parameter|SSM::Document|SecretsManager::.*|AppConfig::.*)',
  'AWS::(?:Events|Scheduler|StepFunctions|SNS|SQS)::.*', 'AWS::(?:CloudWatch|Logs|XRay|Budgets|ResourceGroups|Tags)::.*', 'AWS::Config::(?:ConfigRule|RemediationConfiguration|ConfigurationRecorder)',
  'AWS::(?:Athena|Glue)::.*', 'AWS::EC2::(?:VPCEndpoint|Instance|LaunchTemplate|SecurityGroup.*)', 'AWS::AutoScaling::.*', 'AWS::ECS::.*', 'AWS::EKS::.*', 'AWS::DynamoDB::.*', 'AWS::RDS::.*',
  'AWS::(?:Macie|AccessAnalyzer|GuardDuty|SecurityHub|Inspector.*)::.*', 'AWS::Organizations::.*', 'AWS::Cognito::.*', 'AWS::Route53::.*', 'AWS::CDK::.*',
].join('|')})$`);

const CUSTOM = /^(?:Custom::|AWS::CloudFormation::CustomResource$)/;

/**
 * The resources of an app that name buckets, and of which the app does not tell as whom they work with them: a service may do so as a role that is named elsewhere,
 * or as a service-linked role. Whether they could go on with a key that is new, nobody can say.
 */
export class UnknownUsers {
  private readonly resources: readonly (UnknownUser & { readonly text: string })[];

  constructor(resources: readonly ReadResource[]) {
    this.resources = resources.filter(isUnknown).map(({ resource, type, properties }) => ({ path: resource.node.path, type, text: jsonText(properties) }));
  }

  /** The first that names a bucket. */
  public of(bucket: NamesInPolicies): UnknownUser | undefined {
    const patterns = bucket.all.map((name) => (name === bucket.reference ? escaped(name) : `"${escaped(name)}"|(?:s3[an]?://|:::)${escaped(name)}(?![\\w.-])|(?<![\\w.-])${escaped(name)}\\.s3[.-]`));
    return this.resources.find(({ text }) => patterns.some((pattern) => new RegExp(pattern, 'u').test(text)));
  }
}

function isUnknown({ type, properties }: ReadResource): boolean {
  if (CUSTOM.test(type)) {
    return namesIn(jsonText(properties.ServiceToken)).length === 0; // those of the app have a role of the app
  }
  return !WITHOUT_OWN_ACCESS.test(type) && !isSender(type) && !isServiceLinkedWriter(type) && roleValuesIn(properties).length === 0;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^\${}()|[\]\\]/g, '\\$&');
}
