import { PrivateBucket } from '@pepperize/cdk-private-bucket';
import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AdoptedApp, HERE } from '../adopted';

/** It asks for SSE-S3, unless it is told otherwise. */
export const pepperizePrivateBucket: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Data', HERE);
    const bucket = new PrivateBucket(stack, 'Bucket', mended ? { encryption: s3.BucketEncryption.KMS } : {});
    bucket.grantReadWrite(new iam.Role(stack, 'App', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }));
  },
  reported: ['DefaultEncryption Data/Bucket/Resource', 'notHardened Data/Bucket'],
  needs: [{ who: 'Data/App', does: 's3:PutObject', on: ['Data/Bucket', 'x'] }],
};
