import { CloudFrontToS3 } from '@aws-solutions-constructs/aws-cloudfront-s3';
import { Stack, Validations } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import { AdoptedApp } from '../adopted';

const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012';

/** Its four buckets ask for SSE-S3: one for content, one for the logs of CloudFront, two for access logs. */
export const awsCloudfrontS3: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Site', { env: { account: '111122223333', region: 'us-east-1' } });
    const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE);
    const { s3Bucket } = new CloudFrontToS3(stack, 'Serve', mended ? { cloudFrontDistributionProps: { certificate, domainNames: ['www.example.com'] } } : {});
    if (mended) {
      const ids = ['SecureBucket-DefaultEncryption', 'cdk-secure-bucket:notHardened'];
      const reason = 'Everything in this bucket is published.';
      Validations.of(s3Bucket!).acknowledge(...ids.map((id) => ({ id, reason })));
    }
  },
  reported: ['DefaultEncryption Site/Serve/S3Bucket/Resource', 'DistributionTls Site/Serve/CloudFrontDistribution/Resource', 'notHardened Site/Serve/S3Bucket'],
  needs: [
    { who: 'cloudfront.amazonaws.com', does: 's3:GetObject', on: ['Site/Serve/S3Bucket', 'index.html'], sends: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/{Site/Serve/CloudFrontDistribution}' } },
    { who: 'logging.s3.amazonaws.com', does: 's3:PutObject', on: ['Site/Serve/S3LoggingBucket', 'x'], sends: { 'aws:SourceArn': 'arn:aws:s3:::{Site/Serve/S3Bucket}', 'aws:SourceAccount': '111122223333' } },
  ],
};
