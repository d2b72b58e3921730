import { AwsSolutionsChecks } from 'cdk-nag';
import { AccountPublicAccessBlock, GuardrailProtectionPolicy, OrganizationPublicAccessBlock, PolicyTarget, RequireTls, ResourceControlPolicy } from '../../src';
import { testStack } from '../support/apps';

test('the AWS Solutions pack reports nothing', () => {
  const stack = testStack();
  const targets = [PolicyTarget.root('r-ab12')];
  new AccountPublicAccessBlock(stack, 'Account');
  new OrganizationPublicAccessBlock(stack, 'Organization', { targets });
  new ResourceControlPolicy(stack, 'Rcp', { targets, guardrails: [new RequireTls()] });
  new GuardrailProtectionPolicy(stack, 'Protection', { targets });
  const { violations } = new AwsSolutionsChecks(stack.node.root as any).validateScope(stack.node.root as any);
  expect(violations.map(({ ruleName }: any) => ruleName)).toEqual([]);
});
