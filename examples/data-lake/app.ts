import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { acknowledgeInlinePolicies } from './acknowledgments';
import { DataLakeStack } from './data-lake-stack';
import { printEnforced } from './print-enforced';
import { SecureBucketChecks } from 'cdk-secure-bucket';

// A data lake of two teams and a group of the corporate directory, by S3 Access Grants.
const app = new App();
const stack = new DataLakeStack(app, 'DataLake', {
  env: { account: '111122223333', region: 'eu-west-1' },
  vpcEndpointId: 'vpce-0abc123def4567890',
  identityCenterArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
  analystsGroupId: 'a1b2c3d4-5678-90ab-cdef-1234567890ab',
});
acknowledgeInlinePolicies(stack);

for (const pack of [AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks, SecureBucketChecks]) {
  Validations.of(app).addPlugins(new pack(app));
}

app.synth();
printEnforced(app);
