import { existsSync, readFileSync } from 'fs';
import { builtinModules } from 'module';
import { dirname, join, resolve } from 'path';
import * as ts from 'typescript';

/** A project whose tests are TypeScript. */
export interface TestedProject {
  readonly root: string;

  /** The name under which its own tests may import it. */
  readonly name: string;
}

/**
 * The test files whose outcome can depend on the version of aws-cdk-lib: those that import it, through whatever files and packages, and those
 * whose imports do not tell what they run. A test that is left out never runs a line of it.
 *
 * @throws Error if a file or a package is imported that is not there
 */
export function testsThatLoadTheCdk(tests: readonly string[], project: TestedProject): string[] {
  const files = new ProjectFiles(project);
  return tests.filter((test) => files.behind(test).some((file) => files.mayLoadTheCdk(file)));
}

/** The files of a project; what they import is read once. */
class ProjectFiles {
  private readonly imports = new Map<string, readonly string[]>();
  private readonly loading = new Map<string, boolean>();

  constructor(private readonly project: TestedProject) {}

  /** What a file imports from the project, directly or not, and the file itself. */
  public behind(file: string): string[] {
    const files = new Set([file]);
    for (const known of files) { // those that are added meanwhile too
      this.importsOf(known).flatMap((imported) => this.fileOf(imported, known) ?? []).forEach((other) => files.add(other));
    }
    return [...files];
  }

  public mayLoadTheCdk(file: string): boolean {
    const known = this.loading.get(file) ?? (isCode(file) && (mayRunAnything(file, this.project) || this.importsTheCdk(file)));
    this.loading.set(file, known);
    return known;
  }

  private importsTheCdk(file: string): boolean {
    const packages = this.importsOf(file).filter((imported) => this.fileOf(imported, file) === undefined);
    return packages.some((imported) => isOfTheCdk(imported, this.project.root));
  }

  private importsOf(file: string): readonly string[] {
    const known = this.imports.get(file) ?? (isCode(file) ? ts.preProcessFile(readFileSync(file, 'utf8'), true, true).importedFiles.map(({ fileName }) => fileName) : []);
    this.imports.set(file, known);
    return known;
  }

  /** The file of the project that an import means; nothing if it means a package. */
  private fileOf(imported: string, from: string): string | undefined {
    const { root, name } = this.project;
    const path = imported === name ? join(root, 'src') : imported.startsWith('.') ? resolve(dirname(from), imported) : undefined;
    const file = path === undefined ? undefined : [`${path}.ts`, join(path, 'index.ts'), path].find((candidate) => /\.\w+$/.test(candidate) && existsSync(candidate));
    if (path !== undefined && file === undefined) {
      throw new Error(`${from} imports '${imported}', and there is no such file.`);
    }
    return file;
  }
}

function isCode(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file);
}

const REQUIRES_ANYTHING = /\b(?:(?:require|import)\s*\(\s*[^'"\s]|require(?:Actual|Mock)\b|createMockFromModule\b|(?:eval|Function)\s*\()/;
const NAMES_PACKAGES = /node_modules/;

/** A test that names the folder of packages reads or starts something there; the command only passes it over. */
function mayRunAnything(file: string, { root }: TestedProject): boolean {
  const text = readFileSync(file, 'utf8');
  return REQUIRES_ANYTHING.test(text) || (NAMES_PACKAGES.test(text) && !file.startsWith(join(root, 'src')));
}

/** With these modules of Node, code runs that nobody imports. */
const RUNS_OTHER_CODE = ['child_process', 'cluster', 'module', 'vm', 'worker_threads'];

function isOfTheCdk(imported: string, root: string): boolean {
  const builtin = imported.replace(/^node:/, '');
  return builtinModules.includes(builtin) ? RUNS_OTHER_CODE.includes(builtin) : needsTheCdk(packageOf(imported), root);
}

function packageOf(imported: string): string {
  return imported.split('/').slice(0, imported.startsWith('@') ? 2 : 1).join('/');
}

const CDK = ['aws-cdk-lib', 'constructs'];

/** Whether a package is of the CDK, or depends on it. */
function needsTheCdk(name: string, from: string, seen = new Set<string>()): boolean {
  if (CDK.includes(name)) {
    return true;
  }
  const folder = folderOf(name, from);
  if (seen.has(folder)) {
    return false;
  }
  seen.add(folder);
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.keys(peerDependencies).some((peer) => CDK.includes(peer)) || Object.keys(dependencies).some((dependency) => needsTheCdk(dependency, folder, seen));
}

/** Where Node finds a package. */
function folderOf(name: string, from: string): string {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) {
    return folder;
  }
  if (dirname(from) === from) {
    throw new Error(`The package '${name}' is imported, and is not installed.`);
  }
  return folderOf(name, dirname(from));
}

if (require.main === module) {
  const [root, name, ...tests] = process.argv.slice(2);
  console.log(testsThatLoadTheCdk(tests.map((test) => resolve(test)), { root: resolve(root), name }).join('\n'));
}
