import * as kms from 'aws-cdk-lib/aws-kms';

/**
 * The ARN of a key, to which uploads can be pinned; of the key behind an alias, where the app tells which one that is. The ARN of an alias is none: S3 compares
 * an upload with the key.
 */
export function keyArnBehind(key: kms.IKey): string | undefined {
  const { aliasName } = key as Partial<kms.IAlias>;
  if (aliasName === undefined) {
    return isOfAlias(key.keyArn) ? undefined : key.keyArn;
  }
  const target = targetOf(key as kms.IAlias);
  return target && keyArnBehind(target);
}

/** Whether a key id or ARN shows that it is that of an alias. */
export function isOfAlias(keyId: string): boolean {
  return /(?:^|:)alias\//.test(keyId);
}

/** Aliases that are imported by their name throw. */
function targetOf(alias: kms.IAlias): kms.IKey | undefined {
  try {
    return alias.aliasTargetKey;
  } catch {
    return undefined;
  }
}
