import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ServerlessClamscan } from 'cdk-serverless-clamscan';
import { AdoptedApp, HERE } from '../adopted';

export const cdkServerlessClamscan: AdoptedApp = {
  build: (app) => {
    const stack = new Stack(app, 'Scan', HERE);
    const uploads = new s3.Bucket(stack, 'Uploads');
    new ServerlessClamscan(stack, 'Clamscan', { buckets: [uploads] });
  },
  reported: [],
  needs: [],
};
