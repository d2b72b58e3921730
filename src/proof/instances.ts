import { described } from './guarantee';
import { Choice, Part } from './part';
import { ConditionTest, conditionTest } from '../policy/condition';
import { ContextValues } from '../policy/context';
import { ResourceText, Statement } from '../policy/document';
import { resourcePattern } from '../policy/pattern';
import { isUnknown, UNDETERMINED } from '../policy/unknown-text';
import { FilledText, PolicyText } from '../policy/variables';

/** Statements whose policy variables have taken values, for requests that have these values. */
export interface Instance {
  readonly of: (statement: Statement) => Statement;

  /** Applies to the requests with the values. */
  readonly guard: Statement;
}

const MOST_INSTANCES = 8;

/**
 * Ways in which the policy variables of statements may be filled in: each variable absent, or with a value that a request may have. They
 * do not stand for all ways.
 */
export function instances(statements: readonly Statement[], parts: readonly Part[]): Instance[] {
  const keys = [...new Set(statements.flatMap(variablesOf))];
  if (keys.length === 0) {
    return [];
  }
  const contexts = keys.reduce<ContextValues[]>((all, key) => all.flatMap((context) => [undefined, ...valueOf(key, parts)].map((value) =>
    (value === undefined ? context : new Map([...context, [key, [value]]])))).slice(0, MOST_INSTANCES), [new Map()]);
  return contexts.map((context) => {
    const known = new Map<Statement, Statement>();
    const of = (statement: Statement) => known.get(statement) ?? filledStatement(statement, context);
    statements.forEach((statement) => known.set(statement, filledStatement(statement, context)));
    return { of, guard: guardOf(keys, context) };
  });
}

function variablesOf({ conditions, resource }: Statement): string[] {
  return [...conditions.flatMap(({ values }) => values), ...(resource?.members ?? []).map(({ text }) => text)].flatMap(({ variables }) => variables);
}

/** The most ordinary value of a key. */
function valueOf(key: string, parts: readonly Part[]): string[] {
  const choices = parts.filter(({ owns }) => owns(key)).flatMap((part) => part.choices);
  const isPlain = (text: string | undefined) => text !== undefined && text !== UNDETERMINED && !isUnknown(text);
  const value = choices.find(({ context, isOpen }: Choice) => !isOpen && context.get(key)?.length === 1 && isPlain(context.get(key)![0]))?.context.get(key)![0];
  return value === undefined ? ['Anyone'] : [value];
}

function guardOf(keys: readonly string[], context: ContextValues): Statement {
  const there = keys.filter((key) => context.has(key));
  const absent = keys.filter((key) => !context.has(key));
  return described({
    Condition: {
      ...(there.length > 0 ? { StringEquals: Object.fromEntries(there.map((key) => [key, context.get(key)![0]])) } : {}),
      ...(absent.length > 0 ? { Null: Object.fromEntries(absent.map((key) => [key, 'true'])) } : {}),
    },
  });
}

function filledStatement(statement: Statement, context: ContextValues): Statement {
  if (variablesOf(statement).length === 0) {
    return statement;
  }
  return {
    ...statement,
    conditions: statement.conditions.map((test) => filledTest(test, context)),
    resource: statement.resource && { ...statement.resource, members: statement.resource.members.flatMap((member) => filledResource(member, context)) },
  };
}

function filledTest({ operatorName, writtenKey, values }: ConditionTest, context: ContextValues): ConditionTest {
  return conditionTest(operatorName, writtenKey, values.flatMap((value) => plain(value.fill(context))));
}

function filledResource({ text }: ResourceText, context: ContextValues): ResourceText[] {
  const filled = text.fill(context);
  return plain(filled).map((made) => ({ text: made, pattern: resourcePattern(filled!.text, filled!.escaped) }));
}

/** A text without variables; none where a variable had no value, which matches nothing. */
function plain(filled: FilledText | undefined): PolicyText[] {
  return filled === undefined ? [] : [{ source: filled.text, variables: [], fill: () => filled }];
}
