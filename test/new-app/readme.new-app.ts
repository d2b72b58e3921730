import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { NewFolder, pack, Packed, PROJECT, Ran } from '../support/new-folder';
import { snippetsOf } from '../support/snippets';

// What a new user does, with the newest versions that npm finds. Not part of "npx projen test": "npx projen test:new-app" runs it.

const CDK = join(PROJECT, 'node_modules/aws-cdk/bin/cdk');
const README = readFileSync(join(PROJECT, 'README.md'), 'utf8');
const [, INSTALL] = /^## Install\n\n```sh\n(.*)\n```$/m.exec(README)!;
const QUIET = { NO_COLOR: '1', CI: 'true' };

let packed: Packed;
beforeAll(() => {
  packed = pack();
}, 120_000);

/** An app that the `cdk` command has made, with this package installed as README says, on a version of Node of its own. */
class NewApp extends NewFolder {
  private readonly main: string;

  constructor(nodeVersion: number) {
    super();
    this.run(process.execPath, CDK, 'init', 'app', '--language', 'typescript', '--generate-only');
    this.run('npm', 'install', '--no-audit', '--no-fund', '--save-dev', `node@${nodeVersion}`); // npx prefers it
    this.run('bash', '-e', '-c', `${INSTALL.replace('cdk-secure-bucket', packed.tarball)} --no-audit --no-fund`);
    this.main = /bin\/\S+\.ts/.exec(this.read('cdk.json'))![0];
    expect(this.run('npx', 'node', '--version')).toMatch(new RegExp(`^v${nodeVersion}\\.`));
  }

  public synthesize(code: string): Ran {
    writeFileSync(join(this.path, this.main), code);
    return this.try(QUIET, 'npx', 'cdk', 'synth');
  }

  /** Copies an example beside the main file, and its app over it. */
  public synthesizeExample(name: string): Ran {
    const [from, to] = [join(PROJECT, 'examples', name), join(this.path, 'bin')];
    rmSync(to, { recursive: true });
    mkdirSync(to);
    cpSync(from, to, { recursive: true, filter: (file) => !/cdk\.(out|json|context\.json)$/.test(file) });
    copyFileSync(join(to, 'app.ts'), join(this.path, this.main));
    return this.try(QUIET, 'npx', 'cdk', 'synth', '--quiet');
  }

  public command(...args: string[]): Ran {
    return this.try(QUIET, 'npx', 'secure-bucket', ...args);
  }
}

const snippets = snippetsOf('README.md');
const gate = snippets.find(({ code }) => code.includes('SecureBucketDefaults'))!;
const sharing = snippets.find(({ code }) => code.includes('CrossAccountGrant'))!;
const apps = new Map<number, NewApp>();

describe.each([20, 22, 24])('README, followed on Node %d', (nodeVersion) => {
  let app: NewApp;
  beforeAll(() => {
    app = new NewApp(nodeVersion);
    apps.set(nodeVersion, app);
  }, 600_000);

  test.each(snippets)('$name synthesizes, and every bucket of it is proved', ({ code }) => {
    const { exitCode, err } = app.synthesize(code);
    expect(err).not.toMatch(/ERROR|deprecated/);
    expect(exitCode).toBe(0);
    expect(app.command('prove').out).toMatch(/^\d+ buckets?: \d+ guarantees hold, \d+ broken, 0 not decided\.$/m);
  }, 240_000);

  test('the gate fails synthesis, and the command says the same of what was written', () => {
    const { exitCode, err } = app.synthesize(gate.code.replace("'Reports')", "'Reports', { enforceSSL: false })"));
    expect(exitCode).toBe(1);
    expect(err).toContain('Storage/Reports/Policy/Resource');
    expect(err).toContain('arn:aws:iam::<account>:role/Anyone calls s3:GetObject on ');
    expect(err).toContain("Acknowledge with 'SecureBucketChecks::SecureBucket-RequireTls'");
    const check = app.command('check');
    expect(check.exitCode).toBe(2);
    expect(check.out).toContain('finding SecureBucket-RequireTls Storage/Reports/Policy/Resource');
    expect(app.command('prove')).toMatchObject({ exitCode: 2, err: '' });
  }, 240_000);

  test('a request is explained', () => {
    expect(app.synthesize(sharing.code).exitCode).toBe(0);
    const asked = ['explain', '--principal', 'Consumer/AppRole', '--action', 's3:GetObject', '--resource', 'Producer/Dataset'];
    expect(app.command(...asked, '--key', 'reports/1.csv')).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^Allowed: /) });
    expect(app.command(...asked, '--key', 'other/1.csv')).toMatchObject({ exitCode: 2, out: expect.stringMatching(/^Denied by identity-policies: /) });
    expect(app.command('report')).toMatchObject({ exitCode: 0, err: '' });
  }, 240_000);
});

test.each(['shared-dataset', 'static-site'])('examples/%s, copied into a new app, passes its rule packs', (name) => {
  const app = apps.get(20)!;
  const { exitCode, out, err } = app.synthesizeExample(name);
  expect(err).not.toMatch(/ERROR|deprecated/);
  expect(exitCode).toBe(0);
  expect(out).toContain('RequireEncryption');
  expect(JSON.parse(app.read('cdk.out/validation-report.json')).pluginReports.filter(({ conclusion }: { conclusion: string }) => conclusion !== 'success')).toEqual([]);
}, 240_000);
