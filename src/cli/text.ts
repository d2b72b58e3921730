export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** A piece of a line, plain or styled. What comes from a template is text, whatever it contains. */
export type Piece = string | readonly [style: Style, text: string];

export type Line = readonly Piece[];

const CODES: Readonly<Record<Style, readonly [on: number, off: number]>> = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] };

// Control characters, and those that change the direction of what follows: a name in a template must not repaint the terminal.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g; // eslint-disable-line no-control-regex

/** Lines as they are printed. */
export function printed(lines: readonly Line[], hasColours: boolean): string {
  return lines.map((line) => `${line.map((piece) => pieceText(piece, hasColours)).join('')}\n`).join('');
}

export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A number of things. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** What was taken for granted. */
export function assumptionLines(assumptions: readonly string[]): Line[] {
  return assumptions.length === 0 ? [] : [['Assumed:'], ...assumptions.map((assumption): Line => [`  ${assumption}`]), []];
}

function pieceText(piece: Piece, hasColours: boolean): string {
  if (typeof piece === 'string') {
    return printable(piece);
  }
  const [style, text] = piece;
  const [on, off] = CODES[style];
  return hasColours ? `\u001b[${on}m${printable(text)}\u001b[${off}m` : printable(text);
}
