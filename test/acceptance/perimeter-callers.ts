import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as customResources from 'aws-cdk-lib/custom-resources';
import { SecureBucket, SecureBucketProps } from '../../src';
import { SERVICE_DELIVERIES } from '../../src/aws/services';
import { Account, Caller, Context, fromAddress, role, root, service, throughEndpoint, user } from '../support/callers';
import { deployedBucketPolicy, deployedValue, StackTemplate } from '../support/deployed-policy';
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
 * Services whose service-linked roles look at buckets, work on them, or deliver to them: the service in the path of the role, and the name of the role.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html
 */
const SERVICE_LINKED = [
  ['access-analyzer', 'AWSServiceRoleForAccessAnalyzer'], ['config', 'AWSServiceRoleForConfig'], ['config-conforms', 'AWSServiceRoleForConfigConforms'],
  ['config-multiaccountsetup', 'AWSServiceRoleForConfigMultiAccountSetup'], ['macie', 'AWSServiceRoleForAmazonMacie'], ['guardduty', 'AWSServiceRoleForAmazonGuardDuty'],
  ['malware-protection.guardduty', 'AWSServiceRoleForAmazonGuardDutyMalwareProtection'], ['securityhub', 'AWSServiceRoleForSecurityHub'],
  ['inspector2', 'AWSServiceRoleForAmazonInspector2'], ['detective', 'AWSServiceRoleForDetective'], ['auditmanager', 'AWSServiceRoleForAuditManager'],
  ['securitylake', 'AWSServiceRoleForSecurityLake'], ['cloudtrail', 'AWSServiceRoleForCloudTrail'], ['trustedadvisor', 'AWSServiceRoleForTrustedAdvisor'],
  ['support', 'AWSServiceRoleForSupport'], ['resource-explorer-2', 'AWSServiceRoleForResourceExplorer'], ['organizations', 'AWSServiceRoleForOrganizations'],
  ['sso', 'AWSServiceRoleForSSO'], ['storage-lens.s3', 'AWSServiceRoleForS3StorageLens'], ['backup', 'AWSServiceRoleForBackup'],
  ['reports.backup', 'AWSServiceRoleForBackupReports'], ['delivery.logs', 'AWSServiceRoleForLogDelivery'], ['logger.cloudfront', 'AWSServiceRoleForCloudFrontLogger'],
  ['wafv2', 'AWSServiceRoleForWAFV2Logging'], ['waf', 'AWSServiceRoleForWAFLogging'], ['waf-regional', 'AWSServiceRoleForWAFRegionalLogging'],
  ['network-firewall', 'AWSServiceRoleForNetworkFirewall'], ['route53resolver', 'AWSServiceRoleForRoute53Resolver'],
  ['elasticloadbalancing', 'AWSServiceRoleForElasticLoadBalancing'], ['lakeformation', 'AWSServiceRoleForLakeFormationDataAccess'], ['redshift', 'AWSServiceRoleForRedshift'],
  ['ops.athena', 'AWSServiceRoleForAmazonAthena'], ['elasticmapreduce', 'AWSServiceRoleForEMRCleanup'], ['ops.emr-serverless', 'AWSServiceRoleForAmazonEMRServerless'],
  ['kafkaconnect', 'AWSServiceRoleForKafkaConnect'], ['ivs', 'AWSServiceRoleForIVSRecordToS3'], ['replication.ecr', 'AWSServiceRoleForECRReplication'],
  ['ssm', 'AWSServiceRoleForAmazonSSM'], ['opsdatasync.ssm', 'AWSServiceRoleForSystemsManagerOpsDataSync'], ['compute-optimizer', 'AWSServiceRoleForComputeOptimizer'],
  ['devops-guru', 'AWSServiceRoleForDevOpsGuru'], ['mgn', 'AWSServiceRoleForApplicationMigrationService'], ['fis', 'AWSServiceRoleForFIS'],
  ['stacksets.cloudformation', 'AWSServiceRoleForCloudFormationStackSetsOrgAdmin'], ['member.org.stacksets.cloudformation', 'AWSServiceRoleForCloudFormationStackSetsOrgMember'],
] as const;

