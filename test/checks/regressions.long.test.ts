import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { regressionApp, Weakening, WEAKENINGS } from './regressions-app';

const PROJECT = resolve(__dirname, '../..');
const CDK = join(PROJECT, 'node_modules/aws-cdk/bin/cdk');

interface Outcome {
  readonly fails: boolean;

  /** What the user reads. */
  readonly messages: readonly string[];
}

/** Synthesizes in this process: an error is thrown, or validation plugins report findings and set the exit code. */
function synthesize(weaken: Weakening, outdir: string): Outcome {
  const { exitCode } = process;
  process.exitCode = undefined;
  try {
    regressionApp(weaken, { outdir }).synth();
    return { fails: process.exitCode === 1, messages: reported(outdir) };
  } catch (error) {
    return { fails: true, messages: [(error as Error).message] };
  } finally {
    process.exitCode = exitCode;
  }
}

function reported(outdir: string): string[] {
  const report = join(outdir, 'validation-report.json');
  const { pluginReports } = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { pluginReports: [] };
  return pluginReports.flatMap(({ violations }: any) => violations.map(({ ruleName, description, fix }: any) => `${ruleName}: ${description} ${fix}`));
}

describe('a SecureBucket that is weakened after the fact', () => {
  const folder = mkdtempSync(join(tmpdir(), 'regressions-'));
  beforeAll(() => jest.spyOn(console, 'error').mockImplementation());
  afterAll(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  test('passes as long as it is untouched', () => {
    expect(synthesize(() => undefined, join(folder, 'untouched'))).toEqual({ fails: false, messages: [] });
  });

  test.each(Object.entries(WEAKENINGS))('fails synthesis: %s', (name, weaken) => {
    const { fails, messages } = synthesize(weaken, join(folder, name.replace(/\W+/g, '-')));
    expect(fails).toBe(true);
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.filter((message) => !/Storage\/(?:Dataset|SecureBucketAccessLogs|Second|Door|Emptied)/.test(message))).toEqual([]);
  });
});

describe('with the cdk command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'regressions-cdk-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const BLOCKED: [name: string, message: RegExp][] = [
    ['DenyInsecureTransport is removed by addPropertyOverride', /'Storage\/Dataset': the statement 'DenyInsecureTransport' of RequireTls is missing/],
    ['DenyInsecureTransport is removed by a stack that rewrites its template', /over plain HTTP[^]*Storage\/Dataset\/Policy\/Resource[^]*SecureBucket-RequireTls/],
    ['RestrictPublicBuckets is off', /'Storage\/Dataset': the synthesized template weakens 'PublicAccessBlockConfiguration'/],
    ['every distribution uses the key', /any distribution use the key[^]*Storage\/Dataset\/Key\/Resource[^]*SecureBucket-KeyPolicy/],
  ];

  function cdkSynth(weakening: string): { status: number | null; printed: string } {
    const app = 'node -r ts-node/register/transpile-only test/checks/regressions-app.ts';
    const env = { ...process.env, WEAKENING: weakening, TS_NODE_PROJECT: join(PROJECT, 'tsconfig.dev.json'), NO_COLOR: '1', CI: undefined };
    const output = join(folder, weakening.replace(/\W+/g, '-') || 'untouched');
    const { status, stdout, stderr } = spawnSync(process.execPath, [CDK, 'synth', '--quiet', '--app', app, '--output', output], { cwd: PROJECT, encoding: 'utf8', env });
    return { status, printed: stdout + stderr };
  }

  test('the untouched app passes', () => {
    expect(cdkSynth('')).toEqual(expect.objectContaining({ status: 0 }));
  }, 60_000);

  test.each(BLOCKED)('exit code 1: %s', (weakening, message) => {
    const { status, printed } = cdkSynth(weakening);
    expect(printed).toMatch(message);
    expect(status).toBe(1);
  }, 60_000);
});
