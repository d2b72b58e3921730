import { BucketJson } from './assumptions-format';
import { blocks, BlockPublicAccessSetting, ownershipOf, textIn } from './bucket-settings';
import type { Model } from './model';
import { SourcedPolicy } from './sourced-policy';
import { isAwsManagedKey } from '../aws/key-alias';
import { Truth } from '../policy/truth';
import { DeployedResource } from '../template/deployment';
import { isOn, setting, UNKNOWN } from '../template/settings';

/** The encryption that a bucket gives objects by default. Undefined parts are not known. */
export interface EncryptionFacts {
  readonly algorithm?: string;

  /** The ARN of the key, where it is a customer's. */
  readonly keyArn?: string;

  /** An alias or an id by which the bucket names its key, instead of an ARN: it is looked up in the account of whoever uploads. */
  readonly localKeyName?: string;
  readonly isAwsManagedKey: Truth;
  readonly bucketKey: Truth;
  readonly blocksCustomerKeys: Truth;
}

/** A bucket, as far as it is known. */
export interface BucketFacts {
  readonly name: string;
  readonly arn: string;

  /** Undefined if it is not known who owns the bucket. */
  readonly account?: string;
  readonly region?: string;

  /** Whether anything at all is known of the bucket. */
  readonly isKnown: boolean;

  /** The bucket policy; undefined if there is none. Several are one too many: it is not known which one stays. */
  readonly policies: readonly SourcedPolicy[];
  readonly isPolicyKnown: boolean;

  /** Whether a setting of Block Public Access is on. */
  readonly blocks: (name: BlockPublicAccessSetting) => Truth;

  /** Whether the template says nothing of Block Public Access: then S3 turns it on for new buckets. */
  readonly hasDefaultBlocks: boolean;
  readonly ownership?: string;
  readonly acl?: string;
  readonly hasPrivateObjects: boolean;
  readonly encryption: EncryptionFacts;
  readonly resource?: DeployedResource;
}

/** What the templates and the assumptions say of a bucket. */
export function bucketFacts(model: Model, name: string): BucketFacts {
  const { inventory } = model;
  const bucket = inventory.bucketNamed(name);
  const given: BucketJson = model.given.buckets && Object.hasOwn(model.given.buckets, name) ? model.given.buckets[name] : {};
  const { resource } = bucket ?? {};
  const partition = bucket?.facts.partition ?? (model.deployment.stacks[0] ?? model.deployment.openPartition).partition;
  const givenPolicy = given.policy ? [model.givenPolicy(given.policy, `buckets.${name}.policy`)] : [];
  const written = bucket?.policies ?? [];
  return {
    name,
    arn: bucket?.facts.arn ?? `arn:${partition}:s3:::${name}`,
    account: given.account ?? bucket?.facts.account,
    region: given.region ?? bucket?.site.stack.region,
    isKnown: bucket !== undefined || Object.keys(given).length > 0,
    policies: written.length > 0 ? written : givenPolicy,
    // S3 keeps one policy a bucket: where the bucket has one, that of a bucket whose name is not known is another's.
    isPolicyKnown: (resource !== undefined && inventory.policiesOfUnknownBuckets.length === 0) || written.length > 0 || given.policy !== undefined,
    blocks: (block) => blocks(resource, 'PublicAccessBlockConfiguration', given.blockPublicAccess, block),
    hasDefaultBlocks: resource ? setting(resource, 'PublicAccessBlockConfiguration') === undefined : given.blockPublicAccess === undefined,
    ownership: ownershipOf(resource, given),
    acl: resource ? textIn(setting(resource, 'AccessControl'), given.acl ?? 'Private') : given.acl ?? 'Private',
    hasPrivateObjects: given.objectAcls === 'private',
    encryption: encryptionFacts(model, resource, given),
    resource,
  };
}

function encryptionFacts(model: Model, resource: DeployedResource | undefined, { encryption: given }: BucketJson): EncryptionFacts {
  if (!resource || setting(resource, 'BucketEncryption') === undefined) {
    const { algorithm = resource ? 'AES256' : undefined, key, bucketKeyEnabled = false } = given ?? {};
    return { algorithm, keyArn: key, isAwsManagedKey: algorithm?.startsWith('aws:kms') && key === undefined, bucketKey: bucketKeyEnabled, blocksCustomerKeys: false };
  }
  const rule = (...path: (string | number)[]) => setting(resource, 'BucketEncryption', 'ServerSideEncryptionConfiguration', 0, ...path);
  const algorithm = textIn(rule('ServerSideEncryptionByDefault', 'SSEAlgorithm'), 'AES256');
  const written = rule('ServerSideEncryptionByDefault', 'KMSMasterKeyID');
  const keyArn = model.inventory.keyArnOf(resource);
  const bucketKey = rule('BucketKeyEnabled');
  const blocked = rule('BlockedEncryptionTypes', 'EncryptionType');
  return {
    algorithm,
    keyArn: typeof keyArn === 'string' ? keyArn : undefined,
    localKeyName: typeof written === 'string' && !written.startsWith('arn:') && !isAwsManagedKey(written) ? written : undefined,
    isAwsManagedKey: written === UNKNOWN ? undefined : written === undefined || isAwsManagedKey(written),
    bucketKey: bucketKey === UNKNOWN ? undefined : isOn(bucketKey),
    blocksCustomerKeys: blocked === UNKNOWN ? undefined : Array.isArray(blocked) && blocked.includes('SSE-C'),
  };
}
