import { App, CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as config from 'aws-cdk-lib/aws-config';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessLogBucket, DeliverySource, SecureBucket, TrailLogBucket } from '../../../src';
import { DELIVERY_SET_UPS } from '../../../src/aws/services';
import { PRODUCER, synthesisErrors, testStack, warnings } from '../../support/apps';

const NAME = 'aws-waf-logs-central';
const SLR = 'arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig';

function bucketIn(stack: Stack): SecureBucket {
  return new SecureBucket(stack, 'Logs', { bucketName: NAME });
}

interface SetUp {
  readonly make: (stack: Stack, bucket: SecureBucket) => unknown;
  readonly says: RegExp;
  readonly allow: () => DeliverySource;
}

function raw(type: string, properties: (bucket: SecureBucket) => Record<string, unknown>): SetUp['make'] {
  return (stack, bucket) => new CfnResource(stack, 'Source', { type, properties: properties(bucket) });
}

/** What an app sets up without a statement for the service. */
const SET_UPS: Record<string, SetUp> = {
  'AWS::EC2::FlowLog': {
    make: raw('AWS::EC2::FlowLog', (bucket) => ({ ResourceType: 'VPC', ResourceId: 'vpc-1', LogDestinationType: 's3', LogDestination: bucket.arnForObjects('network') })),
    says: new RegExp([
      "'Stack/Logs': 'Stack/Source' \\(AWS::EC2::FlowLog\\) has delivery\\.logs\\.amazonaws\\.com deliver VPC flow logs here",
      ' replaces the policy ',
      "allowDelivery\\(DeliverySource\\.vpcFlowLogs\\(\\{ prefix: 'network' \\}\\)\\)",
    ].join('.*')),
    allow: () => DeliverySource.vpcFlowLogs({ prefix: 'network' }),
  },
  'AWS::Route53Resolver::ResolverQueryLoggingConfig': {
    make: raw('AWS::Route53Resolver::ResolverQueryLoggingConfig', (bucket) => ({ DestinationArn: bucket.bucketArn })),
    says: /Resolver query logs here.* adds to the policy .*DeliverySource\.resolverQueryLogs\(\)/,
    allow: () => DeliverySource.resolverQueryLogs(),
  },
  'AWS::WAFv2::LoggingConfiguration': {
    make: raw('AWS::WAFv2::LoggingConfiguration', () => ({ LogDestinationConfigs: [`arn:aws:s3:::${NAME}`] })),
    says: /DeliverySource\.wafLogs\(\)/,
    allow: () => DeliverySource.wafLogs(),
  },
  'AWS::NetworkFirewall::LoggingConfiguration': {
    make: raw('AWS::NetworkFirewall::LoggingConfiguration', (bucket) => ({
      LoggingConfiguration: {
        LogDestinationConfigs: [
          { LogDestinationType: 'S3', LogDestination: { bucketName: bucket.bucketName, prefix: 'firewall' } },
          { LogDestinationType: 'CloudWatchLogs', LogDestination: { logGroup: 'alerts' } },
        ],
      },
    })),
    says: /DeliverySource\.vendedLogs\(\{ prefix: 'firewall' \}\)/,
    allow: () => DeliverySource.vendedLogs({ prefix: 'firewall' }),
  },
  'AWS::VpcLattice::AccessLogSubscription': {
    make: raw('AWS::VpcLattice::AccessLogSubscription', (bucket) => ({ DestinationArn: bucket.bucketArn })),
    says: /DeliverySource\.vendedLogs\(\)/,
    allow: () => DeliverySource.vendedLogs(),
  },
  'AWS::MSK::Cluster': {
    make: raw('AWS::MSK::Cluster', (bucket) => ({ LoggingInfo: { BrokerLogs: { S3: { Enabled: true, Bucket: bucket.bucketName } } } })),
    says: /DeliverySource\.vendedLogs\(\)/,
    allow: () => DeliverySource.vendedLogs(),
  },
  'AWS::KafkaConnect::Connector': {
    make: raw('AWS::KafkaConnect::Connector', (bucket) => ({ LogDelivery: { WorkerLogDelivery: { S3: { Enabled: true, Bucket: bucket.bucketName, Prefix: 'kafka' } } } })),
    says: /DeliverySource\.vendedLogs\(\{ prefix: 'kafka' \}\)/,
    allow: () => DeliverySource.vendedLogs({ prefix: 'kafka' }),
  },
  'AWS::Pipes::Pipe': {
    make: raw('AWS::Pipes::Pipe', (bucket) => ({ LogConfiguration: { Level: 'INFO', S3LogDestination: { BucketName: bucket.bucketName, BucketOwner: PRODUCER.account } } })),
    says: /DeliverySource\.vendedLogs\(\)/,
    allow: () => DeliverySource.vendedLogs(),
  },
  'AWS::IVSChat::LoggingConfiguration': {
    make: raw('AWS::IVSChat::LoggingConfiguration', (bucket) => ({ DestinationConfiguration: { S3: { BucketName: bucket.bucketName } } })),
    says: /DeliverySource\.vendedLogs\(\)/,
    allow: () => DeliverySource.vendedLogs(),
  },
  'AWS::FIS::ExperimentTemplate': {
    make: raw('AWS::FIS::ExperimentTemplate', (bucket) => ({ LogConfiguration: { LogSchemaVersion: 2, S3Configuration: { BucketName: bucket.bucketName } } })),
    says: /DeliverySource\.vendedLogs\(\)/,
    allow: () => DeliverySource.vendedLogs(),
  },
  'AWS::InternetMonitor::Monitor': {
    make: raw('AWS::InternetMonitor::Monitor', (bucket) => ({ InternetMeasurementsLogDelivery: { S3Config: { BucketName: bucket.bucketName, LogDeliveryStatus: 'ENABLED' } } })),
    says: /DeliverySource\.vendedLogs\(\)/,
    allow: () => DeliverySource.vendedLogs(),
  },
  'AWS::EC2::VerifiedAccessInstance': {
    make: raw('AWS::EC2::VerifiedAccessInstance', (bucket) => ({ LoggingConfigurations: { S3: { Enabled: true, BucketName: bucket.bucketName } } })),
    says: /DeliverySource\.vendedLogs\(\)/,
    allow: () => DeliverySource.vendedLogs(),
  },
  'AWS::Logs::DeliveryDestination': {
    make: raw('AWS::Logs::DeliveryDestination', (bucket) => ({ Name: 'logs', DestinationResourceArn: bucket.bucketArn })),
    says: /DeliverySource\.vendedLogsOfDeliverySources\(\)/,
    allow: () => DeliverySource.vendedLogsOfDeliverySources(),
  },
  'AWS::Config::DeliveryChannel': {
    make: (stack, bucket) => {
      new config.CfnConfigurationRecorder(stack, 'Recorder', { roleArn: SLR });
      new config.CfnDeliveryChannel(stack, 'Source', { s3BucketName: bucket.bucketName, s3KeyPrefix: 'config' });
    },
    says: /config\.amazonaws\.com deliver .*DeliverySource\.config\(\{ prefix: 'config' \}\)/,
    allow: () => DeliverySource.config({ prefix: 'config' }),
  },
  'AWS::CloudTrail::Trail': {
    make: raw('AWS::CloudTrail::Trail', (bucket) => ({ S3BucketName: bucket.bucketName, TrailName: 'audit', IsLogging: true, KMSKeyId: bucket.encryptionKey!.keyArn })),
    says: /DeliverySource\.cloudTrail\(\{ trailNames: \['audit'\] \}\).* TrailLogBucket/,
    allow: () => DeliverySource.cloudTrail({ trailNames: ['audit'] }),
  },
  'AWS::GuardDuty::PublishingDestination': {
    make: raw('AWS::GuardDuty::PublishingDestination', (bucket) => ({ DestinationType: 'S3', DestinationProperties: { DestinationArn: bucket.bucketArn, KmsKeyArn: bucket.encryptionKey!.keyArn } })),
    says: /DeliverySource\.guardDuty\(\)/,
    allow: () => DeliverySource.guardDuty(),
  },
  'AWS::SSM::ResourceDataSync': {
    make: raw('AWS::SSM::ResourceDataSync', (bucket) => ({ SyncName: 'x', S3Destination: { BucketName: bucket.bucketName, BucketPrefix: 'ssm' } })),
    says: /DeliverySource\.systemsManagerInventory\(\{ prefix: 'ssm' \}\)/,
    allow: () => DeliverySource.systemsManagerInventory({ prefix: 'ssm' }),
  },
  'AWS::SES::ReceiptRule': {
    make: raw('AWS::SES::ReceiptRule', (bucket) => ({ Rule: { Actions: [{ S3Action: { BucketName: bucket.bucketName, ObjectKeyPrefix: 'mail/' } }, { StopAction: {} }] } })),
    says: /DeliverySource\.sesReceiptRules\(\{ prefix: 'mail\/' \}\)/,
    allow: () => DeliverySource.sesReceiptRules({ prefix: 'mail/' }),
  },
  'AWS::S3::StorageLens': {
    make: raw('AWS::S3::StorageLens', (bucket) => ({ StorageLensConfiguration: { Id: 'lens', DataExport: { S3BucketDestination: { Arn: bucket.bucketArn, Prefix: 'lens' } } } })),
    says: /DeliverySource\.storageLens\(\{ prefix: 'lens' \}\)/,
    allow: () => DeliverySource.storageLens({ prefix: 'lens', configurationIds: ['lens'] }),
  },
  'AWS::S3::Bucket': {
    make: raw('AWS::S3::Bucket', (bucket) => ({ InventoryConfigurations: [{ Id: 'all', Enabled: true, Destination: { BucketArn: bucket.bucketArn, Prefix: 'inventory' } }] })),
    says: /DeliverySource\.s3Inventory\(\{ sourceBuckets: \[source\], prefix: 'inventory' \}\)/,
    allow: () => DeliverySource.s3Inventory({ sourceBuckets: [s3.Bucket.fromBucketName(new Stack(), 'Source', 'example')], prefix: 'inventory' }),
  },
  'AWS::CUR::ReportDefinition': {
    make: raw('AWS::CUR::ReportDefinition', (bucket) => ({ S3Bucket: bucket.bucketName, S3Prefix: 'cost' })),
    says: /DeliverySource\.costAndUsageReports\(\{ prefix: 'cost' \}\)/,
    allow: () => DeliverySource.costAndUsageReports({ prefix: 'cost' }),
  },
  'AWS::BCMDataExports::Export': {
    make: raw('AWS::BCMDataExports::Export', (bucket) => ({ Export: { DestinationConfigurations: { S3Destination: { S3Bucket: bucket.bucketName, S3Prefix: 'cost' } } } })),
    says: /DeliverySource\.dataExports\(\{ prefix: 'cost' \}\)/,
    allow: () => DeliverySource.dataExports({ prefix: 'cost' }),
  },
};

