import { PACK } from './acknowledgements';
import { Rule } from './finding';
import { RULES } from './rules';
import { didYouMean } from '../policy/did-you-mean';

/** The rule with a name, with the prefix of the pack or without. */
export function ruleNamed(name: string): Rule | undefined {
  return RULES.find(({ id }) => id === withoutPrefix(name));
}

/** That there is no such rule. */
export function noRuleText(name: string): string {
  return `there is no rule '${name}'.${didYouMean(withoutPrefix(name), RULES.map(({ id }) => id))} docs/checks.md lists the rules.`;
}

function withoutPrefix(name: string): string {
  return name.replace(new RegExp(`^${PACK}-`), '');
}
