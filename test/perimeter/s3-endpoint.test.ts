import { App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { PlatformRepository, S3EndpointPolicyProps, S3GatewayEndpoint, S3InterfaceEndpoint, SecureBucket, SharedDatasetAccessPoint } from '../../src';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { ContextValues } from '../../src/policy/context';
import { parsePolicy } from '../../src/policy/document';
import { evaluate } from '../../src/policy/evaluate';
import { iamPrincipal } from '../../src/policy/request';
import { deploymentOf } from '../../src/template/deployment-of';
import { warnings } from '../support/apps';

const A = { account: '111122223333', region: 'eu-west-1' };
const B = { account: '444455556666', region: 'eu-west-1' };
const NAMED: s3.BucketProps = { bucketNamePrefix: 'dataset', bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL };
const NAME = 'dataset-111122223333-eu-west-1-an';

const KINDS: Record<string, (stack: Stack, props: S3EndpointPolicyProps) => ec2.IVpcEndpoint> = {
  'a gateway endpoint': (stack, props) => new S3GatewayEndpoint(stack, 'S3', { vpc: new ec2.Vpc(stack, 'Vpc'), ...props }),
  'an interface endpoint': (stack, props) => new S3InterfaceEndpoint(stack, 'S3', { vpc: new ec2.Vpc(stack, 'Vpc'), ...props }),
};

function world() {
  const app = new App({ analyticsReporting: false });
  return { app, producer: new Stack(app, 'Producer', { env: A }), consumer: new Stack(app, 'Consumer', { env: B }) };
}

/** What the endpoint's policy says of a request. */
function decide(app: App, action: string, resource: string, context: Record<string, string> = {}): string {
  app.synth();
  const [endpoint] = deploymentOf(synthesizedTemplates(app)).ofType('AWS::EC2::VPCEndpoint');
  const values: ContextValues = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value]]));
  return evaluate(parsePolicy(endpoint.property('PolicyDocument')), { principal: iamPrincipal('arn:aws:iam::444455556666:role/AppRole'), action, resource, context: values }).outcome;
}