/** What no bucket with a key takes, whatever its policy says. */
const REFUSED: Record<string, [SetUp['make'], RegExp]> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [
    raw('AWS::ElasticLoadBalancingV2::LoadBalancer', (bucket) => ({ Type: 'application', LoadBalancerAttributes: [{ Key: 'access_logs.s3.enabled', Value: 'true' }, { Key: 'access_logs.s3.bucket', Value: bucket.bucketName }] })),
    /'Stack\/Source' has AWS deliver here\. .*SSE-S3.*AccessLogBucket, or have CloudWatch deliver them/,
  ],
  'AWS::ElasticLoadBalancing::LoadBalancer': [raw('AWS::ElasticLoadBalancing::LoadBalancer', (bucket) => ({ AccessLoggingPolicy: { Enabled: true, S3BucketName: bucket.bucketName } })), /Classic Load Balancer .*AccessLogBucket/],
  'AWS::Redshift::Cluster': [raw('AWS::Redshift::Cluster', (bucket) => ({ LoggingProperties: { BucketName: bucket.bucketName } })), /Redshift audit logs: .*AccessLogBucket/],
  'AWS::CloudFront::Distribution': [
    raw('AWS::CloudFront::Distribution', (bucket) => ({ DistributionConfig: { Logging: { Bucket: bucket.bucketRegionalDomainName } } })),
    /need ACLs.* DeliverySource\.cloudFrontLogs/,
  ],
};

