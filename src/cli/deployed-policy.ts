import { readDocument, readText, stackNameOf } from './template-file';
import { isObject, jsonText } from '../policy/json';
import { arnSegments } from '../policy/pattern';
import { deploymentOf } from '../template/deployment-of';
import { StackTemplate, TemplateResource } from '../template/template';
import { WrongInputError } from '../template/wrong-input';

/** A policy that was read from AWS, and what it belongs to: exactly one of these. */
export interface DeployedPolicyOptions {
  readonly policy?: string;
  readonly bucket?: string;
  readonly kmsKey?: string;
  readonly accessPoint?: string;
}

/** What stands for a policy that was read from AWS: a template with nothing else. */
export interface DeployedPolicyStack {
  readonly template: StackTemplate;

  /** What nobody knows of what the policy belongs to. */
  readonly warning: string;
}

/**
 * A policy as AWS keeps it: the document, or what the commands print that read it.
 *
 * @throws WrongInputError if it cannot be read, or it is not said what it belongs to
 * @see https://docs.aws.amazon.com/cli/latest/reference/s3api/get-bucket-policy.html
 * @see https://docs.aws.amazon.com/cli/latest/reference/kms/get-key-policy.html
 * @see https://docs.aws.amazon.com/cli/latest/reference/s3control/get-access-point-policy.html
 */
export function deployedPolicyStack(options: DeployedPolicyOptions): DeployedPolicyStack | undefined {
  const { policy: file, bucket, kmsKey, accessPoint } = options;
  const owners = [bucket, kmsKey, accessPoint].filter((owner) => owner !== undefined);
  if (file === undefined && owners.length === 0) {
    return undefined;
  }
  if (file === undefined || owners.length !== 1) {
    throw new WrongInputError('--policy <file> goes with exactly one of --bucket <name>, --kms-key <arn> and --access-point <arn>: what the policy belongs to.');
  }
  const document = policyIn(file);
  const stack = bucket !== undefined ? bucketStack(file, document, bucket)
    : kmsKey !== undefined ? keyStack(file, document, kmsKey) : accessPointStack(file, document, accessPoint!);
  assertOfService(file, document, kmsKey === undefined ? 's3' : 'kms');
  return stack;
}

/**
 * Templates beside a policy that was read from AWS. What is deployed counts: it takes the place of the policy that a template writes for the same
 * bucket.
 *
 * @param templates that of the policy among them
 * @throws WrongInputError if a template has the same access point
 */
export function withDeployedPolicy(templates: readonly StackTemplate[], deployed: DeployedPolicyStack): { templates: StackTemplate[]; warnings: string[] } {
  const { template: { file, template }, warning } = deployed;
  const deployment = deploymentOf(templates);
  const { Name, Bucket } = Object.values(template.Resources ?? {})[0].Properties ?? {};
  const written = (type: string) => deployment.ofType(type).filter(({ stack }) => !stack.source.isDeployedPolicy);
  const point = written('AWS::S3::AccessPoint').find((other) => Name !== undefined && other.property('Name') === Name);
  if (point) {
    throw new WrongInputError(`--access-point: the template has the access point '${jsonText(Name)}', too (${point.path}). Name either the template or the policy that is deployed.`);
  }
  const bucket = written('AWS::S3::Bucket').find((other) => other.reference('Ref') === Bucket);
  const replaced = written('AWS::S3::BucketPolicy').filter((other) => Bucket !== undefined && other.property('Bucket') === Bucket);
  const without = deployment.stacks.map(({ name, source }): StackTemplate => {
    const ids = replaced.filter(({ stack }) => stack.name === name).map(({ logicalId }) => logicalId);
    const kept = Object.entries(source.template.Resources ?? {}).filter(([id]) => !ids.includes(id));
    return ids.length === 0 ? source : { ...source, template: { ...source.template, Resources: Object.fromEntries(kept) } };
  });
  const instead = replaced.map(({ path }) => `${file}: the policy that is deployed takes the place of ${path} in the template.`);
  return { templates: without, warnings: [...(bucket ? [] : [`${file}: ${warning}`]), ...instead] };
}

