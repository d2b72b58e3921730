import { Duration, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { byProp, pathOf, PropRefusal, Refusal, refuseAll } from './refusal';

/** What values of a property are like. Callers from other languages, or without type checks, can hand over anything. */
export interface PropType {
  readonly what: string;
  readonly holds: (value: unknown) => boolean;

  /** Whether leaving it out is wrong, too. */
  readonly isRequired?: boolean;

  /** What the properties of a value are like. */
  readonly members?: PropTypes;

  /** What the elements of a list, or all properties, are like. */
  readonly elements?: PropType;
}

/** What the properties of an object are like; those that are not listed may be anything. */
export type PropTypes = Readonly<Record<string, PropType>>;

/** The same for all properties of an interface. */
export type TypesOf<Props> = { readonly [Prop in keyof Required<Props>]: PropType };

export const YES_OR_NO: PropType = { what: 'true or false', holds: (value) => typeof value === 'boolean' };
export const OBJECT: PropType = { what: 'an object with properties', holds: isObject };
export const DURATION: PropType = { what: 'a Duration', holds: (value) => value instanceof Duration || having('', 'toMilliseconds', 'isUnresolved').holds(value) };
export const TEXT: PropType = orLater({ what: 'a text', holds: (value) => typeof value === 'string' });
export const NUMBER: PropType = orLater({ what: 'a number', holds: (value) => typeof value === 'number' });
export const TEXTS: PropType = { what: 'a list of texts', holds: (value) => Array.isArray(value) && value.every((text) => typeof text === 'string') };
export const CONSTRUCTS: PropType = listOf('constructs', having('a construct', 'node'));
export const BUCKET: PropType = having('a bucket', 'bucketArn', 'bucketName', 'node');
export const KEY: PropType = having('a KMS key', 'keyArn', 'node');

/** A switch that a template can decide, too. */
export const SETTING: PropType = orLater(YES_OR_NO);

/** One of the values of an enumeration. */
export function oneOf(values: Record<string, string>): PropType {
  return { what: `one of ${Object.values(values).join(' and ')}`, holds: (value) => Object.values(values).includes(value as string) };
}

/** An object of a class, as its members show it: the class may be that of another copy of the CDK. */
export function having(what: string, ...names: string[]): PropType {
  return { what, holds: (value) => isObject(value) && names.every((name) => name in value) };
}

/** A list. */
export function listOf(what: string, elements: PropType): PropType {
  return { what: `a list of ${what}`, holds: Array.isArray, elements };
}

/** A list with an element at least. */
export function notEmpty(list: PropType): PropType {
  return { ...list, what: `${list.what}, one at least`, holds: (value) => list.holds(value) && (value as unknown[]).length > 0 };
}

/** An object with properties of certain types. */
export function objectWith(members: PropTypes): PropType {
  return { ...OBJECT, members };
}

/** An object whose properties, whatever their names, are of one type. */
export function mapOf(values: PropType): PropType {
  return { ...OBJECT, elements: values };
}

/** The same, or one value that is known only later. */
export function orLater(type: PropType): PropType {
  return { ...type, holds: (value) => type.holds(value) || (Token.isUnresolved(value) && !Array.isArray(value)) };
}

/** The same, and it cannot be left out. */
export function required(type: PropType): PropType {
  return { ...type, isRequired: true };
}

/** The properties whose values are of another type. */
export function wrongTypes(values: object, types: PropTypes): PropRefusal[] {
  return mistakes(values, objectWith(types), []);
}

/** The same for one value. */
export function wrongType(value: unknown, type: PropType): PropRefusal[] {
  return mistakes(value, type, []);
}

/** The same for the properties of a construct; if they are no object, that is what is wrong. */
export function wrongProps(props: object, types: PropTypes): Refusal[] {
  return byProp(mistakes(props, required(objectWith(types)), []).map((mistake) => ({ ...mistake, prop: mistake.prop ?? 'props' })));
}

/** Throws one error for all properties of a construct whose values are of another type, before they are used. */
export function refuseWrongProps(scope: IConstruct, id: string, props: object, types: PropTypes): void {
  refuseAll(scope, 'WrongType', wrongProps(props, types), pathOf(scope, id));
}

/** Throws an error for an argument of another type, before it is used. */
export function refuseOtherThan(site: IConstruct, type: PropType, value: unknown, what: string): void {
  refuseAll(site, 'WrongType', wrongType(value, type).map((mistake) => {
    const where = mistake.prop === undefined ? what : `'${mistake.prop}' of ${what}`;
    return { ...mistake, problem: `${where} is not ${mistake.problem.replace(/^it is not /, '')}` };
  }));
}

/** Properties without those whose values are of another type. */
export function soundProps<Props extends object>(props: Props, types: PropTypes): Props {
  const given = isObject(props) ? props : {};
  return Object.fromEntries(Object.entries(given).filter(([prop, value]) => types[prop] === undefined || wrongType(value, types[prop]).length === 0)) as Props;
}

function mistakes(value: unknown, type: PropType, path: readonly string[]): PropRefusal[] {
  if (value === undefined && !type.isRequired) {
    return [];
  }
  if (!type.holds(value)) {
    const remedy = `Pass ${type.what}${type.isRequired ? '.' : ', or leave it out.'}`;
    return [{ name: 'WrongType', ...(path.length > 0 ? { prop: path.join('.') } : {}), problem: `it is not ${type.what}.`, remedy }];
  }
  const { members = {}, elements } = type;
  return [
    ...Object.entries(members).flatMap(([name, member]) => mistakes((value as Record<string, unknown>)[name], member, [...path, name])),
    ...(elements ? Object.entries(value as object).flatMap(([name, element]) => mistakes(element, required(elements), [...path, name])) : []),
  ];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Token.isUnresolved(value);
}
