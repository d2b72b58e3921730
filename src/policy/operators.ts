import { includes, ipRange, isMapped } from './ip-range';
import { arnPattern, literalPattern, Pattern, textPattern } from './pattern';
import { Truth } from './truth';
import { isUnknown } from './unknown-text';
import { FilledText } from './variables';

/** How the values of a condition are compared. */
export type OperatorKind = 'text' | 'text-ignoring-case' | 'pattern' | 'arn' | 'number' | 'date' | 'bool' | 'binary' | 'address';

/** A condition operator, without `IfExists` and without the set operators. */
export interface Operator {
  readonly name: string;
  readonly kind: OperatorKind;

  /** Whether the operator asks that no value of the policy matches. Such an operator matches an absent key. */
  readonly negated: boolean;

  /** How a value of the policy is compared with a value of the request. */
  readonly comparison: (policyValue: FilledText) => (requestValue: string) => Truth;
}

/** Whether wildcards in values of such an operator are wildcards. */
export function takesPatterns(kind: OperatorKind | undefined): boolean {
  return kind === 'pattern' || kind === 'arn';
}

/**
 * All operators but `Null`, by their names in lower case.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...pair('StringEquals', 'StringNotEquals', 'text', ({ text }) => literalPattern(text).matches),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'text-ignoring-case', ignoringCase),
  ...pair('StringLike', 'StringNotLike', 'pattern', (filled) => patternOf('pattern', filled).matches),
  ...pair('ArnEquals', 'ArnNotEquals', 'arn', (filled) => patternOf('arn', filled).matches),
  ...pair('ArnLike', 'ArnNotLike', 'arn', (filled) => patternOf('arn', filled).matches),
  ...pair('NumericEquals', 'NumericNotEquals', 'number', comparing(numberOf, (request, policy) => request === policy)),
  ...one('NumericLessThan', 'number', comparing(numberOf, (request, policy) => request < policy)),
  ...one('NumericLessThanEquals', 'number', comparing(numberOf, (request, policy) => request <= policy)),
  ...one('NumericGreaterThan', 'number', comparing(numberOf, (request, policy) => request > policy)),
  ...one('NumericGreaterThanEquals', 'number', comparing(numberOf, (request, policy) => request >= policy)),
  ...pair('DateEquals', 'DateNotEquals', 'date', comparing(dateOf, (request, policy) => request === policy)),
  ...one('DateLessThan', 'date', comparing(dateOf, (request, policy) => request < policy)),
  ...one('DateLessThanEquals', 'date', comparing(dateOf, (request, policy) => request <= policy)),
  ...one('DateGreaterThan', 'date', comparing(dateOf, (request, policy) => request > policy)),
  ...one('DateGreaterThanEquals', 'date', comparing(dateOf, (request, policy) => request >= policy)),
  ...one('Bool', 'bool', comparing(boolOf, (request, policy) => request === policy)),
  ...one('BinaryEquals', 'binary', ({ text }) => literalPattern(text).matches),
  ...pair('IpAddress', 'NotIpAddress', 'address', comparing(ipRange, (request, policy) => includes(policy, request))),
].map((operator) => [operator.name.toLowerCase(), operator]));

/** The pattern that a value of a policy is, for operators that know wildcards; for others, the plain text. */
export function patternOf(kind: OperatorKind, { text, escaped }: FilledText): Pattern {
  const make = kind === 'arn' ? arnPattern : kind === 'pattern' ? textPattern : literalPattern;
  return make(text, escaped);
}

/** A number as conditions read it; undefined if the text is none. */
export function numberOf(text: string): number | undefined {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined;
}

/** A moment in milliseconds, from W3C profiles of ISO 8601, where a time has its zone, or seconds since 1970; undefined if the text is neither. */
export function dateOf(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text) && text.length !== 4) { // four digits are a year
    return Number(text) * 1000;
  }
  const isDate = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}))?)?)?$/i.test(text) && isInCalendar(text);
  const moment = isDate ? Date.parse(text) : NaN;
  const [, partOfMillisecond = '0'] = /\.\d{3}(\d+)/.exec(text) ?? [];
  return Number.isNaN(moment) ? undefined : moment + Number(`0.${partOfMillisecond}`);
}

/** Whether the month of a date has its day. */
function isInCalendar(date: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(date) ?? [];
  return day === undefined || new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
}

function boolOf(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : undefined;
}

function pair(name: string, negatedName: string, kind: OperatorKind, comparison: Operator['comparison']): Operator[] {
  return [{ name, kind, negated: false, comparison }, { name: negatedName, kind, negated: true, comparison }];
}

function one(name: string, kind: OperatorKind, comparison: Operator['comparison']): Operator[] {
  return [{ name, kind, negated: false, comparison }];
}

function ignoringCase({ text }: FilledText): (requestValue: string) => Truth {
  const lower = text.toLowerCase();
  return (requestValue) => requestValue.toLowerCase() === lower;
}

/** Many values of a policy, one after the other, are compared with the same text. */
function remembering<T>(read: (text: string) => T | undefined): (text: string) => T | undefined {
  let latest: { text: string; value: T | undefined } | undefined;
  return (text) => {
    latest = latest?.text === text ? latest : { text, value: read(text) };
    return latest.value;
  };
}

const READINGS: Readonly<Partial<Record<OperatorKind, (text: string) => unknown>>> = { number: numberOf, date: dateOf, bool: boolOf, address: ipRange };

/** Why it is not documented how a value of a policy is compared, if that is so. */
export function whyUnreadable(kind: OperatorKind, text: string): string | undefined {
  const isReadable = READINGS[kind]?.(text) !== undefined || READINGS[kind] === undefined || isUnknown(text);
  return isReadable ? (kind === 'address' && isMapped(text) ? 'a range of IPv4 addresses written in IPv6' : undefined) : `not a valid ${NAMES[kind]}`;
}

const NAMES: Readonly<Partial<Record<OperatorKind, string>>> = { number: 'number', date: 'date', bool: 'truth value', address: 'address or range' };

/** A value of a request that cannot be read does not match; one that is not known might, and so might one of a policy that IAM should have refused. */
function comparing<T>(readText: (text: string) => T | undefined, holds: (request: T, policy: T) => Truth): Operator['comparison'] {
  const read = remembering(readText);
  return ({ text }) => {
    if (isUnknown(text)) {
      return () => undefined;
    }
    const policy = read(text);
    return (requestValue) => {
      const request = isUnknown(requestValue) ? undefined : read(requestValue);
      return isUnknown(requestValue) || policy === undefined ? undefined : request !== undefined && holds(request, policy);
    };
  };
}
