import { normalize, sep } from 'path';
import { pathPattern } from '../template/path-pattern';

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

/** Tells whether a path matches a pattern. */
export function patternTest(pattern: string): (path: string) => boolean {
  const expression = pathPattern(written(pattern));
  return (path) => expression?.test(written(path)) ?? false;
}

/** Paths as patterns are written: with slashes, and without steps that lead nowhere. */
function written(path: string): string {
  return (sep === '\\' ? normalize(path).replace(/\\/g, '/') : normalize(path));
}
