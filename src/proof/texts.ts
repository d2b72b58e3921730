import { Automaton, Places, TestedPattern } from './automaton';
import { Pattern } from '../policy/pattern';

export type { Places, TestedPattern } from './automaton';

/** What texts may look like at some place: of an account, a name, anything. */
export interface Language {
  /** Characters to write where it does not matter which; the first that nobody expects is taken. */
  readonly ordinary: string;
  /** @param at how many characters stand before; what matters of it is told apart up to the length of the shortest text alone */
  readonly allows: (character: string, before: string, at: number) => boolean;
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
const MOST_EFFORT = 1_500_000; // places of patterns that are looked at, which takes some 20 ms

/** Texts of languages that stand for all others, as far as the patterns of some tests tell them apart. */
export class Patterns {
  private readonly automaton: Automaton;
  private readonly explored = new Map<Language, Map<Places, ReachedTexts>>();
  private budget = BUDGET;

  constructor(tests: readonly (readonly TestedPattern[])[]) {
    this.automaton = new Automaton(tests);
  }

  /** Where the patterns of some tests begin: of all, if nothing else is said. */
  public start(from?: number, to?: number): Places {
    return this.automaton.start(from, to);
  }

  /** The places of some tests alone. */
  public restricted(places: Places, from: number, to?: number): Places {
    return this.automaton.restricted(places, from, to);
  }

  /** Places of both. */
  public together(one: Places, other: Places): Places {
    return this.automaton.together(one, other);
  }

  public read(places: Places, text: string): Places {
    return this.automaton.read(places, text);
  }

  /** The tests that a text meets which ends here. */
  public accepted(places: Places): string {
    return this.automaton.accepted(places).join();
  }

  /**
   * One text of a language for each way in which patterns can go on after it.
   *
   * @param ordinary texts to take where nobody expects anything in particular, and wherever they serve as well as others
   */
  public reach(from: Places, language: Language, ordinary: readonly string[]): ReachedTexts {
    const candidates = [...ordinary, ...ordinary.map((text) => lengthened(text, language))].filter((text) => isOf(text, language))
      .map((text) => ({ text, places: this.read(from, text) }));
    const isLast = !language.isFollowed && language.end === undefined;
    const isPlain = isLast && this.automaton.isLiteral(from) && candidates.some(({ places }) => this.accepted(places) === '');
    const reached = isPlain ? this.literals(from, language) : this.exploredFrom(from, language);
    const known = new Map(candidates.filter(({ text }) => ordinary.includes(text)).reverse().map((one) => [one.places, one]));
    const unmentioned = this.leastMet(candidates);
    const isLikeUnmentioned = ({ places }: Reached) => isLast && unmentioned !== undefined && this.accepted(places) === '' && this.accepted(unmentioned.places) === '';
    const texts = reached.texts.filter((text) => !isLikeUnmentioned(text)).map((text) => known.get(text.places) ?? text);
    const { isExact } = reached;
    const least = this.leastMet(texts);
    if (!unmentioned || (least && this.isLessMet(least, unmentioned))) {
      return { texts: least ? [least, ...texts.filter((text) => text !== least)] : texts, unmentioned: least, isExact };
    }
    return { texts: [unmentioned, ...texts.filter(({ places }) => places !== unmentioned.places)], unmentioned, isExact };
  }

  /** The first of those that meet the fewest tests. */
  private leastMet(all: readonly Reached[]): Reached | undefined {
    return all.reduce<Reached | undefined>((least, reached) => (least === undefined || this.isLessMet(reached, least) ? reached : least), undefined);
  }

  private isLessMet({ places: one }: Reached, { places: other }: Reached): boolean {
    return this.automaton.accepted(one).length - this.automaton.accepted(other).length < 0
      || (this.automaton.accepted(one).length === this.automaton.accepted(other).length && one.list.length < other.list.length);
  }

  /** What is left of literal texts: each is mentioned. */
  private literals(from: Places, language: Language): ReachedTexts {
    return { texts: this.automaton.rests(from).filter((text) => isOf(text, language)).map((text) => ({ text, places: this.read(from, text) })), isExact: true };
  }

  /** What was explored once is not explored again: the roles of accounts that no pattern tells apart are alike. */
  private exploredFrom(from: Places, language: Language): ReachedTexts {
    const ofLanguage = this.explored.get(language) ?? new Map<Places, ReachedTexts>();
    this.explored.set(language, ofLanguage);
    const reached = ofLanguage.get(from) ?? this.explore(from, language);
    ofLanguage.set(from, reached);
    return reached;
  }

  private explore(from: Places, language: Language): ReachedTexts {
    const found = new Map<Places, Reached>();
    const seen = new Set<string>();
    let queue: Reached[] = [{ text: '', places: from }];
    let count = 0;
    while (queue.length > 0) {
      const next: Reached[] = [];
      for (const reached of queue) {
        const { text, places } = reached;
        if (text.length >= language.shortest && isEnd(text, language) && !found.has(places)) {
          found.set(places, reached);
        }
        if (text.length >= language.longest) {
          continue;
        }
        if (count + next.length > STATE_LIMIT || next.length > this.budget || this.automaton.effort > MOST_EFFORT) {
          this.budget -= next.length;
          return { texts: [...found.values()], isExact: false };
        }
        for (const character of this.characters(places, language, text)) {
          const after = { text: text + character, places: this.automaton.step(places, character) };
          if (after.text.length > language.longest) {
            continue; // a value that is not known, longer than what is left
          }
          const counted = language.longest < Infinity ? after.text.length : Math.min(after.text.length, language.shortest);
          const state = `${counted} ${ending(after.text, language)} ${after.places.id}`;
          if (!seen.has(state)) {
            seen.add(state);
            next.push(after);
          }
        }
      }
      count += next.length;
      this.budget -= next.length;
      queue = next;
    }
    return { texts: [...found.values()], isExact: true };
  }

  /** The characters that some pattern expects here, and one that none does. */
  private characters(places: Places, language: Language, text: string): string[] {
    const allowed = (character: string) => isAllowed(character, language, text);
    const expected = this.automaton.expected(places);
    const other = language.ordinary.split('').find((character) => !expected.includes(character) && allowed(character));
    const characters = [...(language.end ?? ''), ...(language.lastName ? '/' : ''), ...expected].filter(allowed);
    return [...new Set(other === undefined ? characters : [other, ...characters])];
  }
}

function isOf(text: string, language: Language): boolean {
  return text.length >= language.shortest && text.length <= language.longest && isEnd(text, language) && isAllowed(text, language);
}

/** Whether each character of a text may stand where it does: at the beginning, or behind another text. */
function isAllowed(text: string, { allows }: Language, behind = ''): boolean {
  return text.split('').every((character, i) => allows(character, text[i - 1] ?? behind.slice(-1), behind.length + i));
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
