import { ContextValues } from './context';
import { UNDETERMINED, unknownText } from './unknown-text';

/** A text of a policy with its variables filled in. Wildcards at escaped places are plain characters. */
export interface FilledText {
  readonly text: string;
  readonly escaped: ReadonlySet<number>;
}

/** A text of a policy, which may have variables such as `${aws:username}`. */
export interface PolicyText {
  readonly source: string;

  /** The condition keys, in lower case, whose values decide what the text is. */
  readonly variables: readonly string[];

  /** The text for a request; undefined if a variable has no value there: then the text matches nothing. */
  readonly fill: (context: ContextValues) => FilledText | undefined;
}

const VARIABLE = /\$\{([^}]*)}/g;
const NOTHING_ESCAPED: ReadonlySet<number> = new Set();

/**
 * Reads a text of a policy. Before version 2012-10-17 there were no variables, and `${…}` was text like any other.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function policyText(source: string, hasVariables: boolean): PolicyText {
  const parts = hasVariables ? partsOf(source) : [source];
  if (parts.length === 1 && typeof parts[0] === 'string') {
    const filled = { text: source, escaped: NOTHING_ESCAPED };
    return { source, variables: [], fill: () => filled };
  }
  const variables = parts.flatMap((part) => (typeof part === 'string' || part.key === undefined ? [] : [part.key]));
  return { source, variables, fill: (context) => fillParts(parts, context) };
}

/** Either a character that stands for itself (`${*}`), or a condition key, perhaps with a default. */
interface Variable {
  readonly character?: string;
  readonly key?: string;
  readonly defaultValue?: string;
}

function partsOf(source: string): (string | Variable)[] {
  const parts: (string | Variable)[] = [];
  let end = 0;
  for (const match of source.matchAll(VARIABLE)) {
    parts.push(source.slice(end, match.index), variableOf(match[1]));
    end = match.index! + match[0].length;
  }
  return [...parts, source.slice(end)].filter((part) => part !== '');
}

function variableOf(inside: string): Variable {
  if (inside === '*' || inside === '?' || inside === '$') {
    return { character: inside };
  }
  const withDefault = /^([^,]*),\s*'(.*)'\s*$/.exec(inside);
  return withDefault ? { key: keyOf(withDefault[1]), defaultValue: withDefault[2] } : { key: keyOf(inside) };
}

function keyOf(name: string): string {
  return name.trim().toLowerCase();
}

function fillParts(parts: readonly (string | Variable)[], context: ContextValues): FilledText | undefined {
  const escaped = new Set<number>();
  let text = '';
  for (const part of parts) {
    const value = typeof part === 'string' ? part : valueOf(part, context);
    if (value === undefined) {
      return undefined;
    }
    if (typeof part !== 'string') {
      Array.from({ length: value.length }, (_, i) => escaped.add(text.length + i));
    }
    text += value;
  }
  return { text, escaped };
}

function valueOf({ character, key, defaultValue }: Variable, context: ContextValues): string | undefined {
  const values = key === undefined ? [character!] : (context.get(key) ?? (defaultValue === undefined ? [] : [defaultValue]));
  // A key with several values cannot be filled in; which error that is, is not documented.
  return values.length > 1 || values[0] === UNDETERMINED ? unknownText(`\${${key}}`) : values[0];
}
