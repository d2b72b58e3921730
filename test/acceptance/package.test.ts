import { execFileSync } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';

const PROJECT = resolve(__dirname, '../..');
const CDK_VERSION = JSON.parse(readFileSync(join(PROJECT, 'node_modules/aws-cdk-lib/package.json'), 'utf8')).version;

const APP = `import { App, Stack } from 'aws-cdk-lib';
import { SecureBucket } from 'cdk-secure-bucket';

const app = new App();
const stack = new Stack(app, 'Storage', { env: { account: '111122223333', region: 'eu-west-1' } });
const data = new SecureBucket(stack, 'Data', {
  network: { vpcEndpointIds: ['vpce-0abc123def4567890'] },
  organization: { organizationIds: ['o-exampleorgid'] },
});
console.log(data.guardrails.map(({ name }) => name).join(' '));
`;

describe('the packed package, installed with npm in an empty folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  let contents: string[];

  beforeAll(() => {
    const [packed] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: PROJECT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    contents = packed.files.map(({ path }: { path: string }) => path);
    run('npm', 'init', '--yes');
    run('npm', 'install', '--no-audit', '--no-fund', `./${packed.filename}`, `aws-cdk-lib@${CDK_VERSION}`, 'constructs@^10', 'typescript@~5.9', '@types/node@^20');
    writeFileSync(join(folder, 'app.ts'), APP);
  }, 240_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds the compiled library and its jsii assembly, and nothing of the project around it', () => {
    expect(contents).toEqual(expect.arrayContaining(['.jsii', 'API.md', 'LICENSE', 'README.md', 'bin/THIRD-PARTY-LICENSES', 'bin/secure-bucket.js', 'lib/index.d.ts', 'lib/index.js', 'package.json']));
    expect(contents.filter((path) => /^(test|bench|examples|docs|\.ci|\.projen|projenrc|src|lib\/cli)\//.test(path))).toEqual([]);
  });

  test('an app of ten lines compiles and synthesizes', () => {
    run('npx', 'tsc', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'commonjs', 'app.ts');
    const printed = run(process.execPath, '-e', "process.env.CDK_OUTDIR = 'cdk.out'; require('./app.js');");
    expect(printed.trim()).toBe('RequireTls RequireEncryption RestrictToNetwork RestrictToOrganization');
    const template = JSON.parse(readFileSync(join(folder, 'cdk.out/Storage.template.json'), 'utf8'));
    expect(Object.values<any>(template.Resources).map(({ Type }) => Type)).toEqual(expect.arrayContaining(['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::KMS::Key']));
  }, 120_000);

  test('the command runs, on what the app has synthesized', () => {
    expect(run('npx', 'secure-bucket', '--help')).toMatch(/^Usage: secure-bucket /);
    expect(run('npx', 'secure-bucket', 'prove', 'cdk.out')).toMatch(/\n2 buckets: \d+ guarantees hold, 0 broken, 0 not decided\.\n$/);
  }, 60_000);

  test('brings no dependency of its own', () => {
    const { dependencies, bundledDependencies, bundleDependencies } = JSON.parse(readFileSync(join(folder, 'node_modules/cdk-secure-bucket/package.json'), 'utf8'));
    expect([dependencies, bundledDependencies, bundleDependencies]).toEqual([undefined, undefined, undefined]);
    expect(existsSync(join(folder, 'node_modules/@cloud-copilot'))).toBe(false);
  });
});
