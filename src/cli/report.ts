import { basename, resolve } from 'path';
import { Command } from 'commander';
import { ALLOWED, Answer, Answering, readably } from './answer';
import { Circumstances } from './circumstances';
import { InputOptions, readInputs, takingTemplates, Unseen, unseenOf } from './inputs';
import { reportBlocks } from './report/blocks';
import { matrixCsv } from './report/matrix-csv';
import { reportPage } from './report/page';
import { reportOf } from './report/report-of';
import { templateHashes } from './report/template-hashes';
import { count } from './text';
import { Model } from '../access/model';
import { WrongInputError } from '../template/wrong-input';

const DEFAULT_FILE = 'secure-bucket-report.html';

interface ReportOptions extends InputOptions {
  readonly output?: string;
  readonly format?: string;
}

/** `secure-bucket report`. */
export function reportCommand(answer: Answering): Command {
  const command = takingTemplates(new Command('report'))
    .summary('write an HTML page: who can reach which data, and what is guaranteed')
    .description('Writes one HTML page that needs no network: every bucket with its guarantees, who may read and write it by which statements, findings, acknowledgements and assumptions.')
    .addHelpText('after', '\nExample:\n  secure-bucket report cdk.out --output who-can-reach-what.html');
  return command.action((paths: string[], options: ReportOptions) => answer(command, (circumstances) => report(paths, options, circumstances)));
}

/** Writes the page. What it says is no verdict: the exit code tells only that it was written. */
function report(paths: readonly string[], options: ReportOptions, circumstances: Circumstances): Answer {
  if (options.format === 'sarif') {
    throw new WrongInputError('A report has no form in SARIF: use secure-bucket check or prove.');
  }
  const inputs = readInputs(paths, options, circumstances);
  const subject = paths.length === 0 ? 'cdk.out' : paths.map((path) => basename(resolve(path))).join(', ');
  const model = new Model(inputs.templates, inputs.assumptions);
  const [content, unseen] = [reportOf(model, subject, circumstances), unseenOf(inputs, model.deployment)];
  const file = options.output ?? DEFAULT_FILE;
  const templates = templateHashes(inputs.templates);
  return {
    exitCode: ALLOWED,
    json: { command: 'report', file: options.output, templates, ...content },
    page: { file, html: (version) => reportPage(content, notLookedAt(unseen), { version, templates }) },
    unseen,
    assumed: [],
    lines: [[`${count(content.buckets.length, 'bucket')}, ${count(content.findings.length, 'finding')}, ${content.acknowledged.length} acknowledged: written to ${file}.`]],
    problems: [],
    blocks: () => reportBlocks(content),
    csv: () => matrixCsv(readably(content)),
  };
}

function notLookedAt({ warnings, unreadable }: Unseen): string[] {
  return [...unreadable.map(({ problem }) => problem), ...warnings];
}
