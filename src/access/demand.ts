import type { SourcedStatement } from './judgement';
import { listed } from '../listed';
import { ConditionTest } from '../policy/condition';
import { readable, UNDETERMINED } from '../policy/unknown-text';

/** What a condition of a deny demands of a request that is to pass it. */
const DEMANDS: readonly (readonly [operator: RegExp, demand: (values: string) => string | undefined])[] = [
  [/^(?:string|arn)not(?:equals|like)|^numericnotequals|^datenotequals|^notipaddress/, (values) => `must be ${values}`],
  [/^(?:string|arn)(?:equals|like)|^numericequals|^dateequals|^ipaddress|^binaryequals/, (values) => `must not be ${values}`],
  [/^bool/, (value) => (/^false$/i.test(value) ? 'must be true' : /^true$/i.test(value) ? 'must not be true' : undefined)],
  [/^null/, (value) => (/^true$/i.test(value) ? 'must be there' : /^false$/i.test(value) ? 'must not be there' : undefined)],
  [/^(?:numeric|date)lessthanequals/, (value) => `must be more than ${value}`],
  [/^(?:numeric|date)greaterthanequals/, (value) => `must be less than ${value}`],
  [/^(?:numeric|date)lessthan/, (value) => `must be at least ${value}`],
  [/^(?:numeric|date)greaterthan/, (value) => `must be at most ${value}`],
];

/** Keys by which denies exempt callers: beside others, they are not what a request is asked for. */
const EXEMPTING = /^aws:(?:principal|via|calledvia|userid|username)/;

/**
 * What a statement that denies a request demands of it, and what the request has: "aws:SourceVpce must be vpce-0abc, and the request has none". A request passes
 * that meets one of the demands, or comes from somebody whom the statement exempts. Undefined where that cannot be said so simply.
 */
export function demandOf({ statement, request: { context } }: SourcedStatement): string | undefined {
  const ofRequests = statement.conditions.filter(({ key }) => !EXEMPTING.test(key));
  const tests = ofRequests.length > 0 ? ofRequests : statement.conditions;
  const demands = tests.map((test) => demandOfTest(test, context.get(test.key)));
  return demands.length > 0 && demands.every((demand) => demand !== undefined) ? `${demands.join('; or ')}.` : undefined;
}

function demandOfTest({ operatorName, writtenKey, values }: ConditionTest, has: readonly string[] | undefined): string | undefined {
  const name = operatorName.toLowerCase();
  if (name.includes(':') || has?.includes(UNDETERMINED)) {
    return undefined; // operators on sets of values are no simple demands
  }
  const demand = DEMANDS.find(([operator]) => operator.test(name))?.[1](listed(values.map(({ source }) => source), 'or'));
  return demand === undefined ? undefined : `${writtenKey} ${demand}, and the request has ${has === undefined || has.length === 0 ? 'none' : readable(listed(has, 'or'))}`;
}
