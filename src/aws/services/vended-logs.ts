import { Demands, FEW_DEMANDS, PAGES, service, ServiceDelivery } from './delivery';

const CLOUDWATCH = `${PAGES}/AmazonCloudWatch/latest/logs`;
const V1_PAGE = `${CLOUDWATCH}/AWS-logs-infrastructure-S3.html`;
const V2_PAGE = `${CLOUDWATCH}/AWS-logs-infrastructure-V2-S3.html`;
const OF_ACCOUNT = '{prefix}AWSLogs/{account}/*';

/** What services have in common that send logs by the first log delivery of CloudWatch. */
const V1 = {
  caller: service('delivery.logs'),
  bucketActions: ['s3:GetBucketAcl', 's3:ListBucket'],
  objectActions: ['s3:PutObject'],
  objects: [OF_ACCOUNT],
  keyActions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
  keyContext: 's3',
  source: { arn: 'arn:{partition}:logs:{region}:{account}:*', hasAccount: true },
  sendsAcl: true,
  files: [{ name: 'logs', encryption: 'default' }],
  demands: { ...FEW_DEMANDS, writesPolicy: 'appends' } as Demands,
} as const;

/** The same of the second one, with delivery sources and destinations. A prefix takes the place of `AWSLogs/<account>`. */
const V2 = { ...V1, objects: ['{logs}*'], source: { arn: 'arn:{partition}:logs:{region}:{account}:delivery-source:{name}', hasAccount: true } } as const;

/** Logs that CloudWatch delivers for other services. */
export const VENDED_LOGS: readonly ServiceDelivery[] = [
  {
    ...V1,
    id: 'vended-logs',
    title: 'Vended logs of any service',
    delivers: 'flow logs, Resolver query logs and other vended logs',
    pages: [V1_PAGE, `${CLOUDWATCH}/AWS-logs-and-resource-policy.html`],
  },
  {
    ...V1,
    id: 'vpc-flow-logs',
    title: 'VPC flow logs',
    delivers: 'VPC flow logs',
    objects: [OF_ACCOUNT, '{prefix}AWSLogs/aws-account-id={account}/*'],
    demands: { ...FEW_DEMANDS, writesPolicy: 'replaces' },
    pages: [`${PAGES}/vpc/latest/userguide/flow-logs-s3-permissions.html`, `${PAGES}/vpc/latest/userguide/flow-logs-s3-cmk-policy.html`, V1_PAGE],
  },
  {
    ...V1,
    id: 'transit-gateway-flow-logs',
    title: 'Transit Gateway flow logs',
    delivers: 'Transit Gateway flow logs',
    objects: [OF_ACCOUNT, '{prefix}AWSLogs/aws-account-id={account}/*'],
    pages: [`${PAGES}/vpc/latest/tgw/flow-logs-s3.html`, V1_PAGE],
  },
  {
    ...V1,
    id: 'resolver-query-logs',
    title: 'Route 53 Resolver query logs',
    delivers: 'Resolver query logs',
    pages: [`${PAGES}/Route53/latest/DeveloperGuide/resolver-query-logs-choosing-target-resource.html`, V1_PAGE],
  },
  {
    ...V1,
    id: 'waf-logs',
    title: 'AWS WAF web ACL logs',
    delivers: 'logs of AWS WAF',
    demands: { ...FEW_DEMANDS, bucketName: 'aws-waf-logs-', account: 'same', writesPolicy: 'appends' },
    pages: [`${PAGES}/waf/latest/developerguide/logging-s3.html`, V1_PAGE],
  },
  {
    ...V1,
    id: 'network-load-balancer-logs',
    title: 'Network Load Balancer access logs',
    delivers: 'logs of Network Load Balancers',
    bucketActions: ['s3:GetBucketAcl'],
    demands: { ...FEW_DEMANDS, region: 'same' },
    pages: [`${PAGES}/elasticloadbalancing/latest/network/enable-access-logs.html`, V1_PAGE],
  },
  {
    ...V2,
    id: 'cloudfront-logs',
    title: 'CloudFront standard logs (v2)',
    delivers: 'standard logs of CloudFront',
    source: { arn: 'arn:{partition}:logs:us-east-1:{account}:delivery-source:{name}', hasAccount: true },
    pages: [`${PAGES}/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html`, V2_PAGE],
  },
  {
    ...V2,
    id: 'application-load-balancer-vended-logs',
    title: 'Application Load Balancer logs through CloudWatch',
    delivers: 'logs of Application Load Balancers',
    pages: [`${PAGES}/elasticloadbalancing/latest/application/load-balancer-cloudwatch-logs.html`, V2_PAGE],
  },
  {
    ...V2,
    id: 'server-access-logs-v2',
    title: 'S3 server access logs through CloudWatch',
    delivers: 'server access logs of S3',
    pages: [`${PAGES}/AmazonS3/latest/userguide/sal-cw-enabling.html`, V2_PAGE],
  },
  {
    ...V2,
    id: 'vended-logs-v2',
    title: 'Vended logs of any service that has delivery sources',
    delivers: 'vended logs',
    pages: [V2_PAGE, `${CLOUDWATCH}/AWS-logs-and-resource-policy.html`],
  },
];
