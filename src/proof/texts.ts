import { Pattern, PatternToken, Wildcard } from '../policy/pattern';

/** What texts may look like at some place: of an account, a name, anything. */
export interface Language {
  /** Characters to write where it does not matter which; the first that nobody expects is taken. */
  readonly ordinary: string;
  readonly allows: (character: string, before: string) => boolean;
  readonly shortest: number;
  readonly longest: number;

  /** The character in which each text ends, where there is one. */
  readonly end?: string;

  /** What follows the last slash of a text, where that is a name of its own. */
  readonly lastName?: RegExp;

  /** Whether something else follows the text, so that patterns may go on after it. */
  readonly isFollowed?: boolean;
}

/** Anything at all. */
export const ANY_TEXT: Language = { ordinary: 'xzqjwkyvX0179_~=@', allows: () => true, shortest: 1, longest: Infinity };

/** A pattern of one test. Patterns of the same test are alternatives. */
export interface TestedPattern {
  readonly pattern: Pattern;
  readonly ignoresCase: boolean;
}

/** Where patterns stand after some characters: a sorted list of places, equal for texts that no pattern can tell apart any more. */
export type Places = readonly number[];

/** A text that stands for all that patterns cannot tell from it. */
export interface Reached {
  readonly text: string;
  readonly places: Places;
}

export interface ReachedTexts {
  readonly texts: readonly Reached[];

  /** The first of them, which nobody mentions, if there is one. */
  readonly unmentioned?: Reached;

  /** Whether the texts surely stand for all. */
  readonly isExact: boolean;
}

const STATE_LIMIT = 3000; // beyond it, patterns overlap in too many ways to be split
const BUDGET = 12_000; // states that are looked at for the same patterns, wherever they are asked

/**
 * The patterns of some tests, followed together, character by character, as one automaton. Once one pattern of a test takes whatever
 * follows, the others of that test do not matter any more.
 */
export class Patterns {
  private readonly tokens: (PatternToken | undefined)[] = [];
  private readonly testAt: number[] = [];
  private readonly ignoresCaseAt: boolean[] = [];
  private readonly isWildAt: boolean[] = [];
  private readonly starts: number[] = [];
  private budget = BUDGET;

  constructor(tests: readonly (readonly TestedPattern[])[]) {
    tests.forEach((patterns, test) => patterns.forEach(({ pattern: { tokens }, ignoresCase }) => {
      this.starts.push(this.tokens.length);
      const isWild = ignoresCase || tokens.some((token) => typeof token !== 'string');
      for (const token of [...tokens, undefined]) {
        this.tokens.push(token);
        this.testAt.push(test);
        this.ignoresCaseAt.push(ignoresCase);
        this.isWildAt.push(isWild);
      }
    }));
  }

  /** Where the patterns of some tests begin: of all, if nothing else is said. */
  public start(from = 0, to = Infinity): Places {
    return this.settle(this.starts.filter((place) => this.testAt[place] >= from && this.testAt[place] < to));
  }

  /** The places of some tests alone. */
  public restricted(places: Places, from: number, to = Infinity): Places {
    return places.filter((place) => this.testAt[place] >= from && this.testAt[place] < to);
  }

  public read(places: Places, text: string): Places {
    let at = places;
    for (let i = 0; i < text.length && at.length > 0; i++) {
      at = this.step(at, text[i]);
    }
    return at;
  }

  /** The tests that a text meets which ends here. */
  public accepted(places: Places): string {
    return places.filter((place) => this.tokens[place] === undefined).map((place) => this.testAt[place]).join();
  }

  /**
   * One text of a language for each way in which patterns can go on after it.
   *
   * @param ordinary texts to take where nobody expects anything in particular
   */
  public reach(from: Places, language: Language, ordinary: readonly string[]): ReachedTexts {
    const candidates = [...ordinary, ...ordinary.map((text) => lengthened(text, language))].filter((text) => isOf(text, language))
      .map((text) => ({ text, places: this.read(from, text) }));
    const isLast = !language.isFollowed && language.end === undefined;
    const isPlain = isLast && !from.some((place) => this.isWildAt[place]) && candidates.some(({ places }) => this.accepted(places) === '');
    const { texts, isExact } = isPlain ? this.literals(from, language) : this.explore(from, language);
    const leastMet = (one: Reached, other: Reached) => this.accepted(one.places).length - this.accepted(other.places).length || one.places.length - other.places.length;
    const [unmentioned] = [...candidates].sort(leastMet);
    const [least] = [...texts].sort(leastMet);
    if (!unmentioned || (least && leastMet(least, unmentioned) < 0)) {
      return { texts: least ? [least, ...texts.filter((text) => text !== least)] : texts, unmentioned: least, isExact };
    }
    const key = unmentioned.places.join();
    return { texts: [unmentioned, ...texts.filter(({ places }) => places.join() !== key)], unmentioned, isExact };
  }

  /** What is left of literal texts: each is mentioned. */
  private literals(from: Places, language: Language): ReachedTexts {
    const texts = from.map((place) => {
      let text = '';
      for (let at = place; this.tokens[at] !== undefined; at++) {
        text += String(this.tokens[at]);
      }
      return text;
    });
    return { texts: [...new Set(texts)].filter((text) => isOf(text, language)).map((text) => ({ text, places: this.read(from, text) })), isExact: true };
  }

