import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { PROJECT } from './new-folder';

export interface Snippet {
  readonly name: string;
  readonly code: string;
}

/** README and the pages of docs. */
export const PAGES = ['README.md', ...readdirSync(join(PROJECT, 'docs')).filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`)];

/** The TypeScript of a page. */
export function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(join(PROJECT, page), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code], i) => ({ name: `${page.replace(/\W/g, '-')}-${i + 1}.ts`, code }));
}
