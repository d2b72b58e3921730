import { CfnResource } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { IConstruct } from 'constructs';
import { OacOrigin } from './oac-origin';
import { isManagedWithoutTransportSecurity } from './security-headers';
import { READING } from './strict-behavior';
import { deployedAtTimes, deployedResource, displaced, REMOVE_CHANGE } from '../guardrails/deployed-resource';
import { canonical, hasTransform, variants } from '../guardrails/template-values';
import { jsonText } from '../policy/json';
import { Refusal } from '../refusal';

const ENCRYPTED = ['redirect-to-https', 'https-only'];
const MODERN = /^TLSv1\.(?:2_(?:2021|2025)|3_2025)$/;
const OUTDATED_TO_ORIGIN = ['SSLv3', 'TLSv1', 'TLSv1.1'];
const VIEWER_REQUEST = 'viewer-request';

/** What a distribution was made to be. */
export interface Intent {
  /** Whether CloudFront may list the bucket. */
  readonly listing: boolean;
  readonly hasCertificate: boolean;
  readonly origin: OacOrigin;

  /** Headers that were made for the distribution. */
  readonly headers?: cloudfront.CfnResponseHeadersPolicy;
}

/** What of a distribution an override, an aspect, an assignment or an origin of its own has weakened, as it will be deployed. */
export function weakenedDistribution(distribution: cloudfront.CfnDistribution, intent: Intent): Refusal[] {
  const deployed = deployedResource(distribution);
  const problem = displaced(distribution, cloudfront.CfnDistribution.CFN_RESOURCE_TYPE_NAME, deployed);
  if (problem) {
    return [problem];
  }
  const { DistributionConfig } = deployed.Properties;
  const configs = hasTransform(DistributionConfig) ? undefined : variants(DistributionConfig);
  if (configs === undefined) {
    return [{ problem: "'DistributionConfig' has an 'Fn::Transform', or more conditions than can be looked at.", remedy: 'Remove them, or write what they stand for.' }];
  }
  const problems = [
    ...configs.flatMap((config) => weakConfig(config, distribution, intent)),
    ...[intent.origin.ownAccessControl, intent.headers].flatMap((companion) => (companion ? goneCompanion(companion, deployed.Condition) : [])),
    ...originAccessControls(distribution).flatMap((control) => weakControl(control, intent)),
    ...(intent.headers ? weakHeaders(intent.headers) : []),
  ];
  return [...new Map(problems.map((refusal) => [refusal.problem, refusal])).values()];
}

function weakConfig(config: any, distribution: cloudfront.CfnDistribution, { listing, hasCertificate, origin }: Intent): Refusal[] {
  const { DefaultCacheBehavior = {}, CacheBehaviors = [], Origins = [], ViewerCertificate } = config ?? {};
  const behaviors: any[] = [DefaultCacheBehavior, ...listed(CacheBehaviors)];
  const isWithout = hasCertificate && !(ViewerCertificate?.AcmCertificateArn ?? ViewerCertificate?.IamCertificateId);
  return [
    ...behaviors.flatMap(weakBehavior),
    ...behaviors.flatMap((behavior) => openUploads(behavior, config) ?? []),
    ...(isWithout ? [{ problem: 'the synthesized template is without its certificate, so that viewers may use TLS 1.0.', remedy: REMOVE_CHANGE }] : []),
    ...(ViewerCertificate && !isWithout && !MODERN.test(ViewerCertificate.MinimumProtocolVersion)
      ? [{ problem: `the synthesized template lets viewers use '${jsonText(ViewerCertificate.MinimumProtocolVersion ?? 'TLSv1')}'.`, remedy: REMOVE_CHANGE }] : []),
    ...(listing && !config.DefaultRootObject ? [{ problem: 'the synthesized template has no root object, and would show the list of objects at the root URL.', remedy: REMOVE_CHANGE }] : []),
    ...listed(Origins).flatMap((other: any) => weakOrigin(other) ?? []),
    ...displacedOrigin(listed(Origins), distribution, origin),
  ];
}

/** The origin that was made is still the bucket's, behind the access control that was made for it. */
function displacedOrigin(origins: any[], { stack }: cloudfront.CfnDistribution, { bucketDomainName, ownAccessControl }: OacOrigin): Refusal[] {
  const [domain, controlId] = [bucketDomainName, ownAccessControl?.attrId].map((value) => canonical(stack.resolve(value)));
  const isOurs = ({ OriginAccessControlId }: any) => canonical(OriginAccessControlId) === controlId;
  const isBucket = ({ DomainName }: any) => canonical(DomainName) === domain;
  const foreign = origins.filter(isOurs).find((origin) => !isBucket(origin));
  if (foreign) {
    return [{ problem: `the origin '${text(foreign.DomainName)}' takes the place of the bucket that is served.`, remedy: REMOVE_CHANGE }];
  }
  if (!origins.some(isBucket)) {
    return [{ problem: 'the synthesized template serves no longer the bucket: it is not among the origins.', remedy: REMOVE_CHANGE }];
  }
  const uncontrolled = origins.some(isOurs) ? undefined : origins.find((origin) => isBucket(origin) && origin.OriginAccessControlId);
  return uncontrolled ? [{ problem: `the bucket is served through the origin access control '${text(uncontrolled.OriginAccessControlId)}' instead of the one that was made for it.`, remedy: REMOVE_CHANGE }] : [];
}

