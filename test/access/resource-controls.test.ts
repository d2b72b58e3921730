import { AccountJson } from '../../src/access/assumptions-format';
import { Inventory } from '../../src/access/inventory';
import { bucketGuarantees } from '../../src/checks/bucket-guarantees';
import { deploymentOf } from '../../src/template/deployment-of';

const ACCOUNT = '111122223333';
const deny = (Condition: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition });
const OUTSIDE_OUR_NETWORK = deny({ StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' }, StringNotLike: { 'aws:PrincipalTag/team': 'network' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } });
const OUTSIDE_OUR_ORGANIZATION = deny({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } });

function guaranteesOf(targets: string[], statement: object = OUTSIDE_OUR_NETWORK, control: object = OUTSIDE_OUR_ORGANIZATION, place: AccountJson = {}, administrator = '444455556666'): Record<string, string> {
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
  return Object.fromEntries(bucketGuarantees(inventory, inventory.allBuckets[0]).map(({ rule, verdict }) => [rule.id, verdict]));
}

test('an exemption by tag is no hole in a network where a resource control policy stops every outsider', () => {
  expect(guaranteesOf([ACCOUNT]).NetworkPerimeter).toBe('holds');
  expect(guaranteesOf(['444455556666']).NetworkPerimeter).toBe('broken');
});

test('whether a policy binds the account in which it is made is not decided: it may be the management account', () => {
  const made = (place: AccountJson) => guaranteesOf([ACCOUNT], OUTSIDE_OUR_NETWORK, OUTSIDE_OUR_ORGANIZATION, place, ACCOUNT).NetworkPerimeter;
  expect([made({}), made({ isManagementAccount: false }), made({ isManagementAccount: true })]).toEqual(['not-decided', 'holds', 'broken']);
});

test('a guarantee holds by a resource control policy above the bucket alone, and not by one above another account', () => {
  const tls = deny({ Bool: { 'aws:SecureTransport': 'false' } });
  expect(guaranteesOf([ACCOUNT], OUTSIDE_OUR_NETWORK, tls).RequireTls).toBe('broken'); // service-linked roles are not bound by it
  expect(guaranteesOf(['444455556666'], tls, OUTSIDE_OUR_NETWORK).RequireTls).toBe('holds');
});

describe('a resource control policy that would make a difference', () => {
  test('is not decided at a root or unit of which it is not known whether it is above the account', () => {
    expect(guaranteesOf(['r-ab12']).NetworkPerimeter).toBe('not-decided');
    expect(guaranteesOf(['ou-ab12-11111111']).NetworkPerimeter).toBe('not-decided');
    expect(guaranteesOf(['r-ab12'], OUTSIDE_OUR_NETWORK, OUTSIDE_OUR_ORGANIZATION, { organizationPath: 'o-exampleorgid/r-ab12/ou-ab12-11111111/' }).NetworkPerimeter).toBe('holds');
    expect(guaranteesOf(['r-ab12'], OUTSIDE_OUR_NETWORK, OUTSIDE_OUR_ORGANIZATION, { organizationPath: 'o-exampleorgid/r-cd34/' }).NetworkPerimeter).toBe('broken');
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
