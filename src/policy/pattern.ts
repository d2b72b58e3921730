import { not, some, Truth } from './truth';
import { isUnknown, unknownPlaces, widest } from './unknown-text';

/** One place of a pattern: a character, or one of the wildcards below. */
export type PatternToken = string | Wildcard;

export enum Wildcard {
  /** `?`: one character. */
  ONE,
  /** `*`: any number of characters. */
  MANY,
  /** `?` within a segment of an ARN: one character, but no colon. */
  ONE_IN_SEGMENT,
  /** `*` within a segment of an ARN: any number of characters, but no colon. */
  MANY_IN_SEGMENT,
}

/** A text with wildcards, matched in time proportional to pattern times text at worst. */
export interface Pattern {
  readonly text: string;
  readonly tokens: readonly PatternToken[];
  readonly matches: (text: string) => Truth;
}

const ARN_SEGMENTS = 6;

/** A pattern whose wildcards stand for any characters: `StringLike`, actions. */
export function textPattern(text: string, escaped: ReadonlySet<number> = new Set()): Pattern {
  const tokens = tokensOf(text, Wildcard.ONE, Wildcard.MANY, withNames(escaped, text));
  return { text, tokens, matches: possibly(text, (candidate) => matchTokens(tokens, candidate)) };
}

/** A text that is compared as it stands. */
export function literalPattern(text: string): Pattern {
  return { text, tokens: text.split(''), matches: (candidate) => candidate === text };
}

/**
 * A pattern for an ARN: each of its six segments is matched by itself, the last one takes the rest.
 *
 * `*` alone matches every ARN. Any other pattern with fewer segments and a wildcard is not decided.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnPattern(text: string, escaped: ReadonlySet<number> = new Set()): Pattern {
  if (!isUnknown(text) && !/[*?]/.test(text)) {
    return literalPattern(text);
  }
  const segments = arnSegments(text);
  if (segments.length < ARN_SEGMENTS) {
    const whole = textPattern(text, escaped);
    return text === '*' ? whole : { ...whole, matches: (candidate) => (whole.matches(candidate) === false ? false : undefined) };
  }
  const offsets = segments.map((_, i) => segments.slice(0, i).join(':').length + (i > 0 ? 1 : 0));
  const parts = segments.map((segment, i) => {
    const isLast = i === ARN_SEGMENTS - 1;
    const within = new Set([...withNames(escaped, text)].map((index) => index - offsets[i]));
    return tokensOf(segment, isLast ? Wildcard.ONE : Wildcard.ONE_IN_SEGMENT, isLast ? Wildcard.MANY : Wildcard.MANY_IN_SEGMENT, within);
  });
  const tokens = parts.flatMap((part, i) => (i === 0 ? part : [':', ...part]));
  const matches = (candidate: string) => {
    const candidates = segmentsOf(candidate);
    return candidates.length === ARN_SEGMENTS && parts.every((part, i) => matchTokens(part, candidates[i]));
  };
  return { text, tokens, matches: possibly(text, matches, (wide) => arnPattern(wide).matches) };
}

/**
 * A pattern of the `Resource` element: an ARN whose missing last segments stand for anything. Whether a `*` reaches over a colon
 * is documented for the end of a segment only, and is not decided.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function resourcePattern(text: string, escaped: ReadonlySet<number> = new Set()): Pattern {
  const missing = ARN_SEGMENTS - arnSegments(text).length;
  const byArn = arnPattern(missing > 0 && text.startsWith('arn:') && text.endsWith('*') ? text + ':*'.repeat(missing) : text, escaped);
  if (!/[*?].*:/.test(text)) {
    return byArn; // no wildcard that could reach over a colon
  }
  const byText = textPattern(text, escaped);
  return { ...byArn, matches: (candidate) => (byArn.matches(candidate) === false && byText.matches(candidate) !== false ? undefined : byArn.matches(candidate)) };
}

/** Whether any pattern matches. */
export function anyMatches(patterns: readonly Pattern[], text: string): Truth {
  return some(patterns, ({ matches }) => matches(text));
}

/** Whether no pattern matches. */
export function noneMatches(patterns: readonly Pattern[], text: string): Truth {
  return not(anyMatches(patterns, text));
}

/** The segments of an ARN; the sixth takes the rest, colons included. A colon in the name of an unknown value ends none. */
export function arnSegments(text: string): string[] {
  const segments = isUnknown(text) ? text.split(/:(?![^\uE000]*\uE001)/) : text.split(':');
  return segments.length <= ARN_SEGMENTS ? segments : [...segments.slice(0, ARN_SEGMENTS - 1), segments.slice(ARN_SEGMENTS - 1).join(':')];
}

let latest = { text: '', segments: [''] };

/** The segments of an ARN which many patterns, one after the other, are compared with. */
function segmentsOf(text: string): readonly string[] {
  if (text !== latest.text) {
    latest = { text, segments: arnSegments(text) };
  }
  return latest.segments;
}

/** Where a pattern has unknown values: it matches surely what has the same ones, and perhaps whatever they could make it match. */
function possibly(text: string, matches: (candidate: string) => boolean, wider = (wide: string) => textPattern(wide).matches): (candidate: string) => Truth {
  if (!isUnknown(text)) {
    return matches;
  }
  const couldMatch = wider(widest(text));
  return (candidate) => (candidate === text || matches(candidate) ? true : couldMatch(candidate) === false ? false : undefined);
}

function withNames(escaped: ReadonlySet<number>, text: string): ReadonlySet<number> {
  return isUnknown(text) ? new Set([...escaped, ...unknownPlaces(text)]) : escaped;
}

function tokensOf(text: string, one: Wildcard, many: Wildcard, escaped: ReadonlySet<number>): PatternToken[] {
  return text.split('').map((character, i) => (escaped.has(i) ? character : character === '*' ? many : character === '?' ? one : character));
}

/** Matches by going back to the last `*` only, which is enough: whatever an earlier one took, the last could take instead. */
function matchTokens(tokens: readonly PatternToken[], text: string): boolean {
  let token = 0;
  let at = 0;
  let afterMany = -1;
  let resumeAt = 0;
  while (at < text.length) {
    const expected = tokens[token];
    if (expected === Wildcard.MANY || expected === Wildcard.MANY_IN_SEGMENT) {
      afterMany = ++token;
      resumeAt = at;
    } else if (expected === text[at] || expected === Wildcard.ONE || expected === Wildcard.ONE_IN_SEGMENT) {
      token++;
      at++;
    } else if (afterMany >= 0) {
      token = afterMany;
      at = ++resumeAt;
    } else {
      return false;
    }
  }
  while (tokens[token] === Wildcard.MANY || tokens[token] === Wildcard.MANY_IN_SEGMENT) {
    token++;
  }
  return token === tokens.length;
}
