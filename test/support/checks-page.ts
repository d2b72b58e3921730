import { readFileSync, writeFileSync } from 'fs';
import { resolve } from 'path';
import { pageFile, rulePage } from './rule-pages';
import { Level } from '../../src/checks/check-level';
import { RULES } from '../../src/checks/rules';

/** The page that lists the rules. `npx projen docs:checks` writes it, and a test holds it. */
export const CHECKS_PAGE = resolve(__dirname, '../../docs/checks.md');

function ofLevel(asked: Level): string {
  return RULES.filter(({ level }) => level === asked).map(({ id }) => `[\`${id}\`](rules/${id}.md)`).join(', ');
}

const INTRODUCTION = `# SecureBucketChecks

A rule pack for cdk-nag that evaluates policies instead of comparing their text. It reads the synthesized templates of the whole app, so
that it does not matter who made a resource, or how: an L2, an L1, \`CfnInclude\`, an escape hatch, somebody else's construct.

\`\`\`ts
import { App, Stack, Validations } from 'aws-cdk-lib';
import { SecureBucket, SecureBucketChecks } from 'cdk-secure-bucket';

const app = new App();
new SecureBucket(new Stack(app, 'Storage'), 'Data');
Validations.of(app).addPlugins(new SecureBucketChecks(app));
\`\`\`

A finding fails \`cdk synth\` with exit code 1. It says what is wrong, on which construct and logical ID, which request proves it, and what
to do; all of them are in \`validation-report.json\`.

**Not decided.** What a template does not tell (a parameter, an imported value, a transform) is neither clean nor a finding: it is a
warning whose id ends in \`-NotDecided\`, and fails nothing.

**Severities.** Each rule has one: *high*, data can leave or be lost now; *medium*, a layer of protection is missing; *low*, nothing is exposed. What is not decided has the severity of its rule.
Every finding fails, unless \`new SecureBucketChecks(app, { failOn: FindingSeverity.HIGH })\` says from which severity on: the others are warnings then. The command has [\`--min-severity\`](command.md#check).

**Levels.** Rules of a level are off until it is turned on: \`new SecureBucketChecks(app, { levels: [CheckLevel.AUDIT] })\`, \`rules: { levels: [audit] }\` in the configuration file, \`--level audit\` of the command;
or until \`rules.only\` or \`--rule\` names the rule. What a rule that is off would find is neither shown nor counted. Of the level *audit*: ${ofLevel('audit')}.

**Acknowledging.** \`Validations.of(construct).acknowledge({ id: 'SecureBucket-Versioning', reason: '…' })\` silences a rule for a construct and
everything below it; its \`-NotDecided\` too. Acknowledge on the resource, not on the app.

**Configuration.** \`new SecureBucketChecks(app, { configFile: 'secure-bucket.yaml' })\` reads the [configuration file](configuration.md) of the command: rules, severities, assumptions, and
acknowledgements with an owner and a last day. One that has expired is a finding, \`SecureBucket-ExpiredAcknowledgement\`.

**Not judged.** Policies that are written elsewhere: roles, buckets and keys that are imported; settings of the account, unless a custom resource of the app makes them. \`RequireTls\` and all
other perimeter rules judge each bucket's policy, together with the resource control policies of the app that are attached to its account, for every caller who may have permissions of their own.

What the proofs behind the rules cover: [proofs.md](proofs.md).

## Rules

The ids never change. Each leads to the page of the rule: a template that breaks it, one that does not, and what the rule does not see.
The templates are cut to what the rule is about: rules of lower severity have more to say of them. *Guide* is the section of the S3 security guide that asks for it.
`;

export function checksPage(): string {
  const rows = RULES.map(({ id, severity, severityReason, requirement, reason, guide, see }) => `| [\`SecureBucket-${id}\`](rules/${id}.md) | ${requirement} | ${reason} | **${severity}** ${severityReason} | ${guide} | [AWS](${see}) |`);
  return `${INTRODUCTION}\n| id | what must be true | why | severity | guide | page |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

/** The schema of configuration files, which names the rules. */
export const CONFIGURATION_SCHEMA = resolve(__dirname, '../../docs/configuration.schema.json');

/** The schema with the rules as they are. */
export function schemaWithRules(schema: string): string {
  return schema.replace(/("anyOf": \[\{ "enum": )\[[^\]]*\]/, (_, before: string) => `${before}[${RULES.map(({ id }) => `"${id}"`).join(', ')}]`);
}

if (require.main === module) {
  writeFileSync(CHECKS_PAGE, checksPage());
  RULES.forEach((rule) => writeFileSync(pageFile(rule), rulePage(rule)));
  writeFileSync(CONFIGURATION_SCHEMA, schemaWithRules(readFileSync(CONFIGURATION_SCHEMA, 'utf8')));
}
