import { isObject } from '../../policy/json';
import { TemplateResource } from '../template';

export type ResourceEntry = readonly [logicalId: string, resource: TemplateResource];
export type Resources = ReadonlyMap<string, TemplateResource>;
export type Properties = Readonly<Record<string, any>>;

const SERVERLESS = 'AWS::Serverless::';

/** The kind of a resource of SAM, such as `Function`; undefined for others. */
export function kindOf(resource: unknown): string | undefined {
  const type = isObject(resource) ? resource.Type : undefined;
  return typeof type === 'string' && type.startsWith(SERVERLESS) ? type.slice(SERVERLESS.length) : undefined;
}

export function propertiesOf(value: unknown): Properties {
  return isObject(value) ? value : {};
}

/** The members that have a value. */
export function given(members: Readonly<Record<string, unknown>>): Properties {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
