/** The characters that may stand at one place of a text, as ranges of code units. */
interface Characters {
  readonly ranges: readonly Range[];
  readonly isInverted: boolean;
}

type Range = readonly [first: number, last: number];

/** Where a text may go on: with a character, or in several ways; or it may end. */
type State = { readonly characters: Characters; readonly next: State } | { readonly ways: State[] } | 'end';
type Step = Extract<State, { characters: Characters }>;

/** A part of a regular expression, before what follows it. */
type Part = (next: State) => State;

/** Says that a regular expression uses something that is not read here. */
class NotReadError extends Error {}

const MOST_STATES = 5_000;
const LONGEST = 1_000; // characters of a regular expression
const DIGITS: Range = [0x30, 0x39];

/** The texts that a regular expression describes as a whole. They are followed character by character, in time proportional to the text. */
export class TextLanguage {
  /**
   * The texts that a regular expression of CloudFormation matches; undefined if it uses anything whose meaning is not plain. CloudFormation reads it as
   * Java does, and it has to match the whole value.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-regexes.html
   */
  public static ofPattern(pattern: string): TextLanguage | undefined {
    try {
      return new TextLanguage(new Reader(pattern).read()('end'));
    } catch (error) {
      if (error instanceof NotReadError) {
        return undefined;
      }
      throw error;
    }
  }

  /** Where texts begin. */
  public readonly beginning: TextPlace;

  private constructor(private readonly start: State) {
    this.beginning = placeOf([start], new Map());
  }

  public has(text: string): boolean {
    let place = this.beginning;
    for (let i = 0; i < text.length && !place.isNowhere; i++) {
      place = place.after(text[i]);
    }
    return place.isEnd;
  }

  /** Whether some text of the language has one of these characters in it. */
  public mayContain(characters: string): boolean {
    const codes = [...characters].map((character) => character.charCodeAt(0));
    const seen = settled([this.start]);
    seen.forEach((state) => isStep(state) && settled([state.next]).forEach((next) => seen.add(next))); // those that are added are visited, too
    return stepsIn(seen).some((step) => codes.some((code) => includes(step.characters, code)));
  }

  /** Whether texts of this length, of which there are some, are made of digits; and whether there are no others. */
  public isOfDigits(length: number): { readonly those: boolean; readonly all: boolean } {
    let states = settled([this.start]);
    let isShorter = false;
    for (let i = 0; i < length; i++) {
      isShorter ||= states.has('end');
      if (stepsIn(states).some(({ characters }) => !areDigits(characters))) {
        return { those: false, all: false };
      }
      states = settled(stepsIn(states).map(({ next }) => next));
    }
    const those = states.has('end');
    return { those, all: those && !isShorter && states.size === 1 };
  }
}

/** How far texts of a language have been read. A place from which texts go on alike is one place. */
export class TextPlace {
  private readonly known = new Map<string, TextPlace>();
  private printed?: readonly string[];

  /** @param places all places of the language that have been reached, by their states */
  constructor(private readonly states: ReadonlySet<State>, private readonly places: Map<string, TextPlace>) {}

  /** Whether no text of the language begins like this. */
  public get isNowhere(): boolean {
    return this.states.size === 0;
  }

  /** Whether a text of the language ends here. */
  public get isEnd(): boolean {
    return this.states.has('end');
  }

  public after(character: string): TextPlace {
    const code = character.charCodeAt(0);
    const next = this.known.get(character) ?? placeOf(stepsIn(this.states).filter(({ characters }) => includes(characters, code)).map((step) => step.next), this.places);
    this.known.set(character, next);
    return next;
  }

  /** The characters of ASCII with which texts go on. */
  public get characters(): readonly string[] {
    const steps = stepsIn(this.states);
    this.printed ??= PRINTED.filter((character) => steps.some(({ characters }) => includes(characters, character.charCodeAt(0))));
    return this.printed;
  }
}

