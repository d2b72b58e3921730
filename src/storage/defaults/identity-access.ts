import { CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { listOf, namesIn, nameOf, ReadResource, readResource } from './named-references';
import { hasOverrides } from '../../guardrails/deployed-resource';
import { textPattern } from '../../policy/pattern';

const ATTACHED = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'];
const CARRIERS = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

/** Access to objects by a policy, and whose policy it is. */
export interface ObjectAccess {
  readonly holders: readonly string[];
  readonly site: IConstruct;
}

/** What the policies of identities give: objects of which buckets, use of which keys. */
export class IdentityAccess {
  /** By the name of a bucket's construct, and by its physical name. */
  private readonly objects = new Map<string, ObjectAccess[]>();

  /** Who may use a key, by the name of its construct. */
  private readonly keyUsers = new Map<string, Set<string>>();
  private readonly usersOfAnyKey = new Set<string>();

  constructor(resources: readonly CfnResource[]) {
    resources.filter(mayCarryPolicies).flatMap((resource) => readResource(resource) ?? []).forEach((carrier) => this.add(carrier));
  }

  /** The accesses to the objects of a bucket that is known by some names. */
  public toObjects(names: readonly string[]): ObjectAccess[] {
    return names.flatMap((name) => this.objects.get(name) ?? []);
  }

  /** Whether a holder may use a key. */
  public mayUse(holder: string, keyName: string): boolean {
    return this.usersOfAnyKey.has(holder) || (this.keyUsers.get(keyName)?.has(holder) ?? false);
  }

  private add({ resource, type, properties }: ReadResource): void {
    const isAttached = ATTACHED.includes(type);
    const holders = isAttached ? [properties.Roles, properties.Users, properties.Groups].flatMap(listOf).map(String) : [nameOf(resource)];
    const documents = isAttached ? [properties.PolicyDocument] : listOf(properties.Policies).map((policy) => policy?.PolicyDocument);
    for (const statement of documents.flatMap((document) => listOf(document?.Statement))) {
      const resources = listOf(statement.Resource).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
      if (allows(statement, OBJECT_ACTIONS)) {
        new Set(resources.flatMap(bucketNames)).forEach((name) => this.objects.set(name, [...(this.objects.get(name) ?? []), { holders, site: resource }]));
      }
      if (allows(statement, KEY_ACTIONS)) {
        holders.forEach((holder) => this.addKeyUser(holder, resources));
      }
    }
  }

  private addKeyUser(holder: string, resources: readonly string[]): void {
    if (resources.some((text) => text === '*' || /:kms:.*:(?:key|alias)\/.*\*$/.test(text))) {
      this.usersOfAnyKey.add(holder);
    }
    resources.flatMap(namesIn).forEach((name) => this.keyUsers.set(name, (this.keyUsers.get(name) ?? new Set<string>()).add(holder)));
  }
}

export const OBJECT_ACTIONS = ['s3:getobject', 's3:putobject'];
const KEY_ACTIONS = ['kms:decrypt', 'kms:generatedatakey'];

/** Whether a statement allows one of some actions, which are in lower case. */
export function allows(statement: any, actions: readonly string[]): boolean {
  const patterns = listOf(statement?.Action).map((action) => textPattern(String(action).toLowerCase()));
  return statement?.Effect === 'Allow' && patterns.some(({ matches }) => actions.some((action) => matches(action) === true));
}

/** Roles seldom carry policies themselves: those that surely do not need not be read. */
function mayCarryPolicies(resource: CfnResource): boolean {
  const isBareRole = iam.CfnRole.isCfnRole(resource) && resource.policies === undefined && !hasOverrides(resource);
  return ATTACHED.includes(resource.cfnResourceType) || (CARRIERS.includes(resource.cfnResourceType) && !isBareRole);
}

function bucketNames(resource: string): string[] {
  return [...namesIn(resource), ...Array.from(resource.matchAll(/:s3:::([a-z0-9.-]+)\//g), ([, name]) => name)];
}
