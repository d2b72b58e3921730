import { Stack, Validations } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { HugoDeploy } from 'cdk-hugo-deploy';
import { AdoptedApp } from '../adopted';

/** Another site whose bucket is plain and read by an origin access identity. */
export const cdkHugoDeploy: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Site', { env: { account: '111122223333', region: 'us-east-1' } });
    const zone = new route53.HostedZone(stack, 'Zone', { zoneName: 'example.com' });
    const site = new HugoDeploy(stack, 'Hugo', { publicDir: __dirname, domainName: 'www.example.com', zone });
    if (mended) {
      const reason = 'Everything in this bucket is published; the construct knows the older origin access identity only.';
      const ids = ['SecureBucket-DefaultEncryption', 'SecureBucket-DistributionOrigin', 'cdk-secure-bucket:leftOnSseS3'];
      Validations.of(site).acknowledge(...ids.map((id) => ({ id, reason })));
    }
  },
  reported: ['DefaultEncryption Site/Hugo/WebsiteBucket/Resource', 'DistributionOrigin Site/Hugo/Distribution/Resource', 'leftOnSseS3 Site/Hugo/WebsiteBucket'],
  needs: [{ who: 'Site/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C/ServiceRole', does: 's3:PutObject', on: ['Site/Hugo/WebsiteBucket', 'index.html'] }],
};
