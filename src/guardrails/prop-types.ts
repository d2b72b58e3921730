import { Duration, Token } from 'aws-cdk-lib';
import { isRecord } from './template-values';
import { PropRefusal } from '../refusal';

/** What values of a property are like. Callers from other languages, or without type checks, can hand over anything. */
export interface PropType {
  readonly what: string;
  readonly holds: (value: unknown) => boolean;
}

export const TEXTS: PropType = { what: 'a list of texts', holds: (value) => Array.isArray(value) && value.every((text) => typeof text === 'string') };
export const CONSTRUCTS: PropType = { what: 'a list of constructs', holds: (value) => Array.isArray(value) && value.every((element) => isObject(element) && 'node' in element) };
export const YES_OR_NO: PropType = { what: 'true or false', holds: (value) => typeof value === 'boolean' };
export const OBJECT: PropType = { what: 'an object with properties', holds: isObject };
export const DURATION: PropType = { what: 'a Duration', holds: (value) => value instanceof Duration || (isRecord(value) && typeof value.toMilliseconds === 'function' && typeof value.isUnresolved === 'function') };

/** One of the values of an enumeration. */
export function oneOf(values: Record<string, string>): PropType {
  return { what: `one of ${Object.values(values).join(' and ')}`, holds: (value) => Object.values(values).includes(value as string) };
}

/** The properties whose values are of another type; those that are left out are not. */
export function wrongTypes(values: object, types: Record<string, PropType>): PropRefusal[] {
  const given = values as Record<string, unknown>;
  return Object.entries(types).filter(([prop, { holds }]) => given[prop] !== undefined && !holds(given[prop])).map(([prop, { what }]) => ({
    name: 'WrongType', prop, problem: `it is not ${what}.`, remedy: `Pass ${what}, or leave it out.`,
  }));
}

/** The same for one value. */
export function wrongType(value: unknown, type: PropType): PropRefusal[] {
  return wrongTypes({ value }, { value: type }).map(({ name, problem, remedy }) => ({ name, problem, remedy }));
}

function isObject(value: unknown): boolean {
  return isRecord(value) && !Token.isUnresolved(value);
}
