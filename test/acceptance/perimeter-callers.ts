import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as customResources from 'aws-cdk-lib/custom-resources';
import { SecureBucket, SecureBucketProps } from '../../src';
import { SERVICE_DELIVERIES } from '../../src/aws/services';
import { Account, Caller, Context, fromAddress, role, root, service, throughEndpoint, user } from '../support/callers';
import { deployedBucketPolicy, StackTemplate } from '../support/deployed-policy';
import { JudgedBucket } from '../support/simulate';

const REGION = 'eu-west-1';
export const OWNER: Account = { id: '111122223333', organizationId: 'o-exampleorgid' };
const SIBLING: Account = { id: '222233334444', organizationId: 'o-exampleorgid' };
const OUTSIDER: Account = { id: '444455556666', organizationId: 'o-elsewhere123' };
const LONER: Account = { id: '555566667777' };
const ENDPOINT = 'vpce-0abc123def4567890';

/** The roles of services in the app, by the service that takes them on. */
const SERVICE_ROLES = ['firehose', 'codepipeline', 'backup', 'datasync', 'transfer', 'glue', 'malware-protection-plan.guardduty'];
const PERMISSION_SETS = ['AdministratorAccess', 'PowerUserAccess', 'SecurityAudit'];

/**
 * Services whose service-linked roles look at buckets, or work on them.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
 */
const SERVICE_LINKED = [
  ['access-analyzer', 'AWSServiceRoleForAccessAnalyzer'], ['config', 'AWSServiceRoleForConfig'], ['config-conforms', 'AWSServiceRoleForConfigConforms'],
  ['macie', 'AWSServiceRoleForAmazonMacie'], ['guardduty', 'AWSServiceRoleForAmazonGuardDuty'],
  ['malware-protection.guardduty', 'AWSServiceRoleForAmazonGuardDutyMalwareProtection'],
  ['securityhub', 'AWSServiceRoleForSecurityHub'], ['inspector2', 'AWSServiceRoleForAmazonInspector2'], ['detective', 'AWSServiceRoleForDetective'],
  ['storage-lens.s3', 'AWSServiceRoleForS3StorageLens'], ['backup', 'AWSServiceRoleForBackup'], ['cloudtrail', 'AWSServiceRoleForCloudTrail'],
  ['trustedadvisor', 'AWSServiceRoleForTrustedAdvisor'], ['support', 'AWSServiceRoleForSupport'], ['auditmanager', 'AWSServiceRoleForAuditManager'],
  ['lakeformation', 'AWSServiceRoleForLakeFormationDataAccess'], ['redshift', 'AWSServiceRoleForRedshift'], ['elasticloadbalancing', 'AWSServiceRoleForElasticLoadBalancing'],
  ['resource-explorer-2', 'AWSServiceRoleForResourceExplorer'], ['organizations', 'AWSServiceRoleForOrganizations'], ['sso', 'AWSServiceRoleForSSO'],
  ['config-multiaccountsetup', 'AWSServiceRoleForConfigMultiAccountSetup'], ['replication.ecr', 'AWSServiceRoleForECRReplication'], ['ssm', 'AWSServiceRoleForAmazonSSM'],
  ['fis', 'AWSServiceRoleForFIS'], ['athena', 'AWSServiceRoleForAmazonAthena'], ['securitylake', 'AWSServiceRoleForSecurityLake'],
  ['cloudformation', 'AWSServiceRoleForCloudFormationStackSetsOrgMember'],
] as const;

/** Services that deliver by themselves. */
const CALLING_SERVICES = [...new Set(SERVICE_DELIVERIES.flatMap(({ caller }) => (caller.kind === 'service' ? caller.names : [])))];

/** The way to a bucket that its network perimeter does not know. */
const ELSEWHERE: readonly (readonly [string, Context])[] = [
  ['the internet', fromAddress('192.0.2.7')],
  ['a foreign endpoint', throughEndpoint('vpce-0fff123def4567890', 'vpc-0fff123def4567890')],
];
const INSIDE = throughEndpoint(ENDPOINT, 'vpc-0abc123def4567890');

const PERIMETERS: Readonly<Record<string, SecureBucketProps>> = {
  network: { network: { vpcEndpointIds: [ENDPOINT] } },
  mistyped: { organization: { organizationIds: ['o-exampleorgld'] } },
  both: { network: { vpcEndpointIds: [ENDPOINT] }, organization: { organizationIds: ['o-exampleorgid'] } },
};

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Data', { env: { account: OWNER.id, region: REGION } });
const administrators = [
  new iam.ArnPrincipal(`arn:aws:iam::${OWNER.id}:role/operations/BreakGlass`),
  ...PERMISSION_SETS.map((name) => new iam.ArnPrincipal(`arn:aws:iam::${OWNER.id}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_${name}_*`)),
];
const workers = SERVICE_ROLES.map((name) => new iam.Role(stack, name, { roleName: `worker-${name}`, assumedBy: new iam.ServicePrincipal(`${name}.amazonaws.com`) }));
const made = Object.entries(PERIMETERS).map(([name, props]) => [name, guarded(name, props)] as const);
const template: StackTemplate = app.synth().getStackByName('Data').template;

