import { createHash } from 'crypto';
import { parametersBehind } from './deciding-parameters';
import type { DeployedResource, DeployedStack } from './deployment';
import { formOfParameter } from './parameter-form';
import { parameterValue } from './parameters';
import type { Place } from './place';
import { domainSuffixOf } from '../aws/regions';
import { couldBe } from '../policy/could-be';
import { isObject, isScalar, jsonText } from '../policy/json';
import { arnSegments } from '../policy/pattern';
import { every, not, some, Truth } from '../policy/truth';
import { isSettled, isUnknown, UnknownForm, unknownText, patternOfUnknown } from '../policy/unknown-text';

const DEPTH_LIMIT = 200; // far beyond what CloudFormation accepts
const TEXT_LIMIT = 1_000_000; // characters: CloudFormation takes templates of 1 MB
const NO_VALUE = Symbol('AWS::NoValue');

/** A macro within a template: it is given what stands beside it, and may make anything of it. */
export const MACRO = 'Fn::Transform';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */
const DYNAMIC_REFERENCE = new RegExp(`\\{\\{resolve:(?:${patternOfUnknown()}|[^}])*}}`, 'g'); // what is not known may stand inside

/** The dynamic reference to a parameter of Systems Manager, in the version that is the newest. */
const NEWEST_PARAMETER = /^\{\{resolve:ssm:([^:}]+)}}$/;

/** Resolves intrinsic functions as a deployment would. What is not known becomes a text made by `unknownText`. */
export function resolveValue(value: unknown, stack: DeployedStack): any {
  const resolved = resolve(value, stack, 0);
  return resolved === NO_VALUE ? undefined : resolved;
}

function resolve(value: unknown, stack: DeployedStack, depth: number): any {
  if (depth > DEPTH_LIMIT) {
    return unknownText('a value nested too deeply');
  }
  if (Array.isArray(value)) {
    const elements = value.map((element) => resolve(element, stack, depth + 1));
    return elements.includes(NO_VALUE) ? elements.filter((element) => element !== NO_VALUE) : elements;
  }
  if (typeof value === 'string') {
    return withoutReferences(value, stack);
  }
  if (value === null) {
    return NO_VALUE; // CloudFormation takes no null
  }
  if (typeof value !== 'object') {
    return value;
  }
  const names = Object.keys(value);
  const [name] = names;
  if (names.length === 1 && (name === 'Ref' || name === 'Condition' && typeof (value as any).Condition === 'string' || name.startsWith('Fn::'))) {
    return resolveFunction(name, (value as any)[name], stack, depth + 1);
  }
  if (names.includes(MACRO)) {
    return unknownFunction(MACRO, (value as any)[MACRO], stack);
  }
  const entries = names.map((key) => [key, resolve((value as any)[key], stack, depth + 1)]);
  return Object.fromEntries(entries.filter(([, child]) => child !== NO_VALUE));
}

