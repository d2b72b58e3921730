import { existsSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { NewFolder, pack, Packed, PROJECT, Ran } from '../support/new-folder';

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

const EVALUATED = `import { App, Stack, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccessEvaluator, AccessExpectations, RequireTls } from 'cdk-secure-bucket';

const app = new App();
const bucket = new s3.Bucket(new Stack(app, 'Storage', { env: { account: '111122223333', region: 'eu-west-1' } }), 'Data', { bucketName: 'amzn-s3-demo-bucket' });
bucket.with(new RequireTls());
const expectations = new AccessExpectations();
expectations.nobody().may().on(bucket).overHttp();
Validations.of(app).addPlugins(expectations);
const { outcome, decidedBy } = AccessEvaluator.fromCloudAssembly(app.synth().directory).decide({
  principal: 'arn:aws:iam::111122223333:root',
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::amzn-s3-demo-bucket/key',
  context: { 'aws:SecureTransport': false },
});
console.log(outcome, 'by', decidedBy?.layer);
`;

const CHECKED = `import { SecureBucketChecks } from 'cdk-secure-bucket';

new SecureBucketChecks();
`;

const WITH_PACKS = `import { App, Aspects, Stack, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { SecureBucket, SecureBucketChecks } from 'cdk-secure-bucket';

const app = new App();
const stack = new Stack(app, 'Storage', { env: { account: '111122223333', region: 'eu-west-1' } });
new SecureBucket(stack, 'Data');
if (process.env.WITH_PLAIN_BUCKET) {
  new s3.Bucket(stack, 'Plain');
}
Aspects.of(app).add(new AwsSolutionsChecks());
Validations.of(app).addPlugins(new SecureBucketChecks(app, { configFile: process.env.CONFIG_FILE }));
app.synth();
`;

let packed: Packed;
beforeAll(() => {
  packed = pack();
}, 120_000);

function install(folder: NewFolder, ...packages: string[]): void {
  folder.run('npm', 'init', '--yes');
  folder.run('npm', 'install', '--no-audit', '--no-fund', `aws-cdk-lib@${CDK_VERSION}`, 'constructs@^10', 'typescript@~5.9', '@types/node@^20', ...packages);
}

/** Compiles apps, as strictly as `cdk init` has it. */
function compile(folder: NewFolder, apps: Record<string, string>): void {
  Object.entries(apps).forEach(([name, code]) => writeFileSync(join(folder.path, `${name}.ts`), code));
  folder.run('npx', 'tsc', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'commonjs', ...Object.keys(apps).map((name) => `${name}.ts`));
}

function synthesize(folder: NewFolder, name: string, env: Record<string, string> = {}): Ran {
  return folder.try({ CDK_OUTDIR: 'cdk.out', ...env }, process.execPath, `${name}.js`);
}

test('the packed package holds the compiled library, its jsii assembly and its documentation, and nothing of the project around it', () => {
  expect(packed.contents).toEqual(expect.arrayContaining(['.jsii', 'API.md', 'LICENSE', 'README.md', 'bin/THIRD-PARTY-LICENSES', 'bin/secure-bucket.js', 'docs/command-output.schema.json', 'docs/configuration.schema.json', 'docs/services.md', 'lib/checks/configuration/THIRD-PARTY-LICENSES', 'lib/index.d.ts', 'lib/index.js', 'package.json']));
  expect(packed.contents.filter((path) => /^(test|bench|examples|\.ci|\.projen|projenrc|src|lib\/cli)\//.test(path))).toEqual([]);
});

describe('installed with npm in an empty folder, without cdk-nag', () => {
  const app = new NewFolder();
  beforeAll(() => {
    install(app, packed.tarball);
    compile(app, { app: APP, evaluated: EVALUATED, checked: CHECKED });
  }, 240_000);

  test('brings no dependency of its own, and no cdk-nag', () => {
    const { dependencies, bundledDependencies, bundleDependencies } = JSON.parse(app.read('node_modules/cdk-secure-bucket/package.json'));
    expect([dependencies, bundledDependencies, bundleDependencies]).toEqual([undefined, undefined, undefined]);
    expect(['@cloud-copilot', 'cdk-nag'].filter((name) => existsSync(join(app.path, 'node_modules', name)))).toEqual([]);
  });

  test('an app of ten lines compiles and synthesizes', () => {
    expect(synthesize(app, 'app')).toMatchObject({ exitCode: 0, out: 'RequireTls RequireEncryption RestrictToNetwork RestrictToOrganization\n' });
    const template = JSON.parse(app.read('cdk.out/Storage.template.json'));
    expect(Object.values<any>(template.Resources).map(({ Type }) => Type)).toEqual(expect.arrayContaining(['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::KMS::Key']));
  }, 120_000);

  test('the command runs, on what the app has synthesized', () => {
    expect(app.run('npx', 'secure-bucket', '--help')).toMatch(/^Usage: secure-bucket /);
    expect(app.run('npx', 'secure-bucket', 'prove', 'cdk.out')).toMatch(/\n2 buckets: \d+ guarantees hold, 0 broken, 0 not decided\.\n$/);
    expect(app.run('npx', 'secure-bucket', 'check', 'cdk.out')).toMatch(/ 0 findings, 0 not decided/);
  }, 60_000);

  test('requests are decided, and expectations are held', () => {
    expect(synthesize(app, 'evaluated')).toMatchObject({ exitCode: 0, out: 'denied by bucket-policy\n' });
  }, 60_000);

  test('the rule pack says that it needs cdk-nag, and what does without', () => {
    const { exitCode, err } = synthesize(app, 'checked');
    expect(exitCode).toBe(1);
    expect(err).toContain("SecureBucketChecks: the rule pack needs cdk-nag, which is not installed. Run 'npm install cdk-nag', or ");
    expect(err).toContain("'npx secure-bucket check'");
  }, 60_000);
});

describe('in an app that has cdk-nag 2, installed as README says', () => {
  const app = new NewFolder();
  beforeAll(() => {
    install(app, 'cdk-nag@2');
    const [, commands] = /cdk-nag 2[\s\S]*?^```sh\n([\s\S]*?)^```$/m.exec(readFileSync(join(PROJECT, 'README.md'), 'utf8'))!;
    app.run('bash', '-e', '-c', commands.replace(/(npm install) cdk-secure-bucket/, `$1 ${packed.tarball}`));
    compile(app, { app: WITH_PACKS });
  }, 240_000);

  test('both are there, and npm finds nothing wrong with them', () => {
    const { dependencies } = JSON.parse(app.run('npm', 'ls', '--json', 'cdk-nag', 'cdk-secure-bucket'));
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(['cdk-nag', 'cdk-secure-bucket']));
    expect(dependencies['cdk-nag'].version).toMatch(/^2\./);
  }, 60_000);

  test('a pack of cdk-nag 2, the constructs and the rule pack work in one app', () => {
    expect(synthesize(app, 'app')).toMatchObject({ exitCode: 0, out: '' });
    expect(app.read('cdk.out/AwsSolutions--Storage-NagReport.csv')).toContain('"AwsSolutions-S1","Storage/Data/Resource","Compliant"');
  }, 60_000);

  test('the rule pack fails synthesis on its findings', () => {
    const { exitCode, err } = synthesize(app, 'app', { WITH_PLAIN_BUCKET: 'true' });
    expect(exitCode).toBe(1);
    expect(err).toContain('SecureBucket-RequireTls');
    expect(err).toContain('Storage/Plain');
    expect(err).not.toContain('Storage/Data');
  }, 60_000);

  test('the rule pack reads a configuration file in YAML', () => {
    writeFileSync(join(app.path, 'secure-bucket.yaml'), 'rules:\n  only: [NoWebsite]\n');
    expect(synthesize(app, 'app', { WITH_PLAIN_BUCKET: 'true', CONFIG_FILE: 'secure-bucket.yaml' })).toMatchObject({ exitCode: 0 });
  }, 60_000);
});
