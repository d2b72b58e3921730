import { CfnElement, CfnMapping, CfnParameter, Stack } from 'aws-cdk-lib';
import { isObject } from '../policy/json';
import { partsBetween } from '../policy/unknown-text';

const MOST_VARIANTS = 256; // nobody writes so many on purpose

const NOTHING = Symbol('AWS::NoValue');

/**
 * The forms that a value of a template may take, by its `Fn::If`. `AWS::NoValue` is left out, and alone it is undefined.
 *
 * @returns undefined if they are too many to be looked at
 */
export function variants(value: unknown): unknown[] | undefined {
  if (!isConditional(value)) {
    return [value];
  }
  const all = combined(value, MOST_VARIANTS);
  return all.length > MOST_VARIANTS ? undefined : all.map((variant) => (variant === NOTHING ? undefined : variant));
}

function isConditional(value: unknown): boolean {
  const text = JSON.stringify(value);
  return text !== undefined && (text.includes('"Fn::If"') || text.includes('"AWS::NoValue"'));
}

/** One more than the limit stands for all more. */
function combined(value: unknown, limit: number): unknown[] {
  if (isObject(value) && value.Ref === 'AWS::NoValue') {
    return [NOTHING];
  }
  if (isObject(value) && Array.isArray(value['Fn::If'])) {
    return value['Fn::If'].slice(1).flatMap((branch) => combined(branch, limit)).slice(0, limit + 1);
  }
  if (Array.isArray(value)) {
    return product(value.map((element) => combined(element, limit)), limit).map((elements) => elements.filter((element) => element !== NOTHING));
  }
  if (!isObject(value)) {
    return [value];
  }
  const names = Object.keys(value);
  const children = product(names.map((name) => combined(value[name], limit)), limit);
  return children.map((values) => Object.fromEntries(names.map((name, at) => [name, values[at]]).filter(([, child]) => child !== NOTHING)));
}

function product(lists: unknown[][], limit: number): unknown[][] {
  return lists.reduce<unknown[][]>((before, list) => before.flatMap((values) => list.map((value) => [...values, value])).slice(0, limit + 1), [[]]);
}

/**
 * Whether a macro is asked to fill a part of a value in. `Transform` is the short form.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-transform.html
 */
export function hasTransform(value: unknown): boolean {
  return /"(?:Fn::)?Transform":/.test(JSON.stringify(value) ?? '');
}

/** Whether a value is known only when it is deployed. */
export function isIntrinsic(value: unknown): value is Record<string, unknown> {
  const [name, ...others] = isObject(value) ? Object.keys(value) : [];
  return others.length === 0 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::'));
}

/** What an intrinsic function, whose arguments are settled, stands for; undefined where that is known only at deployment. */
type ValueOf = (intrinsic: Record<string, any>) => unknown;

/**
 * A value of a template, with what is known at synthesis filled in: texts in pieces, the defaults of parameters, the account and Region of
 * the stack.
 *
 * @param valueOf what is known beside that
 */
export function settled(value: unknown, stack: Stack, valueOf: ValueOf = () => undefined): any {
  if (Array.isArray(value)) {
    return value.map((element) => settled(element, stack, valueOf));
  }
  if (!isObject(value)) {
    return value;
  }
  const inside = Object.fromEntries(Object.entries(value).map(([name, child]) => [name, settled(child, stack, valueOf)]));
  return isIntrinsic(inside) ? valueOf(inside) ?? settledFunction(inside, stack, valueOf) : inside;
}

function settledFunction(written: Record<string, any>, stack: Stack, valueOf: ValueOf): unknown {
  const [[name, argument]] = Object.entries(written);
  switch (name) {
    case 'Ref': return settledReference(argument, stack) ?? written;
    case 'Fn::Sub': return substituted(argument, (variable) => settled(variable, stack, valueOf)) ?? written;
    case 'Fn::Join': return joined(argument) ?? written;
    case 'Fn::Split': return split(argument) ?? written;
    case 'Fn::Select': return Array.isArray(argument?.[1]) ? argument[1][Number(argument[0])] ?? written : written;
    case 'Fn::FindInMap': return mapped(argument, stack) ?? written;
    default: return written;
  }
}

