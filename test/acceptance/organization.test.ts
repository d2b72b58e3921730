import { App } from 'aws-cdk-lib';
import { MemberStack } from '../../examples/organization/member-stack';
import { OrganizationStack } from '../../examples/organization/organization-stack';
import { AccessAssumptions, AccessEvaluator, AccessLayer, AccessOutcome, AccessRequest } from '../../src';
import { Inventory } from '../../src/access/inventory';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { controlGuarantees } from '../../src/checks/control-guarantees';
import { deploymentOf } from '../../src/template/deployment-of';

const [MANAGEMENT, ANALYTICS, BILLING, OUTSIDE] = ['999988887777', '111122223333', '444455556666', '777766665555'];
const ORGANIZATION = 'o-exampleorgid';
const BUCKET = `arn:aws:s3:::data-${ANALYTICS}-eu-west-1-an`;
const OBJECT = `${BUCKET}/report.csv`;

const app = new App({ analyticsReporting: false, context: { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true } });
new OrganizationStack(app, 'Organization', { env: { account: MANAGEMENT, region: 'us-east-1' }, organizationId: ORGANIZATION, rootId: 'r-ab12' });
new MemberStack(app, 'Analytics', { env: { account: ANALYTICS, region: 'eu-west-1' } });
new MemberStack(app, 'Billing', { env: { account: BILLING, region: 'eu-west-1' } });
app.synth();
const templates = synthesizedTemplates(app);

const member = { organizationId: ORGANIZATION, organizationPath: `${ORGANIZATION}/r-ab12/ou-ab12-11111111/`, isManagementAccount: false };
const EVERYTHING = { identityPolicies: [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }], permissionsBoundary: null, tags: {} };
const TAGGED = { ...EVERYTHING, tags: { perimeter: 'network' } };
const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;
const EXECUTION = role(ANALYTICS, 'cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1');

/** A policy that somebody who is careless gave a bucket: it lets in a role outside the organization, and asks for nothing. */
const CARELESS = {
  Statement: [{ Effect: 'Allow', Principal: { AWS: [role(OUTSIDE, 'Partner'), role(BILLING, 'Reports')] }, Action: 's3:*', Resource: ['arn:aws:s3:::careless', 'arn:aws:s3:::careless/*'] }],
};

const evaluator = AccessEvaluator._of(templates, AccessAssumptions.fromJson({
  accounts: {
    [ANALYTICS]: member,
    [BILLING]: member,
    [MANAGEMENT]: { organizationId: ORGANIZATION, organizationPath: `${ORGANIZATION}/r-ab12/`, isManagementAccount: true },
    [OUTSIDE]: { organizationId: null },
  },
  principals: {
    ...Object.fromEntries([role(OUTSIDE, 'Partner'), role(BILLING, 'Reports'), role(ANALYTICS, 'Admin'), role(ANALYTICS, 'SecurityAdministrator'), EXECUTION, role(MANAGEMENT, 'Admin')].map((arn) => [arn, EVERYTHING])),
    [role(ANALYTICS, 'Tagged')]: TAGGED,
  },
  buckets: {
    careless: { account: ANALYTICS, region: 'eu-west-1', policy: CARELESS, objectOwnership: 'BucketOwnerEnforced', blockPublicAccess: {}, encryption: { algorithm: 'AES256' } },
    central: { account: MANAGEMENT, region: 'eu-west-1', policy: JSON.parse(JSON.stringify(CARELESS).replaceAll('careless', 'central')), objectOwnership: 'BucketOwnerEnforced', blockPublicAccess: {}, encryption: { algorithm: 'AES256' } },
  },
}));

