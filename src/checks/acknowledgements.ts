import { RuleFinding } from './judge';
import { isObject } from '../access/deployment';

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

/** What was acknowledged in an app, as its cloud assembly records it: by construct path, id to reason. */
export type RecordedAcknowledgements = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/**
 * The reason with which a finding was acknowledged: on its construct or around it, or in the metadata of its template, as cdk-nag
 * writes it there (`cdk_nag.rules_to_suppress`).
 */
export function acknowledgementOf(finding: RuleFinding, recorded: RecordedAcknowledgements): string | undefined {
  const { path, stack, definition } = finding.resource;
  const steps = path.split('/');
  const around = steps.flatMap((_, i) => Object.entries(recorded.get(steps.slice(0, i + 1).join('/')) ?? {}));
  const inTemplate = [definition.Metadata, stack.template.Metadata].flatMap(suppressions);
  const found = [...around, ...inTemplate].find(([id]) => acknowledges(id, finding));
  return found && String(found[1]);
}

function suppressions(metadata: unknown): [id: string, reason: unknown][] {
  const nag = isObject(metadata) && Object.hasOwn(metadata, 'cdk_nag') ? metadata.cdk_nag : undefined;
  const rules: unknown = isObject(nag) ? nag.rules_to_suppress : undefined;
  return Array.isArray(rules) ? rules.filter(isObject).map(({ id, reason }) => [String(id), reason ?? 'no reason given']) : [];
}
