import { App, Duration, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import {
  AccessLogBucket, Consumer, CrossAccountGrant, DatasetAccess, DistributionAccessLogs, LimitPresignedUrlAge, OacDistribution,
  RequireEncryption, RequireTls, RestrictToNetwork, RestrictToOrganization,
  S3GatewayEndpoint, S3InterfaceEndpoint, SecureBucket, SharedDatasetAccessPoint, SharedMultiRegionAccessPoint, TrailLogBucket,
} from '../../src';
import { BUCKET_PROPS } from '../../src/storage/bucket-prop-types';

/** What callers without type checks hand over: of every kind, and right for no more than one kind of property. */
const VALUES: [name: string, value: any][] = [
  ['null', null], ['an empty text', ''], ['a text', 'x'], ['a number', 5], ['true', true], ['an object', {}], ['an empty list', []], ['a list of nothing', [null]], ['a list of objects', [{}]], ['a list of texts', ['x']],
];

interface Subject {
  readonly props: readonly string[];

  /** What names the construct, or the class of what has no place in a tree. */
  readonly named: string;
  readonly make: (stack: Stack, props: any) => unknown;

  /** Takes whatever is passed for its properties. */
  readonly makeWith?: (stack: Stack, props: any) => unknown;
}

const OWN_PROPS = ['encryptionEnforcement', 'network', 'organization', 'administrators', 'presignedUrlMaxAge', 'minimumTLSVersion'];
const WEBSITE_PROPS = ['websiteErrorDocument', 'websiteIndexDocument', 'websiteRedirect', 'websiteRoutingRules'];
const BEHAVIOR_PROPS = ['allowedMethods', 'cachedMethods', 'cachePolicy', 'compress', 'edgeLambdas', 'enableGrpc', 'functionAssociations', 'originRequestPolicy', 'realtimeLogConfig', 'responseHeadersPolicy',
  'smoothStreaming', 'trustedKeyGroups', 'viewerProtocolPolicy'];
const ENDPOINT_PROPS = ['buckets', 'accessPoints', 'organizationIds', 'platformRepositories'];
const INHERITED = [...Object.keys(BUCKET_PROPS), ...WEBSITE_PROPS];

const named = (stack: Stack, id = 'Content') => new SecureBucket(stack, id, { bucketName: `${id.toLowerCase()}-111122223333` });
const PLACE = "Stack/It'";
const vpcOf = (stack: Stack) => new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0 });

/** Elements of lists, with the properties that they need. */
const ELEMENTS: Record<string, (stack: Stack) => object> = {
  lifecycleRules: () => ({ expiration: Duration.days(1) }),
  cors: () => ({ allowedMethods: [], allowedOrigins: [] }),
  inventories: (stack) => ({ destination: { bucket: named(stack) } }),
  metrics: () => ({ id: 'all' }),
  intelligentTieringConfigurations: () => ({ name: 'all' }),
  replicationRules: (stack) => ({ destination: named(stack), kmsKey: kms.Key.fromKeyArn(stack, 'Replicas', 'arn:aws:kms:us-east-1:111122223333:key/replicas') }),
};