/** What somebody does with a bucket: an action on its objects, on itself or on its key. */
export interface Need {
  readonly action: string;
  readonly on: 'object' | 'bucket' | 'key';
}

const needs = (on: Need['on'], ...actions: string[]): Need[] => actions.map((action) => ({ action: `${on === 'key' ? 'kms' : 's3'}:${action}`, on }));
const READ = [...needs('object', 'GetObject'), ...needs('bucket', 'ListBucket'), ...needs('key', 'Decrypt')];
const WORK = [...READ, ...needs('object', 'PutObject'), ...needs('key', 'GenerateDataKey')];
const INSPECT = [...needs('bucket', 'GetBucketPolicy', 'GetBucketAcl', 'GetEncryptionConfiguration', 'ListBucket'), ...needs('object', 'GetObject')];
const REPAIR = [...needs('bucket', 'GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy', 'PutEncryptionConfiguration'), ...needs('key', 'GetKeyPolicy', 'PutKeyPolicy')];
const DELIVER = [...needs('object', 'PutObject'), ...needs('bucket', 'GetBucketAcl')];

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

const ENVIRONMENT = { account: OWNER.id, region: REGION, stackName: 'Data' };
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
  policy: deployedBucketPolicy(template, stack.resolve((bucket.node.defaultChild as s3.CfnBucket).logicalId), ENVIRONMENT),
}])) as Record<string, JudgedBucket>;

/** The keys of the buckets, by their perimeters. */
export const KEYS = Object.fromEntries(made.map(([name, bucket]) => {
  const logicalId: string = stack.resolve((bucket.encryptionKey!.node.defaultChild as kms.CfnKey).logicalId);
  const arn: string = deployedValue({ 'Fn::GetAtt': [logicalId, 'Arn'] }, template, ENVIRONMENT);
  return [name, { arn, ownerAccountId: OWNER.id, policy: deployedValue(template.Resources[logicalId].Properties!.KeyPolicy, template, ENVIRONMENT) }];
})) as Record<string, JudgedBucket & { readonly arn: string }>;

export const BUCKET_ARNS = Object.fromEntries(Object.entries(BUCKETS).map(([name, { policy }]) => [name, [policy.Statement[0].Resource].flat()[0] as string]));

/** Who calls, and for what. */
export interface Worker {
  readonly name: string;
  readonly caller: Caller;
  readonly needs: readonly Need[];
}

/** A caller on some way to a bucket. */
export interface Call extends Worker {
  readonly perimeter: string;
  readonly route: Context;
}

function calls(perimeter: string, routes: readonly (readonly [string, Context])[], workers_: readonly Worker[]): Call[] {
  return workers_.flatMap(({ name, caller, needs: needed }) => routes.map(([way, route], i) => ({
    name: `${name} from ${way}, ${perimeter}`, perimeter, caller, route, needs: i === 0 ? needed : needed.slice(0, 1), // a policy does not tell the ways apart by actions
  })));
}

export const serviceLinked = (account: Account): Worker[] => SERVICE_LINKED.map(([name, roleName]) =>
  ({ name: `service-linked role of ${name} in ${account.id}`, caller: role(account, `aws-service-role/${name}.amazonaws.com/${roleName}`), needs: INSPECT }));
const permissionSets = (account: Account): Worker[] => PERMISSION_SETS.map((name) =>
  ({ name: `${name} in ${account.id}`, caller: role(account, `aws-reserved/sso.amazonaws.com/${REGION}/AWSReservedSSO_${name}_0123456789abcdef`), needs: [...WORK, ...REPAIR] }));
