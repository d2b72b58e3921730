import { truthsTogether } from './condition-truths';
import { parametersBehind } from './deciding-parameters';
import { DeployedResource, DeployedStack, Deployment } from './deployment';
import { besideOpenStatements, openStatementsIn, OpenStatements, PolicyKind, policyKind } from './open-statements';
import { Choice } from './possibilities';
import { StackTemplate } from './template';
import { grouped } from '../policy/grouped';
import { isObject, jsonText } from '../policy/json';
import { byParameters, whetherItHolds } from '../policy/unknown-text';

const MOST_CASES = 16; // four conditions that have nothing to do with each other

/**
 * The cases of which one is true, where values depend on conditions that are not known before deployment: each condition holds or not.
 * Nothing if none depends on one, or too many do: then what depends on them stays open.
 */
export function conditionCases(stacks: readonly DeployedStack[]): Choice[][] {
  return casesOf(stacks.flatMap((stack) => openConditions(stack)));
}

/** Cases of conditions between which everything lies that may turn out. */
export interface BoundedCases {
  readonly cases: readonly (readonly Choice[])[];

  /** The conditions on which statements depend of which only the loosest and the strictest are looked at. */
  readonly bounded: readonly string[];
}

/**
 * The same, where there are more cases than are looked at. Of the conditions on which nothing but policy statements depends, not each case is looked at
 * but the loosest and the strictest policies: what both of them say, every case says, as far as it is the more true the more is allowed, or the less.
 */
export function boundedCases(deployment: Deployment, limit: number): BoundedCases {
  const open = deployment.stacks.flatMap((stack) => openConditions(stack));
  const beside = deployment.stacks.flatMap((stack) => openConditions(stack, besideOpenStatements));
  const all = casesOf(open);
  if ((all.length > 0 && all.length <= limit) || beside.length === open.length) {
    return { cases: all, bounded: [] };
  }
  const cases = casesOf(beside);
  const bounds = extremes(deployment);
  return { cases: (cases.length > 0 ? cases : [[]]).flatMap((choices) => bounds.map((bound) => [...choices, bound])), bounded: open.flatMap(({ names }) => names) };
}

/** The conditions on which statements of a resource depend, if some of these deny. */
export function conditionsOfDenies(resource: DeployedResource): readonly string[] {
  const { conditions, deny } = openStatementsOf(resource);
  return deny ? conditions : [];
}

function casesOf(open: readonly OpenCondition[]): Choice[][] {
  const byStack = [...grouped(open, ({ stack }) => stack.name).values()];
  const together = byStack.reduce<Choice[][]>((before, conditions) => {
    const cases = before.length > MOST_CASES ? [] : casesInStack(conditions);
    return before.flatMap((choices) => cases.map((more) => [...choices, ...more]));
  }, [[]]);
  return open.length === 0 || together.length > MOST_CASES ? [] : together;
}

/** Nothing if there are too many. */
function casesInStack(conditions: readonly OpenCondition[]): Choice[][] {
  const truths = truthsTogether(conditions[0].stack, conditions.map(({ names: [name] }) => name)) ?? [];
  return truths.length > MOST_CASES ? [] : truths.map((truth) => truth.map((holds, i) => choiceOf(conditions[i], holds)));
}

/** Policies of each kind are the loosest or the strictest: a rule may ask that one allows what another does not. */
function extremes({ resources }: Deployment): Choice[] {
  const open = resources.map((resource) => ({ resource, conditions: openStatementsOf(resource).conditions })).filter(({ conditions }) => conditions.length > 0);
  const kinds = [...new Set(open.map(({ resource }) => policyKind(resource)))];
  const ways = kinds.reduce<OpenStatements[]>((before, kind: PolicyKind) => (
    before.flatMap((way): OpenStatements[] => [{ ...way, [kind]: 'strictest' }, { ...way, [kind]: 'loosest' }])), [{}]);
  const names = [...new Set(open.flatMap(({ resource, conditions }) => conditions.map((name) => `'${name}' of the stack '${resource.stack.name}'`)))];
  const parameters = [...new Set(open.flatMap(({ resource, conditions }) => conditions.flatMap((name) => parametersBehind(name, resource.stack))))];
  return ways.map((openStatements) => ({
    what: `whether the ${names.length === 1 ? `condition ${names[0]} holds` : `conditions ${names.slice(0, -1).join(', ')} and ${names.at(-1)} hold`}${byParameters(parameters)}`,
    givenBy: `parameters.${open[0].resource.stack.name}`,
    value: JSON.stringify(openStatements),
    in: (template) => ({ ...template, openStatements }),
  }));
}

function openStatementsOf({ definition, stack }: DeployedResource): ReturnType<typeof openStatementsIn> {
  return openStatementsIn(definition.Properties, (name) => stack.holds(name) !== undefined);
}

interface OpenCondition {
  readonly stack: DeployedStack;

  /** Conditions that say the same hold together. */
  readonly names: readonly string[];
}

function choiceOf({ stack, names }: OpenCondition, holds: boolean): Choice {
  const parameters = parametersBehind(names[0], stack);
  return {
    what: whetherItHolds({ stack: stack.name, condition: names[0], parameters }),
    givenBy: ['parameters', stack.name, ...(parameters.length === 1 ? parameters : [])].join('.'),
    value: String(holds),
    in: (template) => (template.name === stack.name ? withConditions(template, names, holds) : template),
  };
}

function withConditions(template: StackTemplate, names: readonly string[], holds: boolean): StackTemplate {
  return { ...template, conditions: { ...template.conditions, ...Object.fromEntries(names.map((name) => [name, holds])) } };
}

/**
 * The conditions that decide others, and values.
 *
 * @param part the part of the resources that is looked at
 */
function openConditions(stack: DeployedStack, part = (resources: unknown) => resources): OpenCondition[] {
  const conditions: Record<string, unknown> = isObject(stack.template.Conditions) ? stack.template.Conditions : {};
  if (Object.keys(conditions).length === 0) {
    return [];
  }
  const deciding = [...reached(conditions, [...namesIn([part(stack.template.Resources), stack.template.Outputs], 'Fn::If'), ...choosingPolicies(stack)])]
    .filter((name) => stack.holds(name) === undefined && comparesValues(conditions[name]));
  const byMeaning = new Map<string, string[]>();
  deciding.forEach((name) => byMeaning.set(JSON.stringify(conditions[name]), [...(byMeaning.get(JSON.stringify(conditions[name])) ?? []), name]));
  return [...byMeaning.values()].map((names) => ({ stack, names }));
}

/** The conditions of several policies for one bucket: which of them it has depends on these. */
function choosingPolicies({ deployment, name }: DeployedStack): string[] {
  const conditional = deployment.ofType('AWS::S3::BucketPolicy').filter(({ stack, definition }) => stack.name === name && typeof definition.Condition === 'string');
  const byBucket = grouped(conditional, (policy) => jsonText(policy.property('Bucket')));
  return [...byBucket.values()].filter(({ length }) => length > 1).flatMap((policies) => policies.map(({ definition }) => definition.Condition!));
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