const SUBJECTS: Record<string, Subject> = {
  'SecureBucket': { props: [...INHERITED, ...OWN_PROPS], named: PLACE, make: (stack, props) => new SecureBucket(stack, 'It', props), makeWith: (stack, props) => new SecureBucket(stack, 'It', props) },
  'AccessLogBucket': { props: ['versioned', 'encryption', 'encryptionKey', 'lifecycleRules', 'removalPolicy', 'retention'], named: PLACE, make: (stack, props) => new AccessLogBucket(stack, 'It', props), makeWith: (stack, props) => new AccessLogBucket(stack, 'It', props) },
  'TrailLogBucket': {
    props: ['versioned', 'encryptionKey', 'network', 'trailName', 'trailRegion', 'trailAccount', 'trailOrganizationId', 's3KeyPrefix'],
    named: PLACE,
    make: (stack, props) => new TrailLogBucket(stack, 'It', { trailName: 'audit', ...props }),
    makeWith: (stack, props) => new TrailLogBucket(stack, 'It', props),
  },
  ...Object.fromEntries(Object.entries(ELEMENTS).map(([list, element]) => [`SecureBucket.${list}`, {
    props: Object.keys(BUCKET_PROPS[list].elements!.members!),
    named: PLACE,
    make: (stack: Stack, props: any) => new SecureBucket(stack, 'It', { [list]: [{ ...element(stack), ...props }] }),
  }])),
  'CrossAccountGrant': {
    props: ['bucket', 'accessPoint', 'multiRegionAccessPoint', 'consumer', 'consumers', 'access', 'prefixes', 'principalBinding', 'keyPolicyScope', 'encryptionKey'],
    named: PLACE,
    make: (stack, props) => new CrossAccountGrant(stack, 'It', { ...('accessPoint' in props || 'multiRegionAccessPoint' in props ? {} : { bucket: named(stack) }), consumer: Consumer.account('444455556666'), access: DatasetAccess.READ, ...props }),
    makeWith: (stack, props) => new CrossAccountGrant(stack, 'It', props),
  },
  'SharedDatasetAccessPoint': {
    props: ['bucket', 'accessPointName', 'vpc', 'vpcId', 'prefixes', 'bucketAccount', 'delegation', 'keyPolicyScope', 'encryptionKey'],
    named: PLACE,
    make: (stack, props) => new SharedDatasetAccessPoint(stack, 'It', { bucket: named(stack), ...props }),
    makeWith: (stack, props) => new SharedDatasetAccessPoint(stack, 'It', props),
  },
  'SharedMultiRegionAccessPoint': {
    props: ['buckets', 'multiRegionAccessPointName', 'prefixes', 'keyPolicyScope'],
    named: PLACE,
    make: (stack, props) => new SharedMultiRegionAccessPoint(stack, 'It', { buckets: [named(stack)], ...props }),
    makeWith: (stack, props) => new SharedMultiRegionAccessPoint(stack, 'It', props),
  },
  'OacDistribution': {
    props: ['bucket', 'encryptionKey', 'defaultBehavior', 'additionalBehaviors', 'originOptions', 'allowListing', 'allowUploads', 'singlePageApplication', 'contentSecurityPolicy', 'deployedDistributionId',
      'requireExactArn', 'certificate', 'comment', 'defaultRootObject', 'domainNames', 'enabled', 'enableIpv6', 'enableLogging', 'geoRestriction', 'httpVersion', 'logBucket', 'logIncludesCookies',
      'logFilePrefix', 'priceClass', 'webAclId', 'errorResponses', 'minimumProtocolVersion', 'sslSupportMethod', 'publishAdditionalMetrics'],
    named: PLACE,
    make: (stack, props) => new OacDistribution(stack, 'It', { bucket: named(stack), ...props }),
    makeWith: (stack, props) => new OacDistribution(stack, 'It', props),
  },
  'OacDistribution.defaultBehavior': { props: BEHAVIOR_PROPS, named: PLACE, make: (stack, defaultBehavior) => new OacDistribution(stack, 'It', { bucket: named(stack), defaultBehavior }) },
  'OacDistribution.additionalBehaviors': {
    props: [...BEHAVIOR_PROPS, 'origin'],
    named: PLACE,
    make: (stack, behavior) => new OacDistribution(stack, 'It', { bucket: named(stack), additionalBehaviors: { '/x/*': { origin: new origins.HttpOrigin('www.example.com'), ...behavior } } }),
  },
  'OacDistribution.originOptions': {
    props: ['connectionAttempts', 'connectionTimeout', 'customHeaders', 'originAccessControlId', 'originId', 'originShieldEnabled', 'originShieldRegion', 'responseCompletionTimeout', 'originPath'],
    named: PLACE,
    make: (stack, originOptions) => new OacDistribution(stack, 'It', { bucket: named(stack), originOptions }),
  },
  'OacDistribution.errorResponses': {
    props: ['httpStatus', 'responseHttpStatus', 'responsePagePath', 'ttl'],
    named: PLACE,
    make: (stack, response) => new OacDistribution(stack, 'It', { bucket: named(stack), errorResponses: [{ httpStatus: 403, ttl: Duration.days(1), ...response }] }),
  },
  'DistributionAccessLogs': {
    props: ['distribution', 'logBucket', 'logFilePrefix', 'logIncludesCookies'],
    named: PLACE,
    make: (stack, props) => new DistributionAccessLogs(stack, 'It', { distribution: new cloudfront.Distribution(stack, 'Site', { defaultBehavior: { origin: new origins.HttpOrigin('www.example.com') } }), ...props }),
    makeWith: (stack, props) => new DistributionAccessLogs(stack, 'It', props),
  },
  'S3GatewayEndpoint': {
    props: [...ENDPOINT_PROPS, 'vpc', 'subnets'],
    named: PLACE,
    make: (stack, props) => new S3GatewayEndpoint(stack, 'It', { vpc: vpcOf(stack), organizationIds: ['o-exampleorgid'], ...props }),
    makeWith: (stack, props) => new S3GatewayEndpoint(stack, 'It', props),
  },
  'S3InterfaceEndpoint': {
    props: [...ENDPOINT_PROPS, 'multiRegionAccessPoints', 'vpc', 'subnets', 'securityGroups', 'privateDnsEnabled'],
    named: PLACE,
    make: (stack, props) => new S3InterfaceEndpoint(stack, 'It', { vpc: vpcOf(stack), organizationIds: ['o-exampleorgid'], ...props }),
    makeWith: (stack, props) => new S3InterfaceEndpoint(stack, 'It', props),
  },
  'RequireTls': { props: ['minimumTLSVersion', 'unenforceableBehavior'], named: 'RequireTls', make: (_, props) => new RequireTls(props), makeWith: (_, props) => new RequireTls(props) },
  'RequireEncryption': { props: ['enforcement', 'encryptionKey', 'unenforceableBehavior'], named: 'RequireEncryption', make: (_, props) => new RequireEncryption(props), makeWith: (_, props) => new RequireEncryption(props) },
  'LimitPresignedUrlAge': { props: ['maxAge', 'unenforceableBehavior'], named: 'LimitPresignedUrlAge', make: (_, props) => new LimitPresignedUrlAge(props), makeWith: (_, props) => new LimitPresignedUrlAge(props) },
  'RestrictToNetwork': {
    props: ['vpcEndpoints', 'vpcEndpointIds', 'vpcs', 'vpcIds', 'ipRanges', 'viaAwsServices', 'administrators', 'unenforceableBehavior'],
    named: 'RestrictToNetwork',
    make: (_, props) => new RestrictToNetwork({ ipRanges: ['203.0.113.0/24'], vpcIds: ['vpc-0abc123def4567890'], ...props }),
    makeWith: (_, props) => new RestrictToNetwork(props),
  },
  'RestrictToOrganization': {
    props: ['organizationIds', 'trustedAccounts', 'unenforceableBehavior'],
    named: 'RestrictToOrganization',
    make: (_, props) => new RestrictToOrganization({ organizationIds: ['o-exampleorgid'], ...props }),
    makeWith: (_, props) => new RestrictToOrganization(props),
  },
};

