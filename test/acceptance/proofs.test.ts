import { App, Aspects, CfnParameter, Duration, Fn, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessLogBucket, EncryptionEnforcement, LimitPresignedUrlAge, RequireEncryption, RequireTls, RestrictToNetwork, RestrictToOrganization, SecureBucket, SecureBucketProps } from '../../src';
import { PRODUCER } from '../support/apps';
import { guarantees } from '../support/proofs';

const network = { vpcEndpointIds: ['vpce-0abc123def4567890'] };
const organization = { organizationIds: ['o-exampleorgid'] };

const PROPS: Record<string, (scope: Construct) => SecureBucketProps> = {
  'no props': () => ({}),
  'a name': () => ({ bucketName: 'shared-dataset' }),
  'DSSE-KMS': () => ({ encryption: s3.BucketEncryption.DSSE }),
  'TLS 1.3': () => ({ minimumTLSVersion: 1.3 }),
  'required headers': () => ({ encryptionEnforcement: EncryptionEnforcement.REQUIRE_HEADER }),
  'a key of the stack': (scope) => ({ encryptionKey: new kms.Key(scope, 'Key', { enableKeyRotation: true }) }),
  'an imported key': (scope) => ({ encryptionKey: kms.Key.fromKeyArn(scope, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab') }),
  'an endpoint': () => ({ network }),
  'endpoints, VPCs and addresses': () => ({ network: { ...network, vpcIds: ['vpc-0abc123def4567890'], ipRanges: ['203.0.113.0/24', '2001:db8:1::/48'] } }),
  'a network that services may use for callers': () => ({ network: { ...network, viaAwsServices: true } }),
  'administrators': (scope) => ({ network, administrators: [new iam.Role(scope, 'BreakGlass', { assumedBy: new iam.AccountRootPrincipal() }), new iam.ArnPrincipal('arn:aws:iam::111122223333:role/ops/*')] }),
  'an endpoint of the stack': (scope) => ({ network: { vpcEndpoints: [new ec2.GatewayVpcEndpoint(scope, 'Endpoint', { vpc: new ec2.Vpc(scope, 'Vpc'), service: ec2.GatewayVpcEndpointAwsService.S3 })] } }),
  'a VPC of the stack': (scope) => ({ network: { vpcs: [new ec2.Vpc(scope, 'Vpc')] } }),
  'an endpoint from a parameter': (scope) => ({ network: { vpcEndpointIds: [new CfnParameter(scope, 'EndpointId').valueAsString] } }),
  'an endpoint from another stack': () => ({ network: { vpcEndpointIds: [Fn.importValue('EndpointId')] } }),
  'organizations and a partner': () => ({ organization: { organizationIds: ['o-exampleorgid', 'o-secondorgid'], trustedAccounts: ['777788889999'] } }),
  'an organization from a parameter': (scope) => ({ organization: { organizationIds: [new CfnParameter(scope, 'OrganizationId').valueAsString] } }),
  'presigned URLs of 15 minutes': () => ({ presignedUrlMaxAge: Duration.minutes(15) }),
  'everything': () => ({ network, organization, presignedUrlMaxAge: Duration.hours(1), encryptionEnforcement: EncryptionEnforcement.REQUIRE_HEADER }),
};

const PLACES: Record<string, (app: App) => Construct> = {
  'a stack of a known account': (app) => new Stack(app, 'Stack', { env: PRODUCER }),
  'a stack of any account': (app) => new Stack(app, 'Stack'),
  'a stage': (app) => new Stack(new Stage(app, 'Prod', { env: PRODUCER }), 'Stack'),
  'a nested stack': (app) => new NestedStack(new Stack(app, 'Stack', { env: PRODUCER }), 'Nested'),
  'China': (app) => new Stack(app, 'Stack', { env: { account: '111122223333', region: 'cn-north-1' } }),
  'GovCloud': (app) => new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-gov-west-1' } }),
};

function provenIn(place: (app: App) => Construct, build: (scope: Construct) => s3.IBucket): string[] {
  const app = new App({ analyticsReporting: false });
  const bucket = build(place(app));
  app.synth();
  return guarantees(bucket);
}

const stackPlace = PLACES['a stack of a known account'];

test.each(Object.entries(PROPS))('a SecureBucket with %s keeps all that its guardrails promise', (_, propsOf) => {
  const proofs = provenIn(stackPlace, (scope) => {
    const bucket = new SecureBucket(scope, 'Data', propsOf(scope));
    bucket.grantReadWrite(new iam.ArnPrincipal('arn:aws:iam::444455556666:role/Reader'));
    return bucket;
  });
  expect(proofs.filter((proof) => !proof.startsWith('holds: '))).toEqual([]);
  expect(proofs.length).toBeGreaterThanOrEqual(3);
});

test.each(Object.entries(PLACES))('in %s, too', (_, place) => {
  const proofs = provenIn(place, (scope) => new SecureBucket(scope, 'Data', PROPS.everything(scope)));
  expect(proofs.filter((proof) => !proof.startsWith('holds: '))).toEqual([]);
  expect(proofs).toHaveLength(8);
});

test('an AccessLogBucket with deliveries keeps what its guardrails promise', () => {
  const proofs = provenIn(stackPlace, (scope) => {
    const logs = new AccessLogBucket(scope, 'Logs');
    new SecureBucket(scope, 'Data', { serverAccessLogsBucket: logs });
    return logs;
  });
  expect(proofs.map((proof) => proof.split(':')[0])).toEqual(['holds', 'holds']);
});

test('guardrails on a plain bucket keep what they promise, as mixins and as aspects', () => {
  const proofs = provenIn(stackPlace, (scope) => {
    const bucket = new s3.Bucket(scope, 'Data', { encryptionKey: new kms.Key(scope, 'Key') });
    bucket.with(new RequireTls(), new RequireEncryption());
    Aspects.of(scope).add(new RestrictToNetwork(network));
    Aspects.of(scope).add(new RestrictToOrganization(organization));
    Aspects.of(scope).add(new LimitPresignedUrlAge({ maxAge: Duration.minutes(5) }));
    return bucket;
  });
  expect(proofs.filter((proof) => !proof.startsWith('holds: '))).toEqual([]);
  expect(proofs).toHaveLength(8);
});

test('a promise that the policy breaks is broken, with a request that shows it', () => {
  const [proof] = provenIn(stackPlace, (scope) => {
    const bucket = new s3.Bucket(scope, 'Data');
    bucket.with(new RequireTls());
    const policy = bucket.policy!.node.defaultChild as s3.CfnBucketPolicy;
    policy.addPropertyOverride('PolicyDocument.Statement.0.Condition.StringEquals', { 'aws:PrincipalAccount': '444455556666' });
    jest.spyOn(scope.node, 'validate').mockReturnValue([]);
    return bucket;
  });
  expect(proof).toMatch(/^broken: Requests over plain HTTP are denied.*role\/Anyone calls s3:GetObject on arn:aws:s3:::stack-data[^ ]* over plain HTTP/);
});
