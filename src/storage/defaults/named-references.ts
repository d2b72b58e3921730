import { CfnElement, CfnResource, DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Reference, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** A resource as it will be deployed. What it refers to stands in its texts as `nameOf` says. */
export interface ReadResource {
  readonly resource: CfnResource;
  readonly type: string;
  readonly properties: any;
}

/** How texts name what a construct's resource is called by: no other text of a template looks like it. */
export function nameOf(construct: IConstruct): string {
  return `\u{E000}${construct.node.path}\u{E001}`;
}

/** The names of constructs in a text. */
export function namesIn(text: string): string[] {
  return text.match(/\u{E000}[^\u{E001}]*\u{E001}/gu) ?? [];
}

/** Whether an element of a template refers to a resource; one that cannot be read may. */
export function refersTo(element: CfnElement, construct: IConstruct): boolean {
  const fragment = read(element);
  return fragment === undefined || JSON.stringify(fragment).includes(nameOf(construct));
}

/** Reads a resource; undefined if that fails, which then fails at synthesis too. */
export function readResource(resource: CfnResource): ReadResource | undefined {
  const [definition] = Object.values<any>(read(resource)?.Resources ?? {});
  return definition && { resource, type: definition.Type, properties: definition.Properties ?? {} };
}

function read(element: CfnElement): any {
  return readValue(element._toCloudFormation(), element);
}

/** Reads a value of a construct; undefined if that fails, which then fails at synthesis too. */
export function readValue(value: unknown, scope: IConstruct): any {
  try {
    return Tokenization.resolve(value, { scope, resolver: new NamingResolver(), preparing: false });
  } catch {
    return undefined;
  }
}

/** Resolves references to names of constructs instead of intrinsic functions, so that those of two stacks cannot be mixed up. */
class NamingResolver extends DefaultTokenResolver {
  constructor() {
    super({ join: (left, right) => `${textOf(left)}${textOf(right)}` });
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    return Reference.isReference(token) ? nameOf(token.target) : super.resolveToken(token, context, postProcessor);
  }
}

/** What may be one value or a list of values in a template. */
export function listOf(value: unknown): any[] {
  return value === undefined || value === null ? [] : [value].flat();
}

function textOf(value: unknown): string {
  return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}