describe.each(Object.entries(KINDS))('%s', (_, endpointOf) => {
  test('leads to a bucket of another account, and nowhere else', () => {
    const { app, producer, consumer } = world();
    endpointOf(consumer, { buckets: [new SecureBucket(producer, 'Data', NAMED)] });
    expect(decide(app, 's3:GetObject', `arn:aws:s3:::${NAME}/a`)).toBe('allowed');
    expect(decide(app, 's3:ListBucket', `arn:aws:s3:::${NAME}`)).toBe('allowed');
    expect(decide(app, 's3:PutObject', 'arn:aws:s3:::somebody-elses/a')).toBe('not-mentioned');
    expect(decide(app, 's3:GetObject', `arn:aws:s3:::${NAME}-2/a`)).toBe('not-mentioned');
  });

  test('leads to an access point and to the bucket behind it', () => {
    const { app, producer, consumer } = world();
    const accessPoint = new SharedDatasetAccessPoint(producer, 'Team', { bucket: new SecureBucket(producer, 'Data', NAMED), accessPointName: 'team' });
    endpointOf(consumer, { accessPoints: [accessPoint] });
    expect(decide(app, 's3:GetObject', 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team/object/a')).toBe('allowed');
    expect(decide(app, 's3:ListBucket', 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team')).toBe('allowed');
    expect(decide(app, 's3:GetObject', `arn:aws:s3:::${NAME}/a`)).toBe('allowed');
    expect(decide(app, 's3:GetObject', 'arn:aws:s3:eu-west-1:111122223333:accesspoint/other/object/a')).toBe('not-mentioned');
  });

  test("leads to an organization's resources, and to no others", () => {
    const { app, consumer } = world();
    endpointOf(consumer, { organizationIds: ['o-exampleorgid'] });
    expect(decide(app, 's3:PutObject', 'arn:aws:s3:::any/a', { 'aws:ResourceOrgID': 'o-exampleorgid' })).toBe('allowed');
    expect(decide(app, 's3:PutObject', 'arn:aws:s3:::any/a', { 'aws:ResourceOrgID': 'o-another0rg' })).toBe('not-mentioned');
    expect(decide(app, 's3:PutObject', 'arn:aws:s3:::any/a')).toBe('not-mentioned');
  });

  test('reads packages, and writes none', () => {
    const { app, consumer } = world();
    endpointOf(consumer, { platformRepositories: [PlatformRepository.AMAZON_LINUX_2023, PlatformRepository.ECR_LAYERS, PlatformRepository.ofBuckets('my-mirror')] });
    expect(decide(app, 's3:GetObject', 'arn:aws:s3:::al2023-repos-eu-west-1-de612dc2/core/x.rpm')).toBe('allowed');
    expect(decide(app, 's3:GetObject', 'arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/layer')).toBe('allowed');
    expect(decide(app, 's3:GetObject', 'arn:aws:s3:::my-mirror/x')).toBe('allowed');
    expect(decide(app, 's3:PutObject', 'arn:aws:s3:::my-mirror/x')).toBe('not-mentioned');
    expect(decide(app, 's3:GetObject', 'arn:aws:s3:::al2023-repos-us-east-1-de612dc2/core/x.rpm')).toBe('not-mentioned');
  });

  test.each([
    ['aws-ssm-eu-west-1', true],
    ['aws-windows-downloads-eu-west-1', true],
    ['aws-ssm-distributor-file-eu-west-1', true],
    ['patch-baseline-snapshot-eu-west-1', true],
    ['aws-patch-manager-eu-west-1-5522fb710', true],
    ['aws-patch-manager-eu-west-1-anybodys', false],
  ])('feeds machines that Systems Manager patches: %s %s', (bucketName, expected) => {
    const { app, consumer } = world();
    endpointOf(consumer, { platformRepositories: [PlatformRepository.SYSTEMS_MANAGER] });
    expect(decide(app, 's3:GetObject', `arn:aws:s3:::${bucketName}/x`)).toBe(expected ? 'allowed' : 'not-mentioned');
  });

  test.each([
    ['cn-north-1', 'arn:aws-cn:s3:::amazonlinux.cn-north-1.amazonaws.com.cn/x', PlatformRepository.AMAZON_LINUX_2],
    ['us-gov-west-1', 'arn:aws-us-gov:s3:::amazonlinux.us-gov-west-1.amazonaws.com/x', PlatformRepository.AMAZON_LINUX_2],
    ['me-south-1', 'arn:aws:s3:::patch-baseline-snapshot-me-south-1-uduvl7q8/x', PlatformRepository.SYSTEMS_MANAGER],
  ])('in %s leads to %s', (region, object, repository) => {
    const app = new App({ analyticsReporting: false });
    endpointOf(new Stack(app, 'Consumer', { env: { ...B, region } }), { platformRepositories: [repository] });
    expect(decide(app, 's3:GetObject', object)).toBe('allowed');
  });

  test('is what a network perimeter takes', () => {
    const { consumer } = world();
    const endpoint = endpointOf(consumer, { organizationIds: ['o-exampleorgid'] });
    new SecureBucket(consumer, 'Data', { network: { vpcEndpoints: [endpoint] } });
    expect(JSON.stringify(Template.fromStack(consumer).findResources('AWS::S3::BucketPolicy'))).toContain('"StringNotEquals":{"aws:SourceVpce":[{"Ref":"S3');
  });

  test('says that the bucket behind an access point imported by its ARN is left out, and what to do', () => {
    const { app, consumer } = world();
    const accessPoint = SharedDatasetAccessPoint.fromAccessPointArn(consumer, 'Team', 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team');
    const endpoint = endpointOf(consumer, { accessPoints: [accessPoint] });
    expect(warnings(endpoint)).toEqual(['cdk-secure-bucket:bucketBehindAccessPointNotReachable']);
    expect(decide(app, 's3:GetObject', 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team/object/a')).toBe('allowed');
    expect(decide(app, 's3:GetObject', `arn:aws:s3:::${NAME}/a`)).toBe('not-mentioned');
  });

  test('leads to the bucket behind an access point imported with it', () => {
    const { app, consumer } = world();
    const accessPoint = SharedDatasetAccessPoint.fromAccessPointAttributes(consumer, 'Team', {
      accessPointArn: 'arn:aws:s3:eu-west-1:111122223333:accesspoint/team', bucket: s3.Bucket.fromBucketName(consumer, 'Data', NAME),
    });
    expect(warnings(endpointOf(consumer, { accessPoints: [accessPoint] }))).toEqual([]);
    expect(decide(app, 's3:GetObject', `arn:aws:s3:::${NAME}/a`)).toBe('allowed');
  });

  const addTo = (consumer: Stack, props: iam.PolicyStatementProps) => {
    const endpoint = endpointOf(consumer, { organizationIds: ['o-exampleorgid'] }) as ec2.VpcEndpoint;
    const statement = new iam.PolicyStatement({ sid: 'Mine', principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject'], ...props });
    endpoint.addToPolicy(statement);
    return statement;
  };
  const owner = (key: string, value: string, operator = 'StringEquals') => ({ resources: ['*'], conditions: { [operator]: { [key]: value } } });

  test.each<[string, iam.PolicyStatementProps]>([
    ['everything', { resources: ['*'] }],
    ['every bucket', { resources: ['arn:aws:s3:::*'] }],
    ['every object', { resources: ['arn:aws:s3:::*/*'] }],
    ['names that anybody can take', { resources: ['arn:aws:s3:::team-*'] }],
    ['a name and everything', { resources: ['arn:aws:s3:::team', '*'] }],
    ['all but one', { notResources: ['arn:aws:s3:::team'] }],
    ['access points of any account', { resources: ['arn:aws:s3:eu-west-1:*:accesspoint/team'] }],
    ['everything for principals of the organization', owner('aws:PrincipalOrgID', 'o-exampleorgid')],
    ['everything but one organization', owner('aws:ResourceOrgID', 'o-exampleorgid', 'StringNotEquals')],
    ['everything, if the key is there', owner('aws:ResourceOrgID', 'o-exampleorgid', 'StringEqualsIfExists')],
    ['whatever organization the caller is of', owner('aws:ResourceOrgID', '${aws:PrincipalOrgID}')],
    ['accounts by a pattern', owner('aws:ResourceAccount', '1*', 'StringLike')],
  ])('does not let a statement open it to %s', (__, props) => {
    const { consumer } = world();
    expect(() => addTo(consumer, props)).toThrow(/'Consumer\/S3': the statement 'Mine' would let the endpoint lead to .* Name buckets or access points/);
  });

  test.each<[string, iam.PolicyStatementProps]>([
    ['a bucket', { resources: ['arn:aws:s3:::team', 'arn:aws:s3:::team/*'] }],
    ['access points of an account', { resources: ['arn:aws:s3:eu-west-1:111122223333:accesspoint/*'] }],
    ['an account', owner('aws:ResourceAccount', '111122223333')],
    ['an organization', owner('aws:ResourceOrgID', 'o-exampleorgid')],
    ['a part of an organization', owner('aws:ResourceOrgPaths', 'o-exampleorgid/r-ab12/*', 'ForAnyValue:StringLike')],
    ['the list of buckets', { actions: ['s3:ListAllMyBuckets'], resources: ['*'] }],
    ['a denial of everything', { effect: iam.Effect.DENY, resources: ['*'] }],
  ])('takes a statement for %s, which nobody widens afterwards', (__, props) => {
    const { consumer } = world();
    const statement = addTo(consumer, props);
    expect(JSON.stringify(Template.fromStack(consumer).findResources('AWS::EC2::VPCEndpoint'))).toContain('"Sid":"Mine"');
    expect(() => statement.addResources('*')).toThrow();
  });

  test('takes a statement for a bucket of the app', () => {
    const { consumer } = world();
    const bucket = new SecureBucket(consumer, 'Data');
    expect(() => addTo(consumer, { resources: [bucket.bucketArn, bucket.arnForObjects('a/*')] })).not.toThrow();
  });

  test.each<[string, () => S3EndpointPolicyProps, RegExp]>([
    ['one that leads nowhere', () => ({}), /Consumer\/S3': the endpoint would let nothing through/],
    ['a malformed organization', () => ({ organizationIds: ['example'] }), /is not an organization id/],
    ['a bucket of another account without a name', () => ({ buckets: [new SecureBucket(new Stack(new App(), 'Producer', { env: A }), 'Data')] }), /cannot name the bucket 'Producer\/Data'/],
    ['a bucket of another stage without a name', () => ({ buckets: [new SecureBucket(new Stack(new Stage(new App(), 'Prod', { env: B }), 'Producer'), 'Data')] }), /cannot name the bucket 'Prod\/Producer\/Data'/],
  ])('refuses %s', (__, propsOf, message) => {
    const { consumer } = world();
    expect(() => endpointOf(consumer, propsOf())).toThrow(message);
    Template.fromStack(consumer).resourceCountIs('AWS::EC2::VPCEndpoint', 0);
  });
});

test.each([[true], [false]])('with private DNS %s, ordinary names lead machines in the VPC as documented, without a gateway endpoint', (privateDnsEnabled) => {
  const { consumer } = world();
  new S3InterfaceEndpoint(consumer, 'S3', { vpc: new ec2.Vpc(consumer, 'Vpc'), organizationIds: ['o-exampleorgid'], privateDnsEnabled });
  const [{ Properties }] = Object.values<any>(Template.fromStack(consumer).findResources('AWS::EC2::VPCEndpoint'));
  expect([Properties.PrivateDnsEnabled, Properties.DnsOptions]).toEqual([privateDnsEnabled, privateDnsEnabled ? { PrivateDnsOnlyForInboundResolverEndpoint: 'AllResolvers' } : undefined]);
});

test.each([[[]], [['*']], [['a/b']]])('repositories of %j are refused', (names) => {
  expect(() => PlatformRepository.ofBuckets(...names)).toThrow(/PlatformRepository/);
});
