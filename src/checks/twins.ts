import { Bucket, Inventory } from '../access/inventory';
import { DeployedResource } from '../template/deployment';

/**
 * Buckets of one stack that differ in nothing but their logical IDs: what is true of the first is true of all. Names that
 * somebody chose are a difference.
 */
export function twins(inventory: Inventory): Bucket[][] {
  const groups = new Map<string, Bucket[][]>();
  for (const bucket of inventory.allBuckets) {
    const candidates = groups.get(outline(bucket)) ?? [];
    const group = candidates.find(([first]) => areTwins(first, bucket));
    if (group) {
      group.push(bucket);
    } else {
      groups.set(outline(bucket), [...candidates, [bucket]]);
    }
  }
  return [...groups.values()].flat();
}

// What differs from bucket to bucket, and what no rule about one bucket looks at.
const NOTES = new Set(['Metadata', 'Tags', 'Description', 'LogFilePrefix']);

/** Equal for twins, and quickly made. */
function outline({ site, logs, policies, key }: Bucket): string {
  return [site.stack.name, logs.map(({ writer }) => writer).join(), policies.length, key?.stack.name, site.propertyNames].join('\n');
}

function areTwins(one: Bucket, other: Bucket): boolean {
  const [ours, theirs] = [partsOf(one), partsOf(other)];
  const renamings = new Map(ours.map(({ logicalId }, i) => [logicalId, theirs[i]?.logicalId]));
  const names = new Set([...renamings.keys(), ...renamings.values()]);
  const isSameText = (our: string, their: string) => (names.has(our) || names.has(their) ? renamings.get(our) === their : our === their && !our.includes('${'));
  return ours.length === theirs.length && ours.every((part, i) => part.stack === theirs[i].stack && areAlike(part.definition, theirs[i].definition, isSameText));
}

function partsOf({ resource, policies, key }: Bucket): DeployedResource[] {
  return [resource, ...policies.map((policy) => policy.resource), key].filter((part): part is DeployedResource => part !== undefined);
}

type IsSame = (one: string, other: string) => boolean;

function areAlike(one: unknown, other: unknown, isSameText: IsSame): boolean {
  if (typeof one === 'string') {
    return typeof other === 'string' && isSameText(one, other);
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other;
  }
  if (Array.isArray(one) || Array.isArray(other)) {
    return Array.isArray(one) && Array.isArray(other) && one.length === other.length && one.every((element, i) => areAlike(element, other[i], isSameText));
  }
  const [ours, theirs] = [Object.keys(one), Object.keys(other)];
  return ours.length === theirs.length
    && ours.every((name, i) => name === theirs[i] && (NOTES.has(name) || areAlike((one as any)[name], (other as any)[name], isSameText)));
}
