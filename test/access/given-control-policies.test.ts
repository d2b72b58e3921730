import { AccessAssumptions, AccessDecision, AccessLayer } from '../../src';
import { AccessEvaluator } from '../../src/access/access-evaluator';
import { Inventory } from '../../src/access/inventory';
import { bucketGuarantees } from '../../src/checks/bucket-guarantees';
import { deploymentOf } from '../../src/template/deployment-of';

const ACCOUNT = '111122223333';
const template = {
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } },
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'App', Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } }] } },
  },
};

/** A policy as the commands of AWS print it. */
const summary = (Id: string, Name: string, Type = 'SERVICE_CONTROL_POLICY') => ({
  Id, Arn: `arn:aws:organizations::999988887777:policy/o-exampleorgid/${Type.toLowerCase()}/${Id}`, Name, Description: '', Type, AwsManaged: Id.includes('FullAWSAccess'),
});
const described = (Id: string, Name: string, Type: string | undefined, ...Statement: object[]) => (
  { Policy: { PolicySummary: summary(Id, Name, Type), Content: JSON.stringify({ Version: '2012-10-17', Statement }, null, 2) } });
const FULL = summary('p-FullAWSAccess', 'FullAWSAccess');
const NO_READS = { Sid: 'NoReads', Effect: 'Deny', Action: 's3:GetObject', Resource: '*' };
const noReads = described('p-0123456789', 'DenyReads', undefined, NO_READS);
const noReadsOfAnybody = described('p-1123456789', 'DenyReadsOfAnybody', 'RESOURCE_CONTROL_POLICY', { ...NO_READS, Principal: '*' });

function decide(facts: object, more: object = {}): AccessDecision {
  const assumptions = AccessAssumptions.fromJson({ accounts: { [ACCOUNT]: { organizationId: 'o-exampleorgid', isManagementAccount: false, ...facts } }, ...more });
  return AccessEvaluator.fromTemplates([{ stackName: 'Stack', template, account: ACCOUNT, region: 'eu-west-1' }], assumptions)
    .decide({ principal: `arn:aws:iam::${ACCOUNT}:role/App`, action: 's3:GetObject', resource: 'arn:aws:s3:::data/a' });
}

test('what the commands print is taken as it is, and the policy that denies is named', () => {
  const decision = decide({ serviceControlPolicies: [{ Policies: [FULL] }, { Policies: [FULL, summary('p-0123456789', 'DenyReads')] }] }, { organizationPolicies: [noReads] });
  expect(decision.outcome).toBe('denied');
  expect(decision.decidedBy?.layer).toBe(AccessLayer.SERVICE_CONTROL_POLICIES);
  expect(decision.decidedBy?.statements[0]).toMatchObject({ sid: 'NoReads', property: 'organizationPolicies[0].Policy.Content (DenyReads, p-0123456789)' });
  expect(decide({ serviceControlPolicies: [{ Policies: [FULL] }] }).outcome).toBe('allowed');
});

test('a level where nothing allows lets nothing through', () => {
  const allowing = described('p-2123456789', 'AllowKms', undefined, { Effect: 'Allow', Action: 'kms:*', Resource: '*' });
  const decision = decide({ serviceControlPolicies: [{ Policies: [FULL] }, [allowing]] });
  expect(decision.outcome).toBe('denied');
  expect(decision.decidedBy?.reason).toContain('at level 2');
});

test('policies stand in a level by themselves, too, beside documents', () => {
  expect(decide({ serviceControlPolicies: [[{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }, noReads]] }).outcome).toBe('denied');
  expect(decide({ resourceControlPolicies: [noReadsOfAnybody] }).decidedBy?.statements[0].property).toContain('(DenyReadsOfAnybody, p-1123456789)');
  expect(decide({ resourceControlPolicies: [{ Policies: [summary('p-RCPFullAWSAccess', 'RCPFullAWSAccess', 'RESOURCE_CONTROL_POLICY')] }] }).outcome).toBe('allowed');
});

test('proofs know them as well', () => {
  const verdict = (accounts: object, organizationPolicies: any[] = []) => {
    const tag = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0abc123def4567890' }, StringNotLike: { 'aws:PrincipalTag/team': 'network' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } };
    const Policy = { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Statement: [tag] } } };
    const inventory = new Inventory(deploymentOf([{ name: 'Stack', account: ACCOUNT, region: 'eu-west-1', template: { Resources: { ...template.Resources, Policy } } }]), { accounts: { [ACCOUNT]: accounts }, organizationPolicies });
    return bucketGuarantees(inventory, inventory.allBuckets[0]).find(({ rule }) => rule.id === 'NetworkPerimeter')?.verdict;
  };
  const organization = described('p-1123456789', 'Organization', 'RESOURCE_CONTROL_POLICY', {
    Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
  });
  const listed = { Policies: [summary('p-1123456789', 'Organization', 'RESOURCE_CONTROL_POLICY')] };
  expect(verdict({})).toBe('broken');
  expect(verdict({ resourceControlPolicies: [organization] })).toBe('holds');
  expect(verdict({ resourceControlPolicies: [listed] }, [organization])).toBe('holds');
  expect(verdict({ resourceControlPolicies: [organization], isManagementAccount: true })).toBe('broken');
});

test.each<[string, object, object, RegExp]>([
  ['a listed policy without content', { serviceControlPolicies: [{ Policies: [summary('p-0123456789', 'DenyReads')] }] }, {},
    /'accounts\.111122223333\.serviceControlPolicies\[0\]' names the policy DenyReads, p-0123456789, whose content is not given: .*describe-policy --policy-id p-0123456789/],
  ['a policy of the other type', { resourceControlPolicies: [noReads] }, {}, /resourceControlPolicies\[0\]' is a policy of the type SERVICE_CONTROL_POLICY, and policies of the type RESOURCE_CONTROL_POLICY are listed here/],
  ['a list of the other type', { resourceControlPolicies: [{ Policies: [FULL] }] }, {}, /resourceControlPolicies\[0\]\.Policies\[0\]' is a policy of the type SERVICE_CONTROL_POLICY/],
  ['content that is no JSON', { serviceControlPolicies: [{ Policy: { PolicySummary: FULL, Content: '{' } }] }, {}, /serviceControlPolicies\[0\]\.Policy\.Content' must be a text of JSON/],
  ['content that is no policy', { serviceControlPolicies: [described('p-0123456789', 'A', undefined, { Effect: 'Perhaps' })] }, {}, /Policy\.Content\.Statement\[0\]\.Effect' is no policy/],
  ['a resource control policy that AWS Organizations would refuse', {}, { organizationPolicies: [described('p-0123456789', 'A', 'RESOURCE_CONTROL_POLICY', { ...NO_READS, Principal: '*', Effect: 'Allow' })] }, /organizationPolicies\[0\]\.Policy\.Content\.Statement\[0\]' is no policy/],
  ['something else', {}, { organizationPolicies: [{ Statement: [] }] }, /organizationPolicies\[0\]' must be what `aws organizations describe-policy` prints/],
  ['a summary without id', { serviceControlPolicies: [{ Policies: [{}] }] }, {}, /Policies\[0\]\.Id' must be a text/],
])('%s is refused with the place', (_, facts, more, message) => {
  expect(() => decide(facts, more)).toThrow(message);
});
