import { jsonText } from '../../policy/json';
import { readable } from '../../policy/unknown-text';
import { DeployedResource } from '../../template/deployment';
import { isOn, isUnknownValue, setting, UNKNOWN } from '../../template/settings';
import { Finding, found, notDecided, Rule } from '../finding';

const MODERN = /^TLSv1\.(?:2_(?:2018|2019|2021|2025)|3_2025)$/;
const ENCRYPTED = ['redirect-to-https', 'https-only'];

export const distributionTls: Rule = {
  id: 'DistributionTls',
  requirement: 'CloudFront serves viewers over HTTPS only, with TLS 1.2 or newer, and does not offer older versions to origins.',
  reason: 'What S3 demands of its callers is worth nothing if the last part of the way is in the clear.',
  severity: 'medium',
  severityReason: 'A layer is missing: data is exposed when a viewer or an origin uses plain HTTP or old TLS.',
  guide: '4.4',
  see: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html',
  judgeDeployment: ({ deployment }) => deployment.ofType('AWS::CloudFront::Distribution').flatMap((distribution) => [...judgeBehaviors(distribution), ...judgeCertificate(distribution), ...judgeOrigins(distribution)]),
};

function judgeBehaviors(distribution: DeployedResource): Finding[] {
  const [first, others] = ['DefaultCacheBehavior', 'CacheBehaviors'].map((name) => setting(distribution, 'DistributionConfig', name));
  if (first === UNKNOWN || others === UNKNOWN) {
    return [notDecided(distribution, 'The cache behaviors are not known before deployment.')];
  }
  return [first, ...(Array.isArray(others) ? others : [])].filter((behavior) => !ENCRYPTED.includes(behavior?.ViewerProtocolPolicy)).map((behavior) => {
    const [path, protocol] = [behavior?.PathPattern ?? '*', behavior?.ViewerProtocolPolicy];
    return isUnknownValue(behavior) || isUnknownValue(protocol)
      ? notDecided(distribution, `How the behavior for '${readable(jsonText(path))}' serves viewers is not known before deployment.`)
      : found(distribution, `The behavior for '${jsonText(path)}' serves viewers over plain HTTP${protocol === undefined ? '' : ` ('${readable(jsonText(protocol))}')`}.`, "Set 'ViewerProtocolPolicy' to 'redirect-to-https' or 'https-only'.");
  });
}

/**
 * With the certificate of cloudfront.net CloudFront takes TLS 1.0 and newer, whatever the template says.
 *
 * @see https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ViewerCertificate.html
 */
function judgeCertificate(distribution: DeployedResource): Finding[] {
  const certificate = setting(distribution, 'DistributionConfig', 'ViewerCertificate');
  if (certificate === UNKNOWN) {
    return [notDecided(distribution, 'The viewer certificate is not known before deployment.')];
  }
  const version = certificate?.MinimumProtocolVersion;
  if (isUnknownValue(version)) {
    return [notDecided(distribution, 'Which versions of TLS viewers may use is not known before deployment.')];
  }
  if (isUnknownValue(certificate?.CloudFrontDefaultCertificate)) {
    return [notDecided(distribution, 'Whether viewers are served with the certificate of cloudfront.net is not known before deployment.')];
  }
  if (certificate === undefined || isOn(certificate.CloudFrontDefaultCertificate)) {
    return [found(distribution, "Viewers may use 'TLSv1': with the certificate of cloudfront.net, CloudFront allows it whatever 'MinimumProtocolVersion' says.", "Use a certificate and a domain name of your own ('AcmCertificateArn', 'Aliases'), and set 'MinimumProtocolVersion' to 'TLSv1.2_2021' or newer.")];
  }
  return !MODERN.test(jsonText(version)) ? [found(distribution, `Viewers may use '${jsonText(version ?? 'TLSv1')}'.`, "Set 'MinimumProtocolVersion' to 'TLSv1.2_2021' or newer.")] : [];
}

const OUTDATED = ['SSLv3', 'TLSv1', 'TLSv1.1'];

/**
 * Origins that are no buckets say themselves which versions CloudFront may use.
 *
 * @see https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CustomOriginConfig.html
 */
function judgeOrigins(distribution: DeployedResource): Finding[] {
  const origins = setting(distribution, 'DistributionConfig', 'Origins'); // where they are not known, DistributionOrigin says so
  return (Array.isArray(origins) ? origins : []).flatMap((origin) => judgeOrigin(distribution, origin));
}

function judgeOrigin(distribution: DeployedResource, origin: any): Finding[] {
  const { Id: id, CustomOriginConfig: config } = origin;
  const versions = isUnknownValue(config) ? config : config?.OriginSSLProtocols;
  const name = `the origin '${readable(jsonText(id))}'`;
  const outdated = Array.isArray(versions) ? versions.filter((version) => OUTDATED.includes(version)) : [];
  if (config?.OriginProtocolPolicy === 'http-only') {
    return []; // DistributionOrigin reports it
  }
  if (outdated.length > 0) {
    return [found(
      distribution, `CloudFront may speak ${outdated.map((version) => `'${jsonText(version)}'`).join(' and ')} with ${name}.`, "Leave 'TLSv1.2' alone in 'OriginSSLProtocols' ('originSslProtocols' of HttpOrigin).",
    )];
  }
  return [versions].flat().some(isUnknownValue) ? [notDecided(distribution, `Which versions of TLS CloudFront may speak with ${name} is not known before deployment.`)] : [];
}
