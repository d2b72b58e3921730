import { listed } from '../listed';

// Private-use characters: they occur in no policy that AWS accepts.
const BEGIN = '\uE000';
const END = '\uE001';
const FORM = '\uE007';
const DOLLAR = '\uE006';
const ANY_CHARACTERS = '\uE008';
const ANY_CHARACTER = '\uE009';

/** A value of a request of which nothing is known, not even whether the request has it: nothing that depends on it is decided. */
export const UNDETERMINED = '\uE005';

/** One value that is not known, of a kind if one is given, as the source of a regular expression. */
export function patternOfUnknown(kind?: UnknownKind): string {
  return kind ? `${BEGIN}[^${END}${FORM}]*${FORM}${kind}${FORM}[^${END}]*${END}` : `${BEGIN}[^${END}]*${END}`;
}

/** One id that AWS draws, as the source of a regular expression: what its pattern begins with is such a source, too. */
export function patternOfDrawn(begin: string): string {
  return `${BEGIN}[^${END}${FORM}]*${FORM}drawn ${begin}[^${END}]*${END}`;
}

const UNKNOWN = /\uE000([^\uE001\uE007]*)(?:\uE007([^\uE001\uE007]*)[^\uE001]*)?\uE001/g;

/** Splits a text so that unknown values are parts of their own. */
const WITH_UNKNOWN = /(\uE000[^\uE001]*\uE001)/;

/** The account of a stack that may be deployed to any. It is one account, whichever it is. */
export const UNKNOWN_ACCOUNT = '<account>';

/** Stands for the Region of a stack that may be deployed anywhere. */
export const UNKNOWN_REGION = '<region>';

/**
 * Text that stands for a value which is not known before deployment, such as a template parameter. Equal names are equal values. What is
 * written `${…}` in a name is no policy variable.
 */
