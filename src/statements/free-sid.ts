/** A Sid is unique in a policy: one that is taken gets the next free number. */
export function freeSid(sid: string, taken: Iterable<string | undefined>): string {
  const others = new Set(taken);
  const candidates = [sid, ...Array.from(others, (_, i) => `${sid}${i + 2}`)];
  return candidates.find((candidate) => !others.has(candidate))!;
}
