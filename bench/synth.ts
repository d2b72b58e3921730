import { kinds } from './synth/kinds';
import { measure } from './synth/measure';
import { refuseUnequalWork } from './synth/same-template';
import { table } from './synth/table';

const BASELINE = 'L2, hardened by hand';
const OURS = 'SecureBucket';
const SIZES = [
  { stacks: 1, rounds: 25 },
  { stacks: 5, rounds: 15 },
];

refuseUnequalWork(kinds[BASELINE], kinds[OURS]);
const columns = SIZES.map(({ stacks, rounds }) => ({ stacks, times: measure(kinds, stacks, rounds) }));
console.log(table(columns, BASELINE));
