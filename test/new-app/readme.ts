import { NewApp } from './new-app';
import { snippetsOf } from '../support/snippets';

const SNIPPETS = snippetsOf('README.md');
const GATE = SNIPPETS.find(({ code }) => code.includes('SecureBucketDefaults'))!;
const SHARING = SNIPPETS.find(({ code }) => code.includes('CrossAccountGrant'))!;

/** README, followed from its beginning to its end on a version of Node. */
export function followReadme(nodeVersion: number): void {
  let app: NewApp;
  beforeAll(() => {
    app = new NewApp(nodeVersion);
  }, 600_000);

  test.each([...SNIPPETS.filter((snippet) => snippet !== SHARING), SHARING])('$name synthesizes, and every bucket of it is proved', ({ code }) => {
    const { exitCode, err } = app.synthesize(code);
    expect(err).not.toMatch(/ERROR|deprecated/);
    expect(exitCode).toBe(0);
    expect(app.command('prove').out).toMatch(/^\d+ buckets?: \d+ guarantees hold, \d+ broken, 0 not decided\.$/m);
  }, 240_000);

  test('a request is explained', () => {
    expect(app.synthesize(SHARING.code).exitCode).toBe(0);
    const asked = ['explain', '--principal', 'Consumer/AppRole', '--action', 's3:GetObject', '--resource', 'Producer/Dataset'];
    expect(app.command(...asked, '--key', 'reports/1.csv')).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^Allowed: /) });
    expect(app.command(...asked, '--key', 'other/1.csv')).toMatchObject({ exitCode: 2, out: expect.stringMatching(/^Denied by identity-policies: /) });
    expect(app.command('report')).toMatchObject({ exitCode: 0, err: '' });
  }, 240_000);

  test('the gate fails synthesis, and the command says the same of what was written', () => {
    const { exitCode, err } = app.synthesize(GATE.code.replace("'Reports')", "'Reports', { enforceSSL: false })"));
    expect(exitCode).toBe(1);
    expect(err).toContain('Storage/Reports/Policy/Resource');
    expect(err).toContain('arn:aws:iam::<account>:role/Anyone calls s3:GetObject on ');
    expect(err).toContain("Acknowledge with 'SecureBucketChecks::SecureBucket-RequireTls'");
    const check = app.command('check');
    expect(check.exitCode).toBe(2);
    expect(check.out).toMatch(/^Storage\/Reports\/Resource .*\n  medium  RequireTls on ReportsPolicy\w+: Violated: requests over plain HTTP must be denied\.\n/);
    expect(app.command('prove')).toMatchObject({ exitCode: 2, err: '' });
  }, 240_000);
}
