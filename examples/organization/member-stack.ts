import { Stack, StackProps } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SecureBucket } from 'cdk-secure-bucket';

/** A bucket of a member account. */
export class MemberStack extends Stack {
  public readonly bucket: SecureBucket;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.bucket = new SecureBucket(this, 'Data', { bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL, bucketNamePrefix: 'data' });
  }
}
