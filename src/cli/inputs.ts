import { existsSync } from 'fs';
import { resolve } from 'path';
import { Command } from 'commander';
import { PLAIN } from './circumstances';
import { configuredAccount, configuredAssumptions, CONFIGURATION_FILE } from './configured';
import { DeployedPolicyOptions, deployedPolicyStack, withDeployedPolicy } from './deployed-policy';
import { findInputs, InputFile, stackNames, Unreadable } from './input-files';
import { withNestedStacks } from './nested-files';
import { assertAssumedParameters, namesForValues, withParameters } from './parameters';
import { Progress } from './progress';
import { assertRegion } from './request-words';
import { readIfTemplate, readTemplate } from './template-file';
import { count } from './text';
import { AccessAssumptions } from '../access/assumptions';
import { didYouMean } from '../policy/did-you-mean';
import { ACCOUNT_ID, malformed } from '../policy/identifiers';
import { isObject, jsonText } from '../policy/json';
import { readableTemplates } from '../template/cloud-assembly';
import { Deployment } from '../template/deployment';
import { deploymentAsNamed } from '../template/deployment-of';
import { keyTwiceText } from '../template/mistake';
import { mistakesIn } from '../template/mistakes';
import { StackTemplate } from '../template/template';
import { unjudgedBuckets, unjudgedText } from '../template/unjudged-buckets';
import { WrongInputError } from '../template/wrong-input';

/** Where something is deployed, as far as it is known. */
export interface Environment {
  readonly account?: string;
  readonly region?: string;
}

/** What all commands ask about their templates. */
export interface InputOptions extends DeployedPolicyOptions, Environment {
  readonly stackName?: string;
  readonly parameters?: readonly string[];
  readonly assume?: string;
  readonly config?: string;
}

/** What the command was given to look at, and what of it is not looked at. */
export interface Inputs extends Omit<Unseen, 'isPartial'> {
  readonly templates: readonly StackTemplate[];
  readonly assumptions: AccessAssumptions;
}

/** What an answer leaves out. */
export interface Unseen {
  /** What is in the templates, or around them, and is not looked at. */
  readonly warnings: readonly string[];

  /** Whether transforms add or change resources that nobody has seen, CloudFormation would refuse a template, or all buckets are of kinds that are not judged. */
  readonly isPartial: boolean;

  /** Files that could not be read. The answer is about the others. */
  readonly unreadable: readonly Unreadable[];

  /** How many files in folders are no templates. */
  readonly skipped: number;
}

const DEFAULT_ASSEMBLY = 'cdk.out';

/** Adds the argument and the options that say what a command looks at. */
export function takingTemplates(command: Command): Command {
  return command
    .argument('[templates...]', `cloud assemblies (the folder that cdk synth writes), CloudFormation templates in JSON or YAML, folders with templates, or patterns such as 'templates/**/*.yaml' (default: ${DEFAULT_ASSEMBLY})`)
    .option('--account <id>', 'the account of stacks that do not say theirs')
    .option('--region <region>', 'the Region of stacks that do not say theirs')
    .option('--stack-name <name>', 'the stack name of a template file (default: the name of the file)')
    .option('--policy <file>', 'a policy as it is deployed: the document, or what aws s3api get-bucket-policy, kms get-key-policy or s3control get-access-point-policy print')
    .option('--bucket <name>', 'the bucket that --policy belongs to')
    .option('--kms-key <arn>', 'the key that --policy belongs to')
    .option('--access-point <arn>', 'the access point that --policy belongs to')
    .option('--parameters <Key=Value...>', 'values of template parameters, or a JSON file with them, as aws cloudformation deploy --parameter-overrides takes them')
    .option('--assume <file>', 'what is true around the templates, in JSON: organization policies, policies of roles elsewhere, and so on')
    .option('--config <file>', `the configuration of a team, in YAML or JSON (default: ${CONFIGURATION_FILE}, if it is there)`);
}

/**
 * Reads what paths lead to: cloud assemblies, template files, folders with both. Files that cannot be read are said, and the others are read all the same.
 *
 * @param recorded account and Region of a recorded call: they are those of stacks of which nothing else says it
 * @throws WrongInputError if nothing can be read, or options do not fit
 */
