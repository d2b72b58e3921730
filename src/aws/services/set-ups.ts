/** A delivery that a resource of a template sets up. */
export interface SetUpDelivery {
  /** The id of its row. */
  readonly row: string;

  /** The bucket: its name, ARN or domain name, behind which the beginning of the keys may follow. */
  readonly bucket: unknown;

  /** The beginning of the keys, where it is a setting of its own. */
  readonly prefix?: unknown;

  /** Names in the ARN of the source, where the resource tells them. */
  readonly names?: readonly unknown[];

  /** Whether CloudFormation draws the name of the source, because the resource has none. */
  readonly isNameDrawn?: boolean;

  /** The name of the receipt rule set of the source. */
  readonly ruleSet?: unknown;

  /** Whether the delivery is for an organization, whose id stands in the keys. */
  readonly isOfOrganization?: boolean;

  /** Whether the source is another resource, which may stand in another Region. */
  readonly isFromAnywhere?: boolean;
}

/** A kind of resource that has an AWS service deliver to a bucket. */
export interface DeliverySetUp {
  readonly type: string;

  /** What its settings ask for. They are those of the template, of which any may not be known. */
  readonly deliveries: (properties: any) => SetUpDelivery[];
}

/**
 * Resources of templates that have a service deliver as itself. Who delivers by a role is that role for S3.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
export const DELIVERY_SET_UPS: readonly DeliverySetUp[] = [
  {
    type: 'AWS::EC2::FlowLog',
    deliveries: ({ LogDestinationType: kind, LogDestination: bucket, ResourceType: source }) => (kind !== 's3' ? [] : [
      { row: /^TransitGateway/.test(source) ? 'transit-gateway-flow-logs' : 'vpc-flow-logs', bucket },
    ]),
  },
  {
    type: 'AWS::Route53Resolver::ResolverQueryLoggingConfig',
    deliveries: ({ DestinationArn: bucket }) => [{ row: 'resolver-query-logs', bucket }],
  },
  {
    type: 'AWS::WAFv2::LoggingConfiguration',
    deliveries: ({ LogDestinationConfigs: destinations }) => listOf(destinations).map((bucket) => ({ row: 'waf-logs', bucket })),
  },
  {
    type: 'AWS::NetworkFirewall::LoggingConfiguration',
    deliveries: ({ LoggingConfiguration: configuration }) => listOf(configuration?.LogDestinationConfigs).filter((one) => one?.LogDestinationType === 'S3')
      .map(({ LogDestination: destination }) => ({ row: 'vended-logs', bucket: destination?.bucketName, prefix: destination?.prefix })),
  },
  {
    type: 'AWS::VpcLattice::AccessLogSubscription',
    deliveries: ({ DestinationArn: bucket }) => [{ row: 'vended-logs', bucket }],
  },
  {
    type: 'AWS::MSK::Cluster',
    deliveries: ({ LoggingInfo: info }) => [info?.BrokerLogs?.S3].filter((one) => isOn(one?.Enabled)).map(({ Bucket: bucket, Prefix: prefix }) => ({ row: 'vended-logs', bucket, prefix })),
  },
  {
    type: 'AWS::KafkaConnect::Connector',
    deliveries: ({ LogDelivery: delivery }) => [delivery?.WorkerLogDelivery?.S3].filter((one) => isOn(one?.Enabled)).map(({ Bucket: bucket, Prefix: prefix }) => ({ row: 'vended-logs', bucket, prefix })),
  },
  {
    type: 'AWS::Pipes::Pipe',
    deliveries: ({ LogConfiguration: configuration }) => [configuration?.S3LogDestination].filter((one) => one !== undefined && configuration.Level !== 'OFF')
      .map(({ BucketName: bucket, Prefix: prefix }) => ({ row: 'vended-logs', bucket, prefix })),
  },
  {
    type: 'AWS::IVSChat::LoggingConfiguration',
    deliveries: ({ DestinationConfiguration: destination }) => [destination?.S3].filter((one) => one !== undefined).map(({ BucketName: bucket }) => ({ row: 'vended-logs', bucket })),
  },
  {
    type: 'AWS::FIS::ExperimentTemplate',
    deliveries: ({ LogConfiguration: configuration }) => [configuration?.S3Configuration].filter((one) => one !== undefined).map(({ BucketName: bucket, Prefix: prefix }) => ({ row: 'vended-logs', bucket, prefix })),
  },
  {
    type: 'AWS::InternetMonitor::Monitor',
    deliveries: ({ InternetMeasurementsLogDelivery: delivery }) => [delivery?.S3Config].filter((one) => one !== undefined && one.LogDeliveryStatus !== 'DISABLED')
      .map(({ BucketName: bucket, BucketPrefix: prefix }) => ({ row: 'vended-logs', bucket, prefix })),
  },
  {
    type: 'AWS::EC2::VerifiedAccessInstance',
    deliveries: ({ LoggingConfigurations: configurations }) => [configurations?.S3].filter((one) => isOn(one?.Enabled))
      .map(({ BucketName: bucket, Prefix: prefix }) => ({ row: 'vended-logs', bucket, prefix })),
  },
  {
    type: 'AWS::Logs::DeliveryDestination',
    deliveries: ({ DestinationResourceArn: bucket }) => [{ row: 'vended-logs-v2', bucket, isFromAnywhere: true }],
  },
  {
    type: 'AWS::Config::DeliveryChannel',
    deliveries: ({ S3BucketName: bucket, S3KeyPrefix: prefix }) => [{ row: 'config', bucket, prefix }],
  },
  {
    type: 'AWS::CloudTrail::Trail',
    deliveries: ({ S3BucketName: bucket, S3KeyPrefix: prefix, TrailName: name, IsOrganizationTrail: ofOrganization }) => [
      { row: isTrue(ofOrganization) ? 'cloudtrail-organization' : 'cloudtrail', bucket, prefix, ...named(name), isOfOrganization: isTrue(ofOrganization) },
    ],
  },
  {
    type: 'AWS::GuardDuty::PublishingDestination',
    deliveries: ({ DestinationType: kind, DestinationProperties: destination, DetectorId: id }) => (kind !== 'S3' ? [] : [
      { row: 'guardduty', bucket: destination?.DestinationArn, names: id === undefined ? undefined : [id] },
    ]),
  },
  {
    type: 'AWS::SSM::ResourceDataSync',
    deliveries: ({ SyncType: kind = 'SyncToDestination', S3Destination: destination, BucketName: name, BucketPrefix: beginning }) => (kind !== 'SyncToDestination' ? [] : [
      { row: 'systems-manager-inventory', bucket: destination?.BucketName ?? name, prefix: destination?.BucketPrefix ?? beginning },
    ]),
  },
  {
    type: 'AWS::SES::ReceiptRule',
    deliveries: ({ Rule: rule, RuleSetName: ruleSet }) => listOf(rule?.Actions).map((action) => action?.S3Action)
      .filter((action) => action !== undefined && action.IamRoleArn === undefined)
      .map(({ BucketName: bucket, ObjectKeyPrefix: prefix }) => ({ row: 'ses', bucket, prefix, ruleSet, ...named(rule.Name) })),
  },
  {
    type: 'AWS::S3::StorageLens',
    deliveries: ({ StorageLensConfiguration: configuration }) => [configuration?.DataExport?.S3BucketDestination].filter((one) => one !== undefined)
      .map(({ Arn: bucket, Prefix: prefix }) => ({ row: 'storage-lens', bucket, prefix, names: [configuration.Id], isOfOrganization: configuration.AwsOrg !== undefined })),
  },
  {
    type: 'AWS::S3::Bucket',
    deliveries: ({ InventoryConfigurations: inventories, AnalyticsConfigurations: analyses }) => [
      ...listOf(inventories).filter((one) => isOn(one?.Enabled)).map(({ Destination: destination }) => ({ row: 's3-inventory', destination })),
      ...listOf(analyses).map((one) => ({ row: 'storage-class-analysis', destination: one?.StorageClassAnalysis?.DataExport?.Destination })),
    ].map(({ row, destination }) => ({ row, bucket: destination?.BucketArn, prefix: destination?.Prefix })),
  },
  {
    type: 'AWS::CUR::ReportDefinition',
    deliveries: ({ S3Bucket: bucket, S3Prefix: prefix }) => [{ row: 'cost-and-usage-reports', bucket, prefix }],
  },
  {
    type: 'AWS::BCMDataExports::Export',
    deliveries: ({ Export: setting }) => [setting?.DestinationConfigurations?.S3Destination].filter((one) => one !== undefined)
      .map(({ S3Bucket: bucket, S3Prefix: prefix }) => ({ row: 'data-exports', bucket, prefix })),
  },
  {
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    deliveries: ({ Type: kind, LoadBalancerAttributes: attributes }) => {
      const values = new Map(listOf(attributes).map((attribute) => [attribute?.Key, attribute?.Value]));
      const logs = [...values.keys()].flatMap((key) => /^(\w+_logs\.s3)\.bucket$/.exec(key)?.[1] ?? []).filter((name) => isOn(values.get(`${name}.enabled`)));
      return logs.map((name) => ({
        row: kind === 'network' ? 'network-load-balancer-logs' : 'application-load-balancer-logs', bucket: values.get(`${name}.bucket`), prefix: values.get(`${name}.prefix`),
      }));
    },
  },
  {
    type: 'AWS::ElasticLoadBalancing::LoadBalancer',
    deliveries: ({ AccessLoggingPolicy: policy }) => (isOn(policy?.Enabled) ? [{ row: 'classic-load-balancer-logs', bucket: policy.S3BucketName, prefix: policy.S3BucketPrefix }] : []),
  },
  {
    type: 'AWS::Redshift::Cluster',
    deliveries: ({ LoggingProperties: logging }) => (logging?.BucketName === undefined ? [] : [{ row: 'redshift-audit-logs', bucket: logging.BucketName, prefix: logging.S3KeyPrefix }]),
  },
  {
    type: 'AWS::CloudFront::Distribution',
    deliveries: ({ DistributionConfig: configuration }) => [configuration?.Logging].filter((one) => one?.Bucket !== undefined)
      .map(({ Bucket: bucket, Prefix: prefix }) => ({ row: 'cloudfront-legacy-logs', bucket, prefix })),
  },
];

function listOf(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}

/** Whether a switch is on, or may be: its value may not be known. */
function isOn(value: unknown): boolean {
  return value !== undefined && value !== false && value !== 'false';
}

/** Of a property that may be a text. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function named(name: unknown): Pick<SetUpDelivery, 'names' | 'isNameDrawn'> {
  return name === undefined ? { isNameDrawn: true } : { names: [name] };
}
