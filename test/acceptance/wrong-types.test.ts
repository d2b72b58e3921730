import { App, CfnParameter, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessLogBucket, DeliverySource, EncryptionEnforcement, SecureBucket, TrailLogBucket } from '../../src';
import { PRODUCER } from '../support/apps';
import * as fc from '../support/fast-check';

const READER = new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Reader');
const later = (stack: Stack) => new CfnParameter(stack, 'Later', { type: 'CommaDelimitedList' });
const NETWORK = { vpcEndpointIds: ['vpce-0abc123def4567890'] };
const ORGANIZATION = { organizationIds: ['o-exampleorgid'] };

/** Every prop that this package adds, alone or inside of another, with the props that it needs. */
const PROPS: [prop: string, make: (stack: Stack, value: any) => unknown][] = [
  ...['encryptionEnforcement', 'network', 'organization', 'administrators', 'presignedUrlMaxAge', 'minimumTLSVersion'].map((prop): [string, (stack: Stack, value: any) => unknown] =>
    [prop, (stack, value) => new SecureBucket(stack, 'Data', { ...(prop === 'administrators' ? { network: NETWORK } : {}), [prop]: value })]),
  ...['vpcEndpoints', 'vpcEndpointIds', 'vpcs', 'vpcIds', 'ipRanges', 'viaAwsServices'].map((prop): [string, (stack: Stack, value: any) => unknown] =>
    [`network.${prop}`, (stack, value) => new SecureBucket(stack, 'Data', { network: { ...NETWORK, [prop]: value } })]),
  ...['organizationIds', 'trustedAccounts'].map((prop): [string, (stack: Stack, value: any) => unknown] =>
    [`organization.${prop}`, (stack, value) => new SecureBucket(stack, 'Data', { organization: { ...ORGANIZATION, [prop]: value } })]),
  ['retention', (stack, value) => new AccessLogBucket(stack, 'Data', { retention: value })],
];

const SCALARS: fc.Arbitrary<unknown> = fc.oneof(fc.constantFrom(undefined, null, NaN, '', 0, -1, 15, true, false, '1.2', 'nope', {}, [], Duration.hours(5), Duration.days(0), new Date(0)), fc.string(), fc.double());
const VALUES = fc.oneof(SCALARS, fc.array(SCALARS, { maxLength: 2 }), fc.dictionary(fc.string(), SCALARS, { maxKeys: 2 }), fc.constant('token'));

