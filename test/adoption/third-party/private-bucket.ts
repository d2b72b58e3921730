import { PrivateBucket } from '@pepperize/cdk-private-bucket';
import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AdoptedApp, HERE } from '../adopted';

export const pepperizePrivateBucket: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Data', HERE);
    new PrivateBucket(stack, 'Bucket', mended ? { encryption: s3.BucketEncryption.KMS } : {});
  },
  reported: [],
  needs: [],
};
