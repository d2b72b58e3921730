import { writeFileSync } from 'fs';
import { App, Aspects, Duration, PropertyInjectors, Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  AccessEvaluator, AccessExpectations, AccessPrincipal, Consumer, CrossAccountGrant, DatasetAccess, DeliverySource, OacDistribution,
  RequireEncryption, RequireTls, S3GatewayEndpoint, SecureBucket, SecureBucketChecks, SecureBucketDefaults, SharedDatasetAccessPoint,
} from 'cdk-secure-bucket';

// The app that each language beside this file says in its own words. With BROKEN set, a finding is not acknowledged, and an expectation does not hold.

const app = new App({ analyticsReporting: false });
const isBroken = process.env.BROKEN !== undefined;

const data = new Stack(app, 'Data', { env: { account: '111122223333', region: 'eu-west-1' } });
const bucket = new SecureBucket(data, 'Dataset', {
  bucketName: 'amzn-s3-demo-dataset',
  network: { vpcEndpointIds: ['vpce-0abc123def4567890'], ipRanges: ['203.0.113.0/24'], viaAwsServices: true },
  organization: { organizationIds: ['o-exampleorgid'], trustedAccounts: ['444455556666'] },
  administrators: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/BreakGlass')],
  presignedUrlMaxAge: Duration.minutes(15),
  minimumTLSVersion: 1.3,
  lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(30) }],
});
bucket.allowDelivery(DeliverySource.vpcFlowLogs({ sourceRegions: ['eu-west-1'] }));
bucket.exemptFromNetworkPerimeter(new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Mainframe'), 'it uploads from the data centre');

const partner = Consumer.roleArn('arn:aws:iam::444455556666:role/Partner');
new CrossAccountGrant(data, 'PartnerReads', { bucket, consumer: partner, access: DatasetAccess.READ, prefixes: ['reports/'] });
const team = new SharedDatasetAccessPoint(data, 'Team', { bucket, prefixes: ['team/'] });
team.grantReadWrite(partner);

const vpc = ec2.Vpc.fromVpcAttributes(data, 'Vpc', {
  vpcId: 'vpc-0abc123def4567890',
  availabilityZones: ['eu-west-1a'],
  isolatedSubnetIds: ['subnet-0abc123def4567891'],
  isolatedSubnetRouteTableIds: ['rtb-0abc123def4567890'],
});
new S3GatewayEndpoint(data, 'Endpoint', { vpc, buckets: [bucket], accessPoints: [team] });

const reader = new iam.Role(data, 'Reader', { roleName: 'Reader', assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
bucket.grantRead(reader);

const site = new Stack(app, 'Site', { env: { account: '111122223333', region: 'us-east-1' } });
const content = new SecureBucket(site, 'Content', { bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL, bucketNamePrefix: 'site' });
new OacDistribution(site, 'Site', { bucket: content, contentSecurityPolicy: "default-src 'self'" });
Validations.of(site).acknowledge({ id: 'SecureBucket-DistributionTls', reason: 'The certificate comes with the domain.' });

const legacy = new Stack(app, 'Legacy', { env: { account: '111122223333', region: 'eu-west-1' } });
PropertyInjectors.of(legacy).add(new SecureBucketDefaults());
Aspects.of(legacy).add(new RequireTls());
Aspects.of(legacy).add(new RequireEncryption());
const uploads = new s3.Bucket(legacy, 'Uploads', { versioned: false });
if (!isBroken) {
  Validations.of(uploads).acknowledge({ id: 'SecureBucket-Versioning', reason: 'Uploads are processed within a day.' });
}

const expectations = new AccessExpectations();
expectations.principal(AccessPrincipal.role(reader)).may('s3:GetObject').on(bucket, 'data/*').with('aws:SourceIp', '203.0.113.7').with('aws:PrincipalOrgID', 'o-exampleorgid');
expectations.nobody().may().on(bucket).overHttp();
if (isBroken) {
  expectations.principal(AccessPrincipal.role(reader)).may('s3:PutObject').on(bucket, 'data/*');
}
Validations.of(app).addPlugins(new SecureBucketChecks(app), expectations);

const assembly = app.synth();

const decision = AccessEvaluator.fromCloudAssembly(assembly.directory).decide({
  principal: 'arn:aws:iam::111122223333:role/Reader',
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::amzn-s3-demo-dataset/data/1.csv',
  context: { 'aws:SourceIp': '198.51.100.77' },
});
writeFileSync('decision.txt', decision.toString());
