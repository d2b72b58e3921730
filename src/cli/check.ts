import { Command } from 'commander';
import { ALLOWED, Answer, Answering, REFUSED } from './answer';
import { Baseline, baselineOf, compared, Comparison } from './baseline';
import { readBaseline, writeBaseline } from './baseline-file';
import { CheckedFinding, FINDING_COLUMNS, findingJson, findingRow, problemOf, Status, statusOf } from './checked-finding';
import { Circumstances } from './circumstances';
import { findingGroups, weightOf, worstFirst } from './finding-groups';
import { groupLines } from './finding-lines';
import { complete, InputOptions, Inputs, isWithoutBuckets, readInputs, takingTemplates, Unseen, unseenOf } from './inputs';
import { Block, titled } from './markdown';
import { asOptions, howToProvide } from './option-words';
import { leftOutText, rulesOf, SelectionOptions, selectionOf, takingSelection, Tally } from './selection';
import { assumptionLines, count, Line } from './text';
import { Model } from '../access/model';
import { acknowledgementOf } from '../checks/acknowledgements';
import { EXPIRED } from '../checks/configuration/acknowledged';
import { assess, Terms } from '../checks/configuration/assess';
import { Rule } from '../checks/finding';
import { transforms } from '../checks/rules/transforms';
import { unjudged } from '../checks/rules/unjudged-buckets';
import { Deployment } from '../template/deployment';
import { WrongInputError } from '../template/wrong-input';

/** `secure-bucket check`. */
export function checkCommand(answer: Answering): Command {
  const command = takingSelection(takingTemplates(new Command('check')))
    .summary('judge the templates by the rules of SecureBucketChecks')
    .description('Judges buckets, keys and policies by the rules of SecureBucketChecks, whoever made the templates. Findings that the templates acknowledge are shown as acknowledged.')
    .option('--baseline <file>', 'findings that were there before: only what is new fails')
    .option('--verbose', 'show each finding whole, with what its rule asks for, why, and its page')
    .option('--write-baseline', 'write the findings of now to the file of --baseline')
    .addHelpText('after', '\nExample:\n  secure-bucket check templates/ --min-severity medium --baseline baseline.json');
  return command.action((paths: string[], options: CheckOptions) => answer(command, (circumstances) => checkAs(options, paths, circumstances)));
}

interface CheckOptions extends InputOptions, SelectionOptions {
  readonly baseline?: string;
  readonly verbose?: boolean;
  readonly writeBaseline?: boolean;
}

function checkAs({ baseline: file, writeBaseline: isWritten, ...options }: CheckOptions, paths: readonly string[], circumstances: Circumstances): Answer {
  if (file === undefined && isWritten) {
    throw new WrongInputError('--write-baseline: name the file with --baseline.');
  }
  const { configuration, progress } = circumstances;
  const terms = {
    isVerbose: options.verbose,
    configuration,
    rules: rulesOf(options, configuration),
    isAsked: selectionOf(options, configuration),
    acknowledgementOf,
    onRule: ({ id }: Rule) => progress.step(`asking ${id}`),
  };
  const inputs = readInputs(paths, options, circumstances);
  if (file === undefined) {
    return check(inputs, terms);
  }
  if (!isWritten) {
    const baseline = readBaseline(file);
    return check(inputs, terms, () => baseline);
  }
  return check(complete(inputs), terms, (...now) => {
    const baseline = baselineOf(...now);
    writeBaseline(file, baseline);
    return baseline;
  });
}

/** By which findings are judged, and how they are shown. */
interface CheckTerms extends Terms {
  /** Whether each finding is shown whole, with what its rule asks for and why. */
  readonly isVerbose?: boolean;
}

/** Gives the findings that were there before, to whoever has those of now, and the names of the stacks that were looked at. */
type BaselineFor = (...now: Parameters<typeof baselineOf>) => Baseline;

