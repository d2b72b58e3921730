import { createHash } from 'crypto';

/** Where a template is deployed: all that CloudFormation knows and the template does not. */
export interface Environment {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;

  /** The values that other stacks export, by export name. */
  readonly exports?: Record<string, string>;
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly [element: string]: any;
}

/** A synthesized stack template. */
export interface StackTemplate {
  readonly Resources: Record<string, TemplateResource>;
  readonly Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown } }>;
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Record<string, any>;
}

const PARTITION = 'aws';

/** The policy that a bucket has once its template is deployed. */
export function deployedBucketPolicy(template: StackTemplate, bucketLogicalId: string, environment: Environment): PolicyDocument {
  const deployed = (value: unknown) => deployedValue(value, template, environment);
  const bucketName = deployed({ Ref: bucketLogicalId });
  const policies = Object.values(template.Resources).filter(({ Type, Properties }) => Type === 'AWS::S3::BucketPolicy' && deployed(Properties?.Bucket) === bucketName);
  if (policies.length !== 1) {
    throw new Error(`the template has ${policies.length} bucket policies for '${bucketLogicalId}', and one was expected`);
  }
  return deployed(policies[0].Properties?.PolicyDocument);
}

/** What a template exports once it is deployed, by export name. */
export function deployedExports(template: StackTemplate, environment: Environment): Record<string, string> {
  const exported = Object.values(template.Outputs ?? {}).filter(({ Export }) => Export !== undefined);
  const deployed = (value: unknown) => deployedValue(value, template, environment);
  return Object.fromEntries(exported.map(({ Value, Export }) => [deployed(Export!.Name), deployed(Value)]));
}

/**
 * A value of a template with every intrinsic function resolved as a deployment would.
 *
 * Physical names and ids that a deployment would draw are derived from the logical ID, so that they never change.
 */
export function deployedValue(value: unknown, template: StackTemplate, environment: Environment): any {
  return resolve(value, { template, environment });
}

interface Deployment {
  readonly template: StackTemplate;
  readonly environment: Environment;
}

function resolve(value: unknown, deployment: Deployment): any {
  if (Array.isArray(value)) {
    return value.map((element) => resolve(element, deployment));
  }
  if (typeof value !== 'object' || value === null) {
    return withoutPlaceholder(value);
  }
  const intrinsic = Object.keys(value).find((key) => key === 'Ref' || key.startsWith('Fn::'));
  return intrinsic === undefined
    ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, resolve(child, deployment)]))
    : resolveIntrinsic(intrinsic, value as Record<string, any>, deployment);
}

/** CloudFormation would deploy such a text as it stands, and IAM would take it for a policy variable. */
function withoutPlaceholder(value: unknown): unknown {
  if (typeof value === 'string' && value.includes('${AWS::')) {
    throw new Error(`'${value}' has a placeholder outside of Fn::Sub`);
  }
  return value;
}

const INTRINSICS: Record<string, (argument: any, deployment: Deployment) => unknown> = {
  'Ref': (name: string, deployment) => pseudoParameters(deployment.environment)[name] ?? attribute(name, 'Ref', deployment),
  'Fn::GetAtt': (argument: string | string[], deployment) => {
    const [logicalId, ...name] = [argument].flat().join('.').split('.');
    return attribute(logicalId, name.join('.'), deployment);
  },
  'Fn::Join': ([separator, parts]: [string, unknown[]], deployment) => parts.map((part) => resolve(part, deployment)).join(separator),
  'Fn::Sub': (argument: string | [string, Record<string, unknown>], deployment) => {
    const [text, variables = {}] = [argument].flat() as [string, Record<string, unknown>?];
    return text.replace(/\$\{([^}]+)}/g, (_, name: string) => substitute(name, variables, deployment));
  },
  'Fn::ImportValue': (name: unknown, deployment) => {
    const exportName = resolve(name, deployment);
    return known(deployment.environment.exports?.[exportName], `no stack exports '${exportName}'`);
  },
};

function resolveIntrinsic(name: string, value: Record<string, any>, deployment: Deployment): unknown {
  if (Object.keys(value).length > 1) {
    throw new Error(`${name} stands beside other keys: ${JSON.stringify(value)}`);
  }
  return known(INTRINSICS[name], `no deployment of ${name} is known here: ${JSON.stringify(value)}`)(value[name], deployment);
}

