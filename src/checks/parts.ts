import { Inventory } from '../access/inventory';
import { DeployedStack, Deployment } from '../template/deployment';
import { partsOf } from '../template/parts';

/** Stacks that have to do with each other, and nothing with the others of their deployment: they are judged by themselves. */
export interface Part {
  readonly inventory: Inventory;

  /** The names of the stacks that the part is about. Beside them there are those that bind all buckets. */
  readonly stacks: ReadonlySet<string>;
}

const PARTS = new WeakMap<Inventory, readonly Part[]>();

/** The parts of a deployment. What is not known of one part leaves the others as they are. */
export function partsIn(inventory: Inventory): readonly Part[] {
  const known = PARTS.get(inventory) ?? allParts(inventory);
  PARTS.set(inventory, known);
  return known;
}

/** The part that a stack is in. */
export function partWith(inventory: Inventory, { name }: DeployedStack): Part {
  return partsIn(inventory).find(({ stacks }) => stacks.has(name))!;
}

/** Notes of the whole deployment which defaults of parameters have decided something in its parts. */
export function noteDefaults(inventory: Inventory): void {
  for (const { inventory: { deployment } } of partsIn(inventory)) {
    deployment.stacks.forEach(({ name, assumedDefaults }) => {
      const whole = inventory.deployment.stack(name)!;
      assumedDefaults.forEach((value, parameter) => whole.assumedDefaults.set(parameter, value));
    });
  }
}

function allParts(inventory: Inventory): Part[] {
  const { deployment, given, proofs } = inventory;
  const parts = partsOf(deployment);
  const binding = withOrganizationPolicies(deployment);
  return parts.map((stacks): Part => {
    const together = new Set([...stacks, ...binding]);
    const sources = deployment.stacks.filter((stack) => together.has(stack)).map(({ source }) => source);
    const own = sources.length === deployment.stacks.length ? inventory : new Inventory(new Deployment(sources, deployment.nameOf), given, proofs);
    return { inventory: own, stacks: new Set(stacks.map(({ name }) => name)) };
  });
}

/** Policies of the organization bind buckets that no stack names: their stacks, those that say what the organization is like, and those from which they have values. */
function withOrganizationPolicies(deployment: Deployment): Set<DeployedStack> {
  const resources = ['Policy', 'Organization', 'OrganizationalUnit', 'Account'].flatMap((type) => deployment.ofType(`AWS::Organizations::${type}`));
  resources.forEach((resource) => resource.propertyNames.forEach((name) => resource.property(name)));
  const binding = new Set(resources.map(({ stack }) => stack));
  for (const { readsFrom, source: { nestedIn } } of binding) {
    [...readsFrom, ...(nestedIn ? [nestedIn.stack] : [])].flatMap((name) => deployment.stack(name) ?? []).forEach((stack) => binding.add(stack));
  }
  return binding;
}