test('every kind of resource of the table is tried', () => {
  expect([...Object.keys(SET_UPS), ...Object.keys(REFUSED)].sort()).toEqual(DELIVERY_SET_UPS.map(({ type }) => type).sort());
});

describe.each(Object.entries(SET_UPS))('what %s sets up', (_, { make, says, allow }) => {
  test('is an error without a statement for the service, with the call to write', () => {
    const stack = testStack();
    make(stack, bucketIn(stack));
    expect(synthesisErrors(stack)).toMatch(says);
  });

  test('is fine after that call', () => {
    const stack = testStack();
    const bucket = bucketIn(stack);
    make(stack, bucket);
    bucket.allowDelivery(allow());
    expect(synthesisErrors(stack)).toBe('');
  });
});

test.each(Object.entries(REFUSED))('what %s sets up is refused, with the way out', (_, [make, says]) => {
  const stack = testStack();
  make(stack, bucketIn(stack));
  expect(synthesisErrors(stack)).toMatch(says);
});

describe('flow logs of the CDK', () => {
  const addFlowLog = (stack: Stack, bucket: SecureBucket) => new ec2.Vpc(stack, 'Vpc', { natGateways: 0 }).addFlowLog('Logs', { destination: ec2.FlowLogDestination.toS3(bucket) });

  test('are an error without the feature flag that has them write the policy, which is named', () => {
    const stack = testStack();
    addFlowLog(stack, bucketIn(stack));
    expect(synthesisErrors(stack)).toContain("Or set the feature flag '@aws-cdk/aws-s3:createDefaultLoggingPolicy'");
  });

  test('are fine with it', () => {
    const stack = testStack(undefined, { context: { '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true } });
    addFlowLog(stack, bucketIn(stack));
    expect(synthesisErrors(stack)).toBe('');
  });
});

test.each<[string, Record<string, unknown>]>([
  ['to another bucket', { LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::other' }],
  ['to a log group', { LogDestinationType: 'cloud-watch-logs', LogDestination: 'arn:aws:logs:eu-west-1:111122223333:log-group:flow' }],
])('a flow log %s is none of the business of the bucket', (_, properties) => {
  const stack = testStack();
  bucketIn(stack);
  new CfnResource(stack, 'Source', { type: 'AWS::EC2::FlowLog', properties });
  expect(synthesisErrors(stack)).toBe('');
});

describe('what is set up is made after the policy of the bucket, which a service would write or replace', () => {
  test.each<[string, DeliverySource, Record<string, unknown>]>([
    ['AWS::EC2::FlowLog', DeliverySource.vpcFlowLogs(), { LogDestinationType: 's3', LogDestination: `arn:aws:s3:::${NAME}` }],
    ['AWS::CloudTrail::Trail', DeliverySource.cloudTrail({ trailNames: ['main'] }), { S3BucketName: NAME, TrailName: 'main' }],
    ['AWS::Logs::DeliveryDestination', DeliverySource.vendedLogsOfDeliverySources(), { DestinationResourceArn: `arn:aws:s3:::${NAME}` }],
    ['AWS::Route53Resolver::ResolverQueryLoggingConfig', DeliverySource.resolverQueryLogs(), { DestinationArn: `arn:aws:s3:::${NAME}` }],
    ['AWS::MSK::Cluster', DeliverySource.vendedLogs(), { LoggingInfo: { BrokerLogs: { S3: { Enabled: true, Bucket: NAME } } } }],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', DeliverySource.networkLoadBalancerLogs(), { Type: 'network', LoadBalancerAttributes: [{ Key: 'access_logs.s3.enabled', Value: 'true' }, { Key: 'access_logs.s3.bucket', Value: NAME }] }],
  ])('%s', (type, source, properties) => {
    const stack = testStack();
    const bucket = bucketIn(stack);
    bucket.allowDelivery(source);
    new CfnResource(stack, 'Source', { type, properties });
    Template.fromStack(stack).hasResource(type, { DependsOn: [stack.getLogicalId(bucket.policy!.node.defaultChild as CfnResource)] });
  });

  test('in a nested stack, too', () => {
    const stack = testStack();
    const bucket = bucketIn(stack);
    bucket.allowDelivery(DeliverySource.vpcFlowLogs());
    const nested = new NestedStack(stack, 'Network');
    new CfnResource(nested, 'Source', { type: 'AWS::EC2::FlowLog', properties: { LogDestinationType: 's3', LogDestination: `arn:aws:s3:::${NAME}` } });
    Template.fromStack(stack).hasResource('AWS::CloudFormation::Stack', { DependsOn: [stack.getLogicalId(bucket.policy!.node.defaultChild as CfnResource)] });
  });

  test('unless the policy needs it', () => {
    const stack = testStack();
    const bucket = bucketIn(stack);
    bucket.allowDelivery(DeliverySource.vendedLogs());
    const source = new CfnResource(stack, 'Source', { type: 'AWS::MSK::Cluster', properties: { LoggingInfo: { BrokerLogs: { S3: { Enabled: true, Bucket: NAME } } } } });
    bucket.addToResourcePolicy(new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects('*')],
      conditions: { ArnEquals: { 'aws:SourceArn': source.getAtt('Arn').toString() } },
    }));
    expect(Object.values(Template.fromStack(stack).findResources('AWS::MSK::Cluster'))[0].DependsOn).toBeUndefined(); // a circle would be refused
  });
});

test('a delivery of another account has to be allowed for it', () => {
  const app = new App({ analyticsReporting: false });
  const bucket = bucketIn(new Stack(app, 'Logs', { env: PRODUCER }));
  bucket.allowDelivery(DeliverySource.vpcFlowLogs());
  const other = new Stack(app, 'Other', { env: { ...PRODUCER, account: '444455556666' } });
  new ec2.CfnFlowLog(other, 'Flow', { resourceType: 'VPC', resourceId: 'vpc-1', logDestinationType: 's3', logDestination: `arn:aws:s3:::${NAME}` });
  expect(synthesisErrors(other)).toMatch(/'Other\/Flow'.*vpcFlowLogs\(\{ sourceAccounts: \['444455556666'\] \}\)/);
});

describe('what is set up is compared with what is allowed', () => {
  const flowLog = { LogDestinationType: 's3', LogDestination: `arn:aws:s3:::${NAME}` };
  const trail = (more: Record<string, unknown>) => ({ S3BucketName: NAME, KMSKeyId: 'alias/x', TrailName: 'main', ...more });
  const dashboard = (more: Record<string, unknown>) => ({ StorageLensConfiguration: { Id: 'main', DataExport: { S3BucketDestination: { Arn: `arn:aws:s3:::${NAME}` } }, ...more } });
  const rule = (more: Record<string, unknown>) => ({ RuleSetName: 'in', Rule: { Name: 'first', Actions: [{ S3Action: { BucketName: NAME } }] }, ...more });
  const ofOrganization = { AwsOrg: { Arn: 'arn:aws:organizations::111122223333:organization/o-exampleorgid' } };
  const TRAILS = { trailNames: ['main'] };

  const problemsOf = (type: string, source: DeliverySource, properties: Record<string, unknown>) => {
    const stack = testStack();
    bucketIn(stack).allowDelivery(source);
    new CfnResource(stack, 'Source', { type, properties });
    return synthesisErrors(stack);
  };

  test.each<[string, string, DeliverySource, Record<string, unknown>, string]>([
    ['a trail of another name', 'AWS::CloudTrail::Trail', DeliverySource.cloudTrail({ trailNames: ['other'] }), trail({}), "trailNames: ['main']"],
    ['a trail whose name CloudFormation draws', 'AWS::CloudTrail::Trail', DeliverySource.cloudTrail(TRAILS), trail({ TrailName: undefined }), 'cloudTrail('],
    ['a trail of an organization', 'AWS::CloudTrail::Trail', DeliverySource.cloudTrail(TRAILS), trail({ IsOrganizationTrail: true }), "trailNames: ['main'], organizationId: 'o-…'"],
    ['a dashboard of another id', 'AWS::S3::StorageLens', DeliverySource.storageLens({ configurationIds: ['other'] }), dashboard({}), 'storageLens('],
    ['a dashboard of an organization', 'AWS::S3::StorageLens', DeliverySource.storageLens({ configurationIds: ['main'] }), dashboard(ofOrganization), "storageLens({ organizationId: 'o-…' })"],
    ['a flow log of another Region', 'AWS::EC2::FlowLog', DeliverySource.vpcFlowLogs({ sourceRegions: ['us-east-1'] }), flowLog, 'vpcFlowLogs('],
    ['a rule of another rule set', 'AWS::SES::ReceiptRule', DeliverySource.sesReceiptRules({ ruleSetName: 'other' }), rule({}), 'sesReceiptRules('],
    ['another rule', 'AWS::SES::ReceiptRule', DeliverySource.sesReceiptRules({ ruleSetName: 'in', ruleName: 'second' }), rule({}), 'sesReceiptRules('],
  ])('%s is an error', (_, type, source, properties, call) => {
    expect(problemsOf(type, source, properties)).toContain(call);
  });

  test.each<[string, string, DeliverySource, Record<string, unknown>]>([
    ['a trail of an organization', 'AWS::CloudTrail::Trail', DeliverySource.cloudTrail({ ...TRAILS, organizationId: 'o-exampleorgid' }), trail({ IsOrganizationTrail: true })],
    ['a dashboard of an organization', 'AWS::S3::StorageLens', DeliverySource.storageLens({ configurationIds: ['main'], organizationId: 'o-exampleorgid' }), dashboard(ofOrganization)],
    ['a flow log of its Region', 'AWS::EC2::FlowLog', DeliverySource.vpcFlowLogs({ sourceRegions: ['us-east-1', PRODUCER.region] }), flowLog],
    ['a rule of the rule set', 'AWS::SES::ReceiptRule', DeliverySource.sesReceiptRules({ ruleSetName: 'in', ruleName: 'first' }), rule({})],
    ['a rule set that is known at deployment', 'AWS::SES::ReceiptRule', DeliverySource.sesReceiptRules({ ruleSetName: 'in' }), rule({ RuleSetName: { Ref: 'AWS::NoValue' } })],
  ])('%s is fine', (_, type, source, properties) => {
    expect(problemsOf(type, source, properties)).toBe('');
  });

  test.each([['eu-west-1', 'ap-south-1'], ['cn-north-1', 'cn-northwest-1'], ['us-gov-west-1', 'us-gov-east-1']])('in %s, a flow log is fine where its Region is allowed, and an error where %s is', (region, other) => {
    const problems = [region, other].map((allowed) => {
      const stack = testStack({ env: { ...PRODUCER, region } });
      bucketIn(stack).allowDelivery(DeliverySource.vpcFlowLogs({ sourceRegions: [allowed] }));
      new CfnResource(stack, 'Source', { type: 'AWS::EC2::FlowLog', properties: { LogDestinationType: 's3', LogDestination: `arn:${stack.partition}:s3:::${NAME}` } });
      return synthesisErrors(stack);
    });
    expect(problems).toEqual(['', expect.stringContaining('vpcFlowLogs')]);
  });
});

test('a cluster of Redshift under a prefix that is not allowed is an error, though nobody knows the name of the bucket', () => {
  const stack = testStack();
  const bucket = new AccessLogBucket(stack, 'Logs');
  bucket.allowDelivery(DeliverySource.redshiftAuditLogs());
  new CfnResource(stack, 'Source', { type: 'AWS::Redshift::Cluster', properties: { LoggingProperties: { BucketName: bucket.bucketName, S3KeyPrefix: 'audit' } } });
  expect(synthesisErrors(stack)).toContain("redshiftAuditLogs({ prefix: 'audit' })");
});

test('a delivery under another prefix than the one that is allowed is an error', () => {
  const stack = testStack();
  const bucket = bucketIn(stack);
  SET_UPS['AWS::EC2::FlowLog'].make(stack, bucket);
  bucket.allowDelivery(DeliverySource.vpcFlowLogs({ prefix: 'other' }));
  expect(synthesisErrors(stack)).toMatch(SET_UPS['AWS::EC2::FlowLog'].says);
});

describe('AWS Config', () => {
  const channel = (stack: Stack) => new config.CfnDeliveryChannel(stack, 'Channel', { s3BucketName: NAME });

  test('with a role of its own delivers as that role, which is not asked for', () => {
    const stack = testStack();
    const bucket = bucketIn(stack);
    new config.CfnConfigurationRecorder(stack, 'Recorder', { roleArn: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('config.amazonaws.com') }).roleArn });
    channel(stack);
    expect(synthesisErrors(stack)).toBe('');
    expect(warnings(bucket)).not.toContain('cdk-secure-bucket:deliveryNotDecided');
  });

  test('with a recorder that stands elsewhere is not decided', () => {
    const stack = testStack();
    const bucket = bucketIn(stack);
    channel(stack);
    expect(synthesisErrors(stack)).toBe('');
    expect(warnings(bucket)).toContain('cdk-secure-bucket:deliveryNotDecided');
  });

  test('is decided where it may deliver as the service', () => {
    const stack = testStack();
    const bucket = bucketIn(stack);
    channel(stack);
    bucket.allowDelivery(DeliverySource.config());
    expect(synthesisErrors(stack)).toBe('');
    expect(warnings(bucket)).not.toContain('cdk-secure-bucket:deliveryNotDecided');
  });
});

