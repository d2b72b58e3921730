import { Aspects, Duration, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DeployedSite, ENV, newApp, oneStack, PREFIXED, refusalOf } from './sites';
import { AccessLogBucket, OacDistribution, OacDistributionProps, SecureBucket } from '../../src';
import { synthesisErrors, warnings } from '../support/apps';

const CERTIFICATE = `arn:aws:acm:us-east-1:${ENV.account}:certificate/12345678-1234-1234-1234-123456789012`;

function siteStack(region = 'us-east-1'): Stack {
  return new Stack(newApp(), 'Site', { env: { ...ENV, region } });
}

function certificate(stack: Stack, arn = CERTIFICATE): acm.ICertificate {
  return acm.Certificate.fromCertificateArn(stack, 'Certificate', arn);
}

function viewerFunction(stack: Stack, eventType: cloudfront.FunctionEventType): cloudfront.FunctionAssociation[] {
  const code = cloudfront.FunctionCode.fromInline('function handler(event) { return event.request; }');
  return [{ eventType, function: new cloudfront.Function(stack, 'Function', { code }) }];
}

function headers(stack: Stack, securityHeadersBehavior?: cloudfront.ResponseSecurityHeadersBehavior): cloudfront.ResponseHeadersPolicy {
  return new cloudfront.ResponseHeadersPolicy(stack, 'OwnHeaders', { securityHeadersBehavior });
}

const { ALLOW_ALL } = cloudfront.AllowedMethods;
const HTTP = cloudfront.ViewerProtocolPolicy.ALLOW_ALL;
const CORS_ONLY = [cloudfront.ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS, cloudfront.ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS_WITH_PREFLIGHT];
const OUTDATED = [cloudfront.SecurityPolicyProtocol.SSL_V3, cloudfront.SecurityPolicyProtocol.TLS_V1_1_2016, cloudfront.SecurityPolicyProtocol.TLS_V1_2_2019];

