import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureBucket } from '../../../src';
import { AdoptedApp, HERE } from '../adopted';

/** CloudFront serves images that a function has made smaller, and asks the function where one is missing. */
export const imageOptimisation: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Images', HERE);
    const originals = new s3.Bucket(stack, 'Originals');
    const lifecycleRules = [{ expiration: Duration.days(90) }];
    const smaller = mended
      ? new SecureBucket(stack, 'Smaller', { lifecycleRules, bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL, bucketNamePrefix: 'images' })
      : new s3.Bucket(stack, 'Smaller', { lifecycleRules, removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
    const optimiser = new lambda.Function(stack, 'Optimiser', { code: lambda.Code.fromInline('exports.handler = async () => undefined;'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X });
    originals.grantRead(optimiser);
    smaller.grantWrite(optimiser);
    const url = optimiser.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
    new cloudfront.Distribution(stack, 'Cdn', {
      defaultBehavior: {
        origin: new origins.OriginGroup({ primaryOrigin: origins.S3BucketOrigin.withOriginAccessControl(smaller), fallbackOrigin: origins.FunctionUrlOrigin.withOriginAccessControl(url), fallbackStatusCodes: [403] }),
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
      },
    });
  },
  reported: [],
  needs: [
    { who: 'Images/Optimiser/ServiceRole', does: 's3:GetObject', on: ['Images/Originals', 'cat.jpg'] },
    { who: 'Images/Optimiser/ServiceRole', does: 's3:PutObject', on: ['Images/Smaller', 'cat.jpg'] },
  ],
};
