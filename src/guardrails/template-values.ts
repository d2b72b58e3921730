import { CfnParameter, Stack } from 'aws-cdk-lib';

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
  if (isRecord(value) && value.Ref === 'AWS::NoValue') {
    return [NOTHING];
  }
  if (isRecord(value) && Array.isArray(value['Fn::If'])) {
    return value['Fn::If'].slice(1).flatMap((branch) => combined(branch, limit)).slice(0, limit + 1);
  }
  if (Array.isArray(value)) {
    return product(value.map((element) => combined(element, limit)), limit).map((elements) => elements.filter((element) => element !== NOTHING));
  }
  if (!isRecord(value)) {
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
  const [name, ...others] = isRecord(value) ? Object.keys(value) : [];
  return others.length === 0 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::'));
}

/**
 * A value of a template, with what is known at synthesis filled in: texts in pieces, the defaults of parameters, the account and Region of
 * the stack.
 */
export function settled(value: unknown, stack: Stack): any {
  if (Array.isArray(value)) {
    return value.map((element) => settled(element, stack));
  }
  if (!isRecord(value)) {
    return value;
  }
  const inside = Object.fromEntries(Object.entries(value).map(([name, child]) => [name, settled(child, stack)]));
  return isIntrinsic(inside) ? settledFunction(inside, stack) : inside;
}

function settledFunction(written: Record<string, any>, stack: Stack): unknown {
  const [[name, argument]] = Object.entries(written);
  switch (name) {
    case 'Ref': return settledReference(argument, stack) ?? written;
    case 'Fn::Sub': return typeof argument === 'string' ? substituted(argument, stack) : written;
    case 'Fn::Join': return joined(argument) ?? written;
    case 'Fn::Select': return Array.isArray(argument?.[1]) ? argument[1][Number(argument[0])] ?? written : written;
    default: return written;
  }
}

function settledReference(name: string, stack: Stack): unknown {
  const pseudo: Record<string, unknown> = { 'AWS::AccountId': known(stack, stack.account), 'AWS::Region': known(stack, stack.region) };
  return Object.hasOwn(pseudo, name) ? pseudo[name] : parameterDefault(name, stack);
}

function known(stack: Stack, value: string): string | undefined {
  const resolved = stack.resolve(value);
  return typeof resolved === 'string' ? resolved : undefined;
}

function parameterDefault(name: string, stack: Stack): unknown {
  const parameter = stack.node.findAll().find((construct) => construct instanceof CfnParameter && Stack.of(construct) === stack && stack.resolve(construct.logicalId) === name);
  return (parameter as CfnParameter | undefined)?.default;
}

/** A text without variables, or one reference. */
function substituted(text: string, stack: Stack): unknown {
  const [, name] = /^\$\{([^!.}]+)}$/.exec(text) ?? [];
  return name ? settledReference(name, stack) ?? { Ref: name } : text.includes('${') ? { 'Fn::Sub': text } : text;
}

function joined(argument: unknown): unknown {
  const [separator, parts] = Array.isArray(argument) ? argument : [];
  if (!Array.isArray(parts)) {
    return undefined;
  }
  return parts.every((part) => typeof part === 'string') ? parts.join(separator) : parts.length === 1 ? parts[0] : undefined;
}

/** JSON by which values can be compared, in whichever order their elements stand. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, child) => (isRecord(child) ? Object.fromEntries(Object.entries(child).sort(([one], [other]) => (one < other ? -1 : 1))) : child));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
