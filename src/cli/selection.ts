import { Command, Option } from 'commander';
import { didYouMean } from './did-you-mean';
import { count } from './text';
import { PACK } from '../checks/acknowledgements';
import { Rule } from '../checks/finding';
import { isAtLeast, SEVERITIES, Severity } from '../checks/finding-severity';
import { RULES } from '../checks/rules';
import { WrongInputError } from '../template/wrong-input';

/** The options that say which findings are shown, and fail. */
export interface SelectionOptions {
  readonly minSeverity?: Severity;
  readonly rule?: readonly string[];
  readonly skipRule?: readonly string[];
}

/** How many findings of each status there are. */
export interface Tally {
  readonly findings: number;
  readonly notDecided: number;
  readonly acknowledged: number;
}

export function takingSelection(command: Command): Command {
  return command
    .addOption(new Option('--min-severity <severity>', 'show findings of this severity and worse, and fail on no others').choices(SEVERITIES))
    .option('--rule <rules...>', 'ask these rules only, such as RequireTls')
    .option('--skip-rule <rules...>', 'leave these rules out');
}

/**
 * Whether the findings of a rule are asked for.
 *
 * @throws WrongInputError if an option names a rule that does not exist
 */
export function selectionOf({ minSeverity = 'low', rule: wanted, skipRule: skipped = [] }: SelectionOptions): (rule: Rule) => boolean {
  const only = wanted && rulesNamed(wanted, '--rule');
  const without = rulesNamed(skipped, '--skip-rule');
  return (rule) => (only?.has(rule) ?? true) && !without.has(rule) && isAtLeast(rule.severity, minSeverity);
}

/** What the options leave out, for people: nothing that is left out is clean. */
export function leftOutText({ findings, notDecided, acknowledged }: Tally): string | undefined {
  return findings + notDecided + acknowledged === 0
    ? undefined
    : `Not shown, because of --min-severity, --rule or --skip-rule: ${count(findings, 'finding')}, ${notDecided} not decided, ${acknowledged} acknowledged.`;
}

function rulesNamed(names: readonly string[], option: string): Set<Rule> {
  return new Set(names.map((name) => ruleNamed(name, option)));
}

function ruleNamed(name: string, option: string): Rule {
  const id = name.replace(new RegExp(`^${PACK}-`), '');
  const rule = RULES.find((one) => one.id === id);
  if (!rule) {
    throw new WrongInputError(`${option}: there is no rule '${name}'.${didYouMean(id, RULES.map((one) => one.id))} docs/checks.md lists the rules.`);
  }
  return rule;
}
