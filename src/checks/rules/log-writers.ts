import { defaultEncryption } from './bucket-settings';
import { KMS_ALGORITHMS } from './default-encryption';
import { areListsOn } from '../../access/bucket-settings';
import { Bucket } from '../../access/inventory';
import { AdmittedWriter, admittedWriters } from '../../access/log-buckets';
import { LogDelivery, LogWriter } from '../../access/log-deliveries';
import { isAwsManagedKey } from '../../aws/key-alias';
import { DeployedResource } from '../../template/deployment';
import { setting, UNKNOWN } from '../../template/settings';
import { doubted, Finding, found, notDecided } from '../finding';

/** What a service can write logs to. */
interface Ability {
  readonly logs: string;

  /** Which default encryption of the bucket it can write with. */
  readonly encryption: 'SSE-S3' | 'SSE-S3 or a customer managed key';
  readonly needsAcls?: boolean;
  readonly refusesRetention?: boolean;
}

/**
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/db-auditing.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
 */
const ABILITIES: Readonly<Record<LogWriter, Ability>> = {
  's3-access-logs': { logs: 'access logs', encryption: 'SSE-S3', refusesRetention: true },
  'load-balancer': { logs: 'logs of a load balancer', encryption: 'SSE-S3' },
  'network-load-balancer': { logs: 'logs of a Network Load Balancer', encryption: 'SSE-S3 or a customer managed key' },
  'distribution': { logs: 'standard logs (legacy) of CloudFront', encryption: 'SSE-S3 or a customer managed key', needsAcls: true },
  'redshift': { logs: 'audit logs of Redshift', encryption: 'SSE-S3', refusesRetention: true },
  'vended-logs': { logs: 'logs from CloudWatch', encryption: 'SSE-S3 or a customer managed key' },
};

/** Whether those can write to a bucket who are told to send their logs there. */
export function judgeLogs({ resource, logs, policies }: Bucket): Finding[] {
  return resource ? [
    ...logs.flatMap((delivery) => [...judgeEncryption(resource, delivery), ...judgeAcls(resource, delivery), ...judgeRetention(resource, delivery)]),
    ...admittedWriters(policies).filter(({ writer }) => !logs.some((delivery) => delivery.writer === writer)).flatMap((admitted) => judgeAdmitted(resource, admitted)),
  ] : [];
}

/** Whether those can write whom the policy lets in, for resources that stand elsewhere. */
function judgeAdmitted(bucket: DeployedResource, { writer, principal }: AdmittedWriter): Finding[] {
  const { logs, encryption } = ABILITIES[writer];
  const { algorithm } = defaultEncryption(bucket);
  if (encryption !== 'SSE-S3' || (algorithm !== UNKNOWN && !KMS_ALGORITHMS.includes(algorithm))) {
    return [];
  }
  return [algorithm === UNKNOWN
    ? notDecided(bucket, `Whether ${principal} can deliver ${logs}, as the policy allows it, depends on the default encryption of the bucket, which is not known before deployment.`)
    : found(bucket, `The policy of the bucket lets ${principal} deliver ${logs}, and the bucket is encrypted with KMS: none can be delivered to it.`, 'Encrypt log buckets with SSE-S3.')];
}

/** Whether a service that delivers only where access control lists are on sends its logs to a bucket. */
export function needsAcls({ logs }: Bucket): boolean {
  return logs.some(({ writer }) => ABILITIES[writer].needsAcls);
}

function judgeEncryption(bucket: DeployedResource, { writer, source }: LogDelivery): Finding[] {
  const { logs, encryption } = ABILITIES[writer];
  const { algorithm, keyId } = defaultEncryption(bucket);
  if (algorithm === UNKNOWN) {
    return [notDecided(bucket, `Whether ${logs} from '${source.path}' can be delivered depends on the default encryption of the bucket, which is not known before deployment.`)];
  }
  if (!KMS_ALGORITHMS.includes(algorithm)) {
    return [];
  }
  if (encryption === 'SSE-S3') {
    const effect = writer === 's3-access-logs' ? 'S3 delivers no logs to it' : `those of '${source.path}' cannot be delivered to it`;
    return [found(bucket, `The bucket receives ${logs}, and is encrypted with KMS: ${effect}.`, 'Encrypt log buckets with SSE-S3.')];
  }
  if (keyId !== UNKNOWN && keyId !== undefined && !isAwsManagedKey(keyId)) {
    return [];
  }
  const problem = `The bucket receives ${logs} from '${source.path}', and is encrypted with the AWS managed key, with which they cannot be delivered.`;
  const remedy = 'Encrypt the bucket with SSE-S3, or with a customer managed key whose policy lets the service use it.';
  return [keyId === UNKNOWN ? doubted(bucket, problem, 'the key is not known before deployment', remedy) : found(bucket, problem, remedy)];
}

function judgeAcls(bucket: DeployedResource, { writer, source }: LogDelivery): Finding[] {
  const areOn = areListsOn(bucket);
  const { logs, needsAcls: needed } = ABILITIES[writer];
  if (!needed || areOn) {
    return [];
  }
  return [areOn === undefined
    ? notDecided(bucket, `Whether ${logs} of '${source.path}' can be delivered depends on Object Ownership, which is not known before deployment.`)
    : found(bucket, `The bucket receives ${logs} of '${source.path}', and its access control lists are off: the deployment fails.`, "Deliver the logs by standard logging (v2), which DistributionAccessLogs sets up, and remove 'Logging'; or set 'ObjectOwnership' to 'BucketOwnerPreferred'.")];
}

function judgeRetention(bucket: DeployedResource, { writer }: LogDelivery): Finding[] {
  const { logs, refusesRetention } = ABILITIES[writer];
  const retention = setting(bucket, 'ObjectLockConfiguration', 'Rule', 'DefaultRetention');
  if (!refusesRetention || retention === undefined) {
    return [];
  }
  return [retention === UNKNOWN
    ? notDecided(bucket, `Whether ${logs} can be delivered depends on whether the bucket has a default retention, which is not known before deployment.`)
    : found(bucket, `The bucket receives ${logs}, and has a default retention: none are delivered to it.`, "Remove 'DefaultRetention'; keep the logs by a lifecycle rule, and from deletion by versioning.")];
}
