import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';

/** What must be said of a template, written down by people. */
export interface Verdicts {
  /** The rules that find something, by logical ID; with a question mark if they cannot decide. */
  readonly check: Readonly<Record<string, readonly string[]>>;

  /** The verdict on each guarantee, by the logical ID of the bucket. */
  readonly prove?: Readonly<Record<string, Readonly<Record<string, string>>>>;

  /** The parameters that are taken to have their defaults. */
  readonly assumed?: readonly string[];
}

const FOLDER = join(__dirname, 'corpus');

/** Templates as people have them. */
export const CORPUS: readonly string[] = readdirSync(FOLDER).sort();

export const VERDICTS: Readonly<Record<string, Verdicts>> = parse(readFileSync(join(__dirname, 'corpus-verdicts.yaml'), 'utf8'));

export function corpusFile(name: string): string {
  return join(FOLDER, name);
}
