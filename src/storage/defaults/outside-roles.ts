import { CfnResource, Stack } from 'aws-cdk-lib';
import { ObjectAccess } from './identity-access';
import { bucketsNamed, namesIn, nameOf, readResource, readValue } from './named-references';
import { NamesInPolicies } from './names-in-policies';
import { SERVICE_LINKED_WRITERS } from '../../aws/service-linked-writers';
import { jsonText } from '../../policy/json';

/** A resource that works as roles whose policies are not in the app: with the bucket that `bucket` names, or any that its properties name. */
interface Worker {
  readonly path: string;
  readonly roles: readonly string[];
  readonly text: string;
}

/** Resources that are or carry policies, or say themselves how a role works with a bucket, are read elsewhere. */
const READ_ELSEWHERE = /^AWS::(?:IAM|SSO|KMS|LakeFormation)::|^AWS::S3::BucketPolicy$/;

/**
 * Roles by which a service makes instances and the like, while another role works with objects.
 *
 * @see https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-service-roles.html
 */
const WITHOUT_OBJECTS: Readonly<Record<string, readonly string[]>> = { 'AWS::EMR::Cluster': ['ServiceRole', 'AutoScalingRole'] };

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

  constructor(resources: readonly CfnResource[]) {
    const roles = resources.filter(({ cfnResourceType }) => cfnResourceType === 'AWS::IAM::Role');
    this.own = new Set(roles.map(nameOf));
    this.ownNames = new Set(roles.map((role) => readResource(role)?.properties.RoleName).filter((name) => typeof name === 'string'));
    this.workers = resources.filter(({ cfnResourceType }) => !READ_ELSEWHERE.test(cfnResourceType)).flatMap((resource) => this.workerIn(resource));
    SERVICE_LINKED_WRITERS.forEach(({ type, bucket, role }) => resources.filter(({ cfnResourceType }) => cfnResourceType === type).forEach((resource) => {
      const access: ObjectAccess = { holder: roleArn(`aws-service-role/${role}`, resource), use: 'write', policy: resource.node.path, isWorker: true };
      const named = bucket(readResource(resource)?.properties ?? {});
      bucketsNamed(named === undefined ? '' : jsonText(named)).forEach((name) => this.serviceLinked.set(name, [...(this.serviceLinked.get(name) ?? []), access]));
    }));
  }

  /** Who works with a bucket as a role that is not of the app. */
  public of(bucket: NamesInPolicies): ObjectAccess[] {
    const patterns = bucket.all.map((name) => new RegExp(`(?<![\\w.-])${name.replace(/[.*+?^\${}()|[\]\\]/g, '\\$&')}(?![\\w.-])`, 'u'));
    const ofWorkers = this.workers.filter(({ text }) => patterns.some((pattern) => pattern.test(text)))
      .flatMap(({ path, roles }) => roles.flatMap((holder) => (['read', 'write'] as const).map((use) => ({ holder, use, policy: path, isWorker: true }))));
    return [...bucket.all.flatMap((name) => this.serviceLinked.get(name) ?? []), ...ofWorkers];
  }

  private workerIn(resource: CfnResource): Worker[] {
    const withoutObjects = [...(WITHOUT_OBJECTS[resource.cfnResourceType] ?? []), 'Policies']; // SAM ignores policies beside a role
    const properties = Object.fromEntries(Object.entries(readResource(resource)?.properties ?? {}).filter(([property]) => !withoutObjects.includes(property)));
    const roles = new Set(roleValuesIn(properties).flatMap((role) => this.outsideRole(role, resource)));
    return roles.size === 0 ? [] : [{ path: resource.node.path, roles: [...roles], text: jsonText(properties) }];
  }

  /** The ARN of a role that is not of the app, as far as it is known. */
  private outsideRole(value: unknown, resource: CfnResource): string[] {
    const text = jsonText(value);
    const name = /:role\/(?:.*\/)?([^/]+)$/.exec(text)?.[1] ?? text;
    const isOwn = namesIn(text).some((each) => this.own.has(each)) || this.ownNames.has(name) || text === '';
    return isOwn ? [] : [typeof value === 'string' && ROLE_NAME.test(value) ? roleArn(value, resource) : text];
  }
}

/** The values of the properties, at any depth, by which resources say as which role they work. */
function roleValuesIn(properties: unknown): unknown[] {
  return typeof properties !== 'object' || properties === null ? [] : Object.entries(properties).flatMap(([property, value]) => (
    /role(?:arn)?$/i.test(property) && value !== undefined && value !== null ? [value] : roleValuesIn(value)
  ));
}

function roleArn(resourceName: string, resource: CfnResource): string {
  return jsonText(readValue(Stack.of(resource).formatArn({ service: 'iam', region: '', resource: 'role', resourceName }), resource));
}
