import { AssumptionsJson } from '../../src/access/assumptions-format';
import { Inventory } from '../../src/access/inventory';
import { bucketGuarantees } from '../../src/checks/bucket-guarantees';
import { deploymentOf } from '../../src/template/deployment-of';

const MANAGEMENT = '999988887777';
const MEMBER = '111122223333';
const deny = (Condition: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition });
const OUTSIDE_OUR_NETWORK = deny({ StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' }, StringNotLike: { 'aws:PrincipalTag/team': 'network' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } });
const OUTSIDE_OUR_ORGANIZATION = deny({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } });

const unit = (ParentId: unknown, more: object = {}) => ({ Type: 'AWS::Organizations::OrganizationalUnit', Properties: { Name: 'Unit', ParentId }, ...more });
const account = (...ParentIds: unknown[]) => ({ Type: 'AWS::Organizations::Account', Properties: { AccountName: 'Member', Email: 'member@example.com', ...(ParentIds.length > 0 ? { ParentIds } : {}) } });

/** r-ab12 > Workloads > Production > Member, and Sandbox beside Workloads. */
const TREE = {
  Workloads: unit('r-ab12'),
  Production: unit({ Ref: 'Workloads' }),
  Sandbox: unit('r-ab12'),
  Member: account({ 'Fn::GetAtt': ['Production', 'Id'] }),
};

/** What is known of a network perimeter with a hole that the policy of the organization closes, if it binds the account of the bucket. */
function known(target: unknown, { tree = TREE, ids = { Member: MEMBER }, given = {}, owner = MEMBER, control = {} }: {
  tree?: object; ids?: Record<string, string>; given?: AssumptionsJson; owner?: string; control?: object;
} = {}) {
  const Control = { Type: 'AWS::Organizations::Policy', Properties: { Type: 'RESOURCE_CONTROL_POLICY', TargetIds: [target], Content: { Version: '2012-10-17', Statement: [OUTSIDE_OUR_ORGANIZATION] } }, ...control };
  const Parameters = { On: { Type: 'String' } };
  const Conditions = { IsOn: { 'Fn::Equals': [{ Ref: 'On' }, 'yes'] } };
  const inventory = new Inventory(deploymentOf([
    { name: 'Organization', account: MANAGEMENT, region: 'us-east-1', physicalIds: ids, template: { Parameters, Conditions, Resources: { ...tree, Control } } },
    {
      name: 'Data',
      account: owner,
      region: 'eu-west-1',
      template: {
        Resources: {
          Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'dataset' } },
          Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: [OUTSIDE_OUR_NETWORK] } } },
        },
      },
    },
  ]), given);
  return bucketGuarantees(inventory, inventory.allBuckets[0]).find(({ rule }) => rule.id === 'NetworkPerimeter')!;
}

test.each<[string, unknown, string]>([
  ['the account', { Ref: 'Member' }, 'holds'],
  ['the unit of the account', { Ref: 'Production' }, 'holds'],
  ['the unit of the account, by attribute', { 'Fn::GetAtt': ['Production', 'Id'] }, 'holds'],
  ['a unit above it', { Ref: 'Workloads' }, 'holds'],
  ['the root', 'r-ab12', 'holds'],
  ['another unit', { Ref: 'Sandbox' }, 'broken'],
  ['the root of another organization', 'r-cd34', 'broken'],
  ['another account', '444455556666', 'broken'],
  ['a unit whose id is written out: it may be one of those above', 'ou-ab12-11111111', 'not-decided'],
  ['what a parameter says', { Ref: 'On' }, 'not-decided'],
])('a policy that is attached to %s: what it closes %p', (_, target, verdict) => {
  expect(known(target).verdict).toBe(verdict);
});

test('units whose ids are known are compared', () => {
  const ids = { Member: MEMBER, Production: 'ou-ab12-11111111', Workloads: 'ou-ab12-22222222' };
  expect(known('ou-ab12-11111111', { ids }).verdict).toBe('holds');
  expect(known('ou-ab12-22222222', { ids }).verdict).toBe('holds');
  expect(known('ou-ab12-33333333', { ids }).verdict).toBe('broken');
});

test('of an account that no template is known to make, nothing is decided, and it says what to give', () => {
  const { verdict, reason } = known({ Ref: 'Production' }, { ids: {} });
  expect(verdict).toBe('not-decided');
  expect(reason).toContain(`it does if the account lies below what it is attached to ('accounts.${MEMBER}.organizationPath')`);
});

test('what is above a unit that nothing is known of, or above an account without parent, is not decided', () => {
  expect(known('r-ab12', { tree: { ...TREE, Member: account('ou-ab12-99999999') } }).verdict).toBe('not-decided');
  expect(known('r-ab12', { tree: { ...TREE, Member: account() } }).verdict).toBe('not-decided');
  expect(known('r-ab12', { tree: { ...TREE, Workloads: unit({ Ref: 'Production' }) } }).verdict).toBe('not-decided'); // a circle
});

test('what is there only under a condition decides nothing', () => {
  expect(known('r-ab12', { control: { Condition: 'IsOn' } }).verdict).toBe('not-decided');
  expect(known('r-ab12', { tree: { ...TREE, Workloads: unit('r-ab12', { Condition: 'IsOn' }) } }).verdict).toBe('not-decided');
  expect(known('r-ab12', { tree: { ...TREE, Member: { ...account({ Ref: 'Production' }), Condition: 'IsOn' } } }).verdict).toBe('not-decided');
});

test('a policy at the root does not bind the management account', () => {
  const organization = { Organization: { Type: 'AWS::Organizations::Organization', Properties: { FeatureSet: 'ALL' } } };
  const inPlace = { accounts: { [MANAGEMENT]: { organizationPath: 'o-exampleorgid/r-ab12/' } } };
  expect(known('r-ab12', { owner: MANAGEMENT, tree: { ...TREE, ...organization }, given: inPlace }).verdict).toBe('broken');
  expect(known('r-ab12', { owner: MANAGEMENT }).verdict).toBe('not-decided');
  expect(known(MEMBER, { tree: organization }).verdict).toBe('holds'); // not the one that manages it
  expect(known(MEMBER, { tree: {} }).verdict).toBe('not-decided');
  expect(known(MEMBER, { tree: {}, given: { accounts: { [MANAGEMENT]: { isManagementAccount: true } } } }).verdict).toBe('holds');
});
