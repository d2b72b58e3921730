import { CfnCondition, CfnResource, Duration, Fn, Lazy, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PRIVATE_BUCKET, TAKES_LOGS, weakenedProperties } from './guarded-properties';
import { keepPolicyOf } from './kept-policy';
import { LoadBalancerLogs } from './load-balancer-logs';
import { LOG_SERVICE, LogSource, stoppedDeliveries } from './log-delivery';
import { acknowledgeNagRules, acknowledgeRules } from './nag-acknowledgments';
import { PrivateBucket, privateBucketProps, refuseOtherStatement } from './private-bucket';
import { refuseIf, refuseWeakening } from './refuse-weakening';
import { BucketPolicies } from '../guardrails/bucket-policies';
import { GuardedBucket } from '../guardrails/guarded-bucket';
import { keepStatement } from '../guardrails/kept-statements';
import { RequireTls } from '../guardrails/require-tls';
import { BUCKET, DURATION, refuseOtherThan, required, wrongType } from '../prop-types';
import { Refusal, refuseAll, sentenceOf, underProp } from '../refusal';
import { warn } from '../warning';

const ON_DEMAND_ID = 'SecureBucketAccessLogs';
const MOST_NAMED_SOURCES = 100; // more ARNs than this would crowd the bucket policy's 20,480 bytes
const MOST_STATEMENTS = 25; // of the CDK, which writes one for each source: more would crowd the policy, too

/** Properties of `AccessLogBucket`. Every value of `s3.BucketProps` works, except one that would weaken the bucket. */
export interface AccessLogBucketProps extends s3.BucketProps {
  /**
   * How long access logs are kept.
   *
   * @default - for ever
   */
  readonly retention?: Duration;
}

