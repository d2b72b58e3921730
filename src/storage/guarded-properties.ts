import { CfnResource, Reference, RemovalPolicy, Token, Tokenization } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { DeployedResource, deployedResource, displaced, hasOverrides, isInTree, REMOVE_CHANGE } from '../guardrails/deployed-resource';
import { canonical, hasTransform, isIntrinsic, variants } from '../guardrails/template-values';
import { isObject } from '../policy/json';
import { Refusal, sentenceOf } from '../refusal';

/** A property of `AWS::S3::Bucket` that keeps the bucket safe, and how to tell whether it still does. */
export interface GuardedProperty {
  readonly property: string;
  readonly requirement: string;

  /** What to do about it. */
  readonly remedy?: string;

  /** Judges the properties; all their names are in lower case, and none depends on a condition. */
  readonly holds: (properties: any) => boolean;
}

export const PRIVATE_BUCKET: GuardedProperty[] = [
  {
    property: 'PublicAccessBlockConfiguration',
    requirement: 'all four Block Public Access settings are on',
    holds: ({ publicaccessblockconfiguration: settings }) =>
      [settings?.blockpublicacls, settings?.blockpublicpolicy, settings?.ignorepublicacls, settings?.restrictpublicbuckets].every(isOn),
  },
  {
    property: 'OwnershipControls',
    requirement: 'object ownership is BucketOwnerEnforced',
    holds: ({ ownershipcontrols: ownership }) => asList(ownership?.rules).length === 1 && ownership.rules[0].objectownership === 'BucketOwnerEnforced',
  },
  { property: 'AccessControl', requirement: 'no ACL is set', holds: ({ accesscontrol: acl }) => acl === undefined },
  { property: 'WebsiteConfiguration', requirement: 'website hosting is off', holds: ({ websiteconfiguration: website }) => website === undefined },
  { property: 'VersioningConfiguration', requirement: 'versioning is on', holds: ({ versioningconfiguration: versioning }) => versioning?.status === 'Enabled' },
  {
    property: 'BucketEncryption',
    requirement: 'SSE-C is blocked',
    holds: (properties) => asList(encryptionRule(properties)?.blockedencryptiontypes?.encryptiontype).includes('SSE-C'),
  },
];

export const ENCRYPTED_WITH_OWN_KEY: GuardedProperty = {
  property: 'BucketEncryption',
  requirement: 'the default encryption is SSE-KMS or DSSE-KMS with a customer managed key',
  holds: (properties) => {
    const { ssealgorithm, kmsmasterkeyid } = encryptionRule(properties)?.serversideencryptionbydefault ?? {};
    return ['aws:kms', 'aws:kms:dsse'].includes(ssealgorithm) && kmsmasterkeyid !== undefined && !/alias\/aws\//.test(JSON.stringify(kmsmasterkeyid));
  },
};

export const BUCKET_KEY: GuardedProperty = {
  property: 'BucketEncryption',
  requirement: 'bucket keys are on (SSE-KMS only)',
  holds: (properties) => {
    const rule = encryptionRule(properties);
    return rule?.serversideencryptionbydefault?.ssealgorithm === 'aws:kms:dsse' ? !isOn(rule.bucketkeyenabled) : isOn(rule?.bucketkeyenabled);
  },
};

export const ENCRYPTED_BY_S3: GuardedProperty = {
  property: 'BucketEncryption',
  requirement: 'the default encryption is SSE-S3, the only one that S3 delivers access logs to',
  holds: (properties) => encryptionRule(properties)?.serversideencryptionbydefault?.ssealgorithm === 'AES256',
};

/**
 * What the prop must say as well: replicas hold the same data, and S3 skips objects that are encrypted with KMS unless a rule says otherwise.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
export const REPLICATED_WITH_KEY: GuardedProperty = {
  property: 'ReplicationConfiguration',
  requirement: 'every rule encrypts replicas with a KMS key',
  remedy: "Remove the override, aspect or assignment that changes it; to replicate, pass 'replicationRules' with 'kmsKey'.",
  holds: ({ replicationconfiguration: replication }) => replication === undefined || (Array.isArray(replication.rules) && replication.rules.every(isWithKey)),
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html */
export const TAKES_LOGS: GuardedProperty[] = [
  ENCRYPTED_BY_S3,
  {
    property: 'ObjectLockConfiguration',
    requirement: 'nothing is retained by default, so that S3 can deliver access logs',
    holds: ({ objectlockconfiguration: lock }) => lock?.rule?.defaultretention === undefined,
  },
  { property: 'LoggingConfiguration', requirement: 'deliveries of logs are not logged themselves', holds: ({ loggingconfiguration: logging }) => logging === undefined },
];

/** What is guarded of a bucket with data as it has been made: its key and where its access logs go. */
export function asMade(bucket: s3.CfnBucket): GuardedProperty[] {
  const made: any = inLowerCase(bucket, currentProperties(bucket));
  const [keyId, destination] = [keyIdOf(made), made.loggingconfiguration?.destinationbucketname];
  const logs = referredTo(destination);
  const isSameKey = (other: unknown) => [keyId, ...otherNamesOf(keyId)].some((name) => rendered(bucket, name) === rendered(bucket, other));
  return [
    {
      property: 'BucketEncryption',
      requirement: 'the default encryption uses the key that the bucket was given',
      remedy: "Remove the override, aspect or assignment that changes it; to use another key, pass it as 'encryptionKey'.",
      holds: (properties) => [undefined, keyId].includes(keyIdOf(properties) as any) || isSameKey(keyIdOf(properties)),
    },
    {
      property: 'LoggingConfiguration',
      requirement: 'server access logs go to the bucket that takes them',
      remedy: "Remove the override, aspect or assignment that changes it; to log elsewhere, pass 'serverAccessLogsBucket'.",
      holds: ({ loggingconfiguration: logging }) => (logs === undefined || isInTree(logs))
        && (logging?.destinationbucketname === destination || rendered(bucket, logging?.destinationbucketname) === rendered(bucket, destination)),
    },
  ];
}

