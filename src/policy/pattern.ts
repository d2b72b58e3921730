import { every, not, some, Truth } from './truth';
import { isUnknown, partsBetweenColons, unknownPlaces, widest } from './unknown-text';

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
  return { text, tokens, matches: possibly(text, (candidate) => matchesOpen(tokens, candidate)) };
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
    const tokens = text.split('');
    return { text, tokens, matches: (candidate) => candidate === text || (isUnknown(candidate) ? matchesOpen(tokens, candidate) : false) };
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
  const matches = (candidate: string): Truth => {
    const candidates = segmentsOf(candidate);
    return candidates.length === ARN_SEGMENTS ? every(parts.map((part, i) => matchesOpen(part, candidates[i])), (truth) => truth) : isUnknown(candidate) ? undefined : false;
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

/** The segments of an ARN; the sixth takes the rest, colons included. */
export function arnSegments(text: string): string[] {
  const segments = partsBetweenColons(text);
  return segments.length <= ARN_SEGMENTS ? segments : [...segments.slice(0, ARN_SEGMENTS - 1), segments.slice(ARN_SEGMENTS - 1).join(':')];
}

export function isArn(text: string): boolean {
  return /^arn:[^:]+:[^:]+:/.test(text) && arnSegments(text).length === ARN_SEGMENTS;
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
function possibly(text: string, matches: (candidate: string) => Truth, wider = (wide: string) => textPattern(wide).matches): (candidate: string) => Truth {
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

/** Where the text has unknown values: it surely matches what takes any characters there, and perhaps what takes some. */
function matchesOpen(tokens: readonly PatternToken[], text: string): Truth {
  const isMatch = matchTokens(tokens, text);
  return isMatch || !isUnknown(text) ? isMatch : overlaps(tokens, tokensOf(widest(text), Wildcard.ONE, Wildcard.MANY, new Set())) ? undefined : false;
}

/** Whether there is a text that two patterns match. */
function overlaps(one: readonly PatternToken[], other: readonly PatternToken[]): boolean {
  let places = skippingMany(new Set([0]), other); // in the other pattern, once the one is read so far
  for (const token of one) {
    const next = isMany(token) ? placesFrom(Math.min(...places), other) : [...places].flatMap((place) => after(place, token, other));
    places = skippingMany(new Set(next), other);
  }
  return places.has(other.length);
}

function placesFrom(first: number, pattern: readonly PatternToken[]): number[] {
  return [...pattern.keys(), pattern.length].filter((place) => place >= first);
}

/** Where one is in a pattern once it has taken a character. */
function after(place: number, token: PatternToken, pattern: readonly PatternToken[]): number[] {
  const against = pattern[place];
  const isSame = against === token || (against !== undefined && (isWildcard(against) || isWildcard(token)));
  return isMany(against) ? [place] : isSame ? [place + 1] : [];
}

function skippingMany(places: Set<number>, pattern: readonly PatternToken[]): Set<number> {
  places.forEach((place) => isMany(pattern[place]) && places.add(place + 1)); // those that are added are visited, too
  return places;
}

function isWildcard(token: PatternToken): boolean {
  return typeof token === 'number';
}

function isMany(token: PatternToken | undefined): boolean {
  return token === Wildcard.MANY || token === Wildcard.MANY_IN_SEGMENT;
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
