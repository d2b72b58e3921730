import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { synthesize } from './synth/app';
import { kinds } from './synth/kinds';
import { measure, Synthesis } from './synth/measure';
import { table } from './synth/table';
import { SecureBucketChecks } from 'cdk-secure-bucket';

const BASELINE = 'no rule pack';
const SIZES = [
  { stacks: 1, rounds: 25 },
  { stacks: 5, rounds: 15 },
];

/** Apps of SecureBuckets, in which neither pack finds anything. */
const packs: Record<string, Synthesis> = {
  [BASELINE]: (stacks, outdir) => synthesize(kinds.SecureBucket, stacks, outdir),
  'SecureBucketChecks': (stacks, outdir) => synthesize(kinds.SecureBucket, stacks, outdir, (app) => Validations.of(app).addPlugins(new SecureBucketChecks(app))),
  'cdk-nag AwsSolutions': (stacks, outdir) => synthesize(kinds.SecureBucket, stacks, outdir, (app) => Validations.of(app).addPlugins(new AwsSolutionsChecks(app))),
};

console.error = () => {}; // where the CDK prints the reports of the packs
console.log(table(SIZES.map(({ stacks, rounds }) => ({ stacks, times: measure(packs, stacks, rounds) })), BASELINE));
if (process.exitCode) {
  throw new Error('a pack has findings, so that the runs are not alike');
}
