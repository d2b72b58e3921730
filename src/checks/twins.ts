import { Bucket, Inventory } from './inventory';
import { DeployedResource } from '../access/deployment';

/**
 * Buckets of one stack that differ in nothing but their logical IDs: what is true of the first is true of all. Names that
 * somebody chose are a difference.
 */
export function twins(inventory: Inventory): Bucket[][] {
  const groups = new Map<string, Bucket[]>();
  for (const bucket of inventory.allBuckets) {
    const text = withoutLogicalIds(bucket);
    groups.set(text, [...(groups.get(text) ?? []), bucket]);
  }
  return [...groups.values()];
}

// What differs from bucket to bucket, and what no rule about one bucket looks at.
const NOTES = ['Metadata', 'Tags', 'Description', 'LogFilePrefix'];

function withoutNotes(name: string, value: unknown): unknown {
  return NOTES.includes(name) ? undefined : value;
}

function withoutLogicalIds({ resource, policies, key, site, receivesLogs }: Bucket): string {
  const resources = [resource, ...policies.map((policy) => policy.resource), key].filter((own): own is DeployedResource => own !== undefined);
  const text = [site.stack.name, String(receivesLogs), ...resources.map(({ stack, definition }) => `${stack.name} ${JSON.stringify(definition, withoutNotes)}`)].join('\n');
  return resources.reduce((before, { logicalId }, i) => before.split(`"${logicalId}"`).join(`"\uE002${i}"`).split(`\${${logicalId}`).join(`\${\uE002${i}`), text);
}
