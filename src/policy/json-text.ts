/** A value of JSON as a text. `String` would call a member of it that is named `toString`. */
export function jsonText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