/** A policy none of whose actions are of the service is that of something else. */
function assertOfService(file: string, document: unknown, service: 's3' | 'kms'): void {
  const actions = isObject(document) ? [document.Statement].flat().flatMap((statement) => (isObject(statement) ? statement.Action ?? [] : [])) : [];
  const others = actions.filter((action) => typeof action === 'string' && !/[*?]/.test(action.split(':')[0]) && !action.toLowerCase().startsWith(service));
  if (actions.length > 0 && others.length === actions.length) {
    throw new WrongInputError(`--policy: ${file} is not the policy of a ${service === 'kms' ? 'key' : 'bucket or access point'}: none of its actions is one of ${service} (the first is '${jsonText(others[0])}').`);
  }
}

const BUCKET_NAME = /^(?:arn:[^:]+:s3:::)?([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$/;

/** The ARN of the bucket that an option names. */
export function bucketArn(bucket: string): string {
  return bucket.startsWith('arn:') ? bucket : `arn:aws:s3:::${nameOf(bucket)}`;
}

function nameOf(bucket: string): string {
  const name = BUCKET_NAME.exec(bucket)?.[1];
  if (name === undefined) {
    throw new WrongInputError(`--bucket: '${bucket}' is not the name of a bucket (such as 'amzn-s3-demo-bucket').`);
  }
  return name;
}

function bucketStack(file: string, document: unknown, bucket: string): DeployedPolicyStack {
  const name = nameOf(bucket);
  return {
    template: stackWith(file, 'BucketPolicy', { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: name, PolicyDocument: document } }),
    warning: `only the policy of the bucket ${name} is known: its encryption, Block Public Access and other settings are not judged.`,
  };
}

function keyStack(file: string, document: unknown, arn: string): DeployedPolicyStack {
  const [, , service, region, account, resource] = arnSegments(arn);
  if (service !== 'kms' || !/^key\/[\w-]+$/.test(resource ?? '') || !/^\d{12}$/.test(account)) {
    throw new WrongInputError(`--kms-key: '${arn}' is not the ARN of a key (such as 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab').`);
  }
  return {
    template: { ...stackWith(file, 'Key', { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: document } }), account, region, physicalIds: { Key: resource.slice('key/'.length) } },
    warning: `only the policy of the key ${arn} is known: its rotation, its grants and the buckets that it encrypts are not judged.`,
  };
}

function accessPointStack(file: string, document: unknown, arn: string): DeployedPolicyStack {
  const [, , service, region, account, resource] = arnSegments(arn);
  const name = /^accesspoint\/([^/]+)$/.exec(resource ?? '')?.[1];
  if (service !== 's3' || name === undefined || !region || !/^\d{12}$/.test(account)) {
    throw new WrongInputError(`--access-point: '${arn}' is not the ARN of an access point (such as 'arn:aws:s3:eu-west-1:111122223333:accesspoint/analysts').`);
  }
  return {
    template: { ...stackWith(file, 'AccessPoint', { Type: 'AWS::S3::AccessPoint', Properties: { Name: name, Policy: document } }), account, region },
    warning: `only the policy of the access point ${arn} is known: its bucket, its network and other settings are not judged.`,
  };
}

function stackWith(file: string, logicalId: string, resource: TemplateResource): StackTemplate {
  return { name: stackNameOf(file), file, template: { Resources: { [logicalId]: resource } }, isDeployedPolicy: true };
}

/** The document in a file: by itself, as a text within JSON, or as the value of `Policy` beside what else a command prints. */
function policyIn(file: string): unknown {
  const printed = documentIn(file);
  const inner = isObject(printed) && Object.hasOwn(printed, 'Policy') ? printed.Policy : printed;
  const document = typeof inner === 'string' ? parsed(inner) : inner;
  if (!isObject(document) || !Object.hasOwn(document, 'Statement')) {
    throw new WrongInputError(`--policy: ${file} is neither a policy with a 'Statement' nor what 'aws s3api get-bucket-policy', 'aws kms get-key-policy' or 'aws s3control get-access-point-policy' print.`);
  }
  return document;
}

const WITH_NAME = /^(\s*\{.*\})\t[\w-]+\s*$/s; // aws kms get-key-policy --output text: the document, and the name of the policy

function documentIn(file: string): unknown {
  const [, document] = WITH_NAME.exec(readText(file)) ?? [];
  return document === undefined ? readDocument(file) : parsed(document);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