type Intrinsic = (argument: any, stack: DeployedStack, depth: number) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  'Ref': (argument, stack, depth) => {
    const name = isObject(argument) ? resolve(argument, stack, depth) : argument;
    return typeof name === 'string' ? reference(name, stack) : undefined;
  },
  'Fn::GetAtt': (argument, stack, depth) => {
    const names = [argument].flat().map((name) => (isObject(name) ? resolve(name, stack, depth) : name));
    const [logicalId, ...attribute] = names.every((name) => isScalar(name) && isSettled(String(name))) ? names.join('.').split('.') : [''];
    return attributeOf(logicalId, attribute.join('.'), stack);
  },
  'Fn::Join': (argument, stack, depth) => {
    const [separator, list] = listOf(resolve(argument, stack, depth));
    return Array.isArray(list) && list.every(isScalar) && isScalar(separator) ? limited(list.join(String(separator)), stack) : undefined;
  },
  'Fn::Sub': (argument, stack, depth) => {
    const [text, variables = {}] = [argument].flat();
    return typeof text === 'string' && isObject(variables) ? limited(text.replace(/\$\{([^}]*)}/g, (_, name: string) => substituted(name.trim(), variables, stack, depth)), stack) : undefined;
  },
  'Fn::ImportValue': (argument, stack, depth) => {
    const name = resolve(argument, stack, depth);
    return typeof name === 'string' && !isUnknown(name) ? stack.deployment.exported(name, stack) : undefined;
  },
  'Fn::GetStackOutput': (argument, stack, depth) => {
    const named = resolve(argument, stack, depth);
    return isObject(named) ? stackOutput(named, stack) : undefined;
  },
  'Fn::Select': (argument, stack, depth) => {
    const [index, list] = listOf(resolve(argument, stack, depth));
    return Array.isArray(list) ? list[Number(index)] : undefined;
  },
  'Fn::Split': (argument, stack, depth) => {
    const [separator, text] = listOf(resolve(argument, stack, depth));
    return typeof text === 'string' && !isUnknown(text) && isScalar(separator) ? text.split(String(separator)) : undefined;
  },
  'Fn::FindInMap': (argument, stack, depth) => {
    const [options, ...keys] = [listOf(argument)[3], ...listOf(resolve(listOf(argument).slice(0, 3), stack, depth))];
    const areKnown = keys.length === 3 && keys.every((key) => isScalar(key) && isSettled(String(key)));
    const found = areKnown ? keys.reduce<any>((map, key) => (isObject(map) && Object.hasOwn(map, key) ? map[key] : undefined), stack.template.Mappings) : undefined;
    return found ?? (areKnown && isObject(options) ? resolve(options.DefaultValue, stack, depth) : undefined);
  },
  'Fn::Length': (argument, stack, depth) => {
    const list = resolve(argument, stack, depth);
    return Array.isArray(list) ? list.length : undefined;
  },
  'Fn::If': (argument, stack, depth) => {
    const [name, ...branches] = listOf(argument);
    const truth = stack.holds(name);
    if (truth !== undefined) {
      return resolve(branches[truth ? 0 : 1], stack, depth);
    }
    const [yes, no] = branches.map((branch: unknown) => resolve(branch, stack, depth));
    return yes === no || (yes !== NO_VALUE && no !== NO_VALUE && JSON.stringify(yes) === JSON.stringify(no)) ? yes : undefined;
  },
  'Fn::ToJsonString': (argument, stack, depth) => JSON.stringify(resolve(argument, stack, depth)),
  'Condition': (name, stack) => stack.holds(name),
  'Fn::Equals': (argument, stack, depth) => {
    const values = listOf(argument).map((value: unknown) => resolve(value, stack, depth));
    const [one, other] = values.map(comparable);
    const isKnown = [one, other].every((text) => text !== undefined && isSettled(text));
    return (isKnown && !areOneNumber(values)) || one === other ? one === other : couldBeEqual(listOf(argument), values) ? undefined : false;
  },
  'Fn::Not': (argument, stack, depth) => not(truthOf(listOf(argument)[0], stack, depth)),
  'Fn::And': (argument, stack, depth) => every(listOf(argument), (condition) => truthOf(condition, stack, depth)),
  'Fn::Or': (argument, stack, depth) => some(listOf(argument), (condition) => truthOf(condition, stack, depth)),
};

/**
 * The output of a stack of this Region, or of the one that is named; of this account, or of that of the role which reads it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
 */
function stackOutput({ StackName: name, OutputName: output, Region: region, RoleArn: role }: Record<string, unknown>, stack: DeployedStack): unknown {
  if (typeof name !== 'string' || typeof output !== 'string') {
    return undefined;
  }
  return stack.deployment.outputOf(name, output, placeOfOutput({ Region: region, RoleArn: role }, stack), stack);
}

/** Where the stack lies whose output is read. */
export function placeOfOutput({ Region: region, RoleArn: role }: Record<string, unknown>, stack: DeployedStack): Place {
  return {
    account: role === undefined ? stack.account : arnSegments(jsonText(role))[4] ?? jsonText(role),
    region: region === undefined ? stack.region : jsonText(region),
  };
}

/** A value as conditions compare it: a boolean or a number in a template is the text of it, as the value of a parameter is. */
function comparable(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part) => (isScalar(part) ? jsonText(part) : part));
}

/** Whether a number is compared with a text that says the same number in another way: how CloudFormation writes a number is not documented. */
function areOneNumber([one, other]: readonly unknown[]): boolean {
  return [one, other].some((value) => typeof value === 'number') && [one, other].every((value) => isScalar(value) && String(value).trim() !== '') && Number(one) === Number(other);
}

/** Whether a value that is not known may turn out to be the text that it is compared with in so many words. */
function couldBeEqual(written: readonly unknown[], values: readonly unknown[]): boolean {
  const open = values.find((value) => typeof value === 'string' && isUnknown(value));
  const literal = written.find(isScalar);
  return literal === undefined || typeof open !== 'string' || couldBe(open, jsonText(literal));
}

function truthOf(condition: unknown, stack: DeployedStack, depth: number): Truth {
  const value = resolve(condition, stack, depth);
  return typeof value === 'boolean' ? value : undefined;
}

