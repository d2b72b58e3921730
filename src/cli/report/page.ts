import { bucketSection, isWorthALook } from './bucket-section';
import { html, Html } from './html';
import { matrixOf, MatrixRow, NOBODY, wayText } from './matrix';
import { Report, ReportedBucket, ReportedFinding } from './model';
import { filters, SCRIPT_HASH, SEARCH_SCRIPT } from './search';
import { STYLE } from './style';
import { TemplateHash } from './template-hashes';
import { CAPABILITIES, Capability } from '../../access/capabilities';
import { acceptedBy } from '../../checks/configuration/configuration';
import { grouped } from '../../policy/grouped';

/** What wrote a page, and which files it is about. */
export interface Made {
  readonly version: string;
  readonly templates: readonly TemplateHash[];
}

/**
 * The report as one HTML page that needs nothing else: no font, no image, no network, and no script but the one that searches. The policy in its head holds
 * browsers to that, whatever a template tries.
 *
 * @param notLookedAt what the report leaves out: files that cannot be read, transforms that are not run
 * @param made what wrote it, of which files
 */
export function reportPage(report: Report, notLookedAt: readonly string[] = [], made?: Made): string {
  const { subject, buckets, acknowledged, assumptions } = report;
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src '${SCRIPT_HASH}'">
<title>Who can reach the data of ${subject}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<h1>Who can reach the data of ${subject}</h1>
<p class="quiet">Decided from templates alone, before deployment. What no template says is listed under <a href="#assumptions">Assumptions</a>.</p>
</header>
<nav aria-label="Contents" tabindex="0"><ul><li><a href="#summary">Summary</a></li><li><a href="#broken">Broken guarantees</a></li><li><a href="#findings">Findings</a></li><li><a href="#access">Who has access</a></li>
<li>Buckets<ul>${buckets.map((bucket, i) => html`<li data-searched="link" class="${standingOf(bucket)}"><a href="#${sectionId(i)}">${bucket.path}</a></li>`)}</ul></li>
<li><a href="#acknowledged">Acknowledged findings</a></li><li><a href="#assumptions">Assumptions</a></li></ul></nav>
<main id="content">
${summary(report)}
${filters()}
${brokenGuarantees(report)}
${findingsSection(report)}
${accessMatrix(report)}
${notLookedAt.length === 0 ? undefined : html`<section aria-labelledby="unseen-title"><h2 id="unseen-title">Not looked at</h2>
<ul class="plain">${notLookedAt.map((what) => html`<li class="open">${what}</li>`)}</ul></section>`}
${buckets.map((bucket, i) => bucketSection(bucket, sectionId(i)))}
<section id="acknowledged" aria-labelledby="acknowledged-title"><h2 id="acknowledged-title">Acknowledged findings</h2>
${acknowledged.length === 0 ? html`<p>None.</p>` : html`<ul class="plain">${acknowledged.map(({ rule, path, problem, reason, owner, expires }) =>
  html`<li><strong>${rule}</strong> on ${path}: ${problem}<br>Reason: ${reason}${owner === undefined && expires === undefined ? undefined : html`<br>Acknowledged${acceptedBy({ owner, expires })}.`}</li>`)}</ul>`}</section>
<section id="assumptions" aria-labelledby="assumptions-title"><h2 id="assumptions-title">Assumptions</h2>
${assumptions.length === 0 ? html`<p>None.</p>` : html`<ul>${assumptions.map((assumption) => html`<li>${assumption}</li>`)}</ul>`}</section>
</main>
${made && footer(made)}
${SEARCH_SCRIPT}
</body>
</html>
`;
  return markup;
}

function footer({ version, templates }: Made): Html {
  return html`<footer><p class="quiet">Written by secure-bucket ${version} of these templates (SHA-256):</p>
<ul class="hashes">${templates.map(({ file, sha256 }) => html`<li>${file} <code>${sha256}</code></li>
`)}</ul></footer>`;
}

/** By which a page is shortened. */
function standingOf(bucket: ReportedBucket): string {
  return isWorthALook(bucket) ? 'worth-a-look' : 'fine';
}

function sectionId(index: number): string {
  return `bucket-${index + 1}`;
}

/** All buckets in one table: who may do what with which, and on which way. */
function accessMatrix(report: Report): Html {
  const rows = matrixOf(report);
  const header = (name: string) => html`<th scope="col" role="columnheader">${name}</th>`;
  return html`<section id="access" aria-labelledby="access-title"><h2 id="access-title">Who has access</h2>
${rows.length === 0 ? html`<p>The templates have no bucket.</p>` : html`<table role="table">
<thead role="rowgroup"><tr role="row">${['Who', 'Bucket', ...CAPABILITIES.map(columnOf)].map(header)}</tr></thead>
<tbody role="rowgroup">
${rows.map((row) => matrixRow(row, report))}</tbody>
</table>`}</section>`;
}

function matrixRow({ who, bucket, ways }: MatrixRow, { buckets }: Report): Html {
  const index = buckets.findIndex(({ path }) => path === bucket);
  return html`<tr role="row" data-searched="row" class="${standingOf(buckets[index])}"><td role="cell" data-column="Who">${who ? `${who.kind} ${who.name}` : NOBODY}</td>
<td role="cell" data-column="Bucket"><a href="#${sectionId(index)}">${bucket}</a></td>
${CAPABILITIES.map((capability) => html`<td role="cell" data-column="${columnOf(capability)}">${ways[capability].map(wayText).join(', ')}</td>`)}</tr>
`;
}

function columnOf(capability: Capability): string {
  return `${capability[0].toUpperCase()}${capability.slice(1)}`;
}

/** What there is, in one sentence. How each bucket stands, its own section says. */
function summary({ buckets, findings }: Report): Html {
  const decided = findings.filter(({ isDecided }) => isDecided).length;
  const guarantees = buckets.flatMap((bucket) => bucket.guarantees);
  const count = (verdict: string) => guarantees.filter((guarantee) => guarantee.verdict === verdict).length;
  return html`<section aria-labelledby="summary"><h2 id="summary">Summary</h2>
<p>${counted(buckets.length, 'bucket')}, ${counted(decided, 'finding')}, ${findings.length - decided} not decided. Guarantees: ${count('broken')} broken, ${count('not decided')} not decided, ${count('holds')} hold.</p></section>`;
}

/** What has to be looked at first. */
function brokenGuarantees({ buckets }: Report): Html {
  const broken = buckets.flatMap(({ path, guarantees }, i) => guarantees.filter(({ verdict }) => verdict === 'broken').map(({ sentence, detail }) => ({ path, section: sectionId(i), sentence, detail })));
  const groups = Array.from(grouped(broken, ({ sentence }) => sentence), ([sentence, all]) => group(sentence, all.map(({ path, section, detail }) =>
    html`<li class="broken" data-searched="guarantee"><span class="verdict">broken</span> on <a href="#${section}">${path}</a>${detail === undefined ? undefined : html`<br><code>${detail}</code>`}</li>
`)));
  return html`<section id="broken" aria-labelledby="broken-title"><h2 id="broken-title">Broken guarantees</h2>
${groups.length === 0 ? html`<p>None.</p>` : groups}</section>`;
}

function findingsSection({ findings }: Report): Html {
  const [decided, open] = [true, false].map((isDecided) => findings.filter((finding) => finding.isDecided === isDecided));
  const groups = Array.from(grouped([...decided, ...open], ({ rule }) => rule), ([rule, all]) => group(rule, all.map((finding) => findingItem(finding))));
  return html`<section id="findings" aria-labelledby="findings-title"><h2 id="findings-title">Findings</h2>
${groups.length === 0 ? html`<p>None.</p>` : groups}</section>`;
}

const MOST_OPEN = 5;

/** What is the same for many buckets is folded. */
function group(title: string, items: readonly Html[]): Html {
  return html`<details${items.length > MOST_OPEN ? undefined : new Html(' open')}><summary>${title} <span class="quiet">(${items.length})</span></summary>
<ul class="plain">${items}</ul></details>
`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function findingItem({ rule, path, problem, remedy, proof, isDecided }: ReportedFinding): Html {
  return html`<li class="${isDecided ? 'broken' : 'open'}" data-searched="finding"><span class="verdict">${rule}${isDecided ? '' : ' (not decided)'}</span> on ${path}: ${problem}
${proof === undefined ? undefined : html`<br><code>${proof}</code>`}<br>${remedy}</li>
`;
}
