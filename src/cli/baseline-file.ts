import { readFileSync, writeFileSync } from 'fs';
import { Baseline, KnownFinding } from './baseline';
import { isObject } from '../policy/json';
import { WrongInputError } from '../template/wrong-input';

/**
 * Reads a baseline.
 *
 * @throws WrongInputError if the file is not there, or no baseline
 */
export function readBaseline(file: string): Baseline {
  const read = parsed(file, textOf(file));
  if (!isBaseline(read)) {
    throw new WrongInputError(`--baseline: '${file}' is no baseline of this version of secure-bucket. Write one with --write-baseline.`);
  }
  return read;
}

/**
 * Writes a baseline, a line for each member, so that a review shows which findings come and go.
 *
 * @throws WrongInputError if the file cannot be written
 */
export function writeBaseline(file: string, baseline: Baseline): void {
  try {
    writeFileSync(file, `${JSON.stringify(baseline, undefined, 2)}\n`);
  } catch (error) {
    throw new WrongInputError(`--baseline: '${file}' cannot be written: ${(error as Error).message}.`);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new WrongInputError(`--baseline: ${code === 'ENOENT' ? `there is no file '${file}'. Write it with --write-baseline` : message}.`);
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new WrongInputError(`--baseline: '${file}' is no JSON: ${(error as Error).message}.`);
  }
}

function isBaseline(value: unknown): value is Baseline {
  return isObject(value) && value.version === 1 && isListOf(value.stacks, (stack) => typeof stack === 'string') && isListOf(value.findings, isKnownFinding);
}

function isKnownFinding(value: unknown): value is KnownFinding {
  return isObject(value) && ['fingerprint', 'stack', 'rule', 'logicalId'].every((name) => typeof value[name] === 'string');
}

function isListOf(value: unknown, isMember: (member: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isMember);
}
