import { readFileSync } from 'fs';

const TEXTS = new Map<string, string>();

/** The line of a template file on which a resource begins, counted from 1; the first line if it cannot be found. */
export function lineIn(file: string, logicalId: string): number {
  const text = textOf(file);
  const resources = /^\s*["']?Resources["']?\s*:|"Resources"\s*:/m.exec(text)?.index ?? 0;
  const name = logicalId.replace(/[^A-Za-z0-9]/g, '\\$&');
  const at = new RegExp(`(?:"${name}"|^[ \\t]+'?${name}'?)\\s*:\\s*(?:[{#&\\r\\n]|$)`, 'm').exec(text.slice(resources));
  return at ? text.slice(0, resources + at.index).split('\n').length : 1;
}

function textOf(file: string): string {
  const known = TEXTS.get(file) ?? readFileSync(file, 'utf8');
  TEXTS.set(file, known);
  return known;
}
