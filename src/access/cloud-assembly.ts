import { existsSync, statSync } from 'fs';
import { join, relative, resolve } from 'path';
import { readJson } from './read-json';
import { StackTemplate, Template } from './template';
import { WrongInputError } from './wrong-input';

const MANIFEST = 'manifest.json';
const ASSEMBLY_DEPTH_LIMIT = 20; // stages within stages: apps have two or three

/**
 * The templates of a cloud assembly, of its stages and of its nested stacks.
 *
 * @throws WrongInputError if the folder is no cloud assembly, or a file of it cannot be read
 * @see https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synth
 */
export function assemblyTemplates(directory: string): StackTemplate[] {
  const templates = readAssembly(resolve(directory), 0);
  if (templates.length === 0) {
    throw new WrongInputError(`${directory}: the cloud assembly has no stacks.`);
  }
  return templates;
}

function readAssembly(directory: string, depth: number): StackTemplate[] {
  const file = join(directory, MANIFEST);
  if (!existsSync(file)) {
    throw new WrongInputError(`${directory}: this is no cloud assembly: it has no ${MANIFEST}. Run 'cdk synth', and name its folder (cdk.out).`);
  }
  const { artifacts } = objectIn(readJson(file), file);
  if (depth > ASSEMBLY_DEPTH_LIMIT) {
    throw new WrongInputError(`${file}: cloud assemblies are nested more than ${ASSEMBLY_DEPTH_LIMIT} deep.`);
  }
  return Object.entries(objectIn(artifacts ?? {}, file, 'artifacts')).flatMap(([id, json]) => {
    const artifact = objectIn(json, file, `artifacts.${id}`);
    const properties = objectIn(artifact.properties ?? {}, file, `artifacts.${id}.properties`);
    switch (artifact.type) {
      case 'aws:cloudformation:stack': return readStack(directory, file, id, artifact, properties);
      case 'cdk:cloud-assembly': return readAssembly(within(directory, properties.directoryName, file), depth + 1);
      default: return [];
    }
  });
}

function readStack(directory: string, manifest: string, id: string, artifact: Json, properties: Json): StackTemplate[] {
  const [, account, region] = /^aws:\/\/([^/]*)\/([^/]*)$/.exec(String(artifact.environment)) ?? [];
  const file = within(directory, properties.templateFile, manifest);
  const template = objectIn(readJson(file), file);
  const constructMetadata = metadataOf(directory, manifest, artifact);
  const stack: StackTemplate = {
    name: typeof artifact.displayName === 'string' ? artifact.displayName : id,
    account: account === 'unknown-account' ? undefined : account,
    region: region === 'unknown-region' ? undefined : region,
    template,
    file: shown(file),
    executionRoleArn: typeof properties.cloudFormationExecutionRoleArn === 'string' ? { 'Fn::Sub': properties.cloudFormationExecutionRoleArn } : undefined,
    parameters: isJson(properties.parameters) ? properties.parameters : undefined,
    constructMetadata,
    pathOf: pathsIn(constructMetadata, template),
  };
  return [stack, ...nestedStacks(directory, stack, [file])];
}

/** The templates of stacks that are resources of a stack: the CDK notes their files as assets. */
function nestedStacks(directory: string, stack: StackTemplate, around: readonly string[]): StackTemplate[] {
  const resources: Json = isJson(stack.template.Resources) ? stack.template.Resources : {};
  return Object.entries(resources).flatMap(([logicalId, resource]) => {
    const asset: unknown = resource?.Type === 'AWS::CloudFormation::Stack' ? resource.Metadata?.['aws:asset:path'] : undefined;
    const file = typeof asset === 'string' ? within(directory, asset, stack.file!) : undefined;
    if (!file || around.includes(file) || !existsSync(file)) {
      return [];
    }
    const name = nestedName(resource.Metadata['aws:cdk:path']) ?? `${stack.name}/${logicalId}`;
    const template = objectIn(readJson(file), file);
    const nested: StackTemplate = {
      ...stack,
      name,
      template,
      pathOf: pathsIn(stack.constructMetadata ?? {}, template, `${name}/`),
      file: shown(file),
      nestedIn: { stack: stack.name, logicalId },
      parameters: undefined,
    };
    return [nested, ...nestedStacks(directory, nested, [...around, file])];
  });
}

function nestedName(path: unknown): string | undefined {
  return typeof path === 'string' ? /^(.*)\.NestedStack\/[^/]*\.NestedStackResource$/.exec(path)?.[1] : undefined;
}

/** What the CDK records of constructs, by path: in a file of its own, or in the manifest. */
function metadataOf(directory: string, manifest: string, { metadata, additionalMetadataFile }: Json): Json {
  const file = additionalMetadataFile === undefined ? undefined : within(directory, additionalMetadataFile, manifest);
  return { ...(isJson(metadata) ? metadata : {}), ...(file && existsSync(file) ? objectIn(readJson(file), file) : {}) };
}

/**
 * Construct paths of resources: as the template records them, or as the metadata does.
 *
 * @param around the path of a nested stack, whose metadata stands among that of the stack around it
 */
function pathsIn(metadata: Json, { Resources }: Template, around = ''): StackTemplate['pathOf'] {
  const recorded = Object.entries(Resources ?? {}).map(([logicalId, resource]): [string, unknown] => [logicalId, resource?.Metadata?.['aws:cdk:path']]);
  const paths = new Map([...Object.keys(metadata).filter((path) => path.startsWith(`/${around}`)).flatMap((path) => logicalIds(metadata[path]).map((id): [string, unknown] => [id, path.slice(1)])), ...recorded.filter(([, path]) => typeof path === 'string')]);
  return (logicalId) => paths.get(logicalId) as string | undefined;
}

function logicalIds(entries: unknown): string[] {
  const recorded = Array.isArray(entries) ? entries.filter(isJson) : [];
  return recorded.filter(({ type, data }) => type === 'aws:cdk:logicalId' && typeof data === 'string').map(({ data }) => data);
}

/** A file or folder of the assembly: what lies elsewhere is none of ours. */
function within(directory: string, name: unknown, manifest: string): string {
  const path = typeof name === 'string' ? resolve(directory, name) : undefined;
  if (path === undefined || relative(directory, path).startsWith('..')) {
    throw new WrongInputError(`${manifest}: ${JSON.stringify(name)} is no file of the cloud assembly.`);
  }
  return path;
}

function shown(file: string): string {
  const fromHere = relative(process.cwd(), file);
  return fromHere.startsWith('..') ? file : fromHere;
}

type Json = Record<string, any>;

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectIn(value: unknown, file: string, path?: string): Json {
  if (!isJson(value)) {
    throw new WrongInputError(`${file}: ${path ? `'${path}'` : 'the whole'} must be an object.`);
  }
  return value;
}

/** Whether a path is a folder with a cloud assembly in it. */
export function isAssembly(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory() && existsSync(join(path, MANIFEST));
}
