import { existsSync, readdirSync, readFileSync } from 'fs';
import { dirname, join, resolve } from 'path';
import * as ts from 'typescript';

const PROJECT = resolve(__dirname, '..');
const PAGES = ['README.md', ...readdirSync(join(PROJECT, 'docs')).filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`)];

interface Snippet {
  readonly name: string;
  readonly code: string;
}

const snippets: Snippet[] = PAGES.flatMap((page) => snippetsOf(page));

function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(join(PROJECT, page), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code], i) => ({ name: `${page.replace(/\W/g, '-')}-${i + 1}.ts`, code }));
}

/** What the compiler has to say about snippets, each in a file that exists in memory only. */
function complaints(files: Snippet[]): string[] {
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(PROJECT, 'tsconfig.dev.json'), ts.sys.readFile).config, ts.sys, PROJECT);
  const strict: ts.CompilerOptions = { ...options, incremental: false, composite: false, noEmit: true, noUnusedLocals: false, skipLibCheck: true };
  const host = ts.createCompilerHost(strict);
  const texts = new Map(files.map(({ name, code }) => [join(PROJECT, name), code]));
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (file, ...rest) => (texts.has(file) ? ts.createSourceFile(file, texts.get(file)!, ts.ScriptTarget.ES2022) : getSourceFile(file, ...rest));
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  const program = ts.createProgram([...texts.keys()], strict, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => `${file?.fileName.slice(PROJECT.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
}

test('the snippets of README and docs compile', () => {
  expect(snippets.length).toBeGreaterThanOrEqual(6);
  expect(complaints(snippets)).toEqual([]);
}, 120_000);

test('a snippet that is wrong does not', () => {
  const wrong = { name: 'wrong.ts', code: "import { SecureBucket } from 'cdk-secure-bucket';\nexport const x: number = SecureBucket;\n" };
  expect(complaints([wrong])).toHaveLength(1);
}, 120_000);

test.each(snippets)('$name runs', ({ code }) => {
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const run = new Function('require', 'exports', `${outputText}; return typeof app !== 'undefined' ? app : stack.node.root;`);
  const app = run((name: string) => (name === 'cdk-secure-bucket' ? require('../src') : require(name)), {}); // eslint-disable-line @typescript-eslint/no-require-imports
  expect(app.synth().stacks.length).toBeGreaterThan(0);
});

test('links between pages lead somewhere', () => {
  const links = PAGES.flatMap((page) => [...readFileSync(join(PROJECT, page), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => join(dirname(page), target)));
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((link) => !existsSync(join(PROJECT, link)))).toEqual([]);
});
