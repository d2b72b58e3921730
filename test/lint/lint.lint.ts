import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { IGNORED, isIgnored } from './ignored';
import { LintedTemplate, lintedTemplates } from './linted-templates';
import { secureBucket } from '../cli/terminal';

// What cfn-lint, the rule PolicySyntax and CloudFormation's schemas say of every template that this package has a part in. `.ci/lint` installs cfn-lint.

interface Finding {
  readonly template: string;
  readonly rule: string;
  readonly where: string;
  readonly text: string;
}

const folder = mkdtempSync(join(tmpdir(), 'lint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const templates = lintedTemplates(folder);
const findings = [...new Set(templates.map(({ region }) => region))].flatMap(cfnLint);

function cfnLint(region: string): Finding[] {
  const linted = templates.filter((template) => template.region === region);
  const { status, stdout, stderr } = spawnSync(process.env.CFN_LINT!, ['--regions', region, '--format', 'json', '--', ...linted.map(({ file }) => file)], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status === null || !stdout.trim().startsWith('[')) {
    throw new Error(`cfn-lint did not run: ${stderr}`);
  }
  return (JSON.parse(stdout) as any[]).map(({ Filename, Rule, Location, Message }) => ({
    template: linted.find(({ file }) => file === Filename)!.name, rule: Rule.Id, where: Location.Path.join('/'), text: Message,
  }));
}

test('there are templates of three partitions', () => {
  expect(templates.length).toBeGreaterThan(80);
  expect(templates.map(({ region }) => region)).toEqual(expect.arrayContaining(['eu-west-1', 'cn-north-1', 'us-gov-west-1']));
});

test('cfn-lint finds a mistake where one is', () => {
  const { status } = spawnSync(process.env.CFN_LINT!, ['--regions', 'eu-west-1', '--', '-'], { input: '{"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"Nonsense":true}}}}' });
  expect(status).toBe(2);
});

test.each(templates.map(({ name }) => name))('cfn-lint: %s', (name) => {
  expect(findings.filter((finding) => finding.template === name && !isIgnored(finding))).toEqual([]);
});

test.each(templates)('PolicySyntax: $name', ({ file }: LintedTemplate) => {
  const { out } = secureBucket('check', file, '--format', 'json');
  expect(JSON.parse(out).findings.filter(({ rule }: { rule: string }) => rule.startsWith('SecureBucket-PolicySyntax'))).toEqual([]);
});

test.each(IGNORED)('what is ignored is still said: $rule, because $reason', (ignored) => {
  expect(findings.some((finding) => isIgnored(finding, [ignored]))).toBe(true);
});
