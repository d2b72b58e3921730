import { AccountJson } from '../../src/access/assumptions-format';
import { Inventory } from '../../src/access/inventory';
import { bucketGuarantees } from '../../src/checks/bucket-guarantees';
import { deploymentOf } from '../../src/template/deployment-of';

const ACCOUNT = '111122223333';
const deny = (Condition: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition });
const OUTSIDE_OUR_NETWORK = deny({ StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' }, StringNotLike: { 'aws:PrincipalTag/team': 'network' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } });
const OUTSIDE_OUR_ORGANIZATION = deny({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } });

type Arguments = [targets: string[], statement?: object, control?: object, place?: AccountJson, administrator?: string];

function guaranteesOf(...args: Arguments): Record<string, string> {
  return Object.fromEntries(provenOf(...args).map(({ rule, verdict }) => [rule.id, verdict]));
}

function provenOf(...[targets, statement = OUTSIDE_OUR_NETWORK, control = OUTSIDE_OUR_ORGANIZATION, place = {}, administrator = '444455556666']: Arguments) {
  const deployment = deploymentOf([{
    name: 'Stack',
    account: ACCOUNT,
    region: 'eu-west-1',
    template: {
      Resources: {
        Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'dataset' } },
        Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: [statement] } } },
      },
    },
  }, {
    name: 'Organization',
    account: administrator,
    region: 'us-east-1',
    template: {
      Resources: {
        Control: { Type: 'AWS::Organizations::Policy', Properties: { Type: 'RESOURCE_CONTROL_POLICY', TargetIds: targets, Content: { Version: '2012-10-17', Statement: [control] } } },
      },
    },
  }]);
  const inventory = new Inventory(deployment, { accounts: { [ACCOUNT]: place } });
  return bucketGuarantees(inventory, inventory.allBuckets[0]);
}

test('an exemption by tag is no hole in a network where a resource control policy stops every outsider', () => {
  const verdict = (targets: string[], place: AccountJson = {}) => guaranteesOf(targets, OUTSIDE_OUR_NETWORK, OUTSIDE_OUR_ORGANIZATION, place).NetworkPerimeter;
  expect(verdict([ACCOUNT], { isManagementAccount: false })).toBe('holds');
  expect(verdict(['444455556666'])).toBe('broken');
});

test.each([['in which it is made', ACCOUNT], ['beside that of a delegated administrator', '444455556666']])('whether a policy binds an account %s is not decided: it may be the management account', (_, maker) => {
  const made = (place: AccountJson) => guaranteesOf([ACCOUNT], OUTSIDE_OUR_NETWORK, OUTSIDE_OUR_ORGANIZATION, place, maker).NetworkPerimeter;
  expect([made({}), made({ isManagementAccount: false }), made({ isManagementAccount: true })]).toEqual(['not-decided', 'holds', 'broken']);
});

test('a guarantee holds by a resource control policy above the bucket alone, and not by one above another account', () => {
  const tls = deny({ Bool: { 'aws:SecureTransport': 'false' } });
  expect(guaranteesOf([ACCOUNT], OUTSIDE_OUR_NETWORK, tls).RequireTls).toBe('broken'); // service-linked roles are not bound by it
  expect(guaranteesOf(['444455556666'], tls, OUTSIDE_OUR_NETWORK).RequireTls).toBe('holds');
});

