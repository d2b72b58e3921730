import { CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { BucketNames } from './bucket-names';
import { listOf, namesIn, nameOf, readResource, readValue } from './named-references';
import { keyActions, neededOnKey, ObjectUse, objectUses } from './object-access';
import { managedPolicyDocument } from '../../aws/aws-managed-policies';
import { hasOverrides } from '../../guardrails/deployed-resource';
import { jsonText } from '../../policy/json-text';
import { textPattern } from '../../policy/pattern';

/** Somebody's use of objects, and the policy that allows it: its path, or its ARN where AWS manages it. */
export interface ObjectAccess {
  readonly holder: string;
  readonly use: ObjectUse;
  readonly policy: string;
}

/** Resources that a statement means by patterns. */
interface Meant<T> {
  readonly what: T;
  readonly patterns: readonly string[];
  readonly isInverted: boolean;
}

/** What the policies of identities give: objects of which buckets, use of which keys. */
export class IdentityAccess {
  /** By what stands for the bucket in the resource: the name of its construct, or its physical name. */
  private readonly byBucket = new Map<string, ObjectAccess[]>();
  private readonly physicalNames = new Set<string>();
  private readonly byPattern: Meant<ObjectAccess>[] = [];

  /** Holder, action and name of a key's construct. */
  private readonly keyUses = new Set<string>();
  private readonly keyUsesByPattern = new Map<string, Meant<string>[]>();

  constructor(resources: readonly CfnResource[]) {
    const holdersOf = attachments(resources);
    for (const { statement, holder, policy } of resources.flatMap((resource) => policiesOf(resource, holdersOf)).flatMap(statementsOf)) {
      objectUses(statement).forEach((use) => this.addObjects(statement, { holder, use, policy }));
      keyActions(statement).forEach((action) => this.addKeys(statement, holder, action));
    }
  }

  /** The accesses to the objects of a bucket; those, too, of whose patterns nobody can tell yet whether they mean it. */
  public toObjects(bucket: BucketNames): ObjectAccess[] {
    const named = [bucket.reference, ...bucket.among(this.physicalNames)].flatMap((name) => this.byBucket.get(name) ?? []);
    const meant = this.byPattern.filter(({ patterns, isInverted }) =>
      (isInverted ? !patterns.some((pattern) => bucket.isMeantBy(pattern)) : patterns.some((pattern) => bucket.mayBeMeantBy(pattern))));
    return [...named, ...meant.map(({ what }) => what)];
  }

  /** Whether the policies of a holder let it use a key, of some name and ARN, for what it does with objects. */
  public mayUse(holder: string, keyName: string, keyArn: string, use: ObjectUse): boolean {
    const byPattern = this.keyUsesByPattern.get(holder) ?? [];
    return neededOnKey(use).every((action) => this.keyUses.has(keyUse(holder, action, keyName))
      || byPattern.some(({ what, patterns, isInverted }) => what === action && patterns.some((pattern) => textPattern(pattern).matches(keyArn) === true) !== isInverted));
  }

  private addObjects(statement: any, access: ObjectAccess): void {
    const { patterns, isInverted } = meantBy(statement);
    const named = isInverted ? [] : patterns.flatMap((pattern) => bucketNamed(pattern) ?? []);
    for (const name of new Set(named)) {
      this.byBucket.set(name, [...(this.byBucket.get(name) ?? []), access]);
      if (namesIn(name).length === 0) {
        this.physicalNames.add(name);
      }
    }
    const open = isInverted ? patterns : patterns.filter((pattern) => /^[^/]*[*?]/.test(pattern));
    if (open.length > 0) {
      this.byPattern.push({ what: access, patterns: open, isInverted });
    }
  }

  private addKeys(statement: any, holder: string, action: string): void {
    const { patterns, isInverted } = meantBy(statement);
    const open = isInverted ? patterns : patterns.filter((pattern) => /[*?]/.test(pattern));
    if (open.length > 0) {
      this.keyUsesByPattern.set(holder, [...(this.keyUsesByPattern.get(holder) ?? []), { what: action, patterns: open, isInverted }]);
    }
    if (!isInverted) {
      patterns.flatMap(namesIn).forEach((name) => this.keyUses.add(keyUse(holder, action, name)));
    }
  }
}

function keyUse(holder: string, action: string, keyName: string): string {
  return [holder, action, keyName].join(' ');
}

/** The resources of a statement as texts, in the partition `aws`, which may be any. */
function meantBy({ Resource: resources, NotResource: others }: any): { patterns: string[]; isInverted: boolean } {
  const texts = listOf(others ?? resources).map(textIn);
  return { patterns: texts.map((text) => text.replace(/^arn:(?:\{"Ref":"AWS::Partition"\}|\$\{AWS::Partition\}|[\w*-]+):/, 'arn:aws:')), isInverted: others !== undefined };
}

/** A value as far as it is text; references to what is known at deployment only stand in it as in a template. */
function textIn(value: any): string {
  const { 'Fn::Join': join, 'Fn::Sub': sub } = Object(value);
  if (typeof value === 'string' || typeof sub === 'string') {
    return sub ?? value;
  }
  return Array.isArray(join?.[1]) ? join[1].map(textIn).join(join[0]) : JSON.stringify(value);
}

/** The bucket to whose objects a resource belongs that names it: by its ARN, or by a reference. */
function bucketNamed(resource: string): string | undefined {
  const [bucket, ...key] = resource.replace(/^arn:aws:s3:::/, '').split(/\/(?![^\u{E010}]*\u{E011})/u);
  return key.length > 0 && !/[*?]/.test(bucket) ? bucket : undefined;
}

interface Policy {
  readonly holders: readonly string[];
  readonly policy: string;
  readonly document: any;
}

function statementsOf({ holders, policy, document }: Policy): { statement: any; holder: string; policy: string }[] {
  return listOf(document?.Statement).flatMap((statement) => holders.map((holder) => ({ statement, holder, policy })));
}

const ATTACHED = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'];
const INLINE = ['AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy', 'AWS::IAM::GroupPolicy'];
const CARRIERS = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

/** The policies that a resource is or carries, and who has them. A managed policy that is attached to nobody here stands for whoever will have it. */
function policiesOf(resource: CfnResource, holdersOf: ReadonlyMap<string, readonly string[]>): Policy[] {
  const { cfnResourceType: type, node: { path } } = resource;
  if (CARRIERS.includes(type)) {
    const holders = [nameOf(resource)];
    const { policies, managedPolicyArns } = carriedBy(resource);
    return [
      ...policies.map((policy) => ({ holders, policy: path, document: policy?.PolicyDocument })),
      ...managedPolicyArns.map((arn) => ({ holders, policy: arn, document: managedPolicyDocument(arn) })),
    ];
  }
  if (!ATTACHED.includes(type) && !INLINE.includes(type)) {
    return [];
  }
  const { Roles, Users, Groups, RoleName, UserName, GroupName, PolicyDocument } = readResource(resource)?.properties ?? {};
  const holders = [...[Roles, Users, Groups, RoleName, UserName, GroupName].flatMap(listOf).map(String), ...(holdersOf.get(nameOf(resource)) ?? [])];
  return [{ holders: holders.length > 0 ? holders : [nameOf(resource)], policy: path, document: PolicyDocument }];
}

/** Who names a managed policy of the app among its own. */
function attachments(resources: readonly CfnResource[]): Map<string, string[]> {
  const holders = new Map<string, string[]>();
  for (const carrier of resources.filter(({ cfnResourceType }) => CARRIERS.includes(cfnResourceType))) {
    carriedBy(carrier).managedPolicyArns.flatMap(namesIn).forEach((name) => holders.set(name, [...(holders.get(name) ?? []), nameOf(carrier)]));
  }
  return holders;
}

/** Roles are many: of them, no more is read than is needed. */
function carriedBy(carrier: CfnResource): { policies: any[]; managedPolicyArns: string[] } {
  const { policies, managedPolicyArns } = carrier as iam.CfnRole;
  const isBare = iam.CfnRole.isCfnRole(carrier) && policies === undefined && !hasOverrides(carrier);
  const { Policies, ManagedPolicyArns } = isBare ? { Policies: undefined, ManagedPolicyArns: readValue(managedPolicyArns, carrier) } : readResource(carrier)?.properties ?? {};
  return { policies: listOf(Policies), managedPolicyArns: listOf(ManagedPolicyArns).map((arn) => jsonText(arn).replace('{"Ref":"AWS::Partition"}', 'aws')) };
}
