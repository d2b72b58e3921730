import { PROOF_KEYS } from './guarantee';
import { valuesOf } from './mentions';
import { conditionKey } from '../aws/condition-keys';
import { ConditionTest } from '../policy/condition';
import { Statement } from '../policy/document';
import { arnSegments } from '../policy/pattern';
import { PrincipalPattern } from '../policy/principals';
import { isUnknown } from '../policy/unknown-text';

/**
 * Whether no request is as all of some statements ask, whatever requests there are: one of them holds a key to values, or names callers, and others
 * exclude each. An allow for the owner's account and a guarantee about all other accounts are told apart so, without a look at requests.
 */
export function areContradictory(statements: readonly Statement[]): boolean {
  const tests = statements.flatMap(({ conditions }) => conditions);
  return tests.some((test) => isHeldToTexts(test) && excludesAll(tests, test)) || statements.some((statement) => excludesCallers(tests, statement));
}

/** Whether a key must be there, with one value that is one of some texts. */
function isHeldToTexts({ key, operatorName, isSelfContained, values }: ConditionTest): boolean {
  const isLiteralArn = /^arn(?:equals|like)$/i.test(operatorName) && values.every(({ source }) => !/[*?]/.test(source) && !isUnknown(source));
  return values.length > 0 && (operatorName.toLowerCase() === 'stringequals' || isLiteralArn) && isSelfContained && conditionKey(key)?.isMultivalued === false;
}

/** Only what is negated excludes values that are not known before deployment: equal texts are equal values, others may be equal. */
function excludesAll(tests: readonly ConditionTest[], held: ConditionTest): boolean {
  const excluding = tests.filter(({ key, operator }) => key === held.key && operator?.negated === true);
  return excluding.length > 0 && valuesOf(held).every(({ text }) => excluding.some(({ holds }) => holds(new Map([[held.key, [text]]])) === false));
}

const KIND = PROOF_KEYS.callerKind.toLowerCase();
const IS_SERVICE = 'aws:principalisawsservice';
const SERVICE = 'aws:principalservicename';
const IAM_KINDS = ['role', 'user', 'root', 'federated-user'];

function excludesCallers(tests: readonly ConditionTest[], { principal }: Statement): boolean {
  return principal !== undefined && !principal.isInverted && principal.members.length > 0 && principal.members.every((member) => excludesCaller(tests, member));
}

function excludesCaller(tests: readonly ConditionTest[], { kind, text, isEveryone }: PrincipalPattern): boolean {
  if (isEveryone || isUnknown(text)) {
    return false;
  }
  switch (kind) {
    case 'Service': return isRefused(tests, { [KIND]: 'service', [IS_SERVICE]: 'true', [SERVICE]: text });
    case 'AWS': return excludesAccount(tests, arnSegments(text)[4] ?? text) || IAM_KINDS.every((caller) => isRefused(tests, { [KIND]: caller, [IS_SERVICE]: 'false' }));
    default: return false;
  }
}

/** Whether a test is not met by callers of whom these keys are known. */
function isRefused(tests: readonly ConditionTest[], caller: Readonly<Record<string, string>>): boolean {
  const context = new Map(Object.entries(caller).map(([key, value]) => [key, [value]]));
  const areKnown = ({ operator, isSelfContained, values }: ConditionTest) => operator !== undefined && isSelfContained && values.every(({ source }) => !isUnknown(source));
  return tests.some((test) => [KIND, IS_SERVICE, SERVICE].includes(test.key) && areKnown(test) && test.holds(context) === false);
}

function excludesAccount(tests: readonly ConditionTest[], account: string): boolean {
  return tests.some(({ key, operator, values }) => operator?.negated === true
    && ((key === 'aws:principalarn' && operator.kind === 'arn' && values.some(({ source }) => source === `arn:*:*::${account}:*`))
      || (key === 'aws:principalaccount' && operator.kind === 'text' && values.some(({ source }) => source === account))));
}
