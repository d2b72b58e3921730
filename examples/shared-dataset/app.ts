import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { ConsumerStack } from './consumer-stack';
import { printEnforced } from './print-enforced';
import { ProducerStack } from './producer-stack';
import { SecureBucketChecks } from 'cdk-secure-bucket';

// The guide's Section 11: a dataset of one account, read by an application in a VPC of another one.
const app = new App();
const region = 'ap-northeast-1';

const consumer = new ConsumerStack(app, 'Consumer', {
  env: { account: '444455556666', region },
  datasetName: `shared-dataset-111122223333-${region}-an`,
});

new ProducerStack(app, 'Producer', {
  env: { account: '111122223333', region },
  organizationId: 'o-exampleorgid',
  vpcEndpointId: 'vpce-0abc123def4567890', // an output of Consumer: ids cannot be referenced across accounts
  reader: consumer.appRole,
});

for (const pack of [AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks, SecureBucketChecks]) {
  Validations.of(app).addPlugins(new pack(app));
}

app.synth();
printEnforced(app);
