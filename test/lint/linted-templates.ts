import { spawnSync } from 'child_process';
import { existsSync, readdirSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { CloudAssembly, UNKNOWN_REGION } from 'aws-cdk-lib/cx-api';
import { SecureBucket } from '../../src';
import { CONSTRUCTS } from '../acceptance/contract-cases';
import { CASES } from '../acceptance/drop-in-cases';
import { PRODUCER } from '../support/apps';
import { PROJECT } from '../support/new-folder';
import { runSnippet } from '../support/run-snippet';
import { PAGES, snippetsOf } from '../support/snippets';

/** A template that cfn-lint reads, and the Region whose resource types it is judged by. */
export interface LintedTemplate {
  readonly name: string;
  readonly file: string;
  readonly region: string;
}

const REGIONS = { 'aws': 'eu-west-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };
const EXAMPLES = join(PROJECT, 'examples');
const CDK = join(PROJECT, 'node_modules/aws-cdk/bin/cdk');

/**
 * The templates of every construct in every partition, of everything that a SecureBucket takes the place of,
 * of README and docs, and of the examples, whose assemblies are in the folder.
 */
export function lintedTemplates(folder: string): LintedTemplate[] {
  return [
    ...Object.entries(REGIONS).flatMap(([partition, region]) => Object.keys(CONSTRUCTS).flatMap((name) => constructIn(region, name, `${name}, in ${partition}`))),
    ...Object.keys(CASES).flatMap((name) => templatesIn(CASES[name](SecureBucket).synth(), `in place of s3.Bucket: ${name}`)),
    ...PAGES.flatMap(snippetsOf).flatMap((snippet) => templatesIn(runSnippet(snippet).synth(), snippet.name)),
    ...readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'cdk.json'))).flatMap((name) => exampleIn(join(folder, name), name)),
  ];
}

/** Nothing for what refuses to be made in partitions that have no such thing. */
function constructIn(region: string, construct: string, name: string): LintedTemplate[] {
  if (region !== REGIONS.aws && /OacDistribution|SharedMultiRegionAccessPoint/.test(construct)) {
    return [];
  }
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Stack', { env: { ...PRODUCER, region } });
  CONSTRUCTS[construct](stack);
  return templatesIn(app.synth(), name);
}

/** An example, synthesized by the `cdk` command on the compiled package. */
function exampleIn(assembly: string, name: string): LintedTemplate[] {
  const { status, stderr } = spawnSync(process.execPath, [CDK, 'synth', '--quiet', '--output', assembly], { cwd: join(EXAMPLES, name), encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`examples/${name} is not synthesized: ${stderr}`);
  }
  return templatesIn(new CloudAssembly(assembly), `examples/${name}`);
}

function templatesIn(assembly: CloudAssembly, name: string): LintedTemplate[] {
  const stacks = assembly.stacksRecursively.filter(({ template }) => Object.keys(template.Resources ?? {}).length > 0);
  return stacks.map(({ stackName, templateFullPath, environment }) => ({ name: `${name} (${stackName})`, file: templateFullPath, region: regionOf(environment.region) }));
}

/** A stack without a Region is judged as one of the first. */
function regionOf(region: string): string {
  return region === UNKNOWN_REGION ? REGIONS.aws : region;
}
