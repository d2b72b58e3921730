import { createHash } from 'crypto';
import { idOf } from '../checks/acknowledgements';
import { RuleFinding } from '../checks/judge';
import { isObject } from '../policy/json';
import { DeployedResource } from '../template/deployment';

/**
 * What makes a finding the same finding in another run: its rule, its resource, what is wrong, and the statements that this is said of. Where
 * files are called otherwise, or statements change places, it stays; where a statement that it names says something else, it does not.
 */
export function fingerprintOf(finding: RuleFinding): string {
  const { resource, problem } = finding;
  const named = namedStatements(resource, problem);
  const sentence = withoutFileNames(problem, resource).replace(named.positions, 'Statement');
  return createHash('sha256').update([idOf(finding), resource.logicalId, sentence, ...named.texts].join('\n')).digest('hex').slice(0, 32);
}

/** Stacks that are called as their files are renamed with them. */
function withoutFileNames(problem: string, { stack: { deployment } }: DeployedResource): string {
  return deployment.stacks.filter(({ source }) => source.isNameAssumed).reduce((text, { name }) => text.replaceAll(`'${name}/`, "'"), problem);
}

const POSITION = /\bStatement\[\d+\]/g;
const NO_POSITION = /(?!)/g;

/** The statements that a text names, of the resource; where it has none of them, of all in its stack: a policy of another resource may be meant. */
function namedStatements({ definition, stack }: DeployedResource, problem: string) {
  const own = statementsIn(definition).filter((one) => isNamed(one, problem));
  const meant = own.length > 0 ? own : statementsIn(stack.template.Resources).filter((one) => isNamed(one, problem));
  const texts = meant.map(({ statement }) => JSON.stringify(canonical(statement))).sort();
  return { texts, positions: meant.length > 0 ? POSITION : NO_POSITION };
}

interface PlacedStatement {
  readonly statement: Record<string, unknown>;
  readonly position: string;
}

function isNamed({ statement: { Sid }, position }: PlacedStatement, problem: string): boolean {
  return (typeof Sid === 'string' && problem.includes(`'${Sid}'`)) || (position === 'Statement' ? /\bStatement\b(?!\[)/.test(problem) : problem.includes(position));
}

function statementsIn(value: unknown): PlacedStatement[] {
  if (Array.isArray(value)) {
    return value.flatMap(statementsIn);
  }
  return !isObject(value) ? [] : Object.entries(value).flatMap(([name, member]) => (name !== 'Statement' ? statementsIn(member)
    : isObject(member) ? [{ statement: member, position: name }]
      : Array.isArray(member) ? member.flatMap((statement, i) => (isObject(statement) ? [{ statement, position: `${name}[${i}]` }] : [])) : []));
}

/** The same value for statements that say the same: the order of members and of lists decides nothing, but in what a function takes. */
function canonical(value: unknown, isArgument = false): unknown {
  if (Array.isArray(value)) {
    const members = value.map((member) => canonical(member, isArgument));
    return isArgument ? members : members.length === 1 ? members[0] : sorted(members, (member) => JSON.stringify(member));
  }
  return isObject(value)
    ? sorted(Object.entries(value), ([name]) => name).map(([name, member]) => [name, canonical(member, isArgument || name.startsWith('Fn::'))])
    : value;
}

function sorted<T>(values: readonly T[], by: (value: T) => string): T[] {
  return [...values].sort((one, other) => (by(one) < by(other) ? -1 : 1));
}
