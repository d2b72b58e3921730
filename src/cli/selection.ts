import { Command, Option } from 'commander';
import { count } from './text';
import { Level, LEVELS } from '../checks/check-level';
import { Configuration, isAsked } from '../checks/configuration/configuration';
import { Rule } from '../checks/finding';
import { SEVERITIES, Severity } from '../checks/finding-severity';
import { noRuleText, ruleNamed } from '../checks/rule-names';
import { rulesOn } from '../checks/rules-on';
import { WrongInputError } from '../template/wrong-input';

/** The options that say which findings are shown, and fail. */
export interface SelectionOptions {
  readonly minSeverity?: Severity;
  readonly level?: readonly Level[];
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
    .addOption(new Option('--level <levels...>', 'ask the rules of these levels as well, which are off by default').choices(LEVELS))
    .option('--rule <rules...>', 'ask these rules only, such as RequireTls')
    .option('--skip-rule <rules...>', 'leave these rules out');
}

/** The rules that options and configuration turn on. What an option says takes the place of what the configuration says; a rule that is named is on. */
export function rulesOf({ level, rule }: SelectionOptions, { levels, only }: Pick<Configuration, 'levels' | 'only'>): readonly Rule[] {
  return rulesOn({ levels: level ?? levels, only: rule ? idsOf(rule, '--rule') : only });
}

/**
 * Whether the findings of a rule are asked for. What an option says takes the place of what the configuration says; whoever names rules does not have them
 * skipped by a file.
 *
 * @throws WrongInputError if an option names a rule that does not exist
 */
export function selectionOf({ minSeverity, rule, skipRule }: SelectionOptions, configuration: Configuration): (rule: Rule) => boolean {
  const only = rule && idsOf(rule, '--rule');
  const skip = skipRule && idsOf(skipRule, '--skip-rule');
  const asked = {
    only: only ?? configuration.only,
    skip: skip ?? (only ? undefined : configuration.skip),
    minSeverity: minSeverity ?? configuration.minSeverity,
  };
  return (one) => isAsked(one, asked);
}

/** What options and configuration leave out, for people: nothing that is left out is clean. */
export function leftOutText({ findings, notDecided, acknowledged }: Tally, { only, skip, minSeverity }: Configuration): string | undefined {
  const isConfigured = [only, skip, minSeverity].some((given) => given !== undefined);
  return findings + notDecided + acknowledged === 0
    ? undefined
    : `Not shown, because of --min-severity, --rule${isConfigured ? ',' : ' or'} --skip-rule${isConfigured ? ' or the configuration' : ''}: ${count(findings, 'finding')}, ${notDecided} not decided, ${acknowledged} acknowledged.`;
}

function idsOf(names: readonly string[], option: string): string[] {
  return names.map((name) => {
    const rule = ruleNamed(name);
    if (!rule) {
      throw new WrongInputError(`${option}: ${noRuleText(name)}`);
    }
    return rule.id;
  });
}
