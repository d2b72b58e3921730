import { App, Stack, Validations } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ENV, newApp, oneStack, PREFIXED } from './sites';
import { DistributionAccessLogs, OacDistribution, SecureBucket, SecureBucketChecks } from '../../src';

interface Violation {
  readonly ruleName: string;
  readonly fix?: string;
  readonly description: string;
  readonly violatingResources: any[];
}

function violations(app: App): Violation[] {
  return [...new SecureBucketChecks(app).validateScope(app).violations] as unknown as Violation[];
}

function found(app: App): string[] {
  return violations(app).map(({ ruleName, violatingResources }) => `${ruleName} ${violatingResources[0].constructPath}`);
}

describe('beside what CloudFront decides without a certificate, the rule pack finds nothing', () => {
  const APPS: Record<string, () => App> = {
    'in one stack': () => oneStack().app,
    'with perimeters': () => oneStack({ bucketProps: { ...PREFIXED, network: { vpcEndpointIds: ['vpce-0abc123def4567890'] }, organization: { organizationIds: ['o-exampleorgid'] } } }).app,
    'with a list and uploads': () => {
      const { app, stack, site } = oneStack({ allowListing: true, allowUploads: true });
      const keyGroup = new cloudfront.KeyGroup(stack, 'KeyGroup', { items: [cloudfront.PublicKey.fromPublicKeyId(stack, 'PublicKey', 'K2EXAMPLE')] });
      site.addBehavior('/drop/*', site.bucketOrigin, { allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL, trustedKeyGroups: [keyGroup] });
      return app;
    },
    'in two stacks': () => {
      const app = newApp();
      const bucket = new SecureBucket(new Stack(app, 'Storage', { env: ENV }), 'Content', PREFIXED);
      new OacDistribution(new Stack(app, 'Site', { env: ENV }), 'Site', { bucket }); // the log bucket of this stack takes the distribution's logs alone
      return app;
    },
    'in a stack of any account': () => oneStack({ env: {} }).app,
    'for an id that is known': () => oneStack({ bucketProps: {}, deployedDistributionId: 'EDFDVBD6EXAMPLE' }).app,
  };

  test.each(Object.entries(APPS))('%s', (_, build) => {
    expect(found(build())).toEqual(['SecureBucket-DistributionTls Site/Site/Resource']);
  });

  test('with a certificate it finds nothing at all', () => {
    const { app } = oneStack({
      certificate: acm.Certificate.fromCertificateArn(new Stack(), 'Certificate', `arn:aws:acm:us-east-1:${ENV.account}:certificate/12345678-1234-1234-1234-123456789012`),
      domainNames: ['www.example.com'],
    });
    expect(found(app)).toEqual([]);
  });
});

