import { Aspects, CfnElement, CfnResource, IAspect, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { accessWithoutKey, IDENTITY_POLICY_TYPES } from './access-without-key';
import { bucketOf, InjectedBucket, takeNew } from './injected-bucket';
import { SENDER_TYPES, SentLogs, sentLogs } from './log-receivers';
import { mentions, ReadResource, readResource, refersTo } from './named-references';
import { letServicesUse, writerWithoutKey } from './service-key-use';
import { injectedKey, removeKey, takeKeyBack, unusedKey } from './sse-s3';
import { Refusal } from '../../refusal';
import { warn } from '../../warning';

const SETTLED = new WeakSet<IConstruct>();

/** Has the buckets of a stage settled at synthesis, when all that uses them is there. */
export function settleAtSynthesis(stage: IConstruct): void {
  if (!SETTLED.has(stage)) {
    SETTLED.add(stage);
    Aspects.of(stage).add(new SettleDefaults(stage));
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
    const made = takeNew(this.stage).flatMap((injected) => bucketOf(injected) ? [{ injected, bucket: bucketOf(injected)! }] : []);
    if (made.length > 0) {
      const deployed = new DeployedAround(this.stage);
      made.forEach(({ injected, bucket }) => settle(injected, bucket, deployed));
      made.filter(({ bucket }) => unusedKey(bucket)).forEach(({ bucket }) => removeUnusedKey(bucket, this.stage));
    }
  }
}

/** What is deployed with the buckets of a stage, read when it is asked for. */
class DeployedAround {
  private readonly resources: CfnResource[];
  private readonly read = new Map<CfnResource, ReadResource | undefined>();

  constructor(stage: IConstruct) {
    this.resources = stage.node.findAll().filter(CfnResource.isCfnResource);
  }

  public ofTypes(types: readonly string[]): ReadResource[] {
    return this.resources.filter(({ cfnResourceType }) => types.includes(cfnResourceType)).flatMap((resource) => this.reading(resource) ?? []);
  }

  public reading(resource: CfnResource): ReadResource | undefined {
    if (!this.read.has(resource)) {
      this.read.set(resource, readResource(resource));
    }
    return this.read.get(resource);
  }
}

function settle(injected: InjectedBucket, bucket: s3.Bucket, deployed: DeployedAround): void {
  const received = logsTo(bucket, deployed);
  const key = injectedKey(bucket);
  const broken = key && received.length === 0 ? whatWouldBreak(bucket, key as kms.Key, deployed) : undefined;
  if (key && (received.length > 0 || broken)) {
    takeKeyBack(bucket);
  } else if (key) {
    letServicesUse(key as kms.Key, bucket, keyPolicyOf(key as kms.Key, deployed));
  }
  warnOf(bucket, 'leftOnSseS3', [broken ?? injected.keepsSseS3 ?? []].flat());
  warnOf(bucket, 'notHardened', injected.weakenings(neededProps(received)));
}

/** The logs that arrive in a bucket. */
function logsTo(bucket: s3.Bucket, deployed: DeployedAround): SentLogs[] {
  const resource = bucket.node.defaultChild as s3.CfnBucket;
  const name = resource.bucketName;
  const isIt = (destination: unknown) => mentions(destination, resource)
    || (name !== undefined && !Token.isUnresolved(name) && (destination === name || String(destination).startsWith(`${name}.s3.`)));
  return deployed.ofTypes(SENDER_TYPES).flatMap((sender) => (sender.resource === resource ? [] : sentLogs(sender).filter(({ destination }) => isIt(destination))));
}

/** Log buckets are encrypted with SSE-S3, need no logs of their own, and keep the ACLs that CloudFront needs. */
function neededProps(received: readonly SentLogs[]): (keyof s3.BucketProps)[] {
  return received.length === 0 ? [] : ['encryption', 'serverAccessLogsBucket', ...(received.some(({ needsAcls }) => needsAcls) ? ['objectOwnership', 'accessControl'] as const : [])];
}

function whatWouldBreak(bucket: s3.Bucket, key: kms.Key, deployed: DeployedAround): Refusal | undefined {
  const service = writerWithoutKey(bucket);
  if (service) {
    return leftOnSseS3(`its policy lets '${service}' write, which it cannot with a key of the bucket's own`, service.startsWith('cloudtrail')
      ? "Pass the same key as 'encryptionKey' to the bucket and to the trail."
      : 'Make it an AccessLogBucket, if it is there for logs.');
  }
  const policy = bucket.policy?.node.defaultChild as CfnResource | undefined;
  const access = accessWithoutKey(bucket, key, keyPolicyOf(key, deployed), policy && deployed.reading(policy), deployed.ofTypes(IDENTITY_POLICY_TYPES));
  return access && leftOnSseS3(`'${access.site.node.path}' gives access to its objects and not to a key`, access.isOriginAccessIdentity
    ? 'CloudFront reads objects that are encrypted with KMS by origin access control (S3BucketOrigin.withOriginAccessControl, OacDistribution), not by an origin access identity.'
    : "Use the grants of the bucket ('grantRead' and its like), which give both; or pass 'encryption' to say what it shall be.");
}

/** What is said of a bucket that is left without a key. */
export function leftOnSseS3(reason: string, remedy: string): Refusal {
  return { problem: `SecureBucketDefaults leaves this bucket on SSE-S3: ${reason}.`, remedy };
}

function keyPolicyOf(key: kms.Key, deployed: DeployedAround): any[] {
  return [deployed.reading(key.node.defaultChild as CfnResource)?.properties.KeyPolicy?.Statement ?? []].flat();
}

function warnOf(bucket: s3.Bucket, name: string, problems: readonly Refusal[]): void {
  if (problems.length > 0) {
    warn(bucket, name, problems.map(({ problem, remedy }) => `${problem} ${remedy}`).join(' '));
  }
}

/** A key that was taken back goes, unless somebody refers to it. */
function removeUnusedKey(bucket: s3.Bucket, stage: IConstruct): void {
  const key = unusedKey(bucket)!;
  const own = new Set<IConstruct>(key.node.findAll());
  const others = stage.node.findAll().filter((construct) => CfnElement.isCfnElement(construct) && !own.has(construct));
  if (!others.some((element) => refersTo(element as CfnElement, key.node.defaultChild!))) {
    removeKey(bucket);
  }
}
