import { RuleFinding } from './judge';
import { isObject, jsonText } from '../policy/json';
import { Deployment } from '../template/deployment';

/** The prefix of the ids of warnings and guardrails. */
const WARNINGS = 'cdk-secure-bucket:';

/** The prefix of the ids of all rules. */
export const PACK = 'SecureBucket';

/** The id under which a finding is reported and acknowledged. */
export function idOf({ rule, isDecided }: RuleFinding): string {
  return `${PACK}-${rule.id}${isDecided ? '' : '-NotDecided'}`;
}

/** Whether an id stands for a finding, with the prefix of the CDK or without: acknowledging a rule acknowledges what it cannot decide, too. */
export function acknowledges(id: string, finding: RuleFinding): boolean {
  return [`${PACK}-${finding.rule.id}`, idOf(finding)].includes(id.replace(/^(?:annotation|SecureBucketChecks)::/i, ''));
}

const ACKNOWLEDGED = 'aws:cdk:acknowledged-rules'; // Validations.ACKNOWLEDGED_RULES_METADATA_KEY

/**
 * The reason with which a finding was acknowledged: on its construct or around it, as a cloud assembly records it (for stacks and what
 * is in them); or in the metadata of its template, as cdk-nag writes it there (`cdk_nag.rules_to_suppress`).
 */
export function acknowledgementOf(finding: RuleFinding): string | undefined {
  const { path, stack, definition } = finding.resource;
  const steps = path.split('/');
  const onConstructs = steps.flatMap((_, i) => acknowledgedOn(stack.source.constructMetadata?.[`/${steps.slice(0, i + 1).join('/')}`]));
  const inTemplate = [definition.Metadata, stack.template.Metadata].flatMap(suppressions);
  const found = [...onConstructs, ...inTemplate].find(([id]) => acknowledges(id, finding));
  return found && jsonText(found[1]);
}

/** An acknowledgement of a warning of this package or of one of its guardrails. */
export interface LeftOut {
  readonly id: string;

  /** The construct on which it was recorded. */
  readonly path: string;
  readonly reason: string;
}

/** What was left out on purpose, as cloud assemblies record it: buckets that an aspect spares, warnings that are not shown. */
export function leftOut({ stacks }: Deployment): LeftOut[] {
  const recorded = stacks.flatMap(({ source }) => Object.entries(source.constructMetadata ?? {})).flatMap(([path, entries]) => acknowledgedOn(entries)
    .map(([id, reason]) => ({ id: id.replace(/^annotation::/i, ''), path: path.replace(/^\//, ''), reason: jsonText(reason) })));
  const own = recorded.filter(({ id }) => id.startsWith(WARNINGS));
  return [...new Map(own.map((one) => [JSON.stringify(one), one])).values()]; // the stacks of one assembly share their record
}

type Acknowledged = [id: string, reason: unknown];

function acknowledgedOn(entries: unknown): Acknowledged[] {
  const recorded = Array.isArray(entries) ? entries.filter(isObject) : [];
  return recorded.filter(({ type, data }) => type === ACKNOWLEDGED && isObject(data)).flatMap(({ data }) => Object.entries(data));
}

function suppressions(metadata: unknown): Acknowledged[] {
  const nag = isObject(metadata) && Object.hasOwn(metadata, 'cdk_nag') ? metadata.cdk_nag : undefined;
  const rules: unknown = isObject(nag) ? nag.rules_to_suppress : undefined;
  return Array.isArray(rules) ? rules.filter(isObject).map(({ id, reason }) => [jsonText(id), reason ?? 'no reason given']) : [];
}
