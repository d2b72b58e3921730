import { DeployedStack, Deployment, isObject } from './deployment';
import { Choice } from './possibilities';
import { StackTemplate } from './template';

const MOST_CONDITIONS = 4; // each doubles the number of cases

/**
 * The cases of which one is true, where values depend on conditions that are not known before deployment: each condition holds or not.
 * Nothing if none depends on one, or too many do: then what depends on them stays open.
 */
export function conditionCases(deployment: Deployment): Choice[][] {
  const open = deployment.stacks.flatMap((stack) => openConditions(stack));
  const bothWays = (cases: Choice[][], condition: OpenCondition) => cases.flatMap((choices) => [true, false].map((holds) => [...choices, choiceOf(condition, holds)]));
  return open.length === 0 || open.length > MOST_CONDITIONS ? [] : open.reduce<Choice[][]>(bothWays, [[]]);
}

interface OpenCondition {
  readonly stack: DeployedStack;

  /** Conditions that say the same hold together. */
  readonly names: readonly string[];
}

function choiceOf({ stack, names }: OpenCondition, holds: boolean): Choice {
  return {
    what: `whether the condition '${names[0]}' of the stack '${stack.name}' holds`,
    givenBy: `parameters.${stack.name}`,
    value: String(holds),
    in: (template) => (template.name === stack.name ? withConditions(template, names, holds) : template),
  };
}

function withConditions(template: StackTemplate, names: readonly string[], holds: boolean): StackTemplate {
  return { ...template, conditions: { ...template.conditions, ...Object.fromEntries(names.map((name) => [name, holds])) } };
}

/** The conditions that decide others, and values. */
function openConditions(stack: DeployedStack): OpenCondition[] {
  const conditions: Record<string, unknown> = isObject(stack.template.Conditions) ? stack.template.Conditions : {};
  if (Object.keys(conditions).length === 0) {
    return [];
  }
  const deciding = [...reached(conditions, namesIn([stack.template.Resources, stack.template.Outputs], 'Fn::If'))]
    .filter((name) => stack.holds(name) === undefined && comparesValues(conditions[name]));
  const byMeaning = new Map<string, string[]>();
  deciding.forEach((name) => byMeaning.set(JSON.stringify(conditions[name]), [...(byMeaning.get(JSON.stringify(conditions[name])) ?? []), name]));
  return [...byMeaning.values()].map((names) => ({ stack, names }));
}

function comparesValues(definition: unknown): boolean {
  const text = JSON.stringify(definition) ?? '';
  return text.includes('"Fn::Equals"') || !text.includes('"Condition"');
}

/** The conditions of some names, and those to which they refer. */
function reached(conditions: Record<string, unknown>, names: readonly string[]): Set<string> {
  const all = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (Object.hasOwn(conditions, name) && !all.has(name)) {
      all.add(name);
      waiting.push(...namesIn(conditions[name], 'Condition'));
    }
  }
  return all;
}

function namesIn(json: unknown, reference: 'Fn::If' | 'Condition'): string[] {
  const text = JSON.stringify(json) ?? '';
  return Array.from(text.matchAll(reference === 'Fn::If' ? /"Fn::If":\["((?:[^"\\]|\\.)*)"/g : /"Condition":"((?:[^"\\]|\\.)*)"/g), ([, name]) => name);
}
