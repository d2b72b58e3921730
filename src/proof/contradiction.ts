import { valuesOf } from './mentions';
import { conditionKey } from '../aws/condition-keys';
import { ConditionTest } from '../policy/condition';
import { Statement } from '../policy/document';
import { isUnknown } from '../policy/unknown-text';

/**
 * Whether one statement holds a condition key to some values, and others exclude each of them: no request is as all of them ask. An allow for one
 * account and a guarantee about all others are told apart so without a look at any request.
 */
export function areContradictory(statements: readonly Statement[]): boolean {
  const tests = statements.flatMap(({ conditions }) => conditions);
  return tests.filter(isHeldToTexts).some((held) => {
    const excluding = tests.filter(({ key, operator }) => key === held.key && operator?.negated === true);
    return excluding.length > 0 && valuesOf(held).every(({ text }) => excluding.some(({ holds }) => holds(new Map([[held.key, [text]]])) === false));
  });
}

/** Whether a key must be there, with one value that is one of some texts. */
function isHeldToTexts({ key, operatorName, isSelfContained, values }: ConditionTest): boolean {
  const isCompared = operatorName.toLowerCase() === 'stringequals' || (/^arn(?:equals|like)$/i.test(operatorName) && values.every(({ source }) => !/[*?]/.test(source) && !isUnknown(source)));
  return isCompared && isSelfContained && conditionKey(key)?.isMultivalued === false;
}
