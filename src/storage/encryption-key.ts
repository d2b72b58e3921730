import { Stack, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { identitiesInKeyPolicy } from './origin-access-identity';
import { guardGivenKey, guardOwnKey, statementsIn } from './own-key';
import { Refusal, sentenceOf } from '../refusal';
import { warn } from '../warning';

/** Guards the bucket's own key, sees to it that a given one can be used, and warns of what cannot be seen of it. */
export function verifyEncryptionKey(bucket: s3.Bucket, given?: kms.IKey): void {
  if (given === undefined) {
    guardOwnKey(bucket);
    return;
  }
  const resource = keyResource(given);
  bucket.node.addValidation({ validate: () => identityProblems(resource).map((problem) => sentenceOf(bucket.node.path, problem)) });
  if (resource === undefined) {
    warn(bucket, 'importedKeyNotVerified', `the rotation and the policy of the imported key '${given.node.path}' cannot be verified. Check that it rotates and that its policy is not open to everyone.`);
    return;
  }
  if (resource.enableKeyRotation !== true) {
    warn(bucket, 'keyDoesNotRotate', `the key '${given.node.path}' does not rotate. Set 'enableKeyRotation: true' on it.`);
  }
  guardGivenKey(bucket, resource);
}

/** What grants on the bucket have written into the policy of its key. */
function identityProblems(key?: kms.CfnKey): Refusal[] {
  const principals = statementsIn(key?.keyPolicy).flatMap((statement) => statement.principals);
  return identitiesInKeyPolicy(principals.map(({ policyFragment }) => ({ Principal: policyFragment.principalJson })));
}

/** The key that an alias of this app stands for: the one to which uploads are pinned. */
export function keyBehindAlias(key?: kms.IKey): kms.IKey | undefined {
  return key instanceof kms.Alias ? key.aliasTargetKey : undefined;
}

/** What is wrong with a key that is given; nothing if buckets of a scope can encrypt with it. */
export function unusableKey(scope: IConstruct, key?: kms.IKey): Refusal[] {
  if (key === undefined) {
    return [];
  }
  const aliasName = aliasOf(key);
  if (aliasName?.startsWith('alias/aws/')) {
    return [{
      name: 'AwsManagedKey',
      problem: `'encryptionKey' is the AWS managed key '${aliasName}', whose policy cannot be changed and which other accounts cannot use.`,
      remedy: 'Leave it out, or pass a customer managed key.',
    }];
  }
  const [keyRegion, bucketRegion] = [key.env.region, scope.node.scopes.filter(Stack.isStack).at(-1)?.region];
  const { keySpec = 'SYMMETRIC_DEFAULT', enabled } = keyResource(key) ?? {};
  return [
    ...(aliasName !== undefined && !(key instanceof kms.Alias) ? [{
      name: 'KeyBehindAlias',
      problem: `'encryptionKey' is the alias '${aliasName}' of a key that is not known at synthesis, so uploads could not be pinned to the key.`,
      remedy: 'Import the key itself, with Key.fromKeyArn or Key.fromLookup.',
    }] : []),
    ...(bucketRegion !== undefined && !Token.isUnresolved(keyRegion) && !Token.isUnresolved(bucketRegion) && keyRegion !== bucketRegion ? [{
      name: 'KeyOfAnotherRegion',
      problem: `'encryptionKey' is in ${keyRegion}, and the bucket in ${bucketRegion}.`,
      remedy: "S3 encrypts with keys of the bucket's own Region: pass one, such as a replica of a multi-Region key.",
    }] : []),
    ...(enabled === false ? [{ name: 'KeyDisabled', problem: "'encryptionKey' is disabled, so that nothing could be written or read.", remedy: "Leave 'enabled' of the key out." }] : []),
    ...(keySpec === 'SYMMETRIC_DEFAULT' ? [] : [{
      name: 'KeyCannotEncrypt', problem: `'encryptionKey' is a ${keySpec} key.`, remedy: 'S3 encrypts with symmetric encryption keys: pass one.',
    }]),
  ];
}

/** The name of the alias that is given instead of a key: as one, or by its ARN. */
function aliasOf(key: kms.IKey): string | undefined {
  return (key as Partial<kms.IAlias>).aliasName ?? /:(alias\/.+)$/.exec(key.keyArn)?.[1];
}

/** The key's resource, where the key is made in this app. */
function keyResource(key: kms.IKey): kms.CfnKey | undefined {
  const resource = (keyBehindAlias(key) ?? key).node.defaultChild;
  return kms.CfnKey.isCfnKey(resource) ? resource : undefined;
}
