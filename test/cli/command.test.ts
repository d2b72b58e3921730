import { spawn, spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { builtinModules } from 'module';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { DENIED_READ } from './cloudtrail-records';
import { file, IN_ENVIRONMENT, LEGACY, REPORTS } from './terminal';
import { bundleCommand } from '../../projenrc/bundle-command';

const PROJECT = resolve(__dirname, '../..');

describe('the bundled command, as a process of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secure-bucket-bin-'));
  const command = join(folder, 'bin/secure-bucket.js');
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'package.json'), '{ "version": "4.5.6" }');
  bundleCommand(join(PROJECT, 'src/cli/main.ts'), command);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH, FORCE_COLOR: '1' } });
    return { exitCode: status, out: stdout, err: stderr };
  };

  test.each([[''], ['explain'], ['prove'], ['check']])('%s --help says what it does, its options and its exit codes', (name) => {
    const { exitCode, out, err } = run(...(name ? [name] : []), '--help');
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(new RegExp(`^Usage: secure-bucket ${name}`));
    expect(out).toContain('Exit codes: 0 ');
    expect(out).toContain(name ? '--format <format>' : 'explain [options] [templates...]');
  });

  test('--version is that of the package', () => expect(run('--version')).toEqual({ exitCode: 0, out: '4.5.6\n', err: '' }));

  test('0: it holds, is clean, is allowed', () => {
    expect(run('prove', REPORTS, ...IN_ENVIRONMENT)).toMatchObject({ exitCode: 0, err: '' });
    expect(run('check', file({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }))).toMatchObject({ exitCode: 0, err: '' });
    const root = ['--principal', 'arn:aws:iam::111122223333:root', '--action', 's3:GetBucketPolicy', '--resource', 'Reports', '--context', 'aws:SourceVpce=vpce-0abc123def4567890'];
    expect(run('explain', REPORTS, ...IN_ENVIRONMENT, ...root)).toMatchObject({ exitCode: 0, err: '', out: expect.stringMatching(/^Allowed: /) });
  });

  test('2: it is broken, found, denied', () => {
    expect(run('prove', LEGACY)).toMatchObject({ exitCode: 2, err: '' });
    expect(run('check', LEGACY)).toMatchObject({ exitCode: 2, err: '' });
    expect(run('explain', REPORTS, '--event', file(DENIED_READ))).toMatchObject({ exitCode: 2, err: '', out: expect.stringMatching(/^Denied by bucket-policy, statement DenyOutsideVpce: /) });
  });

  test.each([
    ['an unknown command', ['wrong'], /unknown command 'wrong'/],
    ['an unknown option', ['prove', '--wrong'], /unknown option '--wrong'/],
    ['an unknown format', ['prove', '--format', 'xml'], /'xml'.*Allowed choices are text, json, sarif/],
    ['no account', ['prove', '--account', '12'], /--account: '12'/],
    ['an option without its argument', ['prove', '--account'], /argument missing/],
    ['one stack name for two files', ['prove', REPORTS, LEGACY, '--stack-name', 'x'], /--stack-name names the stack of one template file/],
    ['no cdk.out', ['prove'], /cdk\.out.*cdk synth/],
    ['a file that is not there', ['prove', 'nowhere.json'], /nowhere\.json.*no such file/],
    ['a folder that is no cloud assembly', ['check', '.'], /There is no template|the folder is no cloud assembly/],
    ['a text', ['check', join(PROJECT, 'LICENSE')], /LICENSE/],
    ['JSON that is no template', ['check', join(PROJECT, 'package.json')], /is no CloudFormation template: it has no 'Resources'/],
    ['a request that is not there', ['explain', REPORTS], /takes --principal, --action or --operation, and --resource, or --event/],
    ['a record that is not there', ['explain', REPORTS, '--event', 'nowhere.json'], /nowhere\.json.*no such file/],
    ['assumptions of another form', ['explain', REPORTS, '--event', file(DENIED_READ), '--assume', file({ acounts: {} })], /'acounts' is not known/],
  ])('1: %s: says so in one line', (_, args, message) => {
    const { exitCode, out, err } = run(...args);
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toMatch(/^secure-bucket: [^\n]*\n$/);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/mistake of secure-bucket|\bat .*:\d+:\d+/);
  });

  test('without a command it says what there is', () => {
    expect(run()).toMatchObject({ exitCode: 1, out: '', err: expect.stringContaining('secure-bucket: Name a command') });
  });

  test('writes no colours where nobody sees them', () => expect(run('prove', LEGACY).out).not.toContain('\u001b'));

  test('a reader who has seen enough is no error', async () => {
    const process1 = spawn(process.execPath, [command, 'check', LEGACY, '--format', 'json'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    process1.stderr.on('data', (text) => {
      err += text;
    });
    process1.stdout.destroy();
    const exitCode = await new Promise((done) => process1.on('close', done));
    expect([exitCode, err]).toEqual([2, '']);
  });

  test('loads nothing of the CDK, and nothing but itself', () => {
    const text = readFileSync(command, 'utf8');
    const required = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name.replace(/^node:/, ''));
    expect(required).toContain('fs');
    expect(required.filter((name) => !builtinModules.includes(name))).toEqual([]);
  });

  test('is no larger than a megabyte: most of its start is spent on reading it', () => expect(statSync(command).size).toBeLessThan(1_000_000));

  test('the licenses of what is bundled are beside it', () => {
    const licenses = readFileSync(join(folder, 'bin/THIRD-PARTY-LICENSES'), 'utf8');
    expect(licenses).toMatch(/^commander \d/m);
    expect(licenses).toMatch(/^yaml \d/m);
    expect(licenses).toMatch(/Permission is hereby granted/);
  });
});
