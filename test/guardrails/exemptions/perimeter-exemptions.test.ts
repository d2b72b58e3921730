import { App, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessLogBucket, RestrictToNetwork, SecureBucket, SecureBucketProps } from '../../../src';
import { policyStatements, testStack, warnings } from '../../support/apps';
import { fromAddress, role as roleOf } from '../../support/callers';
import { deployedBucketPolicy, deployedValue } from '../../support/deployed-policy';
import { judge } from '../../support/simulate';

const network = { vpcEndpointIds: ['vpce-0abc123def4567890'] };
const organization = { organizationIds: ['o-exampleorgid'], trustedAccounts: ['444455556666'] };
const arn = (role: string) => new iam.ArnPrincipal(`arn:aws:iam::111122223333:role/${role}`);

function bucketWith(props: SecureBucketProps, change: (bucket: SecureBucket) => void = () => undefined): SecureBucket {
  const bucket = new SecureBucket(testStack(), 'Data', props);
  change(bucket);
  policyStatements(bucket.stack, 'DataPolicy');
  return bucket;
}

test('a bucket tells whom its perimeters let through, and why', () => {
  const bucket = bucketWith({ network, organization, administrators: [arn('BreakGlass')] }, (one) => one.grantRead(new iam.Role(one.stack, 'Tables', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') })));
  const told = bucket.perimeterExemptions.map(({ guardrail, principal, reason }) => `${guardrail}: ${Token.isUnresolved(principal) ? JSON.stringify(bucket.stack.resolve(principal)) : principal}: ${reason}`);
  expect(told).toEqual([
    'RestrictToNetwork: AWS services: AWS services call by themselves, without a network or an organization of yours',
    expect.stringMatching(/^RestrictToNetwork: .*cfn-exec-role.*: CloudFormation deploys the stack with it$/),
    "RestrictToNetwork: arn:aws:iam::111122223333:role/BreakGlass: it is one of the 'administrators'",
    expect.stringMatching(/^RestrictToNetwork: .*:role\/aws-service-role\/\*.*: AWS services look after the account with their service-linked roles/),
    expect.stringMatching(/^RestrictToNetwork: .*Tables.*: AWS Glue takes it on, and its policies name the bucket$/),
    'RestrictToOrganization: AWS services: AWS services call by themselves, without a network or an organization of yours',
    "RestrictToOrganization: 111122223333: it is the bucket's own account, and AWS services may call for it",
    "RestrictToOrganization: 444455556666: it is one of the 'trustedAccounts'",
  ]);
});

test('a bucket without perimeters exempts nobody', () => {
  expect(bucketWith({}).perimeterExemptions).toEqual([]);
});

describe('exemptFromNetworkPerimeter', () => {
  test('exempts whoever it names, before and after the perimeter is there', () => {
    const bucket = new AccessLogBucket(testStack(), 'Data');
    bucket.exemptFromNetworkPerimeter(arn('Before'), 'it reads the logs at night');
    bucket.with(new RestrictToNetwork(network));
    bucket.stack.resolve(bucket.policy!.document);
    bucket.exemptFromNetworkPerimeter(arn('After'), 'it reads the logs by day');
    expect(JSON.stringify(policyStatements(bucket.stack, 'DataPolicy'))).toMatch(/role\/Before.*role\/After/);
    expect(bucket.perimeterExemptions).toEqual(expect.arrayContaining([
      { guardrail: 'RestrictToNetwork', principal: 'arn:aws:iam::111122223333:role/Before', reason: 'it reads the logs at night' },
      { guardrail: 'RestrictToNetwork', principal: 'arn:aws:iam::111122223333:role/After', reason: 'it reads the logs by day' },
    ]));
  });

  test.each<[string, iam.IPrincipal, string, string]>([
    ['a service', new iam.ServicePrincipal('glue.amazonaws.com'), 'why', 'is no role or user'],
    ['everybody', new iam.ArnPrincipal('*'), 'why', 'is too wide'],
    ['all roles', arn('*'), 'why', 'is too wide'],
    ['a whole account', new iam.ArnPrincipal('arn:aws:iam::111122223333:root'), 'why', 'the exempt principal is the whole account 111122223333, or its root user'],
    ['no reason', arn('Worker'), ' ', 'the exemption has no reason'],
  ])('refuses %s', (_, principal, reason, problem) => {
    expect(() => bucketWith({ network }).exemptFromNetworkPerimeter(principal, reason)).toThrow(problem);
  });
});

describe('what is known of a principal at the end of synthesis only', () => {
  const later = (text: string) => new iam.ArnPrincipal(Lazy.string({ produce: () => text }));

  test('is refused if it exempts nearly everybody', () => {
    const exempting = () => bucketWith({ network }, (bucket) => bucket.exemptFromNetworkPerimeter(later('arn:aws:iam::111122223333:role/*'), 'it does everything'));
    expect(exempting).toThrow("the exempt principal 'arn:aws:iam::111122223333:role/*' is too wide");
  });

  test('is refused if it is of another partition than the bucket', () => {
    const synthesized = (principal: iam.IPrincipal) => {
      const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'cn-north-1' } });
      new SecureBucket(stack, 'Data', { network, administrators: [principal] });
      return () => (stack.node.root as App).synth();
    };
    expect(synthesized(arn('BreakGlass'))).toThrow("the administrator 'arn:aws:iam::111122223333:role/BreakGlass' is of the partition 'aws': in 'aws-cn' it is nobody's ARN");
    expect(synthesized(new iam.ArnPrincipal('arn:aws-cn:iam::111122223333:role/BreakGlass'))).not.toThrow();
  });
});

