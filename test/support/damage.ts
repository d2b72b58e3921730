import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { App } from 'aws-cdk-lib';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';

type Templates = Record<string, any>;

const HARMFUL = [ResourceImpact.WILL_REPLACE, ResourceImpact.MAY_REPLACE, ResourceImpact.WILL_DESTROY, ResourceImpact.WILL_ORPHAN];

/** Every template of an app, those of Stages and nested stacks too, by its place in the assembly. */
export function templatesOf(app: App): Templates {
  return collect(app.synth());
}

function collect(assembly: CloudAssembly): Templates {
  const files = readdirSync(assembly.directory).filter((file) => file.endsWith('.template.json'));
  const own = files.map((file) => [file, JSON.parse(readFileSync(join(assembly.directory, file), 'utf8'))]);
  return Object.assign(Object.fromEntries(own), ...assembly.nestedAssemblies.map(({ nestedAssembly }) => collect(nestedAssembly)));
}

/** What a deployment of templates, by their place in the assembly, would do to resources and outputs that exist. */
export function damageOf(before: Templates, after: Templates): string[] {
  return Object.keys(before).flatMap((file) => templateDamage(before[file], after[file] ?? {}));
}

function templateDamage(before: any, after: any): string[] {
  const diff = fullDiff(before, after);
  const replaced = Object.entries(diff.resources.changes).filter(([, { changeImpact }]) => HARMFUL.includes(changeImpact)).map(([id, { changeImpact }]) => `${id}: ${changeImpact}`);
  const released = Object.entries<any>(before.Resources).filter(([id, { DeletionPolicy }]) => DeletionPolicy === 'Retain' && after.Resources?.[id]?.DeletionPolicy !== 'Retain');
  const outputs = Object.keys(before.Outputs ?? {}).filter((id) => JSON.stringify(before.Outputs[id]) !== JSON.stringify(after.Outputs?.[id]));
  return [...replaced, ...released.map(([id]) => `${id}: no longer retained`), ...outputs.map((id) => `output ${id}`)];
}
