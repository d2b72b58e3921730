import { existsSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { App } from 'aws-cdk-lib';
import * as ts from 'typescript';
import { secureBucket } from './cli/terminal';
import { PROJECT } from './support/new-folder';
import { runSnippet } from './support/run-snippet';
import { PAGES, Snippet, snippetsOf } from './support/snippets';
import { ConsumerStack } from '../examples/shared-dataset/consumer-stack';
import { ProducerStack } from '../examples/shared-dataset/producer-stack';

const snippets: Snippet[] = PAGES.flatMap(snippetsOf);

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

test.each(snippets)('$name runs', (snippet) => {
  expect(runSnippet(snippet).synth().stacks.length).toBeGreaterThan(0);
});

test('links between pages lead somewhere', () => {
  const links = PAGES.flatMap((page) => [...readFileSync(join(PROJECT, page), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => join(dirname(page), target)));
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((link) => !existsSync(join(PROJECT, link)))).toEqual([]);
});

test("README's session says what the command says", () => {
  const [, session] = /^```text\n(\$ npx secure-bucket explain [\s\S]*?)^```$/m.exec(readFileSync(join(PROJECT, 'README.md'), 'utf8'))!;
  const [typed, ...lines] = session.trim().split('\n');
  const assembly = mkdtempSync(join(tmpdir(), 'readme-'));
  try {
    const app = new App({ analyticsReporting: false, outdir: assembly });
    const consumer = new ConsumerStack(app, 'Consumer', { env: { account: '444455556666', region: 'ap-northeast-1' }, datasetName: 'shared-dataset-111122223333-ap-northeast-1-an' });
    new ProducerStack(app, 'Producer', { env: { account: '111122223333', region: 'ap-northeast-1' }, organizationId: 'o-exampleorgid', vpcEndpointId: 'vpce-0abc123def4567890', reader: consumer.appRole });
    app.synth();
    const [, , , command, ...options] = typed.split(' ');
    const { exitCode, out, err } = secureBucket(command, assembly, ...options);
    expect([exitCode, err]).toEqual([2, '']);
    const printed = out.replaceAll(assembly, 'cdk.out');
    expect(lines.length).toBeGreaterThan(8);
    expect(lines.filter((line) => !printed.includes(line.replace(/…$/, '')))).toEqual([]);
  } finally {
    rmSync(assembly, { recursive: true, force: true });
  }
});
