import { Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as deployment from 'aws-cdk-lib/aws-s3-deployment';
import { OacDistribution, SecureBucket } from '../../../src';
import { AdoptedApp } from '../adopted';

const US = { env: { account: '111122223333', region: 'us-east-1' } };

/** A site behind CloudFront, whose distribution writes the older kind of logs into a bucket with ACLs. */
export const staticSiteWithLoggingDistribution: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Site', US);
    const content = mended
      ? new SecureBucket(stack, 'Content', { bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL, bucketNamePrefix: 'site' })
      : new s3.Bucket(stack, 'Content');
    if (mended) {
      new OacDistribution(stack, 'Cdn', { bucket: content, contentSecurityPolicy: "default-src 'self'" });
    } else {
      new cloudfront.Distribution(stack, 'Cdn', {
        defaultBehavior: { origin: origins.S3BucketOrigin.withOriginAccessControl(content), viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS },
        logBucket: new s3.Bucket(stack, 'Logs', { objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_PREFERRED }),
      });
    }
    new deployment.BucketDeployment(stack, 'Deploy', { sources: [deployment.Source.data('index.html', '<h1>Hello</h1>')], destinationBucket: content });
  },
  reported: [],
  needs: [],
};
