import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';

const PROJECT = resolve(__dirname, '../..');
const EXAMPLES = join(PROJECT, 'examples');
const CDK = join(PROJECT, 'node_modules/aws-cdk/bin/cdk');

const ENFORCED: Record<string, string[][]> = {
  'data-lake': [
    ['Bucket', 'Guardrail', 'Enforced'],
    ['DataLake/Lake', 'RequireTls', 'Requests use TLS 1.2 or newer.'],
    ['DataLake/Lake', 'RequireEncryption', "Uploads are encrypted with the bucket's own KMS key."],
    ['DataLake/Lake', 'RestrictToNetwork', 'Requests come from vpce-0abc123def4567890.'],
    ['DataLake/SecureBucketAccessLogs', 'RequireTls', 'Requests use TLS 1.2 or newer.'],
  ],
  'log-archive': [
    ['Bucket', 'Guardrail', 'Enforced'],
    ['LogArchive/Archive', 'RequireTls', 'Requests use TLS 1.2 or newer.'],
    ['LogArchive/Archive', 'RequireEncryption', "Uploads are encrypted with the bucket's own KMS key."],
    ['LogArchive/Archive', 'RestrictToNetwork', 'Requests come from vpce-0abc123def4567890.'],
    ['LogArchive/Archive', 'RestrictToOrganization', 'Callers belong to o-exampleorgid.'],
    ['LogArchive/SecureBucketAccessLogs', 'RequireTls', 'Requests use TLS 1.2 or newer.'],
    ['LogArchive/TrailLogs', 'RequireTls', 'Requests use TLS 1.2 or newer.'],
    ['LogArchive/TrailLogs', 'RequireEncryption', "Uploads are encrypted with the bucket's own KMS key."],
    ['LogArchive/TrailLogs', 'RestrictToNetwork', 'Requests come from vpce-0abc123def4567890.'],
    ['LogArchive/TrailLogs', 'RestrictToOrganization', 'Callers belong to o-exampleorgid.'],
    ['LogArchive/LoadBalancerLogs', 'RequireTls', 'Requests use TLS 1.2 or newer.'],
    ['LogArchive/Data', 'RequireTls', 'Requests use TLS 1.2 or newer.'],
    ['LogArchive/Data', 'RequireEncryption', "Uploads are encrypted with the bucket's own KMS key."],
    ['LogArchive/Data', 'RestrictToNetwork', 'Requests come from vpce-0abc123def4567890.'],
    ['LogArchive/Data', 'RestrictToOrganization', 'Callers belong to o-exampleorgid.'],
  ],
  'organization': [
    ['Bucket', 'Guardrail', 'Enforced'],
    ...['Analytics', 'Billing'].flatMap((stack) => [
      [`${stack}/Data`, 'RequireTls', 'Requests use TLS 1.2 or newer.'],
      [`${stack}/Data`, 'RequireEncryption', "Uploads are encrypted with the bucket's own KMS key."],
      [`${stack}/SecureBucketAccessLogs`, 'RequireTls', 'Requests use TLS 1.2 or newer.'],
    ]),
  ],
  'shared-dataset': [
    ['Bucket', 'Guardrail', 'Enforced'],
    ['Producer/Dataset', 'RequireTls', 'Requests use TLS 1.2 or newer.'],
    ['Producer/Dataset', 'RequireEncryption', "Uploads are encrypted with the bucket's own KMS key."],
    ['Producer/Dataset', 'RestrictToNetwork', 'Requests come from vpce-0abc123def4567890.'],
    ['Producer/Dataset', 'RestrictToOrganization', 'Callers belong to o-exampleorgid.'],
    ['Producer/SecureBucketAccessLogs', 'RequireTls', 'Requests use TLS 1.2 or newer.'],
  ],
  'static-site': [
    ['Bucket', 'Guardrail', 'Enforced'],
    ['Site/Content', 'RequireTls', 'Requests use TLS 1.2 or newer.'],
    ['Site/Content', 'RequireEncryption', "Uploads are encrypted with the bucket's own KMS key."],
    ['Site/Content', 'RestrictToOrganization', 'Callers belong to o-exampleorgid.'],
    ['Site/SecureBucketAccessLogs', 'RequireTls', 'Requests use TLS 1.2 or newer.'],
  ],
};

const examples = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'cdk.json')));

interface Synthesis {
  readonly exitCode: number | null;
  readonly printed: string;
  readonly report: any;
}

/** Synthesizes an example with the `cdk` command, on the compiled package. */
function synthesize(example: string): Synthesis {
  const assembly = mkdtempSync(join(tmpdir(), 'example-'));
  try {
    const options = { cwd: join(EXAMPLES, example), encoding: 'utf8' as const, env: { ...process.env, NO_COLOR: '1', CI: undefined } };
    const { status, stdout } = spawnSync(process.execPath, [CDK, 'synth', '--quiet', '--output', assembly], options);
    const report = JSON.parse(readFileSync(join(assembly, 'validation-report.json'), 'utf8'));
    return { exitCode: status, printed: stdout, report };
  } finally {
    rmSync(assembly, { recursive: true, force: true });
  }
}

test('there are examples', () => {
  expect(examples).toEqual(Object.keys(ENFORCED));
});

describe.each(examples)('examples/%s', (example) => {
  let synthesis: Synthesis;
  beforeAll(() => {
    synthesis = synthesize(example);
  }, 60_000);

  test('is synthesized by the cdk command, and no validation plugin finds an error', () => {
    const failed = synthesis.report.pluginReports.filter(({ conclusion }: any) => conclusion !== 'success');
    expect(failed).toEqual([]);
    expect(synthesis.exitCode).toBe(0);
  });

  test('prints what is enforced on which bucket', () => {
    expect(synthesis.printed.trim().split('\n').map((line) => line.split(/ {2,}/))).toEqual(ENFORCED[example]);
  });
});
