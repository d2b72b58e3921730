import { CfnResource, isResolvableObject, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { propertiesOf } from './deployed-resource';
import { OncePerPhase } from './once-per-synthesis';
import { arnByName } from './role-arn';
import { outermostStack } from '../outermost-stack';
import { own } from '../own';

/** A role that the app itself gives work on a bucket. */
export interface DeploymentRole {
  /** The resource which uses the role. */
  readonly user: CfnResource;

  /** The role's ARN, as the user's template says it; undefined if it cannot be found out. */
  readonly arn: unknown;

  /** Why it works on the bucket. */
  readonly reason: string;

  /** Whether it surely works on the bucket: then the bucket has to let it through. */
  readonly isCertain: boolean;
}

/** The CDK's custom resources that work on buckets, and their properties that name the bucket. */
const BUCKET_HANDLERS: Record<string, string[]> = {
  'Custom::S3AutoDeleteObjects': ['BucketName'],
  'Custom::S3BucketNotifications': ['BucketName'],
  'Custom::CDKBucketDeployment': ['DestinationBucketName', 'SourceBucketNames'],
};

/**
 * The role with which CloudFormation deploys a stack, as far as its synthesizer knows one.
 *
 * Without it, a network perimeter would deny the next stack update, the repair of the policy included.
 */
export function executionRoleArn(stack: Stack): string | undefined {
  const root = outermostStack(stack);
  const { cloudFormationExecutionRoleArn: arn } = root.synthesizer as { cloudFormationExecutionRoleArn?: string };
  return arn
    ?.replace(/\$\{AWS::Partition}/g, root.partition)
    .replace(/\$\{AWS::AccountId}/g, root.account)
    .replace(/\$\{AWS::Region}/g, root.region);
}

/** The resources of an app that give roles work on its buckets. */
export class BucketUsers {
  /** Those around a construct: one look at the app for all of its buckets. */
  public static readonly around = new OncePerPhase((root) => new BucketUsers(root));

  /** Those around a construct now, whatever the app adds later. */
  public static now(construct: IConstruct): BucketUsers {
    return new BucketUsers(construct.node.root);
  }

  private readonly users: CfnResource[];

  private constructor(root: IConstruct) {
    this.users = root.node.findAll().filter(CfnResource.isCfnResource).filter((resource) => isReplicated(resource) || own(BUCKET_HANDLERS, resource.cfnResourceType) !== undefined);
  }

  /** The roles of custom resources that work on the bucket, and of replication from it and into it. */
  public rolesFor(bucket: s3.CfnBucket): DeploymentRole[] {
    return this.users.flatMap((user) => {
      if (user === bucket || replicatesInto(user, bucket)) {
        return replicationRole(user as s3.CfnBucket, bucket);
      }
      return handles(user, bucket) ? [{ user, arn: handlerRole(user, bucket), reason: `the custom resource '${user.node.path}' works here with it`, isCertain: true }] : [];
    });
  }
}

function isReplicated(resource: CfnResource): boolean {
  return s3.CfnBucket.isCfnBucket(resource) && replicationOf(resource) !== undefined;
}

function replicationRole(user: s3.CfnBucket, bucket: s3.CfnBucket): DeploymentRole[] {
  const arn = replicationOf(user)?.role;
  return arn === undefined ? [] : [{ user, arn: roleArn(arn, user, bucket), reason: `S3 replicates '${user.node.path}' with it`, isCertain: true }];
}

function replicatesInto(resource: CfnResource, bucket: s3.CfnBucket): boolean {
  const rules = s3.CfnBucket.isCfnBucket(resource) ? replicationOf(resource)?.rules : undefined;
  return Array.isArray(rules) && rules.some((rule: any) => isNameOf(bucket, rule.destination?.bucket, resource));
}

function replicationOf({ replicationConfiguration }: s3.CfnBucket): s3.CfnBucket.ReplicationConfigurationProperty | undefined {
  return isResolvableObject(replicationConfiguration) ? undefined : replicationConfiguration;
}

function handles(resource: CfnResource, bucket: s3.CfnBucket): boolean {
  const naming = own(BUCKET_HANDLERS, resource.cfnResourceType) ?? [];
  return naming.some((property) => isNameOf(bucket, propertiesOf(resource)[property], resource));
}

/** Whether a value in some resource's properties is the bucket's name or ARN, or a list with it. */
function isNameOf(bucket: s3.CfnBucket, value: unknown, resource: CfnResource): boolean {
  if (value === undefined) {
    return false;
  }
  const reference = Tokenization.reverse(value, { failConcat: false });
  if (Reference.isReference(reference)) {
    return reference.target === bucket;
  }
  const stack = Stack.of(resource);
  const names = stack === Stack.of(bucket) ? [bucket.ref, bucket.attrArn] : [];
  const literal = bucket.bucketName && !Token.isUnresolved(bucket.bucketName) ? [bucket.bucketName] : [];
  const wanted = new Set([...names, ...literal].map((name) => JSON.stringify(stack.resolve(name))));
  return [stack.resolve(value)].flat().some((name) => wanted.has(JSON.stringify(name)));
}

/** The execution role of the Lambda function behind a custom resource. */
function handlerRole(resource: CfnResource, bucket: s3.CfnBucket): unknown {
  const handler = Tokenization.reverse(propertiesOf(resource).ServiceToken, { failConcat: false });
  const target: IConstruct | undefined = Reference.isReference(handler) ? handler.target : undefined;
  if (!target || !CfnResource.isCfnResource(target)) {
    return undefined;
  }
  const { role, Role } = propertiesOf(target);
  return roleArn(role ?? Role, resource, bucket);
}

/** A role with a physical name is known by its full ARN in every stack; any other one in its own, and where its user names it already. */
export function roleArn(value: unknown, user: CfnResource, bucket: s3.CfnBucket): unknown {
  const reference = Tokenization.reverse(value, { failConcat: false });
  const role = Reference.isReference(reference) && CfnResource.isCfnResource(reference.target) ? reference.target : undefined;
  const isForeign = role !== undefined && Stack.of(role) !== Stack.of(bucket);
  const isNamed = iam.CfnRole.isCfnRole(role) && (isForeign || (role.roleName !== undefined && !Token.isUnresolved(role.roleName)));
  const named = isNamed ? arnByName(role) : undefined;
  const isNamedByUser = Stack.of(user) === Stack.of(bucket) && Stack.of(user) !== (role && Stack.of(role));
  return named ?? (isForeign ? (isNamedByUser ? Token.asString(value) : undefined) : Stack.of(user).resolve(value));
}
