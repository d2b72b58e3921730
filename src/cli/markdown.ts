import { printable } from './text';

/** A part of a document. What comes from a template is text, whatever it contains. */
export type Block =
  | { readonly heading: string; readonly level: 2 | 3 }
  | { readonly paragraph: string }
  | { readonly list: readonly string[] }
  | { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] };

/** What stands in a cell of a table: text, a link to a page, or lines of these. */
export type Cell = string | { readonly text: string; readonly href: string } | readonly Cell[];

/** A document as GitHub and GitLab render it. */
export function markdownOf(blocks: readonly Block[]): string {
  return `${blocks.map(blockText).join('\n\n')}\n`;
}

/** Lists and tables that have a title, if there is anything in them. */
export function titled(heading: string, block: Block): Block[] {
  const size = 'list' in block ? block.list.length : 'rows' in block ? block.rows.length : 1;
  return size === 0 ? [] : [{ heading, level: 3 }, block];
}

function blockText(block: Block): string {
  if ('heading' in block) {
    return `${'#'.repeat(block.level)} ${escaped(block.heading)}`;
  }
  if ('paragraph' in block) {
    return startingText(block.paragraph);
  }
  if ('list' in block) {
    return block.list.map((item) => `- ${startingText(item)}`).join('\n');
  }
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(block.columns.map(escaped)), line(block.columns.map(() => '---')), ...block.rows.map((row) => line(row.map(cellText)))].join('\n');
}

function cellText(cell: Cell): string {
  if (typeof cell === 'string') {
    return escaped(cell);
  }
  return 'href' in cell ? `[${escaped(cell.text)}](${encodeURI(cell.href)})` : cell.map(cellText).join('<br>');
}

/** Signs with which a line would be a list or a heading, where it is no cell. */
const BEGINNING = /^(?:[-+=#]|\d(?=\d*[.)]))/;

function startingText(text: string): string {
  return escaped(text).replace(BEGINNING, entity);
}

/** Keeps apart what would be a reference or a link together: an element that is not shown. */
const NOTHING = '<!-- -->';

/** What is more than itself in Markdown. An entity never is: https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references */
const STRUCTURAL = /[&<>|\\`*_[\]~]/g;

/** What is found in text that was rendered already: mentions of people, references to issues and the like, addresses. */
const REFERRING = /(?<=[@#!$~%&])(?=\w)|(?<=:)(?=\/\/)|(?<=www)(?=\.)|(?<=\bGH)(?=-\d)/gi;

/**
 * The same text in a cell of a table, a heading or a line.
 *
 * @see https://github.github.com/gfm/#tables-extension-
 * @see https://docs.gitlab.com/user/markdown/#gitlab-specific-references
 */
function escaped(text: string): string {
  return printable(text).trim().split(REFERRING).map((part) => part.replace(STRUCTURAL, entity)).join(NOTHING);
}

function entity(sign: string): string {
  return `&#${sign.charCodeAt(0)};`;
}
