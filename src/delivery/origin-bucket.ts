import { Stack, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { jsonText } from '../policy/json';
import { Refusal } from '../refusal';
import { bucketResource, generateBucketName, known } from '../sharing/names';

const PUBLIC_ACCESS_SETTINGS = ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'];
const ENCRYPT_WITH_OWN_KEY = 'Encrypt it with a customer managed key, as SecureBucket does.';

/**
 * The name of a bucket as a template can write it without referring to the bucket; undefined if the bucket gets its name at
 * deployment. The pseudo parameters of the stack may be in it.
 */
export function nameWithoutReference(bucket: s3.IBucket): string | undefined {
  generateBucketName(bucket);
  const resource = bucketResource(bucket);
  if (resource === undefined) {
    return bucket.bucketName;
  }
  const { account, region } = Stack.of(resource);
  const { bucketName, bucketNamePrefix } = resource;
  if (bucketName !== undefined && Stack.of(resource).resolve(bucketName) !== undefined) {
    return bucketName;
  }
  return bucketNamePrefix === undefined ? undefined : `${bucketNamePrefix}-${account}-${region}-an`;
}

/** The domain of a bucket for CloudFront: without a reference to the bucket, where that is possible. */
export function originDomain(bucket: s3.IBucket): string {
  const name = nameWithoutReference(bucket);
  const { region } = bucket.env;
  return name === undefined || bucketResource(bucket) === undefined ? bucket.bucketRegionalDomainName : `${name}.s3.${region}.${Stack.of(bucket).urlSuffix}`;
}

/** What is wrong with a bucket as an origin, as far as the app shows it. */
export function unusableOrigin(bucket: s3.IBucket, key: kms.IKey | undefined): Refusal | undefined {
  const resource = bucketResource(bucket);
  const { aliasName } = (key ?? {}) as Partial<kms.IAlias>;
  if (bucket.isWebsite || resource?.websiteConfiguration !== undefined) {
    return {
      problem: `the bucket '${bucket.node.path}' is a website, whose endpoint speaks plain HTTP and needs public objects.`,
      remedy: "Leave the website props out: 'defaultRootObject' and 'errorResponses' of the distribution take their place.",
    };
  }
  if (resource && isPublic(resource)) {
    return { problem: `the bucket '${bucket.node.path}' allows public access.`, remedy: 'Turn all four settings of Block Public Access on, and leave ACLs out: CloudFront needs neither.' };
  }
  if (aliasName?.startsWith('alias/aws/') || (resource && sseAlgorithm(resource)?.startsWith('aws:kms') && ownKeyId(resource) === undefined)) {
    return { problem: `the bucket '${bucket.node.path}' is encrypted with an AWS managed key, whose policy cannot let CloudFront decrypt.`, remedy: ENCRYPT_WITH_OWN_KEY };
  }
  if (resource && key === undefined && ownKeyId(resource) === undefined) {
    return { problem: `the bucket '${bucket.node.path}' is encrypted with keys that S3 manages, so that no key policy decides a second time who may read.`, remedy: ENCRYPT_WITH_OWN_KEY };
  }
  return undefined;
}

function isPublic(resource: s3.CfnBucket): boolean {
  const { publicAccessBlockConfiguration, accessControl } = resource;
  const settings = resource.stack.resolve(publicAccessBlockConfiguration);
  const isOff = (name: string) => (settings[name] ?? false) === false; // what a template with settings leaves out is off
  return (settings !== undefined && PUBLIC_ACCESS_SETTINGS.some(isOff)) || /^(?:PublicRead|AuthenticatedRead)/.test(jsonText(resource.stack.resolve(accessControl)));
}

function sseAlgorithm(resource: s3.CfnBucket): string | undefined {
  return known(defaultEncryption(resource).sseAlgorithm);
}

/** The customer managed key by which a bucket encrypts. */
function ownKeyId(resource: s3.CfnBucket): unknown {
  const { kmsMasterKeyId } = defaultEncryption(resource);
  return typeof kmsMasterKeyId === 'string' && !Token.isUnresolved(kmsMasterKeyId) && /(?:^|:)alias\/aws\//.test(kmsMasterKeyId) ? undefined : kmsMasterKeyId;
}

function defaultEncryption({ bucketEncryption }: s3.CfnBucket): { readonly sseAlgorithm?: string; readonly kmsMasterKeyId?: unknown } {
  const { serverSideEncryptionConfiguration: rules = [] } = (bucketEncryption ?? {}) as { serverSideEncryptionConfiguration?: any[] };
  return rules[0]?.serverSideEncryptionByDefault ?? {};
}
