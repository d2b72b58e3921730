import { Choice, Coincidence, Part } from './part';
import { conditionKey } from '../aws/condition-keys';
import { ConditionTest, conditionTest } from '../policy/condition';
import { Statement } from '../policy/document';
import { Truth } from '../policy/truth';
import { isUnknown } from '../policy/unknown-text';
import { policyText } from '../policy/variables';

/**
 * The part with choices in which values that are not known before deployment are the same as others that are mentioned. A value that nobody
 * mentions is another one anyway.
 */
export function withCoincidences(part: Part, statements: readonly Statement[]): Part {
  const tests = statements.flatMap(({ conditions }) => conditions).filter(({ key }) => part.owns(key));
  const unknown = tests.filter(isComparedWhole).flatMap(({ key, values }) => values.filter(({ source }) => isUnknown(source)).map(({ source }) => ({ key, source })));
  if (unknown.length === 0) {
    return part;
  }
  const mentioned = new Set(tests.flatMap(({ values }) => values.map(({ source }) => source)));
  const distinct = [...new Map(unknown.map((one) => [`${one.key}\n${one.source}`, one])).values()];
  const coincidencesOf = (choice: Choice) => distinct.flatMap(({ key, source }): Coincidence[] => {
    const value = choice.context.get(key)?.find((text) => mentioned.has(text) || isClosed(key));
    return value === undefined || value === source ? [] : [{ key, unknown: source, value }];
  });
  const choices = part.choices.map((choice) => ({ ...choice, mayCoincide: coincidencesOf(choice) }));
  return { ...part, choices: [...choices, ...choices.flatMap(({ mayCoincide, ...choice }) => mayCoincide.map((coincidence) => ({ ...choice, coincidence })))] };
}

/** Whether AWS closes the set of values: each of them may be meant, be it mentioned or not. */
function isClosed(key: string): boolean {
  return conditionKey(key)?.values !== undefined || /^s3:x-amz-server-side-encryption(?:-customer-algorithm)?$/.test(key);
}

/** The test as it is where a value that is not known turns out to be another. */
export function coinciding({ operatorName, writtenKey, values, key, holds }: ConditionTest, { coincidence }: Choice): ConditionTest['holds'] {
  if (coincidence?.key !== key || !values.some(({ source }) => source === coincidence.unknown)) {
    return holds;
  }
  return conditionTest(operatorName, writtenKey, values.map((value) => (value.source === coincidence.unknown ? policyText(coincidence.value, false) : value))).holds;
}

/** The test where only what is so whatever coincides counts. */
export function surely(test: ConditionTest, choice: Choice): Truth {
  const [plain, ...others] = [choice, ...(choice.mayCoincide ?? []).map((coincidence) => ({ ...choice, coincidence }))].map((one) => coinciding(test, one)(choice.context));
  return others.every((truth) => truth === plain) ? plain : undefined;
}

/** Operators that compare values as a whole; patterns are not decided anyway where they have unknown values. */
function isComparedWhole({ operator }: ConditionTest): boolean {
  return operator?.kind === 'text' || operator?.kind === 'text-ignoring-case' || operator?.kind === 'binary';
}

const WHOLLY_UNKNOWN = /^\uE000[^\uE001]*\uE001$/;

/** Whether a test asks about the ARN of a caller of whom nothing is known before deployment. */
export function isUnknownCaller({ key }: ConditionTest, { context }: Choice): boolean {
  return key === 'aws:principalarn' && WHOLLY_UNKNOWN.test(context.get(key)?.[0] ?? '');
}

/** Such a caller is surely the same where the same value is meant, and perhaps any other. */
export function ofUnknownCaller({ key, operator, values }: ConditionTest, { context }: Choice): Truth {
  return operator && values.some(({ source }) => source === context.get(key)![0]) ? !operator.negated : undefined;
}
