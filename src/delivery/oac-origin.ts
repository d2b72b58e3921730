import { Names, Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';

const MOST_OF_A_NAME = 48; // of 64 characters: the longest names of Regions take the rest

/** A bucket that CloudFront reads with origin access control: every request is signed with SigV4. */
export class OacOrigin extends cloudfront.OriginBase {
  /** The origin access control that is made for it, once a distribution has it. */
  public ownAccessControl?: cloudfront.CfnOriginAccessControl;

  constructor(public readonly bucketDomainName: string, options: cloudfront.OriginProps = {}) {
    super(bucketDomainName, options);
  }

  public bind(scope: Construct, options: cloudfront.OriginBindOptions): cloudfront.OriginBindConfig {
    const accessControl = new cloudfront.S3OriginAccessControl(scope, 'OriginAccessControl', {
      originAccessControlName: `${Names.uniqueResourceName(scope, { maxLength: MOST_OF_A_NAME })}-${Stack.of(scope).region}`, // names are global, stack names are not
      signing: cloudfront.Signing.SIGV4_ALWAYS,
    });
    this.ownAccessControl ??= accessControl.node.defaultChild as cloudfront.CfnOriginAccessControl;
    const { originProperty, ...config } = super.bind(scope, options);
    return { ...config, originProperty: { ...originProperty!, originAccessControlId: accessControl.originAccessControlId } };
  }

  /** Says that the origin is a bucket; the older origin access identity stays empty. */
  protected renderS3OriginConfig(): cloudfront.CfnDistribution.S3OriginConfigProperty {
    return { originAccessIdentity: '' };
  }
}
