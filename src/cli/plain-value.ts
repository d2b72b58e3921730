import { WrongInputError } from '../template/wrong-input';

/** Levels of a document: far beyond what CloudFormation, CloudTrail or anybody writes. */
export const DEEPEST = 200;
const LARGEST = 2_000_000; // values, aliases expanded

/**
 * Makes sure that a document consists of what JSON has, and is neither endless nor deeper than what comes after can follow.
 *
 * @throws WrongInputError if it is not so
 */
export function assertPlain(document: unknown): void {
  const left: { value: unknown; depth: number }[] = [{ value: document, depth: 0 }];
  for (let seen = 0; left.length > 0; seen++) {
    const { value, depth } = left.pop()!;
    if (depth > DEEPEST || seen > LARGEST) {
      throw new WrongInputError(depth > DEEPEST ? `it is nested more than ${DEEPEST} levels deep` : `it has more than ${LARGEST} values`);
    }
    if (typeof value === 'object' && value !== null) {
      if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) {
        throw new WrongInputError('it has a value of a kind that JSON does not know, such as !!binary');
      }
      left.push(...Object.values(value).map((child) => ({ value: child, depth: depth + 1 })));
    }
  }
}
