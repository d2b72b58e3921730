import { StaticWebsite } from '@cloudcomponents/cdk-static-website';
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AdoptedApp } from '../adopted';

/** Its bucket says nothing of encryption, and CloudFront reads it by an origin access identity, which can use no key. */
export const cloudcomponentsStaticWebsite: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Site', { env: { account: '111122223333', region: 'us-east-1' } });
    const website = new StaticWebsite(stack, 'Website', mended ? { removalPolicy: RemovalPolicy.RETAIN } : {});
    if (mended) {
      const reason = 'Everything in this bucket is published; the construct knows the older origin access identity only.';
      const ids = ['SecureBucket-DefaultEncryption', 'SecureBucket-DistributionOrigin', 'SecureBucket-DistributionTls', 'cdk-secure-bucket:leftOnSseS3'];
      Validations.of(website).acknowledge(...ids.map((id) => ({ id, reason })));
    }
  },
  reported: [
    'DefaultEncryption Site/Website/Bucket/Resource',
    'DeletionPolicy Site/Website/Bucket/AutoDeleteObjectsCustomResource/Default',
    'DeletionPolicy Site/Website/Bucket/Resource',
    'DistributionOrigin Site/Website/Distribution/Resource',
    'DistributionTls Site/Website/Distribution/Resource',
    'leftOnSseS3 Site/Website/Bucket',
    'notHardened Site/Website/Bucket',
  ],
  needs: [{ who: 'Site/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C/ServiceRole', does: 's3:PutObject', on: ['Site/Website/Bucket', 'index.html'] }],
};
