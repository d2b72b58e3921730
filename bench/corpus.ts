import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as fc from 'fast-check';
import { run } from '../src/cli/run';
import { CORPUS, corpusFile } from '../test/template/corpus';
import { MUTATED_TEMPLATES } from '../test/template/mutations';

const COMMAND = join(__dirname, '../bin/secure-bucket.js');
const MUTATED = 2_000;
const SHOWN = 5;
const QUIET = { out: () => {}, err: () => {}, hasColours: false, version: '0.0.0' };

const folder = mkdtempSync(join(tmpdir(), 'bench-corpus-'));
const mutated = join(folder, 'mutated.json');
const ENVIRONMENT = ['--account', '111122223333', '--region', 'eu-west-1'];

/** In a process of its own, as people run it. */
const corpus = CORPUS.flatMap((name) => ['check', 'prove', 'report'].map((command) => ({
  what: `${command} ${name}`,
  time: timeOf(() => spawnSync(process.execPath, [COMMAND, command, corpusFile(name), ...ENVIRONMENT, '--format', 'json'])),
})));

/** In this process, without the time that it takes to start. */
const mistaken = fc.sample(MUTATED_TEMPLATES, MUTATED).flatMap((text, i) => {
  writeFileSync(mutated, text);
  return ['check', 'prove', 'report'].map((command) => ({ what: `${command} of mutated template ${i + 1}`, time: timeOf(() => run([command, mutated, ...ENVIRONMENT, '--format', 'json'], QUIET)) }));
});

for (const [title, times] of Object.entries({ 'the corpus': corpus, [`${MUTATED} templates with mistakes`]: mistaken })) {
  console.log(`\nThe slowest of ${title}:\n\n| what | time |\n|---|---|`);
  times.sort((one, other) => other.time - one.time).slice(0, SHOWN).forEach(({ what, time }) => console.log(`| ${what} | ${time.toFixed(0)} ms |`));
}
rmSync(folder, { recursive: true });

function timeOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
