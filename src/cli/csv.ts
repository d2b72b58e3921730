import { printable } from './text';

/**
 * A table as CSV. No cell is a formula to a spreadsheet: one that begins as formulas do has an apostrophe before it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** Beside the signs of ASCII, those of full width, which some spreadsheets take for the same. */
const FORMULA = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;

function field(cell: string): string {
  const text = printable(cell);
  return `"${(FORMULA.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`;
}