/** Judges templates by the rules. As at synthesis, what is not decided is a warning, and fails nothing; so does what a baseline has. */
export function check(inputs: Inputs, { isVerbose = false, ...terms }: CheckTerms, baselineFor?: BaselineFor): Answer {
  const { deployment, inventory } = new Model(inputs.templates, inputs.assumptions);
  const assessed = assess(deployment, inventory, terms).map((one) => ({ ...one, finding: { ...one.finding, remedy: asOptions(one.finding.remedy) } }));
  const comparison = baselineFor && comparedWith(baselineFor, assessed, deployment);
  const all = assessed.map((one): CheckedFinding => ({ ...one, isKnown: comparison?.known.has(one.finding) }));
  const findings = worstFirst(all.filter(({ isAsked }) => isAsked), weightOf);
  const notShown = tally(all.filter(({ isAsked }) => !isAsked));
  const leftOut = leftOutText(notShown, terms.configuration);
  const assumptions = deployment.assumedDefaults.map(({ sentence }) => sentence);
  const undecided = findings.filter((one) => statusOf(one) === 'not-decided').flatMap(({ finding: { problem, remedy } }) => [problem, remedy]);
  const summary = {
    templates: inputs.templates.length,
    buckets: deployment.ofType('AWS::S3::Bucket').length,
    ...tally(findings),
    notShown,
    ...(comparison ? { known: comparison.known.size, gone: comparison.gone.length } : {}),
  };
  const counts = `${count(summary.buckets, 'bucket')} in ${count(summary.templates, 'template')}: ${count(summary.findings, 'finding')}, ${summary.notDecided} not decided, ${summary.acknowledged} acknowledged`;
  const fresh = findings.filter((one) => statusOf(one) === 'finding' && !one.isKnown).length;
  return {
    exitCode: fresh > 0 ? REFUSED : ALLOWED,
    json: { command: 'check', findings: findings.map(findingJson), assumptions, summary },
    unseen: withoutAccepted(unseenOf(inputs, deployment), all, isWithoutBuckets(deployment) ? [transforms, unjudged] : [transforms]),
    assumed: assumptions,
    leftOut,
    lines: [
      ...findingGroups(findings.filter(({ isKnown }) => !isKnown), inventory).flatMap((group) => groupLines(group, isVerbose)),
      ...assumptionLines(assumptions),
      [`${counts}.`],
      ...(comparison ? comparisonLines(comparison, fresh) : []),
      ...(summary.notDecided > 0 ? [[howToProvide(inputs, undecided)]] : []),
      ...(leftOut === undefined ? [] : [[leftOut]]),
    ],
    problems: findings.map(problemOf),
    blocks: () => [
      { heading: `secure-bucket check: ${counts}`, level: 2 },
      ...(comparison ? [{ paragraph: comparisonText(comparison, fresh) }] : []),
      ...findingTables(findings.filter(({ isKnown }) => !isKnown)),
      ...titled('Gone', { list: (comparison?.gone ?? []).map(({ rule, stack, logicalId }) => `${rule} ${stack}/${logicalId}`) }),
      ...titled('Assumed', { list: assumptions }),
      ...[...(summary.notDecided > 0 ? [howToProvide(inputs, undecided)] : []), ...(leftOut === undefined ? [] : [leftOut])].map((paragraph) => ({ paragraph })),
    ],
  };
}

function findingTables(findings: readonly CheckedFinding[]): Block[] {
  const [accepted, open] = [true, false].map((isAccepted) => findings.filter(({ acceptance }) => (acceptance !== undefined) === isAccepted).map(findingRow));
  return [...titled('Findings', { columns: FINDING_COLUMNS, rows: open }), ...titled('Acknowledged', { columns: [...FINDING_COLUMNS.slice(0, -1), 'why'], rows: accepted })];
}

function tally(findings: readonly CheckedFinding[]): Tally {
  const of = (status: Status) => findings.filter((one) => statusOf(one) === status).length;
  return { findings: of('finding'), notDecided: of('not-decided'), acknowledged: of('acknowledged') };
}

/** What is not decided, or acknowledged, fails nothing, and is in no baseline: it becomes a new finding as soon as it is one. An acknowledgement that has expired stays new. */
function comparedWith(baselineFor: BaselineFor, checked: readonly CheckedFinding[], { stacks }: Deployment): Comparison {
  const failing = checked.filter(({ finding, acceptance }) => finding.isDecided && acceptance === undefined && finding.rule.id !== EXPIRED.id).map(({ finding }) => finding);
  const names = stacks.map(({ name }) => name);
  return compared(failing, names, baselineFor(failing, names));
}

function comparisonText({ known, gone, elsewhere }: Comparison, fresh: number): string {
  const unseen = elsewhere.length > 0 ? `, ${elsewhere.length} in templates that were not looked at` : '';
  return `Compared with the baseline: ${fresh} new, ${known.size} known and not shown, ${gone.length} gone${unseen}.`;
}

function comparisonLines(comparison: Comparison, fresh: number): Line[] {
  const { gone } = comparison;
  return [
    [comparisonText(comparison, fresh)],
    ...gone.map(({ rule, stack, logicalId }): Line => [['dim', 'gone'], ' ', ['bold', rule], ` ${stack}/${logicalId}`]),
    ...(gone.length > 0 ? [['Run with --write-baseline to take what is gone out of the baseline.']] : []),
  ];
}

/** What a template itself accepts not to see is not said again. A configuration, which is about many templates, makes nothing seen. */
function withoutAccepted(unseen: Unseen, findings: readonly CheckedFinding[], ofUnseen: readonly Rule[]): Unseen {
  const accepted = findings.filter(({ isAcceptedInPlace }) => isAcceptedInPlace).map(({ finding: { resource, problem } }) => `${resource.stack.name}: ${problem}`);
  const isPartial = findings.some(({ finding, isAcceptedInPlace }) => ofUnseen.some(({ id }) => id === finding.rule.id) && !isAcceptedInPlace);
  return { ...unseen, isPartial, warnings: unseen.warnings.filter((warning) => !accepted.includes(warning)) };
}
