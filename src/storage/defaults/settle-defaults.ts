import { Aspects, CfnCondition, CfnElement, CfnResource, IAspect, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { leftOnSseS3 } from './cut-off';
import { otherEncryptionDemanded } from './demanded-encryption';
import { expiryThatKeepsVersions } from './expiry';
import { bucketOf, InjectedBucket, takeNew, whyLeft } from './injected-bucket';
import { lookForLateUsers, watchForLateUsers, whoWouldBeCutOff } from './late-users';
import { isForSseS3, ReceivedDelivery } from './log-receivers';
import { refersTo } from './named-references';
import { joinPolicies, leaveRoom } from './policy-elsewhere';
import { letServicesUse, writerWithoutKey } from './service-key-use';
import { injectedKey, removeKey, rotateKeyMadeFor, takeKeyBack, unusedKey } from './sse-s3';
import { DeployedAround, Surroundings } from './surroundings';
import { withUnmergedPolicies } from './unmerged-policies';
import { writtenAcl, yieldToAcl } from './written-acl';
import { declaredDependencies } from '../../dependencies';
import { Refusal } from '../../refusal';
import { warn, warningId } from '../../warning';
import { acknowledgeRules } from '../nag-acknowledgments';
import { statementsIn } from '../own-key';

const SETTLED = new WeakSet<IConstruct>();

/** Has the buckets of a stage settled at synthesis, when all that uses them is there. */
export function settleAtSynthesis(stage: IConstruct): void {
  if (!SETTLED.has(stage)) {
    SETTLED.add(stage);
    Aspects.of(stage).add(new SettleDefaults(stage));
    if (stage !== stage.node.root) {
      lookForLateUsers(stage.node.root);
    }
  }
}

/**
 * Looks at the buckets with injected props once the app is complete: a bucket that would break others is left as it is, services
 * that work with a bucket may use its key, and what a bucket says by itself is reported.
 *
 * The stage itself is visited before its buckets, so that other aspects find them settled.
 */
class SettleDefaults implements IAspect {
  constructor(private readonly stage: IConstruct) {}

  public visit(node: IConstruct): void {
    if (node !== this.stage && !s3.CfnBucket.isCfnBucket(node)) {
      return;
    }
    const made = new Map(takeNew(this.stage).map((injected) => [bucketOf(injected), injected]));
    made.delete(undefined);
    if (made.size > 0) {
      withUnmergedPolicies(this.stage.node.root, () => {
        const around = new Surroundings(this.stage);
        made.forEach((injected, bucket) => settle(injected, bucket!, around.of(bucket!)));
        made.forEach((_, bucket) => removeUnusedKey(bucket!, this.stage));
      });
    }
  }
}

function settle(injected: InjectedBucket, bucket: s3.Bucket, deployed: DeployedAround): void {
  const acl = writtenAcl(bucket);
  if (acl !== undefined) {
    yieldToAcl(bucket, injected, acl);
  }
  const keepsSseS3 = whyLeft(bucket) ?? (acl === undefined ? injected.keepsSseS3 : injected.keepsSseS3With(acl));
  const received = deployed.deliveriesTo(bucket);
  const logs = received.filter(({ row }) => isForSseS3(row));
  rotateKeyMadeFor(bucket);
  const key = injectedKey(bucket);
  const broken = key && logs.length === 0 ? keepsSseS3 ?? whatWouldBreak(bucket, key, received, deployed) : undefined;
  if (key && (logs.length > 0 || broken)) {
    takeKeyBack(bucket);
  } else if (key) {
    letServicesUse(key, bucket, received);
  }
  shareCondition(bucket);
  if (injectedKey(bucket) && Stage.of(bucket) !== bucket.node.root) {
    watchForLateUsers(bucket);
  }
  const why = broken ?? keepsSseS3;
  if (logs.length > 0) {
    acknowledgeSseS3(bucket, 'Receives logs, which AWS delivers to SSE-S3.');
  } else if (why) {
    warnOf(bucket, 'leftOnSseS3', [why]);
    acknowledgeSseS3(bucket, `Said by '${warningId('leftOnSseS3')}'.`);
  } else if (injected.choosesWeakEncryption) {
    acknowledgeSseS3(bucket, `Said by '${warningId('notHardened')}'.`);
  }
  const expiry = injected.sets.versions ? expiryThatKeepsVersions(bucket) : undefined;
  warnOf(bucket, 'expiryKeepsVersions', expiry ? [expiry] : []);
  const withoutTls = injected.sets.tls ? joinPolicies(bucket, deployed.bucketPolicies) ?? leaveRoom(bucket) : undefined;
  warnOf(bucket, 'notHardened', [...injected.weakenings(neededProps(logs), acl), ...(withoutTls ? [withoutTls] : [])]);
}

/** Where a bucket is not made, neither are its policy and its key, unless something that is made needs them. */
function shareCondition(bucket: s3.Bucket): void {
  const { cfnOptions: { condition } } = bucket.node.defaultChild as s3.CfnBucket;
  const own = [bucket.policy?.node.defaultChild, injectedKey(bucket)?.node.defaultChild].filter(CfnResource.isCfnResource);
  own.filter((resource) => condition !== undefined && !isWaitedFor(resource, bucket, condition)).forEach(({ cfnOptions }) => { cfnOptions.condition ??= condition; });
}

/**
 * Whether something that is not made under the same condition waits for a resource: CloudFormation would refuse the template. The custom resources
 * that the CDK makes below a bucket do, some by an aspect that has not come yet.
 */
function isWaitedFor(resource: CfnResource, bucket: s3.Bucket, condition: CfnCondition): boolean {
  const others = Stack.of(resource).node.findAll().filter(CfnResource.isCfnResource).filter((other) => other.stack === resource.stack && other.cfnOptions.condition !== condition);
  const isBelow = ({ cfnResourceType, node }: CfnResource) => cfnResourceType.startsWith('Custom::') && node.scopes.includes(bucket);
  return others.some((other) => other !== resource && (isBelow(other) || declaredDependencies(other).includes(resource)));
}

/** What is known of a bucket, its guardrails do not say a second time. */
function acknowledgeSseS3(bucket: s3.Bucket, reason: string): void {
  acknowledgeRules(bucket, [warningId('requireEncryptionNotEnforced')], reason);
}

/** Log buckets are encrypted with SSE-S3, need no logs of their own, and keep the ACLs that CloudFront needs. */
function neededProps(logs: readonly ReceivedDelivery[]): (keyof s3.BucketProps)[] {
  const ofAcls = logs.some(({ row }) => row.demands.acls === 'needed') ? ['objectOwnership', 'accessControl'] as const : [];
  return logs.length === 0 ? [] : ['encryption', 'serverAccessLogsBucket', ...ofAcls];
}

/** Why a key of the bucket's own would stop somebody who uses it today. */
function whatWouldBreak(bucket: s3.Bucket, key: kms.Key, received: readonly ReceivedDelivery[], deployed: DeployedAround): Refusal | undefined {
  const writer = writerWithoutKey(bucket, received);
  if (writer) {
    return leftOnSseS3(`${writer.reason}, which it cannot with a key of the bucket's own`, writer.service.startsWith('cloudtrail')
      ? "Pass the same key as 'encryptionKey' to the bucket and to the trail."
      : 'Make it an AccessLogBucket, if it is there for logs.');
  }
  return otherEncryptionDemanded(deployed.policiesOf(bucket), key) ?? whoWouldBeCutOff(bucket, key, deployed);
}

function warnOf(bucket: s3.Bucket, name: string, problems: readonly Refusal[]): void {
  if (problems.length > 0) {
    warn(bucket, name, problems.map(({ problem, remedy }) => `${problem} ${remedy}`).join(' '));
  }
}

/** A key that was taken back goes, unless somebody refers to it. */
function removeUnusedKey(bucket: s3.Bucket, stage: IConstruct): void {
  const key = unusedKey(bucket);
  if (key === undefined) {
    return;
  }
  const constructs = stage.node.findAll();
  constructs.forEach((construct) => withoutGrants(construct, key));
  const own = new Set<IConstruct>(key.node.findAll());
  const others = constructs.filter((construct) => CfnElement.isCfnElement(construct) && !own.has(construct));
  if (!others.some((element) => refersTo(element as CfnElement, key.node.defaultChild!))) {
    removeKey(bucket);
  }
}

/** Takes out of a policy what grants have written there for a key that nothing encrypts with any more; a policy that says nothing else stays as it is. */
function withoutGrants(construct: IConstruct, { keyArn }: kms.Key): void {
  if (construct instanceof iam.Policy || construct instanceof iam.ManagedPolicy) {
    const statements = statementsIn(construct.document);
    const kept = statements.filter(({ effect, resources }) => effect !== iam.Effect.ALLOW || resources.some((resource) => resource !== keyArn) || resources.length === 0);
    if (kept.length > 0 && kept.length < statements.length) {
      Object.assign(construct.document, { statements: kept });
    }
  }
}
