import { CfnResource } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { takesIn } from './backup-selections';
import { handlersOf, isCustomResource, roleOf } from './custom-resources';
import { bucketsNamedIn } from './named-buckets';
import { PoliciesOfRoles } from './policies-of-roles';
import { Referring, referringIn, targetsOf } from './references';
import { rolesOf } from './roles-of-properties';
import { PLACED_BY_THE_ACCOUNT, SERVICES_WITH_ROLES } from '../../aws/service-roles';
import { propertiesOf } from '../deployed-resource';
import { DeploymentRole, roleArn } from '../deployment-principals';
import { OncePerPhase } from '../once-per-synthesis';

/** A resource whose roles work on the buckets that it, or a policy of theirs, names. */
interface Worker {
  readonly user: CfnResource;
  readonly roles: readonly unknown[];
  readonly naming: readonly Referring[];
  readonly reason: string;

  /** Whether somebody else may take on one of the roles, from wherever that is. */
  readonly isShared: boolean;

  /** Whether it works on a bucket that it does not name. */
  readonly takesIn?: (bucket: s3.CfnBucket) => boolean;
}

type OtherWorker = Omit<Worker, 'isShared'> & Pick<OtherRole, 'services'>;

/** A role with which a service or a custom resource works on a bucket. */
export interface WorkingRole extends DeploymentRole {
  /** Whether people, functions, containers or instances may take it on, too. */
  readonly isShared: boolean;
}

/** A role with which AWS services work on a bucket, none of which a perimeter lets through by itself. */
export interface OtherRole extends DeploymentRole {
  /** The principals of the services. */
  readonly services: readonly string[];
}

/**
 * The roles of an app that work on its buckets for services and for custom resources, as far as the app shows it: resources that name a bucket and a
 * role; roles that a service takes on, or a custom resource works with, whose policies name a bucket.
 */
export class ServiceUsers {
  /** Those around a construct: one look at the app for all of its buckets. */
  public static readonly around = new OncePerPhase((root) => new ServiceUsers(root));

  private readonly workers: ByBucket<Worker>;
  private readonly selections: readonly Worker[];
  private readonly others: ByBucket<OtherWorker>;

  private constructor(root: IConstruct) {
    const resources = root.node.findAll().filter(CfnResource.isCfnResource);
    const policies = new PoliciesOfRoles(resources);
    const workers = resources.flatMap((resource) => workersIn(resource, policies));
    this.workers = new ByBucket(workers);
    this.selections = workers.filter((worker) => worker.takesIn);
    this.others = new ByBucket(resources.flatMap((resource) => otherRole(resource, policies) ?? []));
  }

  /** The roles that work on a bucket, and that a perimeter lets through. */
  public rolesFor(bucket: s3.CfnBucket): WorkingRole[] {
    const named = this.workers.of(bucket);
    const workers = [...named, ...this.selections.filter((worker) => !named.includes(worker) && worker.takesIn?.(bucket))];
    return workers.flatMap(({ user, roles, reason, isShared }) => {
      const arns = roles.map((role) => (role === undefined ? undefined : roleArn(role, user, bucket)));
      return (arns.length > 0 ? arns : [undefined]).map((arn) => ({ user, arn, reason, isShared, isCertain: false }));
    });
  }

  /** The roles that AWS services take on, whose policies name a bucket, and that a perimeter stops unless somebody names them. */
  public othersFor(bucket: s3.CfnBucket): OtherRole[] {
    return this.others.of(bucket).map(({ user, roles: [role], reason, services }) => ({ user, arn: roleArn(role, user, bucket), reason, services, isCertain: false }));
  }
}

/** What names buckets, by the bucket that it names. */
class ByBucket<T extends { readonly naming: readonly Referring[] }> {
  private readonly naming = new Map<IConstruct | string, T[]>();

  constructor(all: readonly T[]) {
    all.forEach((one) => bucketsNamedIn(one.naming).forEach((bucket) => this.naming.set(bucket, [...(this.naming.get(bucket) ?? []), one])));
  }

  public of(bucket: s3.CfnBucket): T[] {
    return [...new Set([...(this.naming.get(bucket) ?? []), ...(this.naming.get(bucket.bucketName ?? '') ?? [])])];
  }
}

