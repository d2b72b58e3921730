import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { run } from '../../src/cli/run';

/** What the command has printed, and its exit code. */
export interface Session {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in this process. */
export function secureBucket(...args: string[]): Session {
  const printed = { out: '', err: '' };
  const exitCode = run(args, {
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    hasColours: false,
    version: '1.2.3',
  });
  return { exitCode, ...printed };
}

/** What the command prints as JSON. */
export function json(...args: string[]): any {
  return JSON.parse(secureBucket(...args, '--format', 'json').out);
}

const folder = mkdtempSync(join(tmpdir(), 'secure-bucket-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** A file with some content, which is JSON unless it is a text. */
export function file(content: unknown, name = 'template.json'): string {
  const path = join(folder, `${++files}-${name}`);
  writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return path;
}

export const TEMPLATES = join(__dirname, 'templates');
export const REPORTS = join(TEMPLATES, 'reports.yaml');
export const LEGACY = join(TEMPLATES, 'legacy.json');
export const IN_ENVIRONMENT = ['--account', '111122223333', '--region', 'eu-west-1'];
