import { CfnResource, IResolvable, Stack, Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { hasOverrides } from '../guardrails/overrides';
import { Refusal, sentenceOf } from '../refusal';

/** A property of `AWS::S3::Bucket` that keeps the bucket safe, and how to tell whether it still does. */
interface GuardedProperty {
  readonly property: string;
  readonly requirement: string;

  /** Judges the properties; all their names are in lower case. */
  readonly holds: (properties: any) => boolean;
}

export const PRIVATE_BUCKET: GuardedProperty[] = [
  {
    property: 'PublicAccessBlockConfiguration',
    requirement: 'all four Block Public Access settings are on',
    holds: ({ publicaccessblockconfiguration: settings }) =>
      [settings?.blockpublicacls, settings?.blockpublicpolicy, settings?.ignorepublicacls, settings?.restrictpublicbuckets].every((setting) => setting === true),
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
    return rule?.serversideencryptionbydefault?.ssealgorithm === 'aws:kms:dsse' ? !rule.bucketkeyenabled : rule?.bucketkeyenabled === true;
  },
};

export const ENCRYPTED_BY_S3: GuardedProperty = {
  property: 'BucketEncryption',
  requirement: 'the default encryption is SSE-S3, the only one that S3 delivers access logs to',
  holds: (properties) => encryptionRule(properties)?.serversideencryptionbydefault?.ssealgorithm === 'AES256',
};

export const ACCESS_LOGGED: GuardedProperty = {
  property: 'LoggingConfiguration',
  requirement: 'server access logs go to another bucket',
  holds: ({ loggingconfiguration: logging }) => logging?.destinationbucketname !== undefined,
};

/** The requirements that a bucket's template, as it will be deployed, does not meet. */
export function unmet(bucket: s3.CfnBucket, guarded: GuardedProperty[]): GuardedProperty[] {
  const properties = inLowerCase(bucket, hasOverrides(bucket) ? deployedProperties(bucket) : currentProperties(bucket));
  return guarded.filter(({ holds }) => !holds(properties));
}

/** Complaints about guarded properties that an override, an aspect or an assignment has weakened. */
export function weakenedProperties(bucket: s3.CfnBucket, path: string, guarded: GuardedProperty[]): string[] {
  return unmet(bucket, guarded).map(({ property, requirement }) => sentenceOf(path, weakened(property, requirement)));
}

export function weakened(property: string, requirement: string): Refusal {
  return {
    problem: `the synthesized template weakens '${property}': it no longer says that ${requirement}.`,
    remedy: 'Remove the override, aspect or assignment that changes it.',
  };
}

/** The properties with every override applied. Costs as much as synthesizing the resource once more. */
export function deployedProperties(resource: CfnResource): Record<string, unknown> {
  const [rendered] = Object.values<any>(Stack.of(resource).resolve(resource._toCloudFormation()).Resources);
  return rendered.Properties ?? {};
}

/** The guarded properties as they stand, for buckets without overrides. */
function currentProperties(bucket: s3.CfnBucket): unknown {
  const { publicAccessBlockConfiguration, ownershipControls, accessControl, websiteConfiguration } = bucket;
  const { versioningConfiguration, bucketEncryption, loggingConfiguration } = bucket;
  return {
    publicAccessBlockConfiguration,
    ownershipControls,
    accessControl: bucket.stack.resolve(accessControl),
    websiteConfiguration,
    versioningConfiguration,
    bucketEncryption,
    loggingConfiguration,
  };
}

/** Templates and L1 constructs spell property names in different case. */
function inLowerCase(bucket: s3.CfnBucket, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => inLowerCase(bucket, element));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Token.isUnresolved(value)) {
    return inLowerCase(bucket, bucket.stack.resolve(value as IResolvable));
  }
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name.toLowerCase(), inLowerCase(bucket, child)]));
}

function encryptionRule(properties: any): any {
  const rules = asList(properties.bucketencryption?.serversideencryptionconfiguration);
  return rules.length === 1 ? rules[0] : undefined;
}

function asList(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}
