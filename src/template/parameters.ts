import type { DeployedStack } from './deployment';
import { elementsOf, isListType, isReadElsewhere, ParameterDeclaration } from './parameter-declaration';
import { isObject, isScalar, jsonText } from '../policy/json';

/**
 * The value of a parameter of a template: given, passed by the stack around, the only one that is allowed, or its default. A default is
 * noted in the stack as assumed, since whoever deploys may give another value.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function parameterValue(name: string, stack: DeployedStack): unknown {
  const declaration = declarationOf(name, stack);
  const given = givenValue(name, stack) ?? passedValue(name, stack);
  if (given !== undefined) {
    return typed(given, declaration);
  }
  const { Default, AllowedValues } = declaration ?? {};
  if (isReadElsewhere(declaration)) {
    return undefined;
  }
  if (Array.isArray(AllowedValues) && AllowedValues.length === 1) {
    return typed(AllowedValues[0], declaration);
  }
  if (!isScalar(Default)) {
    return undefined;
  }
  stack.assumedDefaults.set(name, jsonText(Default));
  return typed(Default, declaration);
}

function declarationOf(name: string, { template: { Parameters } }: DeployedStack): ParameterDeclaration | undefined {
  const declaration = isObject(Parameters) && Object.hasOwn(Parameters, name) ? Parameters[name] : undefined;
  return isObject(declaration) ? declaration : undefined;
}

/** What is known of a parameter before deployment. */
function givenValue(name: string, { source: { parameters } }: DeployedStack): unknown {
  return parameters && Object.hasOwn(parameters, name) ? parameters[name] : undefined;
}

/** What the stack around a nested one passes for a parameter. */
function passedValue(name: string, { nestedStackResource }: DeployedStack): unknown {
  const parameters = nestedStackResource?.property('Parameters');
  return isObject(parameters) && Object.hasOwn(parameters, name) ? parameters[name] : undefined;
}

/** A parameter is a text, or a list that is written with commas. */
function typed(value: unknown, declaration: ParameterDeclaration | undefined): unknown {
  if (declaration === undefined || !isScalar(value)) {
    return value;
  }
  const text = jsonText(value);
  return isListType(declaration.Type) ? elementsOf(text) : text;
}
