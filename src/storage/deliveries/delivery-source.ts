import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  BucketReportDeliveryProps, DeliverySourceProps, DetectorDeliveryProps, ReceiptRuleDeliveryProps, ServiceDeliveryProps, StorageLensDeliveryProps, TrailDeliveryProps,
  VendedLogsDeliveryProps,
} from './delivery-source-props';
import { typedDelivery } from './typed-delivery';
import { accountInSource, unusableSource } from './unusable-source';
import { ANY_OBJECT, deliveryOf, FEW_DEMANDS, ServiceDelivery } from '../../aws/services';
import { refuseAllUnscoped } from '../../refusal';

/**
 * What differs from one delivery of a service to the next.
 *
 * @internal
 */
export interface DeliveryDetails extends DeliverySourceProps {
  /** What stands for `{name}` in the ARN of the source. */
  readonly names?: readonly string[];
  readonly ruleSet?: string;
  readonly organizationId?: string;
  readonly sourceBuckets?: readonly s3.IBucket[];

  /** Patterns of `aws:SourceArn`, where the table has none. */
  readonly sourceArns?: readonly string[];
}

/**
 * An AWS service that delivers to a bucket by itself, and what it delivers for: `bucket.allowDelivery(DeliverySource.vpcFlowLogs())`.
 *
 * Who delivers by a role of the account (Firehose, DataSync, Backup …) is that role for S3: grant it access with `bucket.grantWrite(role)`.
 *
 * What each service needs and demands: docs/services.md.
 */
export class DeliverySource {
  /** Inventories of S3. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html */
  public static s3Inventory(props: BucketReportDeliveryProps): DeliverySource {
    return new DeliverySource(deliveryOf('s3-inventory'), ofBuckets(props));
  }

  /** Storage class analyses of S3. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-analytics-storage-class.html */
  public static storageClassAnalysis(props: BucketReportDeliveryProps): DeliverySource {
    return new DeliverySource(deliveryOf('storage-class-analysis'), ofBuckets(props));
  }

