import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { MemberStack } from './member-stack';
import { OrganizationStack } from './organization-stack';
import { printEnforced } from './print-enforced';
import { SecureBucketChecks } from 'cdk-secure-bucket';

// An organization: policies from the management account, buckets in two member accounts.
const app = new App();

new OrganizationStack(app, 'Organization', { env: { account: '999988887777', region: 'us-east-1' }, organizationId: 'o-exampleorgid', rootId: 'r-ab12' });
new MemberStack(app, 'Analytics', { env: { account: '111122223333', region: 'eu-west-1' } });
new MemberStack(app, 'Billing', { env: { account: '444455556666', region: 'eu-west-1' } });

for (const pack of [AwsSolutionsChecks, SecureBucketChecks]) {
  Validations.of(app).addPlugins(new pack(app));
}

app.synth();
printEnforced(app);
