import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { LogArchiveStack } from './log-archive-stack';
import { printEnforced } from './print-enforced';
import { SecureBucketChecks } from 'cdk-secure-bucket';

// The central logs of one account: what AWS services deliver, under network and organization perimeters.
const app = new App();

new LogArchiveStack(app, 'LogArchive', {
  env: { account: '111122223333', region: 'eu-west-1' },
  organizationId: 'o-exampleorgid',
  vpcEndpointId: 'vpce-0abc123def4567890',
});

for (const pack of [AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks, SecureBucketChecks]) {
  Validations.of(app).addPlugins(new pack(app));
}

app.synth();
printEnforced(app);
