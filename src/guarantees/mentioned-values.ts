import { ConditionTest } from '../policy/condition';
import { Statement } from '../policy/document';
import { arnSegments } from '../policy/pattern';

/** The tests of keys, in lower case, in some statements. */
export function testsOf(statements: readonly Statement[], keys: readonly string[]): ConditionTest[] {
  return statements.flatMap(({ conditions }) => conditions).filter(({ key }) => keys.includes(key));
}

/** The values of a test that do not depend on the request. */
export function textsOf({ values, operator }: ConditionTest): string[] {
  return operator ? values.flatMap((value) => (value.variables.length === 0 ? [value.fill(new Map())!.text] : [])) : [];
}

/** The values that a statement compares with a key. */
export function mentioned(statements: readonly Statement[], ...keys: string[]): string[] {
  return testsOf(statements, keys).flatMap(textsOf);
}

/** The values that denies spare: a request with one of them is not denied by the test. */
export function spared(denies: readonly Statement[], ...keys: string[]): string[] {
  return testsOf(denies, keys).filter(({ operator }) => operator?.negated).flatMap(textsOf);
}

export function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

/** The account in an ARN, if the ARN fixes it. */
export function fixedAccountOf(arn: string): string | undefined {
  const account = arnSegments(arn)[4];
  return account === undefined || account === '' || isPattern(account) ? undefined : account;
}
