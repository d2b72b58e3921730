import { App, Stack, Stage } from 'aws-cdk-lib';
import { AccountPublicAccessBlock, PolicyTarget, RequireTls, ServiceControlPolicy } from '../../src';

const env = { account: '111122223333', region: 'eu-west-1' };

function stackOfStage(app: App, id: string): Stack {
  return new Stack(new Stage(app, id, { env }), 'Stack');
}

test('the settings of one account have one owner, whatever the stage', () => {
  const app = new App({ analyticsReporting: false });
  new AccountPublicAccessBlock(stackOfStage(app, 'Beta'), 'Block');
  const second = stackOfStage(app, 'Prod');
  expect(() => new AccountPublicAccessBlock(second, 'Block')).toThrow("'Beta/Stack/Block' turns on Block Public Access of the same account. Keep one of them.");
  expect(second.node.children).toEqual([]);
});

test.each([[9, false], [10, true]])('%i policies of as many stages on one target: refused is %s', (stages, isRefused) => {
  const app = new App({ analyticsReporting: false });
  const policies = Array.from({ length: stages }, (_, i) =>
    new ServiceControlPolicy(stackOfStage(app, `Stage${i}`), 'Scp', { guardrails: [new RequireTls()], targets: [PolicyTarget.root('r-ab12')] }));
  const messages = policies.flatMap((policy) => policy.node.validate());
  expect(messages).toHaveLength(isRefused ? stages : 0);
  messages.forEach((message) => expect(message).toContain(`the app attaches ${stages} policies of type SERVICE_CONTROL_POLICY to "r-ab12"`));
});