const serviceRoles = (account: Account): Worker[] => SERVICE_ROLES.map((name) => ({ name: `role of ${name} in ${account.id}`, caller: role(account, `worker-${name}`), needs: WORK }));
const operators = (account: Account): Worker[] => [
  { name: `deploy role of ${account.id}`, caller: role(account, `cdk-hnb659fds-cfn-exec-role-${OWNER.id}-${REGION}`, 'AWSCloudFormation'), needs: REPAIR },
  { name: `break-glass of ${account.id}`, caller: role(account, 'operations/BreakGlass'), needs: [...REPAIR, ...WORK] },
  { name: `exempt role of ${account.id}`, caller: role(account, 'Legacy'), needs: WORK },
];
const services = (account: Account): Worker[] => CALLING_SERVICES.map((name) => ({ name: `${name} for ${account.id}`, caller: service(`${name}.amazonaws.com`, { account }), needs: DELIVER }));
const people = (account: Account): Worker[] => [
  { name: `application of ${account.id}`, caller: role(account, 'Application'), needs: WORK },
  { name: `user of ${account.id}`, caller: user(account, 'Somebody'), needs: WORK },
  { name: `root of ${account.id}`, caller: root(account), needs: [...REPAIR, ...READ] },
];
const working = (account: Account): Worker[] => [...serviceLinked(account), ...serviceRoles(account), ...permissionSets(account), ...operators(account)];

/** Those who are of other accounts, and look like those who work for the owner. */
export const OUTSIDERS: readonly Worker[] = [OUTSIDER, LONER].flatMap((account) => [...working(account), ...people(account), ...services(account)]);

/** Roles and users of the owner that are called like those who pass. */
const LOOKALIKES: readonly Worker[] = ([
  ['role whose name is like a service-linked role', role(OWNER, 'AWSServiceRoleForConfig')],
  ['role under a path like that of service-linked roles', role(OWNER, 'team/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig')],
  ['role that is called like a permission set', role(OWNER, 'AWSReservedSSO_AdministratorAccess_0123456789abcdef')],
  ['permission set that is not named', role(OWNER, `aws-reserved/sso.amazonaws.com/${REGION}/AWSReservedSSO_ReadOnlyAccess_0123456789abcdef`)],
  ['break-glass under another path', role(OWNER, 'BreakGlass')],
  ['role of Firehose with a longer name', role(OWNER, 'worker-firehose-2')],
  ['deploy role of another Region', role(OWNER, `cdk-hnb659fds-cfn-exec-role-${OWNER.id}-us-east-1`)],
  ['user who is called like the exempt role', user(OWNER, 'Legacy')],
] as const).map(([name, caller]) => ({ name, caller, needs: [...needs('object', 'GetObject', 'PutObject'), ...needs('bucket', 'PutBucketPolicy')] }));

/** The network binds the owner's own people, and the policy of the key knows no network. */
const withoutKeys = (workers_: readonly Worker[]): Worker[] => workers_.map((worker) => ({ ...worker, needs: worker.needs.filter(({ on }) => on !== 'key') }));

/** Those who work for the owner: they pass. */
export const PASS: readonly Call[] = [
  ...['network', 'both'].flatMap((perimeter) => calls(perimeter, ELSEWHERE, [...working(OWNER), ...services(OWNER)])),
  ...calls('mistyped', [['our endpoint', INSIDE], ...ELSEWHERE], [...working(OWNER), ...services(OWNER), ...people(OWNER)]),
  ...calls('both', [['our endpoint', INSIDE]], [...people(OWNER), ...withoutKeys(people(SIBLING))]),
];

/** Those who look like them: they do not pass. */
export const STAY_OUT: readonly Call[] = [
  ...calls('network', ELSEWHERE, [...[OUTSIDER, LONER, SIBLING].flatMap(working), ...withoutKeys(people(OWNER)), ...people(OUTSIDER), ...LOOKALIKES]),
  ...['mistyped', 'both'].flatMap((perimeter) => calls(perimeter, [['our endpoint', INSIDE], ...ELSEWHERE], OUTSIDERS)),
];
