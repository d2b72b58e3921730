import { existsSync, readdirSync, readFileSync, realpathSync, Stats, statSync } from 'fs';
import { join, resolve, sep } from 'path';
import { fixedFolder, isPattern, patternTest } from './file-pattern';
import { stackNameOf } from './template-file';

/** A file that may be a template. */
export interface InputFile {
  readonly path: string;

  /** Whether somebody named this very file. Of the others, those that are no templates are passed over. */
  readonly isNamed: boolean;
}

/** What paths on the command line lead to. */
export interface FoundInputs {
  /** The folders of cloud assemblies. */
  readonly assemblies: readonly string[];
  readonly files: readonly InputFile[];

  /** Paths that lead to nothing, and why. */
  readonly missing: readonly Unreadable[];
}

/** A file that is not looked at although it should be. */
export interface Unreadable {
  readonly file: string;
  readonly problem: string;
}

const NOTHING: FoundInputs = { assemblies: [], files: [], missing: [] };
const TEMPLATE_FILE = /\.(?:json|ya?ml|template)$/i;
const NOT_OURS = /^\.|^node_modules$/;

/** Cloud assemblies and files behind paths: of files, of folders, and patterns such as `templates/*.yaml`. What several paths lead to is there once. */
export function findInputs(paths: readonly string[]): FoundInputs {
  const all = together(paths.map(inputsAt));
  const namedFirst = [...all.files].sort((one, other) => Number(other.isNamed) - Number(one.isNamed));
  return { assemblies: distinct(all.assemblies, (path) => path), files: distinct(namedFirst, ({ path }) => path), missing: all.missing };
}

/** Names for the stacks of files: the name of the file; of files with the same name, with folders before it. */
export function stackNames(files: readonly string[], steps = 1): Map<string, string> {
  const byName = new Map<string, string[]>();
  for (const file of files) {
    const name = nameWith(steps, file);
    byName.set(sameAs(name), [...(byName.get(sameAs(name)) ?? []), file]);
  }
  return new Map([...byName.values()].flatMap((same) => (same.length === 1 ? [[same[0], nameWith(steps, same[0])] as const] : [...stackNames(same, steps + 1)])));
}

function inputsAt(path: string): FoundInputs {
  const stats = statsOf(path);
  if (stats?.isDirectory()) {
    const found = inputsBelow(path);
    return isEmpty(found) ? { ...NOTHING, missing: [{ file: path, problem: `${path}: the folder is no cloud assembly, and has no JSON or YAML files. Run 'cdk synth', and name its folder (cdk.out), or name templates.` }] } : found;
  }
  return !stats && isPattern(path) ? matching(path) : { ...NOTHING, files: [{ path, isNamed: true }] };
}

/** What is in a folder: it is a cloud assembly, or has templates and cloud assemblies somewhere in it. */
function inputsBelow(folder: string): FoundInputs {
  if (isAssembly(folder)) {
    return { ...NOTHING, assemblies: [folder] };
  }
  return within(folder, ({ path, isFolder }) => (isFolder ? inputsBelow(path) : { ...NOTHING, files: TEMPLATE_FILE.test(path) ? [{ path, isNamed: false }] : [] }));
}

/** The files and folders that match a pattern. */
function matching(pattern: string): FoundInputs {
  const test = patternTest(pattern);
  const start = fixedFolder(pattern);
  const matchesIn = (folder: string): FoundInputs => within(folder, ({ path, isFolder }) => {
    if (test(path)) {
      return isFolder ? inputsBelow(path) : { ...NOTHING, files: [{ path, isNamed: false }] };
    }
    return isFolder ? matchesIn(path) : NOTHING;
  });
  const found = statsOf(start)?.isDirectory() ? matchesIn(start) : NOTHING;
  return isEmpty(found) ? { ...NOTHING, missing: [{ file: pattern, problem: `${pattern}: there is no such file, and none matches it as a pattern.` }] } : found;
}

interface Entry {
  readonly path: string;
  readonly isFolder: boolean;
}

/** What the entries of a folder lead to; that it cannot be read, if so. */
function within(folder: string, inputsOf: (entry: Entry) => FoundInputs): FoundInputs {
  let entries: Entry[];
  try {
    entries = entriesOf(folder);
  } catch (error) {
    return { ...NOTHING, missing: [{ file: folder, problem: `${folder}: the folder cannot be read (${(error as NodeJS.ErrnoException).code}).` }] };
  }
  return together(entries.map(inputsOf));
}

/** Files and folders in a folder. Links to folders are not followed: they may lead in circles. */
function entriesOf(folder: string): Entry[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !NOT_OURS.test(name)).sort((one, other) => (one.name < other.name ? -1 : 1));
  return entries.map((entry) => ({ path: folder === '.' ? entry.name : join(folder, entry.name), isFolder: entry.isDirectory() }))
    .filter(({ path, isFolder }) => isFolder || statsOf(path)?.isFile());
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined; // whoever reads it says why
  }
}

/** Whether the CDK wrote a folder: other tools have manifests too. */
function isAssembly(folder: string): boolean {
  const manifest = join(folder, 'manifest.json');
  return existsSync(manifest) && /"artifacts"/.test(readFileSync(manifest, 'utf8'));
}

function together(found: readonly FoundInputs[]): FoundInputs {
  return { assemblies: found.flatMap(({ assemblies }) => assemblies), files: found.flatMap(({ files }) => files), missing: found.flatMap(({ missing }) => missing) };
}

function isEmpty({ assemblies, files, missing }: FoundInputs): boolean {
  return assemblies.length + files.length + missing.length === 0;
}

function distinct<T>(found: readonly T[], pathOf: (one: T) => string): T[] {
  const seen = new Set<string>();
  return found.filter((one) => {
    const path = pathOf(one);
    const real = existsSync(path) ? realpathSync(path) : resolve(path);
    return seen.has(real) ? false : seen.add(real);
  });
}

/** Names of resources are derived from names of stacks, where some characters are replaced. */
function sameAs(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9-]/g, '-');
}

function nameWith(steps: number, file: string): string {
  const parts = resolve(file).split(sep);
  return steps > parts.length ? resolve(file) : [...parts.slice(-steps, -1), stackNameOf(file)].join('/');
}