describe('a delivery source of CloudWatch Logs', () => {
  const problemsOf = (allowed: DeliverySource, nameOf: (source: CfnResource) => string) => {
    const stack = testStack();
    const bucket = bucketIn(stack);
    bucket.allowDelivery(allowed);
    const source = new CfnResource(stack, 'Source', { type: 'AWS::Logs::DeliverySource', properties: { Name: 'main', LogType: 'EVENTS' } });
    const destination = new CfnResource(stack, 'Destination', { type: 'AWS::Logs::DeliveryDestination', properties: { Name: 'bucket', DestinationResourceArn: bucket.bucketArn } });
    new CfnResource(stack, 'Delivery', { type: 'AWS::Logs::Delivery', properties: { DeliverySourceName: nameOf(source), DeliveryDestinationArn: destination.getAtt('Arn') } });
    return synthesisErrors(stack);
  };

  test.each<[string, DeliverySource, (source: CfnResource) => string]>([
    ['another name', DeliverySource.vendedLogsOfDeliverySources({ deliverySourceNames: ['other'] }), () => 'main'],
    ['another name than the referenced one', DeliverySource.vendedLogsOfDeliverySources({ deliverySourceNames: ['other'] }), (source) => source.ref],
    ['another Region', DeliverySource.cloudFrontLogs({ deliverySourceNames: ['main'] }), () => 'main'],
  ])('is an error where %s is allowed', (_, allowed, nameOf) => {
    expect(problemsOf(allowed, nameOf)).toMatch(/'Stack\/Delivery'.*vendedLogsOfDeliverySources\(\{ deliverySourceNames: \['main'\] \}\)/);
  });

  test.each<[string, (source: CfnResource) => string]>([['its name', () => 'main'], ['the source by reference', (source) => source.ref]])('is fine where %s is allowed', (_, nameOf) => {
    expect(problemsOf(DeliverySource.vendedLogsOfDeliverySources({ deliverySourceNames: ['main'] }), nameOf)).toBe('');
  });
});

