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
  let steps: Step[] = [{ place: language.beginning, readings: beginnings(tests), text: '' }];
  while (steps.length > 0) {
    steps = steps.flatMap((step) => following(step, ordinary)).filter(({ place, readings }) => {
      const key = `${place.key} ${keyOf(readings)}`;
      return !seen.has(key) && seen.add(key);
    });
    if (seen.size > MOST_STEPS) {
      return undefined;
    }
    steps.filter(({ place }) => place.isEnd).forEach(({ readings, text }) => kinds.set(keyOf(readings), text)); // the longest is the most ordinary
  }
  return kinds;
}

/** Of which kind a text is. */
export function textKind(text: string, tests: readonly TextTest[]): string {
  return keyOf([...text].reduce(after, beginnings(tests)));
}

/** A name stands alone, or follows a colon or a slash. */
function beginnings(tests: readonly TextTest[]): readonly Reading[] {
  return tests.flatMap((test, i) => [...test.tokens.keys()]
    .filter((at) => at === 0 || [':', '/', Wildcard.ONE].includes(test.tokens[at - 1]) || test.tokens[at] === Wildcard.MANY)
    .map((at) => ({ test, name: `${i}.${at}`, places: normal([at], test.tokens) })));
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
