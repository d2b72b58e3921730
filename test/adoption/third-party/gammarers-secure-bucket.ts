import { SecureBucket } from '@gammarers/aws-secure-bucket';
import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AdoptedApp, HERE } from '../adopted';

export const gammarersSecureBucket: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Data', HERE);
    new SecureBucket(stack, 'Bucket', mended ? { encryption: s3.BucketEncryption.KMS, bucketKeyEnabled: true } : {});
  },
  reported: [],
  needs: [],
};
