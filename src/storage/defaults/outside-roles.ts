import { CfnResource, Stack } from 'aws-cdk-lib';
import { ObjectAccess } from './identity-access';
import { bucketsNamed, listOf, namesIn, nameOf, ReadResource, readResource, readValue } from './named-references';
import { NamesInPolicies } from './names-in-policies';
import { SERVICE_LINKED_WRITERS } from '../../aws/service-linked-writers';
import { jsonText } from '../../policy/json';
import { literalPattern } from '../../policy/literal-pattern';

/** A resource that works as roles whose policies are not in the app: with the bucket that `bucket` names, or any that its properties name. */
interface Worker {
  readonly path: string;
  readonly roles: readonly string[];
  readonly text: string;
}

/**
 * Roles by which a service makes instances and the like, while another role works with objects.
 *
 * @see https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-service-roles.html
 */
const WITHOUT_OBJECTS: Readonly<Record<string, readonly string[]>> = { 'AWS::EMR::Cluster': ['ServiceRole', 'AutoScalingRole'] };

const ALL_BUCKETS = '"s3://"'; // the widest location of access grants

const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

/**
 * The resources of an app that work with buckets as roles which the app does not make: a literal ARN or name, an imported role, a role that AWS makes for the service.
 * What those may do with a key is written elsewhere; none knows a key that is new.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-s3-location.html
 */
export class OutsideRoles {
  private readonly serviceLinked = new Map<string, ObjectAccess[]>();
  private readonly workers: readonly Worker[];
  private readonly ownNames: ReadonlySet<string>;
  private readonly own: ReadonlySet<string>;

  /** @param workers the resources that may use the bucket, but for policies */
  constructor(workers: readonly ReadResource[]) {
    const all = workers[0]?.resource.node.root.node.findAll() ?? []; // reading workers may have made some: the CDK makes roles of tasks when they are asked for
    const roles = all.filter(CfnResource.isCfnResource).filter(({ cfnResourceType }) => ['AWS::IAM::Role', 'AWS::IAM::InstanceProfile'].includes(cfnResourceType));
    this.own = new Set(roles.map(nameOf));
    this.ownNames = new Set(roles.flatMap((role) => Object.entries(readResource(role)?.properties ?? {})).flatMap(([name, value]) => (OWN_NAME.test(name) && typeof value === 'string' ? [value] : [])));
    this.workers = workers.flatMap((worker) => this.workerIn(worker));
    SERVICE_LINKED_WRITERS.forEach(({ type, bucket, role }) => workers.filter((worker) => worker.type === type).forEach(({ resource, properties }) => {
      const access: ObjectAccess = { holder: roleArn(`aws-service-role/${role}`, resource), use: 'write', policy: resource.node.path, isWorker: true };
      const named = bucket(properties);
      bucketsNamed(named === undefined ? '' : jsonText(named)).forEach((name) => this.serviceLinked.set(name, [...(this.serviceLinked.get(name) ?? []), access]));
    }));
  }

  /** Who works with a bucket as a role that is not of the app. */
  public of(bucket: NamesInPolicies): ObjectAccess[] {
    const patterns = bucket.all.map((name) => new RegExp(`(?<![\\w.-])${literalPattern(name)}(?![\\w.-])`, 'u'));
    const ofWorkers = this.workers.filter(({ text }) => text.includes(ALL_BUCKETS) || patterns.some((pattern) => pattern.test(text)))
      .flatMap(({ path, roles }) => roles.flatMap((holder) => (['read', 'write'] as const).map((use) => ({ holder, use, policy: path, isWorker: true }))));
    return [...bucket.all.flatMap((name) => this.serviceLinked.get(name) ?? []), ...ofWorkers];
  }

  private workerIn({ resource, type, properties: all }: ReadResource): Worker[] {
    const withoutObjects = [...(WITHOUT_OBJECTS[type] ?? []), 'Policies']; // SAM ignores policies beside a role
    const properties = Object.fromEntries(Object.entries(all).filter(([property]) => !withoutObjects.includes(property)));
    const roles = new Set(roleValuesIn(properties).flatMap((role) => this.outsideRole(role, resource)));
    return roles.size === 0 ? [] : [{ path: resource.node.path, roles: [...roles], text: jsonText(properties) }];
  }

  /** The ARN of a role that is not of the app, as far as it is known. */
  private outsideRole(value: unknown, resource: CfnResource): string[] {
    const text = jsonText(value);
    const name = /:(?:role|instance-profile)\/(?:.*\/)?([^/]+)$/.exec(text)?.[1] ?? text;
    const isOwn = namesIn(text).some((each) => this.own.has(each)) || this.ownNames.has(name) || text === '';
    return isOwn ? [] : [typeof value === 'string' && ROLE_NAME.test(value) ? roleArn(value, resource) : text];
  }
}

const OWN_NAME = /^(?:RoleName|InstanceProfileName)$/;
const ROLE = /role(?:s|arn|arns)?$/i;
const INSTANCE_PROFILE = /instanceprofile(?:name|arn)?$/i;

/** The values of the properties, at any depth, by which resources say as which role they work, or in which profile an instance has it. */
export function roleValuesIn(properties: unknown): unknown[] {
  return typeof properties !== 'object' || properties === null ? [] : Object.entries(properties).flatMap(([property, value]) => (
    value === undefined || value === null ? [] : ROLE.test(property) ? listOf(value).flatMap(rolesIn) : INSTANCE_PROFILE.test(property) ? valuesIn(value) : roleValuesIn(value)
  ));
}

/** Of a list of roles with other settings, each says its own. */
function rolesIn(value: unknown): unknown[] {
  const inner = roleValuesIn(value);
  return inner.length > 0 ? inner : [value];
}

/** A launch template names a profile, or has its ARN. */
function valuesIn(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null && !Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::')) ? Object.values(value) : [value];
}

function roleArn(resourceName: string, resource: CfnResource): string {
  return jsonText(readValue(Stack.of(resource).formatArn({ service: 'iam', region: '', resource: 'role', resourceName }), resource));
}
