import { assertPlain } from './plain-value';
import { WrittenMember } from '../template/template';

/** A document as it was read, and what is peculiar about how it was written. */
export interface WrittenDocument {
  readonly value: unknown;

  /** Members without a value. */
  readonly nulls: readonly WrittenMember[];

  /** Members whose key the same object has before. The last one counts. */
  readonly twice: readonly WrittenMember[];
}

/** More than these of a kind are not looked for. */
export const MOST_MEMBERS = 1_000;

const TOKEN = /"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Where a scan of JSON is: in an object with the keys that it has had, or in a list. */
interface Open {
  readonly keys?: Set<string>;
  at: string | number;
  awaitsKey: boolean;
}

/**
 * What `JSON.parse` reads, and what it does not tell: where keys occur twice and values are null.
 *
 * @throws SyntaxError if it is no JSON
 */
export function readWrittenJson(text: string): WrittenDocument {
  const value: unknown = JSON.parse(text);
  assertPlain(value);
  const open: Open[] = [];
  const nulls: WrittenMember[] = [];
  const twice: WrittenMember[] = [];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const inner = open.at(-1);
    const noteIn = (members: WrittenMember[]) => members.length < MOST_MEMBERS && members.push({ path: open.map(({ at }) => at), ...positionAt(text, index) });
    if (inner?.awaitsKey && token.startsWith('"')) {
      const key: string = JSON.parse(token);
      [inner.at, inner.awaitsKey] = [key, false];
      if (inner.keys!.has(key)) {
        noteIn(twice);
      }
      inner.keys!.add(key);
    } else if (token === '{' || token === '[') {
      open.push(token === '{' ? { keys: new Set(), at: '', awaitsKey: true } : { at: 0, awaitsKey: false });
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ',' && inner) {
      [inner.at, inner.awaitsKey] = typeof inner.at === 'number' ? [inner.at + 1, false] : [inner.at, true];
    } else if (token === 'null') {
      noteIn(nulls);
    }
  }
  return { value, nulls, twice };
}

/** Line and column of a character of a text, from one on. */
export function positionAt(text: string, index: number): { line: number; column: number } {
  const lines = text.slice(0, index).split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}
