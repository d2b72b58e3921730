import { DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Reference, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** A value as its template has it, and what it refers to. */
export interface Referring {
  readonly value: any;

  /** What the value refers to, each with the text of what stands in its place. */
  readonly references: ReadonlyMap<Reference, string>;
}

/** What a value of a construct refers to, inside lazy values and texts too. To be asked once an app is complete: some lazy values are computed but once. */
export function referringIn(value: unknown, scope: IConstruct): Referring {
  const resolver = new ReferenceFinder();
  return { value: Tokenization.resolve(value, { scope, resolver, preparing: true }), references: resolver.references };
}

/** The constructs that a value of a construct refers to. */
export function constructsIn(value: unknown, scope: IConstruct): IConstruct[] {
  return targetsOf(referringIn(value, scope));
}

export function targetsOf({ references }: Referring): IConstruct[] {
  return [...new Set([...references.keys()].map(({ target }) => target))];
}

class ReferenceFinder extends DefaultTokenResolver {
  public readonly references = new Map<Reference, string>();

  constructor() {
    super({ join: (left, right) => ({ 'Fn::Join': ['', [left, right]] }) });
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    const value = super.resolveToken(token, context, postProcessor);
    if (Reference.isReference(token)) {
      this.references.set(token, JSON.stringify(value));
    }
    return value;
  }
}
