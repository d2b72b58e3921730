import { isDeepStrictEqual } from 'util';
import { Kind, synthesize } from './app';
import { withDirectory } from './directory';

/** Throws unless two kinds of buckets synthesize to one template: else their times would say nothing about each other. */
export function refuseUnequalWork(one: Kind, other: Kind): void {
  const [expected, actual] = [one, other].map(resources);
  const differing = Object.keys({ ...expected, ...actual }).filter((id) => !isDeepStrictEqual(expected[id], actual[id]));
  if (differing.length > 0) {
    const [first] = differing;
    throw new Error(
      `The hand-hardened buckets and SecureBucket differ in ${differing.length} resources, such as '${first}':\n`
      + `${JSON.stringify(expected[first], undefined, 2)}\n${JSON.stringify(actual[first], undefined, 2)}\n`
      + 'Bring bench/synth/hardened-by-hand.ts up to date with SecureBucket.',
    );
  }
}

function resources(kind: Kind): Record<string, unknown> {
  return withDirectory((outdir) => synthesize(kind, 1, outdir).stacks[0].template.Resources);
}
