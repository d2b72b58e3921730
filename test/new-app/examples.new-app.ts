import { NewApp } from './new-app';

let app: NewApp;
beforeAll(() => {
  app = new NewApp(20);
}, 600_000);

test.each(['data-lake', 'log-archive', 'organization', 'shared-dataset', 'static-site'])('examples/%s, copied into a new app, passes its rule packs', (name) => {
  const { exitCode, out, err } = app.synthesizeExample(name);
  expect(err).not.toMatch(/ERROR|deprecated/);
  expect(exitCode).toBe(0);
  expect(out).toContain('RequireEncryption');
  expect(JSON.parse(app.read(`${name}/cdk.out/validation-report.json`)).pluginReports.filter(({ conclusion }: { conclusion: string }) => conclusion !== 'success')).toEqual([]);
}, 240_000);
