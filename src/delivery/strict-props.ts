import { ArnFormat, Duration, Stack, Token } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { OacDistributionProps } from './oac-distribution-props';
import { unusableOrigin } from './origin-bucket';
import { exposedUploads, strictBehavior, weakBehavior } from './strict-behavior';
import { settingOr } from '../later-values';
import { pathOf, Refusal, refuseAll } from '../refusal';
import { bucketResource, known, knownBucketName } from '../sharing/names';

export const DEFAULT_ROOT_OBJECT = 'index.html';

/** Security policies that let in TLS older than 1.2, or ciphers that are weak. */
const OUTDATED = /^(?:SSLv3|TLSv1(?:_2016)?|TLSv1\.1_2016|TLSv1\.2_20(?:18|19))$/;

/** Codes that S3 answers for objects that do not exist: 403, and 404 where it may list. */
const MISSING = [403, 404];

/** What of a path means something else in the policy of a bucket: wildcards, variables, what IAM does not accept, and what S3 decodes. */
const NOT_IN_PATHS = /[*?%]|\$\{|[^\u0020-\u00FF]/; // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html

type Check = (props: OacDistributionProps, scope: Construct) => Refusal | undefined;

const CHECKS: Check[] = [
  elsewhere,
  ({ bucket, encryptionKey }) => unusableOrigin(bucket, encryptionKey ?? bucket.encryptionKey),
  unknownAccount,
  ({ defaultBehavior = {} }) => weakBehavior('*', defaultBehavior),
  ({ defaultBehavior = {}, allowUploads = false }) => exposedUploads('*', defaultBehavior, allowUploads),
  undeliverableLogs,
  refuseIf(
    ({ minimumProtocolVersion }) => minimumProtocolVersion !== undefined && OUTDATED.test(minimumProtocolVersion),
    "'minimumProtocolVersion' older than TLSv1.2_2021 would let viewers use outdated TLS.",
    'Leave it out, or use TLS_V1_2_2021 or newer.',
  ),
  refuseIf(({ enableLogging }) => enableLogging === false, "'enableLogging: false' would leave nobody able to tell who read what.", 'Leave it out.'),
  refuseIf(({ originOptions }) => originOptions?.originAccessControlId !== undefined, "'originOptions.originAccessControlId' would bring an origin access control that may not sign.", 'Leave it out.'),
  refuseIf(({ originOptions }) => Object.keys(originOptions?.customHeaders ?? {}).some((name) => name.toLowerCase() === 'authorization'), "'originOptions.customHeaders' would replace the signature of requests.", "Leave 'Authorization' out."),
  unusablePath,
  refuseIf(({ allowListing, defaultRootObject }) => allowListing && defaultRootObject === '', "'allowListing' without a 'defaultRootObject' would show the list of objects at the root URL.", "Give it a 'defaultRootObject'."),
  ({ defaultRootObject }) => (known(defaultRootObject)?.startsWith('/') // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DefaultRootObject.html
    ? { problem: `'defaultRootObject: ${defaultRootObject}' begins with a slash, and CloudFront would find no object.`, remedy: 'Leave the slash out.' } : undefined),
  refuseIf(({ contentSecurityPolicy }) => contentSecurityPolicy === '', "'contentSecurityPolicy' is empty.", "Leave it out, or say something such as \"default-src 'self'\"."),
  refuseIf(({ singlePageApplication, defaultRootObject }) => singlePageApplication && defaultRootObject === '', "'singlePageApplication' answers with the 'defaultRootObject', and there is none.", 'Name one, or leave it out.'),
  refuseIf(
    ({ singlePageApplication, errorResponses = [] }) => singlePageApplication && errorResponses.some(({ httpStatus }) => MISSING.includes(httpStatus)),
    "'errorResponses' and 'singlePageApplication' both answer 403 or 404.",
    'Leave one of them out.',
  ),
  refuseIf(({ certificate, domainNames = [] }) => certificate === undefined && domainNames.length > 0, "'domainNames' need a 'certificate', without which CloudFront has none for them.", 'Pass a certificate of us-east-1.'),
  refuseIf(
    ({ contentSecurityPolicy, defaultBehavior }) => contentSecurityPolicy !== undefined && defaultBehavior?.responseHeadersPolicy !== undefined,
    "'contentSecurityPolicy' and the 'responseHeadersPolicy' of the default behavior exclude each other.",
    'Put the policy into the headers policy, or leave that out.',
  ),
  foreignCertificate,
  ({ deployedDistributionId: id }) => (known(id) !== undefined && !/^E[A-Z0-9]+$/.test(id!) ? { problem: `'deployedDistributionId: ${id}' is no id of a distribution.`, remedy: 'Pass one such as EDFDVBD6EXAMPLE.' } : undefined),
];

/** The props of the L2 below. Throws if a prop would weaken the distribution, or CloudFront could not serve the bucket. */
export function strictProps(scope: Construct, id: string, props: OacDistributionProps, origin: cloudfront.IOrigin): cloudfront.DistributionProps {
  const behaviors = Object.entries(props.additionalBehaviors ?? {});
  refuseAll(scope, 'WeakenedDistribution', [
    ...CHECKS.flatMap((check) => check(props, scope) ?? []),
    ...behaviors.flatMap(([pathPattern, options]) => weakBehavior(pathPattern, options) ?? []),
  ], pathOf(scope, id));
  const { certificate, comment, domainNames, enabled, enableIpv6, geoRestriction, priceClass, webAclId, sslSupportMethod, publishAdditionalMetrics } = props;
  return {
    ...{ enabled: settingOr(enabled, true), enableIpv6: settingOr(enableIpv6, true) },
    ...{ certificate, comment, domainNames, geoRestriction, priceClass, webAclId, sslSupportMethod, publishAdditionalMetrics },
    defaultBehavior: { ...strictBehavior(props.defaultBehavior ?? {}), origin },
    defaultRootObject: props.defaultRootObject ?? DEFAULT_ROOT_OBJECT,
    httpVersion: props.httpVersion ?? cloudfront.HttpVersion.HTTP2_AND_3,
    minimumProtocolVersion: certificate && (props.minimumProtocolVersion ?? cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021), // counts with a certificate only
    errorResponses: [...(props.errorResponses ?? []), ...(props.singlePageApplication ? rootForMissing(props) : [])],
  };
}

function rootForMissing({ defaultRootObject = DEFAULT_ROOT_OBJECT }: OacDistributionProps): cloudfront.ErrorResponse[] {
  return MISSING.map((httpStatus) => ({ httpStatus, responseHttpStatus: 200, responsePagePath: `/${defaultRootObject}`, ttl: Duration.seconds(10) }));
}

function refuseIf(isWeak: (props: OacDistributionProps) => unknown, problem: string, remedy: string): Check {
  return (props) => (isWeak(props) ? { problem, remedy } : undefined);
}

/**
 * Partitions where the construct cannot work.
 *
 * @see https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html
 * @see https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/setting-up-credentials.html
 */
function elsewhere({ bucket }: OacDistributionProps, scope: Construct): Refusal | undefined {
  const regions = [Stack.of(scope).region, bucket.env.region].flatMap((region) => known(region) ?? []);
  const partition = known(bucket.bucketArn)?.split(':')[1];
  if (partition === 'aws-us-gov' || regions.some((region) => region.startsWith('us-gov-'))) {
    return {
      problem: 'CloudFront is outside of AWS GovCloud (US): its distributions belong to accounts of the standard partition, which policies of GovCloud cannot name.',
      remedy: 'Keep the bucket and the distribution in accounts of the standard partition.',
    };
  }
  return partition === 'aws-cn' || regions.some((region) => region.startsWith('cn-')) ? {
    problem: 'CloudFront in China serves nothing under its own domain name and takes no certificates of ACM; whether CloudFormation makes origin access controls there is not documented.',
    remedy: 'Serve from accounts of the standard partition, or write the distribution for China with CfnDistribution and a certificate of the IAM store.',
  } : undefined;
}

/** Whether accounts differ must be known, and another account's bucket has a name. */
function unknownAccount({ bucket }: OacDistributionProps, scope: Construct): Refusal | undefined {
  const [here, there] = [Stack.of(scope).account, bucket.env.account];
  if (bucketResource(bucket) && (known(here) === undefined) !== (known(there) === undefined)) {
    return {
      name: 'UnknownAccount',
      problem: `it is not known whether the bucket '${bucket.node.path}' is of the distribution's account: only one of their stacks has an account.`,
      remedy: "Set 'env' on both stacks, or on neither.",
    };
  }
  return here !== there && knownBucketName(bucket) === undefined ? {
    name: 'UnnamedBucket',
    problem: `the bucket '${bucket.node.path}' is in another account, and gets its name at deployment.`,
    remedy: "Give it a 'bucketName', or a 'bucketNamePrefix' in the account-regional namespace.",
  } : undefined;
}

function undeliverableLogs({ logBucket, logFilePrefix, logIncludesCookies }: OacDistributionProps, scope: Construct): Refusal | undefined {
  const { region } = Stack.of(scope);
  return region !== 'us-east-1' && (logBucket ?? logFilePrefix ?? logIncludesCookies) ? {
    name: 'LogsNotDeliverable',
    problem: `CloudFront's access logs are set up in us-east-1, and the stack's Region is ${known(region) ?? 'not known'}.`,
    remedy: 'Leave the props on logs out, and make DistributionAccessLogs in a stack of us-east-1.',
  } : undefined;
}

function unusablePath({ originOptions }: OacDistributionProps): Refusal | undefined {
  const path = known(originOptions?.originPath);
  return path !== undefined && NOT_IN_PATHS.test(path) ? {
    problem: `'originOptions.originPath: ${path}' has characters that mean something else in the bucket policy, which admits CloudFront to this path only.`,
    remedy: 'Serve from a path without wildcards, variables, percent signs and letters beyond Latin-1.',
  } : undefined;
}

function foreignCertificate({ certificate }: OacDistributionProps, scope: Construct): Refusal | undefined {
  if (certificate === undefined) {
    return undefined;
  }
  const arn = certificate.certificateArn;
  const isMade = acm.CfnCertificate.isCfnCertificate(certificate.node.defaultChild);
  const region = Token.isUnresolved(arn) ? isMade && certificate.env.region : Stack.of(scope).splitArn(arn, ArnFormat.SLASH_RESOURCE_NAME).region;
  return !region || Token.isUnresolved(region) || region === 'us-east-1'
    ? undefined : { problem: `'certificate' is in ${region}, and CloudFront takes certificates of us-east-1 only.`, remedy: 'Make or import one there.' };
}