export function unknownText(name: string, form?: UnknownForm): string {
  const { kind = '', ...texts } = form ?? {};
  const known = form ? `${FORM}${kind}${FORM}${Buffer.from(JSON.stringify(texts)).toString('base64url')}` : '';
  return `${BEGIN}${name.replace(/[\uE000\uE001\uE007]/g, '').replace(/\$\{/g, `${DOLLAR}{`)}${known}${END}`;
}

/**
 * Of an unknown value: that it is the number of an account, that there are no wildcards in it, or that it is an id or a name which AWS draws.
 */
export type UnknownKind = 'account' | 'without-wildcards' | DrawnKind;

/** An id that AWS draws, with the widest pattern for such ids; no two ids of the same resources are equal. */
export type DrawnKind = `drawn ${string}`;

const DRAWN = /^drawn (\S+)(?: (.+))?$/;

/**
 * The kind of an id that AWS draws.
 *
 * @param pattern what every such id matches
 * @param resources those of which AWS never gives two the same id; nothing where that is not documented
 */
export function drawnKind(pattern: string, resources?: string): DrawnKind {
  const written = pattern.replaceAll('*', ANY_CHARACTERS).replaceAll('?', ANY_CHARACTER); // not to be taken for wildcards of the text
  return `drawn ${written}${resources === undefined ? '' : ` ${resources.replaceAll(':', '-')}`}`; // no colon: ids stand in ARNs
}

function patternOfKind(kind = ''): string {
  return (DRAWN.exec(kind)?.[1] ?? '*').replaceAll(ANY_CHARACTERS, '*').replaceAll(ANY_CHARACTER, '?');
}

/** What is known of a value all the same. A value of which anything is known is a text, or a list of such texts. */
export interface UnknownForm {
  readonly kind?: UnknownKind;

  /** The only values that it may have. */
  readonly values?: readonly string[];

  /** A regular expression, as CloudFormation reads it, that matches the whole value. */
  readonly pattern?: string;

  /** How many characters it has, at least and at most. */
  readonly length?: { readonly least: number; readonly most?: number };
}

const WITH_FORM = /^\uE000[^\uE001\uE007]*\uE007([^\uE001\uE007]*)\uE007([^\uE001]*)\uE001$/;

/** What is known of a text that is wholly unknown. */
export function unknownForm(text: string): UnknownForm | undefined {
  const [, kind, texts] = WITH_FORM.exec(text) ?? [];
  return texts === undefined ? undefined : { ...(kind ? { kind: kind as UnknownKind } : {}), ...JSON.parse(Buffer.from(texts, 'base64url').toString()) };
}

/** Which kind of value a text is that is wholly unknown. */
export function unknownKind(text: string): UnknownKind | undefined {
  return (WITH_FORM.exec(text)?.[1] || undefined) as UnknownKind | undefined;
}

/** Whether a text may have wildcards in it, once its unknown values are known. */
export function mayHaveWildcards(text: string): boolean {
  return /[*?]/.test(withoutUnknown(text)) || mayBringWildcards(text);
}

const COLON = new RegExp(`:(?![^${BEGIN}]*${END})`);

export function isUnknown(text: string): boolean {
  return text.includes(BEGIN) && text.includes(END, text.indexOf(BEGIN));
}

/** Whether a text has a value that nobody knows, beside ids that AWS draws: those are known by their resources. */
export function isUnknownBesideIds(text: string): boolean {
  return isUnknown(text) && Array.from(text.matchAll(UNKNOWN)).some(([, , kind]) => !isDrawn(kind));
}

/** Whether a text is one value that is not known, with nothing around it. */
export function isWhollyUnknown(text: string): boolean {
  return /^\uE000[^\uE001]*\uE001$/.test(text);
}

/** What stands before the first value that is not known; the whole text if there is none. */
export function beforeUnknown(text: string): string {
  return isUnknown(text) ? text.slice(0, text.indexOf(BEGIN)) : text;
}

/** The text as it is where all values that are not known are empty. */
export function withoutUnknown(text: string): string {
  return text.replace(UNKNOWN, '');
}

/** The parts of a text between colons. A colon in the name of an unknown value ends none. */
export function partsBetweenColons(text: string): string[] {
  return isUnknown(text) ? text.split(COLON) : text.split(':');
}

/**
 * The parts of a text between separators, as far as none may stand in a value that is not known; and the open end behind these.
 *
 * @param characters what values that are not known consist of
 */
export function partsBetween(text: string, separator: string, characters: RegExp): { parts: string[]; openEnd?: string } {
  const [first, ...others] = text.split(WITH_UNKNOWN);
  const parts = first.split(separator);
  let before = first;
  for (let i = 0; i < others.length; i += 2) {
    const [unknown, after] = others.slice(i);
    if (mayReachInto(separator, before, after, characters)) {
      return { parts: parts.slice(0, -1), openEnd: `${parts.at(-1)}${others.slice(i).join('')}` };
    }
    const [end, ...more] = after.split(separator);
    parts.push(`${parts.pop()}${unknown}${end}`, ...more);
    before = after;
  }
  return { parts };
}

/** Whether some part of a separator may stand in an unknown value, and the rest of it around that. */
function mayReachInto(separator: string, before: string, after: string, characters: RegExp): boolean {
  const places = Array.from(separator, (_, i) => i);
  return places.some((begin) => before.endsWith(separator.slice(0, begin)) && places.some((last) =>
    last >= begin && characters.test(separator.slice(begin, last + 1)) && after.startsWith(separator.slice(last + 1))));
}

/** The characters of a text. A value that is not known is one, whatever it is called. */
export function charactersOf(text: string): string[] {
  return isUnknown(text) ? text.split(WITH_UNKNOWN).flatMap((part) => (isWhollyUnknown(part) ? [part] : part.split(''))) : text.split('');
}

/** Whether nothing of a text may still change: no unknown value, and neither account nor Region of a stack that may be deployed to any. */
export function isSettled(text: string): boolean {
  return !isUnknown(text) && !text.includes(UNKNOWN_ACCOUNT) && !text.includes(UNKNOWN_REGION);
}

/** The names of the unknown values in a text. */
export function unknownNames(text: string): string[] {
  return Array.from(text.matchAll(UNKNOWN), ([, name]) => name.replaceAll(DOLLAR, '$'));
}

const CHOSEN = /^(.*): Fn::If \[\\*"([^"\\]+)\\*"] by (\[.*?]) [0-9a-f]{8}$/s;

