import * as s3 from 'aws-cdk-lib/aws-s3';

/** What all deliveries have in common. */
export interface DeliverySourceProps {
  /**
   * The beginning of the keys of the objects that the service writes, as the service is told it, such as `flow-logs`.
   *
   * @default - what the service writes without a prefix
   */
  readonly prefix?: string;

  /**
   * The accounts for which the service delivers: `aws:SourceAccount`.
   *
   * @default - the account of the bucket
   */
  readonly sourceAccounts?: string[];

  /**
   * The Regions in which that is which the service delivers for.
   *
   * @default - any Region; that of the bucket, if the service delivers nowhere else
   */
  readonly sourceRegions?: string[];
}

/** Reports of S3 on buckets. */
export interface BucketReportDeliveryProps extends DeliverySourceProps {
  /** The buckets on which S3 reports. */
  readonly sourceBuckets: s3.IBucket[];
}

/** Metrics of S3 Storage Lens. */
export interface StorageLensDeliveryProps extends DeliverySourceProps {
  /**
   * The ids of the configurations that are exported.
   *
   * @default - every configuration of the accounts
   */
  readonly configurationIds?: string[];

  /**
   * The id of the organization, for dashboards of an organization, such as `o-exampleorgid`.
   *
   * @default - dashboards of accounts
   */
  readonly organizationId?: string;
}

/** Vended logs that CloudWatch delivers for delivery sources. A prefix takes the place of `AWSLogs/<account>/`. */
export interface VendedLogsDeliveryProps extends DeliverySourceProps {
  /**
   * The names of the delivery sources.
   *
   * @default - every delivery source of the accounts
   */
  readonly deliverySourceNames?: string[];
}

/** Logs of a trail. */
export interface TrailDeliveryProps extends DeliverySourceProps {
  /** The names of the trails. Their Region is that of the bucket, unless `sourceRegions` says otherwise. */
  readonly trailNames: string[];

  /**
   * The id of the organization, for trails of an organization, such as `o-exampleorgid`. `sourceAccounts` is then its management account.
   *
   * @default - trails of the accounts
   */
  readonly organizationId?: string;
}

/** E-mail that a receipt rule stores. */
export interface ReceiptRuleDeliveryProps extends DeliverySourceProps {
  /**
   * The name of the rule set.
   *
   * @default - every rule set of the accounts
   */
  readonly ruleSetName?: string;

  /**
   * The name of the rule.
   *
   * @default - every rule of the set
   */
  readonly ruleName?: string;
}

/** Findings of detectors. */
export interface DetectorDeliveryProps extends DeliverySourceProps {
  /**
   * The ids of the detectors.
   *
   * @default - every detector of the accounts
   */
  readonly detectorIds?: string[];
}

/** A service that has no method of its own. */
export interface ServiceDeliveryProps extends DeliverySourceProps {
  /** The service principal, such as `appflow.amazonaws.com`. */
  readonly service: string;

  /** What the service delivers for, as patterns of `aws:SourceArn`. Its documentation says which. */
  readonly sourceArns: string[];

  /**
   * What it does with objects under the prefix.
   *
   * @default ['s3:PutObject']
   */
  readonly objectActions?: string[];

  /**
   * What it does with the bucket.
   *
   * @default - nothing
   */
  readonly bucketActions?: string[];

  /**
   * What it does with the key, through S3.
   *
   * @default ['kms:GenerateDataKey*', 'kms:Decrypt']
   */
  readonly keyActions?: string[];
}