function settledReference(name: string, stack: Stack): unknown {
  const pseudo: Record<string, unknown> = { 'AWS::AccountId': known(stack, stack.account), 'AWS::Region': known(stack, stack.region) };
  return Object.hasOwn(pseudo, name) ? pseudo[name] : elementOf(CfnParameter, name, stack)?.default;
}

function known(stack: Stack, value: string): string | undefined {
  const resolved = stack.resolve(value);
  return typeof resolved === 'string' ? resolved : undefined;
}

function elementOf<T extends CfnElement>(kind: new (...args: any[]) => T, logicalId: string, stack: Stack): T | undefined {
  return stack.node.findAll().find((construct): construct is T => construct instanceof kind && Stack.of(construct) === stack && stack.resolve(construct.logicalId) === logicalId);
}

const VARIABLE = /\$\{([^}]*)\}/g;

/** A text whose variables are all known, or one variable. */
function substituted(argument: unknown, valueOf: (variable: unknown) => unknown): unknown {
  const [text, given] = [argument].flat() as [unknown, Record<string, unknown>?];
  if (typeof text !== 'string') {
    return undefined;
  }
  const values = Array.from(text.matchAll(VARIABLE), ([, name]) => variableNamed(name, given ?? {}, valueOf));
  const [alone] = /^\$\{[^!}]*\}$/.test(text) ? values : [];
  return alone ?? (values.every((value) => typeof value === 'string') ? text.replace(VARIABLE, () => values.shift() as string) : undefined);
}

function variableNamed(name: string, given: Record<string, unknown>, valueOf: (variable: unknown) => unknown): unknown {
  if (name.startsWith('!')) {
    return `\${${name.slice(1)}}`;
  }
  const [logicalId, attribute] = nameAndAttribute(name);
  return given[name] ?? valueOf(attribute === undefined ? { Ref: name } : { 'Fn::GetAtt': [logicalId, attribute] });
}

/** The logical ID and the attribute that `Fn::GetAtt` takes, or a variable of `Fn::Sub` names. */
export function nameAndAttribute(argument: string | readonly string[]): [logicalId: string, attribute?: string] {
  const [logicalId, ...attribute] = typeof argument === 'string' ? argument.split('.') : argument;
  return attribute.length > 0 ? [logicalId, attribute.join('.')] : [logicalId];
}

function joined(argument: unknown): unknown {
  const [separator, parts] = Array.isArray(argument) ? argument : [];
  if (!Array.isArray(parts)) {
    return undefined;
  }
  const whole = parts.map((part) => splitBy(separator, part) ?? part);
  return whole.every((part) => typeof part === 'string') ? whole.join(separator) : parts.length === 1 ? parts[0] : undefined;
}

/** The text of which the pieces are joined again by what they were split by. */
function splitBy(separator: unknown, part: unknown): unknown {
  const [by, text] = isIntrinsic(part) && Array.isArray(part['Fn::Split']) ? part['Fn::Split'] : [];
  return by === separator ? text : undefined;
}

function split(argument: unknown): unknown[] | undefined {
  const [separator, text] = Array.isArray(argument) ? argument : [];
  if (typeof separator !== 'string' || typeof text !== 'string') {
    return undefined;
  }
  const { parts, openEnd } = partsBetween(text, separator, IN_NAMES);
  return openEnd === undefined ? parts : [...parts, { 'Fn::Split': [separator, openEnd] }];
}

const IN_NAMES = /^[a-z0-9-]+$/i; // of buckets whose names AWS draws, and of Regions

function mapped(argument: unknown, stack: Stack): unknown {
  const [name, ...keys] = Array.isArray(argument) ? argument : [];
  const mapping = typeof name === 'string' ? elementOf(CfnMapping, name, stack) : undefined;
  const values = mapping && stack.resolve((mapping as unknown as { mapping?: object }).mapping);
  return keys.slice(0, 2).reduce((inside, key) => inside?.[key], values);
}

/** JSON by which values can be compared, in whichever order their elements stand. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, child) => (isObject(child) ? Object.fromEntries(Object.entries(child).sort(([one], [other]) => (one < other ? -1 : 1))) : child));
}