const ENDPOINT = { 'aws:SourceVpce': 'vpce-0abc123def4567890', 'aws:VpceOrgID': ORGANIZATION };
const OVER_HTTP = { 'aws:SecureTransport': 'false' };
const WITH_KEY = { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' };
const RCP = AccessLayer.RESOURCE_CONTROL_POLICIES;
const SCP = AccessLayer.SERVICE_CONTROL_POLICIES;

type Row = [what: string, request: AccessRequest, layer: AccessLayer | 'nothing', sid: string];

const asked = (principal: string, action: string, resource: string, context: Record<string, string> = {}): AccessRequest => ({ principal, action, resource, context });

test.each<Row>([
  ['an administrator of the account reads', asked(role(ANALYTICS, 'Admin'), 's3:GetObject', OBJECT), 'nothing', ''],
  ['one with the tag reads from elsewhere', asked(role(ANALYTICS, 'Tagged'), 's3:GetObject', OBJECT), RCP, 'DenyOutsideNetwork'],
  ['one with the tag reads over an endpoint of the organization', asked(role(ANALYTICS, 'Tagged'), 's3:GetObject', OBJECT, ENDPOINT), 'nothing', ''],
  ['somebody reads over plain HTTP', asked(role(ANALYTICS, 'Admin'), 's3:GetObject', OBJECT, OVER_HTTP), RCP, 'DenyInsecureTransport'],
  ['an administrator deletes the policy of the bucket', asked(role(ANALYTICS, 'Admin'), 's3:DeleteBucketPolicy', BUCKET), SCP, 'ProtectBucketPolicies'],
  ['an administrator turns Block Public Access off', asked(role(ANALYTICS, 'Admin'), 's3:PutBucketPublicAccessBlock', BUCKET), SCP, 'ProtectPublicAccessBlock'],
  ['a security administrator deletes the policy', asked(role(ANALYTICS, 'SecurityAdministrator'), 's3:DeleteBucketPolicy', BUCKET), 'nothing', ''],
  ['a deployment replaces the policy', asked(EXECUTION, 's3:PutBucketPolicy', BUCKET), 'nothing', ''],
  ['a partner outside reads the careless bucket', asked(role(OUTSIDE, 'Partner'), 's3:GetObject', 'arn:aws:s3:::careless/a'), RCP, 'DenyOutsideOrg'],
  ['another member reads the careless bucket', asked(role(BILLING, 'Reports'), 's3:GetObject', 'arn:aws:s3:::careless/a'), 'nothing', ''],
  ['another member reads the careless bucket over plain HTTP', asked(role(BILLING, 'Reports'), 's3:GetObject', 'arn:aws:s3:::careless/a', OVER_HTTP), RCP, 'DenyInsecureTransport'],
  ['another member uploads with a key of its own', asked(role(BILLING, 'Reports'), 's3:PutObject', 'arn:aws:s3:::careless/a', WITH_KEY), RCP, 'DenyCustomerProvidedKeys'],
  ['a partner outside reads a bucket of the management account, which no policy binds', asked(role(OUTSIDE, 'Partner'), 's3:GetObject', 'arn:aws:s3:::central/a'), 'nothing', ''],
  ['the management account administers itself', asked(role(MANAGEMENT, 'Admin'), 's3:DeleteBucketPolicy', 'arn:aws:s3:::central'), 'nothing', ''],
])('%s', (_, request, layer, sid) => {
  const { outcome, decidedBy, layers } = evaluator.decide(request);
  if (layer === 'nothing') {
    expect([outcome, decidedBy?.reason]).toEqual([AccessOutcome.ALLOWED, undefined]);
    return;
  }
  const denying = layers.find((one) => one.layer === layer)!;
  expect([outcome, denying.verdict]).toEqual([AccessOutcome.DENIED, 'denies']);
  expect(denying.statements.map((statement) => statement.sid)).toEqual([sid]);
});

test('the guarantees of the perimeter hold for every bucket, those that are in no template too', () => {
  const proven = controlGuarantees(new Inventory(deploymentOf(templates))).flatMap(({ guarantees }) => guarantees);
  expect(proven.map(({ rule, verdict }) => [rule.id, verdict])).toEqual(
    ['RequireTls', 'CustomerProvidedKeys', 'OrganizationPerimeter', 'OrganizationPerimeter', 'NetworkPerimeter'].map((id) => [id, 'holds']));
  expect(proven.at(-1)!.sentence).toContain("principals without the tag 'perimeter' of the value 'network'");
});
