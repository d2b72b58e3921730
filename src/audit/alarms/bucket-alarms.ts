import { Aspects, AspectPriority, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct, IConstruct } from 'constructs';
import { isUnheard, letAlarmsIn, makeTopic, unreachable } from './alarm-topic';
import { CalledFor, CallPattern, callPatterns, LONGEST_PATTERN } from './event-patterns';
import { trailsOfElsewhere, unrecordedServices } from './management-events';
import { BUCKET_CALLS, KEY_CALLS, TRAIL_CALLS, WeakeningCalls } from '../../aws/weakening-calls';
import { deployedResource, displaced, REMOVE_CHANGE } from '../../guardrails/deployed-resource';
import { executionRoleArn } from '../../guardrails/deployment-principals';
import { canonical } from '../../guardrails/template-values';
import { BUCKET, having, listOf, notEmpty, refuseWrongProps, required } from '../../prop-types';
import { Refusal, refuseAll, sentenceOf } from '../../refusal';
import { keyBehindAlias } from '../../storage/encryption-key';
import { warn } from '../../warning';
import { Coverage, Observer, uncovered, undecidedCoverage } from '../coverage';

/** Where alarms are published to, and whose calls raise none. */
export interface AlarmsOptions {
  /**
   * Where alarms are published to: a standard topic of the account and the Region of the alarms.
   *
   * @default - a topic that is encrypted with a key of its own, and takes messages over TLS only
   */
  readonly topic?: sns.ITopic;

  /**
   * Roles whose calls raise no alarm, such as that of a pipeline that changes buckets without CloudFormation.
   *
   * @default - none but the roles with which CloudFormation deploys the stacks of the alarms, the buckets, and their keys
   */
  readonly deployRoles?: iam.IRole[];
}

/** Properties of `BucketAlarms`. */
export interface BucketAlarmsProps extends AlarmsOptions {
  /** The buckets that are watched, with their keys. They are of the account and the Region of the alarms. */
  readonly buckets: s3.IBucket[];
}

