import { readFileSync } from 'fs';
import { resolve } from 'path';
import { loadESLint } from 'eslint';

const PROJECT = resolve(__dirname, '..');
const { root, settings, parser, rules, overrides } = JSON.parse(readFileSync(resolve(PROJECT, '.eslintrc.json'), 'utf8').replace(/^\/\/.*$/m, ''));

// The project's rules on imports alone: the others ask for types, and the linted files do not exist.
const overrideConfig: any = {
  root,
  settings,
  parser,
  parserOptions: { ecmaVersion: 2018, sourceType: 'module' },
  plugins: ['import'],
  rules: { 'import/no-restricted-paths': rules['import/no-restricted-paths'] },
  overrides: overrides.filter((override: any) => override.rules['no-restricted-imports']),
};

/** The messages about imports that ESLint has for a file of the given path and text. */
async function complaints(path: string, text: string): Promise<string[]> {
  const LegacyESLint = await loadESLint({ useFlatConfig: false });
  const eslint = new LegacyESLint({ cwd: PROJECT, useEslintrc: false, overrideConfig } as any);
  const [{ messages }] = await eslint.lintText(text, { filePath: resolve(PROJECT, 'src', path) });
  expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
  return messages.map(({ message }) => message);
}

describe('dependencies point one way', () => {
  test.each([
    ['aws/a.ts', '../policy/identifiers'],
    ['aws/a.ts', '../refusal'],
    ['aws/a.ts', 'fs'],
    ['policy/a.ts', '../proof/prove'],
    ['policy/a.ts', '../guardrails/guardrail'],
    ['policy/a.ts', '../storage/secure-bucket'],
    ['policy/a.ts', '../refusal'],
    ['policy/a.ts', 'aws-cdk-lib'],
    ['policy/a.ts', 'aws-cdk-lib/aws-iam'],
    ['policy/a.ts', 'constructs'],
    ['proof/world/a.ts', '../../guarantees/transport'],
    ['proof/world/a.ts', '../../refusal'],
    ['proof/a.ts', 'constructs'],
    ['guarantees/a.ts', '../guardrails/guardrail'],
    ['guarantees/a.ts', 'aws-cdk-lib/aws-s3'],
    ['guardrails/a.ts', '../storage/secure-bucket'],
    ['access/a.ts', '../guardrails/guardrail'],
    ['statements/a.ts', '../guardrails/guardrail'],
    ['statements/a.ts', '../sharing/names'],
    ['checks/a.ts', '../storage/secure-bucket'],
    ['organization/a.ts', '../storage/secure-bucket'],
    ['checks/a.ts', '../organization/policy-target'],
  ])('%s may not import %s', async (path, imported) => {
    expect(await complaints(path, `import * as a from '${imported}';\nexport const b = a;\n`)).toHaveLength(1);
  });

  test.each([
    ['aws/a.ts', './actions'],
    ['policy/a.ts', '../aws/actions'],
    ['proof/world/a.ts', '../../aws/condition-keys'],
    ['guarantees/a.ts', '../proof/prove'],
    ['guardrails/a.ts', '../guarantees/transport'],
    ['guardrails/a.ts', '../policy/identifiers'],
    ['storage/a.ts', '../guardrails/guardrail'],
    ['storage/a.ts', '../policy/identifiers'],
    ['storage/a.ts', '../statements/hand-over'],
    ['guardrails/a.ts', '../statements/hand-over'],
    ['storage/a.ts', '../aws/actions'],
    ['organization/a.ts', '../guardrails/guardrail'],
    ['access/a.ts', '../policy/identifiers'],
    ['access/a.ts', '../guarantees/transport'],
    ['checks/a.ts', '../guardrails/guardrail'],
    ['policy/a.ts', './identifiers'],
    ['storage/a.ts', 'aws-cdk-lib'],
  ])('%s may import %s', async (path, imported) => {
    expect(await complaints(path, `import * as a from '${imported}';\nexport const b = a;\n`)).toEqual([]);
  });
});
