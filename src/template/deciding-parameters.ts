import type { DeployedStack } from './deployment';
import { membersOf } from './written';
import { isObject } from '../policy/json';

/** The parameters whose values decide whether a condition holds, as far as they are not known: those of conditions that it refers to, too. */
export function parametersBehind(condition: unknown, stack: DeployedStack): string[] {
  const { template: { Conditions, Parameters }, source: { parameters: given = {} } } = stack;
  const definitions = new Map(membersOf(Conditions));
  const waiting = [condition];
  const seen = new Set<unknown>();
  const names = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!seen.has(next)) {
      seen.add(next);
      const text = JSON.stringify(typeof next === 'string' ? definitions.get(next) : undefined) ?? '';
      Array.from(text.matchAll(/"Ref":"([^"]+)"/g), ([, name]) => names.add(name));
      waiting.push(...Array.from(text.matchAll(/"Condition":"([^"]+)"/g), ([, name]) => name));
    }
  }
  return [...names].filter((name) => isObject(Parameters) && Object.hasOwn(Parameters, name) && !Object.hasOwn(given, name));
}
