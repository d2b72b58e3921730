import { CfnElement, CfnResource, DefaultTokenResolver, IResolvable, IResolveContext, Reference, Stack, StringConcat, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * The element because of which one resource is deployed after another: it refers to the other one, or to its stack. Undefined if
 * there is none. Within a stack, resources wait for each other; between stacks, whole stacks do.
 */
export function whatWaitsFor(target: CfnResource, resource: CfnResource): IConstruct | undefined {
  const [here, there] = [resource.stack, target.stack];
  return here === there
    ? search<CfnElement>(resource, (element) => prerequisites(element).filter(({ stack }) => stack === here).map((next) => ({ next, because: element })), target)
    : search<Stack>(here, (stack) => stackPrerequisites(stack), there);
}

interface Step<T> {
  readonly next: T;
  readonly because: IConstruct;
}

/** Walks from a start until the goal is reached, and says what led there. */
function search<T>(start: T, stepsFrom: (place: T) => Step<T>[], goal: T): IConstruct | undefined {
  const seen = new Set<T>([start]);
  for (const place of seen) { // grows while it is walked
    for (const { next, because } of stepsFrom(place)) {
      if (next === goal) {
        return because;
      }
      seen.add(next);
    }
  }
  return undefined;
}

function stackPrerequisites(stack: Stack): Step<Stack>[] {
  const elements = stack.node.findAll().filter(CfnElement.isCfnElement).filter((element) => element.stack === stack);
  return [
    ...stack.dependencies.map((next) => ({ next, because: stack })),
    ...elements.flatMap((because) => prerequisites(because).filter((other) => other.stack !== stack).map((other) => ({ next: other.stack, because }))),
  ];
}

/** The elements that an element refers to or depends on. */
function prerequisites(element: CfnElement): CfnElement[] {
  return [...references(element), ...dependencies(element)];
}

function references(element: CfnElement): CfnElement[] {
  const collector = new ReferenceCollector();
  Tokenization.resolve((element as unknown as { _toCloudFormation(): object })._toCloudFormation(), { scope: element, resolver: collector, preparing: true });
  return [...collector.references].map(({ target }) => target).filter(CfnElement.isCfnElement);
}

/** What is declared by `addDependency`, on the resource or on a construct around it. */
function dependencies(element: CfnElement): CfnElement[] {
  const declared = CfnResource.isCfnResource(element) ? element.obtainDependencies().filter(CfnResource.isCfnResource) : [];
  const around = element.node.scopes.flatMap(({ node }) => node.dependencies).flatMap(({ node }) => node.findAll().filter(CfnResource.isCfnResource));
  return [...declared, ...around];
}

/** Remembers what is referred to while values are resolved. */
class ReferenceCollector extends DefaultTokenResolver {
  public readonly references = new Set<Reference>();

  constructor() {
    super(new StringConcat());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: any): any {
    if (Reference.isReference(token)) {
      this.references.add(token);
    }
    return super.resolveToken(token, context, postProcessor);
  }
}
