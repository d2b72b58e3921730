import { jsonText } from '../../policy/json';
import { readable } from '../../policy/unknown-text';

/** Markup that is finished. Everything else is text, and is escaped where it is put into markup. */
export class Html {
  constructor(public readonly markup: string) {}
}

/** What can stand in markup: text, numbers, markup, lists of these, or nothing. */
export type Content = string | number | Html | undefined | readonly Content[];

/** Markup with values in it. Whatever a template says arrives as text, in elements and in quoted attributes. */
export function html(parts: TemplateStringsArray, ...values: Content[]): Html {
  return new Html(parts.reduce((markup, part, i) => markup + rendered(values[i - 1]) + part));
}

function rendered(content: Content): string {
  if (content === undefined) {
    return '';
  }
  if (content instanceof Html) {
    return content.markup;
  }
  return Array.isArray(content) ? content.map(rendered).join('') : escaped(jsonText(content));
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

// Control characters are no characters of HTML; those that turn the direction of text make it lie about what it says.
const UNPRINTABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/g;

function escaped(text: string): string {
  return readable(text).replace(UNPRINTABLE, '\uFFFD').replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
