import { placeOf, placeText, Problem } from './answer';
import { Cell } from './markdown';
import { idOf, PACK } from '../checks/acknowledgements';
import { AssessedFinding } from '../checks/configuration/assess';
import { acceptanceText } from '../checks/configuration/configuration';
import { fixCode } from '../checks/fix';
import { pageOf } from '../checks/rule-page';

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
  const { finding: { rule, resource, problem, proof, remedy }, acceptance, isKnown } = checked;
  const { severity, see, guide } = rule;
  const { reason: acknowledgement, owner, expires } = acceptance ?? {};
  const accepted = { acknowledgement, owner, expires };
  const [status, fix, page] = [statusOf(checked), fixCode(checked.finding), pageOf(rule)];
  return { rule: idOf(checked.finding), status, severity, isKnown, problem, proof, remedy, fix, ...accepted, page, see, guide, ...placeOf(resource) };
}

/** As SARIF has it. */
export function problemOf({ finding, acceptance, isKnown }: CheckedFinding): Problem {
  const { rule, problem, proof, remedy, isDecided, resource } = finding;
  return {
    rule: { id: `${PACK}-${rule.id}`, title: rule.requirement, help: rule.reason, see: pageOf(rule), severity: rule.severity },
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
  const { rule, resource, problem, proof, remedy } = finding;
  return [
    statusOf(checked) === 'not-decided' ? `${rule.severity}, not decided` : rule.severity,
    { text: idOf(finding), href: pageOf(rule) },
    placeText(placeOf(resource)),
    proof === undefined ? problem : [problem, `Proof: ${proof}`],
    acceptance ? acceptanceText(acceptance) : remedy,
  ];
}
