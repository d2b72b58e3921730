import { KinesisFirehoseToS3 } from '@aws-solutions-constructs/aws-kinesisfirehose-s3';
import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AdoptedApp, HERE } from '../adopted';

/**
 * Its role's policy is written by hand and knows no key, so that a bucket that is handed to it keeps SSE-S3. Its stream asks for the AWS managed key, which the guardrail
 * denies; mended, for the key of the bucket.
 */
export const awsKinesisfirehoseS3: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Ingest', HERE);
    const landing = new s3.Bucket(stack, 'Landing');
    const stream = new KinesisFirehoseToS3(stack, 'Stream', { existingBucketObj: landing });
    const own = new KinesisFirehoseToS3(stack, 'Own', { bucketProps: mended ? { encryption: s3.BucketEncryption.KMS } : undefined });
    if (mended) {
      [[landing, stream], [own.s3Bucket!, own]].forEach(([bucket, { kinesisFirehose, kinesisFirehoseRole }]: any) => {
        bucket.grantReadWrite(kinesisFirehoseRole);
        kinesisFirehose.addPropertyOverride('ExtendedS3DestinationConfiguration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN', bucket.encryptionKey.keyArn);
      });
    }
  },
  reported: [
    'DefaultEncryption Ingest/Landing/Resource', 'DefaultEncryption Ingest/Own/S3Bucket/Resource',
    'ConfiguredUploads Ingest/Own/KinesisFirehose', 'ConfiguredUploads Ingest/Stream/KinesisFirehose',
    'leftOnSseS3 Ingest/Landing', 'notHardened Ingest/Own/S3Bucket',
  ],
  needs: [
    { who: 'Ingest/Stream/KinesisFirehoseRole', does: 's3:PutObject', on: ['Ingest/Landing', 'x'] },
    { who: 'Ingest/Own/KinesisFirehoseRole', does: 's3:PutObject', on: ['Ingest/Own/S3Bucket', 'x'] },
  ],
};
