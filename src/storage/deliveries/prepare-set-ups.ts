import { Aspects, AspectPriority, CfnResource } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SetUpDeliveries, SetUpDeliveryHere } from './set-up-deliveries';
import { undecidedDeliveries, unpreparedDeliveries } from './unprepared';
import { whatWaitsFor } from '../../dependencies';
import { BucketPolicies } from '../../guardrails/bucket-policies';
import { outermostStack } from '../../outermost-stack';
import { sentenceOf } from '../../refusal';
import { warn } from '../../warning';

/**
 * Sees to what resources of the app have AWS services deliver to a bucket: it is set up after the policy of the bucket, so that no service writes
 * that by itself; what the policy does not allow, or the bucket cannot take, fails synthesis.
 */
export function prepareSetUps(bucket: s3.Bucket): void {
  const resource = bucket.node.defaultChild as s3.CfnBucket;
  const waitFor = (deliveries: readonly SetUpDeliveryHere[]) => deliveries.forEach((delivery) => waitForPolicy(bucket, delivery));
  const [prepared, complete, policies] = [SetUpDeliveries.around.whenPrepared(bucket), SetUpDeliveries.around.whenValidated(bucket), BucketPolicies.whenComplete(bucket)];
  Aspects.of(bucket).add({ visit: (node) => (node === bucket ? waitFor(prepared().to(resource)) : undefined) }, { priority: AspectPriority.READONLY });
  bucket.node.addValidation({
    validate: () => {
      undecidedDeliveries(resource, complete(), policies()).forEach((text) => warn(bucket, 'deliveryNotDecided', text));
      return unpreparedDeliveries(resource, complete(), policies()).map((problem) => sentenceOf(bucket.node.path, problem));
    },
  });
}

/** Nothing waits for a policy that waits for it. */
function waitForPolicy({ policy }: s3.Bucket, { resource: deliverer, waiting: resource = deliverer }: SetUpDeliveryHere): void {
  const written = policy?.node.defaultChild;
  if (CfnResource.isCfnResource(written) && outermostStack(written.stack) === outermostStack(resource.stack) && whatWaitsFor(resource, written).length === 0) {
    resource.node.addDependency(written);
  }
}
