import { createHash } from 'crypto';

/** Whether two lists hold the same values in the same order. */
export function sameValues(values: readonly string[], others: readonly string[]): boolean {
  return values.length === others.length && values.every((value, at) => value === others[at]);
}

/** Letters and digits that stand for a value in a Sid or a name: short, and the same at every synthesis, where tokens get other numbers. */
export function fingerprint(value: unknown): string {
  const text = (JSON.stringify(value) ?? '').replace(/\$\{Token\[([^\]]*?)\.?\d+\]\}/g, '${Token[$1]}');
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
