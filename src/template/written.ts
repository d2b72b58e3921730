import { isObject } from '../policy/json';

/** `${!Name}` is a text. */
const PLACEHOLDER = /\$\{([^}!][^}]*)}/g;

/** The members of a section of a template. Nothing, if it is none. */
export function membersOf(section: unknown): [string, unknown][] {
  return isObject(section) ? Object.entries(section) : [];
}

/** The place of a member, in the place of what it belongs to. */
export function placeIn(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}

/** The names that `Fn::Sub` fills in from the template: not those for which it is given values of its own. */
export function filledIn(argument: unknown): string[] {
  const [text, variables] = [argument].flat();
  const names = typeof text === 'string' ? Array.from(text.matchAll(PLACEHOLDER), ([, name]) => name.trim()) : [];
  return [...new Set(names)].filter((name) => !(isObject(variables) && Object.hasOwn(variables, name)));
}
