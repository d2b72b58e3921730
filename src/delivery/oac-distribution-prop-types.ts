import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { OacDistributionProps } from './oac-distribution-props';
import { BUCKET, DURATION, having, KEY, listOf, mapOf, NUMBER, objectWith, oneOf, orLater, PropTypes, required, SETTING, TEXT, TEXTS, TypesOf, YES_OR_NO } from '../prop-types';

const FUNCTION = objectWith({ eventType: required(oneOf(cloudfront.FunctionEventType)), function: required(having('a function of CloudFront', 'functionRef')) });

const EDGE_LAMBDA = objectWith({
  eventType: required(oneOf(cloudfront.LambdaEdgeEventType)), functionVersion: required(having('a version of a Lambda function', 'edgeArn', 'node')), includeBody: SETTING,
});

const BEHAVIOR: PropTypes = {
  allowedMethods: having('an AllowedMethods', 'methods'),
  cachedMethods: having('a CachedMethods', 'methods'),
  cachePolicy: having('a cache policy', 'cachePolicyRef'),
  compress: SETTING,
  edgeLambdas: listOf('functions', EDGE_LAMBDA),
  enableGrpc: SETTING,
  functionAssociations: listOf('functions', FUNCTION),
  originRequestPolicy: having('an origin request policy', 'originRequestPolicyRef'),
  realtimeLogConfig: having('a real-time log configuration', 'realtimeLogConfigRef'),
  responseHeadersPolicy: having('a response headers policy', 'responseHeadersPolicyRef'),
  smoothStreaming: SETTING,
  trustedKeyGroups: listOf('key groups', having('a key group', 'keyGroupRef')),
  viewerProtocolPolicy: orLater(oneOf(cloudfront.ViewerProtocolPolicy)),
};

const ORIGIN_OPTIONS: PropTypes = {
  connectionAttempts: NUMBER,
  connectionTimeout: DURATION,
  customHeaders: mapOf(TEXT),
  originAccessControlId: TEXT,
  originId: TEXT,
  originShieldEnabled: SETTING,
  originShieldRegion: TEXT,
  responseCompletionTimeout: DURATION,
  originPath: TEXT,
};

const ERROR_RESPONSE = objectWith({ httpStatus: required(NUMBER), responseHttpStatus: NUMBER, responsePagePath: TEXT, ttl: DURATION });

/** What the props of the construct are like. */
export const OAC_DISTRIBUTION_PROPS: TypesOf<OacDistributionProps> = {
  bucket: required(BUCKET),
  encryptionKey: KEY,
  defaultBehavior: objectWith(BEHAVIOR),
  additionalBehaviors: mapOf(objectWith({ ...BEHAVIOR, origin: required(having('an origin', 'bind')) })),
  originOptions: objectWith(ORIGIN_OPTIONS),
  allowListing: YES_OR_NO,
  allowUploads: YES_OR_NO,
  singlePageApplication: YES_OR_NO,
  contentSecurityPolicy: TEXT,
  deployedDistributionId: TEXT,
  requireExactArn: YES_OR_NO,
  certificate: having('a certificate', 'certificateArn', 'node'),
  comment: TEXT,
  defaultRootObject: TEXT,
  domainNames: TEXTS,
  enabled: SETTING,
  enableIpv6: SETTING,
  enableLogging: YES_OR_NO,
  geoRestriction: having('a GeoRestriction', 'restrictionType', 'locations'),
  httpVersion: orLater(oneOf(cloudfront.HttpVersion)),
  logBucket: BUCKET,
  logIncludesCookies: YES_OR_NO,
  logFilePrefix: TEXT,
  priceClass: orLater(oneOf(cloudfront.PriceClass)),
  webAclId: TEXT,
  errorResponses: listOf('error responses', ERROR_RESPONSE),
  minimumProtocolVersion: orLater(oneOf(cloudfront.SecurityPolicyProtocol)),
  sslSupportMethod: orLater(oneOf(cloudfront.SSLMethod)),
  publishAdditionalMetrics: SETTING,
};
