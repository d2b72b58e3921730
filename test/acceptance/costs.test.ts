import { readFileSync } from 'fs';
import { join } from 'path';
import { App, CfnResource, PropertyInjectors, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  Consumer, CrossAccountGrant, DatasetAccess, OacDistribution, S3GatewayEndpoint, S3InterfaceEndpoint, SecureBucket, SecureBucketDefaults, SecureBucketProps,
  SharedDatasetAccessPoint,
} from '../../src';
import { NEW_APP_FLAGS } from '../support/apps';
import { PROJECT } from '../support/new-folder';

// docs/costs.md: what it says of resources is what templates have.

const PAGE = readFileSync(join(PROJECT, 'docs/costs.md'), 'utf8');

/** The row of a table of the page, by the beginning of its first cell without links. */
function row(beginning: string): string {
  const plain = PAGE.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
  const found = plain.find((line) => line.startsWith(`| ${beginning}`));
  expect(found).toBeDefined();
  return found!;
}

function newStack(app = new App({ analyticsReporting: false, context: NEW_APP_FLAGS }), id = 'Storage'): Stack {
  return new Stack(app, id, { env: { account: '111122223333', region: 'us-east-1' } });
}

/** How many resources of each type a stack has. */
function resourcesOf(stack: Stack): Record<string, number> {
  const { Resources: resources } = (stack.node.root as App).synth().getStackByName(stack.stackName).template;
  return Object.values<any>(resources).reduce((counted, { Type }) => ({ ...counted, [Type]: (counted[Type] ?? 0) + 1 }), {});
}

/** The resources that something adds to a stack which has one SecureBucket. */
function added(add: (stack: Stack, bucket: SecureBucket) => unknown, props: SecureBucketProps = { bucketName: 'amzn-s3-demo-bucket' }): Record<string, number> {
  const [before, after] = [() => undefined, add].map((change) => {
    const stack = newStack();
    change(stack, new SecureBucket(stack, 'Data', props));
    return resourcesOf(stack);
  });
  return Object.fromEntries(Object.entries(after).map(([type, count]) => [type, count - (before[type] ?? 0)]).filter(([, count]) => count !== 0));
}

const A_BUCKET = { 'AWS::S3::Bucket': 1, 'AWS::S3::BucketPolicy': 1 };

describe('a SecureBucket', () => {
  test('is a bucket with a policy and one key, and one log bucket a stack without a key', () => {
    expect(row('customer managed key')).toContain('one KMS key a bucket');
    expect(row('server access logs')).toContain('one `AccessLogBucket` a stack, without a key');
    const stack = newStack();
    new SecureBucket(stack, 'Data');
    expect(resourcesOf(stack)).toEqual({ 'AWS::S3::Bucket': 2, 'AWS::S3::BucketPolicy': 2, 'AWS::KMS::Key': 1 });
  });

  test('adds a bucket, a policy and a key to a stack that has one', () => {
    expect(added((stack) => new SecureBucket(stack, 'More'))).toEqual({ ...A_BUCKET, 'AWS::KMS::Key': 1 });
  });

  test('that shares a key adds none', () => {
    expect(row('customer managed key')).toContain('pass one `encryptionKey`');
    expect(added((stack, { encryptionKey }) => new SecureBucket(stack, 'More', { encryptionKey }))).toEqual(A_BUCKET);
  });

  test.each<[string, SecureBucketProps]>([
    ['DSSE-KMS', { encryption: s3.BucketEncryption.DSSE }],
    ['versioning', { lifecycleRules: [{ expiredObjectDeleteMarker: true }] }],
    ['rotation of the key', {}],
    ['bucket keys', {}],
  ])('%s is no resource', (name, props) => {
    expect(row(name)).toMatch(/^\| [^|]* \| none[;| ]/);
    expect(added(() => undefined, props)).toEqual({});
    const [stack, plain] = [newStack(), newStack()];
    new SecureBucket(stack, 'Data', props);
    new SecureBucket(plain, 'Data');
    expect(resourcesOf(stack)).toEqual(resourcesOf(plain));
  });

  test('and its key and log bucket outlive their stack', () => {
    expect(row('retained resources')).toContain('buckets and keys outlive their stack');
    const stack = newStack();
    new SecureBucket(stack, 'Data');
    const { Resources: resources } = (stack.node.root as App).synth().getStackByName('Storage').template;
    const kept = Object.values<any>(resources).filter(({ Type }) => Type !== 'AWS::S3::BucketPolicy').map(({ DeletionPolicy }) => DeletionPolicy);
    expect(kept).toEqual(['Retain', 'Retain', 'Retain']);
  });
});

