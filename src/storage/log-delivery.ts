import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { BucketPolicies } from '../guardrails/bucket-policies';
import { deployedResource, hasOverrides } from '../guardrails/deployed-resource';
import { possibleStatements } from '../guardrails/deployed-statements';
import { accountValueIn, evaluable, KnownReferences } from '../guardrails/evaluable-statement';
import { statementsOf } from '../guardrails/policy-document';
import { canonical } from '../guardrails/template-values';
import { contextOf } from '../policy/context';
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
  const denies = policies.of(destination).flatMap(({ resource }) => deniesIn(resource, referencesIn(destination.stack), kept));
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

/** What references to the buckets of a stack stand for. */
function referencesIn(stack: Stack): KnownReferences {
  const buckets = stack.node.findAll().filter(s3.CfnBucket.isCfnBucket).filter((bucket) => bucket.stack === stack);
  return new Map(buckets.flatMap((bucket): [string, string][] => {
    const logicalId = stack.resolve(bucket.logicalId);
    return [[canonical({ Ref: logicalId }), nameOf(bucket)], [canonical({ 'Fn::GetAtt': [logicalId, 'Arn'] }), arnOf(bucket)]];
  }));
}

function arnOf(bucket: s3.CfnBucket): string {
  return `arn:aws:s3:::${nameOf(bucket)}`;
}

function nameOf({ bucketName, node }: s3.CfnBucket): string {
  return bucketName === undefined || Token.isUnresolved(bucketName) ? unknownText(node.addr) : bucketName;
}

/** In no request by which S3 delivers logs: it comes from no network of anybody's, belongs to no organization, and leaves the encryption to the bucket. */
const ABSENT = /^(?:s3:x-amz-server-side-encryption.*|aws:sourcevpce?|aws:sourcevpcarn|aws:vpcsourceip|aws:vpce.*|aws:principalorgid|aws:principalorgpaths|aws:username)$/;

function deliveryOf({ bucket, arn }: LogSource, destination: s3.CfnBucket, { conditions }: Statement): PolicyRequest {
  const source = bucket.node.defaultChild;
  const isKnown = s3.CfnBucket.isCfnBucket(source) && (source.stack === destination.stack || !/[*?]/.test(arn));
  const keys = conditions.map(({ key }) => key).filter((key) => !ABSENT.test(key));
  return {
    principal: { kind: 'service', service: LOG_SERVICE },
    action: 's3:PutObject',
    resource: `${arnOf(destination)}/${prefixOf(source)}2026-01-15-12-00-00-0123456789ABCDEF`,
    context: contextOf({
      ...Object.fromEntries(keys.map((key) => [key, UNDETERMINED])),
      'aws:securetransport': 'true',
      'aws:principalisawsservice': 'true',
      'aws:principalservicename': LOG_SERVICE,
      'aws:viaawsservice': 'false',
      'aws:sourceaccount': accountValueIn(destination.stack),
      'aws:sourcearn': isKnown ? arnOf(source) : UNDETERMINED,
    }),
  };
}

function prefixOf(source: unknown): string {
  const { logFilePrefix } = ((s3.CfnBucket.isCfnBucket(source) ? source.loggingConfiguration : undefined) ?? {}) as s3.CfnBucket.LoggingConfigurationProperty;
  return logFilePrefix === undefined ? '' : Token.isUnresolved(logFilePrefix) ? unknownText('prefix') : logFilePrefix;
}
