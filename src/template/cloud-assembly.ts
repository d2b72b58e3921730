import { existsSync } from 'fs';
import { join, relative, resolve } from 'path';
import { ClassOf, recordedClasses } from './construct-tree';
import { readJson } from './read-json';
import { StackTemplate } from './template';
import { WrongInputError } from './wrong-input';
import { isObject, jsonText } from '../policy/json';

const MANIFEST = 'manifest.json';
const ASSEMBLY_DEPTH_LIMIT = 20; // stages within stages: apps have two or three

/**
 * The templates of a cloud assembly, of its stages and of its nested stacks.
 *
 * @throws WrongInputError if the folder is no cloud assembly, or a file of it cannot be read
 * @see https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synth
 */
export function assemblyTemplates(directory: string): StackTemplate[] {
  return allTemplates(directory, (_, read) => read());
}

/** What can be read of a cloud assembly. */
export interface ReadableTemplates {
  readonly templates: readonly StackTemplate[];

  /** The files of the assembly that cannot be read, and why. */
  readonly unreadable: readonly { readonly file: string; readonly problem: string }[];
}

/**
 * The templates of a cloud assembly that can be read, where others cannot.
 *
 * @throws WrongInputError if the folder is no cloud assembly, or nothing in it can be read
 */
export function readableTemplates(directory: string): ReadableTemplates {
  const unreadable: { file: string; problem: string }[] = [];
  const templates = allTemplates(directory, (file, read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof WrongInputError)) {
        throw error;
      }
      unreadable.push({ file: shown(file), problem: error.message });
      return [];
    }
  }, () => unreadable.map(({ problem }) => problem).join(' '));
  return { templates, unreadable };
}

/** Reads what a file leads to, and decides what becomes of a file that cannot be read. */
type Reader = <T>(file: string, read: () => T[]) => T[];

function allTemplates(directory: string, reader: Reader, why = () => ''): StackTemplate[] {
  const templates = readAssembly(resolve(directory), 0, reader);
  if (templates.length === 0) {
    throw new WrongInputError(why() || `${directory}: the cloud assembly has no stacks.`);
  }
  return templates;
}

function readAssembly(directory: string, depth: number, reader: Reader, classesAround?: ClassOf): StackTemplate[] {
  const file = join(directory, MANIFEST);
  if (!existsSync(file)) {
    throw new WrongInputError(`${directory}: this is no cloud assembly: it has no ${MANIFEST}. Run 'cdk synth', and name its folder (cdk.out).`);
  }
  if (depth > ASSEMBLY_DEPTH_LIMIT) {
    throw new WrongInputError(`${file}: cloud assemblies are nested more than ${ASSEMBLY_DEPTH_LIMIT} deep.`);
  }
  const artifacts = Object.entries(objectIn(objectIn(readJson(file), file).artifacts ?? {}, file, 'artifacts')).map(([id, json]): Artifact => {
    const artifact = objectIn(json, file, `artifacts.${id}`);
    return { id, json: artifact, properties: objectIn(artifact.properties ?? {}, file, `artifacts.${id}.properties`), directory, manifest: file };
  });
  const [tree] = artifacts.filter(({ json }) => json.type === 'cdk:tree');
  const classOf = classesAround ?? (tree && recordedClasses(directory, tree.properties.file));
  const assets = artifacts.filter(({ json }) => json.type === 'cdk:asset-manifest').flatMap((artifact) => reader(fileOf(artifact, 'file'), () => publishedFiles(artifact)));
  return artifacts.flatMap((artifact) => {
    switch (artifact.json.type) {
      case 'aws:cloudformation:stack': return reader(fileOf(artifact, 'templateFile'), () => readStack(artifact, { assets: new Map(assets), classOf, reader }));
      case 'cdk:cloud-assembly': return reader(fileOf(artifact, 'directoryName'), () => readAssembly(within(artifact, artifact.properties.directoryName), depth + 1, reader, classOf));
      default: return [];
    }
  });
}

/** One entry of a manifest. */
interface Artifact {
  readonly id: string;
  readonly json: Json;
  readonly properties: Json;
  readonly directory: string;
  readonly manifest: string;
}

/** The files that are published, by the names under which they are. */
function publishedFiles(artifact: Artifact): [name: string, path: string][] {
  const file = within(artifact, artifact.properties.file);
  const { files } = existsSync(file) ? objectIn(readJson(file), file) : { files: undefined };
  return Object.values(isObject(files) ? files : {}).flatMap((entry): [string, string][] => (typeof entry?.source?.path === 'string' && isObject(entry.destinations)
    ? Object.values(entry.destinations).map((destination: any): [string, string] => [jsonText(destination?.objectKey), entry.source.path]) : []));
}

/** The file or folder in a property, if it names one; otherwise the manifest, which is to blame. */
function fileOf({ directory, manifest, properties }: Artifact, property: string): string {
  return typeof properties[property] === 'string' ? resolve(directory, properties[property]) : manifest;
}

