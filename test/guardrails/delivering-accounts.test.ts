import { App, Aspects, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessEvaluator, AccessLogBucket, Guardrail, RestrictToNetwork, RestrictToOrganization, SecureBucketChecks } from '../../src';
import { policyStatements, PRODUCER, testStack, warnings } from '../support/apps';

const LOAD_BALANCING = '156460612806'; // of eu-west-1
const NAME = 'amzn-s3-demo-logs';

const GUARDRAILS: [string, () => Guardrail][] = [
  ['an organization', () => new RestrictToOrganization({ organizationIds: ['o-exampleorgid'] })],
  ['an organization and another account', () => new RestrictToOrganization({ organizationIds: ['o-exampleorgid'], trustedAccounts: ['444455556666'] })],
  ['VPCs', () => new RestrictToNetwork({ vpcIds: ['vpc-1a2b3c4d'] })],
  ['addresses', () => new RestrictToNetwork({ ipRanges: ['203.0.113.0/24'] })],
];

function deliver(bucket: s3.Bucket): s3.Bucket {
  new elbv2.ApplicationLoadBalancer(bucket.stack, 'Balancer', { vpc: new ec2.Vpc(bucket.stack, 'Vpc') }).logAccessLogs(bucket);
  return bucket;
}

/** Whether Elastic Load Balancing may deliver, and whether another account may write. */
function decisions(stack: Stack): string[] {
  const { Resources } = (stack.node.root as App).synth().getStackArtifact(stack.artifactId).template;
  const evaluator = AccessEvaluator.fromTemplates([{ stackName: 'Stack', ...PRODUCER, template: { Resources } }]);
  return [LOAD_BALANCING, '777788889999'].map((account) => evaluator.decide({
    principal: `arn:aws:iam::${account}:root`,
    action: 's3:PutObject',
    resource: `arn:aws:s3:::${NAME}/AWSLogs/${PRODUCER.account}/log.gz`,
    context: { 'aws:PrincipalOrgID': null, 'aws:SourceVpc': null, 'aws:SourceVpce': null, 'aws:SourceIp': '198.51.100.77' },
  }).outcome);
}

function findings(stack: Stack): string[] {
  const app = stack.node.root as App;
  return new SecureBucketChecks(app).validateScope(app).violations.map(({ ruleName }) => ruleName).filter((rule) => /Lockout|(?:Network|Organization)Perimeter/.test(rule));
}

describe.each(GUARDRAILS)('a perimeter of %s spares the account with which load balancers deliver', (_, make) => {
  test.each<[string, (stack: Stack) => s3.Bucket]>([
    ['as an aspect', (stack) => {
      Aspects.of(stack).add(make());
      return deliver(new s3.Bucket(stack, 'Logs', { bucketName: NAME }));
    }],
    ['as a mixin, before it is told', (stack) => {
      const bucket = new s3.Bucket(stack, 'Logs', { bucketName: NAME });
      bucket.with(make());
      return deliver(bucket);
    }],
    ['on an AccessLogBucket', (stack) => {
      const bucket = new AccessLogBucket(stack, 'Logs', { bucketName: NAME });
      bucket.with(make());
      return deliver(bucket);
    }],
  ])('%s', (__, build) => {
    const stack = testStack();
    const bucket = build(stack);
    expect(decisions(stack)).toEqual(['allowed', 'denied']);
    expect(warnings(bucket)).toEqual([]);
    expect(findings(stack)).toEqual([]);
  });

  test('and nobody where none delivers', () => {
    const stack = testStack();
    new s3.Bucket(stack, 'Data').with(make());
    expect(JSON.stringify(policyStatements(stack))).not.toContain(LOAD_BALANCING);
    expect(JSON.stringify(policyStatements(stack))).not.toMatch(/"(?:aws:PrincipalAccount|StringNotEquals)":(?:\{\}|\[\])/);
  });
});
