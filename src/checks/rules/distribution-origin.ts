import { DeployedResource } from '../../access/deployment';
import { Inventory } from '../../access/inventory';
import { isUnknownValue, setting, UNKNOWN } from '../../access/settings';
import { readable } from '../../policy/unknown-text';
import { Finding, found, notDecided, Rule } from '../finding';

const REMEDY = "Give the origin the bucket's regional domain name and an origin access control that always signs with sigv4.";

export const distributionOrigin: Rule = {
  id: 'DistributionOrigin',
  requirement: 'CloudFront reads buckets with origin access control that signs every request, over HTTPS.',
  reason: 'An origin that does not sign needs a public bucket; a website endpoint speaks plain HTTP only.',
  guide: '4.4',
  see: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html',
  judgeDeployment: (inventory) => inventory.deployment.ofType('AWS::CloudFront::Distribution').flatMap((distribution) => {
    const origins = setting(distribution, 'DistributionConfig', 'Origins');
    return origins === UNKNOWN ? [notDecided(distribution, 'The origins are not known before deployment.')] : [origins ?? []].flat().flatMap((origin: any) => judgeOrigin(inventory, distribution, origin));
  }),
};

function judgeOrigin(inventory: Inventory, distribution: DeployedResource, origin: any): Finding[] {
  const domain = String(origin?.DomainName ?? '');
  const shown = readable(domain);
  if (/\.s3-website[.-]/.test(domain)) {
    return [found(distribution, `The origin '${shown}' is a website endpoint, which speaks plain HTTP and needs a public bucket.`, REMEDY)];
  }
  if (!/\.s3[.-][^/]*amazonaws\.com(?:\.cn)?$/.test(domain) && origin?.S3OriginConfig === undefined) {
    return []; // not a bucket
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

function judgeControl({ deployment }: Inventory, distribution: DeployedResource, domain: string, id: unknown): Finding[] {
  const control = deployment.ofType('AWS::CloudFront::OriginAccessControl').find((candidate) => candidate.reference('Ref') === id || candidate.reference('Id') === id);
  if (!control) {
    return []; // made elsewhere: it signs as it says there
  }
  const { SigningBehavior, SigningProtocol, OriginAccessControlOriginType } = setting(control, 'OriginAccessControlConfig') ?? {};
  if ([SigningBehavior, SigningProtocol, OriginAccessControlOriginType].some(isUnknownValue)) {
    return [notDecided(control, 'Whether the origin access control signs every request is not known before deployment.')];
  }
  const isSigned = SigningBehavior === 'always' && SigningProtocol === 'sigv4' && OriginAccessControlOriginType === 's3';
  return isSigned ? [] : [found(control, `The origin access control of '${domain}' does not sign every request to S3 ('${SigningBehavior}', for '${OriginAccessControlOriginType}', used by ${distribution.path}).`, REMEDY)];
}
