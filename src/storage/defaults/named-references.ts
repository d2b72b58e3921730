import { CfnElement, CfnResource, DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { SettledNames } from './settled-names';

/** A resource as it will be deployed. What it refers to stands in its texts as `nameOf` says. */
export interface ReadResource {
  readonly resource: CfnResource;
  readonly type: string;
  readonly properties: any;

  /** The connectors of SAM that stand in the resource. */
  readonly connectors: any;
}

/** How texts name what a construct's resource is called by: no other text of a template, and no value that is not known, looks like it. */
export function nameOf(construct: IConstruct): string {
  return `\u{E010}${construct.node.path}\u{E011}`;
}

/** A text as people read it: constructs by their paths, pseudo parameters as `Fn::Sub` writes them. */
export function readableNames(text: string): string {
  return text.replace(/\u{E010}([^\u{E011}]*?)(?:\/Resource)?\u{E011}/gu, '$1').replace(/\{"Ref":"(AWS::\w+)"\}/g, '${$1}');
}

/** The names of constructs in a text. */
export function namesIn(text: string): string[] {
  return text.match(/\u{E010}[^\u{E011}]*\u{E011}/gu) ?? [];
}

/**
 * What stands for a bucket in its name, its ARN or its domain name, behind which the beginning of the keys may follow: its own name, and those of
 * the constructs that are referred to.
 */
export function bucketsNamed(text: string): string[] {
  return [...namesIn(text), text.replace(/^.*:s3:::/, '').replace(/(?:\.s3[.-]|\/).*$/, '')];
}

/** Whether an element of a template refers to a resource; one that cannot be read may. */
export function refersTo(element: CfnElement, construct: IConstruct): boolean {
  const fragment = read(element);
  return fragment === undefined || JSON.stringify(fragment).includes(nameOf(construct));
}

/** Reads a resource; undefined if that fails, which then fails at synthesis too. */
export function readResource(resource: CfnResource): ReadResource | undefined {
  const [definition] = Object.values<any>(read(resource)?.Resources ?? {});
  return definition && { resource, type: definition.Type, properties: definition.Properties ?? {}, connectors: definition.Connectors ?? {} };
}

function read(element: CfnElement): any {
  return readValue(element._toCloudFormation(), element);
}

/** Reads a value of a construct; undefined if that fails, which then fails at synthesis too. */
export function readValue(value: unknown, scope: IConstruct): any {
  try {
    return settledIn(Tokenization.resolve(value, { scope, resolver: new NamingResolver(), preparing: false }), scope);
  } catch {
    return undefined;
  }
}

/** Resolves references, but for those to pseudo parameters, to names of constructs instead of intrinsic functions, so that those of two stacks cannot be mixed up. */
class NamingResolver extends DefaultTokenResolver {
  constructor() {
    super({ join: (left, right) => `${textOf(left)}${textOf(right)}` });
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    return Reference.isReference(token) && !token.displayName.startsWith('AWS::') ? namesFor(token.target).of(token.target, token.displayName)
      : settledIn(super.resolveToken(token, context, postProcessor), context.scope);
  }
}

let known: { readonly root: IConstruct; readonly names: SettledNames } | undefined;

/** Has constructs found that were made since the last time. */
export function lookAgain(): void {
  known = undefined;
}

function settledIn(value: unknown, scope: IConstruct): unknown {
  return namesFor(scope).in(value, Stack.of(scope));
}

function namesFor({ node: { root } }: IConstruct): SettledNames {
  known = known?.root === root ? known : { root, names: new SettledNames(root, { read: readValue, nameOf, namesIn }) };
  return known.names;
}

/** The document of a policy, which may be written as text; undefined if that cannot be read. */
export function documentIn(value: unknown): any {
  if (typeof value !== 'string') {
    return value;
  }
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** What may be one value or a list of values in a template. */
export function listOf(value: unknown): any[] {
  return value === undefined || value === null ? [] : [value].flat();
}

function textOf(value: unknown): string {
  return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}