function errorOf(make: (stack: Stack) => unknown): Error | undefined {
  const app = new App({ analyticsReporting: false });
  try {
    make(new Stack(app, 'Stack', { env: PRODUCER }));
    app.synth();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

describe('whatever is handed over as a prop works, or is refused by the names of construct and prop', () => {
  test.each(PROPS)('%s', (prop, make) => {
    fc.assert(fc.property(VALUES, (value) => {
      const error = errorOf((stack) => make(stack, value === 'token' ? Token.asAny(new CfnParameter(stack, 'Anything').value) : value));
      if (error) {
        expect(error).toMatchObject({ type: 'validation' });
        expect(error.message).toContain("'Stack/Data'");
        expect(error.message).toContain(prop.split('.')[0]);
      }
    }), { numRuns: 25, seed: 5 });
  });
});

test.each<[string, string, (stack: Stack) => unknown]>([
  ['a number of minutes', "'presignedUrlMaxAge': it is not a Duration", (stack) => new SecureBucket(stack, 'Data', { presignedUrlMaxAge: 15 as any })],
  ['an enforcement that there is not', "'encryptionEnforcement': it is not one of REJECT_OTHER and REQUIRE_HEADER", (stack) => new SecureBucket(stack, 'Data', { encryptionEnforcement: 'nope' as any })],
  ['a version as text', "'minimumTLSVersion' is not a number", (stack) => new SecureBucket(stack, 'Data', { minimumTLSVersion: '1.2' as any })],
  ['a part of a day', "'retention': logs cannot be kept for 5 hours", (stack) => new AccessLogBucket(stack, 'Data', { retention: Duration.hours(5) })],
  ...([
    ["'read' is granted to something that is not a principal", (bucket) => bucket.grantRead(null as any)],
    ["'write' is granted to something that is not a principal", (bucket) => bucket.grantWrite(undefined as any)],
    ["'readWrite' is granted to something that is not a principal", (bucket) => bucket.grants.readWrite({} as any)],
    ["what is added to its policy is not an 'iam.PolicyStatement'", (bucket) => bucket.addToResourcePolicy(null as any)],
    ["what is added to its policy is not an 'iam.PolicyStatement'", (bucket) => bucket.addToResourcePolicy({ Effect: 'Allow' } as any)],
    ['what is to be delivered is not a DeliverySource', (bucket) => bucket.allowDelivery(undefined as any)],
    ['what is to be delivered is not a DeliverySource', (bucket) => bucket.allowDelivery({} as any)],
    ["'actionsOnObjectKeys' is granted to something that is not a principal", (bucket) => bucket.grants.actionsOnObjectKeys(undefined as any, '*', 's3:GetObject')],
    ["whom 'grantReplicationPermission' is for is not a principal", (bucket) => bucket.grantReplicationPermission(null as any, { destinations: [] })],
    ["what 'grantReplicationPermission' is given is not an object", (bucket) => bucket.grantReplicationPermission(READER, null as any)],
    ["'destinations' of what 'grantReplicationPermission' is given is not a list of destinations", (bucket) => bucket.grantReplicationPermission(READER, {} as any)],
    ["'destinations.0.bucket' of what 'grantReplicationPermission' is given is not a bucket", (bucket) => bucket.grantReplicationPermission(READER, { destinations: [{} as any] })],
    ["'roleArn': it is not a text", (bucket) => bucket.addReplicationPolicy(null as any)],
    ["'roleArn' is '*', which is not the ARN of one role", (bucket) => bucket.addReplicationPolicy('*')],
    ["'roleArn' is 'arn:aws:iam::*:role/Replicator', which is not the ARN of one role", (bucket) => bucket.addReplicationPolicy('arn:aws:iam::*:role/Replicator')],
    ["'roleArn' is 'arn:aws:iam::444455556666:role/*', which is not the ARN of one role", (bucket) => bucket.addReplicationPolicy('arn:aws:iam::444455556666:role/*')],
    ["'roleArn' is 'arn:aws:iam::444455556666:root', which is not the ARN of one role", (bucket) => bucket.addReplicationPolicy('arn:aws:iam::444455556666:root')],
    ["'account': '*' is not", (bucket) => bucket.addReplicationPolicy('arn:aws:iam::444455556666:role/Replicator', false, '*')],
    ["'accessControlTransition': it is not true or false", (bucket) => bucket.addReplicationPolicy('arn:aws:iam::444455556666:role/Replicator', 'yes' as any)],
    ["weakens 'BucketEncryption'", ({ node }) => (node.defaultChild as s3.CfnBucket).addPropertyOverride('BucketEncryption', null)],
    ["weakens 'BucketEncryption'", ({ node }) => Object.assign(node.defaultChild as s3.CfnBucket, { bucketEncryption: null })],
  ] as [string, (bucket: SecureBucket) => unknown][])
    .map(([message, call]): [string, string, (stack: Stack) => unknown] => [call.toString(), message, (stack) => call(new SecureBucket(stack, 'Data'))]),
  ...([
    ["what is added to its policy is not an 'iam.PolicyStatement'", (logs) => logs.addToResourcePolicy(null as any)],
    ["what is added to its policy is not an 'iam.PolicyStatement'", (logs) => logs.addToResourcePolicy({} as any)],
    ["the source of 'allowLogDeliveryFrom' is not a bucket", (logs) => logs.allowLogDeliveryFrom(null as any)],
    ["the source of 'allowLogDeliveryFrom' is not a bucket", (logs) => logs.allowLogDeliveryFrom({} as any)],
    ['it cannot receive its own access logs', (logs) => logs.allowLogDeliveryFrom(logs)],
  ] as [string, (logs: AccessLogBucket) => unknown][])
    .map(([message, call]): [string, string, (stack: Stack) => unknown] => [call.toString(), message, (stack) => call(new AccessLogBucket(stack, 'Data'))]),
  ...([
    ["what is added to its policy is not an 'iam.PolicyStatement'", (logs) => logs.addToResourcePolicy(null as any)],
    ["'id' of the trail is not a text that is not empty", (logs) => logs.addTrail(undefined as any)],
    ['what the trail is made with is not an object', (logs) => logs.addTrail('Trail', null as any)],
  ] as [string, (logs: TrailLogBucket) => unknown][])
    .map(([message, call]): [string, string, (stack: Stack) => unknown] => [call.toString(), message, (stack) => call(new TrailLogBucket(stack, 'Data', { trailName: 'audit' }))]),
  ['a list as a name', "'Stack/Data': 'bucketName': it is not a text", (stack) => new SecureBucket(stack, 'Data', { bucketName: later(stack).valueAsList as any })],
  ['a list that is known only later, of administrators', "the administrator '<known at deployment>' is not a principal", (stack) => new SecureBucket(stack, 'Data', { network: NETWORK, administrators: later(stack).valueAsList as any })],
  ['a network that is known only later', "'Stack/Data': 'network': it is not an object with properties. Pass", (stack) => new SecureBucket(stack, 'Data', { network: Lazy.any({ produce: () => NETWORK }) as any })],
  ['no attributes', "'Stack/Data': 'props': it is not an object", (stack) => SecureBucket.fromBucketAttributes(stack, 'Data', null as any)],
  ['no time', "'retention': logs cannot be kept for 0 days", (stack) => new AccessLogBucket(stack, 'Data', { retention: Duration.days(0) })],
])('%s is refused, and the error says what to pass', (_, message, make) => {
  expect(errorOf(make)!.message).toContain(message);
});

test('the values of an enforcement work as texts', () => {
  expect(errorOf((stack) => new SecureBucket(stack, 'Data', { encryptionEnforcement: EncryptionEnforcement.REQUIRE_HEADER.toString() as any }))).toBeUndefined();
});

describe('what describes a delivery is looked at before it is used', () => {
  const factories = Object.getOwnPropertyNames(DeliverySource).filter((name) => typeof (DeliverySource as any)[name] === 'function');

  test.each(factories)('DeliverySource.%s', (factory) => {
    const errorOfCall = (props: unknown) => {
      try {
        (DeliverySource as any)[factory](props);
        return undefined;
      } catch (error) {
        return error as Error;
      }
    };
    const texts = { prefix: 1, organizationId: 1, ruleSetName: 1, ruleName: 1, service: 1 };
    const lists = ['sourceAccounts', 'sourceRegions', 'sourceBuckets', 'configurationIds', 'deliverySourceNames', 'trailNames', 'detectorIds', 'sourceArns', 'objectActions', 'bucketActions', 'keyActions'];
    for (const prop of [...Object.keys(texts), ...lists]) {
      expect(errorOfCall({ [prop]: 1 })).toMatchObject({ type: 'validation', message: expect.stringContaining(`'${prop}`) });
    }
    for (const props of [null, 'x', 1, []]) {
      expect(errorOfCall(props)).toMatchObject({ type: 'validation', message: expect.stringMatching(/^DeliverySource: /) });
    }
    expect(errorOfCall(undefined)?.message ?? 'DeliverySource: ').toMatch(/^DeliverySource: /);
    expect(errorOfCall({})?.message ?? 'DeliverySource: ').toMatch(/^DeliverySource: /);
  });
});
