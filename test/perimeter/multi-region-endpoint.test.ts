import { App, CfnElement, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { RestrictToNetwork, S3GatewayEndpoint, S3InterfaceEndpoint, S3InterfaceEndpointProps, SecureBucket, SharedDatasetAccessPoint, SharedMultiRegionAccessPoint } from '../../src';
import { PlatformRepository } from '../../src/perimeter/platform-repository';
import { warnings } from '../support/apps';
import { deciding, MULTI_REGION_ARN, multiRegionWorld, OWNER, roleIn } from '../support/multi-region';

const ENDPOINT = 'vpce-0abc123def4567890';
const READER = `arn:aws:iam::${OWNER}:role/Reader`;

/** An endpoint in Dublin, through which the reader of a multi-Region access point comes. */
function through(endpointOf: (stack: Stack, vpc: ec2.IVpc, accessPoint: SharedMultiRegionAccessPoint) => ec2.IVpcEndpoint) {
  const { app, dublin, buckets, make } = multiRegionWorld();
  const accessPoint = make();
  accessPoint.grants.read(roleIn(dublin, 'Reader'));
  const endpoint = endpointOf(dublin, new ec2.Vpc(dublin, 'Vpc'), accessPoint);
  (buckets[0] as SecureBucket).with(new RestrictToNetwork({ vpcEndpoints: [endpoint] }));
  const decide = deciding(app, accessPoint, undefined, [{ resource: endpoint.node.defaultChild as CfnElement, value: ENDPOINT }]);
  return { decide, endpoint, dublin };
}

describe('an interface endpoint for multi-Region access points', () => {
  const { decide, dublin } = through((stack, vpc, accessPoint) => new S3InterfaceEndpoint(stack, 'Endpoint', { vpc, multiRegionAccessPoints: [accessPoint] }));

  test('leads to them, past the network perimeters of the buckets that name it', () => {
    expect(decide(READER, 's3:GetObject', '/object/a', { 'aws:SourceVpce': ENDPOINT })).toBe('allowed');
  });

  test('is the only way to a bucket with such a perimeter', () => {
    expect(decide(READER, 's3:GetObject', '/object/a', { 'aws:SourceIp': '198.51.100.77' })).toBe('not-decided'); // Virginia has none
  });

  test('has the service for them, and their names lead to it', () => {
    const [{ Properties }] = Object.values<any>(Template.fromStack(dublin).findResources('AWS::EC2::VPCEndpoint'));
    expect(Properties).toMatchObject({ ServiceName: 'com.amazonaws.s3-global.accesspoint', VpcEndpointType: 'Interface', PrivateDnsEnabled: true });
    expect(Properties.DnsOptions).toBeUndefined();
  });
});

test.each<[string, (stack: Stack, vpc: ec2.IVpc, accessPoint: SharedMultiRegionAccessPoint) => ec2.IVpcEndpoint]>([
  ['an interface endpoint for S3 in the Region', (stack, vpc, { buckets }) => new S3InterfaceEndpoint(stack, 'Endpoint', { vpc, buckets, organizationIds: ['o-exampleorgid'] })],
  ['a gateway endpoint', (stack, vpc, { buckets }) => new S3GatewayEndpoint(stack, 'Endpoint', { vpc, buckets, organizationIds: ['o-exampleorgid'] })],
  ['one for other multi-Region access points', (stack, vpc, { buckets }) => {
    const other = SharedMultiRegionAccessPoint.fromMultiRegionAccessPointAttributes(stack, 'Other', { multiRegionAccessPointArn: MULTI_REGION_ARN.replace('mfzwi23gnjvgw', 'another'), buckets });
    return new S3InterfaceEndpoint(stack, 'Endpoint', { vpc, multiRegionAccessPoints: [other] });
  }],
])('%s does not lead there', (_, endpointOf) => {
  expect(through(endpointOf).decide(READER, 's3:GetObject', '/object/a', { 'aws:SourceVpce': ENDPOINT })).toBe('denied');
});

describe('in another Region', () => {
  const { app, virginia, make } = multiRegionWorld();
  const accessPoint = make();
  accessPoint.grants.read(roleIn(virginia, 'Reader'));
  const endpoint = new S3InterfaceEndpoint(virginia, 'Endpoint', { vpc: new ec2.Vpc(virginia, 'Vpc'), multiRegionAccessPoints: [accessPoint] });

  test('its policy names the account of the access point, whose alias is not known there, and the buckets', () => {
    const decide = deciding(app, accessPoint, undefined, [{ resource: endpoint.node.defaultChild as CfnElement, value: ENDPOINT }]);
    expect(decide(READER, 's3:GetObject', '/object/a', { 'aws:SourceVpce': ENDPOINT })).toBe('allowed');
    const [{ Properties: { PolicyDocument } }] = Object.values<any>(Template.fromStack(virginia).findResources('AWS::EC2::VPCEndpoint'));
    const resources: string[] = PolicyDocument.Statement[0].Resource.map((resource: unknown) => JSON.stringify(resource));
    expect(resources.filter((resource) => resource.includes('accesspoint')).every((resource) => resource.includes(`:s3::${OWNER}:accesspoint/*.mrap`))).toBe(true);
    expect(resources.some((resource) => resource.includes(':s3:::dublin/*'))).toBe(true);
  });
});

test('an access point that is imported without its buckets leads nowhere, and the endpoint says so', () => {
  const { dublin } = multiRegionWorld();
  const imported = SharedMultiRegionAccessPoint.fromMultiRegionAccessPointArn(dublin, 'Imported', MULTI_REGION_ARN);
  const endpoint = new S3InterfaceEndpoint(dublin, 'Endpoint', { vpc: new ec2.Vpc(dublin, 'Vpc'), multiRegionAccessPoints: [imported] });
  expect(warnings(endpoint)).toEqual(['cdk-secure-bucket:bucketBehindAccessPointNotReachable']);
});

describe('bad input', () => {
  const { dublin, buckets, make } = multiRegionWorld();
  const accessPoint = make();
  const vpc = new ec2.Vpc(dublin, 'Vpc');

  test.each<[string, Partial<S3InterfaceEndpointProps>, RegExp]>([
    ['no access point', { multiRegionAccessPoints: [] }, /'multiRegionAccessPoints'/],
    ['what is none', { multiRegionAccessPoints: [buckets[0] as any] }, /'multiRegionAccessPoints.*multi-Region access point/],
    ['access points of one Region beside', { accessPoints: [new SharedDatasetAccessPoint(dublin, 'Team', { bucket: buckets[0] })] }, /'accessPoints' cannot be reached through an endpoint for multi-Region access points/],
    ['platform repositories beside', { platformRepositories: [PlatformRepository.AMAZON_LINUX_2023] }, /'platformRepositories' cannot be reached/],
  ])('%s', (_, props, message) => {
    expect(() => new S3InterfaceEndpoint(dublin, 'Endpoint', { vpc, multiRegionAccessPoints: [accessPoint], ...props })).toThrow(message);
    expect(dublin.node.tryFindChild('Endpoint')).toBeUndefined();
  });

  test('a partition that has none', () => {
    const stack = new Stack(new App(), 'Stack', { env: { account: OWNER, region: 'us-gov-west-1' } });
    const imported = SharedMultiRegionAccessPoint.fromMultiRegionAccessPointAttributes(stack, 'Imported', { multiRegionAccessPointArn: MULTI_REGION_ARN, buckets: [] });
    expect(() => new S3InterfaceEndpoint(stack, 'Endpoint', { vpc: new ec2.Vpc(stack, 'Vpc'), multiRegionAccessPoints: [imported] })).toThrow(/no multi-Region access points in partition aws-us-gov/);
  });
});
