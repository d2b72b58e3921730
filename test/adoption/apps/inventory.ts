import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AdoptedApp, HERE } from '../adopted';

/** Reports about a bucket, by S3 itself. */
export const inventoryAndMetrics: AdoptedApp = {
  build: (app) => {
    const stack = new Stack(app, 'Reports', HERE);
    const destination = new s3.Bucket(stack, 'Destination');
    new s3.Bucket(stack, 'Data', {
      metrics: [{ id: 'EntireBucket' }],
      inventories: [{ destination: { bucket: destination, prefix: 'inventory' }, enabled: true, frequency: s3.InventoryFrequency.DAILY }],
    });
  },
  reported: [],
  needs: [
    { who: 's3.amazonaws.com', does: 's3:PutObject', on: ['Reports/Destination', 'inventory/x.csv.gz'], sends: { 'aws:SourceAccount': '111122223333', 'aws:SourceArn': 'arn:aws:s3:::{Reports/Data}', 's3:x-amz-acl': 'bucket-owner-full-control' } },
  ],
};
