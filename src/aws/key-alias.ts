/**
 * Whether the key of a default encryption is named by an alias without an account, other than one of AWS. Whoever uploads has it looked up in the own account.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html
 */
export function isAliasOfCaller(keyId: unknown): keyId is string {
  return typeof keyId === 'string' && /^alias\/(?!aws\/)/.test(keyId);
}

/** Whether a key is the one that AWS manages for S3. */
export function isAwsManagedKey(keyId: unknown): boolean {
  return typeof keyId === 'string' && /(?:^|:)alias\/aws\/s3$/.test(keyId);
}
