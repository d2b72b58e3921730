import { createHash } from 'crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Aspects, Stack, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IN_ENVIRONMENT, json, LEGACY, REPORTS, secureBucket } from './terminal';
import { RequireTls } from '../../src';

const folder = mkdtempSync(join(tmpdir(), 'report-'));
const page = join(folder, 'page.html');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('secure-bucket report', () => {
  test('writes one page, and says where', () => {
    expect(secureBucket('report', LEGACY, ...IN_ENVIRONMENT, '--output', page)).toMatchObject({ exitCode: 0, err: '', out: expect.stringMatching(/^\d+ buckets?, \d+ findings?, 1 acknowledged: written to .*page\.html\.\n$/) });
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>[^]*<title>Who can reach the data of legacy\.json<\/title>[^]*<\/html>\n$/);
  });

  test('says the same as JSON', () => {
    secureBucket('report', REPORTS, ...IN_ENVIRONMENT, '--output', page);
    const report = json('report', REPORTS, ...IN_ENVIRONMENT);
    expect(report).toMatchObject({ command: 'report', subject: 'reports.yaml' });
    expect(report.templates).toEqual([{ file: REPORTS, sha256: createHash('sha256').update(readFileSync(REPORTS)).digest('hex') }]);
    expect(readFileSync(page, 'utf8')).toContain(report.templates[0].sha256);
    expect(report.buckets[0].guarantees.length).toBeGreaterThan(0);
    report.buckets.forEach(({ path }: { path: string }) => expect(readFileSync(page, 'utf8')).toContain(path));
  });

  test('shows what guardrails leave out on purpose, with the reason', () => {
    const app = new App({ analyticsReporting: false, outdir: join(folder, 'cdk.out') });
    const stack = new Stack(app, 'Legacy', { env: { account: '111122223333', region: 'eu-west-1' } });
    Validations.of(new s3.Bucket(stack, 'Devices')).acknowledge({ id: 'cdk-secure-bucket:requireTls', reason: 'Serves devices without TLS.' });
    Aspects.of(stack).add(new RequireTls());
    app.synth();
    const { acknowledged, findings } = json('report', join(folder, 'cdk.out'));
    expect(acknowledged).toEqual([expect.objectContaining({ rule: 'cdk-secure-bucket:requireTls', path: 'Legacy/Devices', reason: 'Serves devices without TLS.' })]);
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'SecureBucket-RequireTls' })); // it is still true of the bucket
    secureBucket('report', join(folder, 'cdk.out'), '--output', page);
    expect(readFileSync(page, 'utf8')).toContain('Reason: Serves devices without TLS.');
  });

  test('is written wrongly used: no SARIF, no folder to write to', () => {
    expect(secureBucket('report', LEGACY, '--format', 'sarif')).toMatchObject({ exitCode: 1, out: '', err: expect.stringMatching(/^secure-bucket: A report has no form in SARIF.*\n$/) });
    const nowhere = join(folder, 'missing', 'page.html');
    expect(secureBucket('report', LEGACY, '--output', nowhere)).toMatchObject({ exitCode: 1, out: '', err: expect.stringMatching(/^secure-bucket: --output: .*\n$/) });
    expect(existsSync(nowhere)).toBe(false);
  });
});
