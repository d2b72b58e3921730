import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { pathToFileURL } from 'url';
import { BrowserContextOptions, chromium } from 'playwright-core';

// Pictures of the reports of examples, for docs/report.md and README. CHROMIUM names the browser.

const PICTURES = 'docs/pictures';
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

interface Picture {
  readonly file: string;
  readonly example: string;
  readonly options: BrowserContextOptions;

  /** The part of the page that the window shows; its beginning, if nothing is said. */
  readonly part?: string;
}

const ALL: readonly Picture[] = [
  { file: 'report', example: 'shared-dataset', options: { viewport: DESK } },
  { file: 'report-matrix', example: 'log-archive', options: { viewport: DESK }, part: 'access' },
  { file: 'report-bucket', example: 'shared-dataset', options: { viewport: DESK }, part: 'bucket-1' },
  { file: 'report-dark', example: 'log-archive', options: { viewport: DESK, colorScheme: 'dark' }, part: 'bucket-1' },
  { file: 'report-phone', example: 'shared-dataset', options: { viewport: PHONE, isMobile: true, deviceScaleFactor: 2 }, part: 'bucket-1' },
];

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'report-pictures-'));
  mkdirSync(PICTURES, { recursive: true });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'] });
  const pages = new Map([...new Set(ALL.map(({ example }) => example))].map((example) => [example, reportOf(example, directory)]));
  for (const { file, example, options, part } of ALL) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(`${pathToFileURL(pages.get(example)!).href}${part === undefined ? '' : `#${part}`}`); // which unfolds it
    await page.screenshot({ path: join(PICTURES, `${file}.png`) });
    await context.close();
  }
  await browser.close();
  rmSync(directory, { recursive: true });
}

function reportOf(example: string, directory: string): string {
  const cwd = join('examples', example);
  const { app, context } = JSON.parse(readFileSync(join(cwd, 'cdk.json'), 'utf8'));
  run(app, cwd, { CDK_OUTDIR: join(directory, example), CDK_CONTEXT_JSON: JSON.stringify(context) });
  run(`node ${JSON.stringify(resolve('bin/secure-bucket.js'))} report ${example} --output ${example}.html`, directory);
  return join(directory, `${example}.html`);
}

function run(command: string, cwd: string, env: NodeJS.ProcessEnv = {}): void {
  const { status, stderr } = spawnSync(command, { cwd, env: { ...process.env, ...env }, shell: true, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${command}: ${stderr}`);
  }
}

void main();
