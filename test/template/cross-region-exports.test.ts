import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { deploymentOf } from '../../src/template/deployment-of';
import { StackTemplate } from '../../src/template/template';

/** A key in one Region, and a stack in another that names it. */
function templates(): StackTemplate[] {
  const app = new App({ analyticsReporting: false });
  const [here, there] = ['eu-west-1', 'us-west-2'].map((region) => new Stack(app, region, { env: { account: '111122223333', region }, crossRegionReferences: true }));
  new CfnOutput(here, 'KeyArn', { value: new kms.Key(there, 'Key').keyArn });
  app.synth();
  return synthesizedTemplates(app);
}

const keyArnIn = (given: readonly StackTemplate[]) => deploymentOf(given).stacks.find(({ name }) => name === 'eu-west-1')!.output('KeyArn');

test('what the CDK hands over between Regions is what the other stack says', () => {
  const [key] = deploymentOf(templates()).ofType('AWS::KMS::Key');
  expect(keyArnIn(templates())).toBe(key.reference('Arn'));
});

test('it is not known without the other stack', () => {
  expect(keyArnIn(templates().filter(({ name }) => name === 'eu-west-1'))).toContain('/cdk/exports/');
});