  private explore(from: Places, language: Language): ReachedTexts {
    const found = new Map<string, Reached>();
    const seen = new Set<string>();
    let queue: Reached[] = [{ text: '', places: from }];
    let count = 0;
    while (queue.length > 0) {
      const next: Reached[] = [];
      for (const reached of queue) {
        const { text, places } = reached;
        const key = places.join();
        if (text.length >= language.shortest && isEnd(text, language) && !found.has(key)) {
          found.set(key, reached);
        }
        if (text.length >= language.longest) {
          continue;
        }
        for (const character of this.characters(places, language, text.slice(-1))) {
          const after = { text: text + character, places: this.step(places, character) };
          const counted = language.longest < Infinity ? after.text.length : Math.min(after.text.length, language.shortest);
          const state = `${counted} ${ending(after.text, language)} ${after.places.join()}`;
          if (!seen.has(state)) {
            seen.add(state);
            next.push(after);
          }
        }
      }
      count += next.length;
      this.budget -= next.length;
      if (count > STATE_LIMIT || this.budget < 0) {
        return { texts: [...found.values()], isExact: false };
      }
      queue = next;
    }
    return { texts: [...found.values()], isExact: true };
  }

  /** The characters that some pattern expects here, and one that none does. */
  private characters(places: Places, language: Language, before: string): string[] {
    const expected = new Set<string>();
    for (const place of places) {
      const token = this.tokens[place];
      if (typeof token === 'string') {
        (this.ignoresCaseAt[place] ? [token, token.toUpperCase()] : [token]).forEach((character) => expected.add(character));
      } else if (token === Wildcard.ONE_IN_SEGMENT || token === Wildcard.MANY_IN_SEGMENT) {
        expected.add(':');
      }
    }
    const other = language.ordinary.split('').find((character) => !expected.has(character) && language.allows(character, before));
    const characters = [...(language.end ?? ''), ...expected].filter((character) => language.allows(character, before));
    return [...new Set(other === undefined ? characters : [other, ...characters])];
  }

  private step(places: Places, character: string): Places {
    const reached: number[] = [];
    for (const place of places) {
      const token = this.tokens[place];
      switch (token) {
        case undefined: break;
        case Wildcard.ONE: reached.push(place + 1); break;
        case Wildcard.MANY: reached.push(place); break;
        case Wildcard.ONE_IN_SEGMENT: if (character !== ':') { reached.push(place + 1); } break;
        case Wildcard.MANY_IN_SEGMENT: if (character !== ':') { reached.push(place); } break;
        default: if (token === character || (this.ignoresCaseAt[place] && token === character.toLowerCase())) { reached.push(place + 1); }
      }
    }
    return this.settle(reached);
  }

  /** Adds what is reached without reading anything, since `*` may stand for nothing; leaves out what does not matter any more. */
  private settle(reached: readonly number[]): Places {
    const all = new Set<number>();
    let settledTests: Set<number> | undefined;
    for (let place of reached) {
      all.add(place);
      while (this.tokens[place] === Wildcard.MANY || this.tokens[place] === Wildcard.MANY_IN_SEGMENT) {
        if (this.tokens[place] === Wildcard.MANY && this.tokens[place + 1] === undefined) {
          (settledTests ??= new Set()).add(this.testAt[place]);
        }
        all.add(++place);
      }
    }
    const places = [...all];
    const kept = settledTests ? this.withoutSettled(places, settledTests) : places;
    return kept.sort((a, b) => a - b);
  }

  /** Of a test that is met whatever follows, one such pattern is enough. */
  private withoutSettled(places: readonly number[], settled: ReadonlySet<number>): number[] {
    const first = new Map<number, number>();
    for (const place of places) {
      if (this.tokens[place] === Wildcard.MANY && this.tokens[place + 1] === undefined) {
        const test = this.testAt[place];
        first.set(test, Math.min(first.get(test) ?? Infinity, place));
      }
    }
    return places.filter((place) => {
      const at = settled.has(this.testAt[place]) ? first.get(this.testAt[place])! : undefined;
      return at === undefined || place === at || place === at + 1;
    });
  }
}

function isOf(text: string, language: Language): boolean {
  return text.length >= language.shortest && text.length <= language.longest && isEnd(text, language)
    && text.split('').every((character, i) => language.allows(character, text[i - 1] ?? ''));
}

function isEnd(text: string, { end, lastName }: Language): boolean {
  return (end === undefined || text.endsWith(end)) && (lastName === undefined || lastName.test(lastPart(text)));
}

/** What of a text matters to where it may end, whatever follows. */
function ending(text: string, language: Language): string {
  return `${isEnd(text, language)}${language.lastName !== undefined && lastPart(text) === ''}`;
}

function lastPart(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

/** The text with something ordinary in it: unlike the text itself. */
function lengthened(text: string, language: Language): string {
  const body = language.end !== undefined && text.endsWith(language.end) ? text.slice(0, -language.end.length) : text;
  const more = language.longest === text.length ? `${body.slice(0, -4)}${language.ordinary.slice(2, 6)}` : `${body}${language.ordinary.slice(0, 4)}`;
  return more + (language.end !== undefined && text.endsWith(language.end) ? language.end : '');
}

/** Places of both. */
export function together(one: Places, other: Places): Places {
  return one.length === 0 ? other : other.length === 0 ? one : [...new Set([...one, ...other])].sort((a, b) => a - b);
}

/**
 * One text for each way in which a text can match some patterns and not the others.
 *
 * @param ordinary a text to take where nobody expects anything in particular
 * @param prefix what all texts begin with
 */
export function toldApart(patterns: readonly Pattern[], ordinary: string, prefix = ''): { values: readonly string[]; isExact: boolean } {
  const followed = new Patterns(patterns.map((pattern) => [{ pattern, ignoresCase: false }]));
  const { texts, isExact } = followed.reach(followed.read(followed.start(), prefix), ANY_TEXT, [ordinary]);
  return { values: texts.map(({ text }) => prefix + text), isExact };
}