describe('a trail', () => {
  test('without the key of the bucket asks for SSE-S3, which the bucket denies', () => {
    const stack = testStack();
    new cloudtrail.Trail(stack, 'Trail', { bucket: bucketIn(stack) });
    expect(synthesisErrors(stack)).toMatch(/'Stack\/Logs': the trail 'Stack\/Trail\/Resource' has no key.* Use a TrailLogBucket/);
  });

  test('with the key of the bucket, whose policy does not let CloudTrail use it, is an error until the delivery is allowed', () => {
    const stack = testStack();
    const bucket = bucketIn(stack);
    new cloudtrail.Trail(stack, 'Trail', { bucket, trailName: 'audit', encryptionKey: bucket.encryptionKey });
    expect(synthesisErrors(stack)).toMatch(/'Stack\/Trail\/Resource' encrypts with the key 'Stack\/Logs\/Key', .*cloudTrail\(\{ trailNames: \['audit'\] \}\)/);
    bucket.allowDelivery(DeliverySource.cloudTrail({ trailNames: ['audit'] }));
    expect(synthesisErrors(stack)).toBe('');
  });

  test.each<[string, Partial<iam.PolicyStatementProps>[]]>([
    ['only describe it', [{ actions: ['kms:DescribeKey'] }]],
    ['encrypt for another trail', [{ actions: ['kms:GenerateDataKey*'], conditions: { StringEquals: { 'aws:SourceArn': 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/other' } } }]],
    ['encrypt, which a deny takes back', [{ actions: ['kms:*'] }, { actions: ['kms:GenerateDataKey*'], effect: iam.Effect.DENY }]],
  ])('with a key whose policy lets CloudTrail %s is an error', (_, statements) => {
    const stack = testStack();
    const key = new kms.Key(stack, 'Key');
    statements.forEach((props) => key.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ServicePrincipal('cloudtrail.amazonaws.com')], resources: ['*'], ...props })));
    const bucket = new SecureBucket(stack, 'Logs', { bucketName: NAME, encryptionKey: key });
    bucket.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('cloudtrail.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      conditions: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    }));
    new cloudtrail.CfnTrail(stack, 'Trail', { isLogging: true, s3BucketName: NAME, trailName: 'audit', kmsKeyId: key.keyArn });
    expect(synthesisErrors(stack)).toMatch(/'Stack\/Trail' encrypts with the key 'Stack\/Key'/);
  });

  test('is fine in a TrailLogBucket', () => {
    const stack = testStack();
    new TrailLogBucket(stack, 'Logs', { trailName: 'audit' }).addTrail('Trail');
    expect(synthesisErrors(stack)).toBe('');
  });
});

test('a statement may name the bucket by the name that it may get', () => {
  const stack = testStack();
  const bucket = new SecureBucket(stack, 'Logs');
  bucket.addToResourcePolicy(new iam.PolicyStatement({
    actions: ['s3:PutObject'],
    principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
    resources: ['arn:aws:s3:::stack-logs*/network/*'],
    conditions: { StringEquals: { 'aws:SourceAccount': PRODUCER.account } },
  }));
  new CfnResource(stack, 'Source', { type: 'AWS::EC2::FlowLog', properties: { ResourceType: 'VPC', ResourceId: 'vpc-1', LogDestinationType: 's3', LogDestination: bucket.arnForObjects('network') } });
  expect(synthesisErrors(stack)).toBe('');
});
