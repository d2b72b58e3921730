import { createHash } from 'crypto';
import { existsSync, readFileSync } from 'fs';

/** A file with a template, and what tells it from others: the same as `sha256sum` prints. */
export interface TemplateHash {
  readonly file: string;
  readonly sha256: string;
}

/** The files that templates were read from, so that a page can be told from that of other templates. */
export function templateHashes(templates: readonly { readonly file?: string }[]): TemplateHash[] {
  const files = new Set(templates.flatMap(({ file }) => file ?? []));
  return [...files].filter((file) => existsSync(file)).map((file) => ({ file, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') }));
}
