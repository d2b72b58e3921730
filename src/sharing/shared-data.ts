import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { ISharedDatasetAccessPoint } from './dataset-access-point';
import { bucketArnByName, bucketArnIn, bucketResource, generateBucketName, keyBehind, knownBucketName } from './names';
import { DataArns, KeyUse } from './share-statements';
import { refusal } from '../refusal';
import { KEY_POLICY, watchPolicySize } from '../statements/policy-quota';

/** What is shared: a bucket, or the part of one behind an access point. */
export interface SharedData {
  /** What errors and hand-overs call it. */
  readonly what: string;
  readonly resource: IConstruct & iam.IResourceWithPolicy & { readonly env: { readonly account: string; readonly region: string } };
  readonly account: string;
  readonly region: string;

  /** The bucket; undefined behind an imported access point. */
  readonly bucket?: s3.IBucket;

  /** Whether policies of other stacks can write down its ARN; makes sure of it where that is possible. */
  hasKnownName(): boolean;

  arnsIn(stack: Stack): DataArns;
}

export function sharedBucket(bucket: s3.IBucket): SharedData {
  const { account, region } = bucket.env;
  return {
    what: 'bucket policy',
    resource: bucket,
    account,
    region,
    bucket,
    hasKnownName: () => {
      generateBucketName(bucket);
      return knownBucketName(bucket) !== undefined;
    },
    arnsIn: (stack) => {
      const arn = bucketArnIn(stack, bucket);
      return { container: arn, objects: (prefix) => `${arn}/${prefix}*` };
    },
  };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html */
export function sharedAccessPoint(accessPoint: ISharedDatasetAccessPoint): SharedData {
  const { account, region } = accessPoint.env;
  const arn = accessPoint.accessPointArn;
  return {
    what: 'access point policy',
    resource: accessPoint,
    account,
    region,
    bucket: accessPoint.bucket,
    hasKnownName: () => true,
    arnsIn: () => ({ container: arn, objects: (prefix) => `${arn}/object/${prefix}*` }),
  };
}

/** Whether this app makes the bucket with the data, and so knows how it is encrypted. */
export function isMadeHere({ bucket }: SharedData): boolean {
  return bucket !== undefined && bucketResource(bucket) !== undefined;
}

/** The key of shared data, and how S3 uses it there. Undefined: S3 asks no key that has a policy. */
export interface SharedKey {
  readonly key: kms.IKey;
  useIn(stack: Stack): KeyUse;
}

/** Throws if the data is encrypted with a key that cannot be shared. */
export function sharedKey(site: IConstruct, { bucket, region }: SharedData, given?: kms.IKey): SharedKey | undefined {
  const key = given ?? bucket?.encryptionKey;
  const resource = bucket && bucketResource(bucket);
  const { aliasName } = (key ?? {}) as Partial<kms.IAlias>;
  if (aliasName?.startsWith('alias/aws/') || (key === undefined && resource && usesAwsManagedKey(resource))) {
    throw refusal(site, 'AwsManagedKey', {
      problem: `the data of '${bucket?.node.path}' is encrypted with an AWS managed key, which no other account can use.`,
      remedy: 'Encrypt the bucket with a customer managed key, as SecureBucket does, and copy the objects onto themselves.',
    });
  }
  if (key && bucket === undefined) {
    throw refusal(site, 'UnknownBucket', {
      problem: "the bucket behind the access point is not known, so the use of 'encryptionKey' could not be confined to its data.",
      remedy: 'Import the access point with SharedDatasetAccessPoint.fromAccessPointAttributes, and name its bucket.',
    });
  }
  return key && {
    key: keyBehind(key),
    useIn: (stack) => {
      const arn = bucketArnByName(stack, bucket!);
      return {
        viaService: `s3.${region}.${stack.urlSuffix}`,
        encryptionContext: [...(hasBucketKey(resource) ? [arn] : []), `${arn}/*`],
      };
    },
  };
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
