/** A member of a table or of a value of JSON that is its own: `constructor` and `toString`, which every object inherits, are none. */
export function own<T>(members: Readonly<Record<string, T>> | undefined, name: string | undefined): T | undefined {
  return members && name !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
}
