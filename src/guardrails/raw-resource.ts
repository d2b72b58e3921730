import { CfnResource } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { propertiesOf } from './deployed-resource';
import { Refusal } from '../refusal';

/** Whether a bucket or a bucket policy is a plain `CfnResource` of that type: the CDK takes it for the L1, but it has no attributes, and nothing can be added to it. */
export function isRaw(construct: IConstruct): boolean {
  return (s3.CfnBucket.isCfnBucket(construct) && !('attrArn' in construct)) || (s3.CfnBucketPolicy.isCfnBucketPolicy(construct) && !('policyDocument' in construct));
}

/** Why no guardrail can be written into a raw resource. */
export function rawResource({ cfnResourceType }: CfnResource): Refusal {
  const [resource, level1] = cfnResourceType === s3.CfnBucket.CFN_RESOURCE_TYPE_NAME ? ['bucket', 'CfnBucket'] : ['bucket policy', 'CfnBucketPolicy'];
  return { problem: `the ${resource} is made with 'new CfnResource', to which nothing can be added.`, remedy: `Make it with 's3.${level1}', under the same logical ID.` };
}

/** The bucket that a policy is for, as it was written. */
export function writtenBucket(policy: CfnResource): unknown {
  return (policy as Partial<s3.CfnBucketPolicy>).bucket ?? propertiesOf(policy).Bucket;
}
