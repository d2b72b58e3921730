import { App, CfnParameter, Duration, LegacyStackSynthesizer, Stack, Token } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  AccessLogBucket, Consumer, CrossAccountGrant, DatasetAccess, OacDistribution, RestrictToNetwork, S3GatewayEndpoint, SecureBucket, SecureBucketProps, SharedDatasetAccessPoint,
} from '../../src';
import { PRODUCER, testStack } from '../support/apps';

const NETWORK = { vpcEndpointIds: ['vpce-0abc123def4567890'] };

/** The problems of an error, without their numbers. */
function problemsOf(make: () => unknown): string[] {
  const message = messageOf(make);
  const [head, ...problems] = message.split(/\n {2}\d+\. /);
  expect(head).toMatch(/^'[^']+': \d+ problems\.$/);
  expect(Number(/\d+(?= problems)/.exec(head))).toBe(problems.length);
  return problems;
}

function messageOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    expect(error).toMatchObject({ type: 'validation' });
    return (error as Error).message;
  }
  throw new Error('not refused');
}

function starting(...texts: string[]): unknown[] {
  return texts.map((text) => expect.stringContaining(text));
}

describe('all that is wrong is one error', () => {
  test('of a SecureBucket: props, key, log bucket and guardrails, by construct and prop', () => {
    const stack = testStack();
    const encryptionKey = new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.RSA_2048, keyUsage: kms.KeyUsage.SIGN_VERIFY });
    expect(problemsOf(() => new SecureBucket(stack, 'Data', {
      versioned: false,
      minimumTLSVersion: 1.1,
      encryptionKey,
      serverAccessLogsBucket: s3.Bucket.fromBucketAttributes(stack, 'Logs', { bucketName: 'logs', region: 'us-east-1', account: '444455556666' }),
      network: { vpcEndpointIds: ['vpce-abc', 'vpce-0abc123def4567890'], vpcIds: ['vpc'], ipRanges: ['10.0.0.0/8'] },
      administrators: [new iam.AnyPrincipal(), new iam.ServicePrincipal('lambda.amazonaws.com')],
      organization: { organizationIds: ['exampleorgid'], trustedAccounts: ['4444'] },
      presignedUrlMaxAge: Duration.days(8),
    }))).toEqual(starting(
      "'minimumTLSVersion' is 1.1.",
      "'versioned: false'",
      "'encryptionKey' is a RSA_2048 key.",
      "'serverAccessLogsBucket' is in 444455556666",
      "'serverAccessLogsBucket' is in us-east-1",
      "'network.vpcEndpointIds': 'vpce-abc' is not a VPC endpoint id",
      "'network.vpcIds': 'vpc' is not a VPC id",
      "'network.ipRanges': ",
      "'administrators': the administrator '*' is too wide",
      "'administrators': the administrator ",
      "'organization.organizationIds': 'exampleorgid'",
      "'organization.trustedAccounts': '4444'",
      "'presignedUrlMaxAge': a maximum age of 8 days limits nothing",
    ));
    expect(stack.node.tryFindChild('Data')).toBeUndefined();
  });

  test('of an AccessLogBucket', () => {
    const stack = testStack();
    expect(problemsOf(() => new AccessLogBucket(stack, 'Logs', { versioned: false, encryption: s3.BucketEncryption.KMS }))).toEqual(starting("'versioned: false'", "'encryption' other than S3_MANAGED"));
  });

  test('of a grant: data, prefixes and each consumer', () => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Data', { bucketName: 'dataset' });
    expect(problemsOf(() => new CrossAccountGrant(stack, 'Grant', {
      bucket,
      consumers: [new iam.AnyPrincipal(), new iam.ServicePrincipal('lambda.amazonaws.com'), Consumer.account('444455556666')],
      access: DatasetAccess.READ,
      prefixes: ['/reports', 'a*'],
    }))).toEqual(starting("the prefix '/reports' begins with a slash", "the prefix 'a*' has a wildcard", 'is no role, user or account', 'is no role, user or account'));
    expect(stack.node.tryFindChild('Grant')).toBeUndefined();
    expect(problemsOf(() => new CrossAccountGrant(stack, 'Grant', { access: DatasetAccess.READ }))).toEqual(starting("it is not clear what is shared: exactly one of 'bucket', 'accessPoint' and 'multiRegionAccessPoint'", 'nobody is named'));
  });

  test('of an access point', () => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Data', { bucketName: 'dataset' });
    expect(problemsOf(() => new SharedDatasetAccessPoint(stack, 'Team', { bucket, bucketAccount: '4444', accessPointName: 'Team', vpcId: 'vpc', prefixes: [''] })))
      .toEqual(starting("'bucketAccount': '4444' is not an AWS account id", "'accessPointName': 'Team' is no name for an access point", "'vpcId': 'vpc' is not a VPC id", 'a prefix is empty'));
    expect(stack.node.tryFindChild('Team')).toBeUndefined();
  });

  test('of a distribution', () => {
    const stack = testStack();
    const bucket = new SecureBucket(stack, 'Content', { bucketName: 'content' });
    expect(problemsOf(() => new OacDistribution(stack, 'Site', {
      bucket, enableLogging: false, logFilePrefix: 'x', defaultBehavior: { viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.ALLOW_ALL, allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL },
    }))).toEqual(starting("'viewerProtocolPolicy: ALLOW_ALL'", "'allowedMethods'", 'are set up in us-east-1', "'enableLogging: false'"));
    expect(stack.node.tryFindChild('Site')).toBeUndefined();
  });

  test('of an endpoint', () => {
    const stack = testStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const buckets = ['A', 'B'].map((id) => new SecureBucket(new Stack(new App(), id, { env: { ...PRODUCER, account: '444455556666' } }), 'Data'));
    expect(problemsOf(() => new S3GatewayEndpoint(stack, 'S3', { vpc, buckets, organizationIds: ['x'] }))).toEqual(starting("'organizationIds': 'x' is not an organization id", "the bucket 'A/Data'", "the bucket 'B/Data'"));
  });

  test('of a guardrail', () => {
    expect(() => new RestrictToNetwork({ vpcIds: ['vpc', 'vpc2'] })).toThrow(/^RestrictToNetwork: 2 problems\.\n {2}1\. 'vpcIds': 'vpc' .*\n {2}2\. 'vpcIds': 'vpc2'/);
  });
});

