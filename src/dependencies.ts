import { CfnElement, CfnResource, DefaultTokenResolver, IResolvable, IResolveContext, Reference, Stack, StringConcat, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { outermostStack } from './outermost-stack';

/**
 * Why a resource is deployed after another: what it refers to first on the way there, or what of its stack refers to another stack on
 * the way. Empty if it is not. Within a stack, resources wait for each other; between stacks, whole stacks do.
 */
export function whatWaitsFor(target: CfnResource, resource: CfnResource): IConstruct[] {
  const [here, there] = [resource.stack, target.stack];
  if (here === there) {
    const before = (element: CfnElement) => deployedBy(element).flatMap(prerequisites).flatMap((other) => elementIn(here, other) ?? []);
    const first = firstStep<CfnElement>(resource, before, target);
    return first ? [first] : [];
  }
  const isOneTemplate = outermostStack(here) === outermostStack(there);
  const unitOf: UnitOf = isOneTemplate ? (stack) => stack : outermostStack; // from outside, what a nested stack waits for, all around it waits for
  const first = firstStep(unitOf(here), (stack) => stackReferences(stack, unitOf).map(({ to }) => to), unitOf(there));
  return stackReferences(unitOf(here), unitOf).filter(({ to }) => to === first).map(({ from }) => from);
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

/** What is deployed as a whole. */
type UnitOf = (stack: Stack) => Stack;

interface StackReference {
  readonly from: IConstruct;
  readonly to: Stack;
}

function stackReferences(unit: Stack, unitOf: UnitOf): StackReference[] {
  const constructs = [...unit.node.findAll(), ...(unit.nestedStackResource ? [unit.nestedStackResource] : [])];
  const elements = constructs.filter(CfnElement.isCfnElement).filter((element) => unitOf(placeOf(element)) === unit);
  const stacks = constructs.filter(Stack.isStack).filter((stack) => unitOf(stack) === unit);
  const all: StackReference[] = [
    ...elements.flatMap((from) => prerequisites(from).map((other) => ({ from, to: unitOf(placeOf(other)) }))),
    ...stacks.flatMap((from) => from.dependencies.map((to) => ({ from, to: unitOf(to) }))),
  ];
  return all.filter(({ to }) => to !== unit);
}

/** What is deployed by an element: that alone, or a nested stack with all that is in it. */
function deployedBy(element: CfnElement): CfnElement[] {
  return [element, ...(nestedStackOf(element)?.node.findAll().filter(CfnElement.isCfnElement) ?? [])];
}

/** The element of a stack by which another one is deployed, such as the resource of the nested stack around it. */
function elementIn(stack: Stack, element: CfnElement): CfnElement | undefined {
  if (element.stack === stack) {
    return element;
  }
  const { nestedStackResource } = element.stack;
  return nestedStackResource && elementIn(stack, nestedStackResource);
}

/** The stack with which an element is deployed. The resource that makes a nested stack is deployed with that. */
function placeOf(element: CfnElement): Stack {
  return nestedStackOf(element) ?? element.stack;
}

function nestedStackOf(element: CfnElement): Stack | undefined {
  const isStack = CfnResource.isCfnResource(element) && element.cfnResourceType === 'AWS::CloudFormation::Stack';
  const around = isStack ? element.node.scope?.node.scope?.node.children ?? [] : [];
  return around.filter(Stack.isStack).find(({ nestedStackResource }) => nestedStackResource === element);
}

/** The elements that an element refers to or depends on. */
function prerequisites(element: CfnElement): CfnElement[] {
  return [...references(element), ...declaredDependencies(element)];
}

function references(element: CfnElement): CfnElement[] {
  const collector = new ReferenceCollector();
  Tokenization.resolve((element as unknown as { _toCloudFormation(): object })._toCloudFormation(), { scope: element, resolver: collector, preparing: true });
  return [...collector.references].map(({ target }) => target).filter(CfnElement.isCfnElement);
}

/** What is declared by `addDependency`, on the resource or on a construct around it. */
export function declaredDependencies(element: CfnElement): CfnElement[] {
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