function placeOf(states: readonly State[], places: Map<string, TextPlace>): TextPlace {
  const all = settled(states);
  const key = [...all].map(numberOf).sort((one, other) => one - other).join();
  const place = places.get(key) ?? new TextPlace(all, places);
  places.set(key, place);
  return place;
}

const PRINTED = Array.from({ length: 0x5f }, (_, i) => String.fromCharCode(0x20 + i));
const NUMBERS = new WeakMap<object, number>();
let numbered = 0;

function numberOf(state: State): number {
  if (state === 'end') {
    return 0;
  }
  const number = NUMBERS.get(state) ?? ++numbered;
  NUMBERS.set(state, number);
  return number;
}

function isStep(state: State): state is Step {
  return typeof state === 'object' && 'characters' in state;
}

function stepsIn(states: ReadonlySet<State>): Step[] {
  return [...states].filter(isStep);
}

/** The states themselves, once ways are taken that take no character. */
function settled(states: readonly State[]): Set<State> {
  const seen = new Set(states);
  seen.forEach((state) => typeof state === 'object' && 'ways' in state && state.ways.forEach((way) => seen.add(way))); // those that are added are visited, too
  return new Set([...seen].filter((state) => state === 'end' || isStep(state)));
}

function includes({ ranges, isInverted }: Characters, code: number): boolean {
  return ranges.some(([first, last]) => first <= code && code <= last) !== isInverted;
}

function areDigits({ ranges, isInverted }: Characters): boolean {
  return !isInverted && ranges.every(([first, last]) => DIGITS[0] <= first && last <= DIGITS[1]);
}

const range = (characters: string): Range => [characters.charCodeAt(0), characters.charCodeAt(characters.length - 1)];
const WORD: readonly Range[] = [DIGITS, range('AZ'), range('__'), range('az')];
const SPACE: readonly Range[] = [[0x09, 0x0d], [0x20, 0x20]];
const LINE_ENDS: readonly Range[] = [[0x0a, 0x0a], [0x0d, 0x0d], [0x85, 0x85], [0x2028, 0x2029]];
const CLASSES: Readonly<Record<string, readonly Range[]>> = { d: [DIGITS], w: WORD, s: SPACE, t: [[0x09, 0x09]], n: [[0x0a, 0x0a]], r: [[0x0d, 0x0d]] };

/** Reads a regular expression. Groups that capture, lazy quantifiers and anchors around the whole make no difference to which texts it describes. */
class Reader {
  private at = 0;
  private states = 0;

  constructor(private readonly pattern: string) {}

  public read(): Part {
    if (this.pattern.length > LONGEST) {
      this.refuse();
    }
    const whole = this.alternatives(true);
    return this.at < this.pattern.length ? this.refuse() : whole;
  }

  private alternatives(isOutermost: boolean): Part {
    const parts = [this.sequence(isOutermost)];
    while (this.takes('|')) {
      parts.push(this.sequence(isOutermost));
    }
    return (next) => this.made({ ways: parts.map((part) => part(next)) });
  }

  private sequence(isOutermost: boolean): Part {
    const parts: Part[] = [];
    if (isOutermost) {
      this.takes('^');
    }
    while (this.at < this.pattern.length && !'|)'.includes(this.pattern[this.at])) {
      if (isOutermost && /^\$(?:\||$)/.test(this.pattern.slice(this.at))) {
        this.at += 1;
        break;
      }
      parts.push(this.repeated(this.single()));
    }
    return (next) => parts.reduceRight((following, part) => part(following), next);
  }

  private single(): Part {
    if (this.takes('(')) {
      if (this.takes('?') && !this.takes(':')) {
        this.refuse();
      }
      const group = this.alternatives(false);
      return this.takes(')') ? group : this.refuse();
    }
    const characters = this.takes('[') ? this.listed() : this.takes('.') ? { ranges: LINE_ENDS, isInverted: true } : this.character();
    return (next) => this.made({ characters, next });
  }

