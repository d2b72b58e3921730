import { RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';

/**
 * Has the policy of a bucket stay as long as the bucket: data that is kept keeps its denies. A policy that was made in an operation which is rolled back is
 * taken away again, so that the next attempt finds none. `applyRemovalPolicy` of the policy says otherwise, later.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export function keepPolicyOf(bucket: s3.Bucket, removalPolicy: RemovalPolicy | undefined): void {
  if (removalPolicy !== RemovalPolicy.DESTROY) {
    bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  }
}
