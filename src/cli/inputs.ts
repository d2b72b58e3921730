import { statSync } from 'fs';
import { Command } from 'commander';
import { readTemplate, stackNameOf } from './template-file';
import { assemblyTemplates } from '../template/cloud-assembly';
import { StackTemplate, Template } from '../template/template';
import { WrongInputError } from '../template/wrong-input';
import { ACCOUNT_ID, malformed } from '../policy/identifiers';

/** What all commands ask about their templates. */
export interface InputOptions {
  readonly account?: string;
  readonly region?: string;
  readonly stackName?: string;
}

/** What the command was given to look at. */
export interface Inputs {
  readonly templates: readonly StackTemplate[];

  /** What is in the templates and is not looked at. */
  readonly warnings: readonly string[];
}

const DEFAULT_ASSEMBLY = 'cdk.out';

/** Adds the argument and the options that say what a command looks at. */
export function takingTemplates(command: Command): Command {
  return command
    .argument('[templates...]', `a cloud assembly (the folder that cdk synth writes), or CloudFormation templates in JSON or YAML (default: ${DEFAULT_ASSEMBLY})`)
    .option('--account <id>', 'the account of stacks that do not say theirs')
    .option('--region <region>', 'the Region of stacks that do not say theirs')
    .option('--stack-name <name>', 'the stack name of a template file (default: the name of the file)');
}

/**
 * Reads a cloud assembly, or template files, or both.
 *
 * @throws WrongInputError if something cannot be read, or options do not fit
 */
export function readInputs(paths: readonly string[], options: InputOptions): Inputs {
  const problem = options.account === undefined ? undefined : malformed(options.account, ACCOUNT_ID);
  if (problem) {
    throw new WrongInputError(`--account: ${problem}`);
  }
  const given = paths.length > 0 ? paths : [DEFAULT_ASSEMBLY];
  const [assemblies, files] = [given.filter(isFolder), given.filter((path) => !isFolder(path))];
  if (files.length !== 1 && options.stackName !== undefined) {
    throw new WrongInputError(`--stack-name names the stack of one template file; there are ${files.length}.`);
  }
  const templates = [...assemblies.flatMap((folder) => assemblyTemplates(folder)), ...files.map((file) => fileTemplate(file, options))]
    .map((template) => ({ ...template, account: template.account ?? options.account, region: template.region ?? options.region }));
  assertUniqueNames(templates);
  return {
    templates,
    warnings: templates.flatMap(({ name, template }) => unseen(template).map((what) => `${name}: ${what}`)),
  };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function fileTemplate(file: string, { stackName }: InputOptions): StackTemplate {
  return { name: stackName ?? stackNameOf(file), template: readTemplate(file), file };
}

function assertUniqueNames(templates: readonly StackTemplate[]): void {
  const twice = templates.find(({ name }, i) => templates.findIndex((other) => other.name === name) !== i);
  if (twice) {
    throw new WrongInputError(`Two templates are of a stack '${twice.name}'. Rename a file, or look at one at a time.`);
  }
}

function unseen(template: Template & { readonly Transform?: unknown }): string[] {
  const transforms = [template.Transform ?? []].flat().map((transform: any) => (typeof transform === 'string' ? transform : String(transform?.Name)));
  const loops = Object.keys(template.Resources ?? {}).filter((logicalId) => logicalId.startsWith('Fn::'));
  return [
    ...transforms.map((transform) => `the transform ${transform} is not run; what it would add or change is not looked at.`),
    ...loops.map((loop) => `${loop} is not expanded; the resources that it would make are not looked at.`),
  ];
}