  /** Metrics of S3 Storage Lens. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-lens-encrypt-permissions.html */
  public static storageLens(props: StorageLensDeliveryProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('storage-lens'), { ...props, names: typedDelivery(props).configurationIds });
  }

  /** VPC flow logs. @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html */
  public static vpcFlowLogs(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('vpc-flow-logs'), typedDelivery(props));
  }

  /** Transit Gateway flow logs. @see https://docs.aws.amazon.com/vpc/latest/tgw/flow-logs-s3.html */
  public static transitGatewayFlowLogs(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('transit-gateway-flow-logs'), typedDelivery(props));
  }

  /** Query logs of Route 53 Resolver. @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-choosing-target-resource.html */
  public static resolverQueryLogs(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('resolver-query-logs'), typedDelivery(props));
  }

  /** Logs of AWS WAF. The name of the bucket must begin with `aws-waf-logs-`. @see https://docs.aws.amazon.com/waf/latest/developerguide/logging-s3.html */
  public static wafLogs(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('waf-logs'), typedDelivery(props));
  }

  /** Logs of other services that CloudWatch delivers without delivery sources. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html */
  public static vendedLogs(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('vended-logs'), typedDelivery(props));
  }

  /** Logs of other services that CloudWatch delivers for delivery sources. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html */
  public static vendedLogsOfDeliverySources(props: VendedLogsDeliveryProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('vended-logs-v2'), ofDeliverySources(props));
  }

  /** Standard logs of CloudFront (v2). @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html */
  public static cloudFrontLogs(props: VendedLogsDeliveryProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('cloudfront-logs'), ofDeliverySources(props));
  }

  /** Server access logs of S3 that CloudWatch delivers. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/sal-cw-enabling.html */
  public static serverAccessLogsThroughCloudWatch(props: VendedLogsDeliveryProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('server-access-logs-v2'), ofDeliverySources(props));
  }

  /** Standard logs of CloudFront as they were before: they need ACLs, which no bucket of this package has. Use `cloudFrontLogs`. */
  public static cloudFrontLegacyLogs(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('cloudfront-legacy-logs'), typedDelivery(props));
  }

  /**
   * Access, connection and health check logs of Application Load Balancers, by their attributes: to an `AccessLogBucket` only.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
   */
  public static applicationLoadBalancerLogs(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('application-load-balancer-logs'), typedDelivery(props));
  }

  /** Logs of Application Load Balancers that CloudWatch delivers. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-logs.html */
  public static applicationLoadBalancerLogsThroughCloudWatch(props: VendedLogsDeliveryProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('application-load-balancer-vended-logs'), ofDeliverySources(props));
  }

  /** Access logs of Network Load Balancers. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html */
  public static networkLoadBalancerLogs(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('network-load-balancer-logs'), typedDelivery(props));
  }

  /** Access logs of Classic Load Balancers: to an `AccessLogBucket` only. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-access-logs.html */
  public static classicLoadBalancerLogs(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('classic-load-balancer-logs'), typedDelivery(props));
  }

  /**
   * Logs and digests of trails. Give the trail the key of the bucket (`encryptionKey`): without, it asks for SSE-S3.
   *
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
   */
  public static cloudTrail(props: TrailDeliveryProps): DeliverySource {
    const { organizationId, trailNames } = typedDelivery(props, 'trailNames');
    const row = deliveryOf(organizationId === undefined ? 'cloudtrail' : 'cloudtrail-organization');
    return new DeliverySource(row, { ...props, names: named('trailNames', trailNames) });
  }

  /** Configuration history and snapshots of AWS Config with its service-linked role. @see https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html */
  public static config(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('config'), typedDelivery(props));
  }

  /** Export tasks of CloudWatch Logs. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3ExportTasks.html */
  public static cloudWatchLogsExport(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('cloudwatch-logs-export'), typedDelivery(props));
  }

  /** E-mail that receipt rules of Amazon SES store without a role. @see https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html */
  public static sesReceiptRules(props: ReceiptRuleDeliveryProps = {}): DeliverySource {
    const { ruleSetName: ruleSet, ruleName } = typedDelivery(props);
    return new DeliverySource(deliveryOf('ses'), { ...props, ruleSet, names: ruleName === undefined ? undefined : [ruleName] });
  }

  /** Audit logs of Redshift clusters: to an `AccessLogBucket` only. @see https://docs.aws.amazon.com/redshift/latest/mgmt/db-auditing.html */
  public static redshiftAuditLogs(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('redshift-audit-logs'), typedDelivery(props));
  }

  /** Inventories of Systems Manager. @see https://docs.aws.amazon.com/systems-manager/latest/userguide/inventory-create-resource-data-sync.html */
  public static systemsManagerInventory(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('systems-manager-inventory'), typedDelivery(props));
  }

  /** Discovery results of Macie. @see https://docs.aws.amazon.com/macie/latest/user/discovery-results-repository-s3.html */
  public static macie(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('macie'), typedDelivery(props));
  }

  /** Findings of GuardDuty. @see https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html */
  public static guardDuty(props: DetectorDeliveryProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('guardduty'), { ...props, names: typedDelivery(props).detectorIds });
  }

  /** Exports of Security Hub. @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_StartExportJobV2.html */
  public static securityHub(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('security-hub'), typedDelivery(props));
  }

  /** Invocation logs of Bedrock models. @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html */
  public static bedrockInvocationLogs(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('bedrock-invocation-logs'), typedDelivery(props));
  }

  /** Legacy Cost and Usage Reports. @see https://docs.aws.amazon.com/cur/latest/userguide/cur-s3.html */
  public static costAndUsageReports(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('cost-and-usage-reports'), typedDelivery(props));
  }

  /** Data exports: CUR 2.0, FOCUS. @see https://docs.aws.amazon.com/cur/latest/userguide/dataexports-s3-bucket.html */
  public static dataExports(props: DeliverySourceProps = {}): DeliverySource {
    return new DeliverySource(deliveryOf('data-exports'), typedDelivery(props));
  }

  /**
   * A service that has no method here. It is taken to deliver with the default encryption of the bucket.
   *
   * @throws UnscopedValidationError if it names no source: anybody could have the service deliver for them
   */
  public static service(props: ServiceDeliveryProps): DeliverySource {
    const sourceArns = named('sourceArns', typedDelivery(props, 'service', 'sourceArns').sourceArns);
    const accounts = sourceArns.flatMap((arn) => accountInSource(arn) ?? []);
    const sourceAccounts = props.sourceAccounts ?? (accounts.length === sourceArns.length ? [...new Set(accounts)] : undefined);
    return new DeliverySource({
      id: 'service-delivery',
      title: props.service,
      delivers: 'its files',
      caller: { kind: 'service', names: [props.service.replace(/\.amazonaws\.com$/, '')], namesRegion: 'never' },
      bucketActions: props.bucketActions ?? [],
      objectActions: props.objectActions ?? ['s3:PutObject'],
      objects: [ANY_OBJECT],
      keyActions: props.keyActions ?? ['kms:GenerateDataKey*', 'kms:Decrypt'],
      keyContext: 's3',
      source: { hasAccount: true },
      sendsAcl: false,
      files: [{ name: 'files', encryption: 'default' }],
      demands: { ...FEW_DEMANDS, encryption: ['SSE-S3', 'SSE-KMS', 'DSSE-KMS'] },
      pages: [],
    }, { ...props, sourceAccounts, sourceArns });
  }

  /** @internal */
  public readonly _row: ServiceDelivery;

  /** @internal */
  public readonly _details: DeliveryDetails;

  private constructor(row: ServiceDelivery, details: DeliveryDetails) {
    this._row = row;
    this._details = details;
    refuseAllUnscoped('UnusableDelivery', 'DeliverySource', unusableSource(row, details));
  }
}

function ofBuckets(props: BucketReportDeliveryProps): DeliveryDetails {
  named('sourceBuckets', typedDelivery(props, 'sourceBuckets').sourceBuckets);
  return props;
}

function ofDeliverySources(described: VendedLogsDeliveryProps): DeliveryDetails {
  const { deliverySourceNames, ...props } = typedDelivery(described);
  return { ...props, names: deliverySourceNames };
}

function named<T>(prop: string, values: T[]): T[] {
  refuseAllUnscoped('UnusableDelivery', 'DeliverySource', values.length > 0 ? [] : [{ problem: `'${prop}' names nothing, so that anybody could have the service deliver for them.`, remedy: 'Name at least one.' }]);
  return values;
}
