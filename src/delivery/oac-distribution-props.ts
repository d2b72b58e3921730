import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';

/**
 * Properties of `OacDistribution`: those of `cloudfront.Distribution`, and what the bucket needs. Every value works, except one
 * that would weaken the distribution.
 */
export interface OacDistributionProps {
  /** The private bucket whose objects are served. */
  readonly bucket: s3.IBucket;

  /**
   * The key that encrypts the objects.
   *
   * @default - the bucket's `encryptionKey`; an imported bucket may not know it
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How requests to the bucket are served: cache policy, functions, trusted key groups …
   *
   * @default - GET and HEAD over HTTPS, compressed, cached as `CachePolicy.CACHING_OPTIMIZED`, with security headers
   */
  readonly defaultBehavior?: cloudfront.AddBehaviorOptions;

  /**
   * Other behaviors by path pattern, with origins of their own. They serve over HTTPS and with security headers too. For paths of
   * the same bucket, use `addBehavior` with `bucketOrigin`.
   *
   * @default - none
   */
  readonly additionalBehaviors?: Record<string, cloudfront.BehaviorOptions>;

  /**
   * How CloudFront asks the bucket: path, Origin Shield, timeouts, headers. With an `originPath`, CloudFront may read the objects
   * below that path only.
   *
   * @default - all objects are served, from the root
   */
  readonly originOptions?: cloudfront.OriginProps;

  /**
   * Whether CloudFront may list the bucket. Viewers then get 404 instead of 403 for what does not exist. Needs a
   * `defaultRootObject`: without one, the root URL would show the list.
   *
   * @default false
   */
  readonly allowListing?: boolean;

  /**
   * Whether CloudFront may upload objects. Behaviors that let viewers do so name `allowedMethods`, and tell who viewers are:
   * by `trustedKeyGroups`, or by a function on viewer requests.
   *
   * @default false
   */
  readonly allowUploads?: boolean;

  /**
   * Whether paths without an object are answered by the default root object, with status 200, as single-page applications need it.
   * CloudFront does so for all behaviors of the distribution.
   *
   * @default false
   */
  readonly singlePageApplication?: boolean;

  /**
   * The Content-Security-Policy that viewers' browsers get, such as `default-src 'self'`.
   *
   * @default - none
   */
  readonly contentSecurityPolicy?: string;

  /**
   * The id of this very distribution, once it has been deployed. Policies then name it by this id, and not by a reference: that is
   * the exact way where CloudFormation cannot refer to it, as from another account or Region.
   *
   * @default - policies refer to the distribution
   */
  readonly deployedDistributionId?: string;

  /**
   * Whether it is an error, and not a warning, that a policy cannot name this distribution exactly.
   *
   * @default false
   */
  readonly requireExactArn?: boolean;

  /**
   * The certificate for `domainNames`, of us-east-1. Without one, CloudFront decides which versions of TLS viewers may use.
   *
   * @default - the certificate of cloudfront.net
   */
  readonly certificate?: acm.ICertificate;

  /**
   * A comment on the distribution.
   *
   * @default - none
   */
  readonly comment?: string;

  /**
   * The object for the root URL.
   *
   * @default index.html
   */
  readonly defaultRootObject?: string;

  /**
   * The domain names under which the content is served. They need a `certificate`.
   *
   * @default - the name below cloudfront.net
   */
  readonly domainNames?: string[];

  /**
   * Whether the distribution serves anything.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Whether viewers may use IPv6.
   *
   * @default true
   */
  readonly enableIpv6?: boolean;

  /**
   * Whether access is logged: always, so `false` is refused. It is here because `cloudfront.DistributionProps` has it.
   *
   * @default true
   */
  readonly enableLogging?: boolean;

  /**
   * The countries whose viewers are served, or not.
   *
   * @default - all countries
   */
  readonly geoRestriction?: cloudfront.GeoRestriction;

  /**
   * The newest version of HTTP that viewers may use.
   *
   * @default HttpVersion.HTTP2_AND_3
   */
  readonly httpVersion?: cloudfront.HttpVersion;

  /**
   * The bucket for access logs, encrypted with SSE-S3. Only in a stack of us-east-1; elsewhere, make `DistributionAccessLogs`.
   *
   * @default - the stack's `AccessLogBucket`
   */
  readonly logBucket?: s3.IBucket;

  /**
   * Whether access logs contain cookies.
   *
   * @default false
   */
  readonly logIncludesCookies?: boolean;

  /**
   * What the names of access logs begin with, behind `AWSLogs/<account>/CloudFront/`.
   *
   * @default - nothing
   */
  readonly logFilePrefix?: string;

  /**
   * From which of CloudFront's locations the content is served.
   *
   * @default - all of them
   */
  readonly priceClass?: cloudfront.PriceClass;

  /**
   * The ARN of an AWS WAF web ACL, of us-east-1.
   *
   * @default - none
   */
  readonly webAclId?: string;

  /**
   * What viewers get instead of the origin's errors.
   *
   * @default - the origin's errors
   */
  readonly errorResponses?: cloudfront.ErrorResponse[];

  /**
   * The oldest security policy for viewers, TLSv1.2_2021 or newer. It counts with a `certificate` only.
   *
   * @default SecurityPolicyProtocol.TLS_V1_2_2021
   */
  readonly minimumProtocolVersion?: cloudfront.SecurityPolicyProtocol;

  /**
   * How CloudFront serves HTTPS for `domainNames`.
   *
   * @default SSLMethod.SNI
   */
  readonly sslSupportMethod?: cloudfront.SSLMethod;

  /**
   * Whether CloudFront publishes additional metrics.
   *
   * @default false
   */
  readonly publishAdditionalMetrics?: boolean;
}
