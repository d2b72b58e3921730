import { Inventory } from '../../access/inventory';
import { bucketsBehind, multiRegionAccessPoints } from '../../access/multi-region-facts';
import { DeployedResource } from '../../template/deployment';
import { isUnknownValue, setting } from '../../template/settings';
import { doubted, Finding, found, notDecided, Rule } from '../finding';

const REMEDY = 'Give each bucket a replication rule for all objects towards every other one: replicas are not replicated again. Where somebody else sees to it, such as a later deployment, acknowledge the rule.';

/** One direction between two buckets, and whether objects take it. */
interface Direction {
  readonly from: string;
  readonly to: string;

  /** Why it is not known whether all objects are replicated. */
  readonly doubt?: string;
}

export const multiRegionReplication: Rule = {
  id: 'MultiRegionReplication',
  requirement: 'Buckets behind a multi-Region access point replicate to each other, in all directions.',
  reason: 'Any of them may answer a request, and each upload goes to one of them.',
  severity: 'low',
  severityReason: 'Requests miss objects, such as after a failover; no data leaves.',
  guide: '5',
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointBucketReplication.html',
  judgeDeployment: (inventory) => multiRegionAccessPoints(inventory.deployment).flatMap((accessPoint) => judge(inventory, accessPoint)),
};

function judge(inventory: Inventory, accessPoint: DeployedResource): Finding[] {
  const names = bucketsBehind(inventory.deployment, accessPoint);
  if (names === undefined) {
    return [notDecided(accessPoint, 'Whether its buckets replicate to each other is not decided: which they are is not known before deployment, or from these templates.')];
  }
  const directions = names.flatMap((from) => names.filter((to) => to !== from).flatMap((to) => missingDirection(inventory, from, to) ?? []));
  const [missing, open] = [directions.filter(({ doubt }) => doubt === undefined), directions.filter(({ doubt }) => doubt !== undefined)];
  return [
    ...(missing.length > 0 ? [found(accessPoint, problemOf(missing), REMEDY)] : []),
    ...(open.length > 0 ? [doubted(accessPoint, problemOf(open), [...new Set(open.map(({ doubt }) => doubt))].join('; '))] : []),
  ];
}

function problemOf(directions: readonly Direction[]): string {
  return `Buckets behind the multi-Region access point do not replicate to each other: ${directions.map(({ from, to }) => `'${from}' not to '${to}'`).join(', ')}.`;
}

/** Nothing if all objects are replicated from one bucket to another. */
function missingDirection(inventory: Inventory, from: string, to: string): Direction | undefined {
  const bucket = inventory.bucketNamed(from)?.resource;
  if (bucket === undefined) {
    return { from, to, doubt: `the bucket '${from}' is not in these templates` };
  }
  const rules = [setting(bucket, 'ReplicationConfiguration', 'Rules') ?? []].flat();
  const coverages = rules.map((rule) => coverageOf(rule, to));
  const doubt = coverages.find((coverage) => typeof coverage === 'string');
  return coverages.includes(true) ? undefined : { from, to, ...(typeof doubt === 'string' && { doubt }) };
}

/** Whether a rule replicates all objects to a bucket; a text says why that is not known. */
function coverageOf(rule: any, to: string): boolean | string {
  const isOpen = (...values: unknown[]) => values.some(isUnknownValue);
  if (isOpen(rule, rule.Destination, rule.Destination?.Bucket)) {
    return 'to where a bucket replicates is not known before deployment';
  }
  if (String(rule.Destination?.Bucket).split(':::').at(-1) !== to) {
    return false;
  }
  if (isOpen(rule.Status)) {
    return 'whether a replication rule is enabled is not known before deployment';
  }
  return rule.Status === 'Enabled' && (isForAllObjects(rule) || 'a replication rule is for some objects, and others may be for the rest');
}

function isForAllObjects({ Filter = {}, Prefix = '' }: any): boolean {
  return Prefix === '' && !isUnknownValue(Filter) && Object.entries(Filter).every(([name, value]) => name === 'Prefix' && value === '');
}
