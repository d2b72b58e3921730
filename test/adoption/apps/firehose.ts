import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AdoptedApp, HERE } from '../adopted';

/** A delivery stream of the CDK with backup, and one of CloudFormation with a role whose policy was copied from the documentation. */
export const firehoseDelivery: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Ingest', HERE);
    const [events, backup, metrics] = ['Events', 'Backup', 'Metrics'].map((id) => new s3.Bucket(stack, id));
    const role = new iam.Role(stack, 'EventsRole', { assumedBy: new iam.ServicePrincipal('firehose.amazonaws.com') });
    new firehose.DeliveryStream(stack, 'EventStream', { destination: new firehose.S3Bucket(events, { role, s3Backup: { mode: firehose.BackupMode.ALL, bucket: backup } }) });
    const byHand = new iam.Role(stack, 'MetricsRole', {
      assumedBy: new iam.ServicePrincipal('firehose.amazonaws.com'),
      inlinePolicies: {
        Deliver: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({ actions: ['s3:AbortMultipartUpload', 's3:GetBucketLocation', 's3:GetObject', 's3:ListBucket', 's3:ListBucketMultipartUploads', 's3:PutObject'], resources: [metrics.bucketArn, metrics.arnForObjects('*')] }),
            ...(mended ? [new iam.PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [metrics.encryptionKey!.keyArn] })] : []),
          ],
        }),
      },
    });
    new firehose.CfnDeliveryStream(stack, 'MetricStream', { extendedS3DestinationConfiguration: { bucketArn: metrics.bucketArn, roleArn: byHand.roleArn } });
  },
  reported: ['DefaultEncryption Ingest/Metrics/Resource', 'leftOnSseS3 Ingest/Metrics'],
  needs: [
    { who: 'Ingest/EventsRole', does: 's3:PutObject', on: ['Ingest/Events', '2026/01/x'] },
    { who: 'Ingest/MetricsRole', does: 's3:PutObject', on: ['Ingest/Metrics', '2026/01/x'] },
  ],
};
