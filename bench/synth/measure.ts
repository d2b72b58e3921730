import { setFlagsFromString } from 'v8';
import { runInNewContext } from 'vm';
import { withDirectory } from './directory';

const WARM_UP_ROUNDS = 3;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Synthesizes an app of some stacks into a directory. */
export type Synthesis = (stacks: number, outdir: string) => unknown;

/** The milliseconds that each kind took in each round. */
export type Times<Name extends string> = Record<Name, number[]>;

/**
 * Times the kinds in turn, so that a noise of the machine which lasts for seconds meets them all; each round starts with
 * another kind, so that none always runs behind the same neighbour.
 */
export function measure<Name extends string>(kinds: Record<Name, Synthesis>, stacks: number, rounds: number, warmUpRounds = WARM_UP_ROUNDS): Times<Name> {
  const names = Object.keys(kinds) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Times<Name>;
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const turn of names.keys()) {
      const name = names[(turn + round + warmUpRounds) % names.length];
      const elapsed = synthesisTime(kinds[name], stacks);
      if (round >= 0) {
        times[name].push(elapsed);
      }
    }
  }
  return times;
}

/** The time to construct an app and to write its cloud assembly; the garbage of the run before is not on its bill. */
function synthesisTime(synthesize: Synthesis, stacks: number): number {
  return withDirectory((outdir) => {
    collectGarbage();
    const start = performance.now();
    synthesize(stacks, outdir);
    return performance.now() - start;
  });
}
