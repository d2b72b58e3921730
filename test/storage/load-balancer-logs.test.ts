import { App, Aspects, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AccessEvaluator, AccessLogBucket, RestrictToOrganization } from '../../src';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';
import { NEW_APP_FLAGS, policyStatements, PRODUCER, synthesisErrors, testStack } from '../support/apps';
import { guarantees } from '../support/proofs';

const ELB_ACCOUNT = '156460612806'; // of eu-west-1
const LOAD_BALANCING = 'logdelivery.elasticloadbalancing.amazonaws.com';
const NEWER = { account: PRODUCER.account, region: 'eu-south-2' }; // where no account delivers

function logged(kind: 'application' | 'network' = 'application', env = PRODUCER): { app: App; logs: AccessLogBucket } {
  const app = new App({ analyticsReporting: false, context: NEW_APP_FLAGS });
  Aspects.of(app).add(new RestrictToOrganization({ organizationIds: ['o-exampleorgid'] }));
  const stack = new Stack(app, 'Web', { env });
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0abc123def4567890', availabilityZones: ['a', 'b'], publicSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  });
  const logs = new AccessLogBucket(stack, 'AccessLogs', { bucketName: 'web-logs' });
  if (kind === 'application') {
    const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc });
    balancer.logAccessLogs(logs, 'web');
    balancer.logConnectionLogs(logs, 'connections');
  } else {
    new elbv2.NetworkLoadBalancer(stack, 'Balancer', { vpc }).logAccessLogs(logs, 'web');
  }
  return { app, logs };
}

function outcome(app: App, principal: string, context: Record<string, unknown>, key = `web/AWSLogs/${PRODUCER.account}/elasticloadbalancing/log.gz`): string {
  app.synth();
  return AccessEvaluator._of(synthesizedTemplates(app)).decide({ principal, action: 's3:PutObject', resource: `arn:aws:s3:::web-logs/${key}`, context }).outcome;
}

const calling = (account: string, arn: string, organization: string | null = 'o-exampleorgid') => ({ 'aws:SourceAccount': account, 'aws:SourceArn': arn, 'aws:SourceOrgID': organization });
const balancerOf = (account: string, region = 'eu-west-1') => `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/app/web/50dc6c495c0c9188`;

test.each(['application', 'network'] as const)('the rule pack has nothing to say of the logs of %s load balancers', (kind) => {
  const { app, logs } = logged(kind);
  expect(synthesisErrors(Stack.of(logs))).toBe('');
  expect(judge(deploymentOf(synthesizedTemplates(app))).map(({ rule, resource, problem }) => `${rule.id} ${resource.path}: ${problem}`)).toEqual([]);
});

test.each([PRODUCER, NEWER])('the service delivers the logs of load balancers of the account, in $region', (env) => {
  const { app } = logged('application', env);
  expect(outcome(app, LOAD_BALANCING, calling(env.account, balancerOf(env.account, env.region)))).toBe('allowed');
  expect(outcome(app, LOAD_BALANCING, calling('999988887777', balancerOf('999988887777', env.region)))).toBe('denied');
  expect(outcome(app, LOAD_BALANCING, calling(env.account, balancerOf(env.account, env.region)), 'elsewhere/log.gz')).toBe('denied');
});

test("the account of the Region delivers, although it is in nobody's organization", () => {
  const { app } = logged();
  expect(outcome(app, `arn:aws:iam::${ELB_ACCOUNT}:root`, { 'aws:PrincipalOrgID': null })).toBe('allowed');
  expect(outcome(app, 'arn:aws:iam::999988887777:root', { 'aws:PrincipalOrgID': null })).toBe('denied');
});

test('the perimeter keeps what it promises, and names the account that it spares', () => {
  const { app, logs } = logged();
  app.synth();
  const [organization, ...others] = guarantees(logs).filter((proof) => proof.includes('o-exampleorgid'));
  expect(others).toEqual([]);
  expect(organization).toMatch(new RegExp(`^holds: Callers from outside o-exampleorgid .* the account ${ELB_ACCOUNT} of AWS, which delivers logs`));
});

test('without load balancers, the perimeter spares nobody but the account of the bucket', () => {
  const stack = testStack();
  const logs = new AccessLogBucket(stack, 'AccessLogs').with(new RestrictToOrganization({ organizationIds: ['o-exampleorgid'] }), new RestrictToOrganization({ organizationIds: ['o-exampleorgid'] }));
  expect(policyStatements(Stack.of(logs)).filter(({ Sid }) => /Org/.test(Sid))).toMatchObject([
    { Sid: 'DenyOutsideOrg', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': ['o-exampleorgid'], 'aws:PrincipalAccount': ['111122223333'] } } },
    { Sid: 'DenyServicesForOutsideOrg', Condition: { StringNotEquals: { 'aws:SourceOrgID': ['o-exampleorgid'], 'aws:SourceAccount': ['111122223333'] } } },
  ]);
});