/** A condition of a template that decides what a value is. */
export interface DecidingCondition {
  readonly stack: string;
  readonly condition: string;

  /** The parameters that decide whether it holds. */
  readonly parameters: readonly string[];
}

/** The condition that decides a value, by the name that stands for the value. */
export function decidingCondition(name: string): DecidingCondition | undefined {
  const [, stack, condition, parameters] = CHOSEN.exec(name) ?? [];
  return parameters === undefined ? undefined : { stack, condition, parameters: JSON.parse(parameters.replaceAll('\\"', '"')) };
}

/** Whether a condition holds, in a sentence: `whether the condition 'IsLive' of the stack 'App' holds (by the parameter 'Stage')`. */
export function whetherItHolds({ stack, condition, parameters }: DecidingCondition): string {
  return `whether the condition '${condition}' of the stack '${stack}' holds${byParameters(parameters)}`;
}

/** Parameters that decide, behind what they decide. */
export function byParameters(parameters: readonly string[]): string {
  const names = parameters.map((name) => `'${name}'`);
  return names.length === 0 ? '' : ` (by the parameter${names.length === 1 ? '' : 's'} ${listed(names, 'and')})`;
}

/** The names of the unknown values in a text that have a wildcard right behind them. */
export function namesBeforeWildcards(text: string): string[] {
  return unknownNames((text.match(/\uE000[^\uE001]*\uE001(?=[*?])/g) ?? []).join(''));
}

/** The text as people read it. Ids that AWS draws are called by what stands for them. */
export function readable(text: string): string {
  return text.replace(UNKNOWN, (_, name: string, kind?: string) => (isDrawn(kind) ? name : `<${name}>`)).replaceAll(DOLLAR, '$');
}

/** The text in lower case, but for the names of unknown values. */
export function inLowerCase(text: string): string {
  return text.split(WITH_UNKNOWN).map((part) => (part.startsWith(BEGIN) ? part : part.toLowerCase())).join('');
}

/** The widest pattern that the text may be once its unknown values are known. */
export function widest(text: string): string {
  return text.replace(UNKNOWN, (_, __, kind?: string) => patternOfKind(kind));
}

/** Whether values that are not known may have wildcards in them, in a text of a policy. */
export function mayBringWildcards(text: string): boolean {
  return Array.from(text.matchAll(UNKNOWN)).some(([, , kind]) => !kind);
}

/** Whether two texts are surely unlike: they are the same but for ids that AWS draws for two resources of a kind. */
export function areSurelyUnlike(one: string, other: string): boolean {
  const [ids, others] = [one, other].map((text) => Array.from(text.matchAll(UNKNOWN)));
  const kinds = [...ids, ...others].map(([, , kind]) => DRAWN.exec(kind ?? '')?.[2]);
  return ids.length === 1 && others.length === 1 && kinds[0] !== undefined && kinds[0] === kinds[1]
    && ids[0][0] !== others[0][0] && one.replace(UNKNOWN, '') === other.replace(UNKNOWN, '') && ids[0].index === others[0].index;
}

function isDrawn(kind: string | undefined): boolean {
  return kind !== undefined && DRAWN.test(kind);
}

/** Where in a text unknown values stand: their characters are those of names, and no wildcards. */
export function unknownPlaces(text: string): number[] {
  return Array.from(text.matchAll(UNKNOWN)).flatMap(({ index, 0: { length } }) => Array.from({ length }, (_, i) => index + i));
}
