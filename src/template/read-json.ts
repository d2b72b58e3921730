import { readFileSync } from 'fs';
import { WrongInputError } from './wrong-input';

/**
 * Reads a file of JSON.
 *
 * @throws WrongInputError if it cannot be read, or is no JSON
 */
export function readJson(path: string): any {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WrongInputError(`${path}: ${code === 'ENOENT' ? 'there is no such file.' : `the file cannot be read (${code}).`}`);
  }
  try {
    return shallow(JSON.parse(text.replace(/^\uFEFF/, '')), path);
  } catch (error) {
    throw error instanceof WrongInputError ? error : new WrongInputError(`${path}: this is no JSON (${(error as Error).message}).`);
  }
}

const DEPTH_LIMIT = 500; // templates and policies have about twenty

/**
 * The same value, if it is not nested so deeply that nothing could work on it.
 *
 * @throws WrongInputError if it is
 */
export function shallow<T>(value: T, source: string): T {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.depth > DEPTH_LIMIT) {
      throw new WrongInputError(`${source}: objects are nested more than ${DEPTH_LIMIT} deep.`);
    }
    if (typeof next.value === 'object' && next.value !== null) {
      for (const child of Object.values(next.value)) {
        open.push({ value: child, depth: next.depth + 1 });
      }
    }
  }
  return value;
}
