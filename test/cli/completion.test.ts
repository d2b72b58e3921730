import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { secureBucket } from './terminal';
import { RULES } from '../../src/checks/rules';

const folder = mkdtempSync(join(tmpdir(), 'completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const COMMANDS = ['explain', 'prove', 'check', 'report', 'completion'];
const optionsOf = (command: string) => [...secureBucket(command, '--help').out.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option).sort();

describe('the completion of bash', () => {
  const script = join(folder, 'completion.bash');
  writeFileSync(script, secureBucket('completion', 'bash').out);

  /** What bash offers when somebody presses the tab key behind some words, by the function that it has been told of with `complete`. */
  function offered(...words: string[]): string[] {
    const asked = `
source '${script}'
[[ $(complete -p secure-bucket) =~ -F\\ ([a-z_]+) ]] || exit 1
COMP_WORDS=(secure-bucket "$@"); COMP_CWORD=$#
"\${BASH_REMATCH[1]}"
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', asked, 'bash', ...words], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    return stdout.split('\n').filter((word) => word !== '').sort();
  }

  test('offers the commands first', () => {
    expect(offered('')).toEqual([...COMMANDS, '--help', '--version'].sort());
    expect(offered('re')).toEqual(['report']);
  });

  test.each(COMMANDS)('offers the options of %s, as its help has them', (command) => {
    expect(offered(command, '-')).toEqual(optionsOf(command));
    expect(offered(command, '--f')).toEqual(command === 'completion' ? [] : ['--format']);
  });

  test('offers the values of options that have some, wherever the option stands', () => {
    expect(offered('check', '--format', '')).toEqual(['json', 'markdown', 'sarif', 'text']);
    expect(offered('report', 'cdk.out', '--quiet', '--format', 'c')).toEqual(['csv']);
    expect(offered('check', '--min-severity', 'h')).toEqual(['high']);
    expect(offered('check', '--rule', 'RequireTls', 'Vers')).toEqual(['Versioning']);
    expect(offered('check', '--skip-rule', '')).toEqual(RULES.map(({ id }) => id).sort());
    expect(offered('completion', '')).toEqual(['bash', 'fish', 'zsh']);
  });

  test('offers nothing else where files are asked for: bash offers files then', () => {
    expect([['check', ''], ['check', '--assume', ''], ['prove', '--format', 'json', ''], ['explain', '--parameters', 'A=b', '']].map((words) => offered(...words))).toEqual([[], [], [], []]);
    expect(spawnSync('bash', ['--norc', '-c', `source '${script}'; complete -p secure-bucket`], { encoding: 'utf8' }).stdout).toContain('-o default ');
  });
});

describe.each(['zsh', 'fish'])('the completion of %s', (shell) => {
  const { exitCode, out, err } = secureBucket('completion', shell);

  test('has all commands with their options and values', () => {
    expect([exitCode, err]).toEqual([0, '']);
    COMMANDS.forEach((command) => expect(out).toContain(command));
    const long = new Set(COMMANDS.flatMap(optionsOf));
    expect([...long].filter((option) => !out.includes(shell === 'fish' ? `-l ${option.slice(2)} ` : option))).toEqual([]);
    expect(out).toContain('text json sarif markdown csv');
  });

  const isInstalled = spawnSync(shell, ['--version']).status === 0;
  (isInstalled ? test : test.skip)('is a script of that shell', () => {
    const script = join(folder, `completion.${shell}`);
    writeFileSync(script, out);
    const { status, stderr } = spawnSync(shell, ['-n', script], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});

test('a shell that is not known is refused, and none is, too', () => {
  expect(secureBucket('completion', 'tcsh')).toMatchObject({ exitCode: 1, out: '', err: expect.stringContaining('Allowed choices are bash, zsh, fish') });
  expect(secureBucket('completion')).toMatchObject({ exitCode: 1, out: '', err: expect.stringContaining("missing required argument 'shell'") });
});
