import { StaticWebsite } from '@cloudcomponents/cdk-static-website';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AdoptedApp } from '../adopted';

/** Its bucket says nothing of encryption, and CloudFront reads it by an origin access identity, which can use no key. */
export const cloudcomponentsStaticWebsite: AdoptedApp = {
  build: (app, mended) => {
    const stack = new Stack(app, 'Site', { env: { account: '111122223333', region: 'us-east-1' } });
    new StaticWebsite(stack, 'Website', mended ? { removalPolicy: RemovalPolicy.RETAIN } : {});
  },
  reported: [],
  needs: [],
};
