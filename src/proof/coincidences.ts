import { Choice, Coincidence, Part, partOf } from './part';
import { conditionKey } from '../aws/condition-keys';
import { ConditionTest, conditionTest } from '../policy/condition';
import { Statement } from '../policy/document';
import { textPattern } from '../policy/pattern';
import { Truth } from '../policy/truth';
import { isUnknown, isWhollyUnknown, widest } from '../policy/unknown-text';
import { policyText } from '../policy/variables';

/*
 * Values of a policy that are not known before deployment may turn out to be any value of a request. Each choice of a request is looked at
 * beside those in which such values are its own: what is found there is perhaps so. What is judged otherwise there, is never sure.
 */

/** A value that is not known before deployment, with the tests that compare a key with it. */
interface Unknown {
  readonly key: string;
  readonly source: string;
  readonly couldBe: (text: string) => boolean;
}

const MOST_CASES = 24; // of one choice: beyond it, too many values coincide in too many ways

/**
 * The part with choices in which values that are not known before deployment are those of the request.
 *
 * @param mentioned whether a text stands for itself alone, and not for all that nobody mentions
 */
export function withCoincidences(part: Part, statements: readonly Statement[], mentioned: (text: string) => boolean): Part {
  const tests = statements.flatMap(({ conditions }) => conditions).filter(({ key }) => part.owns(key));
  const unknown = unknownValues(tests);
  if (unknown.length === 0) {
    return part;
  }
  const keys = new Set(unknown.map(({ key }) => key));
  const compared = tests.filter(({ key }) => keys.has(key));
  const choices = () => part.choices.flatMap((choice) => (choice.isOpen ? [choice] : inAllCases(choice, unknown, compared, mentioned)));
  return partOf(part.name, part.owns, () => withOwnValues(choices(), compared));
}

/** One of those that the same tests compare with: what is true of one is true of the others. */
function unknownValues(tests: readonly ConditionTest[]): Unknown[] {
  const byTests = new Map<string, Unknown>();
  for (const { key, source } of tests.filter(isComparedWhole).flatMap((test) => test.values.map(({ source: text }) => ({ key: test.key, source: text })))) {
    if (isUnknown(source)) {
      const name = [key, widest(source), ...tests.flatMap((test, i) => (test.key === key && test.values.some((value) => value.source === source) ? [i] : []))].join('\n');
      const { matches } = textPattern(widest(source));
      byTests.set(name, byTests.get(name) ?? { key, source, couldBe: (text) => matches(text) === true });
    }
  }
  return [...byTests.values()];
}

/** A choice as it is, and once for each way in which it is judged where values of the policy are its own. */
function inAllCases(choice: Choice, unknown: readonly Unknown[], tests: readonly ConditionTest[], mentioned: (text: string) => boolean): Choice[] {
  const possible = unknown.flatMap(({ key, source, couldBe }): Coincidence[] =>
    (choice.context.get(key) ?? []).filter((value) => value !== source && couldBe(value)).map((value) => ({ key, unknown: source, value })));
  const byJudgement = new Map<string, Choice>([[judgementOf(choice, tests), choice]]);
  let queue: readonly (readonly Coincidence[])[] = [[]];
  while (queue.length > 0 && byJudgement.size <= MOST_CASES) {
    const enlarged = queue.flatMap((those) =>
      possible.filter((one) => !those.some((other) => other.key === one.key && other.unknown === one.unknown)).map((one) => [...those, one]));
    const fresh = enlarged.map((coincidences) => ({ ...choice, coincidences })).filter((one) => {
      const judgement = judgementOf(one, tests);
      const isFresh = !byJudgement.has(judgement);
      byJudgement.set(judgement, byJudgement.get(judgement) ?? one);
      return isFresh;
    });
    queue = fresh.map(({ coincidences }) => coincidences);
  }
  const [, ...cases] = byJudgement.values();
  const isSpecific = cases.some(({ coincidences }) => coincidences!.some(({ key, value }) => mentioned(value) || isOneOfFew(key, value)));
  return [isSpecific ? { ...choice, contingency: cases[0].coincidences![0] } : choice, ...cases, ...(byJudgement.size > MOST_CASES ? [{ ...choice, isOpen: true }] : [])];
}

/** Choices whose own value is not known: they are as they seem only if they are so whatever it is. */
function withOwnValues(choices: readonly Choice[], tests: readonly ConditionTest[]): readonly Choice[] {
  const known = new Map([...new Set(tests.map(({ key }) => key))].map((key) => [key, [...new Set(choices.flatMap(({ context }) => context.get(key) ?? []))]]));
  return choices.map((choice) => {
    const unknownOf = (key: string, values: readonly string[]) => (known.has(key) ? values.filter(isUnknown) : []).map((unknown) => ({ key, unknown }));
    const [own] = [...choice.context].flatMap(([key, values]) => unknownOf(key, values));
    if (own === undefined || choice.coincidences !== undefined || choice.contingency !== undefined) {
      return choice;
    }
    const ofKey = tests.filter(({ key }) => key === own.key);
    const judgement = judgementOf(choice, ofKey);
    const value = known.get(own.key)!.find((text) => text !== own.unknown && judgementOf(withValue(choice, { ...own, value: text }), ofKey) !== judgement);
    return value === undefined ? choice : { ...choice, contingency: { ...own, value } };
  });
}

/** The choice as it is if a value that is not known is a certain one. */
function withValue(choice: Choice, coincidence: Coincidence): Choice {
  const { key, unknown, value } = coincidence;
  const own = choice.context.get(key)!.map((text) => (text === unknown ? value : text));
  return { ...choice, context: new Map([...choice.context, [key, own]]), coincidences: [coincidence] };
}

function judgementOf(choice: Choice, tests: readonly ConditionTest[]): string {
  return tests.map((test) => coinciding(test, choice)(choice.context)).join();
}

/** Whether a value stands for itself alone, since AWS has few. */
function isOneOfFew(key: string, value: string): boolean {
  const row = conditionKey(key);
  return row?.values !== undefined || row?.type === 'bool' || key === 'aws:principaltype' || value === 'anonymous';
}

/** The test as it is where values that are not known turn out to be others. */
export function coinciding({ operatorName, writtenKey, values, key, holds }: ConditionTest, { coincidences }: Choice): ConditionTest['holds'] {
  if (!coincidences) {
    return holds; // as of nearly all choices
  }
  const own = new Map(coincidences.filter((one) => one.key === key).map(({ unknown, value }) => [unknown, value]));
  return values.some(({ source }) => own.has(source))
    ? conditionTest(operatorName, writtenKey, values.map((value) => (own.has(value.source) ? policyText(own.get(value.source)!, false) : value))).holds : holds;
}

/** Operators that compare values as a whole; patterns are not decided anyway where they have unknown values. */
function isComparedWhole({ operator }: ConditionTest): boolean {
  return operator?.kind === 'text' || operator?.kind === 'text-ignoring-case' || operator?.kind === 'binary';
}

/** Whether a test asks about the ARN of a caller of whom nothing is known before deployment. */
export function isUnknownCaller({ key }: ConditionTest, { context }: Choice): boolean {
  return key === 'aws:principalarn' && isWhollyUnknown(context.get(key)?.[0] ?? '');
}

/** Such a caller is surely the same where the same value is meant, and perhaps any other. */
export function ofUnknownCaller({ key, operator, values }: ConditionTest, { context }: Choice): Truth {
  return operator && values.some(({ source }) => source === context.get(key)![0]) ? !operator.negated : undefined;
}
