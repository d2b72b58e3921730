/** The condition keys of a request, in lower case, with their values. A key that is missing is absent from the request. */
export type ContextValues = ReadonlyMap<string, readonly string[]>;

/** A context from keys in any case. */
export function contextOf(values: Record<string, string | readonly string[] | undefined>): ContextValues {
  const entries = Object.entries(values).flatMap(([key, value]): [string, readonly string[]][] => (value === undefined ? [] : [[key.toLowerCase(), [value].flat()]]));
  return new Map(entries);
}
