import type { DeliverySource } from './delivery-source';
import { ServiceDelivery } from '../../aws/services';

type Factory = Exclude<keyof typeof DeliverySource, 'prototype' | 'service'>;

/** The method of `DeliverySource` for each service that calls by itself. */
export const SOURCE_METHODS: Readonly<Record<string, Factory>> = {
  's3-inventory': 's3Inventory',
  'storage-class-analysis': 'storageClassAnalysis',
  'storage-lens': 'storageLens',
  'vended-logs': 'vendedLogs',
  'vpc-flow-logs': 'vpcFlowLogs',
  'transit-gateway-flow-logs': 'transitGatewayFlowLogs',
  'resolver-query-logs': 'resolverQueryLogs',
  'waf-logs': 'wafLogs',
  'network-load-balancer-logs': 'networkLoadBalancerLogs',
  'cloudfront-logs': 'cloudFrontLogs',
  'application-load-balancer-vended-logs': 'applicationLoadBalancerLogsThroughCloudWatch',
  'server-access-logs-v2': 'serverAccessLogsThroughCloudWatch',
  'vended-logs-v2': 'vendedLogsOfDeliverySources',
  'application-load-balancer-logs': 'applicationLoadBalancerLogs',
  'classic-load-balancer-logs': 'classicLoadBalancerLogs',
  'cloudtrail': 'cloudTrail',
  'cloudtrail-organization': 'cloudTrail',
  'config': 'config',
  'macie': 'macie',
  'guardduty': 'guardDuty',
  'security-hub': 'securityHub',
  'systems-manager-inventory': 'systemsManagerInventory',
  'cloudwatch-logs-export': 'cloudWatchLogsExport',
  'ses': 'sesReceiptRules',
  'redshift-audit-logs': 'redshiftAuditLogs',
  'bedrock-invocation-logs': 'bedrockInvocationLogs',
  'cost-and-usage-reports': 'costAndUsageReports',
  'data-exports': 'dataExports',
  'cloudfront-legacy-logs': 'cloudFrontLegacyLogs',
};

/** What a call says of a delivery, where it is known and not the default. */
export interface CallDetails {
  readonly prefix?: string;
  readonly sourceAccount?: string;
  readonly trailName?: string;
  readonly isOfOrganization?: boolean;
  readonly deliverySourceName?: string;
}

/** The call that lets a service deliver, as people write it. */
export function allowDeliveryCall({ id }: ServiceDelivery, { prefix, sourceAccount, trailName, isOfOrganization, deliverySourceName }: CallDetails): string {
  const props = [
    ...(/^(?:s3-inventory|storage-class-analysis)$/.test(id) ? ['sourceBuckets: [source]'] : []),
    ...(id.startsWith('cloudtrail') ? [`trailNames: ['${trailName ?? '…'}']`] : []),
    ...(isOfOrganization ? ["organizationId: 'o-…'"] : []),
    ...(deliverySourceName ? [`deliverySourceNames: ['${deliverySourceName}']`] : []),
    ...(prefix ? [`prefix: '${prefix}'`] : []),
    ...(sourceAccount === undefined ? [] : [`sourceAccounts: ['${sourceAccount}']`]),
  ];
  return `allowDelivery(DeliverySource.${SOURCE_METHODS[id]}(${props.length > 0 ? `{ ${props.join(', ')} }` : ''}))`;
}
