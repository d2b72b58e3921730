import { placeOf, placeText } from './answer';
import { CheckedFinding, Status, statusOf } from './checked-finding';
import { FindingGroup, severityCounts } from './finding-groups';
import { Line, printable, Style } from './text';
import { cutTo, wrapped } from './wrapped';
import { idOf } from '../checks/acknowledgements';
import { acceptanceText } from '../checks/configuration/configuration';
import { NOT_DECIDED } from '../checks/finding';
import { fixCode } from '../checks/fix';
import { UNDECIDED } from '../checks/guarantee-texts';
import { pageOf } from '../checks/rule-page';
import { DeployedResource } from '../template/deployment';

const COLUMNS = 100;
const LINES = 4; // of one finding, unless all is asked for

/** What stands before a finding: its severity. */
const MARGIN = 10;

const STYLES: Readonly<Record<Status, Style>> = { 'finding': 'red', 'not-decided': 'yellow', 'acknowledged': 'dim' };
const WORDS: Readonly<Record<Status, string>> = { 'finding': '', 'not-decided': ' (not decided)', 'acknowledged': ' (acknowledged)' };

/** The words beside the rule say that it is not decided. */
const DOUBT = new RegExp(`^${UNDECIDED}`);

/** What is found about one bucket, for people. */
export function groupLines({ resource, findings }: FindingGroup, isVerbose: boolean): Line[] {
  const counts = severityCounts(findings);
  return [
    [['bold', placeText(placeOf(resource))], ...(counts === '' ? [] : [`  ${counts}`])],
    ...findings.flatMap((finding) => (isVerbose ? verboseLines : briefLines)(finding, resource)),
    [],
  ];
}

/** At most four lines: what is wrong, and where, if not at the bucket itself; the proof; what to do, as code where there is some and it fits. */
function briefLines(checked: CheckedFinding, subject: DeployedResource): Line[] {
  const { finding, acceptance } = checked;
  const head = headOf(checked, subject);
  if (acceptance) {
    return laidOut(checked, [...cut(1, head), ...cut(1, acceptanceText(acceptance))]);
  }
  const proof = finding.letThroughBy !== undefined ? cut(2, `For ${finding.letThroughBy}`) : finding.proof === undefined ? [] : cut(1, `Proof: ${finding.proof}`);
  const most = LINES - proof.length - 1;
  const code = codeText(finding);
  const fix = code !== undefined && linesOf(code) <= most ? code : `Fix: ${finding.remedy}`;
  const ofHead = Math.min(linesOf(head), Math.max(1, LINES - proof.length - linesOf(fix)));
  return laidOut(checked, [...cut(ofHead, head), ...proof, ...cut(LINES - proof.length - ofHead, fix)]);
}

function verboseLines(checked: CheckedFinding, subject: DeployedResource): Line[] {
  const { finding, acceptance } = checked;
  const { rule: { requirement, reason }, proof, remedy } = finding;
  return laidOut(checked, [
    headOf(checked, subject),
    ...(acceptance ? [acceptanceText(acceptance)] : []),
    ...(proof === undefined ? [] : [`Proof: ${proof}`]),
    remedy,
    ...[codeText(finding) ?? []].flat(),
    `Acknowledge it as ${idOf(finding)}.`,
    `Why: ${requirement} ${reason}`,
    `See: ${pageOf(finding.rule)}`,
  ]);
}

function headOf(checked: CheckedFinding, subject: DeployedResource): string {
  const { finding } = checked;
  const where = finding.resource.logicalId === subject.logicalId && finding.resource.stack === subject.stack ? '' : ` on ${finding.resource.logicalId}`;
  return `${finding.rule.id}${where}${WORDS[statusOf(checked)]}: ${finding.problem.replace(NOT_DECIDED, '').replace(DOUBT, '')}`;
}

function codeText(finding: CheckedFinding['finding']): string | undefined {
  const fix = fixCode(finding);
  return fix && `Fix (${fix.language === 'yaml' ? 'YAML' : 'CDK'}): ${fix.code}`;
}

function linesOf(text: string): number {
  return wrapped(printable(text), COLUMNS - MARGIN).length;
}

function cut(most: number, text: string): string[] {
  return cutTo(most, printable(text), COLUMNS - MARGIN);
}

/** The texts beside their margin. */
function laidOut(checked: CheckedFinding, [first, ...others]: readonly string[]): Line[] {
  const { rule: { severity, id } } = checked.finding;
  return [
    ['  ', [STYLES[statusOf(checked)], severity.padEnd(MARGIN - 2)], ['bold', id], first.slice(id.length)],
    ...others.map((text): Line => [`${' '.repeat(MARGIN)}${text}`]),
  ];
}
