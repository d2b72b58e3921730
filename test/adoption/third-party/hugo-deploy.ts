import { Stack } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { HugoDeploy } from 'cdk-hugo-deploy';
import { AdoptedApp } from '../adopted';

/** Another site whose bucket is plain and read by an origin access identity. */
export const cdkHugoDeploy: AdoptedApp = {
  build: (app) => {
    const stack = new Stack(app, 'Site', { env: { account: '111122223333', region: 'us-east-1' } });
    const zone = new route53.HostedZone(stack, 'Zone', { zoneName: 'example.com' });
    new HugoDeploy(stack, 'Hugo', { publicDir: __dirname, domainName: 'www.example.com', zone });
  },
  reported: [],
  needs: [],
};
