import { readFileSync } from 'fs';
import { join } from 'path';
import { PROJECT } from './new-folder';

export interface Snippet {
  readonly name: string;
  readonly code: string;
}

/** The TypeScript of a page. */
export function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(join(PROJECT, page), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code], i) => ({ name: `${page.replace(/\W/g, '-')}-${i + 1}.ts`, code }));
}
