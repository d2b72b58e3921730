import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import {
  AccessLogBucket, AccountPublicAccessBlock, AuditAlarms, AuditAnalyzer, AuditConfigRules, AuditDataEvents, BucketAlarms, BucketAudit, Consumer,
  ControlledService, CrossAccountGrant, DatasetAccess, DatasetAccessGrants, DirectoryGrantee,
  EncryptionEnforcement, GuardrailProtectionPolicy, LimitPresignedUrlAge, OacDistribution,
  OrganizationPublicAccessBlock, PlatformRepository, PolicyTarget, RequireEncryption, RequireTls, ResourceControlPolicy, RestrictToNetwork,
  RestrictToOrganization, S3GatewayEndpoint, S3InterfaceEndpoint, SecureBucket, ServiceControlPolicy, SharedDatasetAccessPoint, SharedMultiRegionAccessPoint, TrailLogBucket,
} from '../../src';
import { PRODUCER } from '../support/apps';

const EVERYTHING = {
  encryptionEnforcement: EncryptionEnforcement.REQUIRE_HEADER,
  network: { vpcEndpointIds: ['vpce-0abc123def4567890'], vpcIds: ['vpc-0abc123def4567890'], ipRanges: ['203.0.113.0/24'], viaAwsServices: true },
  organization: { organizationIds: ['o-exampleorgid'], trustedAccounts: ['444455556666'] },
  presignedUrlMaxAge: Duration.minutes(15),
  minimumTLSVersion: 1.3,
};

