import { writeFileSync } from 'fs';
import { dirname } from 'path';
import { Argument, Command, CommanderError, Option } from 'commander';
import { ALLOWED, Answer, REFUSED, WRONG_USE } from './answer';
import { checkCommand } from './check';
import { completionScript, Shell, SHELLS } from './completion';
import { configurationFor } from './configured';
import { explainCommand } from './explain';
import { FORMATS, textIn } from './formats';
import { Progress } from './progress';
import { proveCommand } from './prove';
import { reportCommand } from './report';
import { count, printable } from './text';
import { Configuration } from '../checks/configuration/configuration';
import { WrongInputError } from '../template/wrong-input';

/** Where the command prints. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly hasColours: boolean;
  readonly version: string;

  /** Shows what the command is at; undefined where nobody looks at a terminal. */
  readonly progress?: (text: string) => void;
}

const COMMANDS = [explainCommand, proveCommand, checkCommand, reportCommand];

const EXIT_CODES = `
Exit codes: 0 allowed, holds, clean; 2 denied, broken, findings, not decided where that was asked, or not everything looked at; 1 the command was used wrongly, or a file could not be read.`;

/** Runs the command. Gives the exit code. */
export function run(args: readonly string[], terminal: Terminal): number {
  let exitCode = WRONG_USE as number;
  const program = configured(new Command('secure-bucket'), terminal)
    .description('Decides, proves and checks what may be done with the S3 buckets of CloudFormation templates: offline, before deployment.')
    .version(terminal.version, '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', EXIT_CODES);
  for (const make of COMMANDS) {
    const command = make((of, give) => {
      const options: PrintOptions & { config?: string } = of.opts();
      const configuration = configurationFor(options.config);
      const progress = new Progress(options.quiet ? undefined : terminal.progress);
      try {
        const answer = give({ configuration, progress });
        progress.end();
        exitCode = print(answer, options, configuration, terminal);
      } finally {
        progress.end();
      }
    });
    program.addCommand(configured(command, terminal)
      .addOption(new Option('--format <format>', 'what to write: text for people, or another form').choices(FORMATS[command.name()]).default('text'))
      .option('--output <file>', 'the file to write the answer to (default: standard output; a page of report: secure-bucket-report.html)')
      .option('--quiet', 'write no text if the exit code is 0, and show no progress')
      .helpOption('--help', 'print this help')
      .addHelpText('after', EXIT_CODES));
  }
  program.addCommand(configured(completionCommand(program, (script) => {
    terminal.out(script);
    exitCode = ALLOWED;
  }), terminal));
  try {
    program.parse(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return refused(error, terminal);
  }
}

function configured(command: Command, { out, err }: Terminal): Command {
  return command.exitOverride().configureOutput({ writeOut: out, writeErr: err, outputError: () => {} });
}

/** `secure-bucket completion`. */
function completionCommand(program: Command, give: (script: string) => void): Command {
  return new Command('completion')
    .summary('print what a shell needs to complete the command')
    .description('Prints a script for a shell, which then completes commands, options, their values and files.')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .helpOption('--help', 'print this help')
    .addHelpText('after', '\nExamples:\n  source <(secure-bucket completion bash)\n  source <(secure-bucket completion zsh)\n  secure-bucket completion fish | source')
    .action((shell: Shell) => give(completionScript(shell, program)));
}

interface PrintOptions {
  readonly format: string;
  readonly output?: string;
  readonly quiet?: boolean;
}

/** Writes an answer. Whoever wants to hear nothing of success hears nothing of it, unless a machine asks, or a file is to be written. */
function print(answer: Answer, { format, output, quiet = false }: PrintOptions, { files }: Configuration, terminal: Terminal): number {
  const exitCode = exitCodeOf(answer);
  const isSilent = quiet && exitCode === ALLOWED;
  const text = (hasColours: boolean) => textIn(format, answer, { hasColours, version: terminal.version, configuredBy: files });
  const isPage = answer.page !== undefined && format === 'text';
  if (isPage) {
    write(answer.page.file, answer.page.html(terminal.version));
  }
  if (output !== undefined && !isPage) {
    write(output, text(false));
  } else if (!isSilent || format !== 'text') {
    terminal.out(text(terminal.hasColours));
  }
  if (!isSilent) {
    terminal.err(notesOn(answer).map((note) => `secure-bucket: ${printable(note)}\n`).join(''));
  }
  return exitCode;
}

/** Whatever was found: an answer about some of the files, or about what is there before transforms run, is not the answer that was asked for. */
function exitCodeOf({ exitCode, unseen: { isPartial, unreadable } }: Answer): number {
  return unreadable.length > 0 ? WRONG_USE : exitCode === ALLOWED && isPartial ? REFUSED : exitCode;
}

function notesOn({ unseen: { warnings, unreadable, skipped } }: Answer): string[] {
  return [
    ...warnings.map((warning) => `warning: ${warning}`),
    ...unreadable.map(({ problem }) => problem),
    ...(skipped > 0 ? [`${count(skipped, 'file')} in folders ${skipped === 1 ? 'is no template and was' : 'are no templates and were'} skipped.`] : []),
  ];
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new WrongInputError(`--output: ${code === 'ENOENT' ? `there is no folder '${dirname(file)}'. Create it first` : code === 'EISDIR' ? `'${file}' is a folder. Name a file` : message}.`);
  }
}

/** One line on what is wrong. */
function refused(error: unknown, { err, version }: Terminal): number {
  if (error instanceof CommanderError && error.exitCode === 0) {
    return 0; // help and version
  }
  const message = error instanceof CommanderError ? commanderMessage(error) : messageOf(error, version);
  err(`secure-bucket: ${printable(message.replace(/\s+/g, ' ').trim())}\n`);
  return WRONG_USE;
}

function commanderMessage({ code, message }: CommanderError): string {
  return code === 'commander.help' ? 'Name a command; see secure-bucket --help.' : `${message.replace(/^error: /, '').replace(/\.+$/, '')}. See secure-bucket --help.`;
}

function messageOf(error: unknown, version: string): string {
  if (error instanceof WrongInputError) {
    return error.message;
  }
  return `This is a mistake of secure-bucket ${version} itself: ${(error as Error)?.message ?? error}. Please report it.`;
}
