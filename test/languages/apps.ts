import { spawnSync } from 'child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { NewFolder, PROJECT } from '../support/new-folder';

/** What became of an app. */
export interface Synthesized {
  readonly exitCode: number | null;
  readonly templates: Readonly<Record<string, unknown>>;

  /** The rules of which the validation report tells violations. */
  readonly violated: readonly string[];

  /** The decision that the app writes down. */
  readonly decision: string;
}

const CDK = join(PROJECT, 'node_modules/aws-cdk/bin/cdk');
const CONTEXT = { '@aws-cdk/aws-iam:minimizePolicies': true, '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true, '@aws-cdk/core:enablePartitionLiterals': true };

/** How each language runs its app, in a folder. */
const COMMANDS: Record<string, string> = {
  typescript: `npx --prefix ${PROJECT} ts-node --transpile-only --project ${join(PROJECT, 'tsconfig.dev.json')} ${join(PROJECT, 'test/languages/app.ts')}`,
  python: `${process.env.PYTHON} ${join(PROJECT, 'test/languages/python/app.py')}`,
};

/** Synthesizes the app of a language with the `cdk` command. */
export function synthesize(language: string, env: Record<string, string> = {}): Synthesized {
  const folder = new NewFolder();
  const assembly = join(folder.path, 'cdk.out');
  writeFileSync(join(folder.path, 'cdk.json'), JSON.stringify({ app: COMMANDS[language], context: CONTEXT, notices: false }));
  const { status, stdout, stderr } = spawnSync(process.execPath, [CDK, 'synth', '--quiet'], { cwd: folder.path, encoding: 'utf8', env: { ...process.env, CI: undefined, ...env } });
  if (!existsSync(join(folder.path, 'decision.txt'))) {
    throw new Error(`The app in ${language} did not come to its end: ${stdout}${stderr}`);
  }
  const templates = readdirSync(assembly).filter((file) => file.endsWith('.template.json'));
  return {
    exitCode: status,
    templates: Object.fromEntries(templates.map((file) => [file, JSON.parse(readFileSync(join(assembly, file), 'utf8'))])),
    violated: violatedIn(join(assembly, 'validation-report.json')),
    decision: folder.read('decision.txt'),
  };
}

function violatedIn(report: string): string[] {
  const { pluginReports } = JSON.parse(readFileSync(report, 'utf8'));
  return pluginReports.flatMap(({ violations }: any) => violations.filter(({ severity }: any) => severity === 'error').map(({ ruleName }: any) => ruleName));
}
