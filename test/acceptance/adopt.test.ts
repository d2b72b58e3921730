import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as cdk from 'aws-cdk-lib';
import { App } from 'aws-cdk-lib';
import * as ts from 'typescript';
import * as secureBucketLibrary from '../../src';
import { secureBucket } from '../cli/terminal';
import { damageOf, templatesOf } from '../support/damage';
import { PROJECT } from '../support/new-folder';
import { snippetsOf } from '../support/snippets';

const PAGE = 'docs/adopt.md';
const text = readFileSync(join(PROJECT, PAGE), 'utf8');
const [before, guarded, perimeters] = snippetsOf(PAGE);
const sessions = [...text.matchAll(/^```text\n(\$ npx secure-bucket [\s\S]*?)^```$/gm)].map(([, session]) => session.trim());

/** The app of a snippet, whose templates go to a folder. */
function appOf(code: string, outdir: string): App {
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  class AppInFolder extends App {
    constructor() {
      super({ analyticsReporting: false, outdir });
    }
  }
  const modules: Record<string, any> = { 'aws-cdk-lib': { ...cdk, App: AppInFolder }, 'cdk-secure-bucket': secureBucketLibrary };
  return new Function('require', 'exports', `${outputText}; return app;`)((name: string) => modules[name] ?? require(name), {}); // eslint-disable-line @typescript-eslint/no-require-imports
}

let folder: string;
let templates: Record<'before' | 'guarded' | 'perimeters', any>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'adopt-'));
  const synthesize = ({ code }: { code: string }, name: string) => templatesOf(appOf(code, join(folder, name)));
  templates = { before: synthesize(before, 'before'), guarded: synthesize(guarded, 'guarded'), perimeters: synthesize(perimeters, 'perimeters') };
  const [, record] = /^```json\n([\s\S]*?)^```$/m.exec(text)!;
  writeFileSync(join(folder, 'record.json'), record);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the page shows sessions, one of them denied by its record', () => {
  expect(sessions.length).toBeGreaterThanOrEqual(6);
  expect(sessions.some((session) => session.includes('--event record.json'))).toBe(true);
});

test.each(sessions)('%s', (session) => {
  const [typed, ...lines] = session.split('\n');
  const [, , , command, assembly, ...options] = typed.split(' ');
  const { out, err } = secureBucket(command, join(folder, assembly), ...options.map((option) => (option === 'record.json' ? join(folder, option) : option)));
  expect(err).toBe('');
  const printed = out.replaceAll(`${folder}/`, '').split('\n');
  const shown = lines.filter((line) => line !== '…').map((line) => line.replace(/ *…$/, ''));
  expect(shown.length).toBeGreaterThan(0);
  expect(shown.filter((line) => !printed.some((other) => other.startsWith(line)))).toEqual([]);
});

test('neither step replaces or releases a resource', () => {
  expect(damageOf(templates.before, templates.guarded)).toEqual([]);
  expect(damageOf(templates.guarded, templates.perimeters)).toEqual([]);
});