describe('the rule pack finds what is changed after the fact', () => {
  interface Site {
    readonly key: kms.CfnKey;
    readonly policy: s3.CfnBucketPolicy;
    readonly distribution: cloudfront.CfnDistribution;
    readonly control: cloudfront.CfnOriginAccessControl;
  }

  const ANY = { 'aws:SourceArn': `arn:aws:cloudfront::${ENV.account}:distribution/*` };
  const STATEMENT = 'PolicyDocument.Statement.7'; // of the bucket's policy, behind its seven denies
  const KEY_STATEMENT = 'KeyPolicy.Statement.1';

  const MUTATIONS: [name: string, mutate: (site: Site) => void, rule: string][] = [
    ['any distribution in the policy of the key', ({ key }) => {
      key.addPropertyDeletionOverride(`${KEY_STATEMENT}.Condition.StringEquals`);
      key.addPropertyOverride(`${KEY_STATEMENT}.Condition.ArnLike`, ANY);
    }, 'KeyPolicy'],
    ['no condition in the policy of the key', ({ key }) => key.addPropertyDeletionOverride(`${KEY_STATEMENT}.Condition`), 'KeyPolicy'],
    ['any distribution in the policy of the bucket', ({ policy }) => {
      policy.addPropertyDeletionOverride(`${STATEMENT}.Condition.StringEquals`);
      policy.addPropertyOverride(`${STATEMENT}.Condition.ArnLike`, ANY);
    }, 'DistributionAccess'],
    ['no condition in the policy of the bucket', ({ policy }) => policy.addPropertyDeletionOverride(`${STATEMENT}.Condition`), 'DistributionAccess'],
    ['no condition in the policy of the bucket, for any account', ({ policy }) => policy.addPropertyDeletionOverride(`${STATEMENT}.Condition`), 'OverbroadGrant'],
    ['a list at the root', ({ policy, distribution }) => {
      policy.addPropertyOverride(`${STATEMENT}.Action`, ['s3:GetObject', 's3:ListBucket']);
      policy.addPropertyOverride(`${STATEMENT}.Resource`, '*');
      distribution.addPropertyDeletionOverride('DistributionConfig.DefaultRootObject');
    }, 'DistributionAccess'],
    ['uploads by anybody', ({ policy, distribution }) => {
      policy.addPropertyOverride(`${STATEMENT}.Action`, ['s3:GetObject', 's3:PutObject']);
      distribution.addPropertyOverride('DistributionConfig.DefaultCacheBehavior.AllowedMethods', ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE']);
    }, 'DistributionAccess'],
    ['uploads behind a function that sees answers only', ({ policy, distribution }) => {
      policy.addPropertyOverride(`${STATEMENT}.Action`, ['s3:GetObject', 's3:PutObject']);
      distribution.addPropertyOverride('DistributionConfig.DefaultCacheBehavior.AllowedMethods', cloudfront.AllowedMethods.ALLOW_ALL.methods);
      distribution.addPropertyOverride('DistributionConfig.DefaultCacheBehavior.FunctionAssociations', [{ EventType: 'viewer-response', FunctionARN: 'arn:aws:cloudfront::111122223333:function/Headers' }]);
    }, 'DistributionAccess'],
    ['uploads by anybody to a group of origins', ({ policy, distribution }) => {
      policy.addPropertyOverride(`${STATEMENT}.Action`, ['s3:GetObject', 's3:PutObject']);
      distribution.addPropertyOverride('DistributionConfig.DefaultCacheBehavior.AllowedMethods', cloudfront.AllowedMethods.ALLOW_ALL.methods);
      const OriginId = distribution.stack.resolve(distribution.distributionConfig).origins[0].id;
      distribution.addPropertyOverride('DistributionConfig.OriginGroups.Items', [{ Id: 'Group', Members: { Quantity: 2, Items: [{ OriginId }, { OriginId: 'Other' }] } }]);
      distribution.addPropertyOverride('DistributionConfig.DefaultCacheBehavior.TargetOriginId', 'Group');
    }, 'DistributionAccess'],
    ['the public in the policy of the bucket', ({ policy }) => {
      policy.addPropertyOverride(`${STATEMENT}.Principal`, '*');
      policy.addPropertyDeletionOverride(`${STATEMENT}.Condition`);
    }, 'PublicAllow'],
    ['requests that are not signed', ({ control }) => control.addPropertyOverride('OriginAccessControlConfig.SigningBehavior', 'never'), 'DistributionOrigin'],
    ['requests that viewers may sign', ({ control }) => control.addPropertyOverride('OriginAccessControlConfig.SigningBehavior', 'no-override'), 'DistributionOrigin'],
    ['no origin access control', ({ distribution }) => distribution.addPropertyDeletionOverride('DistributionConfig.Origins.0.OriginAccessControlId'), 'DistributionOrigin'],
    ['plain HTTP for viewers', ({ distribution }) => distribution.addPropertyOverride('DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy', 'allow-all'), 'DistributionTls'],
    ['the statement on the bucket instead of its objects', ({ policy }) => policy.addPropertyOverride(`${STATEMENT}.Resource`, `arn:aws:s3:::site-${ENV.account}-us-east-1-an`), 'ArnForm'],
  ];

  test.each(MUTATIONS)('%s', (_, mutate, rule) => {
    const { app, bucket, site } = oneStack();
    mutate({
      key: bucket.encryptionKey!.node.defaultChild as kms.CfnKey,
      policy: bucket.policy!.node.defaultChild as s3.CfnBucketPolicy,
      distribution: site.node.defaultChild as cloudfront.CfnDistribution,
      control: site.node.findChild('Origin1').node.findChild('OriginAccessControl').node.defaultChild as cloudfront.CfnOriginAccessControl,
    });
    expect(judgedLoosely(app).map((line) => line.split(' ')[0])).toContain(`SecureBucket-${rule}`);
  });

  /** What the pack says of a template that the constructs themselves would refuse. */
  function judgedLoosely(app: App): string[] {
    app.node.findAll().forEach((construct) => jest.spyOn(construct.node, 'validate').mockReturnValue([]));
    return found(app);
  }
});

describe('a SecureBucket behind the distributions of the L2', () => {
  function site(): { app: App; stack: Stack; distribution: cloudfront.Distribution } {
    const app = newApp();
    const stack = new Stack(app, 'Site', { env: ENV });
    const bucket = new SecureBucket(stack, 'Content', PREFIXED);
    const distribution = new cloudfront.Distribution(stack, 'Site', {
      defaultBehavior: { origin: origins.S3BucketOrigin.withOriginAccessControl(bucket), viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS },
    });
    return { app, stack, distribution };
  }

  test('works, and the pack flags the wildcard in the policy of the key and offers the way out', () => {
    const { app } = site();
    const all = violations(app);
    expect(all.map(({ ruleName }) => ruleName)).toEqual(['SecureBucket-KeyPolicy', 'SecureBucket-DistributionTls']);
    expect(all[0].description).toMatch(/lets any distribution use the key[^]*cloudfront\.amazonaws\.com/);
    expect(all[0].fix).toMatch(/OacDistribution/);
  });

  test('is logged by DistributionAccessLogs', () => {
    const { app, stack, distribution } = site();
    new DistributionAccessLogs(stack, 'AccessLogs', { distribution });
    expect(found(app)).toEqual(['SecureBucket-KeyPolicy Site/Content/Key/Resource', 'SecureBucket-DistributionTls Site/Site/Resource']);
    expect(distribution.node.metadata.some(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)).toBe(true);
  });
});
