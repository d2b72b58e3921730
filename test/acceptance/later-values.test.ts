import { CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  Consumer, CrossAccountGrant, DatasetAccess, OacDistribution, OrganizationPublicAccessBlock, PolicyTarget, RestrictToNetwork, SecureBucket, SecureBucketProps,
  SharedDatasetAccessPoint,
} from '../../src';
import { synthesisErrors, testStack } from '../support/apps';

const later = (value: string) => Lazy.string({ produce: () => value });
const laterList = (...values: string[]) => Lazy.list({ produce: () => values }, { omitEmpty: false });
const ENDPOINT = 'vpce-0abc123def4567890';
const NAME = 'amzn-s3-demo-bucket';

function errorsOf(make: (stack: Stack) => unknown): string {
  const stack = testStack();
  make(stack);
  return synthesisErrors(stack);
}

const secureBucket = (props: SecureBucketProps) => (stack: Stack) => new SecureBucket(stack, 'Data', props);
const grant = (...prefixes: string[]) => (stack: Stack) => new CrossAccountGrant(stack, 'Grant', {
  bucket: new SecureBucket(stack, 'Data', { bucketName: NAME }), consumer: Consumer.account('444455556666'), access: DatasetAccess.READ, prefixes,
});
const accessPoint = (props: object) => (stack: Stack) => new SharedDatasetAccessPoint(stack, 'Team', { bucket: new SecureBucket(stack, 'Data', { bucketName: NAME }), ...props });

const nothing = () => Lazy.string({ produce: () => undefined });
const distribution = (props: object) => (stack: Stack) => new OacDistribution(stack, 'Site', { bucket: new SecureBucket(stack, 'Data'), ...props });

test.each<[string, (stack: Stack, props: object) => unknown, object]>([
  ['switches of a distribution', (stack, props) => distribution(props)(stack), { enabled: Lazy.any({ produce: () => undefined }), enableIpv6: Lazy.any({ produce: () => undefined }) }],
  ['the name of a policy', (stack, props) => new OrganizationPublicAccessBlock(stack, 'Block', { targets: [PolicyTarget.organizationalUnit('ou-abcd-12345678')], ...props }), { policyName: nothing() }],
])('%s that turn out to be nothing are as if they were left out', (_, make, props) => {
  const [given, leftOut] = [props, {}].map((each) => {
    const stack = testStack();
    make(stack, each);
    return Template.fromStack(stack).toJSON();
  });
  expect(given).toEqual(leftOut);
});

test('a content security policy that turns out to be nothing is refused', () => {
  const stack = testStack();
  distribution({ contentSecurityPolicy: nothing() })(stack);
  expect(synthesisErrors(stack)).toMatch(/'Stack\/Site': 'contentSecurityPolicy' is a value that is known only later, and then it is nothing\. Have it give a text/);
});

test('and one that is there only when the app is synthesized is taken', () => {
  const stack = testStack();
  let policy: string | undefined;
  distribution({ contentSecurityPolicy: Lazy.string({ produce: () => policy }) })(stack);
  policy = "default-src 'self'";
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudFront::ResponseHeadersPolicy'));
  expect(Properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy).toBe(policy);
});

