import { Pattern, PatternToken, Wildcard } from '../policy/pattern';
import { charactersOf, isUnknown } from '../policy/unknown-text';

/** A pattern of one test. Patterns of the same test are alternatives. */
export interface TestedPattern {
  readonly pattern: Pattern;
  readonly ignoresCase: boolean;
}

/** Where patterns stand after some characters: the same object for texts that no pattern can tell apart any more. */
export interface Places {
  readonly id: number;

  /** The places in ascending order. */
  readonly list: readonly number[];

  /** Where each character that was asked so far leads. */
  readonly next: Map<string, Places>;
}

const LARGEST_CHARACTER = 0xffff;

/**
 * The patterns of some tests, followed together, character by character; values that are not known are followed as wholes. Once one pattern of a test takes whatever
 * follows, the others of that test do not matter any more.
 */
export class Automaton {
  /** How many places were looked at, each once a character: what following the patterns has cost. */
  public effort = 0;
  private readonly tokens: (PatternToken | undefined)[] = [];
  private readonly testAt: number[] = [];
  private readonly ignoresCaseAt: boolean[] = [];
  private readonly isWildAt: boolean[] = [];
  private readonly starts: number[] = [];
  private readonly known = new Map<string, Places>();
  private readonly expectedAt = new Map<Places, readonly string[]>();

  constructor(tests: readonly (readonly TestedPattern[])[]) {
    tests.forEach((patterns, test) => patterns.forEach(({ pattern: { tokens }, ignoresCase }) => {
      this.starts.push(this.tokens.length);
      const isWild = ignoresCase || tokens.some((token) => typeof token !== 'string');
      for (const token of [...inCharacters(tokens), undefined]) {
        this.tokens.push(token);
        this.testAt.push(test);
        this.ignoresCaseAt.push(ignoresCase);
        this.isWildAt.push(isWild);
      }
    }));
  }

  /** Where the patterns of some tests begin: of all, if nothing else is said. */
  public start(from = 0, to = Infinity): Places {
    return this.settled(this.starts.filter((place) => this.testAt[place] >= from && this.testAt[place] < to));
  }

  /** The places of some tests alone. */
  public restricted({ list }: Places, from: number, to = Infinity): Places {
    return this.placesOf(list.filter((place) => this.testAt[place] >= from && this.testAt[place] < to));
  }

  /** Places of both. */
  public together(one: Places, other: Places): Places {
    return this.placesOf([...new Set([...one.list, ...other.list])].sort((a, b) => a - b));
  }

  public read(places: Places, text: string): Places {
    let at = places;
    const characters = isUnknown(text) ? charactersOf(text) : text;
    for (let i = 0; i < characters.length && at.list.length > 0; i++) {
      at = this.step(at, characters[i]);
    }
    return at;
  }

  public step(places: Places, character: string): Places {
    const known = places.next.get(character);
    if (known) {
      return known;
    }
    this.effort += places.list.length;
    const after = this.settled(this.reachedBy(places, character));
    places.next.set(character, after);
    return after;
  }

  /** The tests that a text meets which ends here. */
  public accepted({ list }: Places): number[] {
    return list.filter((place) => this.tokens[place] === undefined).map((place) => this.testAt[place]);
  }

  /** Whether nothing but literal texts may follow. */
  public isLiteral({ list }: Places): boolean {
    return !list.some((place) => this.isWildAt[place]);
  }

  /** What is left of literal texts. */
  public rests({ list }: Places): string[] {
    return [...new Set(list.map((place) => this.tokens.slice(place, this.tokens.indexOf(undefined, place)).join('')))];
  }

  /** The characters that some pattern tells from others here. */
  public expected(places: Places): readonly string[] {
    const known = this.expectedAt.get(places) ?? [...new Set(places.list.flatMap((place) => this.expectedBy(place)))];
    this.expectedAt.set(places, known);
    return known;
  }

  private expectedBy(place: number): string[] {
    const token = this.tokens[place];
    if (typeof token === 'string') {
      return this.ignoresCaseAt[place] && !isUnknown(token) ? [token, token.toUpperCase()] : [token];
    }
    return token === Wildcard.ONE_IN_SEGMENT || token === Wildcard.MANY_IN_SEGMENT ? [':'] : [];
  }

  private reachedBy({ list }: Places, character: string): number[] {
    const reached: number[] = [];
    for (const place of list) {
      const token = this.tokens[place];
      switch (token) {
        case undefined: break;
        case Wildcard.ONE: if (!isUnknown(character)) { reached.push(place + 1); } break;
        case Wildcard.MANY: reached.push(place); break;
        case Wildcard.ONE_IN_SEGMENT: if (character !== ':' && !isUnknown(character)) { reached.push(place + 1); } break;
        case Wildcard.MANY_IN_SEGMENT: if (character !== ':') { reached.push(place); } break;
        default: if (token === character || (this.ignoresCaseAt[place] && token === character.toLowerCase())) { reached.push(place + 1); }
      }
    }
    return reached;
  }

  /**
   * Adds what is reached without reading anything, since `*` may stand for nothing; leaves out what does not matter any more.
   *
   * @param reached places in ascending order
   */
  private settled(reached: readonly number[]): Places {
    const all: number[] = [];
    const metFrom = new Map<number, number>();
    let last = -1;
    for (let place of reached) {
      if (place <= last) {
        continue; // added by the one before, with what follows from it
      }
      all.push(place);
      while (this.tokens[place] === Wildcard.MANY || this.tokens[place] === Wildcard.MANY_IN_SEGMENT) {
        if (this.tokens[place] === Wildcard.MANY && this.tokens[place + 1] === undefined && !metFrom.has(this.testAt[place])) {
          metFrom.set(this.testAt[place], place);
        }
        all.push(++place);
      }
      last = place;
    }
    return this.placesOf(metFrom.size === 0 ? all : all.filter((place) => this.stillMatters(place, metFrom.get(this.testAt[place]))));
  }

  /** Of a test that is met whatever follows, one such pattern is enough. */
  private stillMatters(place: number, metFrom: number | undefined): boolean {
    return metFrom === undefined || place === metFrom || place === metFrom + 1;
  }

  private placesOf(list: readonly number[]): Places {
    const key = this.tokens.length <= LARGEST_CHARACTER ? asText(list) : list.join();
    const known = this.known.get(key) ?? { id: this.known.size, list, next: new Map<string, Places>() };
    this.known.set(key, known);
    return known;
  }
}

/** A short key of numbers that are small: joining them as digits takes longer than following them. */
function asText(list: readonly number[]): string {
  return String.fromCharCode(...list);
}

/** The places of a pattern, of which those of a value that is not known are one. */
function inCharacters(tokens: readonly PatternToken[]): PatternToken[] {
  const texts = tokens.filter((token) => typeof token === 'string').join('');
  return isUnknown(texts) ? runsOf(tokens).flatMap<PatternToken>((run) => (typeof run === 'string' ? charactersOf(run) : [run])) : [...tokens];
}

/** Neighbouring characters as one text. */
function runsOf(tokens: readonly PatternToken[]): PatternToken[] {
  return tokens.reduce<PatternToken[]>((runs, token) => {
    const last = runs.at(-1);
    return typeof token === 'string' && typeof last === 'string' ? [...runs.slice(0, -1), last + token] : [...runs, token];
  }, []);
}
