import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { isDenied, ORGANIZATION, policiesOf } from './control-policies';
import {
  LimitPresignedUrlAge, PolicyTarget, RequireEncryption, RequireTls, RestrictToNetwork, RestrictToOrganization, ServiceControlPolicy, ServiceControlPolicyProps,
} from '../../src';
import { testStack } from '../support/apps';

const targets = [PolicyTarget.organizationalUnit('ou-ab12-11111111')];
const network = new RestrictToNetwork({ vpcEndpointOrganizationIds: [ORGANIZATION], viaAwsServices: true });
const ELSEWHERE = { 'aws:VpceOrgID': undefined, 'aws:SourceIp': '198.51.100.7' };

function stackWith(props: Partial<ServiceControlPolicyProps>): Stack {
  const stack = testStack();
  new ServiceControlPolicy(stack, 'Scp', { targets, ...props });
  return stack;
}

test('binds the principals of the accounts below, whatever they call', () => {
  const stack = stackWith({
    guardrails: [new RequireTls(), new LimitPresignedUrlAge({ maxAge: Duration.hours(1) }), new RequireEncryption(), network],
    exemptRoleNames: ['cdk-*-cfn-exec-role-*'],
    statements: [new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['organizations:LeaveOrganization'], resources: ['*'] })],
  });
  expect(isDenied(stack)).toBe(false);
  expect(isDenied(stack, { context: { 'aws:SecureTransport': 'false' } })).toBe(true);
  expect(isDenied(stack, { context: { 's3:authType': 'REST-QUERY-STRING', 's3:signatureAge': '3600001' } })).toBe(true);
  expect(isDenied(stack, { action: 's3:PutObject', context: { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' } })).toBe(true);
  expect(isDenied(stack, { context: ELSEWHERE })).toBe(true);
  expect(isDenied(stack, { context: { ...ELSEWHERE, 'aws:ViaAWSService': 'true' } })).toBe(false);
  expect(isDenied(stack, { context: { ...ELSEWHERE, 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/cdk-x-cfn-exec-role-y' } })).toBe(false);
  expect(isDenied(stack, { action: 'organizations:LeaveOrganization', resource: '*' })).toBe(true);
  const [{ Properties: { Type: type, Content: content } }] = Object.values(policiesOf(stack));
  expect(type).toBe('SERVICE_CONTROL_POLICY');
  expect(content.Statement.filter((statement: any) => 'Principal' in statement)).toEqual([]);
});

test('tags need no organization beside them: nobody is from outside', () => {
  const stack = stackWith({ guardrails: [network], onlyPrincipalsTagged: { key: 'perimeter', value: 'network' } });
  expect(isDenied(stack, { context: ELSEWHERE })).toBe(false);
  expect(isDenied(stack, { context: { ...ELSEWHERE, 'aws:PrincipalTag/perimeter': 'network' } })).toBe(true);
});

test.each<[string, Partial<ServiceControlPolicyProps>, RegExp]>([
  ['an organization', { guardrails: [new RestrictToOrganization({ organizationIds: [ORGANIZATION] })] }, /RestrictToOrganization cannot be held by a service control policy like this.*Use it in a ResourceControlPolicy/],
  ['a network that nobody is spared from', { guardrails: [network] }, /RestrictToNetwork would deny CloudFormation too/],
  ['a statement that allows', { statements: [new iam.PolicyStatement({ actions: ['s3:*'], resources: ['*'] })] }, /it does not deny/],
  ['a statement with principals', { statements: [new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:*'], resources: ['*'] })] }, /it names principals/],
])('%s is refused, and nothing is left behind', (_, props, message) => {
  const stack = testStack();
  expect(() => new ServiceControlPolicy(stack, 'Scp', { targets, ...props })).toThrow(message);
  expect(stack.node.tryFindChild('Scp')).toBeUndefined();
});
