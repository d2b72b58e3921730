import { readFileSync } from 'fs';
import { RULES } from '../../src/checks/rules';
import { CHECKS_PAGE, checksPage, CONFIGURATION_SCHEMA, schemaWithRules } from '../support/checks-page';

test('docs/checks.md lists the rules as they are (npx projen docs:checks)', () => {
  expect(readFileSync(CHECKS_PAGE, 'utf8')).toBe(checksPage());
});

test('the schema of configuration files names the rules as they are (npx projen docs:checks)', () => {
  const schema = readFileSync(CONFIGURATION_SCHEMA, 'utf8');
  expect(JSON.parse(schema).definitions.rule.anyOf[0].enum).toEqual(RULES.map(({ id }) => id));
  expect(schema).toBe(schemaWithRules(schema));
});

test('every rule has an id of its own, says what, why and where it comes from, and judges something', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  for (const { id, requirement, reason, severityReason, guide, see, judgeBuckets, judgeDeployment, judgeAllWays } of RULES) {
    expect(id).toMatch(/^[A-Z][A-Za-z]+$/);
    expect([requirement, reason, severityReason].filter((text) => !text.endsWith('.'))).toEqual([]);
    expect(guide).toMatch(/^\d+(\.\d+)?$/);
    expect(see).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|github\.com)\//);
    expect(judgeBuckets ?? judgeDeployment ?? judgeAllWays).toBeDefined();
  }
});
