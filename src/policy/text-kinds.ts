import { Wildcard } from './pattern';
import { TextLanguage, TextPlace } from './text-language';

/** What a text that is not known may be part of, when a policy is compared: the text of a policy, its wildcards told from its characters. */
export interface TextTest {
  readonly tokens: readonly (string | Wildcard)[];
  readonly ignoresCase: boolean;
}

/** A test that is being read along with a text, and the places in it where the reading may be. */
interface Reading {
  readonly test: TextTest;
  readonly name: string;
  readonly places: readonly number[];
}

interface Step {
  readonly place: TextPlace;
  readonly readings: readonly Reading[];
  readonly text: string;
}

const MOST_STEPS = 4_000;

/** Reads what a policy says, be it with policy variables, which may be anything. */
export function textTest(text: string, ignoresCase = false): TextTest {
  const plain = ignoresCase ? text.toLowerCase() : text;
  const tokens = Array.from(plain.matchAll(/\$\{([*?$])}|(\$\{[^}]*}|\*)|(\?)|([^])/g), ([, escaped, many, one, character]) =>
    (many !== undefined ? Wildcard.MANY : one !== undefined ? Wildcard.ONE : escaped ?? character));
  return { tokens, ignoresCase };
}

/**
 * The texts of a language, one of each kind that tests can tell apart, by what tells them apart. The tests may begin before the text, and go on after it.
 *
 * @param ordinary the character that stands at a place of the text where it does not matter which
 * @returns nothing if there are too many
 */
export function textKinds(language: TextLanguage, tests: readonly TextTest[], ordinary: (at: number, allowed: readonly string[]) => string): Map<string, string> | undefined {
  const kinds = new Map<string, string>();
  const seen = new Set<string>();
  const readings = beginningsOf(tests).in(language);
  let steps: Step[] = [{ place: language.beginning, readings, text: '' }];
  while (steps.length > 0) {
    steps = steps.flatMap((step) => following(step, ordinary)).filter((step) => {
      const key = `${step.place.key} ${keyOf(step.readings)}`;
      return !seen.has(key) && seen.add(key);
    });
    if (seen.size > MOST_STEPS) {
      return undefined;
    }
    steps.filter(({ place }) => place.isEnd).forEach((step) => kinds.set(keyOf(step.readings), step.text)); // the longest is the most ordinary
  }
  return kinds;
}

/** Of which kind a text is. */
export function textKind(text: string, tests: readonly TextTest[]): string {
  const beginnings = beginningsOf(tests);
  return keyOf(text === '' ? beginnings.all : [...text.slice(1)].reduce(after, beginnings.after(text[0])));
}

/** Where the texts begin that tests may be about: it is asked for many texts, most of which few of the tests are about. */
class Beginnings {
  public readonly all: readonly Reading[];
  private readonly ofLanguages = new WeakMap<TextLanguage, readonly Reading[]>();
  private readonly byCharacter = new Map<string, readonly Reading[]>();

  constructor(tests: readonly TextTest[]) {
    this.all = beginningsIn(tests);
  }

  /** Those that tell texts of a language apart. */
  public in(language: TextLanguage): readonly Reading[] {
    const known = this.ofLanguages.get(language) ?? this.all.filter((reading) => mayLast(reading, language.beginning));
    this.ofLanguages.set(language, known);
    return known;
  }

  /** Those that go on with a character. */
  public after(character: string): readonly Reading[] {
    const known = this.byCharacter.get(character) ?? after(this.all, character);
    this.byCharacter.set(character, known);
    return known;
  }
}

const BEGINNINGS = new WeakMap<readonly TextTest[], Beginnings>();

function beginningsOf(tests: readonly TextTest[]): Beginnings {
  const known = BEGINNINGS.get(tests) ?? new Beginnings(tests);
  BEGINNINGS.set(tests, known);
  return known;
}

