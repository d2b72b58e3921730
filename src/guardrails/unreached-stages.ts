import { Aspects, Stack, Stage } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { GuardedBucket } from './guarded-bucket';
import type { Guardrail } from './guardrail';
import { isRaw } from './raw-resource';
import { isAcknowledged, warn, warningId, writeWarnings } from '../warning';

/** How a guardrail is called. */
interface Called {
  readonly name: string;
  readonly id: string;
  readonly warningName: string;

  /** Whether it says anything about a bucket. */
  readonly concerns: (bucket: GuardedBucket) => boolean;
}

/**
 * Warns of the stages directly below a construct that an aspect of the construct does not reach: a stage is synthesized by itself, before the app
 * around it. It is synthesized once more where there is something to warn of, because the warnings of its stacks are written with it, and those of
 * an app belong to no stack: the CDK CLI prints them nowhere.
 */
export function warnOfStages(node: IConstruct, guardrail: Called): void {
  const stages = node.node.children.filter(Stage.isStage).flatMap((stage) => stage.node.findAll().filter(Stage.isStage));
  for (const stage of stages) {
    const unguarded = bucketsOf(stage).filter((bucket) => guardrail.concerns(GuardedBucket.of(bucket)) && !isReached(bucket, stage, guardrail));
    if (unguarded.length > 0) {
      const [first] = unguarded;
      const paths = unguarded.map((bucket) => `'${GuardedBucket.of(bucket).site.node.path}'`).join(', ');
      warn(Stack.of(first), guardrail.warningName, `${guardrail.name} is not enforced on ${paths} in the stage '${stage.node.path}': aspects do not reach into stages. Add it there, too: Aspects.of(stage).add(…).`);
      writeWarnings(stage);
    }
  }
}

function bucketsOf(stage: Stage): s3.CfnBucket[] {
  return stage.node.findAll().filter(s3.CfnBucket.isCfnBucket).filter((bucket) => !isRaw(bucket) && Stage.of(bucket) === stage);
}

/** Whether a bucket has a guardrail of that name, gets it as an aspect inside its stage, which then says by itself what it cannot enforce, or does without on purpose. */
function isReached(bucket: s3.CfnBucket, stage: Stage, { name, id, warningName }: Called): boolean {
  const isSame = (other: unknown) => (other as Partial<Guardrail>).name === name;
  const scopes = bucket.node.scopes.slice(stage.node.scopes.length - 1);
  return GuardedBucket.of(bucket).guardrails.some(isSame)
    || scopes.some((scope) => Aspects.of(scope).all.some(isSame))
    || isAcknowledged(bucket, id) || isAcknowledged(bucket, warningId(warningName));
}
