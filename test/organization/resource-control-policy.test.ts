import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Asked, byService, isDenied, ORGANIZATION, policiesOf } from './control-policies';
import {
  AccessAssumptions, AccessEvaluator, ControlledService, LimitPresignedUrlAge, PolicyTarget, RequireEncryption, RequireTls, ResourceControlPolicy, ResourceControlPolicyProps,
  RestrictToNetwork, RestrictToOrganization,
} from '../../src';
import { iamPrincipal } from '../../src/policy/request';
import { synthesisErrors, testStack } from '../support/apps';

const targets = [PolicyTarget.root('r-ab12')];
const THIRD_PARTY = '777788889999';
const BALANCERS = '156460612806';
const organization = new RestrictToOrganization({ organizationIds: [ORGANIZATION], trustedAccounts: [THIRD_PARTY] });
const network = new RestrictToNetwork({ vpcEndpointOrganizationIds: [ORGANIZATION], vpcEndpointAccounts: [THIRD_PARTY], ipRanges: ['203.0.113.0/24'] });

function stackWith(props: Partial<ResourceControlPolicyProps>): Stack {
  const stack = testStack();
  new ResourceControlPolicy(stack, 'Rcp', { targets, ...props });
  return stack;
}

const ROLE = (account: string, name = 'App') => iamPrincipal(`arn:aws:iam::${account}:role/${name}`);

/** A role of an account outside the organization. */
function outsider(account = '999900001111', name = 'App', more: Asked['context'] = {}): Asked {
  return { principal: ROLE(account, name), context: { 'aws:PrincipalOrgID': 'o-another0rg', 'aws:PrincipalAccount': account, 'aws:PrincipalArn': `arn:aws:iam::${account}:role/${name}`, ...more } };
}

const ANONYMOUS: Asked = {
  principal: { kind: 'anonymous' },
  context: { 'aws:PrincipalOrgID': undefined, 'aws:PrincipalAccount': 'anonymous', 'aws:PrincipalArn': undefined, 'aws:PrincipalIsAWSService': undefined, 'aws:ViaAWSService': undefined },
};

const CLOUDTRAIL = { kind: 'service', service: 'cloudtrail.amazonaws.com' } as const;
const ELSEWHERE = { 'aws:VpceOrgID': undefined, 'aws:SourceIp': '198.51.100.7' };

