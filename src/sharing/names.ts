import { IResource, Stack, Stage, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';

/** The resource behind a bucket, where the app makes it. */
export function bucketResource(bucket: s3.IBucket): s3.CfnBucket | undefined {
  const child = bucket.node.defaultChild;
  return s3.CfnBucket.isCfnBucket(child) ? child : undefined;
}

/** The name of a bucket, as far as it is known at synthesis. */
export function knownBucketName(bucket: s3.IBucket): string | undefined {
  const resource = bucketResource(bucket);
  if (resource === undefined) {
    return known(bucket.bucketName);
  }
  const stack = Stack.of(resource);
  const { account, region } = stack;
  const prefix = known(resource.bucketNamePrefix);
  return known(stack.resolve(resource.bucketName)) ?? (prefix && known(account) && known(region) ? `${prefix}-${account}-${region}-an` : undefined);
}

/** Gives a bucket the name that `PhysicalName.GENERATE_IF_NEEDED` promises: it is needed. Buckets that were not promised one stay as they are. */
export function generateBucketName(bucket: s3.IBucket): void {
  try {
    (bucket as unknown as { _enableCrossEnvironment?: () => void })._enableCrossEnvironment?.();
  } catch {
    // no name was promised: whoever needs one will say so
  }
}

/** A bucket's ARN, as the templates of a stack can write it: in its own stack by reference, elsewhere by name. */
export function bucketArnIn(stack: Stack, bucket: s3.IBucket): string {
  return Stack.of(bucket) === stack ? bucket.bucketArn : bucketArnByName(stack, bucket);
}

/** A bucket's ARN by its name, as far as that is known: the policy of the bucket's own key cannot refer to the bucket. */
export function bucketArnByName(stack: Stack, bucket: s3.IBucket): string {
  const name = knownBucketName(bucket);
  return name === undefined ? bucket.bucketArn : stack.formatArn({ service: 's3', region: '', account: '', resource: name });
}

/**
 * A key's ARN, as the templates of a stack can write it. In another account's or Region's stack it is not known, nor is that of
 * a key behind an imported alias: there, all keys of its account and Region stand for it.
 *
 * @param mayRefer whether the stack can be deployed after the key
 */
export function keyArnIn(stack: Stack, key: kms.IKey, mayRefer: boolean): string {
  const isNear = Stack.of(key) === stack || (mayRefer && areDeployedAlike(key, stack) && Stage.of(key) === Stage.of(stack));
  const isReachable = !isAlias(key) && (known(key.keyArn) !== undefined || isNear);
  const { account, region } = key.env;
  return isReachable ? key.keyArn : stack.formatArn({ service: 'kms', account, region, resource: 'key', resourceName: '*' });
}

/** The key that an alias stands for, as far as it is known: policies name keys, and the ARN of an alias names none. */
export function keyBehind(key: kms.IKey): kms.IKey {
  try {
    return isAlias(key) ? keyBehind(key.aliasTargetKey) : key;
  } catch {
    return key; // an alias imported by its name
  }
}

function isAlias(key: kms.IKey): key is kms.IAlias {
  return 'aliasName' in key;
}

/** Whether a resource is in the account and Region of a stack. */
export function areDeployedAlike({ env }: IResource, stack: Stack): boolean {
  return env.account === stack.account && env.region === stack.region;
}

/** A value, unless it is known only at deployment. */
export function known(value: string | undefined): string | undefined {
  return typeof value !== 'string' || Token.isUnresolved(value) ? undefined : value;
}