describe('what holds a guarantee is said where resource control policies bind the bucket', () => {
  const MEMBER = { isManagementAccount: false };
  const TLS = deny({ Bool: { 'aws:SecureTransport': 'false' } });
  const noCustomerKeys = { ...deny({ Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } }), Action: 's3:PutObject' };
  const reasonOf = (rule: string, ...args: Arguments) => provenOf(...args).filter((one) => one.rule.id === rule).map(({ verdict, reason }) => [verdict, reason])[0];
  const spareLinkedRoles = { ArnNotLike: { 'aws:PrincipalArn': 'arn:*:iam::*:role/aws-service-role/*' } };
  const network = deny({ StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' }, ...spareLinkedRoles });
  const withHole = { ...network, Condition: { ...network.Condition, StringNotLike: { 'aws:PrincipalTag/team': 'network' } } };

  test.each<[string, string, object, object, RegExp]>([
    ['the policy of the bucket', 'RequireTls', TLS, noCustomerKeys, /^the policy of the bucket denies the rest, without/],
    ['the policy of the organization, where that of the bucket has a hole', 'NetworkPerimeter', withHole, network, /^resource control policies above the bucket deny the rest, without/],
    ['each of both', 'NetworkPerimeter', network, network, /each by itself/],
    ['both together', 'NetworkPerimeter', OUTSIDE_OUR_NETWORK, OUTSIDE_OUR_ORGANIZATION, /neither does by itself/],
    ['both together, where service-linked roles are the rest', 'RequireTls', { ...TLS, Condition: { ...TLS.Condition, ArnLike: spareLinkedRoles.ArnNotLike } }, TLS, /neither does by itself/],
  ])('%s', (_, rule, statement, control, reason) => {
    expect(reasonOf(rule, [ACCOUNT], statement, control, MEMBER)).toEqual(['holds', expect.stringMatching(reason)]);
  });

  test('nothing is said where none is known to bind it', () => {
    expect(reasonOf('RequireTls', ['444455556666'], TLS, TLS)).toEqual(['holds', undefined]);
    expect(reasonOf('RequireTls', ['r-ab12'], TLS, TLS)).toEqual(['holds', undefined]);
  });
});

describe('a resource control policy that would make a difference', () => {
  test('is not decided at a root or unit of which it is not known whether it is above the account', () => {
    expect(guaranteesOf(['r-ab12']).NetworkPerimeter).toBe('not-decided');
    expect(guaranteesOf(['ou-ab12-11111111']).NetworkPerimeter).toBe('not-decided');
    expect(guaranteesOf(['r-ab12'], OUTSIDE_OUR_NETWORK, OUTSIDE_OUR_ORGANIZATION, { organizationPath: 'o-exampleorgid/r-ab12/ou-ab12-11111111/' }).NetworkPerimeter).toBe('holds');
    expect(guaranteesOf(['r-ab12'], OUTSIDE_OUR_NETWORK, OUTSIDE_OUR_ORGANIZATION, { organizationPath: 'o-exampleorgid/r-cd34/' }).NetworkPerimeter).toBe('broken');
    expect(guaranteesOf(['r-ab12'], OUTSIDE_OUR_NETWORK, OUTSIDE_OUR_ORGANIZATION, { organizationPath: 'o-exampleorgid/r-ab12/' }).NetworkPerimeter).toBe('not-decided'); // as the management account
    expect(guaranteesOf(['r-ab12'], OUTSIDE_OUR_NETWORK, OUTSIDE_OUR_ORGANIZATION, { organizationPath: 'o-exampleorgid/r-ab12/', isManagementAccount: false }).NetworkPerimeter).toBe('holds');
    expect(guaranteesOf(['r-ab12'], OUTSIDE_OUR_NETWORK, OUTSIDE_OUR_ORGANIZATION, { organizationId: null }).NetworkPerimeter).toBe('broken');
    expect(guaranteesOf(['r-ab12'], OUTSIDE_OUR_NETWORK, OUTSIDE_OUR_ORGANIZATION, { isManagementAccount: true }).NetworkPerimeter).toBe('broken');
  });

  test('is not decided where AWS Organizations would refuse it', () => {
    const { Action, Principal, ...rest } = OUTSIDE_OUR_ORGANIZATION;
    const refused = [{ ...rest, Principal, Action: '*' }, { ...rest, Principal, Action: ['s3:*', '*'] }, { ...rest, Principal, NotAction: 'iam:*' }, { ...rest, NotPrincipal: { AWS: ACCOUNT }, Action }];
    expect(refused.map((control) => guaranteesOf([ACCOUNT], OUTSIDE_OUR_NETWORK, control).NetworkPerimeter)).toEqual(refused.map(() => 'not-decided'));
    expect(guaranteesOf(['444455556666'], OUTSIDE_OUR_NETWORK, refused[0]).NetworkPerimeter).toBe('broken');
    expect(guaranteesOf([ACCOUNT], OUTSIDE_OUR_NETWORK, refused[0]).RequireTls).toBe('broken');
  });

  test('makes none where another request passes, whether it binds or not, nor where the policy of the bucket is enough', () => {
    const ofOthers = deny({ StringEquals: { 'aws:PrincipalOrgID': 'o-another0rg' } });
    expect(guaranteesOf(['r-ab12'], OUTSIDE_OUR_NETWORK, ofOthers).NetworkPerimeter).toBe('broken');
    expect(guaranteesOf(['r-ab12'], deny({ Bool: { 'aws:SecureTransport': 'false' } })).RequireTls).toBe('holds');
  });
});

test('a resource control policy that names one bucket is no guarantee of another with the same policy', () => {
  const bucket = (name: string) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName: name } });
  const allow = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/App' }, Action: 's3:GetObject', Resource: '*' };
  const outside = (name: string) => ({ ...OUTSIDE_OUR_NETWORK, Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`] });
  const policyOf = (name: string) => ({ Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: name, PolicyDocument: { Version: '2012-10-17', Statement: [allow, outside(name)] } } });
  const control = { ...OUTSIDE_OUR_ORGANIZATION, Resource: ['arn:aws:s3:::dataset', 'arn:aws:s3:::dataset/*'] };
  const Resources = {
    One: bucket('dataset'),
    OnePolicy: policyOf('dataset'),
    Two: bucket('archive'),
    TwoPolicy: policyOf('archive'),
    Control: { Type: 'AWS::Organizations::Policy', Properties: { Type: 'RESOURCE_CONTROL_POLICY', TargetIds: [ACCOUNT], Content: { Version: '2012-10-17', Statement: [control] } } },
  };
  const inventory = new Inventory(deploymentOf([{ name: 'Stack', account: ACCOUNT, region: 'eu-west-1', template: { Resources } }]), { accounts: { [ACCOUNT]: { isManagementAccount: false } } });
  const verdicts = inventory.allBuckets.map((one) => bucketGuarantees(inventory, one).find(({ rule }) => rule.id === 'NetworkPerimeter')?.verdict);
  expect(verdicts).toEqual(['holds', 'broken']);
});
