import { Stack, Stage } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { bucketResource, knownBucketName } from './names';
import { canFollow, follow } from './stack-order';
import { Refusal } from '../refusal';

/** An access point, or a location of access grants, is made after its bucket, also where it knows the name. */
export function followBucket(accessPoint: IConstruct, bucket: s3.IBucket, what = 'an access point'): void {
  if (bucketResource(bucket) && Stage.of(bucket) === Stage.of(accessPoint)) {
    follow(Stack.of(accessPoint), Stack.of(bucket), `'${accessPoint.node.path}' is ${what} of a bucket of it`);
  }
}

/** Why the bucket of an access point would not be there when the access point is made. */
export function bucketTooLate(accessPoint: IConstruct, bucket: s3.IBucket): Refusal[] {
  const isInOrder = !bucketResource(bucket) || Stage.of(bucket) !== Stage.of(accessPoint) || canFollow(Stack.of(accessPoint), Stack.of(bucket));
  return isInOrder ? [] : [{
    name: 'BucketTooLate',
    problem: `the stack of the bucket '${bucket.node.path}' is deployed after that of the access point, which needs the bucket.`,
    remedy: 'Make the access point in another stack, or let grants name roles of this one by PrincipalBinding.ACCOUNT, which needs no order.',
  }];
}

/** The name of an access point's bucket: by reference in the bucket's own stack, elsewhere as it is known. */
export function nameOfBucketBehind(accessPoint: IConstruct, bucket: s3.IBucket): string {
  return Stack.of(accessPoint) === Stack.of(bucket) ? bucket.bucketName : knownBucketName(bucket) ?? bucket.bucketName;
}
