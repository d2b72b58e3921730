import { textPattern } from './pattern';
import { TextLanguage } from './text-language';
import { charactersOf, isUnknown, isWhollyUnknown, UnknownForm, unknownForm, widest } from './unknown-text';

/**
 * Whether a text may turn out to be a certain one, once its unknown values are known. The certain one has to be what a template says: what stands for
 * a name that AWS draws has another form than that name.
 */
export function couldBe(text: string, value: string): boolean {
  if (!isUnknown(text)) {
    return text === value;
  }
  return textPattern(widest(text)).matches(value) === true && canBeSplit(partsOf(text), value);
}

/** What is known and what is not, in turns. */
function partsOf(text: string): string[] {
  return charactersOf(text).reduce<string[]>((parts, character) => {
    const last = parts.at(-1);
    return last === undefined || isWhollyUnknown(last) || isWhollyUnknown(character) ? [...parts, character] : [...parts.slice(0, -1), last + character];
  }, []);
}

const MOST_OPEN = 3; // values of one text, each of which may end anywhere

/** Whether a text can be split so that each part is what it may be. Where there are too many ways, it can. */
function canBeSplit(parts: readonly string[], value: string): boolean {
  const [part, ...others] = parts;
  if (part === undefined) {
    return value === '';
  }
  if (!isWhollyUnknown(part)) {
    return value.startsWith(part) && canBeSplit(others, value.slice(part.length));
  }
  if (parts.filter(isWhollyUnknown).length > MOST_OPEN) {
    return true;
  }
  const form = unknownForm(part) ?? {};
  const lengths = others.length === 0 ? [value.length] : Array.from({ length: value.length + 1 }, (_, length) => length);
  return lengths.some((length) => isOfForm(value.slice(0, length), form) && canBeSplit(others, value.slice(length)));
}

const NOT_OF_ONE_UNIT = /[\ud800-\udfff]/; // characters that regular expressions count once, and texts twice

function isOfForm(value: string, { kind, values, pattern, length }: UnknownForm): boolean {
  return NOT_OF_ONE_UNIT.test(value) || (
    (values === undefined || values.includes(value))
    && (kind === undefined || (kind === 'account' ? /^\d{12}$/.test(value) : !/[*?]/.test(value)))
    && (length === undefined || (value.length >= length.least && value.length <= (length.most ?? Infinity)))
    && (pattern === undefined || TextLanguage.ofPattern(pattern)?.has(value) !== false));
}