function weakBehavior({ PathPattern = '*', ViewerProtocolPolicy, ResponseHeadersPolicyId }: any): Refusal[] {
  return [
    ...(ENCRYPTED.includes(ViewerProtocolPolicy) ? [] : [{ problem: `the synthesized template serves '${jsonText(PathPattern)}' over plain HTTP.`, remedy: REMOVE_CHANGE }]),
    ...(!ResponseHeadersPolicyId || isManagedWithoutTransportSecurity(ResponseHeadersPolicyId)
      ? [{ problem: `the synthesized template serves '${jsonText(PathPattern)}' without Strict-Transport-Security.`, remedy: REMOVE_CHANGE }] : []),
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
    problem: `anybody could send ${writing.join(', ')} to a bucket through the behavior for '${jsonText(PathPattern)}': it does not tell who viewers are.`,
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
  const domain = text(DomainName);
  if (/\.s3-website[.-]|WebsiteURL/.test(domain)) {
    return { problem: `the origin '${domain}' is a website endpoint, which speaks plain HTTP and needs a public bucket.`, remedy: 'Serve the bucket itself, with OacDistribution or S3BucketOrigin.withOriginAccessControl.' };
  }
  if (CustomOriginConfig !== undefined && CustomOriginConfig.OriginProtocolPolicy !== 'https-only') {
    return { problem: `the origin '${domain}' is asked over plain HTTP ('${jsonText(CustomOriginConfig.OriginProtocolPolicy)}').`, remedy: 'Use OriginProtocolPolicy.HTTPS_ONLY.' };
  }
  const outdated = listed(CustomOriginConfig?.OriginSSLProtocols).find((protocol) => OUTDATED_TO_ORIGIN.includes(protocol));
  if (outdated) {
    return { problem: `the origin '${domain}' may be asked over '${jsonText(outdated)}'.`, remedy: 'Leave OriginSslPolicy.TLS_V1_2 alone in its protocols.' };
  }
  return S3OriginConfig !== undefined && !OriginAccessControlId ? { problem: `the origin '${domain}' is a bucket without origin access control.`, remedy: 'Use S3BucketOrigin.withOriginAccessControl.' } : undefined;
}

/** Why a resource that the distribution refers to will not be deployed together with it. */
function goneCompanion(companion: CfnResource, condition: string | undefined): Refusal[] {
  const deployed = deployedResource(companion);
  const problem = displaced(companion, companion.cfnResourceType, deployed) ?? deployedAtTimes(companion, deployed, { what: 'distribution', condition: () => condition });
  return problem ? [problem] : [];
}

function originAccessControls(distribution: IConstruct): cloudfront.CfnOriginAccessControl[] {
  return distribution.node.scope!.node.findAll().filter(cloudfront.CfnOriginAccessControl.isCfnOriginAccessControl);
}

function weakControl(control: cloudfront.CfnOriginAccessControl, { origin }: Intent): Refusal[] {
  const isOurs = origin.ownAccessControl === control;
  const configs = variants(deployedResource(control).Properties.OriginAccessControlConfig) ?? [];
  const weak = configs.find(({ OriginAccessControlOriginType, SigningBehavior, SigningProtocol }: any = {}) =>
    (isOurs || OriginAccessControlOriginType === 's3') && (OriginAccessControlOriginType !== 's3' || SigningBehavior !== 'always' || SigningProtocol !== 'sigv4')) as any;
  return weak || configs.length === 0 ? [{ problem: `the origin access control '${control.node.path}' does not sign every request ('${jsonText(weak?.SigningBehavior)}').`, remedy: REMOVE_CHANGE }] : [];
}

function weakHeaders(headers: cloudfront.CfnResponseHeadersPolicy): Refusal[] {
  const configs = variants(deployedResource(headers).Properties.ResponseHeadersPolicyConfig) ?? [undefined];
  const isStrict = (config: any) => Number(config?.SecurityHeadersConfig?.StrictTransportSecurity?.AccessControlMaxAgeSec) > 0;
  return configs.every(isStrict) ? [] : [{ problem: `its headers '${headers.node.path}' are without Strict-Transport-Security in the synthesized template.`, remedy: REMOVE_CHANGE }];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
