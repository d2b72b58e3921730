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

/** Whether a value mentions a resource, by a reference to it. */
export function mentions(value: unknown, construct: IConstruct): boolean {
  return JSON.stringify(value ?? null).includes(nameOf(construct));
}

/** Whether an element of a template refers to a resource; one that cannot be read may. */
export function refersTo(element: CfnElement, construct: IConstruct): boolean {
  const fragment = read(element);
  return fragment === undefined || mentions(fragment, construct);
}

/** Reads a resource; undefined if that fails, which then fails at synthesis too. */
export function readResource(resource: CfnResource): ReadResource | undefined {
  const [definition] = Object.values<any>(read(resource)?.Resources ?? {});
  return definition && { resource, type: definition.Type, properties: definition.Properties ?? {} };
}

function read(element: CfnElement): any {
  try {
    return Tokenization.resolve(element._toCloudFormation(), { scope: element, resolver: new NamingResolver(), preparing: false });
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

function textOf(value: unknown): string {
  return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}
