import { App, Environment, IPolicyValidationPlugin, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { synthesize } from './synth/app';
import { kinds } from './synth/kinds';
import { measure, Synthesis } from './synth/measure';
import { table } from './synth/table';
import { SecureBucketChecks } from 'cdk-secure-bucket';

const BASELINE = 'no rule pack';
const SIZES = [
  { stacks: 1, rounds: 12 },
  { stacks: 5, rounds: 4 },
];
const ENVIRONMENTS: Record<string, Environment | undefined> = {
  'account and Region given': { account: '111122223333', region: 'eu-central-1' },
  'account and Region not known before deployment': undefined,
};

/** Apps of SecureBuckets, in which neither pack finds anything. */
function packsIn(env: Environment | undefined): Record<string, Synthesis> {
  const withPlugin = (pluginOf: (app: App) => IPolicyValidationPlugin): Synthesis =>
    (stacks, outdir) => synthesize(kinds.SecureBucket, stacks, outdir, (app) => Validations.of(app).addPlugins(pluginOf(app)), env);
  return {
    [BASELINE]: (stacks, outdir) => synthesize(kinds.SecureBucket, stacks, outdir, undefined, env),
    'a plugin that does nothing': withPlugin(() => ({ name: 'Nothing', validate: () => ({ success: true, violations: [] }) })),
    'SecureBucketChecks': withPlugin((app) => new SecureBucketChecks(app)),
    'cdk-nag AwsSolutions': withPlugin((app) => new AwsSolutionsChecks(app)),
  };
}

console.error = () => {}; // where the CDK prints the reports of the packs
for (const [name, env] of Object.entries(ENVIRONMENTS)) {
  const packs = packsIn(env);
  console.log(`${name}\n${table(SIZES.map(({ stacks, rounds }) => ({ stacks, times: measure(packs, stacks, rounds, 1) })), BASELINE)}\n`);
}
if (process.exitCode) {
  throw new Error('a pack has findings, so that the runs are not alike');
}
