import { Stack, StackProps } from 'aws-cdk-lib';
import * as config from 'aws-cdk-lib/aws-config';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { acknowledgeSources } from './acknowledgments';
import {
  AccessLogBucket, AuditConfigRules, AuditDataEvents, AuditTrail, BucketAudit, DeliverySource, SecureBucket, SecureBucketProps, TrailLogBucket,
} from 'cdk-secure-bucket';

export interface LogArchiveStackProps extends StackProps {
  readonly organizationId: string;
  readonly vpcEndpointId: string;
}

/** One account's logs in three buckets: the trail's, those that load balancers deliver to SSE-S3 only, and all others. What is in the archive, and a bucket of data, is audited. */
export class LogArchiveStack extends Stack {
  private readonly perimeters: SecureBucketProps;

  constructor(scope: Construct, id: string, { organizationId, vpcEndpointId, ...props }: LogArchiveStackProps) {
    super(scope, id, props);
    this.perimeters = {
      bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL, // so the name is known, and the policies of keys name the bucket
      network: { vpcEndpointIds: [vpcEndpointId] },
      organization: { organizationIds: [organizationId] },
    };
    const archive = new SecureBucket(this, 'Archive', { ...this.perimeters, bucketNamePrefix: 'log-archive' });

    const trailLogs = new TrailLogBucket(this, 'TrailLogs', { ...this.perimeters, bucketNamePrefix: 'trail-logs', trailName: 'audit' });
    this.recordConfiguration(archive);
    this.exportStorageLens(archive);
    this.logNetwork(archive);
    const data = new SecureBucket(this, 'Data', { ...this.perimeters, bucketNamePrefix: 'data', inventories: [{ destination: { bucket: archive, prefix: 'inventory' } }] });

    const audit = new BucketAudit(this, 'Audit', {
      buckets: [data, archive],
      dataEvents: AuditDataEvents.create({ trail: AuditTrail.create({ logBucket: trailLogs }) }),
      configRules: AuditConfigRules.create(),
    });
    audit.alarms?.topic.addSubscription(new subscriptions.EmailSubscription('security@example.com'));
    acknowledgeSources(this);
  }

  /** Written out, so that synthesis asks no account. */
  public get availabilityZones(): string[] {
    return ['a', 'b'].map((zone) => `${this.region}${zone}`);
  }

  private recordConfiguration(archive: SecureBucket): void {
    new config.CfnConfigurationRecorder(this, 'Recorder', {
      roleArn: `arn:${this.partition}:iam::${this.account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
    });
    new config.CfnDeliveryChannel(this, 'DeliveryChannel', { s3BucketName: archive.bucketName, s3KeyPrefix: 'config' });
    archive.allowDelivery(DeliverySource.config({ prefix: 'config' }));
  }

  private exportStorageLens(archive: SecureBucket): void {
    new s3.CfnStorageLens(this, 'StorageLens', {
      storageLensConfiguration: {
        id: 'central',
        isEnabled: true,
        accountLevel: { bucketLevel: {} },
        dataExport: { s3BucketDestination: { accountId: this.account, arn: archive.bucketArn, format: 'CSV', outputSchemaVersion: 'V_1', prefix: 'storage-lens' } },
      },
    });
    archive.allowDelivery(DeliverySource.storageLens({ prefix: 'storage-lens', configurationIds: ['central'], sourceRegions: [this.region] }));
  }

  /** The CDK writes what flow logs and load balancers need into the policies of the buckets; the key follows. */
  private logNetwork(archive: SecureBucket): void {
    const vpc = new ec2.Vpc(this, 'Network', {
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'Internal', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
      flowLogs: { All: { destination: ec2.FlowLogDestination.toS3(archive, 'network') } },
    });
    const loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', { vpc, deletionProtection: true, dropInvalidHeaderFields: true });
    loadBalancer.logAccessLogs(new AccessLogBucket(this, 'LoadBalancerLogs'), 'internal');
  }
}
