import { synthesize } from './synth/app';
import { kinds } from './synth/kinds';
import { measure, Synthesis } from './synth/measure';
import { refuseUnequalWork } from './synth/same-template';
import { table } from './synth/table';

const BASELINE = 'L2, hardened by hand';
const OURS = 'SecureBucket';
const SIZES = [
  { stacks: 1, rounds: 25 },
  { stacks: 5, rounds: 15 },
];

refuseUnequalWork(kinds[BASELINE], kinds[OURS]);
const syntheses = Object.fromEntries(Object.entries(kinds).map(([name, kind]): [string, Synthesis] => [name, (stacks, outdir) => synthesize(kind, stacks, outdir)]));
const columns = SIZES.map(({ stacks, rounds }) => ({ stacks, times: measure(syntheses, stacks, rounds) }));
console.log(table(columns, BASELINE));
