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

/** How far texts of a language have been read, and tests along with them. */
interface Spot {
  readonly place: TextPlace;
  readonly readings: readonly Reading[];

  /** The characters with which texts go on that readings tell from others, and the others. */
  readonly told: readonly string[];
  readonly others: readonly string[];
  readonly next: Map<string, Spot>;
}

interface Step {
  readonly spot: Spot;
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
  const seen = new Set<Spot>();
  const spots = beginningsOf(tests).spotsIn(language);
  let steps: Step[] = [{ spot: spots.first, text: '' }];
  while (steps.length > 0) {
    steps = steps.flatMap((step) => following(spots, step, ordinary)).filter(({ spot }) => !seen.has(spot) && seen.add(spot));
    if (seen.size > MOST_STEPS) {
      return undefined;
    }
    steps.filter(({ spot: { place } }) => place.isEnd).forEach(({ spot, text }) => kinds.set(keyOf(spot.readings), text)); // the longest is the most ordinary
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
  private readonly ofLanguages = new WeakMap<TextLanguage, Spots>();
  private readonly byCharacter = new Map<string, readonly Reading[]>();

  constructor(tests: readonly TextTest[]) {
    this.all = beginningsIn(tests);
  }

  /** Where texts of a language and the tests that tell them apart have been read to. */
  public spotsIn(language: TextLanguage): Spots {
    const known = this.ofLanguages.get(language) ?? new Spots(language.beginning, this.all.filter((reading) => mayLast(reading, language.beginning)));
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

/** Spots that have been reached: most texts of a language are read alike. */
class Spots {
  public readonly first: Spot;
  private readonly byPlace = new Map<TextPlace, Map<string, Spot>>();

  constructor(beginning: TextPlace, readings: readonly Reading[]) {
    this.first = this.at(beginning, readings);
  }

  public after({ place, readings, next }: Spot, character: string): Spot {
    const known = next.get(character) ?? this.at(place.after(character), after(readings, character));
    next.set(character, known);
    return known;
  }

  private at(place: TextPlace, readings: readonly Reading[]): Spot {
    const ofPlace = this.byPlace.get(place) ?? new Map<string, Spot>();
    this.byPlace.set(place, ofPlace);
    const key = keyOf(readings);
    const spot = ofPlace.get(key) ?? spotAt(place, readings);
    ofPlace.set(key, spot);
    return spot;
  }
}

function spotAt(place: TextPlace, readings: readonly Reading[]): Spot {
  const told = charactersOf(readings);
  const isTold = (character: string) => told.has(character);
  return { place, readings, told: place.characters.filter(isTold), others: place.characters.filter((character) => !isTold(character)), next: new Map() };
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
  const { test: { tokens, ignoresCase }, places: [first] } = reading;
  const character = tokens[first];
  if (typeof character === 'string' && ![character, ignoresCase ? character.toUpperCase() : character].some((one) => beginning.characters.includes(one))) {
    return beginning.isEnd;
  }
  const spots = new Spots(beginning, [reading]);
  const seen = new Set<Spot>();
  let open = [spots.first];
  while (open.length > 0 && seen.size < MOST_PLACES) {
    if (open.some(({ place, readings: [{ test, places }] }) => place.isEnd || places.some((at) => test.tokens[at] === Wildcard.MANY))) {
      return true;
    }
    const next = open.flatMap((spot) => charactersFor(spot).map((one) => spots.after(spot, one)));
    open = next.filter((spot) => !spot.place.isNowhere && spot.readings.length > 0 && !seen.has(spot) && seen.add(spot));
  }
  return open.length > 0;
}

/** The characters with which readings may go on at a place. */
function charactersFor({ place, readings, told }: Spot): readonly string[] {
  const takesAny = readings.some(({ test, places }) => places.some((at) => test.tokens[at] === Wildcard.ONE));
  return takesAny ? place.characters : told;
}

function following(spots: Spots, { spot, text }: Step, ordinary: (at: number, allowed: readonly string[]) => string): Step[] {
  const chosen = [...(spot.others.length > 0 ? [ordinary(text.length, spot.others)] : []), ...spot.told];
  return chosen.map((character) => ({ spot: spots.after(spot, character), text: text + character }));
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
