import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as deployment from 'aws-cdk-lib/aws-s3-deployment';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import { Construct } from 'constructs';
import { AccessLogBucket, EncryptionEnforcement, LimitPresignedUrlAge, RequireEncryption, RequireTls, RestrictToNetwork, RestrictToOrganization, SecureBucket } from '../../src';
import { Account } from '../support/callers';
import { deployedBucketPolicy, deployedExports, deployedValue, StackTemplate } from '../support/deployed-policy';
import { JudgedBucket } from '../support/simulate';

export const REGION = 'eu-west-1';

export const OWNER: Account = { id: '111122223333', organizationId: 'o-exampleorgid' };
/** Another account of the owner's organization. */
export const SIBLING: Account = { id: '222233334444', organizationId: 'o-exampleorgid' };
/** An account of another organization. */
export const OUTSIDER: Account = { id: '444455556666', organizationId: 'o-elsewhere123' };
/** An account of no organization. */
export const LONER: Account = { id: '555566667777' };
/** An account of no organization that the organization perimeter trusts. */
export const PARTNER: Account = { id: '777788889999' };

export const VPC = 'vpc-0abc123def4567890';
export const ENDPOINT = 'vpce-0abc123def4567890';
/** Another endpoint of the same VPC. */
export const SECOND_ENDPOINT = 'vpce-0bbb123def4567890';
export const OTHER_VPC = 'vpc-0fff123def4567890';
export const OTHER_ENDPOINT = 'vpce-0fff123def4567890';

/** Addresses on the internet from which the buckets allow everyone. */
const OPEN_RANGE = '198.51.100.0/24';
const OFFICE = ['203.0.113.0/24', '2001:db8:1234::/48'];
const ORGANIZATION = { organizationIds: [OWNER.organizationId!], trustedAccounts: [PARTNER.id] };
const PRESIGNED_URL_MAX_AGE = Duration.minutes(15);

/** Roles of people. They live in a stack of their own, so that the data stack imports their ARNs. */
class AccessStack extends Stack {
  public readonly breakGlass = new iam.Role(this, 'BreakGlass', { path: '/operations/', assumedBy: new iam.AccountPrincipal(OWNER.id) });
  public readonly reader = new iam.Role(this, 'Reader', { assumedBy: new iam.AccountPrincipal(OWNER.id) });
}

/** A bucket for each guardrail, and one with all of them. Each allows far too much: guardrails hold in spite of that. */
class DataStack extends Stack {
  public readonly tls = new s3.Bucket(this, 'Tls');
  public readonly tls13 = new s3.Bucket(this, 'Tls13');
  public readonly rejectOther = new s3.Bucket(this, 'RejectOther', { encryption: s3.BucketEncryption.KMS });
  public readonly requireHeader = new s3.Bucket(this, 'RequireHeader', { encryption: s3.BucketEncryption.KMS });
  public readonly dualLayer = new s3.Bucket(this, 'DualLayer', { encryption: s3.BucketEncryption.DSSE });
  public readonly replica = new s3.Bucket(this, 'Replica', { versioned: true });
  public readonly endpoint = new s3.Bucket(this, 'Endpoint', {
    versioned: true,
    replicationRules: [{ destination: this.replica }],
    removalPolicy: RemovalPolicy.DESTROY,
    autoDeleteObjects: true,
  });
  public readonly network = new s3.Bucket(this, 'Network');
  public readonly organization = new s3.Bucket(this, 'Organization');
  public readonly presigned = new s3.Bucket(this, 'Presigned');
  public readonly everything: SecureBucket;
  public readonly logs = new AccessLogBucket(this, 'Logs');

  constructor(scope: Construct, id: string, { breakGlass, reader }: AccessStack) {
    super(scope, id);
    const singleSignOn = new iam.ArnPrincipal(`arn:aws:iam::${OWNER.id}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Administrator_*`);
    const administrators = [breakGlass, singleSignOn];
    const restrictToEndpoint = new RestrictToNetwork({ vpcEndpointIds: [ENDPOINT], administrators });

    this.tls.with(new RequireTls());
    this.tls13.with(new RequireTls({ minimumTLSVersion: 1.3 }));
    this.rejectOther.with(new RequireEncryption());
    this.requireHeader.with(new RequireEncryption({ enforcement: EncryptionEnforcement.REQUIRE_HEADER }));
    this.dualLayer.with(new RequireEncryption());
    this.endpoint.with(restrictToEndpoint);
    this.replica.with(restrictToEndpoint);
    this.network.with(new RestrictToNetwork({ vpcEndpointIds: [ENDPOINT], vpcIds: [VPC], ipRanges: OFFICE, viaAwsServices: true, administrators }));
    this.organization.with(new RestrictToOrganization(ORGANIZATION));
    this.presigned.with(new LimitPresignedUrlAge({ maxAge: PRESIGNED_URL_MAX_AGE }));
    this.everything = new SecureBucket(this, 'Everything', {
      serverAccessLogsBucket: this.logs,
      network: { vpcEndpointIds: [ENDPOINT] },
      organization: ORGANIZATION,
      administrators,
      presignedUrlMaxAge: PRESIGNED_URL_MAX_AGE,
    });

    this.workWith(this.endpoint);
    this.guarded.forEach((bucket) => allowTooMuch(bucket, reader));
  }

