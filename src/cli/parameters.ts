import { readDocument } from './template-file';
import { AccessAssumptions } from '../access/assumptions';
import { didYouMean } from '../policy/did-you-mean';
import { isObject, jsonText } from '../policy/json';
import { unmetConstraint } from '../template/parameter-constraints';
import { isReadElsewhere } from '../template/parameter-declaration';
import { StackTemplate } from '../template/template';
import { WrongInputError } from '../template/wrong-input';

/**
 * Templates with the values of their parameters, in the forms that `aws cloudformation deploy --parameter-overrides` takes: `Key=Value`,
 * or a file of JSON. A value is for every stack that has the parameter, but for nested stacks, which are given theirs by the stack around.
 *
 * @throws WrongInputError if no template has a parameter, or one does not allow its value
 * @see https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/
 */
export function withParameters(templates: readonly StackTemplate[], words: readonly string[]): StackTemplate[] {
  const values = new Map(words.flatMap(valuesIn));
  const names = new Set(templates.filter(({ nestedIn }) => nestedIn === undefined).flatMap((template) => Object.keys(parametersOf(template))));
  for (const name of values.keys()) {
    if (!names.has(name)) {
      throw new WrongInputError(`--parameters: no template has a parameter '${name}'.${didYouMean(name, names)}`);
    }
  }
  return templates.map((template) => (values.size === 0 || template.nestedIn ? template : { ...template, parameters: { ...template.parameters, ...valuesFor(template, values) } }));
}

/** What is said where values are given of which only the name counts, under which Systems Manager keeps the value that templates see. */
export function namesForValues(templates: readonly StackTemplate[], words: readonly string[], { _json: { parameters = {} } }: AccessAssumptions): string[] {
  const given = new Set(words.flatMap(valuesIn).map(([name]) => name));
  const isAssumed = (stack: string, name: string) => Object.hasOwn(parameters, stack) && Object.hasOwn(parameters[stack], name);
  const isOnlyNamed = (stack: string, [name, declaration]: [string, unknown]) => given.has(name) && isReadElsewhere(declaration) && !isAssumed(stack, name);
  return templates.flatMap((template) => Object.entries(parametersOf(template)).filter((entry) => isOnlyNamed(template.name, entry)).map(([name]) =>
    `--parameters: the parameter '${name}' of ${template.name} has its value in Systems Manager, and what is given is the name of it: the value is not known. Provide it under 'parameters.${template.name}.${name}' in the file of --assume.`));
}

type Value = [name: string, value: string];

const IN_FILE = 'the file must have the form of aws cloudformation deploy: ["Key=Value"], [{"ParameterKey": "Key", "ParameterValue": "Value"}], or {"Parameters": {"Key": "Value"}}.';

function valuesIn(word: string): Value[] {
  const file = word.startsWith('file://') ? word.slice('file://'.length) : word.includes('=') ? undefined : word;
  return file === undefined ? [valueIn(word)] : valuesOfDocument(readDocument(file), `--parameters: ${file}: ${IN_FILE}`);
}

function valueIn(word: string): Value {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
  if (name === undefined) {
    throw new WrongInputError(`--parameters takes Key=Value or a file of JSON, and '${word}' is neither.`);
  }
  return [name, value];
}

function valuesOfDocument(document: unknown, refusal: string): Value[] {
  const entries: unknown[] = Array.isArray(document) ? document : isObject(document) && isObject(document.Parameters) ? Object.entries(document.Parameters) : [undefined];
  return entries.map((entry): Value => {
    if (typeof entry === 'string') {
      return valueIn(entry);
    }
    const [name, value] = Array.isArray(entry) ? entry : isObject(entry) ? [entry.ParameterKey, entry.ParameterValue] : [];
    const text = textOf(value);
    if (typeof name !== 'string' || text === undefined) {
      throw new WrongInputError(refusal);
    }
    return [name, text];
  });
}

function textOf(value: unknown): string | undefined {
  const parts = [value].flat();
  return parts.length > 0 && parts.every((part) => ['string', 'number', 'boolean'].includes(typeof part)) ? parts.join(',') : undefined;
}

function parametersOf({ template }: StackTemplate): Readonly<Record<string, any>> {
  return isObject(template.Parameters) ? template.Parameters : {};
}

function valuesFor(template: StackTemplate, values: ReadonlyMap<string, string>): Record<string, unknown> {
  const declared = Object.entries(parametersOf(template)).filter(([name]) => values.has(name));
  return Object.fromEntries(declared.flatMap(([name, parameter]) => {
    const value = values.get(name)!;
    assertAllowed(value, parameter, `--parameters: the parameter '${name}' of ${template.name}`);
    const type = isObject(parameter) ? jsonText(parameter.Type) : '';
    return isReadElsewhere(parameter) ? [] : [[name, /^List<|^CommaDelimitedList$/.test(type) ? value.split(',').map((part) => part.trim()) : value]];
  }));
}

/**
 * Makes sure that the values which are assumed of parameters are for parameters that there are, and that these may have them.
 *
 * @throws WrongInputError if not
 */
export function assertAssumedParameters(templates: readonly StackTemplate[], { _json: { parameters = {} }, _file }: AccessAssumptions): void {
  for (const template of templates.filter(({ name }) => Object.hasOwn(parameters, name))) {
    const declared = parametersOf(template);
    for (const [name, value] of Object.entries(parameters[template.name])) {
      if (!Object.hasOwn(declared, name)) {
        throw new WrongInputError(`${_file}: ${template.name} has no parameter '${name}'.${didYouMean(name, Object.keys(declared))}`);
      }
      const text = textOf(value);
      if (text !== undefined && !isReadElsewhere(declared[name])) {
        assertAllowed(text, declared[name], `${_file}: the parameter '${name}' of ${template.name}`);
      }
    }
  }
}

function assertAllowed(value: string, declaration: unknown, parameter: string): void {
  const unmet = unmetConstraint(value, declaration);
  if (unmet !== undefined) {
    throw new WrongInputError(`${parameter} cannot have the value '${value}': ${unmet}.`);
  }
}
