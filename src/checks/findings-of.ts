import { Finding, Rule } from './finding';
import { twins } from './twins';
import { Bucket, BucketView, Inventory } from '../access/inventory';

/** A finding with the rule that it belongs to. */
export interface RuleFinding extends Finding {
  readonly rule: Rule;
}

/** Which rules are asked. */
export interface Asking {
  readonly rules: readonly Rule[];

  /** Is told each rule before it is asked. */
  readonly onRule: (rule: Rule) => void;
}

/**
 * Everything that the rules have to say about a deployment whose unknown values are no others than they seem, in the order of the rules.
 */
export function findingsOf(inventory: Inventory, { rules, onRule }: Asking): RuleFinding[] {
  const asked = (rule: Rule): Rule => {
    onRule(rule);
    return rule;
  };
  const byRule = new Map<Rule, Finding[]>(rules.map((rule) => [rule, [...(asked(rule).judgeDeployment?.(inventory) ?? [])]]));
  const groups = twins(inventory);
  const suspects = judgeBuckets(inventory, groups.map(([first]) => first), byRule, asked);
  // Where the first of several twins is clean, the others are.
  judgeBuckets(inventory, groups.filter(([first]) => suspects.has(first)).flatMap(([, ...others]) => others), byRule, asked);
  return rules.flatMap((rule) => distinct(byRule.get(rule)!).map((finding) => ({ rule, ...finding })));
}

/** A key that several buckets share is judged with each. */
function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [[finding.resource.stack.name, finding.resource.logicalId, finding.problem].join('\n'), finding])).values()];
}

/** Adds the findings about buckets, and says which buckets have any. */
function judgeBuckets(inventory: Inventory, buckets: readonly Bucket[], byRule: Map<Rule, Finding[]>, asked: (rule: Rule) => Rule): Set<Bucket> {
  const view = new BucketView(inventory, buckets);
  const blamed = new Set([...byRule.keys()].flatMap((rule) => {
    const findings = asked(rule).judgeBuckets?.(view) ?? [];
    byRule.get(rule)!.push(...findings);
    return findings.map(({ resource }) => resource);
  }));
  return new Set(buckets.filter(({ resource, policies, key, site }) => [resource, key, site, ...policies.map((policy) => policy.resource)].some((own) => own && blamed.has(own))));
}
