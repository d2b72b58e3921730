import { fingerprintOf } from './fingerprint';
import { idOf } from '../checks/acknowledgements';
import { RuleFinding } from '../checks/judge';

/** The findings that were there when somebody began to check. */
export interface Baseline {
  readonly version: 1;

  /** The names of all stacks that were looked at, also of those without a finding. */
  readonly stacks: readonly string[];
  readonly findings: readonly KnownFinding[];
}

/** A finding of a baseline. */
export interface KnownFinding {
  readonly fingerprint: string;
  readonly stack: string;

  /** For people who read the file. */
  readonly rule: string;
  readonly logicalId: string;
}

/** Findings beside those of a baseline. */
export interface Comparison {
  readonly known: ReadonlySet<RuleFinding>;

  /** What was in the baseline, and is in none of the stacks that were looked at. */
  readonly gone: readonly KnownFinding[];

  /** What is in the baseline of stacks that were not looked at now. */
  readonly elsewhere: readonly KnownFinding[];
}

/** The findings as they are now, in an order that changes as little as the findings do. */
export function baselineOf(findings: readonly RuleFinding[], stacks: readonly string[]): Baseline {
  const known = findings.map(knownFinding);
  const orderOf = ({ stack, logicalId, rule, fingerprint }: KnownFinding) => JSON.stringify([stack, logicalId, rule, fingerprint]);
  return { version: 1, stacks: [...stacks].sort(), findings: known.sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1)) };
}

function knownFinding(finding: RuleFinding): KnownFinding {
  const { stack, logicalId } = finding.resource;
  return { rule: idOf(finding), stack: stack.name, logicalId, fingerprint: fingerprintOf(finding) };
}

/**
 * Tells which findings a baseline has. Each finding of the baseline makes one known. It may be in a stack of another name only if the one stack
 * is not there any more and the other was not there yet: a file that was renamed. Otherwise, what was mended in one stack would hide what is new in another.
 */
export function compared(findings: readonly RuleFinding[], stacks: readonly string[], baseline: Baseline): Comparison {
  const left = new Set(baseline.findings);
  const known = new Set<RuleFinding>();
  const take = (isSameStack: (before: string, now: string) => boolean) => findings.filter((finding) => !known.has(finding)).forEach((finding) => {
    const fingerprint = fingerprintOf(finding);
    const entry = [...left].find((one) => one.fingerprint === fingerprint && isSameStack(one.stack, finding.resource.stack.name));
    if (entry) {
      left.delete(entry);
      known.add(finding);
    }
  });
  take((before, now) => before === now);
  take((before, now) => !stacks.includes(before) && !baseline.stacks.includes(now));
  return { known, gone: [...left].filter(({ stack }) => stacks.includes(stack)), elsewhere: [...left].filter(({ stack }) => !stacks.includes(stack)) };
}
