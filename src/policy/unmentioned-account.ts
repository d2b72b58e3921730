/** The id of an account that a text does not mention. */
export function unmentionedAccount(text: string): string {
  return Array.from({ length: 1000 }, (_, i) => String(100_000_000_001 + i)).find((id) => !text.includes(id))!;
}
