import { execFileSync, spawnSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';

export const PROJECT = resolve(__dirname, '../..');

export interface Ran {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

const made: NewFolder[] = [];
afterAll(() => made.splice(0).forEach(({ path }) => rmSync(path, { recursive: true, force: true })));

/** A folder outside of this checkout, in which commands run; it is gone after the tests of a file. */
export class NewFolder {
  public readonly path = mkdtempSync(join(tmpdir(), 'new-folder-'));

  constructor() {
    made.push(this);
  }

  /** What a command prints, which must succeed. */
  public run(command: string, ...args: string[]): string {
    return execFileSync(command, args, { cwd: this.path, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  public try(env: Record<string, string>, command: string, ...args: string[]): Ran {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: this.path, encoding: 'utf8', env: { ...process.env, ...env } });
    return { exitCode: status, out: stdout, err: stderr };
  }

  public read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }
}

export interface Packed {
  readonly tarball: string;
  readonly contents: string[];
}

/** The package as it would be published. */
export function pack(): Packed {
  const { path } = new NewFolder();
  const [{ filename, files }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', path], { cwd: PROJECT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  return { tarball: join(path, filename), contents: files.map((file: { path: string }) => file.path) };
}
