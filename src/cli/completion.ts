import { Command, Option } from 'commander';
import { RULES } from '../checks/rules';

/** The shells for which there are completions. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = typeof SHELLS[number];

/** What a shell can complete of the command. */
interface Completed {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];

  /** Words that may stand in place of a file. */
  readonly words: readonly string[];
}

interface CompletedOption {
  readonly flag: string;
  readonly description: string;

  /** How many values follow: none, one or any number. */
  readonly takes: 'nothing' | 'one' | 'many';

  /** The values, where these are known; otherwise they may be files. */
  readonly values: readonly string[];
}

/** The script that completes the command in a shell, from what the command itself knows of its options. */
export function completionScript(shell: Shell, program: Command): string {
  return SCRIPTS[shell](program.commands.map(completed));
}

/** Values of options that take more than one, and so have no choices. */
const VALUES: Readonly<Record<string, () => readonly string[]>> = {
  '--rule': () => RULES.map(({ id }) => id),
  '--skip-rule': () => RULES.map(({ id }) => id),
};

function completed(command: Command): Completed {
  return {
    name: command.name(),
    summary: command.summary(),
    options: [...command.options.map(completedOption), { flag: '--help', description: 'print this help', takes: 'nothing', values: [] }],
    words: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
}

function completedOption({ long, description, argChoices, variadic, required, optional }: Option): CompletedOption {
  const flag = long!;
  return { flag, description, takes: variadic ? 'many' : required || optional ? 'one' : 'nothing', values: argChoices ?? VALUES[flag]?.() ?? [] };
}

const SCRIPTS: Readonly<Record<Shell, (commands: readonly Completed[]) => string>> = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** Where nothing is offered, bash completes files. */
function bashScript(commands: readonly Completed[]): string {
  const offered = (words: readonly string[]) => (words.length > 0 ? `COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word"))` : ':');
  const cases = commands.flatMap(({ name, options, words }) => [
    ...options.filter(({ takes }) => takes !== 'nothing').map(({ flag, takes, values }) => `    '${name} ${flag} '${takes === 'many' ? '*' : '1'}) ${offered(values)} ;;`),
    `    '${name} '*) if [[ $word == -* ]]; then ${offered(options.map(({ flag }) => flag))}; else ${offered(words)}; fi ;;`,
  ]);
  return `_secure_bucket() {
  local word=\${COMP_WORDS[COMP_CWORD]} option= distance=0
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W '${[...commands.map(({ name }) => name), '--help', '--version'].join(' ')}' -- "$word"))
    return
  fi
  if [[ $word != -* ]]; then
    while [[ $((COMP_CWORD - ++distance)) -gt 1 ]]; do
      option=\${COMP_WORDS[COMP_CWORD - distance]}
      [[ $option == --* ]] && break
      option=
    done
  fi
  case "\${COMP_WORDS[1]} $option $distance" in
${cases.join('\n')}
  esac
}
complete -o default -F _secure_bucket secure-bucket
`;
}

function zshScript(commands: readonly Completed[]): string {
  const action = (values: readonly string[]) => (values.length > 0 ? `(${values.join(' ')})` : '_files');
  const specification = ({ flag, description, takes, values }: CompletedOption) =>
    quoted(`${takes === 'many' ? '*' : ''}${flag}[${description.replace(/[[\]\\:]/g, '\\$&')}]${takes === 'nothing' ? '' : `:value:${action(values)}`}`);
  const cases = commands.map(({ name, options, words }) => `    ${name})
      _arguments \\
        ${[...options.map(specification), quoted(`*:file:${action(words)}`)].join(' \\\n        ')}
      ;;`);
  return `#compdef secure-bucket
_secure_bucket() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary.replace(/:/g, '\\:')}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _secure_bucket secure-bucket
`;
}

/** Where nothing is offered, fish completes files. */
function fishScript(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ name, summary, options, words }) => [
    `complete -c secure-bucket -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
    ...(words.length > 0 ? [`complete -c secure-bucket -n '__fish_seen_subcommand_from ${name}' -f -a ${quoted(words.join(' '))}`] : []),
    ...options.map(({ flag, description, takes, values }) => {
      const argument = takes === 'nothing' ? '' : values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : ' -r -F';
      return `complete -c secure-bucket -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}${argument} -d ${quoted(description)}`;
    }),
  ]);
  return `${lines.join('\n')}\n`;
}

/** A word of a shell, whatever is in it. Descriptions have no line ends. */
function quoted(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}
