import { CloudFrontToS3 } from '@aws-solutions-constructs/aws-cloudfront-s3';
import { Stack } from 'aws-cdk-lib';
import { AdoptedApp } from '../adopted';

export const awsCloudfrontS3: AdoptedApp = {
  build: (app) => {
    const stack = new Stack(app, 'Site', { env: { account: '111122223333', region: 'us-east-1' } });
    new CloudFrontToS3(stack, 'Serve', {});
  },
  reported: [],
  needs: [],
};
