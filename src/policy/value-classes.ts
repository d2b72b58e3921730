import { ConditionTest } from './condition';
import { addressText, ipRange } from './ip-range';
import { dateOf, numberOf, OperatorKind, patternOf } from './operators';
import { Pattern } from './pattern';
import { representatives } from './representatives';
import { PolicyText } from './variables';

/** A value that a guarantee or a policy tells apart from others. */
export interface MentionedValue {
  readonly kind: OperatorKind;
  readonly text: string;
}

/** Values of a condition key, one for each way in which the tests of a policy can judge a value. */
export interface ValueClasses {
  readonly values: readonly string[];

  /** Whether the values surely stand for all others. */
  readonly isExact: boolean;
}

/** The values that tests of one condition key mention. */
export function mentionedValues(tests: readonly ConditionTest[]): MentionedValue[] {
  return tests.flatMap(({ operator, values }) => (operator ? values.flatMap((value) => fixedText(value)).map((text) => ({ kind: operator.kind, text })) : []));
}

/** The patterns among mentioned values. */
export function mentionedPatterns(mentioned: readonly MentionedValue[]): Pattern[] {
  return mentioned.map(({ kind, text }) => patternOf(kind, { text, escaped: new Set() }));
}

/**
 * One value for each class of values that are judged alike.
 *
 * @param fresh a value that stands for all that are not mentioned
 */
export function valueClasses(mentioned: readonly MentionedValue[], fresh: string): ValueClasses {
  const ofKind = (...kinds: OperatorKind[]) => mentioned.filter(({ kind }) => kinds.includes(kind));
  const texts = ofKind('text', 'text-ignoring-case', 'pattern', 'arn', 'binary');
  const { values, isExact } = representatives(mentionedPatterns(texts), fresh);
  const otherCase = ofKind('text-ignoring-case').flatMap(({ text }) => [text.toLowerCase(), text.toUpperCase()]);
  const classes = [
    ...(texts.length > 0 || mentioned.length === 0 ? values : []),
    ...otherCase,
    ...numbersAround(ofKind('number')),
    ...momentsAround(ofKind('date')),
    ...addressesAround(ofKind('address')),
    ...(ofKind('bool').length > 0 ? ['true', 'false'] : []),
  ];
  return { values: [...new Set(classes)], isExact };
}

/** A value of the request can be mentioned only if it does not depend on the request. */
function fixedText(value: PolicyText): string[] {
  return value.variables.length === 0 ? [value.fill(new Map())!.text] : [];
}

/** Each number, and one on either side of it. */
function numbersAround(mentioned: readonly MentionedValue[]): string[] {
  const thresholds = [...new Set(mentioned.flatMap(({ text }) => numberOf(text) ?? []))].sort((a, b) => a - b);
  const between = thresholds.slice(1).map((threshold, i) => (threshold + thresholds[i]) / 2);
  return thresholds.length === 0 ? [] : [thresholds[0] - 1, ...thresholds, ...between, thresholds.at(-1)! + 1].map(String);
}

function momentsAround(mentioned: readonly MentionedValue[]): string[] {
  const second = 1000; // milliseconds
  const moments = mentioned.flatMap(({ text }) => dateOf(text) ?? []);
  return moments.flatMap((moment) => [moment - second, moment, moment + second]).map((moment) => new Date(moment).toISOString());
}

/** The first address of each range and the first one behind it: between these, all addresses are in the same ranges. */
function addressesAround(mentioned: readonly MentionedValue[]): string[] {
  const ranges = mentioned.flatMap(({ text }) => ipRange(text) ?? []);
  const bounds = ranges.flatMap(({ version, first, last }) => [{ version, at: first }, { version, at: last + 1n }]);
  const addresses = bounds.filter(({ version, at }) => at < 2n ** (version === 4 ? 32n : 128n)).map(({ version, at }) => addressText(version, at));
  return mentioned.length === 0 ? [] : [...addresses, '198.51.100.77', '2001:db8::77', '0.0.0.0', '::'];
}
