import { App, CfnOutput, CfnParameter, NestedStack, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as deployment from 'aws-cdk-lib/aws-s3-deployment';
import { DeployedSite, ENV, newApp, oneStack, OTHER_ACCOUNT, PREFIXED, refusalOf, statement } from './sites';
import { OacDistribution, SecureBucket, SecureBucketProps } from '../../src';
import { DeployedApp } from '../sharing/sides';
import { warnings } from '../support/apps';
import * as fc from '../support/fast-check';

const EXACT = ['cdk-secure-bucket:tlsByCloudFront']; // what is left of warnings when all is exact and logged
const ACCOUNT_WIDE = `arn:aws:cloudfront::${ENV.account}:distribution/*`;

function expectExact(app: App): DeployedSite {
  const deployed = new DeployedSite(app);
  const arn = deployed.distributionArn();
  expect(deployed.bucketStatements).toEqual([expect.objectContaining({ Action: 's3:GetObject', Condition: { StringEquals: { 'aws:SourceArn': arn } } })]);
  expect(deployed.keyStatements).toEqual([expect.objectContaining({ Action: 'kms:Decrypt', Condition: { StringEquals: { 'aws:SourceArn': arn } } })]);
  return deployed;
}

describe('in one stack, the policies of bucket and key name the distribution exactly', () => {
  const NAMES: Record<string, (stack: Stack) => SecureBucketProps> = {
    'a prefix in the account-regional namespace': () => PREFIXED,
    'a name': () => ({ bucketName: 'site-content' }),
    'a name that is generated because it is needed': () => ({ bucketName: PhysicalName.GENERATE_IF_NEEDED }),
    'a name with the account in it': (stack) => ({ bucketName: `site-${stack.account}` }),
    'a name from a parameter': (stack) => ({ bucketName: new CfnParameter(stack, 'Name').valueAsString }),
  };

  test.each(Object.entries(NAMES))('with %s', (_, propsOf) => {
    const app = newApp();
    const stack = new Stack(app, 'Site', { env: ENV });
    const bucket = new SecureBucket(stack, 'Content', propsOf(stack));
    const site = new OacDistribution(stack, 'Site', { bucket });
    expectExact(app);
    expect(warnings(site)).toEqual(EXACT);
  });

  test('with a prefix, in a stack of any account and Region', () => {
    const { app, site } = oneStack({ env: {} });
    expectExact(app);
    expect(warnings(site).sort()).toEqual(['cdk-secure-bucket:noAccessLogs', ...EXACT]);
  });

  test('in a stage, and in a nested stack', () => {
    for (const place of [(app: App) => new Stack(new Stage(app, 'Prod', { env: ENV }), 'Site'), (app: App) => new NestedStack(new Stack(app, 'Parent', { env: ENV }), 'Site')]) {
      const app = newApp();
      const stack = place(app);
      new OacDistribution(stack, 'Site', { bucket: new SecureBucket(stack, 'Content', PREFIXED) });
      expectExact(app);
    }
  });

  test('and the origin is the bucket, in its Region, signed always', () => {
    const { app } = oneStack();
    const deployed = expectExact(app);
    expect(deployed.origin.DomainName).toBe(`site-${ENV.account}-us-east-1-an.s3.us-east-1.amazonaws.com`);
    const [control] = deployed.deployment.ofType('AWS::CloudFront::OriginAccessControl');
    expect(control.property('OriginAccessControlConfig')).toEqual(expect.objectContaining({ SigningBehavior: 'always', SigningProtocol: 'sigv4', OriginAccessControlOriginType: 's3' }));
    expect(deployed.deployment.resources.filter(({ type }) => /^Custom|CustomResource/.test(type))).toEqual([]);
  });

  test('with a key of the stack, and a plain bucket', () => {
    const buckets: ((stack: Stack, encryptionKey: kms.Key) => s3.IBucket)[] = [
      (stack, encryptionKey) => new SecureBucket(stack, 'Content', { ...PREFIXED, encryptionKey }),
      (stack, encryptionKey) => new s3.Bucket(stack, 'Content', { bucketName: 'site-content', encryptionKey }),
    ];
    for (const bucketOf of buckets) {
      const app = newApp();
      const stack = new Stack(app, 'Site', { env: ENV });
      const encryptionKey = new kms.Key(stack, 'Key', { enableKeyRotation: true });
      new OacDistribution(stack, 'Site', { bucket: bucketOf(stack, encryptionKey), encryptionKey });
      expectExact(app);
    }
  });

  test('with a key behind an alias', () => {
    const app = newApp();
    const stack = new Stack(app, 'Site', { env: ENV });
    const encryptionKey = new kms.Key(stack, 'Key', { enableKeyRotation: true });
    new OacDistribution(stack, 'Site', { bucket: new SecureBucket(stack, 'Content', { ...PREFIXED, encryptionKey: encryptionKey.addAlias('alias/site') }), encryptionKey });
    expectExact(app);
  });

  test('below an origin path from a parameter, which begins with a slash as CloudFront asks', () => {
    const app = newApp();
    const stack = new Stack(app, 'Site', { env: ENV });
    const path = new CfnParameter(stack, 'Path');
    new OacDistribution(stack, 'Site', { bucket: new SecureBucket(stack, 'Content', PREFIXED), originOptions: { originPath: path.valueAsString } });
    const deployed = expectExact(app);
    expect(deployed.bucketStatements[0].Resource).toBe(`arn:aws:s3:::${deployed.bucketName}${deployed.origin.OriginPath}/*`);
  });

  test('beside a BucketDeployment which invalidates the cache', () => {
    const { app, stack, bucket, site } = oneStack();
    new deployment.BucketDeployment(stack, 'Deploy', { destinationBucket: bucket, distribution: site, sources: [deployment.Source.data('index.html', '<html></html>')] });
    expectExact(app);
  });

  test('and several distributions share one statement', () => {
    const { app, stack, bucket } = oneStack();
    new OacDistribution(stack, 'Second', { bucket });
    new OacDistribution(stack, 'Lower', { bucket, originOptions: { originPath: '/lower' } });
    const deployed = new DeployedSite(app);
    const [first, second, lower] = ['Site/Site', 'Site/Second', 'Site/Lower'].map((path) => deployed.distributionArn(path));
    expect(deployed.bucketStatements.map(({ Sid, Resource, Condition }) => [Sid, Resource, Condition.StringEquals['aws:SourceArn']])).toEqual([
      ['AllowCloudFrontOAC', `arn:aws:s3:::${deployed.bucketName}/*`, [first, second]],
      ['AllowCloudFrontOAC2', `arn:aws:s3:::${deployed.bucketName}/lower/*`, lower],
    ]);
    expect(deployed.keyStatements).toHaveLength(1);
    expect(deployed.keyStatements[0].Condition).toEqual({ StringEquals: { 'aws:SourceArn': [first, second, lower] } });
  });
});

describe('in two stacks', () => {
  interface Stacks {
    readonly app: App;
    readonly storage: Stack;
    readonly delivery: Stack;
  }

  const ORDERS: Record<string, () => Stacks> = {
    'the bucket first': () => {
      const app = newApp();
      const storage = new Stack(app, 'Storage', { env: ENV });
      return { app, storage, delivery: new Stack(app, 'Delivery', { env: ENV }) };
    },
    'the distribution first': () => {
      const app = newApp();
      const delivery = new Stack(app, 'Delivery', { env: ENV });
      return { app, storage: new Stack(app, 'Storage', { env: ENV }), delivery };
    },
  };

  test.each(Object.entries(ORDERS))('%s, the policies name the distribution exactly', (_, stacks) => {
    const { app, storage, delivery } = stacks();
    const site = new OacDistribution(delivery, 'Site', { bucket: new SecureBucket(storage, 'Content', PREFIXED) });
    expectExact(app);
    expect(storage.dependencies).toEqual([delivery]);
    expect(delivery.dependencies).toEqual([]);
    expect(warnings(site)).toEqual(EXACT);
  });

  test.each(Object.entries(ORDERS))('%s, a bucket without a name lets in the distributions of the account, with a warning', (_, stacks) => {
    const { app, storage, delivery } = stacks();
    const site = new OacDistribution(delivery, 'Site', { bucket: new SecureBucket(storage, 'Content') });
    const deployed = new DeployedSite(app);
    expect([...deployed.bucketStatements, ...deployed.keyStatements].map(({ Condition }) => Condition)).toEqual([{ ArnLike: { 'aws:SourceArn': ACCOUNT_WIDE } }, { ArnLike: { 'aws:SourceArn': ACCOUNT_WIDE } }]);
    expect(delivery.dependencies).toEqual([storage]);
    expect(warnings(site)).toEqual(expect.arrayContaining(['cdk-secure-bucket:anyDistributionInBucketPolicy', 'cdk-secure-bucket:anyDistributionInKeyPolicy']));
  });

  test('what makes the distribution wait for the bucket is named, and the distributions of the account are let in', () => {
    const { app, storage, delivery } = ORDERS['the bucket first']();
    const bucket = new SecureBucket(storage, 'Content', PREFIXED);
    const site = new OacDistribution(delivery, 'Site', { bucket });
    new deployment.BucketDeployment(delivery, 'Deploy', { destinationBucket: bucket, distribution: site, sources: [deployment.Source.data('index.html', '<html></html>')] });
    const deployed = new DeployedSite(app);
    expect(deployed.keyStatements[0].Condition).toEqual({ ArnLike: { 'aws:SourceArn': ACCOUNT_WIDE } });
    expect(site.node.metadata.map(({ data }) => String(data)).join()).toMatch(/the distribution waits for it because of .*'Delivery\/Deploy'[^]*into the bucket's stack/);
  });

  test('a deployment in the stack of the bucket or in a third one keeps the exact form', () => {
    for (const place of [({ storage }: Stacks) => storage, ({ app }: Stacks) => new Stack(app, 'Content', { env: ENV })]) {
      const stacks = ORDERS['the bucket first']();
      const bucket = new SecureBucket(stacks.storage, 'Content', PREFIXED);
      const site = new OacDistribution(stacks.delivery, 'Site', { bucket });
      new deployment.BucketDeployment(place(stacks), 'Deploy', { destinationBucket: bucket, distribution: site, sources: [deployment.Source.data('index.html', '<html></html>')] });
      expectExact(stacks.app);
    }
  });

  test('a stack that must be deployed after the bucket is found', () => {
    const { app, storage, delivery } = ORDERS['the bucket first']();
    const site = new OacDistribution(delivery, 'Site', { bucket: new SecureBucket(storage, 'Content', PREFIXED) });
    const between = new Stack(app, 'Between', { env: ENV });
    between.addDependency(storage);
    delivery.addDependency(between);
    app.synth();
    expect(warnings(site)).toEqual(expect.arrayContaining(['cdk-secure-bucket:anyDistributionInKeyPolicy']));
  });

  describe('one of which is nested', () => {
    const WAITING: [name: string, build: (app: App) => Stack[]][] = [
      ['the stack around the distribution waits for the bucket', (app) => {
        const [storage, parent] = [new Stack(app, 'Storage', { env: ENV }), new Stack(app, 'Parent', { env: ENV })];
        parent.addDependency(storage);
        return [storage, new NestedStack(parent, 'Delivery')];
      }],
      ['the distribution waits for the stack around the bucket', (app) => {
        const [parent, delivery] = [new Stack(app, 'Parent', { env: ENV }), new Stack(app, 'Delivery', { env: ENV })];
        const other = new s3.CfnBucket(parent, 'Other');
        const storage = new NestedStack(parent, 'Storage');
        new CfnOutput(delivery, 'Refers', { value: other.ref });
        return [storage, delivery];
      }],
      ['both are nested, and one parent waits for the other', (app) => {
        const [first, second] = [new Stack(app, 'First', { env: ENV }), new Stack(app, 'Second', { env: ENV })];
        second.addDependency(first);
        return [new NestedStack(first, 'Storage'), new NestedStack(second, 'Delivery')];
      }],
      ['both are nested in one, and wait for each other', (app) => {
        const parent = new Stack(app, 'Parent', { env: ENV });
        const [storage, delivery] = [new NestedStack(parent, 'Storage'), new NestedStack(parent, 'Delivery')];
        delivery.addDependency(storage);
        return [storage, delivery];
      }],
    ];

    test.each(WAITING)('%s: the distributions of the account are let in, and nothing becomes a circle', (_, build) => {
      const app = newApp();
      const [storage, delivery] = build(app);
      new OacDistribution(delivery, 'Site', { bucket: new SecureBucket(storage, 'Content', PREFIXED) });
      const deployed = new DeployedSite(app);
      expect([...deployed.bucketStatements, ...deployed.keyStatements].map(({ Condition }) => Object.keys(Condition))).toEqual([['ArnLike'], ['ArnLike']]);
    });

    const FREE: [name: string, build: (parent: Stack) => Stack[]][] = [
      ['the bucket', (parent) => [new NestedStack(parent, 'Storage'), parent]],
      ['the distribution', (parent) => [parent, new NestedStack(parent, 'Delivery')]],
      ['both', (parent) => [new NestedStack(parent, 'Storage'), new NestedStack(parent, 'Delivery')]],
      ['the distribution, which is deployed first', (parent) => {
        const [storage, delivery] = [new NestedStack(parent, 'Storage'), new NestedStack(parent, 'Delivery')];
        storage.addDependency(delivery);
        return [storage, delivery];
      }],
    ];

    test.each(FREE)('%s: the exact form is kept', (_, build) => {
      const app = newApp();
      const [storage, delivery] = build(new Stack(app, 'Parent', { env: ENV }));
      new OacDistribution(delivery, 'Site', { bucket: new SecureBucket(storage, 'Content', PREFIXED) });
      const deployed = new DeployedSite(app);
      expect([...deployed.bucketStatements, ...deployed.keyStatements].map(({ Condition }) => Object.keys(Condition))).toEqual([['StringEquals'], ['StringEquals']]);
    });
  });

  test('of any stacks that wait for each other, the exact form is kept unless the distribution waits for the bucket, and nothing becomes a circle', () => {
    const stackIndex = fc.integer({ min: 0, max: 4 });
    fc.assert(fc.property(stackIndex, stackIndex, fc.array(fc.tuple(stackIndex, stackIndex), { maxLength: 8 }), (storage, delivery, pairs) => {
      const app = newApp();
      const stacks = [0, 1, 2, 3, 4].map((i) => new Stack(app, `Stack${i}`, { env: ENV }));
      const edges = pairs.filter(([from, to]) => from > to);
      edges.forEach(([from, to]) => stacks[from].addDependency(stacks[to]));
      new OacDistribution(stacks[delivery], 'Site', { bucket: new SecureBucket(stacks[storage], 'Content', PREFIXED) });
      const { Condition } = statement(new DeployedApp(app).keyPolicy('Stack'), 'AllowCloudFrontOAC'); // synthesis throws if stacks wait for each other in a circle
      expect(Object.keys(Condition)).toEqual([storage !== delivery && reaches(edges, delivery, storage) ? 'ArnLike' : 'StringEquals']);
    }), { numRuns: 20 });
  });

  function reaches(edges: [number, number][], from: number, goal: number): boolean {
    return edges.some(([start, next]) => start === from && (next === goal || reaches(edges, next, goal)));
  }

  test('a key in a stack of its own, on which the bucket waits in the stack of the distribution, does not become a circle', () => {
    const { app, storage, delivery } = ORDERS['the bucket first']();
    const encryptionKey = new kms.Key(storage, 'Key', { enableKeyRotation: true });
    const site = new OacDistribution(delivery, 'Site', { bucket: new SecureBucket(delivery, 'Content', { ...PREFIXED, encryptionKey }) });
    const deployed = new DeployedSite(app);
    expect(deployed.bucketStatements[0].Condition).toEqual({ StringEquals: { 'aws:SourceArn': deployed.distributionArn() } });
    expect(deployed.keyStatements[0].Condition).toEqual({ ArnLike: { 'aws:SourceArn': ACCOUNT_WIDE } });
    expect(warnings(site)).toContain('cdk-secure-bucket:anyDistributionInKeyPolicy');
  });

  test('of two Regions, the distributions of the account are let in, unless the stacks carry references between Regions', () => {
    const apps = [false, true].map((crossRegionReferences) => {
      const app = newApp();
      const storage = new Stack(app, 'Storage', { env: { ...ENV, region: 'eu-west-1' }, crossRegionReferences });
      const delivery = new Stack(app, 'Delivery', { env: ENV, crossRegionReferences });
      return { app, site: new OacDistribution(delivery, 'Site', { bucket: new SecureBucket(storage, 'Content', PREFIXED) }) };
    });
    expect(new DeployedSite(apps[0].app).bucketStatements[0].Condition).toEqual({ ArnLike: { 'aws:SourceArn': ACCOUNT_WIDE } });
    expect(warnings(apps[0].site)).toContain('cdk-secure-bucket:anyDistributionInBucketPolicy');
    apps[1].app.synth();
    expect(warnings(apps[1].site)).toEqual(EXACT);
  });

  test('of two stages, nothing refers from one to the other', () => {
    const app = newApp();
    const storage = new Stack(new Stage(app, 'Data', { env: ENV }), 'Storage');
    const delivery = new Stack(new Stage(app, 'Edge', { env: ENV }), 'Delivery');
    const site = new OacDistribution(delivery, 'Site', { bucket: new SecureBucket(storage, 'Content', PREFIXED) });
    expect(new DeployedSite(app).keyStatements[0].Condition).toEqual({ ArnLike: { 'aws:SourceArn': ACCOUNT_WIDE } });
    expect(warnings(site)).toContain('cdk-secure-bucket:anyDistributionInKeyPolicy');
  });
});

describe('a bucket whose name is not known at synthesis', () => {
  test('names the distribution exactly in its own policy, and all of the account in the policy of its key, with a warning', () => {
    const { app, site } = oneStack({ bucketProps: {} });
    const deployed = new DeployedSite(app);
    expect(deployed.bucketStatements[0].Condition).toEqual({ StringEquals: { 'aws:SourceArn': deployed.distributionArn() } });
    expect(deployed.keyStatements[0].Condition).toEqual({ ArnLike: { 'aws:SourceArn': ACCOUNT_WIDE } });
    expect(warnings(site)).toEqual([...EXACT, 'cdk-secure-bucket:anyDistributionInKeyPolicy']);
    expect(site.node.metadata.map(({ data }) => String(data)).join()).toMatch(/'bucketNamePrefix' in the account-regional namespace/);
  });

  test('is an error, if the exact form is required', () => {
    expect(refusalOf(() => oneStack({ bucketProps: {}, requireExactArn: true }).site))
      .toMatch(/'Site\/Site': the policy of 'Site\/Content\/Key' cannot name this distribution[^]*'bucketNamePrefix'/);
  });

  test('needs no wildcard once the id of the distribution is known', () => {
    const { app, site } = oneStack({ bucketProps: {}, requireExactArn: true, deployedDistributionId: 'EDFDVBD6EXAMPLE' });
    const deployed = new DeployedSite(app);
    const arn = `arn:aws:cloudfront::${ENV.account}:distribution/EDFDVBD6EXAMPLE`;
    expect([...deployed.bucketStatements, ...deployed.keyStatements].map(({ Condition }) => Condition)).toEqual([{ StringEquals: { 'aws:SourceArn': arn } }, { StringEquals: { 'aws:SourceArn': arn } }]);
    expect(warnings(site)).toEqual(EXACT);
  });

  test('what waits for the bucket within the stack is found at the end', () => {
    const { app, bucket, site } = oneStack();
    site.node.addDependency(bucket);
    const deployed = new DeployedSite(app);
    expect(deployed.keyStatements[0].Condition).toEqual({ ArnLike: { 'aws:SourceArn': ACCOUNT_WIDE } });
    expect(warnings(site)).toContain('cdk-secure-bucket:anyDistributionInKeyPolicy');
  });

  const THROUGH: [name: string, link: (site: OacDistribution, inside: s3.CfnBucket) => void][] = [
    ['refers to', (site, inside) => (site.node.defaultChild as cloudfront.CfnDistribution).addPropertyOverride('DistributionConfig.Comment', inside.ref)],
    ['is made after', (site, inside) => site.node.addDependency(inside)],
  ];

  test.each(THROUGH)('a nested stack which the distribution %s, and which uses the key, does not become a circle', (_, link) => {
    const { app, stack, bucket, site } = oneStack();
    const inside = new s3.CfnBucket(new NestedStack(stack, 'Nested'), 'Inside', { bucketName: bucket.encryptionKey!.keyId });
    link(site, inside);
    const deployed = new DeployedSite(app);
    expect(deployed.keyStatements[0].Condition).toEqual({ ArnLike: { 'aws:SourceArn': ACCOUNT_WIDE } });
    expect(deployed.bucketStatements[0].Condition).toEqual({ StringEquals: { 'aws:SourceArn': deployed.distributionArn() } });
    expect(site.node.metadata.map(({ data }) => String(data)).join()).toMatch(/because of 'Site\/Nested/);
  });

  test('an origin that refers to the bucket is found, and the one that does not is named', () => {
    const { app, bucket, site } = oneStack();
    site.addBehavior('/assets/*', origins.S3BucketOrigin.withOriginAccessControl(bucket));
    new DeployedSite(app);
    expect(site.node.metadata.map(({ data }) => String(data)).join()).toMatch(/the distribution waits for it because of 'Site\/Content'[^]*use 'bucketOrigin'/);
  });

  test('what waits for the bucket within the stack is an error at synthesis, if the exact form is required', () => {
    const { app, bucket, site } = oneStack({ requireExactArn: true });
    site.node.addDependency(bucket);
    expect(() => app.synth()).toThrow(/the distribution waits for it because of 'Site\/Content'/);
  });
});

describe('across accounts', () => {
  function twoAccounts(props: { deployedDistributionId?: string } = {}) {
    const app = newApp();
    const storage = new Stack(app, 'Storage', { env: { account: OTHER_ACCOUNT, region: 'us-east-1' } });
    const delivery = new Stack(app, 'Delivery', { env: ENV });
    const bucket = new SecureBucket(storage, 'Content', PREFIXED);
    return { app, storage, delivery, site: new OacDistribution(delivery, 'Site', { bucket, allowListing: true, ...props }) };
  }

  test('the statements are handed over with the exact ARN, in outputs and as documents, with a warning', () => {
    const { app, storage, delivery, site } = twoAccounts();
    const deployed = new DeployedSite(app);
    expect([...deployed.bucketStatements, ...deployed.keyStatements]).toEqual([]);
    expect(deployed.handedOver('Delivery').map(({ Action, Resource, Condition }: any) => [Action, Resource, Condition])).toEqual([
      ['s3:GetObject', `arn:aws:s3:::site-${OTHER_ACCOUNT}-us-east-1-an/*`, { StringEquals: { 'aws:SourceArn': deployed.distributionArn() } }],
      ['s3:ListBucket', `arn:aws:s3:::site-${OTHER_ACCOUNT}-us-east-1-an`, { StringEquals: { 'aws:SourceArn': deployed.distributionArn() } }],
      ['kms:Decrypt', '*', { StringEquals: { 'aws:SourceArn': deployed.distributionArn() } }],
    ]);
    expect([site.bucketPolicy, site.keyPolicy].map(({ statementCount }) => statementCount)).toEqual([2, 1]);
    expect(warnings(site)).toEqual(['cdk-secure-bucket:handedOverBucketPolicy', 'cdk-secure-bucket:handedOverKeyPolicy', ...EXACT]);
    expect([storage.dependencies, delivery.dependencies]).toEqual([[], []]);
  });

  test('the policies are written by this app once the id of the distribution is known', () => {
    const { app, site } = twoAccounts({ deployedDistributionId: 'EDFDVBD6EXAMPLE' });
    const deployed = new DeployedSite(app);
    const conditions = [...deployed.bucketStatements, ...deployed.keyStatements].map(({ Condition }) => Condition.StringEquals['aws:SourceArn']);
    expect(conditions).toEqual(Array(3).fill(`arn:aws:cloudfront::${ENV.account}:distribution/EDFDVBD6EXAMPLE`));
    expect(warnings(site)).toEqual(EXACT);
  });

  test('a bucket without a name is refused, and so are accounts of which one is not known', () => {
    const app = newApp();
    const delivery = new Stack(app, 'Delivery', { env: ENV });
    const other = new SecureBucket(new Stack(app, 'Other', { env: { account: OTHER_ACCOUNT, region: 'us-east-1' } }), 'Content');
    const unknown = new SecureBucket(new Stack(app, 'Unknown'), 'Content', { bucketName: 'site-content' });
    expect(refusalOf(() => new OacDistribution(delivery, 'Site', { bucket: other }))).toMatch(/'Delivery\/Site': the bucket 'Other\/Content' is in another account[^]*'bucketName'/);
    expect(refusalOf(() => new OacDistribution(delivery, 'Second', { bucket: unknown }))).toMatch(/only one of their stacks has an account[^]*'env' on both/);
  });
});

describe('what is imported', () => {
  test('a bucket: the statements are handed over with the exact ARN', () => {
    const app = newApp();
    const stack = new Stack(app, 'Site', { env: ENV });
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:eu-west-1:${ENV.account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`);
    const bucket = s3.Bucket.fromBucketAttributes(stack, 'Content', { bucketName: 'existing-content', region: 'eu-west-1', encryptionKey });
    const site = new OacDistribution(stack, 'Site', { bucket, requireExactArn: true });
    const deployed = new DeployedSite(app);
    expect(deployed.origin.DomainName).toBe('existing-content.s3.eu-west-1.amazonaws.com');
    expect(warnings(site)).toEqual(['cdk-secure-bucket:handedOverBucketPolicy', 'cdk-secure-bucket:handedOverKeyPolicy', ...EXACT]);
    expect(stack.resolve(site.bucketPolicy.toJSON()).Statement[0]).toEqual(expect.objectContaining({ Action: 's3:GetObject', Principal: { Service: 'cloudfront.amazonaws.com' } }));
    expect(stack.resolve(site.keyPolicy.toJSON()).Statement[0]).toEqual(expect.objectContaining({ Action: 'kms:Decrypt' }));
  });

  test('a bucket by name, whose key is of this app: the key names the distribution exactly', () => {
    const app = newApp();
    const stack = new Stack(app, 'Site', { env: ENV });
    const site = new OacDistribution(stack, 'Site', { bucket: s3.Bucket.fromBucketName(stack, 'Content', 'existing-content'), encryptionKey: new kms.Key(stack, 'Key') });
    const deployed = new DeployedSite(app);
    expect(deployed.keyStatements[0].Condition).toEqual({ StringEquals: { 'aws:SourceArn': deployed.distributionArn() } });
    expect(warnings(site)).toEqual(['cdk-secure-bucket:handedOverBucketPolicy', ...EXACT]);
  });
});

test('it is a distribution: what takes one takes it', () => {
  const { site } = oneStack();
  expect(site).toBeInstanceOf(cloudfront.Distribution);
  expect(site.metricRequests().metricName).toBe('Requests');
});
