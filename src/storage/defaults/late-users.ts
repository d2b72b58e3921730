import { Aspects, IAspect, Stage } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { accessWithoutKey } from './access-without-key';
import { cutOff, leftOnSseS3, usedByUnknown, WithoutKey } from './cut-off';
import { isForSseS3 } from './log-receivers';
import { NamesInPolicies } from './names-in-policies';
import { injectedKey } from './sse-s3';
import { DeployedAround, Surroundings } from './surroundings';
import { warn, writeWarnings } from '../../warning';

/** The buckets of an app's stages that were given a key when their stage was synthesized. */
const KEYED = new WeakMap<IConstruct, Set<s3.Bucket>>();

/** Has the app look once more at a bucket of a stage, whose template is written before the app around it is complete. */
export function watchForLateUsers(bucket: s3.Bucket): void {
  KEYED.set(bucket.node.root, (KEYED.get(bucket.node.root) ?? new Set()).add(bucket));
}

/** Warns, when the app is synthesized, of those whom the keys of buckets in its stages cut off. */
class WarnOfLateUsers implements IAspect {
  public visit(node: IConstruct): void {
    const buckets = node === node.node.root ? [...KEYED.get(node) ?? []] : [];
    if (buckets.length > 0) {
      const around = new Surroundings(node);
      const warned = buckets.filter((bucket) => warnOf(bucket, whyCutOff(bucket, around)));
      new Set(warned.map((bucket) => Stage.of(bucket)!)).forEach(writeWarnings);
    }
  }
}

/** Has an app look at the buckets of its stages. */
export function lookForLateUsers(root: IConstruct): void {
  if (!KEYED.has(root)) {
    KEYED.set(root, new Set());
    Aspects.of(root).add(new WarnOfLateUsers());
  }
}

function whyCutOff(bucket: s3.Bucket, around: Surroundings): WithoutKey | undefined {
  const [key, deployed] = [injectedKey(bucket), around.of(bucket)];
  const log = deployed.deliveriesTo(bucket).find(({ row }) => isForSseS3(row));
  if (log) {
    return leftOnSseS3(`'${log.sender.node.path}' has logs delivered to it, which need SSE-S3`, 'Make it an AccessLogBucket.');
  }
  return key && whoWouldBeCutOff(bucket, key, deployed);
}

/** Whom a key of the bucket's own would stop, or might. */
export function whoWouldBeCutOff(bucket: s3.Bucket, key: kms.Key, deployed: DeployedAround): WithoutKey | undefined {
  const unknown = deployed.unknownUsers.of(new NamesInPolicies(bucket));
  return cutOff(accessWithoutKey(bucket, key, deployed), bucket.stack) ?? (unknown && usedByUnknown(unknown));
}

function warnOf(bucket: s3.Bucket, why: WithoutKey | undefined): boolean {
  if (why) {
    const stage = Stage.of(bucket)!.node.path;
    warn(bucket, 'keyCutsOff', `SecureBucketDefaults gave this bucket a key when its stage '${stage}' was synthesized, before all that uses it was made: ${why.reason}. `
      + `Make what uses it before the stage is synthesized ('addStage' of a pipeline does that), and the bucket keeps SSE-S3. ${why.remedy}`);
  }
  return why !== undefined;
}
