import { isObject, jsonText } from '../policy/json';

/**
 * What a template declares of a parameter. Any of it may be of a type that CloudFormation refuses.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export interface ParameterDeclaration {
  readonly Type?: unknown;
  readonly Default?: unknown;
  readonly AllowedPattern?: unknown;
  readonly AllowedValues?: unknown;
  readonly MinLength?: unknown;
  readonly MaxLength?: unknown;
  readonly MinValue?: unknown;
  readonly MaxValue?: unknown;
}

/** What a template declares; nothing, if it is no declaration. */
export function declared(declaration: unknown): ParameterDeclaration {
  return isObject(declaration) ? declaration : {};
}

/**
 * Whether CloudFormation reads the value in the parameter store when the stack is deployed: what the template or the user gives is the name of it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
 */
export function isReadElsewhere(declaration: unknown): boolean {
  return /^AWS::SSM::Parameter::Value</.test(jsonText(declared(declaration).Type));
}

export function isListType(type: unknown): boolean {
  return /^(?:CommaDelimitedList$|List<)/.test(jsonText(type));
}

/** The elements of a list, which is written with commas. */
export function elementsOf(text: string): string[] {
  return text.split(',').map((element) => element.trim());
}
