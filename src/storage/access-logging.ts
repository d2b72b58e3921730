import { Stack, Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { AccessLogBucket, deliveryStatement, sourceArn } from './access-log-bucket';
import { injectedKey, takeKeyBack } from './defaults/sse-s3';
import { ENCRYPTED_BY_S3, PRIVATE_BUCKET, unmet } from './guarded-properties';
import { byHand } from '../guardrails/imported-bucket';
import { Refusal } from '../refusal';
import { warn } from '../warning';

/**
 * Sends the bucket's server access logs to the given bucket or the stack's own, under a prefix that names the bucket.
 *
 * The L2 would ask for an ACL on the destination where its feature flag for policies is off; here it is always a policy.
 */
export function logAccess(bucket: s3.Bucket, props: s3.BucketProps): void {
  const destination = props.serverAccessLogsBucket ?? AccessLogBucket._ofStack(bucket);
  takeKeyBack(destination);
  (bucket.node.defaultChild as s3.CfnBucket).loggingConfiguration = {
    destinationBucketName: destination.bucketName,
    logFilePrefix: props.serverAccessLogsPrefix ?? (props.serverAccessLogsBucket ? undefined : `${pathInStack(bucket)}/`),
    targetObjectKeyFormat: props.targetObjectKeyFormat?._render(),
  };
  allowDelivery(bucket, destination);
}

/** Why S3 could not deliver the logs of a bucket to a bucket that is given. */
export function unreachableLogBucket(scope: IConstruct, destination?: s3.IBucket): Refusal[] {
  if (destination === undefined) {
    return [];
  }
  const here = scope.node.scopes.filter(Stack.isStack).at(-1);
  const places = [[destination.env.account, here?.account], [destination.env.region, here?.region]];
  return [
    ...(destination.encryptionKey && !injectedKey(destination) ? [{
      problem: `'serverAccessLogsBucket' is '${destination.node.path}', which is encrypted with KMS, and S3 delivers access logs only to buckets encrypted with SSE-S3.`,
      remedy: 'Leave it out, or pass an AccessLogBucket.',
    }] : []),
    ...places.filter(([there, own]) => own !== undefined && !Token.isUnresolved(there) && !Token.isUnresolved(own) && there !== own).map(([there, own]) => ({
      problem: `'serverAccessLogsBucket' is in ${there}, and the bucket in ${own}.`,
      remedy: 'S3 delivers access logs within one account and Region: leave it out, or pass a bucket of the same.',
    })),
  ].map((problem) => ({ name: 'LogsNotDeliverable', ...problem }));
}

function allowDelivery(bucket: s3.Bucket, destination: s3.IBucket): void {
  if (destination instanceof AccessLogBucket) {
    destination.allowLogDeliveryFrom(bucket);
    return;
  }
  const statement = deliveryStatement(destination, sourceArn(bucket, destination));
  if (!destination.addToResourcePolicy(statement).statementAdded) {
    warn(bucket, 'logDeliveryNotGranted', `the policy of the imported log bucket '${destination.node.path}' cannot be changed here. Make sure that it has this statement:${byHand(bucket, [statement])}`);
    return;
  }
  const missing = unmet(destination.node.defaultChild as s3.CfnBucket, [...PRIVATE_BUCKET, ENCRYPTED_BY_S3]);
  if (missing.length > 0) {
    warn(bucket, 'weakLogDestination', `the log bucket '${destination.node.path}' is less protected than the bucket whose access it records. It does not say that ${missing.map(({ requirement }) => requirement).join(', that ')}. Make it an AccessLogBucket.`);
  }
}

function pathInStack(bucket: s3.Bucket): string {
  return bucket.node.path.slice(Stack.of(bucket).node.path.length).replace(/^\//, '');
}
