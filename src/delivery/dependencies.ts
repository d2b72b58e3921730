import { CfnElement, CfnResource, DefaultTokenResolver, IResolvable, IResolveContext, Reference, Stack, StringConcat, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * Why a resource is deployed after another: what it refers to first on the way there, or what of its stack refers to another stack on
 * the way. Empty if it is not. Within a stack, resources wait for each other; between stacks, whole stacks do.
 */
export function whatWaitsFor(target: CfnResource, resource: CfnResource): IConstruct[] {
  const [here, there] = [resource.stack, target.stack];
  if (here === there) {
    const first = firstStep<CfnElement>(resource, (element) => prerequisites(element).filter(({ stack }) => stack === here), target);
    return first ? [first] : [];
  }
  const first = firstStep(here, (stack) => stackReferences(stack).map(({ to }) => to), there);
  return stackReferences(here).filter(({ to }) => to === first).map(({ from }) => from);
}

/** Walks from a start until the goal is reached, and returns the first step. */
function firstStep<T>(start: T, nextTo: (place: T) => T[], goal: T): T | undefined {
  const firstSteps = new Map<T, T | undefined>([[start, undefined]]);
  for (const [place, first] of firstSteps) { // grows while it is walked
    if (place === goal) {
      return first;
    }
    nextTo(place).filter((next) => !firstSteps.has(next)).forEach((next) => firstSteps.set(next, first ?? next));
  }
  return undefined;
}

interface StackReference {
  readonly from: IConstruct;
  readonly to: Stack;
}

function stackReferences(stack: Stack): StackReference[] {
  const elements = stack.node.findAll().filter(CfnElement.isCfnElement).filter((element) => element.stack === stack);
  return [
    ...elements.flatMap((from) => prerequisites(from).filter((other) => other.stack !== stack).map((other) => ({ from, to: other.stack }))),
    ...stack.dependencies.map((to) => ({ from: stack, to })),
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
