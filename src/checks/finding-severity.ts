/** How much depends on a finding of `SecureBucketChecks`. Each rule has one severity, which is stated with its reason in docs/checks.md. */
export enum FindingSeverity {
  /** Data can leave or be lost now. */
  HIGH = 'high',

  /** A layer of protection is missing. */
  MEDIUM = 'medium',

  /** Nothing is exposed: cost, tidiness, access that does not work as it was meant. */
  LOW = 'low',
}

/** The value of a severity, as rules and options write it. */
export type Severity = `${FindingSeverity}`;

/** All severities, worst first. */
export const SEVERITIES: readonly Severity[] = Object.values(FindingSeverity);

/** Whether a severity is a threshold, or worse. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}