/**
 * A destination for S3 server access logs, and for the logs of load balancers: private, versioned, over TLS only, retained, and encrypted with
 * SSE-S3, the only encryption that S3 delivers access logs to, and Application and Classic Load Balancers theirs.
 *
 * It is for S3 itself, and for what `logAccessLogs()` and `logConnectionLogs()` of load balancers set up for Application and Network Load Balancers.
 * Other services deliver to buckets with a KMS key: use a `SecureBucket` for them.
 *
 * `SecureBucket` makes one a stack on demand, at the construct path `<stack>/SecureBucketAccessLogs`. Make your own to
 * set its retention, or to collect the logs of several stacks.
 *
 * Guide, Sections 9.2 and 10.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export class AccessLogBucket extends PrivateBucket {
  /**
   * The access log bucket of a stack, made at the first call.
   *
   * @internal
   */
  public static _ofStack(scope: Construct, isForDefaults = false): AccessLogBucket {
    const stack = Stack.of(scope);
    const known = stack.node.tryFindChild(ON_DEMAND_ID) as AccessLogBucket | undefined;
    const bucket = known ?? new AccessLogBucket(stack, ON_DEMAND_ID);
    bucket.isForDefaultsAlone = isForDefaults && (known === undefined || known.isForDefaultsAlone);
    return bucket;
  }

  /** Whether nobody asked for the bucket but SecureBucketDefaults, of which whoever wrote the app need not know. */
  private isForDefaultsAlone = false;
  private loadBalancers?: LoadBalancerLogs;
  private readonly sources: LogSource[] = [];
  private readonly sourcesWithoutStatement = new Set<string>();
  private statementsOfTheCdk = 0;

  /** @throws ValidationError if a prop would weaken the bucket, or S3 could not deliver logs to it */
  constructor(scope: Construct, id: string, props: AccessLogBucketProps = {}) {
    super(scope, id, strictProps(scope, id, props));
    const guarded = GuardedBucket.of(this._cfnBucket);
    guarded.receivesAccessLogs = true;
    this.with(new RequireTls({ minimumTLSVersion: props.minimumTLSVersion }));
    keepPolicyOf(this, props.removalPolicy);
    acknowledgeNagRules(this, {
      accessLogs: 'Receives the access logs of other buckets; logging its own deliveries would never end.',
      kmsEncryption: 'S3 delivers server access logs only to buckets that are encrypted with SSE-S3.',
      replication: props.replicationRules ? undefined : 'Replication of access logs was not asked for.',
    });
    acknowledgeRules(this, ['SecureBucket-AccessLogs', 'SecureBucket-DefaultEncryption'], 'Receives access logs, those of buckets of other apps too: S3 delivers them to SSE-S3 only, and logging its own deliveries would never end.');
    const resource = this._cfnBucket;
    const policies = BucketPolicies.whenComplete(this);
    const { denies } = GuardedBucket.of(resource);
    this.node.addValidation({
      validate: () => this.unlessForDefaults([
        ...weakenedProperties(resource, this.node.path, [...PRIVATE_BUCKET, ...TAKES_LOGS], props.removalPolicy),
        ...stoppedDeliveries(resource, policies(), this.sources, denies).map((problem) => sentenceOf(this.node.path, problem)),
      ]),
    });
  }

  /** An aspect of the app over all buckets was not written for one that nobody wrote: it does not end the synthesis of an app that did well without the defaults. */
  private unlessForDefaults(problems: string[]): string[] {
    if (!this.isForDefaultsAlone || problems.length === 0) {
      return problems;
    }
    warn(this, 'logBucketNotHardened', `SecureBucketDefaults made this bucket for the access logs of the buckets of its stack, and something of the app changes it: ${problems.join(' ')} `
      + "Leave it out of what changes all buckets, or give the buckets a 'serverAccessLogsBucket' of your own.");
    return [];
  }

  /**
   * Lets S3 deliver the access logs of a bucket of the same account and Region here.
   *
   * `SecureBucket` calls it by itself. Delivery is confined by `aws:SourceAccount` and `aws:SourceArn`: to the source
   * bucket if it is of the same stack or its name is known at synthesis; to the buckets of the account otherwise, and
   * if there are more than a hundred sources.
   *
   * @param source the bucket whose access is logged
   * @throws ValidationError if it is not a bucket
   */
  public allowLogDeliveryFrom(source: s3.IBucket): void {
    refuseOtherThan(this, required(BUCKET), source, "the source of 'allowLogDeliveryFrom'");
    refuseAll(this, 'LogsOfItself', source !== this ? [] : [{
      problem: 'it cannot receive its own access logs: each delivery would be an access that is logged.', remedy: 'Leave it out, or log it to another AccessLogBucket.',
    }]);
    this.letSourcesDeliver();
    this.sources.push({ bucket: source, arn: sourceArn(source, this) });
  }

  private letSourcesDeliver(): void {
    if (this.sources.length + this.sourcesWithoutStatement.size === 0) {
      const statement = deliveryStatement(this, Lazy.any({ produce: () => this.confinedSources() }));
      this.addToResourcePolicy(statement);
      keepStatement(this, statement, 'AccessLogBucket');
    }
  }

  /**
   * Adds a statement to the bucket's policy. What the CDK's load balancers write when they are told to log here is confined to load balancers
   * of the same account and Region. Of what the CDK writes for buckets of the stack that log here, one statement each, all but the first 25 stand in one.
   *
   * @throws ValidationError if the statement would give access to everyone, or is none
   */
  public addToResourcePolicy(permission: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    refuseOtherStatement(this, permission);
    const source = sourceWrittenByTheCdk(permission);
    if (source !== undefined && (this.statementsOfTheCdk += 1) > MOST_STATEMENTS) {
      this.letSourcesDeliver();
      this.sourcesWithoutStatement.add(source);
      return { statementAdded: true, policyDependable: this.policy };
    }
    this.loadBalancers ??= new LoadBalancerLogs(this); // the constructor of s3.Bucket may add statements, too
    // The source is a text of its own: the CDK merges statements whose conditions print alike.
    const added = source === undefined ? permission : confinedTo(permission, Lazy.string({ produce: () => this.orNone(source) }));
    const results = this.loadBalancers.confined(added).map((statement) => super.addToResourcePolicy(statement));
    return results[0];
  }

  private confinedSources(): string[] {
    const arns = [...new Set([...this.sources.map(({ arn }) => arn), ...this.sourcesWithoutStatement])];
    return arns.length > MOST_NAMED_SOURCES || arns.includes(anyBucketArn(this)) ? [anyBucketArn(this)] : arns.map((arn) => this.orNone(arn));
  }

  /** The ARN of a source. Where one is made under a condition only, no other bucket stands in for it. */
  private orNone(arn: string): string {
    const condition = conditionOf(arn);
    return condition === undefined ? arn : Fn.conditionIf(condition.logicalId, arn, this.bucketArn).toString();
  }
}

/** The condition under which the bucket of an ARN is made. */
function conditionOf(arn: string): CfnCondition | undefined {
  const [token] = Tokenization.reverseString(arn).tokens;
  return Reference.isReference(token) && CfnResource.isCfnResource(token.target) ? token.target.cfnOptions.condition : undefined;
}

