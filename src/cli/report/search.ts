import { createHash } from 'crypto';
import { html, Html } from './html';

/** Hides what does not have all words of the search in it. Whatever can be hidden says so by `data-searched`. */
const SCRIPT = `
const field = document.getElementById('search');
const told = document.getElementById('search-told');
const all = Array.from(document.querySelectorAll('[data-searched]'), (element) => ({ element, text: element.textContent.toLowerCase() }));
field.parentElement.hidden = false;
field.addEventListener('input', () => {
  const words = field.value.toLowerCase().split(/\\s+/).filter((word) => word !== '');
  all.forEach(({ element, text }) => { element.hidden = !words.every((word) => text.includes(word)); });
  const buckets = all.filter(({ element }) => element.dataset.searched === 'bucket');
  told.textContent = words.length === 0 ? '' : buckets.filter(({ element }) => !element.hidden).length + ' of ' + buckets.length + ' buckets have it.';
});
`;

/** What the content security policy of the page allows: this script, and no other. */
export const SCRIPT_HASH = `sha256-${createHash('sha256').update(SCRIPT).digest('base64')}`;

/** At the end of the page. */
export const SEARCH_SCRIPT = new Html(`<script>${SCRIPT}</script>`);

/** What shortens a long page. The choice works without a script; the search is there where scripts run. */
export function filters(): Html {
  return html`<div class="filters"><p><label><input type="checkbox" id="worth-a-look"> Only buckets with a guarantee that is broken or not decided, or with access that is public or not decided</label></p>
<p hidden><label for="search">Search</label> <input type="search" id="search" autocomplete="off"> <span id="search-told" class="quiet" role="status"></span></p></div>`;
}