describe('a prop that would weaken the distribution is refused, with its name and a way out', () => {
  const REFUSED: [name: string, props: (stack: Stack) => Partial<OacDistributionProps>, message: RegExp][] = [
    ['HTTP viewers', () => ({ defaultBehavior: { viewerProtocolPolicy: HTTP } }), /'viewerProtocolPolicy: ALLOW_ALL'[^]*'\*'[^]*REDIRECT_TO_HTTPS/],
    ['HTTP viewers of another behavior', () => ({
      additionalBehaviors: { '/api/*': { origin: new origins.HttpOrigin('api.example.com'), viewerProtocolPolicy: HTTP } },
    }), /'viewerProtocolPolicy: ALLOW_ALL'[^]*'\/api\/\*'/],
    ...OUTDATED.map((minimumProtocolVersion): typeof REFUSED[number] => [`the security policy ${minimumProtocolVersion}`,
      (stack) => ({ minimumProtocolVersion, certificate: certificate(stack) }), /'minimumProtocolVersion'[^]*TLS_V1_2_2021/]),
    ['logging off', () => ({ enableLogging: false }), /'enableLogging: false'/],
    ['a certificate of another Region', (stack) => ({ certificate: certificate(stack, CERTIFICATE.replace('us-east-1', 'eu-west-1')), domainNames: ['www.example.com'] }), /'certificate' is in eu-west-1[^]*us-east-1 only/],
    ['a certificate made in another Region', (stack) => ({
      certificate: new acm.Certificate(new Stack(stack.node.root as any, 'Elsewhere', { env: { ...ENV, region: 'eu-west-1' } }), 'Certificate', { domainName: 'www.example.com' }),
      domainNames: ['www.example.com'],
    }), /'certificate' is in eu-west-1/],
    ['domain names without a certificate', () => ({ domainNames: ['www.example.com'] }), /'domainNames' need a 'certificate'/],
    ['uploads that were not asked for', () => ({ defaultBehavior: { allowedMethods: ALLOW_ALL } }), /PUT, [^]*'allowUploads'/],
    ['uploads by anybody', () => ({ allowUploads: true, defaultBehavior: { allowedMethods: ALLOW_ALL } }), /anybody could upload[^]*'trustedKeyGroups'/],
    ['uploads behind a function that sees answers only', (stack) => ({
      allowUploads: true,
      defaultBehavior: { allowedMethods: ALLOW_ALL, functionAssociations: viewerFunction(stack, cloudfront.FunctionEventType.VIEWER_RESPONSE) },
    }), /anybody could upload/],
    ['a list without a root object', () => ({ allowListing: true, defaultRootObject: '' }), /'allowListing' without a 'defaultRootObject'/],
    ['a root object with a slash', () => ({ defaultRootObject: '/index.html' }), /'defaultRootObject: \/index.html' begins with a slash/],
    ['an empty policy for the content', () => ({ contentSecurityPolicy: '' }), /'contentSecurityPolicy' is empty/],
    ['a single-page application without a page', () => ({ singlePageApplication: true, defaultRootObject: '' }), /'defaultRootObject'/],
    ['two answers to 404', () => ({ singlePageApplication: true, errorResponses: [{ httpStatus: 404, responsePagePath: '/404.html' }] }), /'errorResponses' and 'singlePageApplication'/],
    ['headers without Strict-Transport-Security', (stack) => ({ defaultBehavior: { responseHeadersPolicy: headers(stack) } }), /no Strict-Transport-Security/],
    ['headers whose Strict-Transport-Security ends at once', (stack) => ({
      defaultBehavior: { responseHeadersPolicy: headers(stack, { strictTransportSecurity: { accessControlMaxAge: Duration.seconds(0), override: true } }) },
    }), /no Strict-Transport-Security/],
    ...CORS_ONLY.map((responseHeadersPolicy): typeof REFUSED[number] => [
      `the headers ${responseHeadersPolicy.responseHeadersPolicyId} of AWS, which have no Strict-Transport-Security`,
      () => ({ defaultBehavior: { responseHeadersPolicy } }), /no Strict-Transport-Security/,
    ]),
    ...['/public*', '/pub?ic', '/${aws:SourceAccount}', '/a\u{1F600}'].map((originPath): typeof REFUSED[number] => [
      `the origin path ${originPath}`, () => ({ originOptions: { originPath } }), /'originOptions.originPath: [^]*' has characters/,
    ]),
    ['two policies for the content', (stack) => ({
      contentSecurityPolicy: "default-src 'self'",
      defaultBehavior: { responseHeadersPolicy: headers(stack, { strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true } }) },
    }), /exclude each other/],
    ['another origin access control', () => ({ originOptions: { originAccessControlId: 'E2QWRUHEXAMPLE' } }), /may not sign/],
    ['a header in the place of the signature', () => ({ originOptions: { customHeaders: { Authorization: 'Basic' } } }), /replace the signature/],
    ['the same header in small letters', () => ({ originOptions: { customHeaders: { authorization: 'Basic' } } }), /replace the signature/],
    ['an id that is none', () => ({ deployedDistributionId: 'd111111abcdef8.cloudfront.net' }), /is no id of a distribution/],
    ['an id that is empty', () => ({ deployedDistributionId: '' }), /'deployedDistributionId: ' is no id of a distribution/],
    ['a log bucket encrypted with KMS', (stack) => ({ logBucket: new SecureBucket(stack, 'Logs') }), /'logBucket' is 'Site\/Logs', which is encrypted with KMS[^]*AccessLogBucket/],
    ['logs outside of their folder', () => ({ logFilePrefix: '/elsewhere/' }), /'logFilePrefix' begins with a slash/],
  ];

  test.each(REFUSED)('%s', (_, propsOf, message) => {
    const stack = siteStack();
    const bucket = new SecureBucket(stack, 'Content', PREFIXED);
    const refused = refusalOf(() => new OacDistribution(stack, 'Site', { bucket, ...propsOf(stack) }));
    expect(refused).toMatch(message);
    expect(refused).toMatch(/'Site\/Site/);
  });

  test('behaviors that are added later, too', () => {
    const { site } = oneStack();
    expect(() => site.addBehavior('/http/*', site.bucketOrigin, { viewerProtocolPolicy: HTTP })).toThrow(/ALLOW_ALL/);
    expect(() => site.addBehavior('/drop/*', site.bucketOrigin, { allowedMethods: ALLOW_ALL })).toThrow(/'allowUploads'/);
  });
});

