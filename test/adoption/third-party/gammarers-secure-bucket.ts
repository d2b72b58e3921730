import { SecureBucket } from '@gammarers/aws-secure-bucket';
import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AdoptedApp, HERE } from '../adopted';

/** It encrypts with the AWS managed key, unless it is told otherwise. */
export const gammarersSecureBucket: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Data', HERE);
    const bucket = new SecureBucket(stack, 'Bucket', mended ? { encryption: s3.BucketEncryption.KMS, bucketKeyEnabled: true } : {});
    bucket.grantReadWrite(new iam.Role(stack, 'App', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }));
  },
  reported: ['BucketKey Data/Bucket/Resource', 'DefaultEncryption Data/Bucket/Resource', 'notHardened Data/Bucket'],
  needs: [{ who: 'Data/App', does: 's3:PutObject', on: ['Data/Bucket', 'x'] }],
};
