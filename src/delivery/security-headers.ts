import { Duration, Names, Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { textOr } from '../later-values';

const YEAR = Duration.days(365);

const NOTHING = '(nothing)'; // so that the distribution can say itself what is wrong: the CDK would end with a text of its own

const WITHOUT_TRANSPORT_SECURITY = [cloudfront.ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS, cloudfront.ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS_WITH_PREFLIGHT];

/** Whether an id is that of headers which AWS manages, and which have no Strict-Transport-Security. */
export function isManagedWithoutTransportSecurity(id: unknown): boolean {
  return WITHOUT_TRANSPORT_SECURITY.some(({ responseHeadersPolicyId }) => responseHeadersPolicyId === id);
}

/**
 * The security headers that AWS manages, with a content security policy.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
 */
export function securityHeaders(scope: Construct, contentSecurityPolicy: string): cloudfront.ResponseHeadersPolicy {
  return new cloudfront.ResponseHeadersPolicy(scope, 'Headers', {
    responseHeadersPolicyName: `${Names.uniqueResourceName(scope, { maxLength: 100, separator: '-' })}-${Stack.of(scope).region}`, // names are global
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: textOr(contentSecurityPolicy, () => NOTHING), override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: cloudfront.HeadersFrameOption.SAMEORIGIN, override: false },
      referrerPolicy: { referrerPolicy: cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override: false },
      strictTransportSecurity: { accessControlMaxAge: YEAR, includeSubdomains: false, override: false },
      xssProtection: { protection: true, modeBlock: true, override: false },
    },
  });
}
