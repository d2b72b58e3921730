import { described } from './guarantee';
import { Part } from './part';
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

export interface Instances {
  readonly all: readonly Instance[];

  /** Whether they stand for all ways: what is so in each of them is always so. */
  readonly isComplete: boolean;
}

const MOST_INSTANCES = 8;

/**
 * Keys of which all values are looked at: names alone, which nothing compares but as a whole, so that whatever is true of one that nobody mentions is true
 * of all such; and the owner's account, which is one.
 */
const INTERCHANGEABLE = ['aws:resourceorgid', 'aws:resourceaccount', 's3:resourceaccount'];

/**
 * Ways in which the policy variables of statements may be filled in: each variable absent, or with a value that a request may have.
 *
 * @param partsFor the parts of requests, if some statements are asked about
 */
export function instances(statements: readonly Statement[], partsFor: (statements: readonly Statement[]) => readonly Part[]): Instances {
  const keys = [...new Set(statements.flatMap(variablesOf))];
  if (keys.length === 0) {
    return { all: [], isComplete: false };
  }
  const parts = partsFor([...statements, described({ Condition: { Null: Object.fromEntries(keys.map((key) => [key, 'false'])) } })]);
  const values = keys.map((key) => valuesOf(key, parts));
  const contexts = keys.reduce<ContextValues[]>((all, key, i) => all.flatMap((context) => [undefined, ...values[i].values].map((value) =>
    (value === undefined ? context : new Map([...context, [key, [value]]])))), [new Map()]);
  const all = contexts.slice(0, MOST_INSTANCES).map((context): Instance => {
    const known = new Map(statements.map((statement) => [statement, filledStatement(statement, context)]));
    return { of: (statement) => known.get(statement) ?? filledStatement(statement, context), guard: guardOf(keys, context) };
  });
  return { all, isComplete: all.length === contexts.length && values.every(({ areAll }) => areAll) };
}

function variablesOf({ conditions, resource }: Statement): string[] {
  return [...conditions.flatMap(({ values }) => values), ...(resource?.members ?? []).map(({ text }) => text)].flatMap(({ variables }) => variables);
}

/** Values of a key that a request may have: all that are told apart, or the most ordinary one. */
function valuesOf(key: string, parts: readonly Part[]): { values: readonly string[]; areAll: boolean } {
  const choices = parts.filter(({ owns }) => owns(key)).flatMap((part) => part.choices);
  const isPlain = (text: string) => text !== UNDETERMINED && !isUnknown(text);
  const there = choices.filter(({ isOpen }) => !isOpen).map(({ context }) => context.get(key) ?? []).filter((list) => list.length === 1);
  const found = [...new Set(there.flat())].filter(isPlain);
  return INTERCHANGEABLE.includes(key)
    ? { values: found, areAll: choices.every(({ isOpen, context }) => !isOpen && (context.get(key) ?? []).every(isPlain)) }
    : { values: found.slice(0, 1), areAll: false };
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
