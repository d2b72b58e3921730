import { Inventory } from '../../access/inventory';
import { jsonText } from '../../policy/json';
import { isUnknown, isUnknownBesideIds, readable } from '../../policy/unknown-text';
import { DeployedResource } from '../../template/deployment';
import { isUnknownValue, setting, UNKNOWN } from '../../template/settings';
import { Finding, found, notDecided, Rule } from '../finding';

const REMEDY = "Give the origin the bucket's regional domain name and an origin access control that always signs with sigv4.";

export const distributionOrigin: Rule = {
  id: 'DistributionOrigin',
  requirement: 'CloudFront reads buckets with origin access control that signs every request, and everything over HTTPS.',
  reason: 'An origin that does not sign needs a public bucket; a website endpoint speaks plain HTTP only.',
  severity: 'medium',
  severityReason: 'Signed requests and HTTPS are layers; that the bucket is public is a finding of its own.',
  guide: '4.4',
  see: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html',
  judgeDeployment: (inventory) => inventory.deployment.ofType('AWS::CloudFront::Distribution').flatMap((distribution) => {
    const origins = originsOf(distribution);
    return origins === UNKNOWN ? [notDecided(distribution, 'The origins are not known before deployment.')] : origins.flatMap((origin: any) => judgeOrigin(inventory, distribution, origin));
  }),
};

/** The origins, those of the old form (`S3Origin`, `CustomOrigin`) too. */
function originsOf(distribution: DeployedResource): any[] | typeof UNKNOWN {
  const [origins, s3, custom] = ['Origins', 'S3Origin', 'CustomOrigin'].map((name) => setting(distribution, 'DistributionConfig', name));
  if ([origins, s3, custom].includes(UNKNOWN)) {
    return UNKNOWN;
  }
  return [
    ...[origins ?? []].flat(),
    ...(s3 ? [{ DomainName: s3.DNSName, S3OriginConfig: s3 }] : []),
    ...(custom ? [{ DomainName: custom.DNSName, CustomOriginConfig: custom }] : []),
  ];
}

function judgeOrigin(inventory: Inventory, distribution: DeployedResource, origin: any): Finding[] {
  const domain = jsonText(origin?.DomainName ?? '');
  const shown = readable(domain);
  if (/\.s3-website[.-]/.test(domain)) {
    return [found(distribution, `The origin '${shown}' is a website endpoint, which speaks plain HTTP and needs a public bucket.`, REMEDY)];
  }
  if (isUnknownBesideIds(domain) && !/amazonaws\.com/.test(domain) && origin?.S3OriginConfig === undefined) {
    return isSignedForAnother(inventory, origin?.OriginAccessControlId) ? [] : [notDecided(distribution, `Whether the origin '${shown}' is a bucket is not known before deployment.`)];
  }
  if (!/\.s3[.-][^/]*amazonaws\.com(?:\.cn)?$/.test(domain) && origin?.S3OriginConfig === undefined) {
    return judgeProtocol(distribution, shown, origin?.CustomOriginConfig); // not a bucket
  }
  if (origin?.CustomOriginConfig !== undefined) {
    const isPlain = origin.CustomOriginConfig?.OriginProtocolPolicy !== 'https-only';
    return [found(distribution, `The origin '${shown}' is a bucket that CloudFront reads without signing${isPlain ? ', and perhaps over plain HTTP' : ''}.`, REMEDY)];
  }
  const control = origin?.OriginAccessControlId;
  if (control === undefined || control === '') {
    const isIdentity = Boolean(origin?.S3OriginConfig?.OriginAccessIdentity);
    return [found(distribution, `The origin '${shown}' has no origin access control${isIdentity ? ', but the older origin access identity, which reads no SSE-KMS' : ''}.`, REMEDY)];
  }
  return judgeControl(inventory, distribution, shown, control);
}

function judgeProtocol(distribution: DeployedResource, domain: string, config: any): Finding[] {
  const protocol = isUnknownValue(config) ? config : config?.OriginProtocolPolicy;
  if (isUnknownValue(protocol)) {
    return [notDecided(distribution, `Whether CloudFront reads the origin '${domain}' over plain HTTP is not known before deployment.`)];
  }
  return protocol === 'http-only' ? [found(distribution, `CloudFront reads the origin '${domain}' over plain HTTP.`, "Set 'OriginProtocolPolicy' to 'https-only'.")] : [];
}

function controlOf({ deployment }: Inventory, id: unknown): DeployedResource | undefined {
  return deployment.ofType('AWS::CloudFront::OriginAccessControl').find((candidate) => candidate.reference('Ref') === id || candidate.reference('Id') === id);
}

/** Whether CloudFront signs requests to an origin for another service, such as the URL of a Lambda function: no bucket answers them. */
function isSignedForAnother(inventory: Inventory, id: unknown): boolean {
  const control = controlOf(inventory, id);
  const type = control && setting(control, 'OriginAccessControlConfig', 'OriginAccessControlOriginType');
  return typeof type === 'string' && !isUnknown(type) && type !== 's3' && setting(control!, 'OriginAccessControlConfig', 'SigningBehavior') === 'always';
}

function judgeControl(inventory: Inventory, distribution: DeployedResource, domain: string, id: unknown): Finding[] {
  const control = controlOf(inventory, id);
  if (isUnknownValue(id)) {
    return [notDecided(distribution, `Whether the origin access control of '${domain}' signs every request is not known before deployment.`)];
  }
  if (!control) {
    return []; // made elsewhere: it signs as it says there
  }
  const { SigningBehavior, SigningProtocol, OriginAccessControlOriginType } = setting(control, 'OriginAccessControlConfig') ?? {};
  if ([SigningBehavior, SigningProtocol, OriginAccessControlOriginType].some(isUnknownValue)) {
    return [notDecided(control, 'Whether the origin access control signs every request is not known before deployment.')];
  }
  const isSigned = SigningBehavior === 'always' && SigningProtocol === 'sigv4' && OriginAccessControlOriginType === 's3';
  return isSigned ? [] : [found(control, `The origin access control of '${domain}' does not sign every request to S3 ('${jsonText(SigningBehavior)}', for '${jsonText(OriginAccessControlOriginType)}', used by ${distribution.path}).`, REMEDY)];
}
