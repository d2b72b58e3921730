/**
 * Whether the key of a default encryption is named by an alias without an account, other than one of AWS. Whoever uploads has it looked up in the own account.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html
 */
export function isAliasOfCaller(keyId: unknown): keyId is string {
  return typeof keyId === 'string' && /^alias\/(?!aws\/)/.test(keyId);
}
