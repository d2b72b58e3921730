import { LogWriter } from './log-deliveries';
import { DELIVERING_ACCOUNTS, principalsIn, serviceCallerOf } from '../aws/services';
import { contextOf } from '../policy/context';
import { cautiousPolicy } from '../policy/document';
import { actionApplies, evaluate } from '../policy/evaluate';
import { DeployedPolicy } from '../template/deployed-policy';
import { DeployedResource } from '../template/deployment';
import { setting } from '../template/settings';

/** Those who write logs, and nothing else, for resources that may stand in other templates. */
export interface AdmittedWriter {
  readonly writer: LogWriter;

  /** The principal, as the policy names it. */
  readonly principal: string;
}

/** Whom policies let in who write logs, and nothing else. */
export function admittedWriters(policies: readonly DeployedPolicy[]): AdmittedWriter[] {
  const allowing = policies.filter(({ mayAllow }) => mayAllow).flatMap(({ policy }) => policy?.statements ?? []).filter((statement) => statement.effect === 'Allow' && actionApplies(statement, { action: 's3:PutObject' }) !== false);
  const members = allowing.flatMap(({ principal }) => (principal && !principal.isInverted ? principal.members : []));
  return members.flatMap(({ kind, text, account }) => {
    const writer = kind === 'Service' ? BY_SERVICE.get(text.replace(/\.cn$/, '')) : account !== undefined && DELIVERING_ACCOUNTS.has(account) ? 'load-balancer' : undefined;
    return writer === undefined ? [] : [{ writer, principal: text }];
  });
}

const LOAD_BALANCER = serviceCallerOf('application-load-balancer-logs');

const BY_SERVICE: ReadonlyMap<string, LogWriter> = new Map([
  ['logging.s3.amazonaws.com', 's3-access-logs'],
  ...principalsIn(LOAD_BALANCER, '').map((service): [string, LogWriter] => [service, 'load-balancer']),
]);

const NAME = /access-?logs?(?![a-z])/;

/**
 * Whether a bucket is made for access logs that no template sends there yet, as an `AccessLogBucket` is: its name says so, it encrypts with SSE-S3, which
 * S3 delivers to alone, and its policy lets nobody in and denies plain HTTP. A name alone shows nothing.
 */
export function isMadeForLogs(bucket: DeployedResource, policies: readonly DeployedPolicy[]): boolean {
  const algorithm = setting(bucket, 'BucketEncryption', 'ServerSideEncryptionConfiguration', 0, 'ServerSideEncryptionByDefault', 'SSEAlgorithm');
  return algorithm === 'AES256' && policies.length === 1 && isNamedForLogs(bucket) && isClosed(policies[0], bucket.reference('Arn')!);
}

function isNamedForLogs(bucket: DeployedResource): boolean {
  const name = setting(bucket, 'BucketName');
  const names = [bucket.logicalId, ...bucket.path.split('/'), ...(typeof name === 'string' ? [name] : [])];
  return names.map((text) => text.replace(/[a-z](?=[A-Z])/g, '$&-').toLowerCase()).some((text) => NAME.test(text));
}

function isClosed({ policy }: DeployedPolicy, arn: string): boolean {
  const overHttp = (action: string, resource: string) => ({ principal: { kind: 'anonymous' as const }, action, resource, context: contextOf({ 'aws:SecureTransport': 'false' }) });
  return policy !== undefined && policy.statements.every(({ effect }) => effect === 'Deny')
    && [overHttp('s3:ListBucket', arn), overHttp('s3:GetObject', `${arn}/any/object`)].every((request) => evaluate(cautiousPolicy(policy), request).outcome === 'denied');
}
