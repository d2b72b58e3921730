import { IdentifierForm, malformed } from '../policy/identifiers';
import { isObject } from '../policy/json';

/** Keys, and places in lists, that lead to a value in a document, from the outside in. */
export type MemberPath = readonly (string | number)[];

/** Throws a `WrongFormat` if a value, which stands at a path, has not the form. */
export type Form = (value: unknown, path: MemberPath) => void;

/** Says what is wrong with a value of a document, and where it stands. */
export class WrongFormat extends Error {
  constructor(public readonly path: MemberPath, reason: string) {
    super(reason);
  }

  /** Where the value stands, and what is wrong with it, for people. */
  public get sentence(): string {
    const place = this.path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
    return `${place ? `'${place}'` : 'the whole'} ${this.message}`;
  }
}

export function demand(isRight: boolean, path: MemberPath, reason: string): asserts isRight {
  if (!isRight) {
    throw new WrongFormat(path, reason);
  }
}

export const text: Form = (value, path) => demand(typeof value === 'string', path, 'must be a text.');
export const flag: Form = (value, path) => demand(value === true || value === false, path, 'must be true or false.');

export const named: Form = (value, path) => demand(value !== '__proto__', path, 'is no name.');

export function identifier(form: IdentifierForm): Form {
  return (value, path) => demand(typeof value === 'string' && malformed(value, form) === undefined, path, `must be ${form.what}, such as '${form.example}'.`);
}

export function oneOf(...values: (string | number)[]): Form {
  return (value, path) => demand(values.some((allowed) => allowed === value), path, `must be ${values.map((allowed) => JSON.stringify(allowed)).join(' or ')}.`);
}

export function orNull(form: Form): Form {
  return (value, path) => (value === null ? undefined : form(value, path));
}

export function list(form: Form): Form {
  return (value, path) => {
    demand(Array.isArray(value), path, 'must be a list.');
    (value as unknown[]).forEach((element, i) => form(element, [...path, i]));
  };
}

export function object(properties: Readonly<Record<string, Form>>): Form {
  return (value, path) => {
    demand(isObject(value), path, 'must be an object.');
    for (const [name, property] of Object.entries(value as object)) {
      const at = [...path, name];
      demand(Object.hasOwn(properties, name), at, `is not known. There are: ${Object.keys(properties).join(', ')}.`);
      properties[name](property, at);
    }
  };
}

export function record(key: Form, form: Form): Form {
  return (value, path) => {
    demand(isObject(value), path, 'must be an object.');
    for (const [name, property] of Object.entries(value as object)) {
      key(name, [...path, name]);
      form(property, [...path, name]);
    }
  };
}
