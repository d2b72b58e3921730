/** The source of a regular expression that matches a text and nothing else. */
export function literalPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** What finds a name where it is no part of a longer one. */
export function wholeName(name: string, flags = ''): RegExp {
  return new RegExp(`(?<![A-Za-z0-9-])${literalPattern(name)}(?![A-Za-z0-9-])`, flags);
}
