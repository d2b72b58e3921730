import { own } from '../own';
import { ConditionTest, conditionTest } from '../policy/condition';
import { ContextValues } from '../policy/context';
import { Statement } from '../policy/document';
import { resourcePattern } from '../policy/pattern';
import { some, Truth } from '../policy/truth';
import { PolicyText, policyText } from '../policy/variables';

const VARIABLE = /\$\{[^}]*}/g;
const AS_PATTERN: Readonly<Record<string, string>> = { stringequals: 'StringLike', stringnotequals: 'StringNotLike' };

/** The widest pattern that a text may be, whatever values its policy variables take. */
export function widenedText({ source }: Pick<PolicyText, 'source'>): string {
  return source.replace(VARIABLE, '*');
}

const WIDENED = new WeakMap<ConditionTest, ConditionTest>();

/** What a test with policy variables says of a request, whatever values they take. */
export function whateverVariables(test: ConditionTest, context: ContextValues): Truth {
  const { operator } = test;
  if (operator?.kind !== 'text' && operator?.kind !== 'pattern' && operator?.kind !== 'arn') {
    return undefined;
  }
  const widened = WIDENED.get(test) ?? widenedTest(test);
  WIDENED.set(test, widened);
  const truth = widened.holds(context);
  return truth === operator.negated ? truth : undefined; // nothing can match: with any value
}

function widenedTest({ operatorName, writtenKey, values }: ConditionTest): ConditionTest {
  const [, set, base, ifExists] = /^((?:forallvalues|foranyvalue):)?(.*?)(ifexists)?$/i.exec(operatorName)!;
  const name = `${set ?? ''}${own(AS_PATTERN, base.toLowerCase()) ?? base}${ifExists ?? ''}`;
  return conditionTest(name, writtenKey, values.map((value) => policyText(widenedText(value), false)));
}

/** Whether the resources of a statement stand for one, whatever values policy variables take. */
export function resourceWhateverVariables({ resource }: Statement, arn: string): Truth {
  const listed = some(resource!.members, ({ pattern, text }) => (pattern ? pattern.matches(arn) : resourcePattern(widenedText(text)).matches(arn) === false ? false : undefined));
  return listed === undefined || !resource!.isInverted ? listed : !listed;
}