describe('a bucket that CloudFront could not serve privately is refused', () => {
  const BUCKETS: [name: string, build: (stack: Stack) => s3.IBucket, message: RegExp][] = [
    ['a website', (stack) => new s3.Bucket(stack, 'Content', { websiteIndexDocument: 'index.html', encryption: s3.BucketEncryption.KMS }), /'Site\/Content' is a website[^]*plain HTTP[^]*'defaultRootObject'/],
    ['an imported website', (stack) => s3.Bucket.fromBucketAttributes(stack, 'Content', { bucketName: 'site-content', isWebsite: true }), /is a website/],
    ['a public bucket', (stack) => new s3.Bucket(stack, 'Content', {
      encryption: s3.BucketEncryption.KMS,
      blockPublicAccess: new s3.BlockPublicAccess({ blockPublicPolicy: false, restrictPublicBuckets: false, blockPublicAcls: true, ignorePublicAcls: true }),
    }), /allows public access[^]*Block Public Access/],
    ['a bucket whose settings are half on', (stack) => new s3.Bucket(stack, 'Content', {
      encryption: s3.BucketEncryption.KMS, blockPublicAccess: s3.BlockPublicAccess.BLOCK_ACLS,
    }), /allows public access/],
    ['a bucket with a public ACL', (stack) => new s3.Bucket(stack, 'Content', {
      encryption: s3.BucketEncryption.KMS, accessControl: s3.BucketAccessControl.PUBLIC_READ, objectOwnership: s3.ObjectOwnership.OBJECT_WRITER,
    }), /allows public access/],
    ['keys that S3 manages', (stack) => new s3.Bucket(stack, 'Content', { encryption: s3.BucketEncryption.S3_MANAGED }), /keys that S3 manages[^]*customer managed key/],
    ['no encryption that the bucket asks for', (stack) => new s3.Bucket(stack, 'Content'), /keys that S3 manages/],
    ['a log bucket', (stack) => new AccessLogBucket(stack, 'Content'), /keys that S3 manages/],
    ['the AWS managed key', (stack) => new s3.Bucket(stack, 'Content', { encryption: s3.BucketEncryption.KMS_MANAGED }), /AWS managed key, whose policy cannot let CloudFront decrypt/],
    ['the alias of the AWS managed key', (stack) => new s3.Bucket(stack, 'Content', { encryptionKey: kms.Alias.fromAliasName(stack, 'Key', 'alias/aws/s3') }), /AWS managed key/],
  ];

  test.each(BUCKETS)('%s', (_, build, message) => {
    const stack = siteStack();
    const bucket = build(stack);
    expect(refusalOf(() => new OacDistribution(stack, 'Site', { bucket }))).toMatch(message);
  });
});

describe('where CloudFront differs', () => {
  test.each([['us-gov-west-1', /outside of AWS GovCloud[^]*standard partition/], ['cn-north-1', /CloudFront in China[^]*CfnDistribution/]])('%s is refused', (region, message) => {
    const stack = siteStack(region);
    const bucket = new SecureBucket(stack, 'Content', PREFIXED);
    expect(refusalOf(() => new OacDistribution(stack, 'Site', { bucket }))).toMatch(message);
  });

  test.each([['aws-us-gov', /GovCloud/], ['aws-cn', /China/]])('a bucket imported from the partition %s is refused', (partition, message) => {
    const stack = siteStack();
    const bucket = s3.Bucket.fromBucketArn(stack, 'Content', `arn:${partition}:s3:::site-content`);
    expect(refusalOf(() => new OacDistribution(stack, 'Site', { bucket }))).toMatch(message);
  });

  test('a bucket there is refused for a distribution elsewhere', () => {
    const app = newApp();
    const bucket = new SecureBucket(new Stack(app, 'Gov', { env: { ...ENV, region: 'us-gov-west-1' } }), 'Content', PREFIXED);
    expect(refusalOf(() => new OacDistribution(new Stack(app, 'Site', { env: ENV }), 'Site', { bucket }))).toMatch(/GovCloud/);
  });
});

