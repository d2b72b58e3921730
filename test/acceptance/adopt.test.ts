import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { App } from 'aws-cdk-lib';
import { SecureBucketChecks } from '../../src';
import { secureBucket } from '../cli/terminal';
import { damageOf, templatesOf } from '../support/damage';
import { PROJECT } from '../support/new-folder';
import { runSnippet } from '../support/run-snippet';
import { snippetsOf } from '../support/snippets';

// docs/adopt.md, followed: its apps one after another, its commands on what they synthesize, its deployments.

const PAGE = readFileSync(join(PROJECT, 'docs/adopt.md'), 'utf8');
const SESSIONS = [...PAGE.matchAll(/^```text\n\$ npx secure-bucket (.*)\n([\s\S]*?)^```$/gm)].map(([, typed, printed]) => ({ typed, printed }));
const [before, guarded, perimeters, gate, back] = snippetsOf('docs/adopt.md').map((snippet) => () => runSnippet(snippet));
const EXIT_CODES: Record<string, number> = { Allowed: 0, Denied: 2, Storage: 2, The: 2 };

const folder = mkdtempSync(join(tmpdir(), 'adopt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  Object.entries({ before, guarded, perimeters }).forEach(([name, build]) => synthesizeInto(join(folder, name), build));
  writeFileSync(join(folder, 'record.json'), /^```json\n([\s\S]*?)^```$/m.exec(PAGE)![1]);
}, 60_000);

function synthesizeInto(directory: string, build: () => App): void {
  process.env.CDK_OUTDIR = directory;
  build().synth();
  delete process.env.CDK_OUTDIR;
}

function templateOf(build: () => App): any {
  return build().synth().getStackByName('Storage').template;
}

/** What happens to the resources that were there. */
function impacts(from: () => App, to: () => App): Record<string, ResourceImpact> {
  const { resources } = fullDiff(templateOf(from), templateOf(to));
  return Object.fromEntries(Object.entries(resources.changes).filter(([, { isAddition }]) => !isAddition).map(([id, { changeImpact }]) => [id.replace(/[0-9A-F]{8}$/, ''), changeImpact]));
}

test('the page has sessions', () => {
  expect(SESSIONS.length).toBeGreaterThanOrEqual(5);
});

test.each(SESSIONS)('$typed', ({ typed, printed }) => {
  const files = /^(?:before|guarded|perimeters|record\.json)$/;
  const { exitCode, out, err } = secureBucket(...typed.split(' ').map((word) => (files.test(word) ? join(folder, word) : word)));
  expect([exitCode, err]).toEqual([EXIT_CODES[/^\w+/.exec(printed)![0]], '']);
  expect(printed.trim().split('\n').filter((line) => !out.includes(line.replace(/ ?…$/, '')))).toEqual([]);
});

test('neither step replaces or releases a resource', () => {
  expect(damageOf(templatesOf(before()), templatesOf(guarded()))).toEqual([]);
  expect(damageOf(templatesOf(guarded()), templatesOf(perimeters()))).toEqual([]);
});

test('the gate passes, and only by what is acknowledged with a reason', () => {
  const acknowledged = PAGE.match(/(?<=id: ')SecureBucket-\w+/g)!.sort();
  const app = gate();
  const checks = new SecureBucketChecks(app);
  expect(checks.validateScope(app).violations).toEqual([]);
  app.node.findAll().forEach(({ node }) => jest.spyOn(node, 'metadata', 'get').mockReturnValue([]));
  expect(checks.validateScope(app).violations.map(({ ruleName }) => ruleName).sort()).toEqual(acknowledged);
});

test('going back keeps the bucket, its key and its policy, and gives up the log bucket', () => {
  expect(impacts(guarded, back)).toEqual({
    Reports: ResourceImpact.WILL_UPDATE,
    ReportsPolicy: ResourceImpact.WILL_UPDATE,
    SecureBucketAccessLogs: ResourceImpact.WILL_ORPHAN,
    SecureBucketAccessLogsPolicy: ResourceImpact.WILL_ORPHAN,
    ReportsKey: ResourceImpact.WILL_UPDATE, // its policy: the partner may decrypt
  });
});

test('going back leaves what protects the bucket by itself', () => {
  const settings = ['PublicAccessBlockConfiguration', 'OwnershipControls', 'VersioningConfiguration'];
  const bucketOf = (build: () => App): any => Object.values<any>(templateOf(build).Resources).find(({ Properties }) => Properties.BucketName === 'amzn-s3-demo-reports').Properties;
  settings.forEach((setting) => expect(bucketOf(back)[setting]).toEqual(bucketOf(guarded)[setting]));
});