describe('a value that comes later is judged when it is there', () => {
  test.each<[string, (stack: Stack) => unknown, RegExp]>([
    ['VPC endpoints', secureBucket({ network: { vpcEndpointIds: [later('vpce-abc')] } }), /'Stack\/Data': 'RestrictToNetwork.vpcEndpointIds': 'vpce-abc' is not a VPC endpoint id/],
    ['a list of VPC endpoints', secureBucket({ network: { vpcEndpointIds: laterList(ENDPOINT, 'vpce-abc') } }), /'RestrictToNetwork.vpcEndpointIds': 'vpce-abc'/],
    ['VPCs', secureBucket({ network: { vpcIds: [later('vpc')] } }), /'RestrictToNetwork.vpcIds': 'vpc' is not a VPC id/],
    ['a list of VPCs', secureBucket({ network: { vpcIds: laterList('vpc') } }), /'RestrictToNetwork.vpcIds': 'vpc'/],
    ['address ranges', secureBucket({ network: { ipRanges: [later('10.0.0.0/8')] } }), /'RestrictToNetwork.ipRanges': '10.0.0.0\/8' is private/],
    ['a range of the whole internet', secureBucket({ network: { ipRanges: laterList('0.0.0.0/0') } }), /'RestrictToNetwork.ipRanges': '0.0.0.0\/0' covers a large part/],
    ['a list that is empty', secureBucket({ network: { ipRanges: laterList() } }), /the network perimeter has no members/],
    ['an administrator', secureBucket({ network: { vpcEndpointIds: [ENDPOINT] }, administrators: [new iam.ArnPrincipal(later('arn:aws:iam::*:role/Admin'))] }), /'RestrictToNetwork.administrators': the administrator 'arn:aws:iam::\*:role\/Admin' is too wide/],
    ['an organization', secureBucket({ organization: { organizationIds: [later('exampleorgid')] } }), /'RestrictToOrganization.organizationIds': 'exampleorgid' is not an organization id/],
    ['a list of organizations', secureBucket({ organization: { organizationIds: laterList('o-exampleorgid', '*') } }), /'RestrictToOrganization.organizationIds': '\*'/],
    ['organizations that turn out to be none', secureBucket({ organization: { organizationIds: Lazy.list({ produce: () => undefined }) } }), /names no organization/],
    ['organizations of another type', secureBucket({ organization: { organizationIds: Lazy.list({ produce: () => [null as any] }) } }), /'RestrictToOrganization.organizationIds': 'null' is not an organization id/],
    ['endpoints that turn out to be none', secureBucket({ network: { vpcEndpointIds: Lazy.list({ produce: () => undefined }) } }), /the network perimeter has no members/],
    ['no organization', secureBucket({ organization: { organizationIds: laterList() } }), /names no organization/],
    ['a trusted account', secureBucket({ organization: { organizationIds: ['o-exampleorgid'], trustedAccounts: [later('4444')] } }), /'RestrictToOrganization.trustedAccounts': '4444' is not an AWS account id/],
    ['a prefix of a grant', grant('reports/', later('')), /'Stack\/Grant': a prefix is empty, which would share everything/],
    ['a prefix with a wildcard', grant(later('*')), /'Stack\/Grant': the prefix '\*' has a wildcard/],
    ['a prefix of an access point', accessPoint({ prefixes: [later('/reports')] }), /'Stack\/Team': the prefix '\/reports' begins with a slash/],
    ['a prefix of a grant outside of the access point', (stack) => accessPoint({ prefixes: ['reports/'] })(stack).grantRead(Consumer.account('444455556666'), later('secret/')), /the prefix 'secret\/' is outside of what the access point is for/],
    ['the VPC of an access point', accessPoint({ vpcId: later('vpc') }), /'vpcId': 'vpc' is not a VPC id/],
    ['the name of an access point', accessPoint({ accessPointName: later('Team') }), /'accessPointName': 'Team' is no name for an access point/],
  ])('%s', (_, make, message) => {
    expect(errorsOf(make)).toMatch(message);
  });

  test.each<[string, (stack: Stack) => unknown]>([
    ['a perimeter', secureBucket({ network: { vpcEndpointIds: laterList(ENDPOINT), ipRanges: [later('203.0.113.0/24')] } })],
    ['an administrator', secureBucket({ network: { vpcEndpointIds: [ENDPOINT] }, administrators: [new iam.ArnPrincipal(later('arn:aws:iam::111122223333:role/Admin'))] })],
    ['an organization', secureBucket({ organization: { organizationIds: laterList('o-exampleorgid'), trustedAccounts: laterList('444455556666') } })],
    ['a prefix', grant('reports/', later('archive/'))],
    ['a prefix inside of an access point', (stack) => accessPoint({ prefixes: ['reports/'] })(stack).grantRead(Consumer.account('444455556666'), later('reports/2026/'))],
  ])('and passes if it is right: %s', (_, make) => {
    expect(errorsOf(make)).toBe('');
  });

  test.each<[string, (stack: Stack) => unknown]>([
    ['an endpoint', (stack) => secureBucket({ network: { vpcEndpointIds: [new CfnParameter(stack, 'Id').valueAsString] } })(stack)],
    ['endpoints', (stack) => secureBucket({ network: { vpcEndpointIds: new CfnParameter(stack, 'Ids', { type: 'CommaDelimitedList' }).valueAsList } })(stack)],
    ['an organization', (stack) => secureBucket({ organization: { organizationIds: [new CfnParameter(stack, 'Id').valueAsString] } })(stack)],
    ['a prefix', (stack) => grant(new CfnParameter(stack, 'Prefix').valueAsString)(stack)],
  ])('a parameter is known at deployment only: %s', (_, make) => {
    expect(errorsOf(make)).toBe('');
  });
});

describe('a whole list that comes later is refused where its elements are needed', () => {
  test.each<[string, (stack: Stack) => unknown, RegExp]>([
    ['prefixes of a grant', (stack) => new CrossAccountGrant(stack, 'Grant', {
      bucket: new SecureBucket(stack, 'Data', { bucketName: NAME }), consumer: Consumer.account('444455556666'), access: DatasetAccess.READ, prefixes: laterList('reports/'),
    }), /'Stack\/Grant': 'prefixes' is a list that is known only later/],
    ['prefixes of an access point', accessPoint({ prefixes: laterList('reports/') }), /'Stack\/Team': 'prefixes' is a list that is known only later/],
  ])('%s', (_, make, message) => {
    expect(() => make(testStack())).toThrow(message);
  });

  test('endpoints, beside others', () => {
    const stack = testStack();
    const vpcEndpoints = [{ vpcEndpointId: ENDPOINT, node: stack.node } as any];
    expect(() => secureBucket({ network: { vpcEndpoints, vpcEndpointIds: laterList(ENDPOINT) } })(stack)).toThrow("'Stack/Data': 'network.vpcEndpointIds': the list is known only later");
    expect(() => new RestrictToNetwork({ vpcEndpoints, vpcEndpointIds: laterList(ENDPOINT) })).toThrow("RestrictToNetwork: 'vpcEndpointIds': the list is known only later");
  });
});