function readStack(artifact: Artifact, { classOf, ...beside }: Pick<Surroundings, 'assets' | 'reader'> & { readonly classOf?: ClassOf }): StackTemplate[] {
  const { id, json, properties } = artifact;
  const [, account, region] = /^aws:\/\/([^/]*)\/([^/]*)$/.exec(jsonText(json.environment)) ?? [];
  const file = within(artifact, properties.templateFile);
  const name = typeof json.displayName === 'string' ? json.displayName : id;
  const metadata = metadataOf(artifact);
  const paths = constructPaths(metadata);
  const template = objectIn(readJson(file), file);
  const stack: StackTemplate = {
    name,
    deployedName: typeof properties.stackName === 'string' ? properties.stackName : id,
    account: account === 'unknown-account' ? undefined : account,
    region: region === 'unknown-region' ? undefined : region,
    template,
    file: shown(file),
    executionRoleArn: typeof properties.cloudFormationExecutionRoleArn === 'string' ? { 'Fn::Sub': properties.cloudFormationExecutionRoleArn } : undefined,
    parameters: isObject(properties.parameters) ? properties.parameters : undefined,
    constructMetadata: metadata,
    pathOf: pathsWithin(name, template, paths),
    classOf,
  };
  return [stack, ...nestedStacks(artifact, stack, { ...beside, paths, around: [file] })];
}

interface Surroundings {
  readonly assets: ReadonlyMap<string, string>;
  readonly paths: readonly ConstructPath[];

  /** The files of the stacks around. */
  readonly around: readonly string[];
  readonly reader: Reader;
}

/** The templates of stacks that are resources of a stack: they are published as assets. */
function nestedStacks(artifact: Artifact, stack: StackTemplate, surroundings: Surroundings): StackTemplate[] {
  const resources: Json = isObject(stack.template.Resources) ? stack.template.Resources : {};
  return Object.entries(resources).filter(([, resource]) => resource?.Type === 'AWS::CloudFormation::Stack').flatMap(([logicalId, resource]) => {
    const asset = assetOf(resource, surroundings);
    const file = asset === undefined ? undefined : within(artifact, asset);
    if (!file || surroundings.around.includes(file) || !existsSync(file)) {
      return [];
    }
    const [template] = surroundings.reader(file, () => [objectIn(readJson(file), file)]);
    if (template === undefined) {
      return [];
    }
    const name = nestedName(stack.pathOf?.(logicalId)) ?? `${stack.name}/${logicalId}`;
    const nested: StackTemplate = {
      ...stack,
      name,
      deployedName: undefined,
      template,
      file: shown(file),
      nestedIn: { stack: stack.name, logicalId },
      parameters: undefined,
      pathOf: pathsWithin(name, template, surroundings.paths),
    };
    return [nested, ...nestedStacks(artifact, nested, { ...surroundings, around: [...surroundings.around, file] })];
  });
}

/** The file with the template of a nested stack: noted beside the resource, or found by the name under which it is published. */
function assetOf(resource: Json, { assets }: Surroundings): string | undefined {
  const noted: unknown = resource.Metadata?.['aws:asset:path'];
  const url = JSON.stringify(resource.Properties?.TemplateURL ?? '');
  return typeof noted === 'string' ? noted : [...assets].find(([name]) => name !== '' && url.includes(`/${name}`))?.[1];
}

function nestedName(path: string | undefined): string | undefined {
  return NESTED.exec(path ?? '')?.[1];
}

const NESTED = /^(.*)\.NestedStack\/[^/]*\.NestedStackResource$/;

interface ConstructPath {
  readonly logicalId: string;
  readonly path: string;
}

/** What the CDK records of constructs, by path: in a file of its own, or in the manifest. */
function metadataOf(artifact: Artifact): Json {
  const { json } = artifact;
  const file = json.additionalMetadataFile === undefined ? undefined : within(artifact, json.additionalMetadataFile);
  return { ...(isObject(json.metadata) ? json.metadata : {}), ...(file && existsSync(file) ? objectIn(readJson(file), file) : {}) };
}

/** Construct paths that stand beside the templates. */
function constructPaths(metadata: Json): ConstructPath[] {
  return Object.entries(metadata).flatMap(([path, entries]) => (Array.isArray(entries) ? entries : [])
    .filter((entry) => entry?.type === 'aws:cdk:logicalId' && typeof entry.data === 'string')
    .map((entry) => ({ logicalId: entry.data, path: path.replace(/^\//, '') })));
}

/** The construct paths of one stack: in the template, or beside it, where those of nested stacks may have the same logical IDs. */
function pathsWithin(name: string, { Resources: resources }: StackTemplate['template'], paths: readonly ConstructPath[]): StackTemplate['pathOf'] {
  const nested = paths.flatMap(({ path }) => nestedName(path) ?? []).filter((other) => other.startsWith(`${name}/`));
  const own = new Map(paths.filter(({ path }) => path.startsWith(`${name}/`) && !nested.some((other) => path.startsWith(`${other}/`))).map(({ logicalId, path }) => [logicalId, path]));
  return (logicalId) => {
    const recorded: unknown = isObject(resources) && Object.hasOwn(resources, logicalId) ? resources[logicalId]?.Metadata?.['aws:cdk:path'] : undefined;
    return typeof recorded === 'string' ? recorded : own.get(logicalId);
  };
}

/** A file or folder of the assembly: what lies elsewhere is none of ours. */
function within({ directory, manifest }: Artifact, name: unknown): string {
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

function objectIn(value: unknown, file: string, path?: string): Json {
  if (!isObject(value)) {
    throw new WrongInputError(`${file}: ${path ? `'${path}'` : 'the whole'} must be an object.`);
  }
  return value;
}