describe('around it', () => {
  test('perimeters and grants to roles of other apps are statements', () => {
    expect(row('`CrossAccountGrant`, guardrails, perimeters')).toContain('policy statements');
    const grant = (stack: Stack, bucket: SecureBucket) =>
      new CrossAccountGrant(stack, 'Grant', { bucket, consumer: Consumer.roleArn('arn:aws:iam::444455556666:role/Reader'), access: DatasetAccess.READ });
    expect(added(grant)).toEqual({});
    expect(added(() => undefined, { network: { vpcEndpointIds: ['vpce-0abc123def4567890'] }, organization: { organizationIds: ['o-exampleorgid'] } })).toEqual({});
  });

  test('an access point is one', () => {
    expect(row('`SharedDatasetAccessPoint`')).toContain('an access point a team');
    expect(added((stack, bucket) => new SharedDatasetAccessPoint(stack, 'Team', { bucket }))).toEqual({ 'AWS::S3::AccessPoint': 1 });
  });

  test('endpoints are one each', () => {
    expect([row('`S3GatewayEndpoint`'), row('`S3InterfaceEndpoint`')].join()).toMatch(/an endpoint in the route tables.*a security group, and a network interface a subnet/);
    const types = (make: (stack: Stack, vpc: ec2.Vpc, bucket: SecureBucket) => CfnResource[]) => {
      const stack = newStack();
      return make(stack, new ec2.Vpc(stack, 'Vpc'), new SecureBucket(stack, 'Data')).map(({ cfnResourceType }) => cfnResourceType);
    };
    const resourcesIn = (construct: { node: Stack['node'] }) => construct.node.findAll().filter(CfnResource.isCfnResource);
    expect(types((stack, vpc, bucket) => resourcesIn(new S3GatewayEndpoint(stack, 'Endpoint', { vpc, buckets: [bucket] })))).toEqual(['AWS::EC2::VPCEndpoint']);
    expect(types((stack, vpc, bucket) => resourcesIn(new S3InterfaceEndpoint(stack, 'Endpoint', { vpc, buckets: [bucket] }))))
      .toEqual(expect.arrayContaining(['AWS::EC2::VPCEndpoint', 'AWS::EC2::SecurityGroup']));
  });

  test('a distribution has what the page lists, and the log bucket is that of the stack', () => {
    expect(row('`OacDistribution`')).toContain('a distribution, an origin access control; a response headers policy if `contentSecurityPolicy` is set');
    expect(row('its access logs')).toContain('a delivery source, destination and delivery; the log bucket of the stack');
    const bare = {
      'AWS::CloudFront::Distribution': 1,
      'AWS::CloudFront::OriginAccessControl': 1,
      'AWS::Logs::DeliverySource': 1,
      'AWS::Logs::DeliveryDestination': 1,
      'AWS::Logs::Delivery': 1,
    };
    expect(added((stack, bucket) => new OacDistribution(stack, 'Site', { bucket }))).toEqual(bare);
    expect(added((stack, bucket) => new OacDistribution(stack, 'Site', { bucket, contentSecurityPolicy: "default-src 'self'" }))).toEqual({ ...bare, 'AWS::CloudFront::ResponseHeadersPolicy': 1 });
  });

  test('defaults bring an s3.Bucket the same, and a key that is given is kept', () => {
    expect(PAGE).toContain('`SecureBucketDefaults` brings each `s3.Bucket` the same: a key of its own, versions, access logs.');
    const app = new App({ analyticsReporting: false, context: NEW_APP_FLAGS });
    PropertyInjectors.of(app).add(new SecureBucketDefaults());
    const stack = newStack(app);
    const { encryptionKey } = new s3.Bucket(stack, 'Data');
    new s3.Bucket(stack, 'More', { encryptionKey });
    expect(resourcesOf(stack)).toEqual({ 'AWS::S3::Bucket': 3, 'AWS::S3::BucketPolicy': 3, 'AWS::KMS::Key': 1 });
  });
});
