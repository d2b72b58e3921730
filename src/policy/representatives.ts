import { Pattern, PatternToken, Wildcard } from './pattern';
import { isUnknown } from './unknown-text';

/** Texts that stand for all texts, as far as some patterns can tell them apart. */
export interface Representatives {
  readonly values: readonly string[];
  readonly isExact: boolean;
}

const STATE_LIMIT = 3000; // beyond it, patterns overlap in too many ways to be split

/**
 * One text for each way in which a text can match some of the patterns and not the others.
 *
 * The patterns are followed together, character by character, as one automaton; each way of ending in it is a class.
 *
 * @param fresh a text that no pattern is likely to mention; it is used where it belongs to a class
 * @param prefix what all texts begin with
 */
export function representatives(patterns: readonly Pattern[], fresh: string, prefix = ''): Representatives {
  const literals = [...new Set(patterns.filter(isLiteral).map(({ text }) => text))].filter((text) => text.startsWith(prefix));
  const wild = distinct(patterns.filter((pattern) => !isLiteral(pattern)));
  const freshText = unlike(literals, `${prefix}${fresh}`);
  if (wild.length === 0) {
    return { values: [...new Set([...literals, freshText])], isExact: true };
  }
  const rough = follow(wild, prefix, literals);
  const classOf = (text: string) => wild.map(({ matches }) => matches(text)).join();
  const isTaken = [...rough.witnesses].some(([, text]) => literals.includes(text));
  const { witnesses, isExact } = isTaken ? follow([...wild, ...patterns.filter((pattern) => isLiteral(pattern))], prefix, literals) : rough;
  const others = [...witnesses.values()].filter((text) => (isTaken || classOf(text) !== classOf(freshText)) && !isUnknown(text.slice(prefix.length)));
  return { values: [...new Set([...literals, freshText, ...others])], isExact };
}

/** The text, made longer until it is none of others. */
function unlike(others: readonly string[], text: string): string {
  return others.includes(text) ? unlike(others, `${text}0`) : text;
}

function isLiteral({ tokens }: Pattern): boolean {
  return tokens.every((token) => typeof token === 'string');
}

function distinct(patterns: readonly Pattern[]): Pattern[] {
  return [...new Map(patterns.map((pattern) => [JSON.stringify(pattern.tokens), pattern])).values()];
}

type Places = readonly (readonly number[])[];

/** Follows all patterns at once from the end of the prefix, and keeps a shortest text for each set of patterns that accept it. */
function follow(patterns: readonly Pattern[], prefix: string, avoid: readonly string[]): { witnesses: Map<string, string>; isExact: boolean } {
  const tokens = patterns.map((pattern) => pattern.tokens);
  const start = prefix.split('').reduce<Places>((places, character) => step(tokens, places, character), tokens.map((pattern) => skipMany(pattern, [0])));
  const unmentioned = unmentionedCharacter(tokens, avoid);
  const seen = new Set([JSON.stringify(start)]);
  const queue: { places: Places; text: string }[] = [{ places: start, text: '' }];
  const witnesses = new Map<string, string>();
  for (let next = 0; next < queue.length; next++) {
    const { places, text } = queue[next];
    const accepting = places.map((at, i) => at.includes(tokens[i].length)).join();
    if (text !== '' && !witnesses.has(accepting)) {
      witnesses.set(accepting, prefix + text);
    }
    for (const character of [unmentioned, ...expectedCharacters(tokens, places)]) {
      const reached = step(tokens, places, character);
      const key = JSON.stringify(reached);
      if (!seen.has(key) || text === '') {
        seen.add(key);
        queue.push({ places: reached, text: text + character });
      }
    }
    if (queue.length > STATE_LIMIT) {
      return { witnesses, isExact: false };
    }
  }
  return { witnesses, isExact: true };
}

function step(tokens: readonly (readonly PatternToken[])[], places: Places, character: string): Places {
  return places.map((at, i) => skipMany(tokens[i], at.flatMap((place) => after(tokens[i][place], place, character))));
}

function after(token: PatternToken | undefined, place: number, character: string): number[] {
  switch (token) {
    case undefined: return [];
    case Wildcard.ONE: return [place + 1];
    case Wildcard.MANY: return [place];
    case Wildcard.ONE_IN_SEGMENT: return character === ':' ? [] : [place + 1];
    case Wildcard.MANY_IN_SEGMENT: return character === ':' ? [] : [place];
    default: return token === character ? [place + 1] : [];
  }
}

/** The places that are reached without reading anything: `*` may stand for nothing. */
function skipMany(tokens: readonly PatternToken[], places: readonly number[]): readonly number[] {
  const reached = new Set<number>();
  for (let place of places) {
    reached.add(place);
    while (tokens[place] === Wildcard.MANY || tokens[place] === Wildcard.MANY_IN_SEGMENT) {
      reached.add(++place);
    }
  }
  return [...reached].sort((a, b) => a - b);
}

/** The characters that lead from some places elsewhere than a character that no pattern has. */
function expectedCharacters(tokens: readonly (readonly PatternToken[])[], places: Places): Set<string> {
  const expected = places.flatMap((at, i) => at.map((place) => tokens[i][place]));
  const literal = expected.filter((token): token is string => typeof token === 'string');
  const endsSegment = expected.some((token) => token === Wildcard.ONE_IN_SEGMENT || token === Wildcard.MANY_IN_SEGMENT);
  return new Set(endsSegment ? [...literal, ':'] : literal);
}

const READABLE = 'xzqjwkyvX0179_~=@';

/** A character that no pattern has: it stands for all of its kind. */
function unmentionedCharacter(tokens: readonly (readonly PatternToken[])[], avoid: readonly string[]): string {
  const used = new Set([...tokens.flat(), ...avoid.join('')]);
  return READABLE.split('').find((character) => !used.has(character)) ?? '\u00a4';
}