describe('a permission set in whatever Region', () => {
  const { stack, bucketArn } = bucketWith({ network, bucketName: 'amzn-s3-demo-bucket', administrators: [arn('aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Break_*')] });
  const template = (stack.node.root as App).synth().getStackByName(stack.stackName).template;
  const environment = { account: '111122223333', region: 'eu-west-1', stackName: stack.stackName };
  const policy = deployedBucketPolicy(template, stack.resolve((stack.node.findChild('Data').node.defaultChild as s3.CfnBucket).logicalId), environment);
  const passes = async (name: string) => {
    const request = { caller: roleOf({ id: '111122223333' }, name), route: fromAddress('192.0.2.7'), action: 's3:GetBucketPolicy', resource: deployedValue(stack.resolve(bucketArn), template, environment) };
    return (await judge(request, { ownerAccountId: '111122223333', policy })).deniedBy.length === 0;
  };

  test.each(['eu-west-1/AWSReservedSSO_Break_0123456789abcdef', 'AWSReservedSSO_Break_0123456789abcdef'])('passes as %s', async (name) => {
    expect(await passes(`aws-reserved/sso.amazonaws.com/${name}`)).toBe(true);
  });

  test.each([
    'aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Other_0123456789abcdef',
    'aws-reserved/sso.amazonaws.com/AWSReservedSSO_Other_0123456789abcdef',
    'AWSReservedSSO_Break_0123456789abcdef',
  ])('does not let others pass: %s', async (name) => {
    expect(await passes(name)).toBe(false);
  });
});

describe('a pattern for administrators', () => {
  const warned = (role: string) => warnings(bucketWith({ network, administrators: [arn(role)] }));

  test.each([
    'aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Administrator_*',
    'aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Administrator_0123456789abcdef',
    'aws-reserved/sso.amazonaws.com/AWSReservedSSO_Administrator_*',
    'aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Administrator_*',
    'operations/BreakGlass',
  ])('is taken as it is if nobody else can have such a role: %s', (role) => {
    expect(warned(role)).toEqual([]);
  });

  test.each([
    'aws-reserved/sso.amazonaws.com/*',
    'aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_*',
    'aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_*_0123456789abcdef',
    'Admin*',
    'operations/*',
    '*/AWSReservedSSO_Administrator_*',
  ])('is a warning if it is wide: %s', (role) => {
    expect(warned(role)).toEqual(['cdk-secure-bucket:wideNetworkExemption']);
  });
});

test('an organization that is not known yet stands beside the account of the bucket', () => {
  const { stack } = bucketWith({ organization: { organizationIds: ['o-exampleorgid'], trustedAccounts: Token.asList({ Ref: 'Accounts' }) } });
  const [principals, services] = policyStatements(stack, 'DataPolicy').filter(({ Sid }) => /Org/.test(Sid)).map(({ Condition }) => Condition);
  expect(principals).toMatchObject({ StringNotEquals: { 'aws:PrincipalAccount': { Ref: 'Accounts' } }, StringNotLike: { 'aws:PrincipalAccount': ['111122223333'] } });
  expect(services).toMatchObject({ StringNotEquals: { 'aws:SourceAccount': { Ref: 'Accounts' } }, StringNotLike: { 'aws:SourceAccount': ['111122223333'] } });
});
