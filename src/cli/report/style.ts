import { Html } from './html';

/** One style sheet for screens of every size, light and dark, and for paper. No colour says anything that no word says. */
export const STYLE = new Html(`
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #4b5563; --paper: #ffffff; --panel: #f4f6f8; --line: #c9d1d9; --link: #0b57d0; --good: #11632f; --bad: #b3140d; --open: #7a4b00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --quiet: #aab4c0; --paper: #14171c; --panel: #1e232b; --line: #3d4653; --link: #8ab4f8; --good: #7fd99a; --bad: #ff9d94; --open: #f2c063; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 60rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { position: static; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 1rem 0 0.25rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.5rem; border-top: 1px solid var(--line); padding-top: 1rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 0.5rem; }
p { margin: 0.5rem 0; }
[hidden] { display: none !important; }
body:has(#worth-a-look:checked) .fine { display: none; }
.filters { background: var(--panel); padding: 0.25rem 0.75rem; margin: 1rem 0; }
input { accent-color: var(--link); }
[type="search"] { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet); border-radius: 4px; padding: 0.2rem 0.4rem; width: min(20rem, 100%); }
.quiet { color: var(--quiet); }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); font-size: 0.9rem; }
ul { padding-left: 1.25rem; }
.plain { list-style: none; padding: 0; }
.plain > li { border-left: 4px solid var(--line); padding: 0.25rem 0.75rem; margin: 0.5rem 0; background: var(--panel); break-inside: avoid; }
.plain > li.holds { border-color: var(--good); }
.plain > li.broken { border-color: var(--bad); }
.plain > li.open { border-color: var(--open); }
.verdict { font-weight: 600; }
.holds .verdict { color: var(--good); }
.broken .verdict { color: var(--bad); }
.open .verdict { color: var(--open); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0.5rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem 0.35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; overflow-wrap: normal; }
[data-column="May"] { white-space: nowrap; }
[data-column="Who"] { min-width: 14rem; }
tr { break-inside: avoid; }
pre, code { font-family: ui-monospace, monospace; font-size: 0.85rem; }
pre { white-space: pre-wrap; background: var(--panel); padding: 0.75rem; margin: 0.25rem 0 1rem; border: 1px solid var(--line); border-radius: 6px; }
.statement pre:target { border: 2px solid var(--link); }
summary { cursor: pointer; padding: 0.25rem 0; }
.bucket > div { scroll-margin-top: 9rem; }
.statement summary { font-weight: 600; }
.statement summary .quiet { font-weight: 400; }
nav ul { padding-left: 1.25rem; margin: 0.5rem 0; }
.picture { display: block; width: 100%; max-width: 34rem; height: auto; margin: 0.5rem 0; break-inside: avoid; }
.picture rect { fill: var(--panel); stroke: var(--line); }
.picture .bucket { stroke: var(--quiet); stroke-width: 2; }
.picture text { fill: var(--ink); font-size: 12px; font-family: system-ui, sans-serif; }
.picture .label { font-weight: 600; }
.picture .kind, .picture .home { fill: var(--quiet); }
.picture .arrow line { stroke: var(--link); stroke-width: 1.5; }
.picture .arrow polygon { fill: var(--link); }
.picture .arrow .capability { fill: var(--link); font-size: 11px; }
.picture .perhaps line { stroke-dasharray: 4 3; }
@media (min-width: 75rem) {
  body { max-width: 84rem; display: grid; grid-template-columns: 17rem minmax(0, 60rem); column-gap: 2.5rem; justify-content: center; }
  header, main, footer { grid-column: 2; }
  nav { grid-column: 1; grid-row: 1 / span 2; position: sticky; top: 0; max-height: 100vh; overflow-y: auto; align-self: start; font-size: 0.9rem; }
}
@media (min-width: 60rem) {
  #access td:not([data-column="Who"]) { min-width: 5.5rem; }
}
@media (max-width: 40rem) {
  table, tbody, tr, td { display: block; }
  thead { position: absolute; left: -100rem; }
  td { border: 0; padding: 0.1rem 0; }
  tr { border-bottom: 1px solid var(--line); padding: 0.4rem 0; }
  td:empty { display: none; }
  td::before { content: attr(data-column) ": "; color: var(--quiet); }
  dl { grid-template-columns: 1fr; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --quiet: #333; --paper: #fff; --panel: #fff; --line: #999; --link: #000; --good: #000; --bad: #000; --open: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .skip, nav, .filters { display: none; }
  details::details-content { content-visibility: visible; height: auto; }
  h2, h3, h4 { break-after: avoid; }
}
`);
