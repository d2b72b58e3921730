import { CheckedFinding, statusOf } from './checked-finding';
import { Inventory } from '../access/inventory';
import { SEVERITIES, Severity } from '../checks/finding-severity';
import { grouped } from '../policy/grouped';
import { DeployedResource } from '../template/deployment';

/** The findings about one bucket: about itself, its policies, and the key that it alone encrypts with. What belongs to no bucket stands for itself. */
export interface FindingGroup {
  readonly resource: DeployedResource;

  /** Worst first. */
  readonly findings: readonly CheckedFinding[];
}

/** Findings, the worst first, by bucket: the buckets with the worst findings first. What is not decided comes after what is, and what is acknowledged at the end. */
export function findingGroups(findings: readonly CheckedFinding[], { allBuckets }: Inventory): FindingGroup[] {
  const sharers = grouped(allBuckets.filter(({ key }) => key), ({ key }) => nameOf(key!));
  const buckets = new Map(allBuckets.flatMap(({ site, policies, key }) => {
    const keys = key && sharers.get(nameOf(key))!.length === 1 ? [key] : [];
    return [site, ...policies.map(({ resource }) => resource), ...keys].map((resource): [string, DeployedResource] => [nameOf(resource), site]);
  }));
  const subjectOf = ({ finding: { resource } }: CheckedFinding) => buckets.get(nameOf(resource)) ?? resource;
  const groups = [...grouped(findings, (one) => nameOf(subjectOf(one))).values()].map((own) => ({ resource: subjectOf(own[0]), findings: own }));
  return worstFirst(groups, ({ findings: own }) => [...weightOf(own[0]), ...SEVERITIES.map((severity) => -openOf(own, severity))]);
}

/** How many findings there are of each severity, worst first. */
export function severityCounts(findings: readonly CheckedFinding[]): string {
  return SEVERITIES.map((severity) => ({ severity, number: openOf(findings, severity) })).filter(({ number }) => number > 0)
    .map(({ severity, number }) => `${number} ${severity}`).join(', ');
}

function openOf(findings: readonly CheckedFinding[], severity: Severity): number {
  return findings.filter((one) => statusOf(one) === 'finding' && one.finding.rule.severity === severity).length;
}

/** What is acknowledged weighs less than all that is not; then by severity; then what is not decided less than what is. */
export function weightOf(one: CheckedFinding): number[] {
  return [Number(one.acceptance !== undefined), SEVERITIES.indexOf(one.finding.rule.severity), Number(!one.finding.isDecided)];
}

/** In the order of their weights, the lightest first; otherwise as they were. */
export function worstFirst<T>(items: readonly T[], weigh: (item: T) => readonly number[]): T[] {
  const order = (one: readonly number[], other: readonly number[]) => one.map((number, i) => number - other[i]).find((difference) => difference !== 0) ?? 0;
  return items.map((item) => ({ item, weight: weigh(item) })).sort((one, other) => order(one.weight, other.weight)).map(({ item }) => item);
}

function nameOf({ stack, logicalId }: DeployedResource): string {
  return `${stack.name}\n${logicalId}`;
}
