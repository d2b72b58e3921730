import { contextOf } from '../policy/context';
import { cautiousPolicy } from '../policy/document';
import { evaluate } from '../policy/evaluate';
import { DeployedPolicy } from '../template/deployed-policy';
import { DeployedResource } from '../template/deployment';
import { setting } from '../template/settings';

const LOG_WRITERS = /^(?:logging\.s3|logdelivery\.elasticloadbalancing|logdelivery\.elb)\.amazonaws\.com(?:\.cn)?$/;

/** Whether a policy lets services in that write logs, and nothing else, for resources of other templates. */
export function admitsLogWriters({ policy }: DeployedPolicy): boolean {
  return (policy?.statements ?? []).some(({ effect, principal }) => effect === 'Allow' && principal?.members.some(({ kind, text }) => kind === 'Service' && LOG_WRITERS.test(text)));
}

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
