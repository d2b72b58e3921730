import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { EXPIRED } from '../../src/checks/configuration/acknowledged';
import { Rule } from '../../src/checks/finding';
import { judge, RuleFinding } from '../../src/checks/judge';
import { pageOf, REPOSITORY } from '../../src/checks/rule-page';
import { RULES } from '../../src/checks/rules';
import { readTemplate } from '../../src/cli/template-file';
import { deploymentOf } from '../../src/template/deployment-of';
import { file, json, LEGACY, secureBucket } from '../cli/terminal';
import { CHECKS_PAGE } from '../support/checks-page';
import { PROJECT } from '../support/new-folder';
import { pagedIds, pageFile, rulePage, RULE_PAGES, sectionOf, SECTIONS, templatesIn } from '../support/rule-pages';

/** Rules that only say what nobody has looked at: nothing of it is decided. */
const NEVER_DECIDED = ['Transforms', 'UnjudgedBuckets', 'OpenValues'];

const RULES_BY_ID = RULES.map((rule): [id: string, rule: Rule] => [rule.id, rule]);

test('each rule has a page, and each page a rule: "npx projen docs:checks" begins the page of a new rule', () => {
  expect(pagedIds().sort()).toEqual(RULES.map(({ id }) => id).sort());
});

describe.each(RULES_BY_ID)('docs/rules/%s.md', (id, rule) => {
  const page = existsSync(pageFile(rule)) ? readFileSync(pageFile(rule), 'utf8') : '';

  test('says what the rule says (npx projen docs:checks), and what the rule does not see', () => {
    expect(page).toBe(rulePage(rule));
    expect(sectionOf(page, SECTIONS.unseen)).toMatch(/^- .+\.$/m);
  });

  test(`has under '${SECTIONS.broken}' a template of which the rule says so`, () => {
    const findings = findingsIn(page, SECTIONS.broken).filter((finding) => finding.rule === rule);
    expect(findings.map(({ isDecided }) => isDecided)).toContain(!NEVER_DECIDED.includes(id));
  });

  test(`has under '${SECTIONS.kept}' a template of which the rule says nothing, and no other rule of high severity`, () => {
    const findings = findingsIn(page, SECTIONS.kept).filter((finding) => finding.rule === rule || finding.rule.severity === 'high');
    expect(findings.map(lineOf)).toEqual([]);
  });

  test('leads to files that are there', () => {
    const links = [...page.matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, link]) => join(RULE_PAGES, link));
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });
});

function findingsIn(page: string, section: string): RuleFinding[] {
  const templates = templatesIn(page, section);
  expect(templates).not.toEqual([]);
  const deployment = deploymentOf(templates.map(({ text, ...environment }, i) => ({ name: `Stack${i}`, ...environment, ...readTemplate(file(text, 'template.yaml')) })));
  return judge(deployment, undefined, { rules: RULES });
}

function lineOf({ rule, isDecided, resource, problem }: RuleFinding): string {
  return `${rule.id}${isDecided ? '' : '-NotDecided'} ${resource.logicalId}: ${problem}`;
}

test('docs/checks.md links each rule to its page', () => {
  const links = [...readFileSync(CHECKS_PAGE, 'utf8').matchAll(/^\| \[`SecureBucket-(\w+)`\]\(([^)]+)\)/gm)].map(([, id, link]) => [id, join(dirname(CHECKS_PAGE), link)]);
  expect(links).toEqual(RULES.map((rule) => [rule.id, pageFile(rule)]));
});

test('findings lead to the page of their rule in the repository that the package names', () => {
  const { repository } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
  expect(repository.url).toBe(`${REPOSITORY}.git`);
  expect(RULES.map(pageOf)).toEqual(RULES.map((rule) => `${REPOSITORY}/blob/main/${pageFile(rule).slice(PROJECT.length + 1)}`));
});

describe('the command leads to the page of a rule', () => {
  const page = `${REPOSITORY}/blob/main/docs/rules/RequireTls.md`;
  const sarifOf = (command: string) => JSON.parse(secureBucket(command, LEGACY, '--format', 'sarif').out).runs[0].tool.driver.rules;

  test('in JSON', () => expect(json('check', LEGACY).findings).toContainEqual(expect.objectContaining({ rule: 'SecureBucket-RequireTls', page })));

  test.each(['check', 'prove'])('in SARIF of %s', (command) => expect(sarifOf(command)).toContainEqual(expect.objectContaining({ id: 'SecureBucket-RequireTls', helpUri: page })));

  test.each(['check', 'prove'])('in Markdown of %s', (command) => expect(secureBucket(command, LEGACY, '--format', 'markdown').out).toContain(`[SecureBucket-RequireTls](${page})`));
});

test('what is no rule of the pack leads where it says itself', () => {
  expect(pageOf(EXPIRED)).toBe(`${REPOSITORY}/blob/main/docs/configuration.md#acknowledgements`);
});