/** Why a bucket, or the key of a bucket, will not outlive its stack as it was made to. */
export function unretained(resource: CfnResource, made: RemovalPolicy = RemovalPolicy.RETAIN): Refusal[] {
  if (made === RemovalPolicy.DESTROY) {
    return [];
  }
  const { deletionPolicy, updateReplacePolicy } = resource.cfnOptions;
  const asItStands = { DeletionPolicy: deletionPolicy, UpdateReplacePolicy: updateReplacePolicy };
  const { DeletionPolicy, UpdateReplacePolicy }: Pick<DeployedResource, 'DeletionPolicy' | 'UpdateReplacePolicy'> = hasOverrides(resource) ? deployedResource(resource) : asItStands;
  const remedy = "Remove the override, aspect or call that changes it; what may be deleted is said by 'removalPolicy' where it is made.";
  return [
    ...(['Retain', 'RetainExceptOnCreate'].includes(DeletionPolicy as string) ? [] : [{ ...weakened('DeletionPolicy', 'it is retained when its stack is deleted'), remedy }]),
    ...(UpdateReplacePolicy === 'Retain' ? [] : [{ ...weakened('UpdateReplacePolicy', 'it is retained when it is replaced'), remedy }]),
  ];
}

/** The requirements that a bucket's template, as it will be deployed, does not meet. */
export function unmet(bucket: s3.CfnBucket, guarded: GuardedProperty[]): GuardedProperty[] {
  const properties: any = inLowerCase(bucket, hasOverrides(bucket) ? deployedResource(bucket).Properties : currentProperties(bucket));
  const meets = ({ property, holds }: GuardedProperty) => {
    const name = property.toLowerCase();
    return !hasTransform(properties[name]) && (variants(properties[name])?.every((value) => holds({ [name]: value })) ?? false);
  };
  return guarded.filter((requirement) => !meets(requirement));
}

/** Complaints about guarded properties that an override, an aspect or an assignment has weakened. */
export function weakenedProperties(bucket: s3.CfnBucket, path: string, guarded: GuardedProperty[], removalPolicy?: RemovalPolicy): string[] {
  const problem = displaced(bucket, s3.CfnBucket.CFN_RESOURCE_TYPE_NAME);
  const problems = problem ? [problem] : [
    ...unmet(bucket, guarded).map(({ property, requirement, remedy }) => weakened(property, requirement, remedy)),
    ...unretained(bucket, removalPolicy),
  ];
  return problems.map((refusal) => sentenceOf(path, refusal));
}

export function weakened(property: string, requirement: string, remedy: string = REMOVE_CHANGE): Refusal {
  return { problem: `the synthesized template weakens '${property}': it no longer says that ${requirement}.`, remedy };
}

/** The guarded properties as they stand, for buckets without overrides. */
function currentProperties(bucket: s3.CfnBucket): Record<string, unknown> {
  const { publicAccessBlockConfiguration, ownershipControls, accessControl, websiteConfiguration } = bucket;
  const { versioningConfiguration, bucketEncryption, loggingConfiguration, objectLockConfiguration, replicationConfiguration } = bucket;
  return {
    publicAccessBlockConfiguration,
    ownershipControls,
    accessControl: bucket.stack.resolve(accessControl),
    websiteConfiguration,
    versioningConfiguration,
    bucketEncryption,
    loggingConfiguration,
    objectLockConfiguration,
    replicationConfiguration,
  };
}

/** Templates and L1 constructs spell property names in different case. What is inside of functions stays as it is, branches of conditions apart. */
function inLowerCase(bucket: s3.CfnBucket, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => inLowerCase(bucket, element));
  }
  if (Token.isUnresolved(value) && !Reference.isReference(Tokenization.reverse(value, { failConcat: false }))) { // a reference depends on no condition
    return inLowerCase(bucket, bucket.stack.resolve(value));
  }
  if (!isObject(value) || (isIntrinsic(value) && !('Fn::If' in value))) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name.startsWith('Fn::') ? name : name.toLowerCase(), inLowerCase(bucket, child)]));
}

function isWithKey({ destination, sourceselectioncriteria: selected }: any): boolean {
  return destination?.encryptionconfiguration?.replicakmskeyid !== undefined && selected?.ssekmsencryptedobjects?.status === 'Enabled';
}

function encryptionRule(properties: any): any {
  const rules = asList(properties.bucketencryption?.serversideencryptionconfiguration);
  return rules.length === 1 ? rules[0] : undefined;
}

function keyIdOf(properties: any): unknown {
  return encryptionRule(properties)?.serversideencryptionbydefault?.kmsmasterkeyid;
}

/** The other ways to refer to a key of the app. */
function otherNamesOf(keyId: unknown): unknown[] {
  const key = referredTo(keyId);
  return kms.CfnKey.isCfnKey(key) ? [key.ref, key.attrArn, key.attrKeyId] : [];
}

/** The construct that a value refers to, if it is a reference. */
function referredTo(value: unknown): IConstruct | undefined {
  const reference = typeof value === 'string' || Token.isUnresolved(value) ? Tokenization.reverse(value, { failConcat: false }) : undefined;
  return Reference.isReference(reference) ? reference.target : undefined;
}

function rendered(bucket: s3.CfnBucket, value: unknown): string {
  return canonical(bucket.stack.resolve(value)) ?? '';
}

/** CloudFormation takes truth as text too. */
function isOn(setting: unknown): boolean {
  return setting === true || setting === 'true';
}

function asList(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}
