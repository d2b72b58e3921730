import { Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { InjectedBucket } from './injected-bucket';
import { deployedResource, hasOverrides } from '../../guardrails/deployed-resource';
import { isPublicAcl } from '../refuse-weakening';

/** The access control list that somebody has written on the resource of a bucket; undefined if it is private, or the one that the L2 writes, which tells the L2's ownership. */
export function writtenAcl(bucket: s3.Bucket): s3.BucketAccessControl | undefined {
  const resource = bucket.node.defaultChild as s3.CfnBucket;
  const { accessControl } = bucket as unknown as { accessControl?: s3.BucketAccessControl };
  const acl = hasOverrides(resource) ? deployedResource(resource).Properties.AccessControl : Token.isUnresolved(resource.accessControl) ? accessControl : resource.accessControl;
  return acl === accessControl || acl === s3.BucketAccessControl.PRIVATE ? undefined : acl;
}

/**
 * Takes back what the defaults have set that does not go with an access control list: S3 refuses one where lists are off.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
 */
export function yieldToAcl(bucket: s3.Bucket, { sets }: InjectedBucket, acl: s3.BucketAccessControl): void {
  const resource = bucket.node.defaultChild as s3.CfnBucket;
  if (sets.ownership) {
    resource.ownershipControls = undefined;
  }
  if (sets.publicAccessBlock && isPublicAcl(acl)) {
    resource.publicAccessBlockConfiguration = undefined;
    bucket.disallowPublicAccess = undefined;
  }
}
