import { DeployedResource, DeployedStack, Deployment } from './deployment';
import { DRAWN_IDS } from '../aws/drawn-ids';
import { jsonText } from '../policy/json';
import { wholeName } from '../policy/literal-pattern';
import { isUnknown } from '../policy/unknown-text';

/**
 * The stacks of a deployment in parts that have nothing to do with each other: no stack refers to one of another part, nests one, names a resource of
 * one, or may name one whose name AWS draws.
 */
export function partsOf(deployment: Deployment): DeployedStack[][] {
  const { stacks } = deployment;
  if (stacks.length < 2) {
    return [[...stacks]];
  }
  const read = new Deployment(stacks.map(({ source }) => source), deployment.nameOf); // to read everything makes no default one that decides
  const described = read.stacks.map((stack): DescribedStack => ({ stack, text: inAnyPlace(textOf(stack)) }));
  const links = [...namings(described), ...drawnNamings(described), ...strayPolicies(read), ...read.stacks.flatMap(references)];
  return connected(stacks.map(({ name }) => name), links).map((names) => names.map((name) => deployment.stack(name)!));
}

interface DescribedStack {
  readonly stack: DeployedStack;

  /** All that is resolved of its resources. */
  readonly text: string;
}

type Link = readonly [one: string, other: string];

/** What stacks hand to each other. It is known once everything has been resolved. */
function references({ name, readsFrom, source: { nestedIn } }: DeployedStack): Link[] {
  return [...[...readsFrom].map((other): Link => [name, other]), ...(nestedIn ? [[name, nestedIn.stack] as const] : [])];
}

function textOf(stack: DeployedStack): string {
  return JSON.stringify(resourcesOf(stack).map((resource) => resource.propertyNames.map((name) => resource.property(name))));
}

function resourcesOf({ deployment, name }: DeployedStack): DeployedResource[] {
  return deployment.resources.filter(({ stack }) => stack.name === name);
}

/** Names and texts whose accounts and Regions may be the same are alike. */
function inAnyPlace(text: string): string {
  return text.replace(/(?<!\d)\d{12}(?!\d)/g, '<account>').replace(/\b[a-z]{2,4}(?:-[a-z]+)+-\d\b/g, '<region>');
}

/** Words of a text: a name can be in the text only if its words are. */
const WORD = /[A-Za-z0-9_-]+/g;

/** Stacks that name a resource of another stack. */
function namings(described: readonly DescribedStack[]): Link[] {
  const byWord = new Map<string, DescribedStack[]>();
  for (const one of described) {
    new Set(one.text.match(WORD)).forEach((word) => byWord.set(word, [...(byWord.get(word) ?? []), one]));
  }
  return described.flatMap(({ stack }) => resourcesOf(stack).flatMap(namesOf).flatMap((name) => {
    const [longest] = [...name.match(WORD) ?? []].sort((one, other) => other.length - one.length);
    return (byWord.get(longest) ?? []).filter(({ text }) => text.includes(name) && wholeName(name).test(text)).map((other): Link => [stack.name, other.stack.name]);
  }));
}

/** How a resource may be called elsewhere. */
function namesOf(resource: DeployedResource): string[] {
  const names = [resource.reference('Ref'), resource.reference('Arn')?.split(/[:/]/).at(-1)];
  return [...new Set(names.filter((name) => name !== undefined && name !== '' && !isUnknown(name)).map((name) => inAnyPlace(name!)))];
}

/** Stacks whose texts have a name that AWS may draw for a resource of another stack. */
function drawnNamings(described: readonly DescribedStack[]): Link[] {
  return DRAWN_IDS.filter(({ mayBeOf }) => mayBeOf).flatMap(({ type, form, givenBy, mayBeOf }) => {
    const isNameless = ({ propertyNames }: DeployedResource) => !givenBy.some((property) => propertyNames.includes(property));
    const nameless = described.flatMap(({ stack }) => resourcesOf(stack).filter((resource) => resource.type === type && isNameless(resource)));
    const mentioned = described.map(({ stack, text }) => ({ stack, names: [...new Set(Array.from(text.matchAll(form), ([, name]) => name))] }));
    return nameless.flatMap((resource) => mentioned.filter(({ names }) => names.some((name) => mayBeOf!(name, resource.logicalId)))
      .map(({ stack }): Link => [resource.stack.name, stack.name]));
  });
}

/** Policies for a bucket that is not known may be for any bucket of their app. Files that lie in one folder are not one app. */
function strayPolicies(deployment: Deployment): Link[] {
  const ofApps = deployment.stacks.filter(({ source }) => source.pathOf !== undefined);
  const strays = deployment.ofType('AWS::S3::BucketPolicy').filter((resource) => ofApps.includes(resource.stack) && isUnknown(jsonText(resource.property('Bucket'))));
  return strays.flatMap(({ stack }) => ofApps.map((other): Link => [stack.name, other.name]));
}

function connected(names: readonly string[], links: readonly Link[]): string[][] {
  const partOf = new Map(names.map((name) => [name, [name]]));
  for (const [one, other] of links) {
    const [ours, theirs] = [partOf.get(one), partOf.get(other)];
    if (ours && theirs && ours !== theirs) {
      const [larger, smaller] = ours.length >= theirs.length ? [ours, theirs] : [theirs, ours];
      smaller.forEach((name) => partOf.set(name, larger));
      larger.push(...smaller);
    }
  }
  const order = new Map(names.map((name, i) => [name, i]));
  return [...new Set(partOf.values())].map((part) => part.sort((one, other) => order.get(one)! - order.get(other)!))
    .sort(([one], [other]) => order.get(one)! - order.get(other)!);
}
