import { html, Html } from './html';
import { ReportedAccess, ReportedBucket, ReportedGuarantee, ReportedStatement } from './model';
import { picture } from './picture';

/** Everything about one bucket: folded, unless something of it has to be looked at. A link to anything inside unfolds it. */
export function bucketSection(bucket: ReportedBucket, id: string): Html {
  const open = isWorthALook(bucket) ? new Html(' open') : undefined;
  return html`<section aria-labelledby="${id}-title" data-searched="bucket" class="${isWorthALook(bucket) ? 'worth-a-look' : 'fine'}">
<h2 id="${id}-title">${bucket.path}</h2>
<details class="bucket"${open}><summary>${standing(bucket)}</summary>
<div id="${id}">
<dl>${bucket.facts.map(({ name, value }) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
<h3>Guarantees</h3>
${guarantees(bucket.guarantees)}
<h3>Who has access</h3>
${bucket.access.length === 0 ? html`<p>Nobody, as far as these templates tell.</p>` : html`${picture(bucket)}
${accessTable(bucket)}`}
${bucket.statements.length === 0 ? undefined : html`<h3>The statements that allow it</h3>
${bucket.statements.map((statement) => statementSection(statement))}`}
</div></details>
</section>
`;
}

/** Whether something of a bucket has to be looked at. */
export function isWorthALook({ guarantees: all, access }: ReportedBucket): boolean {
  return all.some(({ verdict }) => verdict !== 'holds') || access.some(({ who, openBecause }) => who.kind === 'everyone' || openBecause !== undefined);
}

function standing({ guarantees: all, access }: ReportedBucket): string {
  const counted = (verdict: ReportedGuarantee['verdict']) => all.filter((one) => one.verdict === verdict).length;
  return `Guarantees: ${counted('broken')} broken, ${counted('not decided')} not decided, ${counted('holds')} hold. With access: ${new Set(access.map(({ who }) => who.name)).size}.`;
}

const CLASSES: Record<ReportedGuarantee['verdict'], string> = { 'holds': 'holds', 'broken': 'broken', 'not decided': 'open' };

function guarantees(all: readonly ReportedGuarantee[]): Html {
  return all.length === 0 ? html`<p>No policy of this bucket promises anything.</p>` : html`<ul class="plain">
${all.map(({ sentence, verdict, detail }) => html`<li class="${CLASSES[verdict]}"><span class="verdict">${verdict}</span>: ${sentence}${detail === undefined ? undefined : html`<br><code>${detail}</code>`}</li>
`)}</ul>`;
}

/** The same as the picture, and more, for readers of every kind. */
function accessTable({ access, statements }: ReportedBucket): Html {
  const byId = new Map(statements.map((statement) => [statement.id, statement]));
  return html`<table role="table">
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Who</th><th scope="col" role="columnheader">May</th><th scope="col" role="columnheader">Through</th><th scope="col" role="columnheader">For example</th><th scope="col" role="columnheader">Allowed by</th></tr></thead>
<tbody role="rowgroup">
${access.map((one) => accessRow(one, byId))}</tbody>
</table>`;
}

function accessRow({ who, capability, openBecause, through, example, statements }: ReportedAccess, byId: ReadonlyMap<string, ReportedStatement>): Html {
  return html`<tr role="row"><td role="cell" data-column="Who">${who.kind} ${who.name}</td><td role="cell" data-column="May">${openBecause === undefined ? '' : 'perhaps '}${capability}</td>
<td role="cell" data-column="Through">${through ?? 'the bucket itself'}</td><td role="cell" data-column="For example">${example}${openBecause === undefined ? undefined : html`<br><strong>Not decided:</strong> ${openBecause}`}</td>
<td role="cell" data-column="Allowed by">${statements.map((id, i) => html`${i > 0 ? '; ' : ''}${statementLink(id, byId.get(id))}`)}</td></tr>
`;
}

function statementLink(id: string, statement?: ReportedStatement): Html {
  return html`<a href="#${id}">${statement?.title ?? id}</a>${statement?.limits === undefined ? undefined : html` <span class="quiet">(${statement.limits})</span>`}`;
}

function statementSection({ id, title, where, json }: ReportedStatement): Html {
  return html`<details class="statement"><summary>${title} <span class="quiet">in ${where}</span></summary><pre id="${id}">${json}</pre></details>
`;
}
