import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { arnAsSeenBy, referencesIn, sourceArnAsSeenBy, standInName } from './delivery-request';
import { serviceUpload } from '../guarantees/service-uploads';
import { BucketPolicies } from '../guardrails/bucket-policies';
import { deployedResource, hasOverrides } from '../guardrails/deployed-resource';
import { possibleStatements } from '../guardrails/deployed-statements';
import { accountValueIn, evaluable, KnownReferences } from '../guardrails/evaluable-statement';
import { statementsOf } from '../guardrails/policy-document';
import { Statement } from '../policy/document';
import { applies } from '../policy/evaluate';
import { PolicyRequest } from '../policy/request';
import { UNDETERMINED, unknownText } from '../policy/unknown-text';
import { Refusal } from '../refusal';

export const LOG_SERVICE = 'logging.s3.amazonaws.com';

/** A bucket whose access is logged. */
export interface LogSource {
  readonly bucket: s3.IBucket;

  /** The ARN by which the destination's policy knows it; it may have wildcards. */
  readonly arn: string;
}

/**
 * The denies in the policy of a bucket that stop S3 from delivering access logs there, once the app is complete.
 *
 * @param kept denies that are known to let the delivery through
 */
export function stoppedDeliveries(destination: s3.CfnBucket, policies: BucketPolicies, sources: readonly LogSource[], kept: readonly iam.PolicyStatement[]): Refusal[] {
  const written = policies.of(destination).map(({ resource }) => resource).filter(CfnResource.isCfnResource);
  const denies = written.flatMap((resource) => deniesIn(resource, referencesIn(destination.stack, standInName), kept));
  return denies.flatMap((deny) => {
    const stopped = sources.find((source) => applies(deny, deliveryOf(source, destination, deny)) === true);
    return stopped === undefined ? [] : [{
      problem: `the statement '${deny.sid ?? '(without a Sid)'}' of its policy stops the delivery of the access logs of '${stopped.bucket.node.path}'.`,
      remedy: `Let ${LOG_SERVICE} through: it signs as an AWS service ('aws:PrincipalIsAWSService' is true), for the account of the bucket, and sends no encryption headers.`,
    }];
  });
}

function deniesIn(policy: CfnResource, references: KnownReferences, kept: readonly iam.PolicyStatement[]): Statement[] {
  const written = hasOverrides(policy) ? undefined : statementsOf((policy as Partial<s3.CfnBucketPolicy>).policyDocument);
  if (written?.every((statement) => statement.effect === iam.Effect.ALLOW || kept.includes(statement))) {
    return []; // nothing has to be rendered
  }
  const statements = possibleStatements(deployedResource(policy).Properties.PolicyDocument, Stack.of(policy)) ?? [];
  return statements.filter(({ Effect }) => Effect === 'Deny').flatMap((statement) => evaluable(statement, Stack.of(policy), references) ?? []);
}

function deliveryOf({ bucket, arn }: LogSource, destination: s3.CfnBucket, statement: Statement): PolicyRequest {
  const source = bucket.node.defaultChild;
  const [account, { region }] = [accountValueIn(destination.stack), destination.stack];
  const isKnown = s3.CfnBucket.isCfnBucket(source) && (source.stack === destination.stack || !/[*?]/.test(arn));
  return serviceUpload(LOG_SERVICE, `${arnAsSeenBy(statement, destination)}/${prefixOf(source)}2026-01-15-12-00-00-0123456789ABCDEF`, {
    'aws:sourceaccount': account,
    'aws:resourceaccount': account,
    's3:resourceaccount': account,
    ...(Token.isUnresolved(region) ? {} : { 'aws:requestedregion': region }),
    'aws:sourcearn': isKnown ? sourceArnAsSeenBy(statement, source) : UNDETERMINED,
  }, statement);
}

function prefixOf(source: unknown): string {
  const { logFilePrefix } = ((s3.CfnBucket.isCfnBucket(source) ? source.loggingConfiguration : undefined) ?? {}) as s3.CfnBucket.LoggingConfigurationProperty;
  return logFilePrefix === undefined ? '' : Token.isUnresolved(logFilePrefix) ? unknownText('prefix') : logFilePrefix;
}
