import { placeOf, placeText, Problem } from './answer';
import { Cell } from './markdown';
import { idOf, PACK } from '../checks/acknowledgements';
import { AssessedFinding } from '../checks/configuration/assess';
import { acceptanceText } from '../checks/configuration/configuration';
import { fixCode } from '../checks/fix';

/** A finding of `check`. */
export interface CheckedFinding extends AssessedFinding {
  /** Whether a baseline has it. */
  readonly isKnown?: boolean;
}

/** How a finding counts. */
export type Status = 'acknowledged' | 'finding' | 'not-decided';

export function statusOf({ finding, acceptance }: AssessedFinding): Status {
  return acceptance !== undefined ? 'acknowledged' : finding.isDecided ? 'finding' : 'not-decided';
}

/** As JSON has it. */
export function findingJson(checked: CheckedFinding) {
  const { finding: { rule: { severity, see, guide }, resource, problem, proof, remedy }, acceptance, isKnown } = checked;
  const { reason: acknowledgement, owner, expires } = acceptance ?? {};
  const [rule, status, fix] = [idOf(checked.finding), statusOf(checked), fixCode(checked.finding)];
  return { rule, status, severity, isKnown, problem, proof, remedy, fix, acknowledgement, owner, expires, see, guide, ...placeOf(resource) };
}

/** As SARIF has it. */
export function problemOf({ finding, acceptance, isKnown }: CheckedFinding): Problem {
  const { rule, problem, proof, remedy, isDecided, resource } = finding;
  return {
    rule: { id: `${PACK}-${rule.id}`, title: rule.requirement, help: rule.reason, see: rule.see, severity: rule.severity },
    message: [problem, ...(proof ? [`Proof: ${proof}.`] : []), remedy].join(' '),
    isDecided,
    place: placeOf(resource),
    acknowledgement: acceptance,
    isKnown,
  };
}

export const FINDING_COLUMNS = ['severity', 'rule', 'where', 'what', 'what to do'];

/** As a table has it. */
export function findingRow(checked: CheckedFinding): Cell[] {
  const { finding, acceptance } = checked;
  const { rule: { severity, see }, resource, problem, proof, remedy } = finding;
  return [
    statusOf(checked) === 'not-decided' ? `${severity}, not decided` : severity,
    { text: idOf(finding), href: see },
    placeText(placeOf(resource)),
    proof === undefined ? problem : [problem, `Proof: ${proof}`],
    acceptance ? acceptanceText(acceptance) : remedy,
  ];
}