describe('what is weakened after the fact fails synthesis', () => {
  type Built = ReturnType<typeof oneStack>;
  function certifiedSite(): Built {
    const built = oneStack({ allowListing: true, allowUploads: true });
    const ofDomain = { certificate: certificate(built.stack), domainNames: ['www.example.com'] };
    return { ...built, site: new OacDistribution(built.stack, 'Certified', { bucket: built.bucket, allowListing: true, allowUploads: true, ...ofDomain }) };
  }
  const site = (change: (distribution: cloudfront.CfnDistribution) => void) => (built: Built) => change(built.site.node.defaultChild as cloudfront.CfnDistribution);
  const WEAKENINGS: [name: string, weaken: (built: Built) => void, message: RegExp][] = [
    ['HTTP viewers by an override', site((distribution) => distribution.addPropertyOverride('DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy', 'allow-all')), /serves '\*' over plain HTTP/],
    ['HTTP viewers by an aspect', ({ stack }) => Aspects.of(stack).add({
      visit: (node) => (node instanceof cloudfront.CfnDistribution ? node.addPropertyOverride('DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy', 'allow-all') : undefined),
    }), /over plain HTTP/],
    ['an older security policy', site((distribution) => distribution.addPropertyOverride('DistributionConfig.ViewerCertificate', { AcmCertificateArn: CERTIFICATE, MinimumProtocolVersion: 'TLSv1.1_2016' })), /'TLSv1.1_2016'/],
    ['an origin without origin access control', site((distribution) => distribution.addPropertyDeletionOverride('DistributionConfig.Origins.0.OriginAccessControlId')), /without origin access control/],
    ['an origin that is asked over HTTP', ({ site: built }) => built.addBehavior('/api/*', new origins.HttpOrigin('api.example.com', { protocolPolicy: cloudfront.OriginProtocolPolicy.HTTP_ONLY })), /'api.example.com' is asked over plain HTTP/],
    ['the root object of a bucket that may be listed', site((distribution) => distribution.addPropertyDeletionOverride('DistributionConfig.DefaultRootObject')), /list of objects at the root URL/],
    ['security headers', site((distribution) => distribution.addPropertyDeletionOverride('DistributionConfig.DefaultCacheBehavior.ResponseHeadersPolicyId')), /'\*' without Strict-Transport-Security/],
    ['other headers of AWS', site((distribution) => distribution.addPropertyOverride('DistributionConfig.DefaultCacheBehavior.ResponseHeadersPolicyId', '60669652-455b-4ae9-85a4-c4c02393f86c')), /'\*' without Strict-Transport-Security/],
    ['the certificate', site((distribution) => distribution.addPropertyDeletionOverride('DistributionConfig.ViewerCertificate')), /without its certificate[^]*TLS 1.0/],
    ['signatures', ({ site: built }) => {
      const control = built.node.findAll().find(cloudfront.CfnOriginAccessControl.isCfnOriginAccessControl)!;
      control.addPropertyOverride('OriginAccessControlConfig.SigningBehavior', 'no-override');
    }, /does not sign every request \('no-override'\)/],
    ['uploads by an override', site((distribution) => distribution.addPropertyOverride('DistributionConfig.DefaultCacheBehavior.AllowedMethods', ALLOW_ALL.methods)), /anybody could send [^]*PUT[^]*'\*'/],
    ['uploads by another origin for the bucket', ({ site: built, bucket }) => {
      const originAccessLevels = [cloudfront.AccessLevel.READ, cloudfront.AccessLevel.WRITE, cloudfront.AccessLevel.DELETE];
      built.addBehavior('/drop/*', origins.S3BucketOrigin.withOriginAccessControl(bucket, { originAccessLevels }), { allowedMethods: ALLOW_ALL });
    }, /anybody could send PUT[^]*'\/drop\/\*'/],
    ['uploads by a group of origins', ({ site: built }) => {
      const origin = new origins.OriginGroup({ primaryOrigin: built.bucketOrigin, fallbackOrigin: new origins.HttpOrigin('api.example.com') });
      built.addBehavior('/drop/*', origin, { allowedMethods: ALLOW_ALL });
    }, /anybody could send PUT[^]*'\/drop\/\*'/],
    ['an origin that is asked over outdated TLS', ({ site: built }) => built.addBehavior('/api/*', new origins.HttpOrigin('api.example.com', {
      originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1, cloudfront.OriginSslPolicy.TLS_V1_2],
    })), /'api.example.com' may be asked over 'TLSv1'/],
    ['a website as another origin', ({ site: built }) => built.addBehavior('/old/*', new origins.HttpOrigin('old.s3-website-us-east-1.amazonaws.com')), /is a website endpoint/],
  ];

  test.each(WEAKENINGS)('%s', (_, weaken, message) => {
    const built = certifiedSite();
    weaken(built);
    expect(synthesisErrors(built.stack)).toMatch(message);
  });

  test('what is not weakened does not', () => {
    const built = oneStack();
    built.site.addBehavior('/api/*', new origins.HttpOrigin('api.example.com'));
    expect(synthesisErrors(built.stack)).toBe('');
  });
});

