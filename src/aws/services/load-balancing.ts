import { FEW_DEMANDS, PAGES, service, ServiceCaller, ServiceDelivery } from './delivery';

const OF_ACCOUNT = '{prefix}AWSLogs/{account}/*';

/**
 * The accounts of Elastic Load Balancing. Regions that are newer than August 2022 have none.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-access-logs.html
 */
const LOAD_BALANCING_ACCOUNTS: Readonly<Record<string, string>> = {
  'af-south-1': '098369216593',
  'ap-east-1': '754344448648',
  'ap-northeast-1': '582318560864',
  'ap-northeast-2': '600734575887',
  'ap-northeast-3': '383597477331',
  'ap-south-1': '718504428378',
  'ap-southeast-1': '114774131450',
  'ap-southeast-2': '783225319266',
  'ap-southeast-3': '589379963580',
  'ca-central-1': '985666609251',
  'cn-north-1': '638102146993',
  'cn-northwest-1': '037604701340',
  'eu-central-1': '054676820928',
  'eu-north-1': '897822967062',
  'eu-south-1': '635631232127',
  'eu-west-1': '156460612806',
  'eu-west-2': '652711504416',
  'eu-west-3': '009996457667',
  'me-south-1': '076674570225',
  'sa-east-1': '507241528517',
  'us-east-1': '127311923021',
  'us-east-2': '033677994240',
  'us-gov-east-1': '190560391635',
  'us-gov-west-1': '048591011584',
  'us-iso-east-1': '770363063475',
  'us-iso-west-1': '121062877647',
  'us-isob-east-1': '740734521339',
  'us-isof-east-1': '091100254016',
  'us-isof-south-1': '412137745753',
  'us-west-1': '027434742980',
  'us-west-2': '797873946194',
};

const CALLER: ServiceCaller = { ...service('logdelivery.elasticloadbalancing', 'logdelivery.elb'), accounts: LOAD_BALANCING_ACCOUNTS };

/** Logs that load balancers deliver themselves, as their attributes say. Network Load Balancers deliver as CloudWatch does. */
export const LOAD_BALANCER_LOGS: readonly ServiceDelivery[] = [
  {
    id: 'application-load-balancer-logs',
    title: 'Application Load Balancer access, connection and health check logs',
    delivers: 'logs of load balancers',
    caller: CALLER,
    bucketActions: [],
    objectActions: ['s3:PutObject'],
    objects: [OF_ACCOUNT],
    keyActions: [],
    keyContext: 'none',
    source: { arn: 'arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/*', hasAccount: false },
    sendsAcl: false,
    files: [{ name: 'logs and a test object', encryption: 'own', asksFor: ['AES256'] }],
    demands: { ...FEW_DEMANDS, encryption: ['SSE-S3'], region: 'same' },
    pages: [`${PAGES}/elasticloadbalancing/latest/application/enable-access-logging.html`],
  },
  {
    id: 'classic-load-balancer-logs',
    title: 'Classic Load Balancer access logs',
    delivers: 'logs of load balancers',
    caller: CALLER,
    bucketActions: [],
    objectActions: ['s3:PutObject'],
    objects: [OF_ACCOUNT],
    keyActions: [],
    keyContext: 'none',
    source: { hasAccount: false },
    sendsAcl: false,
    files: [{ name: 'logs and a test object', encryption: 'own', asksFor: ['AES256'] }],
    demands: { ...FEW_DEMANDS, encryption: ['SSE-S3'], region: 'same' },
    pages: [`${PAGES}/elasticloadbalancing/latest/classic/enable-access-logs.html`],
  },
];
