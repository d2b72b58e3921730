import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { RestrictToNetwork, SecureBucket } from '../../src';
import { policyStatements, testStack } from '../support/apps';
import { guarantees } from '../support/proofs';

test('endpoints of organizations and accounts are inside, and nobody else', () => {
  const bucket = new SecureBucket(testStack(), 'Data', { network: { vpcEndpointOrganizationIds: ['o-exampleorgid'], vpcEndpointAccounts: ['444455556666'], vpcEndpointIds: ['vpce-0abc123def4567890'] } });
  const deny = policyStatements(bucket.stack, 'DataPolicy').find(({ Sid }) => Sid === 'DenyOutsideNetwork');
  expect(deny.Condition.StringNotEquals).toEqual({ 'aws:SourceVpce': ['vpce-0abc123def4567890'], 'aws:VpceOrgID': ['o-exampleorgid'], 'aws:VpceAccount': ['444455556666'] });
  expect(guarantees(bucket)).toContainEqual(expect.stringMatching(/^holds: Requests from outside vpce-0abc123def4567890 or o-exampleorgid or 444455556666 are denied/));
});

test.each([
  [{ vpcEndpointOrganizationIds: ['exampleorgid'] }, "'exampleorgid'"],
  [{ vpcEndpointAccounts: ['4444'] }, "'4444'"],
])('an id that cannot be one is refused: %j', (perimeter, id) => {
  expect(() => new RestrictToNetwork(perimeter)).toThrow(id);
});

describe('an endpoint through which nobody comes to S3', () => {
  const errorFor = (endpoint: (vpc: ec2.Vpc, stack: Stack) => ec2.IVpcEndpoint) => () => {
    const stack = testStack();
    return new SecureBucket(stack, 'Data', { network: { vpcEndpoints: [endpoint(new ec2.Vpc(stack, 'Vpc', { natGateways: 0 }), stack)] } });
  };

  test.each<[string, Parameters<typeof errorFor>[0]]>([
    ['dynamodb', (vpc) => vpc.addGatewayEndpoint('Endpoint', { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB })],
    ['s3express', (vpc) => vpc.addGatewayEndpoint('Endpoint', { service: ec2.GatewayVpcEndpointAwsService.S3_EXPRESS })],
    ['kms', (vpc) => vpc.addInterfaceEndpoint('Endpoint', { service: ec2.InterfaceVpcEndpointAwsService.KMS })],
  ])('is refused: %s', (service, endpoint) => {
    expect(errorFor(endpoint)).toThrow(new RegExp(`'[^']*Endpoint' is an endpoint for '[^']*${service}': no request to S3 comes through it`));
  });

  test.each<[string, Parameters<typeof errorFor>[0]]>([
    ['a gateway', (vpc) => vpc.addGatewayEndpoint('Endpoint', { service: ec2.GatewayVpcEndpointAwsService.S3 })],
    ['an interface', (vpc) => vpc.addInterfaceEndpoint('Endpoint', { service: ec2.InterfaceVpcEndpointAwsService.S3 })],
    ['one for access points of several Regions', (vpc) => vpc.addInterfaceEndpoint('Endpoint', { service: new ec2.InterfaceVpcEndpointService('com.amazonaws.s3-global.accesspoint') })],
    ['an imported one, of which nothing is known', (_, stack) => ec2.GatewayVpcEndpoint.fromGatewayVpcEndpointId(stack, 'Endpoint', 'vpce-0abc123def4567890')],
  ])('is none of these: %s', (_, endpoint) => {
    expect(errorFor(endpoint)).not.toThrow();
  });
});