/** A name stands alone, or follows a colon or a slash. Tests that end alike are read once, and what takes any text is not read. */
function beginningsIn(tests: readonly TextTest[]): readonly Reading[] {
  const ends = new Map<string, TextTest>();
  tests.forEach(({ tokens, ignoresCase }) => tokens.forEach((token, at) => {
    const isBeginning = at === 0 || token === Wildcard.MANY || [':', '/', Wildcard.ONE].includes(tokens[at - 1]);
    const end = isBeginning ? tokens.slice(at) : [];
    if (end.some((one) => one !== Wildcard.MANY)) {
      ends.set(JSON.stringify([ignoresCase, end]), { tokens: end, ignoresCase });
    }
  }));
  return Array.from(ends.values(), (test, i) => ({ test, name: `${i}`, places: normal([0], test.tokens) }));
}

const MOST_PLACES = 200; // of one reading

/** Whether a test may still be read where a text of the language ends: if not, it tells no texts apart. True where nobody can tell without looking further. */
function mayLast(reading: Reading, beginning: TextPlace): boolean {
  const seen = new Set<string>();
  let open = [{ place: beginning, readings: [reading] as readonly Reading[] }];
  while (open.length > 0 && seen.size < MOST_PLACES) {
    if (open.some(({ place, readings: [{ test, places }] }) => place.isEnd || places.some((at) => test.tokens[at] === Wildcard.MANY))) {
      return true;
    }
    const next = open.flatMap(({ place, readings }) => charactersFor(readings, place)
      .map((character) => ({ place: place.after(character), readings: after(readings, character) })));
    open = next.filter((step) => {
      const key = `${step.place.key} ${keyOf(step.readings)}`;
      return !step.place.isNowhere && step.readings.length > 0 && !seen.has(key) && seen.add(key);
    });
  }
  return open.length > 0;
}

/** The characters with which readings may go on at a place. */
function charactersFor(readings: readonly Reading[], place: TextPlace): string[] {
  const takesAny = readings.some(({ test, places }) => places.some((at) => test.tokens[at] === Wildcard.ONE));
  return takesAny ? place.characters : [...charactersOf(readings)];
}

function following({ place, readings, text }: Step, ordinary: (at: number, allowed: readonly string[]) => string): Step[] {
  const allowed = place.characters;
  const told = charactersOf(readings);
  const others = allowed.filter((character) => !told.has(character));
  const chosen = [...(others.length > 0 ? [ordinary(text.length, others)] : []), ...allowed.filter((character) => told.has(character))];
  return chosen.map((character) => ({ place: place.after(character), readings: after(readings, character), text: text + character }));
}

/** The characters that readings tell from others. */
function charactersOf(readings: readonly Reading[]): Set<string> {
  const characters = new Set<string>();
  for (const { test: { tokens, ignoresCase }, places } of readings) {
    for (const token of places.map((place) => tokens[place])) {
      if (typeof token === 'string') {
        characters.add(token);
        characters.add(ignoresCase ? token.toUpperCase() : token);
      }
    }
  }
  return characters;
}

/** The readings that go on with a character. */
function after(readings: readonly Reading[], character: string): readonly Reading[] {
  return readings.flatMap((reading) => {
    const { test: { tokens, ignoresCase }, places } = reading;
    const own = ignoresCase ? character.toLowerCase() : character;
    const next = places.flatMap((place) => (tokens[place] === Wildcard.MANY ? [place] : tokens[place] === own || tokens[place] === Wildcard.ONE ? [place + 1] : []));
    return next.length > 0 ? [{ ...reading, places: normal(next, tokens) }] : [];
  });
}

/** The places that matter: before the last `*` that has been reached there is none, and behind it one more. */
function normal(places: readonly number[], tokens: TextTest['tokens']): number[] {
  const reached = new Set(places);
  reached.forEach((place) => tokens[place] === Wildcard.MANY && reached.add(place + 1)); // those that are added are visited, too
  const last = Math.max(-1, ...[...reached].filter((place) => tokens[place] === Wildcard.MANY));
  return [...reached].filter((place) => place >= last).sort((one, other) => one - other);
}

function keyOf(readings: readonly Reading[]): string {
  return readings.map(({ name, places }) => `${name}:${places.join()}`).join(' ');
}