/** The smallest apps of every construct. Each builds into the given stack, or returns another one of its app. */
export const CONSTRUCTS: Record<string, (stack: Stack) => unknown> = {
  'a bare SecureBucket': (stack) => new SecureBucket(stack, 'Data'),
  'a SecureBucket with all guardrails': (stack) => new SecureBucket(stack, 'Data', EVERYTHING),
  'a SecureBucket with DSSE-KMS': (stack) => new SecureBucket(stack, 'Data', { encryption: s3.BucketEncryption.DSSE }),
  'a SecureBucket that replicates': (stack) => {
    const destination = new SecureBucket(stack, 'Replica');
    new SecureBucket(stack, 'Data', { replicationRules: [{ destination, kmsKey: destination.encryptionKey }] });
  },
  'a CrossAccountGrant of a bucket and of an access point': (stack) => {
    const bucket = new SecureBucket(stack, 'Data', { bucketName: 'shared-dataset' });
    const consumer = Consumer.roleArn(`arn:${RegionInfo.get(stack.region).partition}:iam::444455556666:role/AppRole`);
    new CrossAccountGrant(stack, 'Grant', { bucket, consumer, access: DatasetAccess.READ_WRITE, prefixes: ['data/'] });
    new SharedDatasetAccessPoint(stack, 'Team', { bucket, prefixes: ['team/'], vpcId: 'vpc-0abc123def4567890' }).grantRead(consumer);
  },
  'a SharedMultiRegionAccessPoint with grants': (stack) => {
    const other = new Stack(stack.node.root as App, 'Virginia', { env: { ...PRODUCER, region: 'us-east-1' } });
    const buckets = [new SecureBucket(stack, 'Data', { bucketName: 'shared-dublin' }), new SecureBucket(other, 'Data', { bucketName: 'shared-virginia' })];
    const { grants } = new SharedMultiRegionAccessPoint(stack, 'Global', { buckets, prefixes: ['data/'] });
    grants.read(Consumer.account('444455556666'));
    grants.failover(new iam.Role(other, 'Operator', { roleName: 'Operator', assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }));
  },
  'DatasetAccessGrants with locations and grants': (stack) => {
    const { partition } = RegionInfo.get(stack.region);
    const bucket = new SecureBucket(stack, 'Data', { bucketName: 'lake-data' });
    const identityCenterArn = `arn:${partition}:sso:::instance/ssoins-1234567890abcdef`;
    const accessGrants = new DatasetAccessGrants(stack, 'AccessGrants', { identityCenterArn });
    const { grants } = accessGrants.addLocation('Team', bucket, { prefix: 'team-a/' });
    grants.read(DirectoryGrantee.group('a1b2c3d4-5678-90ab-cdef-1234567890ab'));
    grants.readWrite(new iam.Role(stack, 'Loader', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') }), { prefix: 'team-a/incoming/' });
    accessGrants.addDefaultLocation().grants.read(Consumer.roleArn(`arn:${partition}:iam::444455556666:role/Partner`), { bucket, prefix: 'shared/' });
  },
  'endpoints': (stack) => {
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-0abc123def4567890', availabilityZones: ['eu-west-1a'], isolatedSubnetIds: ['subnet-1'], isolatedSubnetRouteTableIds: ['rtb-1'], vpcCidrBlock: '10.0.0.0/16' });
    const props = { vpc, organizationIds: ['o-exampleorgid'], platformRepositories: [PlatformRepository.AMAZON_LINUX_2023] };
    new S3GatewayEndpoint(stack, 'Gateway', props);
    new S3InterfaceEndpoint(stack, 'Interface', { ...props, subnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } });
  },
  'an OacDistribution in us-east-1, with its access logs': (stack) => {
    const site = new Stack(stack.node.root as App, 'Site', { env: { ...PRODUCER, region: 'us-east-1' } });
    const bucket = new SecureBucket(site, 'Content', { bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL, bucketNamePrefix: 'site' });
    new OacDistribution(site, 'Site', { bucket, contentSecurityPolicy: "default-src 'self'", allowListing: true, allowUploads: true });
    return site;
  },
  'an OacDistribution elsewhere, of a bucket without a name': (stack) => {
    new OacDistribution(stack, 'Site', { bucket: new SecureBucket(stack, 'Content') });
  },
  'an AccountPublicAccessBlock': (stack) => new AccountPublicAccessBlock(stack, 'PublicAccess'),
  'a GuardrailProtectionPolicy': (stack) => new GuardrailProtectionPolicy(stack, 'Protection', { targets: [PolicyTarget.root('r-ab12')], administratorRoleNames: ['BreakGlass'] }),
  'policies of an organization': (stack) => {
    const targets = [PolicyTarget.root('r-ab12')];
    new OrganizationPublicAccessBlock(stack, 'PublicAccess', { targets });
    const guardrails = [new RequireTls(), new LimitPresignedUrlAge({ maxAge: Duration.minutes(15) }), new RequireEncryption(), new RestrictToNetwork({ vpcEndpointOrganizationIds: ['o-exampleorgid'] })];
    const exemptRoleNames = ['cdk-*-cfn-exec-role-*'];
    const organization = new RestrictToOrganization({ organizationIds: ['o-exampleorgid'], trustedAccounts: ['444455556666'] });
    const services = [ControlledService.S3, ControlledService.KMS];
    new ResourceControlPolicy(stack, 'Resources', { targets, guardrails: [...guardrails, organization], exemptRoleNames, services });
    new ServiceControlPolicy(stack, 'Principals', { targets, guardrails, exemptRoleNames });
  },
  'an AccessLogBucket': (stack) => new AccessLogBucket(stack, 'Logs', { retention: Duration.days(365), removalPolicy: RemovalPolicy.RETAIN }),
  'a TrailLogBucket with its trail': (stack) => {
    new TrailLogBucket(stack, 'Logs', { trailName: 'audit', bucketName: 'audit-logs' }).addTrail('Trail');
  },
  'BucketAlarms of a bucket, its key, and trails': (stack) => {
    const buckets = [new SecureBucket(stack, 'Data', { bucketName: 'watched-data' })];
    new BucketAlarms(stack, 'Alarms', { buckets });
  },
  'a BucketAudit by default': (stack) => new BucketAudit(stack, 'Audit', { buckets: [new SecureBucket(stack, 'Data', { bucketName: 'audited-data' })] }),
  'a BucketAudit with analyzers and rules of AWS Config': (stack) => {
    const bucket = new SecureBucket(stack, 'Data', { bucketName: 'audited-data' });
    new CrossAccountGrant(stack, 'Grant', { bucket, consumer: Consumer.account('444455556666'), access: DatasetAccess.READ });
    const without = { dataEvents: AuditDataEvents.none(), alarms: AuditAlarms.none() };
    new BucketAudit(stack, 'Audit', { buckets: [bucket], ...without, externalAccess: AuditAnalyzer.create(), internalAccess: AuditAnalyzer.create(), configRules: AuditConfigRules.create() });
  },
  'an AccessLogBucket with the logs of a load balancer': (stack) => {
    const publicSubnetIds = ['subnet-0abc123def4567891', 'subnet-0abc123def4567892'];
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-0abc123def4567890', availabilityZones: ['a', 'b'], publicSubnetIds });
    const logs = new AccessLogBucket(stack, 'Logs');
    logs.with(new RestrictToOrganization({ organizationIds: ['o-exampleorgid'] }));
    new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc }).logAccessLogs(logs);
  },
  'guardrails on a CfnBucket': (stack) => new s3.CfnBucket(stack, 'Data', {
    bucketEncryption: { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: `arn:${RegionInfo.get(stack.region).partition}:kms:${stack.region}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab` } }] },
  }).with(new RequireTls(), new RequireEncryption(), new RestrictToNetwork({ vpcIds: ['vpc-0abc123def4567890'] })),
};
