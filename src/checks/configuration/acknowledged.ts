import { Acknowledgement, Configuration } from './configuration';
import { Bucket, Inventory } from '../../access/inventory';
import { isUnknown } from '../../policy/unknown-text';
import { DeployedResource } from '../../template/deployment';
import { acknowledges } from '../acknowledgements';
import { found, Rule } from '../finding';
import { RuleFinding } from '../judge';
import { REPOSITORY } from '../rule-page';

/** The rule of findings about acknowledgements themselves. It has the severity of the rule that was acknowledged. */
export const EXPIRED: Omit<Rule, 'severity'> = {
  id: 'ExpiredAcknowledgement',
  requirement: 'Acknowledgements of a configuration file are renewed or removed before they expire.',
  reason: 'Who accepted a finding until a day has promised to look at it again.',
  severityReason: 'As the rule that was acknowledged.',
  guide: '10',
  see: `${REPOSITORY}/blob/main/docs/configuration.md#acknowledgements`,
};

/** Which findings the acknowledgements of a configuration accept. */
export interface Acknowledged {
  readonly accepted: ReadonlyMap<RuleFinding, Acknowledgement>;

  /** Findings about acknowledgements that accept nothing any more, by the finding that they accepted. */
  readonly expired: ReadonlyMap<RuleFinding, readonly RuleFinding[]>;
}

/**
 * Compares findings with the acknowledgements of a configuration.
 *
 * @param findings those that nobody has acknowledged in the templates
 * @param today the day in UTC, such as `2027-01-31`
 */
export function acknowledgedBy({ acknowledgements }: Pick<Configuration, 'acknowledgements'>, findings: readonly RuleFinding[], inventory: Inventory, today = new Date().toISOString().slice(0, 10)): Acknowledged {
  const accepted = new Map<RuleFinding, Acknowledgement>();
  const expired = new Map<RuleFinding, RuleFinding[]>();
  for (const finding of findings) {
    const all = acknowledgements.filter((one) => acknowledges(one.id, finding) && isAbout(one, finding.resource, inventory));
    const valid = all.find((one) => !isExpired(one, today));
    if (valid) {
      accepted.set(finding, valid);
    } else {
      expired.set(finding, all.map((one) => expiredFinding(one, finding)));
    }
  }
  return { accepted, expired };
}

/** The day itself still counts. */
function isExpired({ expires }: Acknowledgement, today: string): boolean {
  return expires !== undefined && expires < today;
}

function expiredFinding({ id, reason, owner, expires, place }: Acknowledgement, { rule, resource }: RuleFinding): RuleFinding {
  const problem = `The acknowledgement of ${id}${owner === undefined ? '' : ` by ${owner}`} has expired on ${expires}: '${reason}'. It is in ${place}.`;
  return { ...found(resource, problem, `${owner ?? 'Who acknowledged it'} must fix the finding and remove the acknowledgement, or review it and give it a new date.`), rule: { ...EXPIRED, severity: rule.severity } };
}

function isAbout({ about: { kind, pattern } }: Acknowledgement, resource: DeployedResource, inventory: Inventory): boolean {
  if (kind === 'resource') {
    return namesOf(resource).some((name) => pattern.test(name));
  }
  const buckets = inventory.allBuckets.filter((bucket) => isOf(bucket, resource));
  return buckets.length > 0 && buckets.every((bucket) => bucketNames(bucket).some((name) => pattern.test(name))); // a policy of any bucket is of more than one
}

function isOf({ resource: itself, site, policies }: Bucket, resource: DeployedResource): boolean {
  return [itself, site, ...policies.map((policy) => policy.resource)].some((one) => one?.logicalId === resource.logicalId && one.stack.name === resource.stack.name);
}

function bucketNames({ facts: { arn }, resource }: Bucket): string[] {
  const name = arn.split(':').at(-1)!;
  return [...(isUnknown(name) ? [] : [name]), ...(resource ? namesOf(resource) : [])];
}

/** What people call a resource: by its logical ID, its construct path, or that of a construct around it. */
function namesOf({ path, logicalId, stack }: DeployedResource): string[] {
  const steps = path.split('/');
  return [logicalId, `${stack.name}/${logicalId}`, ...steps.map((_, i) => steps.slice(0, i + 1).join('/'))];
}
