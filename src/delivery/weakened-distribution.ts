import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { Refusal } from '../refusal';

const ENCRYPTED = ['redirect-to-https', 'https-only'];
const MODERN = /^TLSv1\.(?:2_(?:2021|2025)|3_2025)$/;
const REMOVE = 'Remove the override, aspect or assignment that changes it.';

/** What of a distribution an override, an aspect, an assignment or an origin of its own has weakened, as it will be deployed. */
export function weakenedDistribution(distribution: cloudfront.CfnDistribution): Refusal[] {
  const [{ Properties }] = Object.values<any>(distribution.stack.resolve(distribution._toCloudFormation()).Resources);
  const { DefaultCacheBehavior, CacheBehaviors = [], Origins = [], ViewerCertificate } = Properties.DistributionConfig;
  return [
    ...[DefaultCacheBehavior, ...CacheBehaviors].filter(({ ViewerProtocolPolicy }) => !ENCRYPTED.includes(ViewerProtocolPolicy)).map(({ PathPattern = '*' }) => ({
      problem: `the synthesized template serves '${PathPattern}' over plain HTTP.`, remedy: REMOVE,
    })),
    ...(ViewerCertificate && !MODERN.test(ViewerCertificate.MinimumProtocolVersion) ? [{ problem: `the synthesized template lets viewers use '${ViewerCertificate.MinimumProtocolVersion}'.`, remedy: REMOVE }] : []),
    ...Origins.flatMap((origin: any) => weakOrigin(origin) ?? []),
  ];
}

function weakOrigin({ DomainName, CustomOriginConfig, S3OriginConfig, OriginAccessControlId }: any): Refusal | undefined {
  const domain = typeof DomainName === 'string' ? DomainName : JSON.stringify(DomainName);
  if (/\.s3-website[.-]|WebsiteURL/.test(domain)) {
    return { problem: `the origin '${domain}' is a website endpoint, which speaks plain HTTP and needs a public bucket.`, remedy: 'Serve the bucket itself, with OacDistribution or S3BucketOrigin.withOriginAccessControl.' };
  }
  if (CustomOriginConfig !== undefined && CustomOriginConfig.OriginProtocolPolicy !== 'https-only') {
    return { problem: `the origin '${domain}' is asked over plain HTTP ('${CustomOriginConfig.OriginProtocolPolicy}').`, remedy: 'Use OriginProtocolPolicy.HTTPS_ONLY.' };
  }
  return S3OriginConfig !== undefined && !OriginAccessControlId ? { problem: `the origin '${domain}' is a bucket without origin access control.`, remedy: 'Use S3BucketOrigin.withOriginAccessControl.' } : undefined;
}
