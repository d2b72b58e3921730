import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { IConstruct } from 'constructs';
import { isManagedWithoutTransportSecurity } from './security-headers';
import { READING } from './strict-behavior';
import { Refusal } from '../refusal';

const ENCRYPTED = ['redirect-to-https', 'https-only'];
const MODERN = /^TLSv1\.(?:2_(?:2021|2025)|3_2025)$/;
const OUTDATED_TO_ORIGIN = ['SSLv3', 'TLSv1', 'TLSv1.1'];
const VIEWER_REQUEST = 'viewer-request';
const REMOVE = 'Remove the override, aspect or assignment that changes it.';

interface Intent {
  /** Whether CloudFront may list the bucket. */
  readonly listing: boolean;
  readonly hasCertificate: boolean;
}

/** What of a distribution an override, an aspect, an assignment or an origin of its own has weakened, as it will be deployed. */
export function weakenedDistribution(distribution: cloudfront.CfnDistribution, { listing, hasCertificate }: Intent): Refusal[] {
  const { DistributionConfig: config } = deployedProperties(distribution);
  const { DefaultCacheBehavior, CacheBehaviors = [], Origins = [], ViewerCertificate } = config;
  const behaviors: any[] = [DefaultCacheBehavior, ...CacheBehaviors];
  return [
    ...behaviors.flatMap(weakBehavior),
    ...behaviors.flatMap((behavior) => openUploads(behavior, config) ?? []),
    ...(hasCertificate && !ViewerCertificate ? [{ problem: 'the synthesized template is without its certificate, so that viewers may use TLS 1.0.', remedy: REMOVE }] : []),
    ...(ViewerCertificate && !MODERN.test(ViewerCertificate.MinimumProtocolVersion) ? [{ problem: `the synthesized template lets viewers use '${ViewerCertificate.MinimumProtocolVersion}'.`, remedy: REMOVE }] : []),
    ...(listing && !config.DefaultRootObject ? [{ problem: 'the synthesized template has no root object, and would show the list of objects at the root URL.', remedy: REMOVE }] : []),
    ...Origins.flatMap((origin: any) => weakOrigin(origin) ?? []),
    ...originAccessControls(distribution).flatMap((control) => weakControl(control) ?? []),
  ];
}

function weakBehavior({ PathPattern = '*', ViewerProtocolPolicy, ResponseHeadersPolicyId }: any): Refusal[] {
  return [
    ...(ENCRYPTED.includes(ViewerProtocolPolicy) ? [] : [{ problem: `the synthesized template serves '${PathPattern}' over plain HTTP.`, remedy: REMOVE }]),
    ...(!ResponseHeadersPolicyId || isManagedWithoutTransportSecurity(ResponseHeadersPolicyId)
      ? [{ problem: `the synthesized template serves '${PathPattern}' without Strict-Transport-Security.`, remedy: REMOVE }] : []),
  ];
}

/** Uploads to a bucket by viewers of whom nothing is known. What another server does with them is its own affair. */
function openUploads(behavior: any, { Origins = [], OriginGroups }: any): Refusal | undefined {
  const { PathPattern = '*', AllowedMethods, TargetOriginId } = behavior;
  const group = (OriginGroups?.Items ?? []).find(({ Id }: any) => Id === TargetOriginId);
  const targets = group ? group.Members.Items.map(({ OriginId }: any) => OriginId) : [TargetOriginId];
  const isToBucket = Origins.some(({ Id, S3OriginConfig }: any) => targets.includes(Id) && S3OriginConfig !== undefined);
  const writing = listed(AllowedMethods).filter((method) => !READING.includes(method));
  return isToBucket && writing.length > 0 && !knowsViewers(behavior) ? {
    problem: `anybody could send ${writing.join(', ')} to a bucket through the behavior for '${PathPattern}': it does not tell who viewers are.`,
    remedy: "Leave 'allowedMethods' out, or give it 'trustedKeyGroups', or a function on viewer requests that authenticates them.",
  } : undefined;
}

function knowsViewers({ TrustedKeyGroups, FunctionAssociations, LambdaFunctionAssociations }: any): boolean {
  return listed(TrustedKeyGroups).length > 0 || [FunctionAssociations, LambdaFunctionAssociations].flatMap(listed).some(({ EventType }) => EventType === VIEWER_REQUEST);
}

/** A list, of which CloudFormation may be told a single value or a function. */
function listed(value: unknown): any[] {
  return [value ?? []].flat();
}

function weakOrigin({ DomainName, CustomOriginConfig, S3OriginConfig, OriginAccessControlId }: any): Refusal | undefined {
  const domain = typeof DomainName === 'string' ? DomainName : JSON.stringify(DomainName);
  if (/\.s3-website[.-]|WebsiteURL/.test(domain)) {
    return { problem: `the origin '${domain}' is a website endpoint, which speaks plain HTTP and needs a public bucket.`, remedy: 'Serve the bucket itself, with OacDistribution or S3BucketOrigin.withOriginAccessControl.' };
  }
  if (CustomOriginConfig !== undefined && CustomOriginConfig.OriginProtocolPolicy !== 'https-only') {
    return { problem: `the origin '${domain}' is asked over plain HTTP ('${CustomOriginConfig.OriginProtocolPolicy}').`, remedy: 'Use OriginProtocolPolicy.HTTPS_ONLY.' };
  }
  const outdated = listed(CustomOriginConfig?.OriginSSLProtocols).find((protocol) => OUTDATED_TO_ORIGIN.includes(protocol));
  if (outdated) {
    return { problem: `the origin '${domain}' may be asked over '${outdated}'.`, remedy: 'Leave OriginSslPolicy.TLS_V1_2 alone in its protocols.' };
  }
  return S3OriginConfig !== undefined && !OriginAccessControlId ? { problem: `the origin '${domain}' is a bucket without origin access control.`, remedy: 'Use S3BucketOrigin.withOriginAccessControl.' } : undefined;
}

function originAccessControls(distribution: IConstruct): cloudfront.CfnOriginAccessControl[] {
  return distribution.node.scope!.node.findAll().filter(cloudfront.CfnOriginAccessControl.isCfnOriginAccessControl);
}

function weakControl(control: cloudfront.CfnOriginAccessControl): Refusal | undefined {
  const { OriginAccessControlOriginType, SigningBehavior, SigningProtocol } = deployedProperties(control).OriginAccessControlConfig;
  return OriginAccessControlOriginType === 's3' && (SigningBehavior !== 'always' || SigningProtocol !== 'sigv4')
    ? { problem: `the origin access control '${control.node.path}' does not sign every request ('${SigningBehavior}').`, remedy: REMOVE } : undefined;
}

function deployedProperties(resource: cloudfront.CfnDistribution | cloudfront.CfnOriginAccessControl): any {
  const [{ Properties }] = Object.values<any>(resource.stack.resolve(resource._toCloudFormation()).Resources);
  return Properties;
}