describe('with all guardrails', () => {
  const stack = stackWith({
    guardrails: [new RequireTls(), new LimitPresignedUrlAge({ maxAge: Duration.minutes(15) }), new RequireEncryption(), organization, network],
    exemptRoleNames: ['cdk-*-cfn-exec-role-*'],
    loadBalancerAccounts: [BALANCERS],
  });

  test.each<[string, boolean, Asked]>([
    ['a role of the organization from its network', false, {}],
    ['plain HTTP', true, { context: { 'aws:SecureTransport': 'false' } }],
    ['TLS 1.1', true, { context: { 's3:TlsVersion': '1.1' } }],
    ['a presigned URL of an hour ago', true, { context: { 's3:authType': 'REST-QUERY-STRING', 's3:signatureAge': '3600000' } }],
    ['a presigned URL of a minute ago', false, { context: { 's3:authType': 'REST-QUERY-STRING', 's3:signatureAge': '60000' } }],
    ['an upload with a key of the caller', true, { action: 's3:PutObject', context: { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' } }],
    ['an upload with SSE-S3, as the CDK uploads its assets', false, { action: 's3:PutObject', context: { 's3:x-amz-server-side-encryption': 'AES256' } }],
    ['an outsider', true, outsider()],
    ['nobody in particular', true, ANONYMOUS],
    ['a third party that is trusted, through its own endpoint', false, outsider(THIRD_PARTY, 'App', { 'aws:VpceOrgID': undefined, 'aws:VpceAccount': THIRD_PARTY })],
    ['a third party that is trusted, from elsewhere', true, outsider(THIRD_PARTY, 'App', ELSEWHERE)],
    ['a load balancer that delivers as an account of AWS', false, outsider(BALANCERS, 'Delivery', ELSEWHERE)],
    ['CloudTrail for an account of the organization', false, { principal: CLOUDTRAIL, action: 's3:PutObject', context: byService('444455556666', ORGANIZATION) }],
    ['CloudTrail for an account outside', true, { principal: CLOUDTRAIL, action: 's3:PutObject', context: byService('999900001111', 'o-another0rg') }],
    ['CloudTrail for an account without organization', true, { principal: CLOUDTRAIL, action: 's3:PutObject', context: byService('999900001111', undefined) }],
    ['a service that acts for nobody in particular', false, { principal: CLOUDTRAIL, action: 's3:PutObject', context: byService(undefined, undefined) }],
    ['a role of the organization from elsewhere', true, { context: ELSEWHERE }],
    ['a role of the organization from an address that is named', false, { context: { 'aws:VpceOrgID': undefined, 'aws:SourceIp': '203.0.113.9' } }],
    ['an execution role of the organization from elsewhere', false, {
      principal: ROLE('444455556666', 'cdk-hnb659fds-cfn-exec-role-444455556666-eu-west-1'),
      context: { ...ELSEWHERE, 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/cdk-hnb659fds-cfn-exec-role-444455556666-eu-west-1' },
    }],
    ['a role of that name of a trusted third party from elsewhere', true, outsider(THIRD_PARTY, 'cdk-x-cfn-exec-role-y', ELSEWHERE)],
    ['an execution role over plain HTTP', true, { context: { 'aws:SecureTransport': 'false', 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/cdk-x-cfn-exec-role-y' } }],
    ['a call to another service', false, { ...outsider(), action: 'kms:Decrypt', resource: 'arn:aws:kms:eu-west-1:444455556666:key/1' }],
  ])('%s: denied is %s', (_, denied, asked) => {
    expect(isDenied(stack, asked)).toBe(denied);
  });

  test('fits one policy, which names whom it binds', () => {
    const [policy, ...others] = Object.values(policiesOf(stack));
    expect(others).toEqual([]);
    expect(policy.Properties).toMatchObject({ Type: 'RESOURCE_CONTROL_POLICY', TargetIds: ['r-ab12'], Description: expect.stringContaining('RequireTls, LimitPresignedUrlAge') });
    expect(policy.Properties.Content.Statement.every((statement: any) => statement.Effect === 'Deny' && statement.Principal === '*' && statement.Resource === '*')).toBe(true);
  });
});

describe('for KMS', () => {
  const stack = stackWith({ guardrails: [new RequireTls(), organization, network], services: [ControlledService.S3, ControlledService.KMS], exemptRoleNames: ['BreakGlass'] });
  const KEY = { action: 'kms:Decrypt', resource: 'arn:aws:kms:eu-west-1:444455556666:key/1' };

  test.each<[string, boolean, Asked]>([
    ['a role from elsewhere', true, { ...KEY, context: ELSEWHERE }],
    ['S3 that decrypts for a role', false, { ...KEY, context: { ...ELSEWHERE, 'aws:ViaAWSService': 'true' } }],
    ['EC2 that attaches a volume', false, { ...KEY, context: { ...ELSEWHERE, 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/aws:ec2-infrastructure' } }],
    ['BreakGlass of the organization', false, { ...KEY, context: { ...ELSEWHERE, 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/BreakGlass' } }],
    ['S3 that decrypts for an outsider', true, { ...KEY, ...outsider('999900001111', 'App', { 'aws:ViaAWSService': 'true' }) }],
    ['an object that is read through another service', true, { context: { ...ELSEWHERE, 'aws:ViaAWSService': 'true' } }],
  ])('%s: denied is %s', (_, denied, asked) => {
    expect(isDenied(stack, asked)).toBe(denied);
  });
});

test('a network perimeter binds tagged principals only, to begin with, and spares others by a tag, within the organization', () => {
  const stack = stackWith({
    guardrails: [organization, network],
    onlyPrincipalsTagged: { key: 'perimeter', value: 'network' },
    exceptPrincipalsTagged: { key: 'perimeter-exempt', value: 'true' },
  });
  const tagged = { ...ELSEWHERE, 'aws:PrincipalTag/perimeter': 'network' };
  expect(isDenied(stack, { context: ELSEWHERE })).toBe(false);
  expect(isDenied(stack, { context: tagged })).toBe(true);
  expect(isDenied(stack, { context: { ...tagged, 'aws:PrincipalTag/perimeter-exempt': 'true' } })).toBe(false);
  expect(isDenied(stack, outsider('999900001111', 'App', { 'aws:PrincipalTag/perimeter-exempt': 'true' }))).toBe(true);
});

test('statements by hand bind everybody, and are told apart', () => {
  const statement = (sid: string) => new iam.PolicyStatement({ sid, effect: iam.Effect.DENY, actions: ['s3:DeleteBucket'], resources: ['arn:aws:s3:::audit-*'] });
  const stack = stackWith({ statements: [statement('Keep'), statement('Keep'), new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['sqs:DeleteQueue'] })] });
  const [{ Properties: { Content: { Statement: statements } } }] = Object.values(policiesOf(stack));
  expect(statements.map(({ Sid }: any) => Sid)).toEqual(['Keep', 'Keep2', undefined]);
  expect(isDenied(stack, { action: 's3:DeleteBucket', resource: 'arn:aws:s3:::audit-logs' })).toBe(true);
  expect(isDenied(stack, { action: 's3:DeleteBucket', resource: 'arn:aws:s3:::other' })).toBe(false);
  expect(isDenied(stack, { action: 'sqs:DeleteQueue', resource: 'arn:aws:sqs:eu-west-1:444455556666:any' })).toBe(true);
});

/** A statement of about a thousand characters. */
const large = (sid: string) => new iam.PolicyStatement({ sid, effect: iam.Effect.DENY, actions: ['s3:PutObject'], resources: Array.from({ length: 20 }, (_, i) => `arn:aws:s3:::${sid.toLowerCase()}-${i}-${'x'.repeat(30)}/*`) });

test('what does not fit one policy takes more, attached one after the other; what is added moves nothing', () => {
  const names = ['A', 'B', 'C', 'D', 'E', 'F'];
  const before = policiesOf(stackWith({ statements: names.map(large) }));
  const after = policiesOf(stackWith({ statements: [...names, 'G'].map(large) }));
  const [first, second] = Object.keys(before);
  expect(Object.keys(before)).toHaveLength(2);
  expect(Object.keys(after)).toEqual([first, second]);
  expect(before[second].DependsOn).toEqual([first]);
  expect(after[first].Properties).toEqual(before[first].Properties);
  expect(after[second].Properties.Name).toBe(before[second].Properties.Name);
  expect(Object.values(before).every(({ Properties: { Content: content } }) => JSON.stringify(content).length <= 5_120)).toBe(true);
});

test('ids that are known at deployment', () => {
  const stack = testStack();
  const id = new CfnParameter(stack, 'Org').valueAsString;
  new ResourceControlPolicy(stack, 'Rcp', { targets, guardrails: [new RestrictToOrganization({ organizationIds: [id] })] });
  const [{ Properties: { Content: content } }] = Object.values(policiesOf(stack));
  expect(content.Statement[0].Condition.StringNotEquals).toEqual({ 'aws:PrincipalOrgID': [{ Ref: 'Org' }] });
});

test.each([[4, ''], [5, "'Stack5/Rcp': the app attaches 5 policies of type RESOURCE_CONTROL_POLICY to \"r-ab12\", and a target takes 4 beside the one of AWS."]])(
  '%s policies on one target, wherever they are in the app: %p', (count, message) => {
    const app = new App({ analyticsReporting: false });
    const stacks = Array.from({ length: count }, (_, i) => new Stack(app, `Stack${i + 1}`));
    stacks.forEach((stack) => new ResourceControlPolicy(stack, 'Rcp', { targets, guardrails: [new RequireTls()] }));
    new ResourceControlPolicy(stacks[0], 'Unit', { targets: [PolicyTarget.organizationalUnit('ou-ab12-11111111')], guardrails: [new RequireTls()] });
    const errors = synthesisErrors(stacks[0]);
    expect(message === '' ? errors : errors.includes(message)).toBe(message === '' ? '' : true);
  });

const DENY = { effect: iam.Effect.DENY, actions: ['s3:*'], resources: ['*'] };

test.each<[string, Partial<ResourceControlPolicyProps>, RegExp]>([
  ['nothing', {}, /the policy would deny nothing/],
  ['a network by endpoint ids', { guardrails: [new RestrictToNetwork({ vpcEndpointIds: ['vpce-0abc123def4567890'] })], onlyPrincipalsTagged: { key: 'a', value: 'b' } }, /'guardrails\.0': RestrictToNetwork cannot be held by a resource control policy like this: endpoints and VPCs are named by their ids/],
  ['administrators', { guardrails: [organization, new RestrictToNetwork({ ipRanges: ['203.0.113.0/24'], administrators: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Admin')] })], exemptRoleNames: ['Admin'] }, /'administrators' are roles and users of one account/],
  ['a network for queues', { guardrails: [organization, network], services: [ControlledService.S3, ControlledService.SQS], exemptRoleNames: ['Admin'] }, /S3 and KMS, and not for sqs/],
  ['a network that nobody is spared from', { guardrails: [organization, network] }, /RestrictToNetwork would deny CloudFormation too/],
  ['exempt names without an organization', { guardrails: [network], exemptRoleNames: ['BreakGlass'] }, /'exemptRoleNames': anybody outside the organization can give a role such a name or tag/],
  ['an exempt tag without an organization', { guardrails: [network], exemptRoleNames: [], exceptPrincipalsTagged: { key: 'a', value: 'b' } }, /'exceptPrincipalsTagged': anybody outside/],
  ['exemptions from nothing', { guardrails: [organization], exemptRoleNames: ['BreakGlass'] }, /'exemptRoleNames': it exempts from RestrictToNetwork alone/],
  ['a name that all roles have', { guardrails: [organization, network], exemptRoleNames: ['*'] }, /'\*' spares nearly all roles/],
  ['an ARN as a name', { guardrails: [organization, network], exemptRoleNames: ['arn:aws:iam::111122223333:role/Admin'] }, /is not the name of a role/],
  ['a tag with a variable', { guardrails: [organization, network], onlyPrincipalsTagged: { key: 'a', value: '${aws:username}' } }, /'onlyPrincipalsTagged\.value'/],
  ['a key for everybody', { guardrails: [new RequireEncryption({ enforcement: 'REQUIRE_HEADER' as any })] }, /no one key can be asked for/],
  ['presigned URLs of KMS', { guardrails: [new LimitPresignedUrlAge({ maxAge: Duration.hours(1) })], services: [ControlledService.KMS] }, /presigned URLs of other services than S3/],
  ['a service that there is not', { guardrails: [new RequireTls()], services: ['s3express' as any] }, /'services\.0': it is not one of s3 and kms/],
  ['no services', { guardrails: [new RequireTls()], services: [] }, /'services': it is not a list of services, one at least/],
  ['something else than a guardrail', { guardrails: ['RequireTls' as any] }, /'guardrails\.0': it is not a guardrail/],
  ['a statement that allows', { statements: [new iam.PolicyStatement({ actions: ['s3:*'], resources: ['*'] })] }, /'statements\.0': it does not deny/],
  ['a statement for all services', { statements: [new iam.PolicyStatement({ ...DENY, actions: ['*'] })] }, /its action is '\*'/],
  ['a statement with NotAction', { statements: [new iam.PolicyStatement({ effect: iam.Effect.DENY, notActions: ['s3:*'], resources: ['*'] })] }, /NotAction/],
  ['a statement for one principal', { statements: [new iam.PolicyStatement({ ...DENY, principals: [new iam.AccountPrincipal('111122223333')] })] }, /its principal is not everybody/],
  ['an account that is none', { guardrails: [organization], loadBalancerAccounts: ['1'] }, /'loadBalancerAccounts': '1' is not an AWS account id/],
  ['a statement that is too large', { statements: [new iam.PolicyStatement({ ...DENY, sid: 'Huge', resources: Array.from({ length: 200 }, (_, i) => `arn:aws:s3:::${i}-${'x'.repeat(30)}`) })] }, /statement 'Huge' takes at least [\d,]+ characters in a policy, and a resource control policy has room for 5,120/],
  ['more than four policies', { statements: Array.from({ length: 20 }, (_, i) => large(`S${i}`)) }, /the statements take \d policies \([\d,]+(, [\d,]+)+ characters\), and 4 can be attached/],
])('%s is refused, and nothing is left behind', (_, props, message) => {
  const stack = testStack();
  expect(() => new ResourceControlPolicy(stack, 'Rcp', { targets, ...props })).toThrow(message);
  expect(stack.node.tryFindChild('Rcp')).toBeUndefined();
});

test('a bucket of another app, open to everybody by its own policy, is closed to outsiders', () => {
  const policies = Object.values(policiesOf(stackWith({ guardrails: [new RequireTls(), organization] }))).map(({ Properties: { Content: content } }) => content);
  const member = testStack();
  const bucket = new s3.Bucket(member, 'Bucket', { bucketName: 'data', blockPublicAccess: new s3.BlockPublicAccess({ blockPublicPolicy: false, restrictPublicBuckets: false }) });
  bucket.grantPublicAccess();
  const template = (member.node.root as App).synth().getStackByName(member.stackName).template;
  const account = { organizationId: ORGANIZATION, organizationPath: `${ORGANIZATION}/r-ab12/`, isManagementAccount: false };
  const decide = (context: Record<string, string>, resourceControlPolicies: unknown[]) => AccessEvaluator.fromTemplates(
    [{ stackName: 'Member', template, account: '111122223333', region: 'eu-west-1' }],
    AccessAssumptions.fromJson({ accounts: { 111122223333: { ...account, resourceControlPolicies }, 999900001111: { organizationId: 'o-another0rg' } } }),
  ).decide({ principal: 'arn:aws:iam::999900001111:role/App', action: 's3:GetObject', resource: 'arn:aws:s3:::data/a', context });
  expect(decide({}, policies).outcome).toBe('denied');
  expect(JSON.stringify(decide({}, policies))).toContain('DenyOutsideOrg');
  expect(JSON.stringify(decide({}, []))).not.toContain('DenyOutsideOrg');
});
