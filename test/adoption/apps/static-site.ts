import { Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as deployment from 'aws-cdk-lib/aws-s3-deployment';
import { OacDistribution, SecureBucket } from '../../../src';
import { AdoptedApp } from '../adopted';

const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012';
const US = { env: { account: '111122223333', region: 'us-east-1' } };

/** A site behind CloudFront, whose distribution writes the older kind of logs into a bucket with ACLs. */
export const staticSiteWithLoggingDistribution: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Site', US);
    const content = mended
      ? new SecureBucket(stack, 'Content', { bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL, bucketNamePrefix: 'site' })
      : new s3.Bucket(stack, 'Content');
    if (mended) {
      new OacDistribution(stack, 'Cdn', {
        bucket: content,
        certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE),
        domainNames: ['www.example.com'],
        contentSecurityPolicy: "default-src 'self'",
      });
    } else {
      new cloudfront.Distribution(stack, 'Cdn', {
        defaultBehavior: { origin: origins.S3BucketOrigin.withOriginAccessControl(content), viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS },
        logBucket: new s3.Bucket(stack, 'Logs', { objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_PREFERRED }),
      });
    }
    new deployment.BucketDeployment(stack, 'Deploy', { sources: [deployment.Source.data('index.html', '<h1>Hello</h1>')], destinationBucket: content });
  },
  reported: ['DistributionTls Site/Cdn/Resource', 'KeyPolicy Site/Content/Key/Resource'],
  needs: [
    { who: 'Site/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C/ServiceRole', does: 's3:PutObject', on: ['Site/Content', 'index.html'] },
    { who: 'cloudfront.amazonaws.com', does: 's3:GetObject', on: ['Site/Content', 'index.html'], sends: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/{Site/Cdn}' } },
  ],
};