function substitute(name: string, variables: Record<string, unknown>, deployment: Deployment): string {
  if (name.startsWith('!')) {
    return `\${${name.slice(1)}}`; // how Fn::Sub writes a literal ${…}
  }
  if (name in variables) {
    return resolve(variables[name], deployment);
  }
  return resolve(name.includes('.') && !name.startsWith('AWS::') ? { 'Fn::GetAtt': name } : { Ref: name }, deployment);
}

function pseudoParameters({ account, region, stackName }: Environment): Record<string, string> {
  return {
    'AWS::AccountId': account,
    'AWS::Partition': PARTITION,
    'AWS::Region': region,
    'AWS::StackId': `arn:${PARTITION}:cloudformation:${region}:${account}:stack/${stackName}/${uuid(stackName)}`,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
}

/** What CloudFormation answers for a resource of a type: its `Ref` and its attributes. */
const ATTRIBUTES: Record<string, (logicalId: string, properties: Record<string, any>, environment: Environment) => Record<string, string>> = {
  'AWS::S3::Bucket': (logicalId, { BucketName, BucketNamePrefix }, { stackName, account, region }) => {
    const name = BucketName ?? (BucketNamePrefix === undefined ? `${stackName}-${logicalId}`.toLowerCase() : `${BucketNamePrefix}-${account}-${region}-an`);
    return { Ref: name, Arn: `arn:${PARTITION}:s3:::${name}` };
  },
  'AWS::KMS::Key': (logicalId, _, { account, region, stackName }) => {
    const id = uuid(`${stackName}/${logicalId}`);
    return { Ref: id, KeyId: id, Arn: `arn:${PARTITION}:kms:${region}:${account}:key/${id}` };
  },
  'AWS::IAM::Role': (logicalId, { RoleName, Path }, environment) => identity('role', RoleName ?? logicalId, Path, environment),
  'AWS::IAM::User': (logicalId, { UserName, Path }, environment) => identity('user', UserName ?? logicalId, Path, environment),
  'AWS::SNS::Topic': (logicalId, _, { account, region, stackName }) => {
    const arn = `arn:${PARTITION}:sns:${region}:${account}:${stackName}-${logicalId}`;
    return { Ref: arn, TopicArn: arn };
  },
  'AWS::CloudFront::Distribution': (logicalId, _, { stackName }) => {
    const id = `E${hex(`${stackName}/${logicalId}`, 13).toUpperCase()}`;
    return { Ref: id, Id: id };
  },
  'AWS::EC2::VPC': (logicalId, _, { stackName }) => {
    const id = `vpc-${hex(`${stackName}/${logicalId}`, 17)}`;
    return { Ref: id, VpcId: id };
  },
  'AWS::EC2::VPCEndpoint': (logicalId, _, { stackName }) => {
    const id = `vpce-${hex(`${stackName}/${logicalId}`, 17)}`;
    return { Ref: id, Id: id };
  },
};

function attribute(logicalId: string, name: string, deployment: Deployment): string {
  const { Type, Properties = {} } = known(deployment.template.Resources[logicalId], `'${logicalId}' is neither a resource nor a pseudo parameter`);
  const attributesOf = known(ATTRIBUTES[Type], `what '${logicalId}' (${Type}) is called once it is deployed is not known here`);
  const { BucketName, BucketNamePrefix, RoleName, UserName, Path } = Properties;
  const naming = resolve({ BucketName, BucketNamePrefix, RoleName, UserName, Path }, deployment); // not all properties: they may refer to each other in circles
  return known(attributesOf(logicalId, naming, deployment.environment)[name], `'${logicalId}' (${Type}) has no '${name}'`);
}

function identity(kind: 'role' | 'user', name: string, path = '/', { account }: Environment): Record<string, string> {
  return { Ref: name, Arn: `arn:${PARTITION}:iam::${account}:${kind}${path}${name}` };
}

function known<T>(value: T | undefined, problem: string): T {
  if (value === undefined) {
    throw new Error(problem);
  }
  return value;
}

/** The id of a key or a stack, in the form that AWS gives it. */
function uuid(seed: string): string {
  return hex(seed, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function hex(seed: string, length: number): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, length);
}