export function readInputs(paths: readonly string[], options: InputOptions, { configuration, progress } = PLAIN, recorded: Environment = {}): Inputs {
  assertEnvironment({ ...recorded, ...options });
  const deployed = deployedPolicyStack(options);
  if (paths.length === 0 && !deployed && !existsSync(DEFAULT_ASSEMBLY)) {
    throw new WrongInputError(`There is no ${DEFAULT_ASSEMBLY} here. Run 'cdk synth', or name templates or a folder.`);
  }
  const found = findInputs(paths.length > 0 || deployed ? paths : [DEFAULT_ASSEMBLY]);
  const assemblies = readAssemblies(found.assemblies);
  const files = found.files.filter(({ path, isNamed }) => isNamed || !configuration.files.some((file) => resolve(file) === resolve(path)));
  const readings = [...assemblies, ...readFiles(files, options, templatesOf(assemblies).map(({ name }) => name), progress)];
  const unreadable = [...found.missing, ...readings.flatMap((one) => ('problem' in one ? one : []))];
  const read = withNestedStacks(templatesOf(readings));
  const all = withParameters(deployed ? [...read, besides(read, deployed.template)] : read, options.parameters ?? [])
    .map((template) => ({
      ...template,
      account: template.account ?? options.account ?? configuredAccount(template, configuration) ?? recorded.account,
      region: template.region ?? options.region ?? recorded.region,
    }));
  const { templates, warnings } = deployed ? withDeployedPolicy(all, deployed) : { templates: all, warnings: [] as string[] };
  const skipped = readings.filter((one) => 'isSkipped' in one).length;
  if (templates.length === 0) {
    throw new WrongInputError(unreadable.map(({ problem: why }) => why).join(' ') || `There is no template: ${count(skipped, 'file')} in ${paths.join(', ')} ${skipped === 1 ? 'is' : 'are'} none.`);
  }
  const assumptions = options.assume === undefined ? configuredAssumptions(templates, configuration) : AccessAssumptions.fromFile(options.assume);
  if (options.assume !== undefined) { // a configuration may be about more templates than those that are looked at, and options win over it
    assertStacksExist(templates, assumptions, unreadable.length === 0);
    assertResourcesExist(templates, assumptions);
    assertGivenOnce(templates, assumptions);
  }
  assertAssumedParameters(templates, assumptions);
  return { templates, assumptions, unreadable, skipped, warnings: [...warnings, ...namesForValues(templates, options.parameters ?? [], assumptions)] };
}

function assertEnvironment({ account, region }: Environment): void {
  const problem = account === undefined ? undefined : malformed(account, ACCOUNT_ID);
  if (problem) {
    throw new WrongInputError(`--account: ${problem}`);
  }
  if (region !== undefined) {
    assertRegion(region, '--region');
  }
}

/** What an answer about some inputs leaves out: files, and what transforms will make of the templates. */
export function unseenOf({ warnings, unreadable, skipped }: Inputs, deployment: Deployment): Unseen {
  const { unseen } = deployment;
  const unjudged = unjudgedBuckets(deployment).map((buckets) => `${buckets[0].stack.name}: ${unjudgedText(buckets)}`);
  return { warnings: [...warnings, ...unseen, ...unjudged], isPartial: unseen.length > 0 || (unjudged.length > 0 && isWithoutBuckets(deployment)), unreadable, skipped };
}

/** Whether nothing is there that could be judged. */
export function isWithoutBuckets(deployment: Deployment): boolean {
  return deployment.ofType('AWS::S3::Bucket').length === 0;
}

/** The same for commands that do not ask the rules: these say why CloudFormation would refuse a template, and what of it it would not see. */
export function unseenOrRefused(inputs: Inputs, deployment: Deployment): Unseen {
  const { warnings, isPartial, ...files } = unseenOf(inputs, deployment);
  const refused = deployment.stacks.flatMap((stack) => mistakesIn(stack).map(({ logicalId, problem }) => `${stack.name}/${logicalId}: ${problem} CloudFormation refuses the template.`));
  const twice = deployment.stacks.flatMap(({ name, source }) => (source.keysTwice ?? []).map((member) => `${name}: ${keyTwiceText(member)}`));
  return { warnings: [...warnings, ...refused, ...twice], isPartial: isPartial || refused.length > 0, ...files };
}

/**
 * Makes sure that everything could be read: for commands whose answer hangs on all templates together.
 *
 * @throws WrongInputError if a file could not be read
 */
export function complete(inputs: Inputs): Inputs {
  if (inputs.unreadable.length > 0) {
    throw new WrongInputError(inputs.unreadable.map(({ problem }) => problem).join(' '));
  }
  return inputs;
}

/** What is assumed of a stack that is not there would be assumed of nothing. A stack may be in a template that cannot be read. */
function assertStacksExist(templates: readonly StackTemplate[], { _json, _file }: AccessAssumptions, areAllRead: boolean): void {
  const { parameters = {}, physicalIds = {} } = _json;
  const names = new Set(templates.map(({ name }) => name));
  const assumed = Object.entries({ parameters, physicalIds }).flatMap(([one, given]) => Object.keys(given).map((name) => [one, name]));
  const [field, stack] = assumed.find(([, name]) => !names.has(name)) ?? [];
  if (areAllRead && stack !== undefined) {
    throw new WrongInputError(`${_file}: '${field}.${stack}' is about a stack of which there is no template.${didYouMean(stack, names)} Stacks: ${[...names].join(', ')}.`);
  }
}

