import { literalPattern } from '../policy/literal-pattern';

/** What matches a path pattern: `*` and `?` within one step, `**` for any steps, `[a-c]`, `{yaml,yml}`. Undefined for what means nothing, such as `[z-a]`. */
export function pathPattern(pattern: string): RegExp | undefined {
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
  return /^\{.*\}$/s.test(part) ? `(?:${part.slice(1, -1).split(',').map(literalPattern).join('|')})` : literalPattern(part);
}
