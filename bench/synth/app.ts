import { App, Environment, Stack } from 'aws-cdk-lib';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import * as flags from 'aws-cdk-lib/recommended-feature-flags.json';

export const BUCKETS_PER_STACK = 90; // with key and policy each, 270 of the 500 resources that CloudFormation takes in a stack

/** Adds buckets of one kind to a stack. */
export type Kind = (stack: Stack, ids: string[]) => void;

/**
 * Makes an app with the flags of `cdk init`, and writes its cloud assembly.
 *
 * @param prepare adds to the empty app, such as validation plugins
 * @param env where the stacks are deployed; it is not known before deployment if nothing is said
 */
export function synthesize(kind: Kind, stacks: number, outdir: string, prepare: (app: App) => void = () => {}, env?: Environment): CloudAssembly {
  const app = new App({ outdir, context: { ...flags } });
  prepare(app);
  for (let i = 1; i <= stacks; i++) {
    kind(new Stack(app, `Stack${i}`, { env }), bucketIds());
  }
  return app.synth();
}

function bucketIds(): string[] {
  return Array.from({ length: BUCKETS_PER_STACK }, (_, i) => `Bucket${i + 1}`);
}
