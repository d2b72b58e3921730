import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { injectionOf } from './injected-bucket';
import { namesOriginAccessIdentity } from '../origin-access-identity';
import { statementsIn } from '../own-key';

/** The id under which the CDK makes the key of a bucket. */
const KEY_ID = 'Key';

/** The key that the defaults gave a bucket; undefined if it has none, or one of the user's choice. */
export function injectedKey(bucket: s3.IBucket): kms.Key | undefined {
  return bucket.encryptionKey ? keyMadeFor(bucket) : undefined;
}

/**
 * Takes back the key that the defaults gave a bucket: it encrypts with SSE-S3 again, as it would without them.
 *
 * The key itself stays in the template as long as something refers to it.
 */
export function takeKeyBack(bucket: s3.IBucket): void {
  if (injectedKey(bucket) === undefined) {
    return;
  }
  const resource = bucket.node.defaultChild as s3.CfnBucket;
  resource.bucketEncryption = {
    serverSideEncryptionConfiguration: [{
      serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' },
      blockedEncryptionTypes: { encryptionType: [s3.BlockedEncryptionType.SSE_C.name] },
    }],
  };
  withoutIdentities(keyMadeFor(bucket)!);
  (bucket as { encryptionKey?: unknown }).encryptionKey = undefined; // what grants and load balancers go by
}

/** Takes out of a key's policy the origin access identities that grants of the CDK have written there: KMS refuses them. */
function withoutIdentities(key: kms.Key): void {
  const { keyPolicy } = key.node.defaultChild as kms.CfnKey;
  const isKept = ({ principals }: iam.PolicyStatement) => !principals.some(({ policyFragment }) => namesOriginAccessIdentity(policyFragment.principalJson));
  if (keyPolicy instanceof iam.PolicyDocument) {
    Object.assign(keyPolicy, { statements: statementsIn(keyPolicy).filter(isKept) });
  }
}

/** The key that was taken back from a bucket, if it is still there. */
export function unusedKey(bucket: s3.IBucket): kms.Key | undefined {
  return bucket.encryptionKey ? undefined : keyMadeFor(bucket);
}

/** Turns the rotation of a key on that the CDK has made for a bucket, unless somebody has decided about it: the L2 leaves it off for DSSE-KMS. */
export function rotateKeyMadeFor(bucket: s3.Bucket): void {
  const resource = bucket.node.tryFindChild(KEY_ID)?.node.defaultChild;
  if (kms.CfnKey.isCfnKey(resource)) {
    resource.enableKeyRotation ??= true;
  }
}

export function removeKey(bucket: s3.IBucket): void {
  bucket.node.tryRemoveChild(KEY_ID);
}

function keyMadeFor(bucket: s3.IBucket): kms.Key | undefined {
  const key = injectionOf(bucket)?.sets.key ? bucket.node.tryFindChild(KEY_ID) as kms.Key | undefined : undefined;
  return key?.node.defaultChild ? key : undefined; // its resource may have been taken out of the tree
}