/** A bucket whose policy allows far too much: perimeters hold in spite of that. */
function guarded(id: string, props: SecureBucketProps): SecureBucket {
  const bucket = new SecureBucket(stack, id, { ...props, administrators: props.network && administrators });
  workers.forEach((worker) => bucket.grantReadWrite(worker));
  bucket.exemptFromNetworkPerimeter(new iam.ArnPrincipal(`arn:aws:iam::${OWNER.id}:role/Legacy`), 'it copies from a data centre');
  new customResources.AwsCustomResource(stack, `${id}Fill`, {
    onCreate: { service: 'S3', action: 'putObject', parameters: { Bucket: bucket.bucketName, Key: 'first' }, physicalResourceId: customResources.PhysicalResourceId.of('first') },
    policy: customResources.AwsCustomResourcePolicy.fromSdkCalls({ resources: customResources.AwsCustomResourcePolicy.ANY_RESOURCE }),
  });
  bucket.addToResourcePolicy(new iam.PolicyStatement({
    actions: ['s3:GetObject', 's3:ListBucket', 's3:PutBucketPolicy'],
    resources: [bucket.bucketArn, bucket.arnForObjects('*')],
    principals: [
      ...[SIBLING, OUTSIDER, LONER].map(({ id: account }) => new iam.AccountPrincipal(account)),
      ...['cloudtrail', 'cloudfront', 'config', 'delivery.logs'].map((name) => new iam.ServicePrincipal(`${name}.amazonaws.com`)),
    ],
  }));
  return bucket;
}

/** The buckets as they are deployed, by their perimeters. */
export const BUCKETS = Object.fromEntries(made.map(([name, bucket]) => [name, {
  ownerAccountId: OWNER.id,
  policy: deployedBucketPolicy(template, stack.resolve((bucket.node.defaultChild as s3.CfnBucket).logicalId), { account: OWNER.id, region: REGION, stackName: 'Data' }),
}])) as Record<string, JudgedBucket>;

export const BUCKET_ARNS = Object.fromEntries(Object.entries(BUCKETS).map(([name, { policy }]) => [name, [policy.Statement[0].Resource].flat()[0] as string]));

/** A caller on some way to a bucket. */
export interface Call {
  readonly name: string;
  readonly perimeter: string;
  readonly caller: Caller;
  readonly route: Context;
}

function calls(perimeter: string, routes: readonly (readonly [string, Context])[], callers: readonly (readonly [string, Caller])[]): Call[] {
  return callers.flatMap(([who, caller]) => routes.map(([way, route]) => ({ name: `${who} from ${way}, ${perimeter}`, perimeter, caller, route })));
}

const serviceLinked = (account: Account) => SERVICE_LINKED.map(([name, roleName]) =>
  [`service-linked role of ${name} in ${account.id}`, role(account, `aws-service-role/${name}.amazonaws.com/${roleName}`)] as const);
const permissionSets = (account: Account) => PERMISSION_SETS.map((name) =>
  [`${name} in ${account.id}`, role(account, `aws-reserved/sso.amazonaws.com/${REGION}/AWSReservedSSO_${name}_0123456789abcdef`)] as const);
const serviceRoles = (account: Account) => SERVICE_ROLES.map((name) => [`role of ${name} in ${account.id}`, role(account, `worker-${name}`)] as const);
const operators = (account: Account) => [
  [`deploy role of ${account.id}`, role(account, `cdk-hnb659fds-cfn-exec-role-${OWNER.id}-${REGION}`, 'AWSCloudFormation')],
  [`break-glass of ${account.id}`, role(account, 'operations/BreakGlass')],
  [`exempt role of ${account.id}`, role(account, 'Legacy')],
] as const;
const services = (account: Account) => CALLING_SERVICES.map((name) => [`${name} for ${account.id}`, service(`${name}.amazonaws.com`, { account })] as const);
const people = (account: Account) => [
  [`application of ${account.id}`, role(account, 'Application')],
  [`user of ${account.id}`, user(account, 'Somebody')],
  [`root of ${account.id}`, root(account)],
] as const;
const working = (account: Account) => [...serviceLinked(account), ...serviceRoles(account), ...permissionSets(account), ...operators(account)];

/** Those who work for the owner: they pass. */
export const PASS: readonly Call[] = [
  ...['network', 'both'].flatMap((perimeter) => calls(perimeter, ELSEWHERE, [...working(OWNER), ...services(OWNER)])),
  ...calls('mistyped', [['our endpoint', INSIDE], ...ELSEWHERE], [...working(OWNER), ...services(OWNER), ...people(OWNER)]),
  ...calls('both', [['our endpoint', INSIDE]], [...people(OWNER), ...people(SIBLING)]),
];

/** Those who look like them: they do not pass. */
export const STAY_OUT: readonly Call[] = [
  ...calls('network', ELSEWHERE, [...[OUTSIDER, LONER, SIBLING].flatMap(working), ...[OWNER, OUTSIDER].flatMap(people)]),
  ...calls('network', ELSEWHERE, [
    ['role whose name is like a service-linked role', role(OWNER, 'AWSServiceRoleForConfig')],
    ['role under a path like that of service-linked roles', role(OWNER, 'team/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig')],
    ['role that is called like a permission set', role(OWNER, 'AWSReservedSSO_AdministratorAccess_0123456789abcdef')],
    ['permission set that is not named', role(OWNER, `aws-reserved/sso.amazonaws.com/${REGION}/AWSReservedSSO_ReadOnlyAccess_0123456789abcdef`)],
    ['break-glass under another path', role(OWNER, 'BreakGlass')],
    ['role of Firehose with a longer name', role(OWNER, 'worker-firehose-2')],
    ['deploy role of another Region', role(OWNER, `cdk-hnb659fds-cfn-exec-role-${OWNER.id}-us-east-1`)],
    ['user who is called like the exempt role', user(OWNER, 'Legacy')],
  ]),
  ...['mistyped', 'both'].flatMap((perimeter) =>
    calls(perimeter, [['our endpoint', INSIDE], ...ELSEWHERE], [OUTSIDER, LONER].flatMap((account) => [...working(account), ...people(account), ...services(account)]))),
];
