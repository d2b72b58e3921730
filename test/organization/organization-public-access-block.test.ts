import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { OrganizationPublicAccessBlock, PolicyTarget } from '../../src';
import { testStack } from '../support/apps';

/** The properties of the only policy of a stack. */
function policyOf(stack: Stack): any {
  const [policy, ...others] = Object.values(Template.fromStack(stack).findResources('AWS::Organizations::Policy'));
  expect(others).toEqual([]);
  return policy.Properties;
}

test('turns on all four settings in every account at and below the targets', () => {
  const stack = testStack();
  new OrganizationPublicAccessBlock(stack, 'Block', { targets: [PolicyTarget.root('r-ab12'), PolicyTarget.organizationalUnit('ou-ab12-11111111'), PolicyTarget.account('111122223333')] });
  expect(policyOf(stack)).toMatchObject({
    Type: 'S3_POLICY',
    Content: { s3_attributes: { public_access_block_configuration: { '@@assign': 'all' } } },
    TargetIds: ['r-ab12', 'ou-ab12-11111111', '111122223333'],
    Name: expect.stringMatching(/^Stack-Block-/),
  });
});

test('takes a target, a name and a description that are known at deployment', () => {
  const stack = testStack();
  const later = (id: string) => new CfnParameter(stack, id).valueAsString;
  new OrganizationPublicAccessBlock(stack, 'Block', { targets: [PolicyTarget.root(later('Root'))], policyName: later('Name'), description: later('Description') });
  expect(policyOf(stack)).toMatchObject({ TargetIds: [{ Ref: 'Root' }], Name: { Ref: 'Name' }, Description: { Ref: 'Description' } });
});

test.each([
  ['root', 'ab12', /PolicyTarget\.root: 'ab12' is not the id of a root \(such as 'r-ab12'\)\. Copy it from/],
  ['root', 'ou-ab12-11111111', /not the id of a root/],
  ['root', 'r-AB12', /not the id of a root/],
  ['organizationalUnit', 'r-ab12', /not the id of an organizational unit/],
  ['organizationalUnit', 'ou-ab12-1', /not the id of an organizational unit/],
  ['account', '11112222333', /not an AWS account id/],
  ['account', 111122223333 as any, /it is not a text/],
  ['account', undefined as any, /it is not a text/],
] as ['root' | 'organizationalUnit' | 'account', string, RegExp][])('PolicyTarget.%s refuses %p', (kind, id, message) => {
  expect(() => PolicyTarget[kind](id)).toThrow(message);
});

const TARGETS = [PolicyTarget.root('r-ab12')];

test.each([
  ['no target', { targets: [] }, /'Stack\/Block': 'targets': it is not a list of policy targets, one at least/],
  ['no targets', {} as any, /'targets': it is not/],
  ['targets by their ids', { targets: ['r-ab12'] as any }, /'targets\.0': it is not a PolicyTarget/],
  ['a target twice', { targets: [...TARGETS, ...TARGETS] }, /'targets': 'r-ab12' is there more than once/],
  ['a name that is too long', { targets: TARGETS, policyName: 'a'.repeat(129) }, /'policyName': it is not a text of up to 128 printable ASCII characters/],
  ['a name that is not ASCII', { targets: TARGETS, policyName: 'Schütze' }, /'policyName'/],
  ['an empty name', { targets: TARGETS, policyName: '' }, /'policyName'/],
  ['a description that is too long', { targets: TARGETS, description: 'a'.repeat(513) }, /'description': it is not a text of up to 512 characters/],
])('%s is refused, and nothing is left behind', (_, props, message) => {
  const stack = testStack();
  expect(() => new OrganizationPublicAccessBlock(stack, 'Block', props)).toThrow(message);
  expect(stack.node.tryFindChild('Block')).toBeUndefined();
});