  private get guarded(): s3.Bucket[] {
    const { tls, tls13, rejectOther, requireHeader, dualLayer, replica, endpoint, network, organization, presigned, everything } = this;
    return [tls, tls13, rejectOther, requireHeader, dualLayer, replica, endpoint, network, organization, presigned, everything];
  }

  /** What an app does with a bucket, each through a role of its own. */
  private workWith(bucket: s3.Bucket): void {
    const consumer = new lambda.Function(this, 'Consumer', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = () => {};') });
    bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.LambdaDestination(consumer));
    new deployment.BucketDeployment(this, 'Settings', { destinationBucket: bucket, sources: [deployment.Source.data('settings.json', '{}')] });
  }
}

/** What policies allow by mistake, or on purpose for a while. */
function allowTooMuch(bucket: s3.Bucket, reader: iam.IRole): void {
  const uses = { actions: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'], resources: [bucket.bucketArn, bucket.arnForObjects('*')] };
  const accounts = [SIBLING, OUTSIDER, LONER, PARTNER].map(({ id }) => new iam.AccountPrincipal(id));
  const services = ['cloudtrail', 'cloudfront', 'logging.s3'].map((name) => new iam.ServicePrincipal(`${name}.amazonaws.com`));
  const everyone = [new iam.AnyPrincipal()];
  [
    new iam.PolicyStatement({ ...uses, sid: 'AllowReader', principals: [reader] }),
    new iam.PolicyStatement({ ...uses, sid: 'AllowAccounts', principals: accounts }),
    new iam.PolicyStatement({ ...uses, sid: 'AllowServices', principals: services }),
    // Not public in S3's eyes, so Block Public Access lets it stand: the callers are held to a fixed endpoint or range.
    new iam.PolicyStatement({ ...uses, sid: 'AllowEveryoneInVpc', principals: everyone, conditions: { StringEquals: { 'aws:SourceVpce': [ENDPOINT, OTHER_ENDPOINT] } } }),
    new iam.PolicyStatement({ ...uses, sid: 'AllowEveryoneInRange', principals: everyone, conditions: { IpAddress: { 'aws:SourceIp': OPEN_RANGE } } }),
  ].forEach((statement) => bucket.addToResourcePolicy(statement));
}

const app = new App({ analyticsReporting: false });
const access = new AccessStack(app, 'Access');
const data = new DataStack(app, 'Data', access);

const assembly = app.synth();
const accessTemplate: StackTemplate = assembly.getStackByName('Access').template;
const dataTemplate: StackTemplate = assembly.getStackByName('Data').template;
const accessEnvironment = { account: OWNER.id, region: REGION, stackName: 'Access' };
const dataEnvironment = { account: OWNER.id, region: REGION, stackName: 'Data', exports: deployedExports(accessTemplate, accessEnvironment) };

/** A bucket as it is deployed. */
export interface DeployedBucket extends JudgedBucket {
  readonly arn: string;

  /** The key of its default encryption; empty if that is none of the app's. */
  readonly keyArn: string;
}

/** Every bucket that requests are sent to. */
export const BUCKETS = {
  tls: deployedBucket(data.tls),
  tls13: deployedBucket(data.tls13),
  rejectOther: deployedBucket(data.rejectOther),
  requireHeader: deployedBucket(data.requireHeader),
  dualLayer: deployedBucket(data.dualLayer),
  replica: deployedBucket(data.replica),
  endpoint: deployedBucket(data.endpoint),
  network: deployedBucket(data.network),
  organization: deployedBucket(data.organization),
  presigned: deployedBucket(data.presigned),
  everything: deployedBucket(data.everything),
  logs: deployedBucket(data.logs),
};

/** The names of the roles that the app and the CDK make, each with its path. */
export const ROLES = {
  breakGlass: deployedRole(accessTemplate, 'BreakGlass'),
  reader: deployedRole(accessTemplate, 'Reader'),
  replication: deployedRole(dataTemplate, 'EndpointReplicationRole'),
  autoDelete: deployedRole(dataTemplate, 'CustomS3AutoDeleteObjects'),
  notifications: deployedRole(dataTemplate, 'BucketNotificationsHandler'),
  bucketDeployment: deployedRole(dataTemplate, 'CustomCDKBucketDeployment'),
  consumer: deployedRole(dataTemplate, 'Consumer'),
};

function deployedBucket(bucket: s3.Bucket): DeployedBucket {
  const deployed = (value: unknown) => deployedValue(data.resolve(value), dataTemplate, dataEnvironment);
  const { logicalId } = bucket.node.defaultChild as s3.CfnBucket;
  return {
    arn: deployed(bucket.bucketArn),
    keyArn: deployed(bucket.encryptionKey?.keyArn ?? ''),
    policy: deployedBucketPolicy(dataTemplate, data.resolve(logicalId), dataEnvironment),
    ownerAccountId: OWNER.id,
  };
}

function deployedRole(template: StackTemplate, logicalIdPrefix: string): string {
  const candidates = Object.keys(template.Resources).filter((id) => id.startsWith(logicalIdPrefix) && template.Resources[id].Type === 'AWS::IAM::Role');
  if (candidates.length !== 1) {
    throw new Error(`expected one role '${logicalIdPrefix}…', found ${candidates}`);
  }
  const arn: string = deployedValue({ 'Fn::GetAtt': [candidates[0], 'Arn'] }, template, dataEnvironment);
  return arn.split(':role/')[1];
}
