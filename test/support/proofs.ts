import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { Inventory } from '../../src/access/inventory';
import { synthesizedTemplates } from '../../src/checks/app-templates';
import { GuardedBucket } from '../../src/guardrails/guarded-bucket';
import { prove } from '../../src/proof/prove';
import { deploymentOf } from '../../src/template/deployment-of';
import { resolveValue } from '../../src/template/intrinsics';

/**
 * What every guardrail of a bucket guarantees, and whether the synthesized policy keeps it: one line a guarantee. The app must have
 * been synthesized.
 */
export function guarantees(bucket: s3.IBucket): string[] {
  const { root } = bucket.node;
  const stack = Stack.of(bucket);
  const inventory = new Inventory(deploymentOf(synthesizedTemplates(root)));
  const deployed = inventory.deployment.stack(stack.node.path)!;
  const textsOf = (value: unknown) => [resolveValue(stack.resolve(value), deployed) ?? []].flat().map(String);
  const [bucketArn] = textsOf(bucket.bucketArn);
  const { policies, facts } = inventory.bucketNamed(bucketArn)!;
  const guarded = GuardedBucket.of(bucket.node.defaultChild as IConstruct);
  return guarded.guardrails.flatMap((guardrail) => guardrail._guarantees(guarded, textsOf).map((guarantee) => {
    const [{ policy }] = policies;
    const proof = prove(policy!, guarantee, facts);
    return proof.verdict === 'holds' ? `holds: ${guarantee.sentence}` : `${proof.verdict}: ${guarantee.sentence} ${JSON.stringify(proof)}`;
  }));
}