  private character(): Characters {
    return '^$*+?{'.includes(this.pattern[this.at]) ? this.refuse() : this.takes('\\') ? this.escaped() : { ranges: [this.literal()], isInverted: false };
  }

  /** Letters and digits have a meaning of their own after a backslash; other characters stand for themselves. */
  private escaped(): Characters {
    const character = this.pattern[this.at] ?? this.refuse();
    if (!/[A-Za-z0-9]/.test(character)) {
      return { ranges: [this.literal()], isInverted: false };
    }
    const ranges = CLASSES[character.toLowerCase()];
    const isInverted = 'DWS'.includes(character);
    if (ranges === undefined || (character !== character.toLowerCase() && !isInverted)) {
      this.refuse();
    }
    this.at += 1;
    return { ranges, isInverted };
  }

  /** What is listed in brackets. Java knows lists within lists, and what two of them have in common. */
  private listed(): Characters {
    const isInverted = this.takes('^');
    const ranges: Range[] = [];
    while (!this.takes(']')) {
      const rest = this.pattern.slice(this.at);
      if (rest === '' || rest.startsWith('[') || rest.startsWith('&&') || (rest.startsWith('^') && ranges.length === 0)) {
        this.refuse();
      }
      const one = this.takes('\\') ? this.escaped() : { ranges: [this.literal()], isInverted: false };
      if (one.isInverted) {
        this.refuse();
      }
      ranges.push(...(/^-[^\]]/.test(this.pattern.slice(this.at)) ? [this.rangeFrom(one)] : one.ranges));
    }
    return ranges.length === 0 ? this.refuse() : { ranges, isInverted };
  }

  private rangeFrom({ ranges: [[first, last], ...others] }: Characters): Range {
    this.at += 1; // the hyphen
    const until = this.pattern[this.at] === '[' ? this.refuse() : this.takes('\\') ? this.escaped() : { ranges: [this.literal()], isInverted: false };
    const [[from, to], ...more] = until.ranges;
    return first !== last || others.length > 0 || from !== to || more.length > 0 || until.isInverted || from < first ? this.refuse() : [first, to];
  }

  private literal(): Range {
    const code = this.pattern.charCodeAt(this.at);
    this.at += 1;
    return code >= 0xd800 && code <= 0xdfff ? this.refuse() : [code, code]; // halves of a character
  }

  private repeated(part: Part): Part {
    const [written, counted] = /^(?:[*+?]|\{(\d+(?:,\d*)?)})/.exec(this.pattern.slice(this.at)) ?? [];
    if (written === undefined) {
      return part;
    }
    this.at += written.length;
    if (this.takes('+')) {
      this.refuse(); // gives nothing back that it has taken
    }
    this.takes('?');
    const [least, most = least] = counted === undefined ? [written === '+' ? '1' : '0', written === '?' ? '1' : ''] : counted.split(',');
    return (next) => this.times(part, Number(least), most === '' ? Infinity : Number(most), next);
  }

  private times(part: Part, least: number, most: number, next: State): State {
    if (most > MOST_STATES && most !== Infinity || least > MOST_STATES || most < least) {
      this.refuse();
    }
    let following = most === Infinity ? this.anyTimes(part, next) : next;
    for (let i = least; i < most && most !== Infinity; i++) {
      following = this.made({ ways: [part(following), next] });
    }
    for (let i = 0; i < least; i++) {
      following = part(following);
    }
    return following;
  }

  private anyTimes(part: Part, next: State): State {
    const again: State = this.made({ ways: [next] });
    again.ways.push(part(again));
    return again;
  }

  private made<T extends State>(state: T): T {
    this.states += 1;
    return this.states > MOST_STATES ? this.refuse() : state;
  }

  private takes(character: string): boolean {
    const isThere = this.pattern[this.at] === character;
    this.at += isThere ? 1 : 0;
    return isThere;
  }

  private refuse(): never {
    throw new NotReadError();
  }
}
