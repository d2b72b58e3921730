import { Inventory } from '../../src/access/inventory';
import { controlGuarantees } from '../../src/checks/control-guarantees';
import { judge } from '../../src/checks/judge';
import { deploymentOf } from '../../src/template/deployment-of';

const deny = (Condition: object, more: object = {}) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition, ...more });
const NO_SERVICE = { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } };
const TLS = deny({ Bool: { 'aws:SecureTransport': 'false' } });
const ORGANIZATION = deny({ StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' }, ...NO_SERVICE });
const ABROAD = { StringNotEqualsIfExists: { 'aws:VpceOrgID': 'o-exampleorgid' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' } };
const NETWORK = deny(ABROAD);

const rcp = (statements: object[], more: object = {}) => (
  { Type: 'AWS::Organizations::Policy', Properties: { Type: 'RESOURCE_CONTROL_POLICY', Name: 'Policy', TargetIds: ['r-ab12'], Content: { Version: '2012-10-17', Statement: statements }, ...more } });

function deployed(...policies: object[]) {
  const Resources = Object.fromEntries(policies.map((policy, i) => [`Policy${i}`, policy]));
  const template = { Parameters: { On: { Type: 'String' } }, Conditions: { IsOn: { 'Fn::Equals': [{ Ref: 'On' }, 'yes'] } }, Resources };
  return deploymentOf([{ name: 'Organization', account: '999988887777', region: 'us-east-1', template }]);
}

/** What the policies guarantee of every bucket: rule and verdict. */
function known(...policies: object[]): string[][] {
  return controlGuarantees(new Inventory(deployed(...policies))).flatMap(({ guarantees }) => guarantees).map(({ rule, verdict }) => [rule.id, verdict]);
}

const sentences = (...policies: object[]) => controlGuarantees(new Inventory(deployed(...policies))).flatMap(({ guarantees }) => guarantees).map(({ sentence }) => sentence);

test.each<[string, object[], string[][]]>([
  ['TLS', [TLS], [['RequireTls', 'holds']]],
  ['an organization', [ORGANIZATION], [['OrganizationPerimeter', 'holds']]],
  ['a network', [NETWORK], [['NetworkPerimeter', 'holds']]],
  ['no keys of callers', [{ ...deny({ Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } }), Action: 's3:PutObject' }], [['CustomerProvidedKeys', 'holds']]],
  ['TLS, with a second condition that undoes it', [deny({ Bool: { 'aws:SecureTransport': 'false' }, StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } })], [['RequireTls', 'broken']]],
  ['TLS, by a test that a request without the key passes', [deny({ Bool: { 'aws:SecureTransport': 'true' } })], [['RequireTls', 'broken']]],
  ['an organization, where a name that anybody can give a role is spared', [deny({ ...ORGANIZATION.Condition, ArnNotLike: { 'aws:PrincipalArn': 'arn:*:iam::*:role/Admin' } })], [['OrganizationPerimeter', 'broken']]],
  ['a network, where a tag that anybody can have is spared', [deny({ ...ABROAD, StringNotEquals: { 'aws:PrincipalTag/exempt': 'true' } })], [['NetworkPerimeter', 'broken']]],
  ['the same beside the organization', [deny({ ...ABROAD, StringNotEquals: { 'aws:PrincipalTag/exempt': 'true' } }), ORGANIZATION], [['OrganizationPerimeter', 'holds'], ['NetworkPerimeter', 'holds']]],
  ['another service', [{ ...TLS, Action: 'sqs:*' }], []],
  ['some buckets', [{ ...TLS, Resource: ['arn:aws:s3:::audit-*', 'arn:aws:s3:::audit-*/*'] }], []],
])('a policy about %s', (_, statements, verdicts) => {
  expect(known(rcp(statements))).toEqual(verdicts);
});

test('a perimeter that binds some principals is told as what it is', () => {
  const optIn = deny({ ...ABROAD, StringEquals: { 'aws:PrincipalTag/perimeter': 'network' } });
  expect(known(rcp([optIn]))).toEqual([['NetworkPerimeter', 'holds']]);
  expect(sentences(rcp([optIn]))[0]).toContain("It does not bind the management account, service-linked roles, principals without the tag 'perimeter' of the value 'network'.");
  expect(sentences(rcp([NETWORK]))[0]).toContain('It does not bind the management account, service-linked roles.)');
  expect(known(rcp([optIn, deny({ ...ABROAD, StringEquals: { 'aws:PrincipalTag/perimeter': 'other' } })]))).toEqual([['NetworkPerimeter', 'broken']]);
  expect(known(rcp([deny({ ...ABROAD, StringLike: { 'aws:PrincipalTag/perimeter': 'net*' } })]))).toEqual([['NetworkPerimeter', 'broken']]);
});

test('policies on the same targets bind together, those on others do not', () => {
  const open = deny({ ...ABROAD, StringNotEquals: { 'aws:PrincipalTag/exempt': 'true' } });
  expect(known(rcp([open]), rcp([ORGANIZATION]))).toEqual([['NetworkPerimeter', 'holds'], ['OrganizationPerimeter', 'holds']]);
  expect(known(rcp([open]), rcp([ORGANIZATION], { TargetIds: ['ou-ab12-11111111'] }))).toEqual([['NetworkPerimeter', 'broken'], ['OrganizationPerimeter', 'holds']]);
  expect(known(rcp([open]), { ...rcp([ORGANIZATION]), Condition: 'IsOn' })).toEqual([['NetworkPerimeter', 'broken'], ['OrganizationPerimeter', 'not-decided']]);
});

test('the rule reports what does not hold, with the request that passes', () => {
  const findings = judge(deployed(rcp([deny({ ...ABROAD, StringNotEquals: { 'aws:PrincipalTag/exempt': 'true' } })]))).filter(({ rule }) => rule.id === 'OrganizationPolicy');
  expect(findings.map(({ isDecided, problem }) => [isDecided, problem])).toEqual([[true, expect.stringMatching(/^Violated: requests from outside the networks/)]]);
  expect(judge(deployed(rcp([TLS, ORGANIZATION, NETWORK]))).filter(({ rule }) => rule.id === 'OrganizationPolicy')).toEqual([]);
});
