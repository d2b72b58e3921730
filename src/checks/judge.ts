import { Finding, Rule } from './finding';
import { Inventory } from './inventory';
import { RULES } from './rules';
import { Deployment } from '../access/deployment';

/** A finding with the rule that it belongs to. */
export interface RuleFinding extends Finding {
  readonly rule: Rule;
}

/** Everything that the rules have to say about a deployment. */
export function judge(deployment: Deployment): RuleFinding[] {
  const inventory = new Inventory(deployment);
  return RULES.flatMap((rule) => rule.judge(inventory).map((finding) => ({ rule, ...finding })));
}
