import { Stack, Token } from 'aws-cdk-lib';
import { AccessWithoutKey, isOfAccount } from './access-without-key';
import { readableNames } from './named-references';
import { UnknownUser } from './unknown-users';
import { Refusal } from '../../refusal';
import { USE_ORIGIN_ACCESS_CONTROL } from '../origin-access-identity';

/** Why a bucket has to do without a key. */
export interface WithoutKey extends Refusal {
  readonly reason: string;
}

/** What is said of a bucket that is left without a key. */
export function leftOnSseS3(reason: string, remedy: string): WithoutKey {
  return { problem: `SecureBucketDefaults leaves this bucket on SSE-S3: ${reason}.`, remedy, reason };
}

/** Why a bucket has to do without a key that a resource names of whose work nothing is known. */
export function usedByUnknown({ path, type }: UnknownUser): WithoutKey {
  return leftOnSseS3(`'${path}' (${type}) names it, and as whom it works with the bucket is not told here`,
    "Pass 'encryption: KMS' and let whoever that is use 'bucket.encryptionKey', or pass 'encryption: S3_MANAGED', to say what it shall be.");
}

const MOST_NAMED = 5;

/** Whom a key of the bucket's own would cut off, and how each of them gets the key; nothing if it is nobody. */
export function cutOff(accesses: readonly AccessWithoutKey[], stack: Stack): WithoutKey | undefined {
  if (accesses.length === 0) {
    return undefined;
  }
  const byIdentity = accesses.filter(({ isOriginAccessIdentity }) => isOriginAccessIdentity);
  const unattached = accesses.filter(({ isUnattached }) => isUnattached);
  const others = accesses.filter(({ isOriginAccessIdentity, isUnattached }) => !isOriginAccessIdentity && !isUnattached);
  const remedies = [
    ...(byIdentity.length > 0 ? [USE_ORIGIN_ACCESS_CONTROL] : []),
    ...(unattached.length > 0 ? ["Allow 'kms:Decrypt', for uploads 'kms:GenerateDataKey' besides, in that policy, or pass 'encryption' to say what it shall be."] : []),
    ...(others.length > 0 ? [useGrants(others, stack)] : []),
  ];
  return leftOnSseS3(enumerated(new Set(accesses.map(reasonOf))), remedies.join(' '));
}

function reasonOf({ holder, policy, isUnattached, isWorker }: AccessWithoutKey): string {
  if (isWorker) {
    return `'${policy}' works with it as ${wordsFor(holder)}, a role that is not of this app, and that nothing here gives a key`;
  }
  return isUnattached ? `'${policy}' lets whoever has it, or has it as a permissions boundary, use its objects and no key` : `'${policy}' gives ${wordsFor(holder)} access to its objects and not to a key`;
}

const ACCOUNT = /:iam::(\d{12}):root$/;

function wordsFor(holder: string): string {
  const account = ACCOUNT.exec(holder)?.[1];
  return account ? `the account ${account}` : `'${readableNames(holder)}'`;
}

/** Who is granted the key: in code, where the code does not say it already. */
function granteeOf(holder: string): string {
  const [account, name] = [ACCOUNT.exec(holder)?.[1], readableNames(holder)];
  return account ? `new AccountPrincipal('${account}')` : name.startsWith('arn:') && !/[*$]/.test(name) ? `new ArnPrincipal('${name}')` : '…';
}

const EVERYBODY = '*'; // whom the conditions of the bucket's statement hold to something

const STATEMENT_WITH_CONDITIONS = "a statement with the same conditions by 'bucket.encryptionKey!.addToResourcePolicy(…)', never a grant, for '*'";

/** What is advised for the bucket's stack. Whoever is of another account uses the key through S3 only, which no grant of the CDK says. */
function useGrants(accesses: readonly AccessWithoutKey[], { account, region }: Stack): string {
  const writers = new Set(accesses.filter(({ use }) => use === 'write').map(({ holder }) => holder));
  const place = Token.isUnresolved(region) ? '${Aws.REGION}' : region;
  const lines = new Set(accesses.map(({ holder }) => {
    if (holder === EVERYBODY) {
      return STATEMENT_WITH_CONDITIONS;
    }
    const [grant, actions] = writers.has(holder) ? ['grantEncryptDecrypt', "'kms:GenerateDataKey*', 'kms:Decrypt'"] : ['grantDecrypt', "'kms:Decrypt'"];
    const statement = `new PolicyStatement({ principals: [${granteeOf(holder)}], actions: [${actions}], resources: ['*'], conditions: { StringEquals: { 'kms:ViaService': \`s3.${place}.amazonaws.com\` } } })`;
    return !isOfAccount(holder, account) ? `'bucket.encryptionKey!.addToResourcePolicy(${statement})' for ${wordsFor(holder)}, whose own policies have to allow it, too`
      : `'bucket.encryptionKey!.${grant}(${granteeOf(holder)})' for ${wordsFor(holder)}`;
  }));
  const byBucket = accesses.some(({ holder }) => isOfAccount(holder, account)) ? " or use the grants of the bucket ('grantRead' and its like), which give both;" : '';
  return `Give the key, too: ${enumerated(lines)};${byBucket} or pass 'encryption' to say what it shall be.`;
}

function enumerated(texts: ReadonlySet<string>): string {
  const [named, more] = [[...texts].slice(0, MOST_NAMED), texts.size - MOST_NAMED];
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join('; ');
}
