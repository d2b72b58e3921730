import * as s3 from 'aws-cdk-lib/aws-s3';
import { listOf, readResource, readValue } from './named-references';
import { Refusal } from '../../refusal';

/**
 * What is said of a bucket that is given versions, and whose lifecycle rules then no longer delete: they make what expires an old version. Nothing is deleted
 * that nobody has asked to delete, so that no rule is added.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
export function expiryThatKeepsVersions(bucket: s3.Bucket): Refusal | undefined {
  const resource = bucket.node.defaultChild as s3.CfnBucket;
  const hasRules = readValue(resource.lifecycleConfiguration, resource) !== undefined;
  const { LifecycleConfiguration, VersioningConfiguration } = (hasRules ? readResource(resource)?.properties : undefined) ?? {};
  const rules = listOf(LifecycleConfiguration?.Rules).filter(({ Status }) => Status === 'Enabled');
  const keeping = rules.filter((rule) => expires(rule) && !deletesVersions(rule));
  if (VersioningConfiguration?.Status !== 'Enabled' || keeping.length === 0 || rules.some((rule) => deletesVersions(rule) && isForAll(rule))) {
    return undefined;
  }
  const named = keeping.map(({ Id }) => (typeof Id === 'string' ? `'${Id}'` : 'one without id')).join(', ');
  return {
    problem: `SecureBucketDefaults keeps versions in this bucket, in which lifecycle rules (${named}) let objects expire: they stay there as old versions, which no rule deletes.`,
    remedy: "Pass 'noncurrentVersionExpiration' to these rules, after how long old versions are deleted for good, or 'versioned' to the bucket.",
  };
}

function expires({ ExpirationInDays, ExpirationDate }: any): boolean {
  return ExpirationInDays !== undefined || ExpirationDate !== undefined;
}

function deletesVersions({ NoncurrentVersionExpiration, NoncurrentVersionExpirationInDays }: any): boolean {
  return NoncurrentVersionExpiration !== undefined || NoncurrentVersionExpirationInDays !== undefined;
}

function isForAll({ Prefix, TagFilters, ObjectSizeGreaterThan, ObjectSizeLessThan }: any): boolean {
  return (Prefix === undefined || Prefix === '') && [TagFilters, ObjectSizeGreaterThan, ObjectSizeLessThan].every((filter) => filter === undefined);
}
