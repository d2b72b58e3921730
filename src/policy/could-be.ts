import { textPattern } from './pattern';
import { TextLanguage } from './text-language';
import { isUnknown, isWhollyUnknown, UnknownForm, unknownForm, widest } from './unknown-text';

/**
 * Whether a text may turn out to be a certain one, once its unknown values are known. The certain one has to be what a template says: what stands for
 * a name that AWS draws has another form than that name.
 */
export function couldBe(text: string, value: string): boolean {
  if (!isUnknown(text)) {
    return text === value;
  }
  return textPattern(widest(text)).matches(value) === true && (!isWhollyUnknown(text) || isOfForm(value, unknownForm(text) ?? {}));
}

const NOT_OF_ONE_UNIT = /[\ud800-\udfff]/; // characters that regular expressions count once, and texts twice

function isOfForm(value: string, { kind, values, pattern, length }: UnknownForm): boolean {
  return NOT_OF_ONE_UNIT.test(value) || (
    (values === undefined || values.includes(value))
    && (kind === undefined || (kind === 'account' ? /^\d{12}$/.test(value) : !/[*?]/.test(value)))
    && (length === undefined || (value.length >= length.least && value.length <= (length.most ?? Infinity)))
    && (pattern === undefined || TextLanguage.ofPattern(pattern)?.has(value) !== false));
}
