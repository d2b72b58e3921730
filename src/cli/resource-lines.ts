import { readFileSync } from 'fs';

const TEXTS = new Map<string, string>();

/**
 * The line of a template file on which a resource begins, counted from 1. A resource that a transform makes is looked for where it comes from: the loop
 * that makes it, or the resource whose name its own begins with. The first line if it cannot be found.
 */
export function lineIn(file: string, logicalId: string): number {
  const text = textOf(file);
  return lineOfResource(text, logicalId) ?? lineOfLoop(text, logicalId) ?? beginnings(logicalId).map((name) => lineOfResource(text, name)).find((line) => line !== undefined) ?? 1;
}

function beginnings(logicalId: string): string[] {
  const shortest = 3; // shorter names begin by accident
  return Array.from({ length: Math.max(logicalId.length - shortest, 0) }, (_, i) => logicalId.slice(0, logicalId.length - 1 - i));
}

const NAME_IN_LOOP = /(?:"|'|^[ \t]*(?:-[ \t]+)?|[{,][ \t]*)((?:[A-Za-z0-9]|[$&]\{[^{}\s]+\})*[$&]\{[^{}\s]+\}(?:[A-Za-z0-9]|[$&]\{[^{}\s]+\})*)["']?[ \t]*:/gm;

/** The line of the innermost loop that makes resources of such a name. */
function lineOfLoop(text: string, logicalId: string): number | undefined {
  const makes = (name: string) => new RegExp(`^${name.replace(/[$&]\{[^{}\s]+\}/g, '[A-Za-z0-9]+')}$`).test(logicalId);
  const made = Array.from(text.matchAll(NAME_IN_LOOP)).filter(([, name]) => makes(name));
  const loops = made.map(({ index }) => text.lastIndexOf('Fn::ForEach::', index)).filter((index) => index >= 0);
  return loops.length === 0 ? undefined : lineAt(text, loops[0]);
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function lineOfResource(text: string, logicalId: string): number | undefined {
  const resources = /^\s*["']?Resources["']?\s*:|"Resources"\s*:/m.exec(text)?.index ?? 0;
  const name = logicalId.replace(/[^A-Za-z0-9]/g, '\\$&');
  const at = new RegExp(`(?:"${name}"|^[ \\t]+'?${name}'?)\\s*:\\s*(?:[{#&\\r\\n]|$)`, 'm').exec(text.slice(resources));
  return at ? lineAt(text, resources + at.index) : undefined;
}

function textOf(file: string): string {
  const known = TEXTS.get(file) ?? readFileSync(file, 'utf8');
  TEXTS.set(file, known);
  return known;
}
