import { CfnResource } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { handlersOf, isCustomResource, roleOf } from './custom-resources';
import { bucketsNamedIn } from './named-buckets';
import { PoliciesOfRoles } from './policies-of-roles';
import { Referring, referringIn, targetsOf } from './references';
import { SERVICES_WITH_ROLES } from '../../aws/service-roles';
import { propertiesOf } from '../deployed-resource';
import { DeploymentRole, roleArn } from '../deployment-principals';
import { OncePerPhase } from '../once-per-synthesis';

/** A resource whose roles work on the buckets that it, or a policy of theirs, names. */
interface Worker {
  readonly user: CfnResource;
  readonly roles: readonly unknown[];
  readonly naming: readonly Referring[];
  readonly reason: string;
}

/**
 * The roles of an app that work on its buckets for services and for custom resources, as far as the app shows it: resources that name a bucket and a
 * role; roles that a service takes on, or a custom resource works with, whose policies name a bucket.
 */
export class ServiceUsers {
  /** Those around a construct: one look at the app for all of its buckets. */
  public static readonly around = new OncePerPhase((root) => new ServiceUsers(root));

  private readonly workers = new Map<IConstruct | string, Worker[]>();

  private constructor(root: IConstruct) {
    const resources = root.node.findAll().filter(CfnResource.isCfnResource);
    const policies = new PoliciesOfRoles(resources);
    for (const worker of resources.flatMap((resource) => workersIn(resource, policies))) {
      bucketsNamedIn(worker.naming).forEach((bucket) => this.workers.set(bucket, [...(this.workers.get(bucket) ?? []), worker]));
    }
  }

  /** The roles that work on a bucket. */
  public rolesFor(bucket: s3.CfnBucket): DeploymentRole[] {
    const workers = [...(this.workers.get(bucket) ?? []), ...(this.workers.get(bucket.bucketName ?? '') ?? [])];
    return workers.flatMap(({ user, roles, reason }) => {
      const arns = roles.map((role) => roleArn(role, user, bucket));
      return (arns.length > 0 ? arns : [undefined]).map((arn) => ({ user, arn, reason, isCertain: false }));
    });
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
    return [{ user: resource, roles: rolesIn(properties), naming: [properties], reason: `${service.title} works here with it, by '${resource.node.path}'` }];
  }
  return type === 'AWS::IAM::Role' ? serviceRole(resource, policies) : [];
}

function customResource(resource: CfnResource, policies: PoliciesOfRoles): Worker {
  const roles = handlersOf(resource).flatMap((handler) => roleOf(handler) ?? []);
  const made = roles.flatMap((role) => targetsOf(referringIn(role, resource))).filter(CfnResource.isCfnResource);
  return {
    user: resource,
    roles,
    naming: [referringIn(propertiesOf(resource), resource), ...made.flatMap((role) => policies.of(role))],
    reason: `the custom resource '${resource.node.path}' works here with it`,
  };
}

/** A role that one of the services takes on. */
function serviceRole(role: CfnResource, policies: PoliciesOfRoles): Worker[] {
  const { assumeRolePolicyDocument, AssumeRolePolicyDocument } = propertiesOf(role);
  const trust = JSON.stringify(referringIn(assumeRolePolicyDocument ?? AssumeRolePolicyDocument, role).value) ?? '';
  const services = SERVICES_WITH_ROLES.filter(({ principal }) => trust.includes(`"${principal}"`));
  return services.length === 0 ? [] : [{
    user: role,
    roles: [role.getAtt('Arn')],
    naming: policies.of(role),
    reason: `${services.map(({ title }) => title).join(', ')} takes it on, and its policies name the bucket`,
  }];
}

/** The roles that properties name. */
function rolesIn({ value, references }: Referring): unknown[] {
  const texts = new Map(rolesNamedIn(value).map((role) => [JSON.stringify(role), role]));
  return [...texts].flatMap(([text, role]) => [...references].find(([, other]) => other === text)?.[0] ?? role);
}

function rolesNamedIn(value: unknown): unknown[] {
  return typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([name, child]) => (/role(?:arn)?$/i.test(name) ? [child] : rolesNamedIn(child)));
}
