import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { SecureBucket } from '../../../src';
import { AdoptedApp, HERE } from '../adopted';

const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012';

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
        origin: new origins.OriginGroup({
          primaryOrigin: origins.S3BucketOrigin.withOriginAccessControl(smaller),
          fallbackOrigin: origins.FunctionUrlOrigin.withOriginAccessControl(url),
          fallbackStatusCodes: [403],
        }),
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
      },
      ...(mended ? { certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE), domainNames: ['images.example.com'] } : {}),
    });
    if (mended) {
      Validations.of(smaller.encryptionKey!).acknowledge({ id: 'SecureBucket-KeyPolicy', reason: 'The CDK lets all distributions of this account use the key: naming this one would be a cycle.' });
    }
  },
  reported: [
    'DeletionPolicy Images/Smaller/AutoDeleteObjectsCustomResource/Default',
    'DeletionPolicy Images/Smaller/Resource',
    'DistributionTls Images/Cdn/Resource',
    'KeyPolicy Images/Smaller/Key/Resource',
    'expiryKeepsVersions Images/Smaller',
    'notHardened Images/Smaller',
  ],
  needs: [
    { who: 'Images/Optimiser/ServiceRole', does: 's3:GetObject', on: ['Images/Originals', 'cat.jpg'] },
    { who: 'cloudfront.amazonaws.com', does: 's3:GetObject', on: ['Images/Smaller', 'cat.jpg'], sends: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/{Images/Cdn}' } },
    { who: 'Images/Optimiser/ServiceRole', does: 's3:PutObject', on: ['Images/Smaller', 'cat.jpg'] },
  ],
};
