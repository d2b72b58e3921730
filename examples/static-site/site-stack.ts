import { join } from 'path';
import { CfnOutput, Stack, StackProps } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as deployment from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { acknowledgeDeployment, acknowledgeSite } from './acknowledgments';
import { OacDistribution, SecureBucket } from 'cdk-secure-bucket';

export interface SiteStackProps extends StackProps {
  readonly organizationId: string;
}

/** A public site from a private bucket. */
export class SiteStack extends Stack {
  constructor(scope: Construct, id: string, { organizationId, ...props }: SiteStackProps) {
    super(scope, id, props);

    const content = new SecureBucket(this, 'Content', {
      bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL, // so the name is known, and policies name the distribution exactly
      bucketNamePrefix: 'static-site',
      organization: { organizationIds: [organizationId] },
    });
    const site = new OacDistribution(this, 'Site', {
      bucket: content,
      contentSecurityPolicy: "default-src 'self'; frame-ancestors 'none'",
      errorResponses: [{ httpStatus: 403, responseHttpStatus: 404, responsePagePath: '/404.html' }], // without a list, S3 answers 403 for what does not exist
      priceClass: cloudfront.PriceClass.PRICE_CLASS_100,
      requireExactArn: true,
    });
    new deployment.BucketDeployment(this, 'Pages', {
      sources: [deployment.Source.asset(join(__dirname, 'site'))],
      destinationBucket: content,
      distribution: site, // so that viewers see new pages at once
      distributionPaths: ['/*'],
    });

    acknowledgeSite(site);
    acknowledgeDeployment(this, content);
    new CfnOutput(this, 'Address', { value: `https://${site.distributionDomainName}` });
  }
}
