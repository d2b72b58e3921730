import { normalize, sep } from 'path';

const WILDCARD = /[*?[{]/;

/** Whether a path is a pattern, such as `templates/*.yaml`: shells leave those as they are that are quoted. */
export function isPattern(path: string): boolean {
  return WILDCARD.test(path);
}

/** The folder in which everything is that a pattern matches. */
export function fixedFolder(pattern: string): string {
  const steps = written(pattern).split('/');
  const fixed = steps.slice(0, steps.findIndex((step) => WILDCARD.test(step)));
  return fixed.length === 0 ? '.' : fixed.join('/') || '/';
}

/** Tells whether a path matches a pattern: `*` and `?` within one name, `**` for any folders, `[a-c]`, `{yaml,yml}`. */
export function patternTest(pattern: string): (path: string) => boolean {
  const expression = expressionOf(written(pattern));
  return (path) => expression?.test(written(path)) ?? false;
}

/** Undefined for what means nothing, such as `[z-a]`. */
function expressionOf(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^${pattern.replace(PARTS, (part) => MEANINGS[part] ?? meaning(part))}$`, 's');
  } catch {
    return undefined;
  }
}

const PARTS = /\*\*\/|\*\*|\*|\?|\[[^\]/]+\]|\{[^{}]*\}|[\\^$.|+()[\]{}]/g;
const MEANINGS: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };

function meaning(part: string): string {
  if (/^\[.+\]$/s.test(part)) {
    return `[${part.slice(1, -1).replace(/^!/, '^').replace(/[\\\]]/g, '\\$&')}]`;
  }
  return /^\{.*\}$/s.test(part) ? `(?:${part.slice(1, -1).split(',').map(escaped).join('|')})` : escaped(part);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Paths as patterns are written: with slashes, and without steps that lead nowhere. */
function written(path: string): string {
  return (sep === '\\' ? normalize(path).replace(/\\/g, '/') : normalize(path));
}
