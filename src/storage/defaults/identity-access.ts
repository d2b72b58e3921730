import { CfnResource } from 'aws-cdk-lib';
import { IdentityPolicy, identityPolicies } from './identity-policies';
import { listOf, namesIn } from './named-references';
import { NamesInPolicies } from './names-in-policies';
import { deniedKeyActions, keyActions, neededOnKey, ObjectUse, objectUses } from './object-access';
import { AccessPointNames } from './resource-policies';
import { textPattern } from '../../policy/pattern';

/** Somebody's use of objects, and the policy that allows it: its path, or its ARN where AWS manages it. */
export interface ObjectAccess {
  readonly holder: string;
  readonly use: ObjectUse;
  readonly policy: string;

  /** Whether the policy is attached to nobody here: it may be a permissions boundary. */
  readonly isUnattached?: boolean;

  /** Whether it is a resource that works as a role which the app does not make: its path stands for the policy. */
  readonly isWorker?: boolean;
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
  private readonly keyDenies = new Map<string, Meant<string>[]>();

  constructor(resources: readonly CfnResource[]) {
    for (const { statement, ...policy } of identityPolicies(resources).flatMap(statementsOf)) {
      objectUses(statement).forEach((use) => this.addObjects(statement, { ...policy, use }));
      keyActions(statement).forEach((action) => this.addKeys(statement, policy.holder, action));
      deniedKeyActions(statement).forEach((action) => this.addDeny(statement, policy.holder, action));
    }
  }

  /** The accesses to the objects of a bucket, directly or through its access points; those, too, of whose patterns nobody can tell yet whether they mean it. */
  public toObjects(bucket: NamesInPolicies, accessPoints: readonly AccessPointNames[]): ObjectAccess[] {
    const named = [bucket.reference, ...bucket.among(this.physicalNames), ...accessPoints.flatMap(({ all }) => all)].flatMap((name) => this.byBucket.get(name) ?? []);
    const meant = this.byPattern.filter(({ patterns, isInverted }) => (isInverted
      ? !patterns.some((pattern) => bucket.isMeantBy(pattern)) || accessPoints.some(({ object }) => !patterns.some((pattern) => textPattern(pattern).matches(object) === true))
      : patterns.some((pattern) => bucket.mayBeMeantBy(pattern) || accessPoints.some(({ object }) => textPattern(pattern).matches(object) !== false))));
    return [...named, ...meant.map(({ what }) => what)];
  }

  /** Whether the policies of a holder let it use a key, of some name and ARN, for what it does with objects. */
  public mayUse(holder: string, keyName: string, keyArn: string, use: ObjectUse): boolean {
    const isMeant = ({ patterns, isInverted }: Meant<string>) => patterns.some((pattern) => pattern === keyName || textPattern(pattern).matches(keyArn) === true) !== isInverted;
    const covers = (all: ReadonlyMap<string, readonly Meant<string>[]>, action: string) => (all.get(holder) ?? []).some((meant) => meant.what === action && isMeant(meant));
    return neededOnKey(use).every((action) => !covers(this.keyDenies, action) && (this.keyUses.has(keyUse(holder, action, keyName)) || covers(this.keyUsesByPattern, action)));
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
    const open = isInverted ? patterns : patterns.filter((pattern) => /^[^/]*[*?]|^[^/]*:accesspoint\/[^/]*[*?]/.test(pattern));
    if (open.length > 0) {
      this.byPattern.push({ what: access, patterns: open, isInverted });
    }
  }

  private addDeny(statement: any, holder: string, action: string): void {
    this.keyDenies.set(holder, [...(this.keyDenies.get(holder) ?? []), { what: action, ...meantBy(statement) }]);
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

/** Pseudo parameters, and policy variables. */
const OPEN_TEXT = /\{"Ref":"AWS::\w+"\}|\$\{AWS::\w+\}|\$\{\w+:[\w/-]+\}/g;

/**
 * The resources of a statement as texts, in the partition `aws`, which may be any. What a pseudo parameter or a policy variable stands for may be what is
 * asked for; of what is left out, it is not.
 */
function meantBy({ Resource: resources, NotResource: others }: any): { patterns: string[]; isInverted: boolean } {
  const isInverted = others !== undefined;
  const texts = listOf(others ?? resources).map((resource) => textIn(resource).replace(/^arn:(?:\{"Ref":"AWS::Partition"\}|\$\{AWS::Partition\}|[\w*-]+):/, 'arn:aws:'));
  return { patterns: isInverted ? texts : texts.map((text) => text.replace(OPEN_TEXT, '*')), isInverted };
}

/** A value as far as it is text; references to what is known at deployment only stand in it as in a template. */
function textIn(value: any): string {
  const { 'Fn::Join': join, 'Fn::Sub': sub } = Object(value);
  if (typeof value === 'string' || typeof sub === 'string') {
    return sub ?? value;
  }
  return Array.isArray(join?.[1]) ? join[1].map(textIn).join(join[0]) : JSON.stringify(value);
}

const THROUGH_ACCESS_POINT = /^arn:aws:s3:[^/]*:accesspoint\/([^/*?]+|\u{E010}[^\u{E011}]*\u{E011})\/object\//u;

/** The bucket, or access point, to whose objects a resource belongs that names it: by its ARN, or by a reference. */
function bucketNamed(resource: string): string | undefined {
  const accessPoint = THROUGH_ACCESS_POINT.exec(resource)?.[1];
  if (accessPoint !== undefined) {
    return accessPoint;
  }
  const [bucket, ...key] = resource.replace(/^arn:aws:s3:::/, '').split(/\/(?![^\u{E010}]*\u{E011})/u);
  return key.length > 0 && !/[*?]/.test(bucket) ? bucket : undefined;
}

function statementsOf({ holders, policy, document, isUnattached }: IdentityPolicy): (Omit<ObjectAccess, 'use'> & { statement: any })[] {
  return listOf(document?.Statement).flatMap((statement) => holders.map((holder) => ({ statement, holder, policy, isUnattached })));
}
