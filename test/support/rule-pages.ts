import { existsSync, readdirSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { Rule } from '../../src/checks/finding';

/** The pages of the rules, one a rule. `npx projen docs:checks` writes what the rules say into them, and a test holds it. */
export const RULE_PAGES = resolve(__dirname, '../../docs/rules');

export function pageFile({ id }: Pick<Rule, 'id'>): string {
  return join(RULE_PAGES, `${id}.md`);
}

/** The ids for which there are pages. */
export function pagedIds(): string[] {
  return readdirSync(RULE_PAGES).map((file) => file.replace(/\.md$/, ''));
}

const BEGIN = '<!-- Below is written by hand. Above, and after the next of these lines, "npx projen docs:checks" writes what the rule says. -->';
const END = '<!-- End of what is written by hand. -->';

export const SECTIONS = { broken: 'Breaks it', kept: 'Does not break it', unseen: 'What it does not see' } as const;

const NOTHING_YET = `${BEGIN}

## ${SECTIONS.broken}

\`\`\`yaml
\`\`\`

## ${SECTIONS.kept}

\`\`\`yaml
\`\`\`

## ${SECTIONS.unseen}

${END}`;

/** The page of a rule as it should be: what the rule says, around what is written by hand already. */
export function rulePage(rule: Rule): string {
  return `${beginning(rule)}\n${writtenByHand(rule)}\n${ending(rule)}`;
}

function writtenByHand(rule: Rule): string {
  const page = existsSync(pageFile(rule)) ? readFileSync(pageFile(rule), 'utf8') : '';
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  return begin < 0 || end < begin ? NOTHING_YET : page.slice(begin, end + END.length);
}

function beginning({ id, requirement, reason, severity, severityReason, level, guide, see }: Rule): string {
  return `# SecureBucket-${id}

**${requirement}** ${reason}

| | |
|---|---|
| Severity | **${severity}**. ${severityReason} |${level === undefined ? '' : `\n| Level | \`${level}\`: [off by default](../checks.md) |`}
| AWS | [documentation](${see}) |
| Guide | section ${guide} of the S3 security guide |
| All rules | [checks.md](../checks.md#rules) |
`;
}

function ending({ id }: Rule): string {
  return `
## To accept a finding

In a CDK app, on the construct; what the rule does not decide is accepted with it:

\`\`\`ts
Validations.of(construct).acknowledge({ id: 'SecureBucket-${id}', reason: 'why it is accepted' });
\`\`\`

For the command and the rule pack, with an owner and a last day, in the [configuration file](../configuration.md#acknowledgements):

\`\`\`yaml
acknowledgements:
  - rule: ${id}
    resource: Data # the logical ID or the construct path that the finding names
    reason: why it is accepted
    owner: team-data
    expires: 2027-01-31
\`\`\`
`;
}

/** What a section of a page says. */
export function sectionOf(page: string, title: string): string {
  return new RegExp(`^## ${title}\n([\\s\\S]*?)(?=^## |^<!--)`, 'm').exec(page)?.[1].trim() ?? '';
}

/** A template of a page, and where its first line says that it is deployed to. */
export interface PageTemplate {
  readonly text: string;
  readonly account?: string;
  readonly region?: string;
}

/** The templates of a section of a page, which are deployed together. */
export function templatesIn(page: string, title: string): PageTemplate[] {
  const fences = sectionOf(page, title).matchAll(/^```yaml\n([\s\S]*?)^```$/gm);
  return [...fences].map(([, text]) => {
    const [, account, region] = /^# deployed to account (\d{12}), ([a-z0-9-]+)\n/.exec(text) ?? [];
    return { text, account, region };
  });
}
