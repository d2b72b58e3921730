import { IResource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { ISharedDatasetAccessPoint } from './dataset-access-point';
import { canReferTo, ISharedMultiRegionAccessPoint, multiRegionArnIn } from './multi-region-access-point';
import { bucketArnByName, bucketArnIn, bucketResource, generateBucketName, keyBehind, knownBucketName } from './names';
import { DataArns, KeyUse } from './share-statements';
import { refusal } from '../refusal';
import { KEY_POLICY, watchPolicySize } from '../statements/policy-quota';

/** A bucket with shared data. */
export interface SharedBucket {
  readonly bucket: s3.IBucket;

  /** Where its objects are, and S3 asks for their key. */
  readonly region: string;
}

/** What is shared: a bucket, or the part of one or of several behind an access point. */
export interface SharedData {
  /** What errors and hand-overs call it. */
  readonly what: string;
  readonly resource: IResource & Pick<iam.IResourceWithPolicy, 'addToResourcePolicy'>;
  readonly account: string;
  readonly region: string;

  /** Where the objects are, as far as it is known: behind an imported access point it may not be. */
  readonly buckets: readonly SharedBucket[];

  /** Whether policies of other stacks can write down its ARN; makes sure of it where that is possible. */
  hasKnownName(): boolean;

  arnsIn(stack: Stack): DataArns;

  /** Whether these ARNs name nothing else. */
  isExactIn(stack: Stack): boolean;
}

export function sharedBucket(bucket: s3.IBucket): SharedData {
  const { account, region } = bucket.env;
  return {
    what: 'bucket policy',
    resource: bucket,
    account,
    region,
    buckets: [{ bucket, region }],
    hasKnownName: () => {
      generateBucketName(bucket);
      return knownBucketName(bucket) !== undefined;
    },
    arnsIn: (stack) => {
      const arn = bucketArnIn(stack, bucket);
      return { container: arn, objects: (prefix) => `${arn}/${prefix}*` };
    },
    isExactIn: () => true,
  };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html */
export function sharedAccessPoint(accessPoint: ISharedDatasetAccessPoint): SharedData {
  const { account, region } = accessPoint.env;
  return {
    what: 'access point policy',
    resource: accessPoint,
    account,
    region,
    buckets: accessPoint.bucket ? [{ bucket: accessPoint.bucket, region }] : [],
    hasKnownName: () => true,
    arnsIn: () => arnsBehind(accessPoint.accessPointArn),
    isExactIn: () => true,
  };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRequests.html */
export function sharedMultiRegionAccessPoint(accessPoint: ISharedMultiRegionAccessPoint): SharedData {
  const { account, region } = accessPoint.env;
  return {
    what: 'multi-Region access point policy',
    resource: accessPoint,
    account,
    region,
    buckets: (accessPoint.buckets ?? []).map((bucket) => ({ bucket, region: bucket.env.region })),
    hasKnownName: () => true,
    arnsIn: (stack) => arnsBehind(multiRegionArnIn(stack, accessPoint)),
    isExactIn: (stack) => canReferTo(stack, accessPoint),
  };
}

function arnsBehind(accessPointArn: string): DataArns {
  return { container: accessPointArn, objects: (prefix) => `${accessPointArn}/object/${prefix}*` };
}

/** The key of a bucket with shared data, and how S3 uses it there. */
export interface SharedKey {
  readonly key: kms.IKey;
  readonly bucket: s3.IBucket;
  useIn(stack: Stack): KeyUse;
}

/** The keys that S3 asks for shared data: of those that have no policy, it asks none. Throws if data is encrypted with a key that cannot be shared. */
export function sharedKeys(site: IConstruct, { buckets }: SharedData, given?: kms.IKey): SharedKey[] {
  if (given && buckets.length === 0) {
    throw refusal(site, 'UnknownBucket', {
      problem: "the bucket behind the access point is not known, so the use of 'encryptionKey' could not be confined to its data.",
      remedy: 'Import the access point with SharedDatasetAccessPoint.fromAccessPointAttributes, and name its bucket.',
    });
  }
  return buckets.flatMap((shared) => sharedKey(site, shared, given) ?? []);
}

function sharedKey(site: IConstruct, { bucket, region }: SharedBucket, given?: kms.IKey): SharedKey | undefined {
  const key = given ?? bucket.encryptionKey;
  const resource = bucketResource(bucket);
  const { aliasName } = (key ?? {}) as Partial<kms.IAlias>;
  if (aliasName?.startsWith('alias/aws/') || (key === undefined && resource && usesAwsManagedKey(resource))) {
    throw refusal(site, 'AwsManagedKey', {
      problem: `the data of '${bucket.node.path}' is encrypted with an AWS managed key, which no other account can use.`,
      remedy: 'Encrypt the bucket with a customer managed key, as SecureBucket does, and copy the objects onto themselves.',
    });
  }
  return key && {
    key: keyBehind(key),
    bucket,
    useIn: (stack) => {
      const arn = bucketArnByName(stack, bucket);
      return {
        viaService: `s3.${region}.${stack.urlSuffix}`,
        encryptionContext: [...(hasBucketKey(resource) ? [arn] : []), `${arn}/*`],
      };
    },
  };
}

/** Whether it is known of every bucket which key S3 asks, if any: of those that this app makes, it is. */
export function areKeysKnown({ buckets }: SharedData, keys: readonly SharedKey[]): boolean {
  return buckets.length > 0 && buckets.every(({ bucket }) => bucketResource(bucket) !== undefined || keys.some((key) => key.bucket === bucket));
}

/** Fails synthesis when sharing makes the policy of a key too large. Buckets whose statements are kept watch themselves. */
export function watchKeyPolicy(key: kms.IKey): void {
  const resource = key.node.defaultChild;
  if (kms.CfnKey.isCfnKey(resource)) {
    watchPolicySize(key, KEY_POLICY, () => resource.keyPolicy);
  }
}

interface EncryptionRule {
  readonly bucketKeyEnabled?: unknown;
  readonly serverSideEncryptionByDefault?: { readonly sseAlgorithm?: string; readonly kmsMasterKeyId?: unknown };
}

function defaultEncryption({ bucketEncryption }: s3.CfnBucket): EncryptionRule {
  const { serverSideEncryptionConfiguration: rules = [] } = (bucketEncryption ?? {}) as { serverSideEncryptionConfiguration?: EncryptionRule[] };
  return rules[0] ?? {};
}

function usesAwsManagedKey(bucket: s3.CfnBucket): boolean {
  const { sseAlgorithm, kmsMasterKeyId } = defaultEncryption(bucket).serverSideEncryptionByDefault ?? {};
  return sseAlgorithm?.startsWith('aws:kms') === true && kmsMasterKeyId === undefined;
}

/** Unless bucket keys are known to be off, objects may be under one. */
function hasBucketKey(bucket?: s3.CfnBucket): boolean {
  return bucket === undefined || defaultEncryption(bucket).bucketKeyEnabled !== false;
}