/** What is thrown while each value is tried in a stack of its own; nothing where it works. */
function errorsOf(make: (stack: Stack, value: unknown) => unknown, values: typeof VALUES): [value: string, error: Error][] {
  const app = new App({ analyticsReporting: false });
  return values.flatMap(([name, value]): [string, Error][] => {
    const stack = new Stack(new Stage(app, `Stage${values.findIndex(([other]) => other === name)}`), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
    try {
      make(stack, value);
      Template.fromStack(stack);
      return [];
    } catch (error) {
      return [[name, error as Error]];
    }
  });
}

/** Values of the right kind that the CDK refuses by itself, in a sentence of its own. */
const REFUSED_BY_CDK = [
  'autoDeleteObjects: true', 'bucketName: a text', 'bucketNamePrefix: a text', 'lifecycleRules: a list of objects', 'expiredObjectDeleteMarker: true', 'enableGrpc: true', 'connectionAttempts: a number',
  'accessControlTransition: true', 'subnets: an empty list',
];

const CASES = Object.entries(SUBJECTS).flatMap(([subject, { props, ...rest }]) => props.map((prop): [string, string, Omit<Subject, 'props'>] => [subject, prop, rest]));

describe('a value of the wrong kind is refused by the names of construct and property, or it works', () => {
  test.each(CASES)('%s: %s', (_, prop, { named: place, make }) => {
    const faults = errorsOf((stack, value) => make(stack, { [prop]: value }), VALUES)
      .filter(([value, { message }]) => !(message.includes(place) && message.includes(prop)) && !REFUSED_BY_CDK.includes(`${prop}: ${value}`));
    expect(faults.map(([value, { message }]) => `${value}: ${message}`)).toEqual([]);
  });

  test.each(Object.entries(SUBJECTS).filter(([, { makeWith }]) => makeWith))('%s: all properties', (_, { named: place, makeWith }) => {
    const errors = errorsOf(makeWith!, VALUES.filter(([name]) => name !== 'an object'));
    expect(errors).toHaveLength(VALUES.length - 1);
    errors.forEach(([, { message }]) => expect(message).toMatch(new RegExp(`${place}.*'props': it is not an object with properties`)));
  });
});