test('a single problem is one sentence, with the construct and the prop', () => {
  expect(messageOf(() => new SecureBucket(testStack(), 'Data', { network: {} }))).toMatch(/^'Stack\/Data': 'network': the network perimeter has no members/);
  expect(messageOf(() => new SecureBucket(testStack({ synthesizer: new LegacyStackSynthesizer() }), 'Data', { network: NETWORK }))).toMatch(/^'Stack\/Data': 'network': a network perimeter would lock out everybody/);
  expect(messageOf(() => new SecureBucket(testStack(), 'Data', { network: NETWORK, administrators: [new iam.AnyPrincipal()] }))).toMatch(/^'Stack\/Data': 'administrators': the administrator '\*' is too wide/);
});

test('an organization perimeter needs no administrators, whatever deploys the stack', () => {
  expect(() => new SecureBucket(testStack({ synthesizer: new LegacyStackSynthesizer() }), 'Data', { organization: { organizationIds: ['o-exampleorgid'] } })).not.toThrow();
});

describe('a value that is known at deployment only ends in a text of ours, without tokens', () => {
  const text = (stack: Stack) => new CfnParameter(stack, 'Text').valueAsString;
  const number = (stack: Stack) => new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
  test.each<[string, (stack: Stack) => SecureBucketProps, RegExp]>([
    ['encryption', (stack) => ({ encryption: text(stack) as s3.BucketEncryption }), /'encryption: <known at deployment>' would not encrypt/],
    ['minimumTLSVersion', (stack) => ({ minimumTLSVersion: number(stack) }), /'minimumTLSVersion' is not known at synthesis/],
    ['presignedUrlMaxAge', (stack) => ({ presignedUrlMaxAge: Duration.minutes(number(stack)) }), /'presignedUrlMaxAge': the maximum age is not known at synthesis/],
    ['presignedUrlMaxAge in milliseconds', (stack) => ({ presignedUrlMaxAge: Duration.millis(number(stack)) }), /'presignedUrlMaxAge': the maximum age is not known at synthesis/],
    ['presignedUrlMaxAge in fractions', () => ({ presignedUrlMaxAge: Duration.millis(0.5) }), /'presignedUrlMaxAge': a maximum age of 0.5 millis cannot be written in whole milliseconds/],
    ['objectOwnership', (stack) => ({ objectOwnership: text(stack) as s3.ObjectOwnership }), /'objectOwnership'/],
    ['accessControl', (stack) => ({ accessControl: text(stack) as s3.BucketAccessControl }), /'accessControl'/],
    ['websiteIndexDocument', (stack) => ({ websiteIndexDocument: text(stack) }), /'websiteIndexDocument'/],
    ['administrators', () => ({ network: NETWORK, administrators: [new iam.ServicePrincipal('lambda.amazonaws.com')] }), /'administrators': the administrator .*is no role or user/],
    ['administrators that are missing', () => ({ network: NETWORK, administrators: [undefined as unknown as iam.IPrincipal] }), /'administrators': an administrator is missing/],
  ])('%s', (_, propsOf, message) => {
    const stack = testStack();
    const refused = messageOf(() => new SecureBucket(stack, 'Data', propsOf(stack)));
    expect(refused).toMatch(message);
    expect(refused).not.toMatch(/\$\{Token|TOKEN|e\+289/);
  });

  test.each<[string, (stack: Stack) => SecureBucketProps]>([
    ['network', (stack) => ({ network: { vpcEndpointIds: [text(stack)] } })],
    ['a list of networks', () => ({ network: { vpcIds: Token.asList({ Ref: 'Vpcs' }) } })],
    ['organization', (stack) => ({ organization: { organizationIds: [text(stack)] } })],
    ['administrators', (stack) => ({ network: NETWORK, administrators: [new iam.ArnPrincipal(text(stack))] })],
    ['bucketName', (stack) => ({ bucketName: `data-${text(stack)}` })],
  ])('and %s takes it', (_, propsOf) => {
    const stack = testStack();
    new SecureBucket(stack, 'Data', propsOf(stack));
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });
});

describe('prefixes: []', () => {
  const stack = testStack();
  const bucket = new SecureBucket(stack, 'Data', { bucketName: 'dataset' });
  test.each<[string, () => unknown]>([
    ['of a grant', () => new CrossAccountGrant(stack, 'Grant', { bucket, consumer: Consumer.account('444455556666'), access: DatasetAccess.READ, prefixes: [] })],
    ['of an access point', () => new SharedDatasetAccessPoint(stack, 'Team', { bucket, prefixes: [] })],
  ])('%s is refused: it names nothing', (_, make) => {
    expect(messageOf(make)).toMatch(/'prefixes' is empty: it names nothing.* leave 'prefixes' out/);
  });
});
