import { isDeepStrictEqual } from 'util';
import { Kind, synthesize } from './app';
import { withDirectory } from './directory';

/** Throws unless two kinds of buckets synthesize to one template: else their times would say nothing about each other. */
export function refuseUnequalWork(one: Kind, other: Kind): void {
  const [expected, actual] = [one, other].map(resources);
  const [first, ...others] = differences(expected, actual, 'Resources');
  if (first !== undefined) {
    throw new Error(
      `The hand-hardened buckets and SecureBucket differ in ${others.length + 1} places, the first of which is\n${first}\n`
      + 'Bring bench/synth/hardened-by-hand.ts up to date with SecureBucket.',
    );
  }
}

function resources(kind: Kind): Record<string, unknown> {
  return withDirectory((outdir) => synthesize(kind, 1, outdir).stacks[0].template.Resources);
}

/** Where two values differ, and how, by the smallest parts that do. */
function differences(expected: unknown, actual: unknown, path: string): string[] {
  if (isDeepStrictEqual(expected, actual)) {
    return [];
  }
  if (!isObject(expected) || !isObject(actual)) {
    return [`${path}: ${JSON.stringify(expected)}, and ${JSON.stringify(actual)} of SecureBucket`];
  }
  return [...new Set([...Object.keys(expected), ...Object.keys(actual)])].flatMap((key) => differences(expected[key], actual[key], `${path}.${key}`));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