describe('what does not weaken the distribution passes', () => {
  test('all props at once', () => {
    const stack = siteStack();
    const keyGroup = new cloudfront.KeyGroup(stack, 'KeyGroup', { items: [cloudfront.PublicKey.fromPublicKeyId(stack, 'PublicKey', 'K2EXAMPLE')] });
    const site = new OacDistribution(stack, 'Site', {
      bucket: new SecureBucket(stack, 'Content', PREFIXED),
      certificate: certificate(stack),
      domainNames: ['www.example.com'],
      minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_3_2025,
      sslSupportMethod: cloudfront.SSLMethod.SNI,
      webAclId: `arn:aws:wafv2:us-east-1:${ENV.account}:global/webacl/Site/473e64fd-f30b-4765-81a0-62ad96dd167a`,
      geoRestriction: cloudfront.GeoRestriction.allowlist('DE', 'FR'),
      priceClass: cloudfront.PriceClass.PRICE_CLASS_100,
      comment: 'The site',
      defaultRootObject: 'home.html',
      enabled: false,
      enableIpv6: false,
      enableLogging: true,
      httpVersion: cloudfront.HttpVersion.HTTP2,
      errorResponses: [{ httpStatus: 500, responsePagePath: '/500.html' }],
      singlePageApplication: true,
      contentSecurityPolicy: "default-src 'self'",
      allowListing: true,
      allowUploads: true,
      originOptions: { originPath: '/site/', originShieldRegion: 'us-east-1' },
      defaultBehavior: { cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED, viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY },
      additionalBehaviors: { '/api/*': { origin: new origins.HttpOrigin('api.example.com'), allowedMethods: ALLOW_ALL } },
      logBucket: new AccessLogBucket(stack, 'Logs'),
      logFilePrefix: 'site/',
      logIncludesCookies: true,
      publishAdditionalMetrics: true,
    });
    site.addBehavior('/drop/*', site.bucketOrigin, { allowedMethods: ALLOW_ALL, trustedKeyGroups: [keyGroup] });
    const deployed = new DeployedSite(stack.node.root as any);
    const config = deployed.deployment.ofType('AWS::CloudFront::Distribution')[0].property('DistributionConfig');
    expect(config).toEqual(expect.objectContaining({
      Aliases: ['www.example.com'],
      ViewerCertificate: { AcmCertificateArn: CERTIFICATE, MinimumProtocolVersion: 'TLSv1.3_2025', SslSupportMethod: 'sni-only' },
      Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Locations: ['DE', 'FR'] } },
      PriceClass: 'PriceClass_100',
      Comment: 'The site',
      DefaultRootObject: 'home.html',
      Enabled: false,
      IPV6Enabled: false,
      HttpVersion: 'http2',
      WebACLId: expect.stringContaining(':global/webacl/Site/'),
      CustomErrorResponses: [
        { ErrorCode: 500, ResponseCode: 500, ResponsePagePath: '/500.html' },
        { ErrorCode: 403, ResponseCode: 200, ResponsePagePath: '/home.html', ErrorCachingMinTTL: 10 },
        { ErrorCode: 404, ResponseCode: 200, ResponsePagePath: '/home.html', ErrorCachingMinTTL: 10 },
      ],
    }));
    expect(config.Origins[0]).toEqual(expect.objectContaining({ OriginPath: '/site', OriginShield: { Enabled: true, OriginShieldRegion: 'us-east-1' } }));
    expect(config.CacheBehaviors.map(({ PathPattern, ViewerProtocolPolicy }: any) => [PathPattern, ViewerProtocolPolicy])).toEqual([['/api/*', 'redirect-to-https'], ['/drop/*', 'redirect-to-https']]);
    expect(config.CacheBehaviors[1].TargetOriginId).toBe(config.Origins[0].Id);
    expect(warnings(site)).toEqual([]);
  });

  test('a bucket that takes TLS 1.3 only is a warning: that CloudFront speaks it to S3 is not documented', () => {
    const { app, site } = oneStack({ bucketProps: { ...PREFIXED, minimumTLSVersion: 1.3 } });
    app.synth();
    expect(warnings(site)).toContain('cdk-secure-bucket:originTls');
  });

  test.each([
    cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS,
    cloudfront.ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS_AND_SECURITY_HEADERS,
    cloudfront.ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS_WITH_PREFLIGHT_AND_SECURITY_HEADERS,
  ])('headers of AWS with Strict-Transport-Security, of any behavior', (responseHeadersPolicy) => {
    const { stack, site } = oneStack({ defaultBehavior: { responseHeadersPolicy } });
    site.addBehavior('/assets/*', site.bucketOrigin, { responseHeadersPolicy });
    expect(synthesisErrors(stack)).toBe('');
  });

  test('a viewer function may authenticate uploads', () => {
    const stack = siteStack();
    const bucket = new SecureBucket(stack, 'Content', PREFIXED);
    const functionAssociations = viewerFunction(stack, cloudfront.FunctionEventType.VIEWER_REQUEST);
    expect(refusalOf(() => new OacDistribution(stack, 'Site', { bucket, allowUploads: true, defaultBehavior: { allowedMethods: ALLOW_ALL, functionAssociations } }))).toBe('');
  });

  test('by default viewers get HTTPS, HTTP/2 and 3, compression, security headers and a root object', () => {
    const { app } = oneStack();
    const config = new DeployedSite(app).deployment.ofType('AWS::CloudFront::Distribution')[0].property('DistributionConfig');
    expect(config).toEqual(expect.objectContaining({ HttpVersion: 'http2and3', DefaultRootObject: 'index.html', Enabled: true, IPV6Enabled: true }));
    expect(config.DefaultCacheBehavior).toEqual(expect.objectContaining({ ViewerProtocolPolicy: 'redirect-to-https', Compress: true, ResponseHeadersPolicyId: '67f7725c-6f97-4210-82d7-5512b31e9d03' }));
    expect(config.Logging).toBeUndefined(); // the older logs need ACLs
  });

  test('with a content security policy, every behavior gets the headers of AWS and that', () => {
    const { app, site } = oneStack({ contentSecurityPolicy: "default-src 'self'" });
    site.addBehavior('/assets/*', site.bucketOrigin);
    const { deployment } = new DeployedSite(app);
    const [policy] = deployment.ofType('AWS::CloudFront::ResponseHeadersPolicy');
    const config = deployment.ofType('AWS::CloudFront::Distribution')[0].property('DistributionConfig');
    expect([config.DefaultCacheBehavior, ...config.CacheBehaviors].map(({ ResponseHeadersPolicyId }: any) => ResponseHeadersPolicyId)).toEqual([policy.reference('Ref'), policy.reference('Ref')]);
    expect(policy.property('ResponseHeadersPolicyConfig').SecurityHeadersConfig).toEqual(expect.objectContaining({
      ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'self'", Override: true },
      StrictTransportSecurity: expect.objectContaining({ AccessControlMaxAgeSec: 31_536_000 }),
    }));
  });
});
