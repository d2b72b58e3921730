import { KinesisFirehoseToS3 } from '@aws-solutions-constructs/aws-kinesisfirehose-s3';
import { Stack } from 'aws-cdk-lib';
import { AdoptedApp, HERE } from '../adopted';

export const awsKinesisfirehoseS3: AdoptedApp = {
  build: (app) => {
    const stack = new Stack(app, 'Ingest', HERE);
    new KinesisFirehoseToS3(stack, 'Stream', {});
  },
  reported: [],
  needs: [],
};
