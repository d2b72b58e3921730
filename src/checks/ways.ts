import { Bucket, Inventory } from '../access/inventory';
import { readable } from '../policy/unknown-text';
import { boundedCases, conditionsOfDenies } from '../template/condition-cases';
import { provable } from '../template/deployment-of';
import { Choice, combined, mattersBesideProofs, mayStandIn, Possibilities, possibilities } from '../template/possibilities';

/** One way in which what is not known of a deployment may turn out. */
export interface Way {
  readonly choices: readonly Choice[];
  readonly inventory: Inventory;
}

/** In more ways together than these, values that are not known are not tried. */
export const MOST_WAYS = 48;
const WAYS = new WeakMap<Inventory, readonly Way[]>();
const CUT = new WeakMap<Inventory, Possibilities>();
const BOUNDED = new WeakMap<Inventory, readonly string[]>();

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
  const unlimited = possibilities(deployment, { matters: mattersBesideProofs, limit: MOST_WAYS - 1 });
  const { cases, bounded } = boundedCases(deployment, Math.floor(MOST_WAYS / (1 + unlimited.all.length)));
  const ordinary: readonly (readonly Choice[])[] = cases.length === 0 ? [[]] : cases;
  const others = ordinary.length === 1 ? unlimited : combined(unlimited.open, Math.floor(MOST_WAYS / ordinary.length) - 1);
  if (others.isCut) {
    CUT.set(inventory, others);
  }
  BOUNDED.set(inventory, bounded);
  const together = [[], ...others.all.map(({ choices }) => choices)].flatMap((choices) => ordinary.map((conditions) => [...choices, ...conditions]));
  return together.map((choices) => ({ choices, inventory: new Inventory(provable(deployment, choices), inventory.given, inventory.proofs) }));
}

/**
 * The conditions on which denies of a bucket depend that were not tried in all ways. What lies between the loosest and the strictest policy is decided; what
 * a policy seems to be meant for is not, since with some of these denies alone it may be meant for something else.
 */
export function unboundedFor(inventory: Inventory, { policies, key }: Bucket): string[] {
  waysOf(inventory);
  const bounded = BOUNDED.get(inventory) ?? [];
  const parts = [...policies.map(({ resource }) => resource), ...(key ? [key] : []), ...inventory.deployment.ofType('AWS::Organizations::Policy')];
  return bounded.length === 0 ? [] : [...new Set(parts.flatMap(conditionsOfDenies))];
}

/**
 * The values that matter to a bucket and may turn out in more ways together than are tried. Nothing if all of their ways are tried: what stands
 * neither in the bucket, nor in its policies and key, changes nothing of it.
 */
export function untriedFor(inventory: Inventory, { resource, policies, key }: Bucket): Possibilities['open'] {
  waysOf(inventory);
  const cut = CUT.get(inventory);
  if (!cut) {
    return [];
  }
  const parts = [resource, key, ...policies.map((policy) => policy.resource), ...inventory.deployment.ofType('AWS::Organizations::Policy')];
  const text = JSON.stringify(parts.map((part) => part?.propertyNames.map((name) => part.property(name))));
  const open = cut.open.filter(mayStandIn(text));
  const tried = new Set(cut.all.map(({ choices }) => nameOf(choices.filter((choice) => open.some((values) => values.includes(choice))))));
  const wanted = combined(open, cut.all.length);
  return wanted.isCut || wanted.all.some(({ choices }) => !tried.has(nameOf(choices))) ? open : [];
}

function nameOf(choices: readonly Choice[]): string {
  return JSON.stringify(choices.map(({ givenBy, what, value }) => [givenBy, what, value]));
}

/** The choices in which two ways differ: those of the way that has more of them. */
export function differing(one: Way, other: Way): readonly Choice[] {
  const [more, fewer] = one.choices.length >= other.choices.length ? [one, other] : [other, one];
  return more.choices.filter(({ what, value }) => !fewer.choices.some((choice) => choice.what === what && choice.value === value));
}

/** What it depends on which of two ways it is, for people. */
export function difference(one: Way, other: Way): string {
  return differing(one, other).map(({ what }) => what).join(' and ');
}

/**
 * A text of a way in which values, and what stands for them where they are not known, are the same. Of a value that several may have, it is the one that
 * has it in this way.
 */
export function alike(text: string, { choices }: Way, ways: readonly Way[]): string {
  const all = [...choices, ...ways.flatMap((way) => way.choices)].filter(({ standIn }) => standIn !== undefined);
  return all.reduce((before, { value, standIn }) => before.replaceAll(value, readable(standIn!)), readable(text));
}