function confinedTo(permission: iam.PolicyStatement, sourceArns: unknown): iam.PolicyStatement {
  const { conditions } = permission;
  return permission.copy({ conditions: { ...conditions, ArnLike: { ...conditions.ArnLike, 'aws:SourceArn': sourceArns } } });
}

/** Lets S3 deliver the access logs of certain buckets of the destination's account. */
export function deliveryStatement(destination: s3.IBucket, sourceArns: unknown): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AllowServerAccessLogDelivery',
    principals: [new iam.ServicePrincipal(LOG_SERVICE)],
    actions: ['s3:PutObject'],
    resources: [destination.arnForObjects('*')],
    conditions: {
      ArnLike: { 'aws:SourceArn': sourceArns },
      StringEquals: { 'aws:SourceAccount': Stack.of(destination).account },
    },
  });
}

/** The source of a statement by which the CDK lets S3 deliver the access logs of one bucket of the same stack. */
function sourceWrittenByTheCdk({ sid, effect, actions, principals: [principal, ...others], conditions }: iam.PolicyStatement): string | undefined {
  const { ArnLike: { 'aws:SourceArn': source } = {} as any, StringEquals: { 'aws:SourceAccount': account } = {} as any } = conditions;
  const isSuch = sid === undefined && effect === iam.Effect.ALLOW && others.length === 0 && principal instanceof iam.ServicePrincipal && principal.service === LOG_SERVICE
    && actions.join() === 's3:PutObject' && Object.keys(conditions).length === 2;
  return isSuch && account !== undefined && typeof source === 'string' ? source : undefined;
}

/** The ARN by which a destination's policy knows a source: naming a bucket of another stack would be a cycle. */
export function sourceArn(source: s3.IBucket, destination: s3.IBucket): string {
  const name = (source.node.defaultChild as s3.CfnBucket | undefined)?.bucketName ?? '';
  if (Stack.of(source) === Stack.of(destination)) {
    return source.bucketArn;
  }
  return name === '' || Token.isUnresolved(name) ? anyBucketArn(destination) : bucketArn(name, destination);
}

function anyBucketArn(scope: Construct | s3.IBucket): string {
  return bucketArn('*', scope);
}

function bucketArn(name: string, scope: Construct | s3.IBucket): string {
  return Stack.of(scope).formatArn({ service: 's3', region: '', account: '', resource: name });
}

function strictProps(scope: Construct, id: string, props: AccessLogBucketProps): s3.BucketProps {
  refuseWeakening(scope, id, props, [
    refuseIf(
      ({ encryption, encryptionKey }) => encryptionKey !== undefined || (encryption !== undefined && encryption !== s3.BucketEncryption.S3_MANAGED),
      "'encryption' other than S3_MANAGED would stop the logs: S3 delivers them only to buckets encrypted with SSE-S3.",
      "Leave 'encryption' and 'encryptionKey' out.",
    ),
    refuseIf(
      ({ objectLockDefaultRetention }) => objectLockDefaultRetention !== undefined,
      "'objectLockDefaultRetention' would stop the logs: S3 does not deliver them to buckets with a default retention.",
      "Leave it out, and set 'retention'.",
    ),
    refuseIf(
      ({ serverAccessLogsBucket, serverAccessLogsPrefix }) => serverAccessLogsBucket !== undefined || serverAccessLogsPrefix !== undefined,
      "'serverAccessLogsBucket' and 'serverAccessLogsPrefix' would log the delivery of logs, without end.",
      'Leave them out; CloudTrail data events tell who reads the logs.',
    ),
  ], ({ retention }) => underProp('retention', unusableRetention(retention)));
  return {
    ...privateBucketProps(props),
    encryption: s3.BucketEncryption.S3_MANAGED,
    lifecycleRules: [...(props.lifecycleRules ?? []), ...lifecycle(props.retention)],
  };
}

/** S3 counts the days that objects are kept. */
function unusableRetention(retention?: Duration): Refusal[] {
  const wrong = wrongType(retention, DURATION);
  if (retention === undefined || wrong.length > 0 || retention.isUnresolved()) {
    return wrong;
  }
  const days = retention.toDays({ integral: false });
  return Number.isInteger(days) && days > 0 ? [] : [{ problem: `logs cannot be kept for ${retention.toHumanString()}.`, remedy: 'Use a duration of whole days, one at least.' }];
}

function lifecycle(retention?: Duration): s3.LifecycleRule[] {
  const cleanUp = { abortIncompleteMultipartUploadAfter: Duration.days(7) };
  return [retention ? { ...cleanUp, expiration: retention, noncurrentVersionExpiration: retention } : cleanUp];
}
