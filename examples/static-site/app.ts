import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { printEnforced } from './print-enforced';
import { SiteStack } from './site-stack';
import { SecureBucketChecks } from 'cdk-secure-bucket';

// The guide's Section 4.4: public content, and all four settings of Block Public Access on.
const app = new App();

new SiteStack(app, 'Site', {
  env: { account: '111122223333', region: 'us-east-1' }, // where CloudFront takes certificates and delivers access logs
  organizationId: 'o-exampleorgid',
});

for (const pack of [AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks, SecureBucketChecks]) {
  Validations.of(app).addPlugins(new pack(app));
}

app.synth();
printEnforced(app);
