import { Command } from 'commander';
import { ALLOWED, Answer, placeOf, placeText, Problem, REFUSED } from './answer';
import { InputOptions, Inputs, isWithoutBuckets, readInputs, takingTemplates, Unseen, unseenOf } from './inputs';
import { asOptions, howToProvide } from './option-words';
import { assumptionLines, count, Line, Style } from './text';
import { Model } from '../access/model';
import { acknowledgementOf, idOf, PACK } from '../checks/acknowledgements';
import { Rule } from '../checks/finding';
import { judge, RuleFinding } from '../checks/judge';
import { transforms } from '../checks/rules/transforms';
import { unjudged } from '../checks/rules/unjudged-buckets';

/** `secure-bucket check`. */
export function checkCommand(answer: (command: Command, give: () => Answer) => void): Command {
  const command = takingTemplates(new Command('check'))
    .summary('judge the templates by the rules of SecureBucketChecks')
    .description('Judges buckets, keys and policies by the rules of SecureBucketChecks, whoever made the templates. Findings that the templates acknowledge are shown as acknowledged.');
  return command.action((paths: string[], options: InputOptions) => answer(command, () => check(readInputs(paths, options))));
}

interface CheckedFinding {
  readonly finding: RuleFinding;
  readonly acknowledgement?: string;
}

/** Judges templates by the rules. As at synthesis, what is not decided is a warning, and fails nothing. */
export function check(inputs: Inputs): Answer {
  const { deployment, inventory } = new Model(inputs.templates, inputs.assumptions);
  const checked = (finding: RuleFinding): CheckedFinding => ({ finding: { ...finding, remedy: asOptions(finding.remedy) }, acknowledgement: acknowledgementOf(finding) });
  const findings = judge(deployment, inventory).map(checked);
  const assumptions = deployment.assumedDefaults.map(({ sentence }) => sentence);
  const open = findings.filter(({ acknowledgement }) => acknowledgement === undefined);
  const undecided = open.filter(({ finding }) => !finding.isDecided).flatMap(({ finding: { problem, remedy } }) => [problem, remedy]);
  const summary = {
    templates: inputs.templates.length,
    buckets: deployment.ofType('AWS::S3::Bucket').length,
    findings: open.filter(({ finding }) => finding.isDecided).length,
    notDecided: open.filter(({ finding }) => !finding.isDecided).length,
    acknowledged: findings.length - open.length,
  };
  return {
    exitCode: summary.findings > 0 ? REFUSED : ALLOWED,
    json: { command: 'check', findings: findings.map(findingJson), assumptions, summary },
    unseen: withoutAccepted(unseenOf(inputs, deployment), findings, isWithoutBuckets(deployment) ? [transforms, unjudged] : [transforms]),
    assumed: assumptions,
    lines: [...findings.flatMap(findingLines), ...assumptionLines(assumptions), [`${count(summary.buckets, 'bucket')} in ${count(summary.templates, 'template')}: ${count(summary.findings, 'finding')}, ${summary.notDecided} not decided, ${summary.acknowledged} acknowledged.`], ...(summary.notDecided > 0 ? [[howToProvide(inputs, undecided)]] : [])],
    problems: findings.map(problemOf),
  };
}

/** What somebody has accepted not to see is not said again. */
function withoutAccepted(unseen: Unseen, findings: readonly CheckedFinding[], ofUnseen: readonly Rule[]): Unseen {
  const accepted = findings.filter(({ acknowledgement }) => acknowledgement !== undefined).map(({ finding: { resource, problem } }) => `${resource.stack.name}: ${problem}`);
  const isPartial = findings.some(({ finding, acknowledgement }) => ofUnseen.includes(finding.rule) && acknowledgement === undefined);
  return { ...unseen, isPartial, warnings: unseen.warnings.filter((warning) => !accepted.includes(warning)) };
}

function statusOf({ finding, acknowledgement }: CheckedFinding): 'acknowledged' | 'finding' | 'not-decided' {
  return acknowledgement !== undefined ? 'acknowledged' : finding.isDecided ? 'finding' : 'not-decided';
}

function findingJson(checked: CheckedFinding) {
  const { finding: { rule, resource, problem, proof, remedy }, acknowledgement } = checked;
  return { rule: idOf(checked.finding), status: statusOf(checked), problem, proof, remedy, acknowledgement, see: rule.see, guide: rule.guide, ...placeOf(resource) };
}

const STYLES: Readonly<Record<string, Style>> = { 'finding': 'red', 'not-decided': 'yellow', 'acknowledged': 'dim' };
const WORDS: Readonly<Record<string, string>> = { 'finding': 'finding', 'not-decided': 'not decided', 'acknowledged': 'acknowledged' };

function findingLines(checked: CheckedFinding): Line[] {
  const { finding, acknowledgement } = checked;
  const status = statusOf(checked);
  const details = [
    finding.problem,
    ...(acknowledgement !== undefined ? [`Acknowledged: ${acknowledgement}`] : [...(finding.proof ? [`Proof: ${finding.proof}`] : []), finding.remedy]),
  ];
  return [
    [[STYLES[status], WORDS[status]], ' ', ['bold', idOf(finding)], ` ${placeText(placeOf(finding.resource))}`],
    ...details.map((detail): Line => [`  ${detail}`]),
    [],
  ];
}

function problemOf({ finding, acknowledgement }: CheckedFinding): Problem {
  const { rule, problem, proof, remedy, isDecided, resource } = finding;
  return {
    rule: { id: `${PACK}-${rule.id}`, title: rule.requirement, help: rule.reason, see: rule.see },
    message: [problem, ...(proof ? [`Proof: ${proof}.`] : []), remedy].join(' '),
    isDecided,
    place: placeOf(resource),
    acknowledgement,
  };
}