function workersIn(resource: CfnResource, policies: PoliciesOfRoles): Worker[] {
  if (isCustomResource(resource)) {
    return [customResource(resource, policies)];
  }
  const { cfnResourceType: type } = resource;
  const service = SERVICES_WITH_ROLES.find(({ resourceTypes }) => resourceTypes.includes(type));
  if (service) {
    const properties = referringIn(propertiesOf(resource), resource);
    const roles = rolesOf(properties, resource);
    return [{
      user: resource,
      roles,
      isShared: madeRoles(roles, resource).some((role) => isTakenOnByOthers(role)),
      naming: [properties],
      reason: `${service.title} works here with it, by '${resource.node.path}'`,
      ...(type === 'AWS::Backup::BackupSelection' ? { takesIn: (bucket) => takesIn(properties, bucket) } : {}),
    }];
  }
  return type === 'AWS::IAM::Role' ? serviceRole(resource, policies) : [];
}

function customResource(resource: CfnResource, policies: PoliciesOfRoles): Worker {
  const roles = handlersOf(resource).flatMap((handler) => roleOf(handler) ?? []);
  const made = madeRoles(roles, resource);
  return {
    user: resource,
    roles,
    isShared: made.some((role) => isTakenOnByOthers(role, ['lambda.amazonaws.com'])),
    naming: [referringIn(propertiesOf(resource), resource), ...made.flatMap((role) => policies.of(role))],
    reason: `the custom resource '${resource.node.path}' works here with it`,
  };
}

/** Roles that the app makes, among the roles of a resource. */
function madeRoles(roles: readonly unknown[], resource: CfnResource): CfnResource[] {
  return roles.flatMap((role) => targetsOf(referringIn(role, resource))).filter(CfnResource.isCfnResource);
}

/** A role that one of the services takes on. */
function serviceRole(role: CfnResource, policies: PoliciesOfRoles): Worker[] {
  const trusted = servicesTrustedBy(role);
  const services = SERVICES_WITH_ROLES.filter(({ principal }) => trusted.includes(principal));
  return services.length === 0 ? [] : [{
    user: role,
    roles: [role.getAtt('Arn')],
    isShared: isTakenOnByOthers(role),
    naming: policies.of(role),
    reason: `${services.map(({ title }) => title).join(', ')} takes it on, and its policies name the bucket`,
  }];
}

/** A role that other services of AWS take on, from networks of theirs. S3 itself takes on roles for replication, which are found by what they replicate. */
function otherRole(role: CfnResource, policies: PoliciesOfRoles): OtherWorker | undefined {
  const trusted = role.cfnResourceType === 'AWS::IAM::Role' ? servicesTrustedBy(role) : [];
  const isKnown = trusted.some((service) => service === 's3.amazonaws.com' || SERVICES_WITH_ROLES.some(({ principal }) => principal === service));
  const services = isKnown ? [] : trusted.filter((service) => !PLACED_BY_THE_ACCOUNT.includes(service));
  return services.length === 0 ? undefined : { user: role, roles: [role.getAtt('Arn')], naming: policies.of(role), reason: `${services.join(', ')} takes it on`, services };
}

/** The services that may take a role on, by their names without a Region and without the suffix of China. */
function servicesTrustedBy(role: CfnResource): string[] {
  return [...new Set(Array.from(trustOf(role).matchAll(SERVICES), ([, service]) => `${service}.amazonaws.com`))];
}

const SERVICES = /"([a-z0-9.-]+?)(?:\.[a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com(?:\.cn)?"/g;

/** Whether others than services in networks of AWS may take a role on, too: principals of accounts, and services that the account places where it likes. */
function isTakenOnByOthers(role: CfnResource, expected: readonly string[] = []): boolean {
  return role.cfnResourceType === 'AWS::IAM::Role' && (
    /"(?:AWS|Federated|CanonicalUser)":|"Principal":"\*"/.test(trustOf(role))
    || servicesTrustedBy(role).some((service) => PLACED_BY_THE_ACCOUNT.includes(service) && !expected.includes(service))
  );
}

function trustOf(role: CfnResource): string {
  const { assumeRolePolicyDocument, AssumeRolePolicyDocument } = propertiesOf(role);
  return JSON.stringify(referringIn(assumeRolePolicyDocument ?? AssumeRolePolicyDocument, role).value) ?? '';
}