const PROPS = {
  buckets: required(notEmpty(listOf('buckets', BUCKET))),
  topic: having('an SNS topic', 'topicArn', 'node'),
  deployRoles: listOf('roles', having('a role', 'roleArn')),
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html */
const ALARMS: Observer = {
  who: 'EventBridge',
  does: 'sees what happens in',
  otherAccount: 'Make BucketAlarms in the account of the bucket.',
  otherRegion: 'Make BucketAlarms in a stack of the Region of the bucket.',
};

/**
 * Tells a topic when somebody changes what protects buckets, or tries to: public access block, policy, ownership, ACL, encryption, versioning, Object Lock,
 * replication, logging, lifecycle; when their keys are disabled, scheduled for deletion, or get another policy; when a trail of the account, whose home Region this is, is
 * stopped or records something else. What CloudFormation changes as it deploys raises no alarm.
 *
 * A message says what was called, for which bucket, by whom, and whether it was denied. It needs a trail that records management events.
 *
 * ```ts
 * const alarms = new BucketAlarms(this, 'Alarms', { buckets: [orders] });
 * alarms.topic.addSubscription(new subscriptions.EmailSubscription('security@example.com'));
 * ```
 */
export class BucketAlarms extends Construct {
  /** Where alarms are published to. */
  public readonly topic: sns.ITopic;

  /** @throws ValidationError if no alarm could come of a bucket, or none could reach the topic */
  constructor(scope: Construct, id: string, props: BucketAlarmsProps) {
    refuseWrongProps(scope, id, props, PROPS);
    super(scope, id);
    const buckets = [...new Set(props.buckets)];
    this.refuseUnseen(buckets);
    refuseAll(this, 'UnreachableTopic', props.topic ? unreachable(this, props.topic) : []);

    this.topic = props.topic ?? makeTopic(this);
    letAlarmsIn(this, this.topic);
    const keys = this.keysOf(buckets);
    const roleArns = this.exceptedRoles([...buckets, ...keys], props.deployRoles ?? []);
    this.watch('BucketChanges', BUCKET_CALLS, roleArns, { what: 'bucket', names: buckets.map(({ bucketName }) => bucketName) });
    this.watch('KeyChanges', KEY_CALLS, roleArns, { what: 'key', names: [...new Set(keys.map(({ keyArn }) => keyArn))] });
    this.watch('TrailChanges', TRAIL_CALLS, roleArns);
    const settle = () => {
      this.warnOfUnrecorded(keys.length > 0);
      this.warnOfUnwatchedTrails();
      this.warnOfUnheard();
    };
    Aspects.of(this).add({ visit: (node) => (node === this ? settle() : undefined) }, { priority: AspectPriority.READONLY });
  }

  private refuseUnseen(buckets: readonly s3.IBucket[]): void {
    const { account, region } = Stack.of(this);
    const coverage: Coverage = { account, region, isMultiRegion: false, isOfOrganization: false };
    refuseAll(this, 'NotSeen', uncovered(buckets, coverage, ALARMS));
    undecidedCoverage(buckets, coverage, ALARMS).forEach((text) => warn(this, 'alarmCoverageNotDecided', text));
  }

  /** The customer managed keys of buckets whose changes EventBridge sees here. What is not watched is said. */
  private keysOf(buckets: readonly s3.IBucket[]): kms.IKey[] {
    return buckets.flatMap((bucket) => {
      const key = keyBehindAlias(bucket.encryptionKey) ?? bucket.encryptionKey;
      const reason = key ? this.unwatchable(key) : unknownKey(bucket);
      if (reason) {
        warn(this, 'keyNotWatched', `the key of the bucket '${bucket.node.path}' is not watched: ${reason}`);
      }
      return key && !reason ? [key] : [];
    });
  }

  private unwatchable({ keyArn, env }: kms.IKey): string | undefined {
    const { account, region } = Stack.of(this);
    if (/:alias\//.test(keyArn)) {
      return 'it is known by an alias only, and records name the key itself. Import it with Key.fromKeyArn.';
    }
    const isElsewhere = [[env.account, account], [env.region, region]].some(([one, another]) => one !== another);
    return isElsewhere ? 'it is not known to be of the account and the Region of the alarms. Make alarms for it there.' : undefined;
  }

  /** The roles with which CloudFormation deploys what is watched, and those given. */
  private exceptedRoles(watched: readonly IConstruct[], deployRoles: readonly iam.IRole[]): string[] {
    const stacks = [...new Set([this, ...watched].map((construct) => Stack.of(construct)))].filter(({ account }) => account === Stack.of(this).account);
    return [...new Set([...stacks.flatMap((stack) => executionRoleArn(stack) ?? []), ...deployRoles.map(({ roleArn }) => roleArn)])];
  }

  private watch(id: string, calls: WeakeningCalls, roleArns: readonly string[], calledFor?: CalledFor): void {
    const patterns = callPatterns(calls, roleArns, calledFor);
    refuseAll(this, 'PatternTooLong', patterns ? [] : [{
      problem: `the ARNs of ${roleArns.length} roles that raise no alarm do not fit into an event pattern, which has ${LONGEST_PATTERN} characters at most.`,
      remedy: "Name fewer 'deployRoles'.",
    }]);
    patterns!.forEach((pattern, at) => {
      const rule = new events.Rule(this, at === 0 ? id : `${id}${at + 1}`, { eventPattern: pattern, description: descriptionOf(calls) });
      rule.addTarget({ bind: () => ({ arn: this.topic.topicArn, input: messageOf(calledFor) }) });
      this.node.addValidation({ validate: () => this.problemsOf(rule, pattern).map((problem) => sentenceOf(this.node.path, problem)) });
    });
  }

  /** What keeps a rule from raising alarms, once the app is complete. */
  private problemsOf(rule: events.Rule, pattern: CallPattern): Refusal[] {
    const resource = rule.node.defaultChild as events.CfnRule;
    const deployed = deployedResource(resource);
    const gone = displaced(resource, events.CfnRule.CFN_RESOURCE_TYPE_NAME, deployed);
    if (gone) {
      return [gone];
    }
    const { EventPattern: written, State: state, Targets: targets = [], EventBusName: bus } = deployed.Properties;
    const isSame = (one: unknown, another: unknown) => canonical(Stack.of(rule).resolve(one)) === canonical(another);
    const { detailType, ...fields } = pattern;
    const raises = isSame({ ...fields, 'detail-type': detailType }, written) && state === 'ENABLED' && (bus === undefined || bus === 'default')
      && Array.isArray(targets) && targets.some(({ Arn }) => isSame(this.topic.topicArn, Arn));
    return raises ? [] : [{ problem: `the rule '${rule.node.path}' raises no alarm, or others, in the synthesized template.`, remedy: REMOVE_CHANGE }];
  }

  private warnOfUnwatchedTrails(): void {
    trailsOfElsewhere(Stack.of(this)).forEach((path) => warn(this, 'trailNotWatched',
      `the trail '${path}', on which these alarms depend, is of another account or Region, and only alarms there see that it is stopped. Make BucketAlarms there, too.`));
  }

  private warnOfUnheard(): void {
    if (isUnheard(this.topic)) {
      warn(this, 'alarmsNotSubscribed', `nothing in this app subscribes to the topic '${this.topic.node.path}', so that nobody hears an alarm. Subscribe with 'alarms.topic.addSubscription', or acknowledge this if somebody else does.`);
    }
  }

  private warnOfUnrecorded(hasKeys: boolean): void {
    const watched = [BUCKET_CALLS, ...(hasKeys ? [KEY_CALLS] : []), TRAIL_CALLS].map(({ eventSource }) => eventSource);
    const unrecorded = unrecordedServices(Stack.of(this), watched);
    if (unrecorded.length > 0) {
      warn(this, 'alarmsNeedTrail', `no trail of this app is known to record what ${unrecorded.join(', ')} are called for in this account and Region, and EventBridge sees only what a trail records.`
        + ' Make sure that one records the management events that write, then acknowledge this; or make one, such as with BucketDataEvents.');
    }
  }
}

function unknownKey(bucket: s3.IBucket): string | undefined {
  return s3.CfnBucket.isCfnBucket(bucket.node.defaultChild) ? undefined : "how it is encrypted is not known. If it is with a customer managed key, import the bucket with its 'encryptionKey'.";
}

function descriptionOf({ eventSource, eventNames }: WeakeningCalls): string {
  return `Calls to ${eventSource} that can weaken what protects buckets: ${eventNames.join(', ')}`.slice(0, LONGEST_DESCRIPTION);
}

const LONGEST_DESCRIPTION = 512; // characters, https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html

/** What a message says. A field that a record lacks is left empty. */
function messageOf(calledFor?: CalledFor): events.RuleTargetInput {
  const field = (path: string) => events.EventField.fromPath(`$.detail.${path}`);
  const subject = { bucket: ` the bucket ${field('requestParameters.bucketName')}`, key: ` the key ${field('resources[0].ARN')}`, trail: ` the trail ${field('requestParameters.name')}${field('requestParameters.trailName')}` };
  return events.RuleTargetInput.fromMultilineText([
    `${field('eventName')} was called for${subject[calledFor?.what ?? 'trail']} (account ${field('recipientAccountId')}, Region ${field('awsRegion')}).`,
    `By: ${field('userIdentity.type')} ${field('userIdentity.arn')} ${field('userIdentity.invokedBy')}, from ${field('sourceIPAddress')}, at ${field('eventTime')}.`,
    `Error, empty if it succeeded: ${field('errorCode')}`,
    `CloudTrail event: ${field('eventID')}`,
  ].join('\n'));
}
