import { Inventory } from '../access/inventory';
import { conditionCases } from '../template/condition-cases';
import { Deployment } from '../template/deployment';
import { Choice, possibilities, templatesIn } from '../template/possibilities';

/** One way in which what is not known of a deployment may turn out. */
export interface Way {
  readonly choices: readonly Choice[];
  readonly inventory: Inventory;
}

const MOST_WAYS = 48;
const WAYS = new WeakMap<Inventory, readonly Way[]>();

/**
 * The ways in which a deployment may turn out: conditions that are not known hold or not, and accounts, Regions and ids are those that templates
 * mention, or none of them. The first way is the ordinary one.
 */
export function waysOf(inventory: Inventory): readonly Way[] {
  const known = WAYS.get(inventory) ?? allWays(inventory);
  WAYS.set(inventory, known);
  return known;
}

function allWays(inventory: Inventory): Way[] {
  const { deployment } = inventory;
  const cases: readonly (readonly Choice[])[] = conditionCases(deployment);
  const ordinary = cases.length === 0 ? [[]] : cases;
  const others = possibilities(deployment, { limit: Math.floor(MOST_WAYS / ordinary.length) - 1 });
  const all = [[], ...others.map(({ choices }) => choices)].flatMap((choices) => ordinary.map((conditions) => [...choices, ...conditions]));
  const deployed = (choices: readonly Choice[]) => new Deployment(templatesIn(deployment, choices), deployment.nameOf);
  return all.map((choices) => ({ choices, inventory: choices.length === 0 ? inventory : new Inventory(deployed(choices), inventory.accounts, inventory.proofs) }));
}

/** What it depends on whether two ways differ, for people. */
export function difference({ choices }: Way): string {
  return choices.map(({ what }) => what).join(' and ');
}

/** A text in which the values of a way, and what stands for them where they are not known, are the same. */
export function alike(text: string, ways: readonly Way[]): string {
  const choices = ways.flatMap((way) => way.choices).filter(({ standIn }) => standIn !== undefined);
  return choices.reduce((before, { value, standIn }) => before.replaceAll(value, standIn!), text);
}
