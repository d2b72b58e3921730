import { Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { deployedResource, hasOverrides } from './deployed-resource';
import { isOfAlias, keyArnBehind } from './key-arn';
import { isAwsManagedKey } from '../aws/key-alias';

/** How a bucket encrypts what comes without a wish. */
export type BucketEncryption =
  | { readonly kind: 'sse-s3' }
  | { readonly kind: 'kms'; readonly algorithm: string; readonly key: BucketKey }
  | { readonly kind: 'unknown' };

/** The key of a bucket: one with an ARN, the AWS managed one, or one whose ARN nobody can tell. */
export type BucketKey = { readonly arn: string } | 'aws-managed' | 'unknown';

const KMS_ALGORITHMS = ['aws:kms', 'aws:kms:dsse'];

/**
 * How a bucket encrypts by default, as its template says it. A bucket that says nothing encrypts with SSE-S3.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
 */
export function encryptionOf(bucket: s3.CfnBucket): BucketEncryption {
  const { bucketEncryption } = hasOverrides(bucket) ? { bucketEncryption: deployedResource(bucket).Properties.BucketEncryption as unknown } : bucket;
  const resolved = inLowerCase(Stack.of(bucket).resolve(bucketEncryption));
  if (resolved === undefined) {
    return { kind: 'sse-s3' };
  }
  const rules = resolved?.serversideencryptionconfiguration;
  if (!Array.isArray(rules) || rules.length > 1) {
    return { kind: 'unknown' };
  }
  const { ssealgorithm: algorithm = 'AES256', kmsmasterkeyid } = rules[0]?.serversideencryptionbydefault ?? {};
  if (KMS_ALGORITHMS.includes(algorithm)) {
    return { kind: 'kms', algorithm, key: keyOf(bucket, writtenKeyId(bucket, kmsmasterkeyid)) };
  }
  return { kind: algorithm === 'AES256' ? 'sse-s3' : 'unknown' };
}

/** Templates and L1 constructs spell property names in different case. Intrinsic functions stay as they are. */
function inLowerCase(value: unknown): any {
  if (Array.isArray(value)) {
    return value.map(inLowerCase);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, child]) => (/^(?:Ref$|Fn::)/.test(name) ? [name, child] : [name.toLowerCase(), inLowerCase(child)])))
    : value;
}

/** The key id as the bucket has it, which tells what it refers to; where an override has changed it, as the template has it. */
function writtenKeyId(bucket: s3.CfnBucket, resolved: unknown): unknown {
  const { serverSideEncryptionConfiguration: rules } = (bucket.bucketEncryption ?? {}) as { serverSideEncryptionConfiguration?: any };
  const written = Array.isArray(rules) ? rules[0]?.serverSideEncryptionByDefault?.kmsMasterKeyId : undefined;
  const isRendered = !hasOverrides(bucket) && written !== undefined;
  return isRendered || JSON.stringify(Stack.of(bucket).resolve(written)) === JSON.stringify(resolved) ? written : resolved;
}

/** The key behind a `KMSMasterKeyID`, which may be the ARN or the id of a key or of an alias, the `Ref` of a key (its id), or left out. */
function keyOf(bucket: s3.CfnBucket, keyId: unknown): BucketKey {
  if (keyId === undefined || isAwsManagedKey(keyId)) {
    return 'aws-managed';
  }
  const given = keyOfOwner(bucket, keyId);
  const arn = given ? keyArnBehind(given) : writtenArn(keyId);
  return arn === undefined ? 'unknown' : { arn };
}

/** The key that the L2 of a bucket was given, if it is the one that the bucket encrypts with: it tells whether it is a key or an alias. */
function keyOfOwner(bucket: s3.CfnBucket, keyId: unknown): kms.IKey | undefined {
  const owner = bucket.node.scope;
  const key = owner instanceof s3.Bucket && owner.node.defaultChild === bucket ? owner.encryptionKey : undefined;
  const textOf = (value: unknown) => JSON.stringify(Stack.of(bucket).resolve(value));
  return key && (key.keyArn === keyId || textOf(key.keyArn) === textOf(keyId)) ? key : undefined;
}

/** An ARN as it is written, or as a reference to a key or to an attribute of that name. What a parameter or an import stands for is not known: it may be an alias. */
function writtenArn(keyId: unknown): string | undefined {
  const reference = typeof keyId === 'string' ? Tokenization.reverse(keyId, { failConcat: false }) : undefined;
  if (Reference.isReference(reference)) {
    return kms.CfnKey.isCfnKey(reference.target) ? reference.target.attrArn : reference.displayName === 'Arn' ? String(keyId) : undefined;
  }
  if (typeof keyId === 'string') {
    return /^arn:[^:]*:kms:/.test(keyId) && !isOfAlias(keyId) ? keyId : undefined;
  }
  const [, attribute] = (keyId as { 'Fn::GetAtt'?: unknown[] })?.['Fn::GetAtt'] ?? [];
  return attribute === 'Arn' ? Token.asString(keyId) : undefined;
}
