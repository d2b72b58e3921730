import { isUnknown, readable } from '../../policy/unknown-text';
import { Patterns, Places, Reached } from '../texts';

/** How the ids look like that AWS draws for a kind of thing, behind the letters with which all of them begin. */
export interface DrawnIds {
  /** An id that nobody has. */
  readonly stranger: string;

  /** Whether an id may be as long, in characters. */
  readonly isAsLong: (length: number) => boolean;

  /** How long ids are, the most usual first. */
  readonly lengths: readonly number[];
}

/** An id that patterns do not tell from a part of one, as long as AWS draws them, if there is one. */
export function inFull(patterns: Patterns, from: Places, { text, places }: Reached, { stranger, isAsLong, lengths }: DrawnIds): string {
  const candidates = lengths.map((length) => text + stranger.slice(text.length, length)).filter((id) => isAsLong(id.length));
  return candidates.find((candidate) => patterns.read(from, candidate) === places) ?? text;
}

/**
 * Why it is not known whether there is an id, if it is not as long as AWS draws them and nobody mentions it.
 *
 * @param begin how many characters all ids begin with
 */
export function whyNoId(id: string, begin: number, known: readonly string[], { isAsLong }: DrawnIds): string | undefined {
  const isKnown = isUnknown(id) || known.some((text) => text.toLowerCase() === id.toLowerCase());
  return isAsLong(id.length - begin) || isKnown ? undefined : `whether there is an id '${readable(id)}', which is not as long as those that AWS draws`;
}
