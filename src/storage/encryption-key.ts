import { Annotations, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { refusal } from '../refusal';

/** Turns rotation on for the bucket's own key, and looks at a given key as far as it can be seen. */
export function verifyEncryptionKey(bucket: s3.Bucket, given?: kms.IKey): void {
  if (given === undefined) {
    keyResource(bucket.encryptionKey!)!.enableKeyRotation = true; // the L2 leaves it off for DSSE-KMS
    return;
  }
  refuseUnusableKey(bucket, given);
  const resource = keyResource(given);
  if (resource === undefined) {
    Annotations.of(bucket).addWarningV2(
      'cdk-secure-bucket:importedKeyNotVerified',
      `'${bucket.node.path}': the rotation and the policy of the imported key '${given.node.path}' cannot be verified. Check that it rotates and that its policy is not open to everyone.`,
    );
  } else if (resource.enableKeyRotation !== true) {
    Annotations.of(bucket).addWarningV2(
      'cdk-secure-bucket:keyDoesNotRotate',
      `'${bucket.node.path}': the key '${given.node.path}' does not rotate. Set 'enableKeyRotation: true' on it.`,
    );
  }
}

function refuseUnusableKey(bucket: s3.Bucket, key: kms.IKey): void {
  const { aliasName } = key as Partial<kms.IAlias>;
  if (aliasName?.startsWith('alias/aws/')) {
    throw refusal(bucket, 'AwsManagedKey', {
      problem: `'encryptionKey' is the AWS managed key '${aliasName}', whose policy cannot be changed and which other accounts cannot use.`,
      remedy: 'Leave it out, or pass a customer managed key.',
    });
  }
  const [keyRegion, bucketRegion] = [key.env.region, bucket.env.region];
  if (!Token.isUnresolved(keyRegion) && !Token.isUnresolved(bucketRegion) && keyRegion !== bucketRegion) {
    throw refusal(bucket, 'KeyOfAnotherRegion', {
      problem: `'encryptionKey' is in ${keyRegion}, and the bucket in ${bucketRegion}.`,
      remedy: "S3 encrypts with keys of the bucket's own Region: pass one, such as a replica of a multi-Region key.",
    });
  }
  const { keySpec = 'SYMMETRIC_DEFAULT' } = keyResource(key) ?? {};
  if (keySpec !== 'SYMMETRIC_DEFAULT') {
    throw refusal(bucket, 'KeyCannotEncrypt', { problem: `'encryptionKey' is a ${keySpec} key.`, remedy: 'S3 encrypts with symmetric encryption keys: pass one.' });
  }
}

/** The key's resource, where the key is made in this app. */
function keyResource(key: kms.IKey): kms.CfnKey | undefined {
  const { aliasTargetKey } = key as Partial<kms.IAlias>;
  const resource = (aliasTargetKey ?? key).node.defaultChild;
  return kms.CfnKey.isCfnKey(resource) ? resource : undefined;
}