/** Texts can double with each step of a hostile template. */
function limited(text: string, stack: DeployedStack): string | undefined {
  return text.length > TEXT_LIMIT ? undefined : withoutReferences(text, stack);
}

/** CloudFormation looks dynamic references up once all else is filled in. */
function withoutReferences(text: string, stack: DeployedStack): string {
  return text.includes('{{') ? text.replace(DYNAMIC_REFERENCE, (written) => lookedUp(written, stack)) : text;
}

/** What stands behind a dynamic reference is not known, unless another stack of the deployment writes it there. */
function lookedUp(written: string, stack: DeployedStack): string {
  const [, name] = NEWEST_PARAMETER.exec(written) ?? [];
  const value = name === undefined ? undefined : stack.deployment.exportedTo(stack, name);
  return typeof value === 'string' ? value : unknownText(written);
}

function resolveFunction(name: string, argument: unknown, stack: DeployedStack, depth: number): unknown {
  const isUsable = argument !== null && argument !== undefined;
  const known = Object.hasOwn(INTRINSICS, name) && isUsable ? INTRINSICS[name](argument, stack, depth) : undefined;
  return known ?? unknownFunction(name, argument, stack);
}

function unknownFunction(name: string, argument: unknown, stack: DeployedStack): string {
  const written = name === 'Fn::GetAtt' ? [argument].flat().map(jsonText).join('.') : argument; // both forms of it are the same value
  if (name === 'Fn::If') {
    return unknownValue(nameOfChoice(listOf(argument), stack), stack, undefined);
  }
  const form = name === 'Ref' ? formOfParameter(stack.template.Parameters?.[jsonText(argument)]) : undefined;
  return unknownValue(shortened(`${stack.name}: ${name} ${JSON.stringify(written)}`), stack, form);
}

function unknownValue(name: string, { source: { values = {} } }: DeployedStack, form: UnknownForm | undefined): string {
  return Object.hasOwn(values, name) ? values[name] : unknownText(name, form);
}

/** What is chosen by a condition is called by that: what the branches are follows from it. */
function nameOfChoice([condition, ...branches]: unknown[], stack: DeployedStack): string {
  return shortened(`${stack.name}: Fn::If ${jsonText([condition])} by ${jsonText(parametersBehind(condition, stack))} ${digest(jsonText(branches))}`);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

const NAME_LIMIT = 200; // characters that people read

/** Equal names are equal values: what is cut off counts, too. */
function shortened(name: string): string {
  return name.length <= NAME_LIMIT ? name : `${name.slice(0, NAME_LIMIT)}… ${digest(name)}`;
}

function substituted(name: string, variables: Record<string, unknown>, stack: DeployedStack, depth: number): string {
  if (name.startsWith('!')) {
    return `\${${name.slice(1)}}`;
  }
  const value = Object.hasOwn(variables, name) ? resolve(variables[name], stack, depth)
    : name.includes('.') ? resolveFunction('Fn::GetAtt', name, stack, depth) : resolveFunction('Ref', name, stack, depth);
  return isScalar(value) ? String(value) : unknownText(`${stack.name}: \${${name}}`);
}

function reference(name: string, stack: DeployedStack): unknown {
  switch (name) {
    case 'AWS::AccountId': return stack.account;
    case 'AWS::Region': return stack.region;
    case 'AWS::Partition': return stack.partition;
    case 'AWS::StackName': return stack.decidingName;
    case 'AWS::URLSuffix': return domainSuffixOf(stack.partition);
    case 'AWS::NoValue': return NO_VALUE;
    default: return parameterValue(name, stack) ?? attributeOf(name, 'Ref', stack);
  }
}

function attributeOf(logicalId: string, attribute: string, stack: DeployedStack): unknown {
  const resource = stack.deployment.resource(stack.name, logicalId);
  if (!resource || resource.isDeployed === false) {
    return undefined;
  }
  const output = attribute.startsWith('Outputs.') ? /^Outputs\.(.+)$/.exec(attribute)?.[1] : undefined;
  if (output !== undefined) {
    return stack.deployment.nestedStack(resource)?.output(output);
  }
  return importedBy(resource, attribute) ?? resource.reference(attribute);
}

/** What the custom resource reads with which the CDK makes references to stacks of other Regions: its attributes are called as the parameters are. */
function importedBy(resource: DeployedResource, attribute: string): unknown {
  const imports: unknown = resource.type === 'Custom::CrossRegionExportReader' ? resource.property('ReaderProps')?.imports : undefined;
  return isObject(imports) && Object.hasOwn(imports, attribute) ? imports[attribute] : undefined;
}

function listOf(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}