/** What AWS called a resource that is not there would be the name of nothing. A transform that nobody has seen may make it. */
function assertResourcesExist(templates: readonly StackTemplate[], { _json: { physicalIds = {} }, _file }: AccessAssumptions): void {
  const stacks = Object.keys(physicalIds).length === 0 ? [] : deploymentAsNamed(templates).stacks;
  for (const { name: stack, source: { template, unseen = [] } } of stacks.filter(({ name }) => Object.hasOwn(physicalIds, name))) {
    const names = Object.keys(isObject(template.Resources) ? template.Resources : {});
    const unknown = Object.keys(physicalIds[stack]).find((key) => !names.includes(key.split('.')[0]));
    if (unknown !== undefined && unseen.length === 0) {
      throw new WrongInputError(`${_file}: 'physicalIds.${stack}.${unknown}' is about a resource that the template does not have.${didYouMean(unknown.split('.')[0], names)}`);
    }
  }
}

/** What the options say must not be overridden in silence by what the assumptions say. */
function assertGivenOnce(templates: readonly StackTemplate[], { _json: { parameters = {} }, _file }: AccessAssumptions): void {
  for (const { name: stack, parameters: given = {} } of templates) {
    const twice = Object.keys(Object.hasOwn(parameters, stack) ? parameters[stack] : {}).find((name) => Object.hasOwn(given, name) && given[name] !== parameters[stack][name]);
    if (twice !== undefined) {
      throw new WrongInputError(`The parameter '${twice}' of ${stack} has two values: '${jsonText(given[twice])}', and another one in ${_file}. Provide one.`);
    }
  }
}

/** What reading comes to: templates, a problem, or a file that is no template and nobody named. */
type Reading = { readonly templates: readonly StackTemplate[] } | Unreadable | { readonly isSkipped: true };

/** The stack of a policy that was read from AWS, with a name of its own. */
function besides(templates: readonly StackTemplate[], policy: StackTemplate): StackTemplate {
  return templates.some(({ name }) => name === policy.name) ? { ...policy, name: policy.file! } : policy;
}

function templatesOf(readings: readonly Reading[]): StackTemplate[] {
  return readings.flatMap((one) => ('templates' in one ? one.templates : []));
}

/** Stacks of one name are of different apps: which of them is meant where one refers to it, nobody can tell. */
function readAssemblies(folders: readonly string[]): Reading[] {
  const names = new Set<string>();
  return folders.flatMap((folder): Reading[] => {
    const problems: Unreadable[] = [];
    const read = reading(folder, () => {
      const { templates, unreadable } = readableTemplates(folder);
      const twice = templates.find(({ name }) => names.has(name));
      if (twice) {
        throw new WrongInputError(`${folder}: another cloud assembly has a stack '${twice.name}', too. Look at one at a time.`);
      }
      templates.forEach(({ name }) => names.add(name));
      problems.push(...unreadable);
      return { templates };
    });
    return [read, ...problems];
  });
}

function readFiles(files: readonly InputFile[], { stackName }: InputOptions, taken: readonly string[], progress: Progress): Reading[] {
  if (stackName !== undefined && files.length !== 1) {
    throw new WrongInputError(`--stack-name names the stack of one template file; there are ${files.length}.`);
  }
  const read = progress.each(files, 'file', ({ path, isNamed }) => ({ path, outcome: reading(path, () => readFile(path, isNamed)) }));
  const names = stackNames(read.filter(({ outcome }) => 'templates' in outcome).map(({ path }) => path));
  const nameOf = (path: string) => stackName ?? (taken.includes(names.get(path)!) ? path : names.get(path)!);
  return read.map(({ path, outcome }) => ('templates' in outcome ? { templates: outcome.templates.map((one) => ({ ...one, name: nameOf(path), isNameAssumed: stackName === undefined })) } : outcome));
}

function readFile(file: string, isNamed: boolean): Reading {
  const read = isNamed ? readTemplate(file) : readIfTemplate(file);
  return read ? { templates: [{ name: file, file, ...read }] } : { isSkipped: true };
}

function reading(file: string, read: () => Reading): Reading {
  try {
    return read();
  } catch (error) {
    if (error instanceof WrongInputError) {
      return { file, problem: error.message };
    }
    throw error;
  }
}
