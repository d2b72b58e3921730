import { DeployedResource } from './deployment';
import { isUnknownBesideIds } from '../policy/unknown-text';

/** A setting whose value is not known before deployment. */
export const UNKNOWN = Symbol('unknown');

/** The value of a nested setting; `UNKNOWN` if it, or something around it, is not known. */
export function setting(resource: DeployedResource, property: string, ...path: (string | number)[]): any {
  let value: any = resource.property(property);
  for (const step of path) {
    if (isUnknownValue(value)) {
      return UNKNOWN;
    }
    value = typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return isUnknownValue(value) || isUndocumentedBoolean(value) ? UNKNOWN : value;
}

/** What services make of a text such as 'True' is documented for none of them. */
function isUndocumentedBoolean(value: unknown): boolean {
  return typeof value === 'string' && /^(?:true|false)$/i.test(value) && value !== value.toLowerCase();
}

/** All properties of a resource, each read when somebody asks for it: what is read rests on values of parameters. */
export function propertiesOf(resource: DeployedResource): any {
  const names = resource.propertyNames;
  return Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, { get: () => resource.property(name), enumerable: true }])));
}

/** Whether a setting is on: CloudFormation takes texts for booleans. */
export function isOn(value: unknown): boolean {
  return value === true || value === 'true';
}

export function isUnknownValue(value: unknown): boolean {
  return value === UNKNOWN || (typeof value === 'string' && isUnknownBesideIds(value));
}
