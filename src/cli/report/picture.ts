import { html, Html } from './html';
import { ReportedAccess, ReportedBucket } from './model';
import { CAPABILITIES, Capability } from '../../access/capabilities';
import { Holder } from '../../access/holders';

// One unit is one pixel on a phone; larger screens scale the picture up to a limit of the style sheet.
const WIDTH = 360;
const SUBJECT = { width: 172, padding: 8 };
const BUCKET = { left: 274, width: WIDTH - 274 };
const ARROW_HEIGHT = 24;
const SMALLEST_ROW = 44;
const GAP = 10;
const LONGEST_LABEL = 20; // characters that fit into a box

/** All that one subject may do. */
interface Row {
  readonly who: Holder;
  readonly accesses: readonly ReportedAccess[];
  readonly top: number;
  readonly height: number;
}

/** Who may do what to a bucket: boxes and arrows, each of which leads to the statements that allow it. */
export function picture(bucket: ReportedBucket): Html {
  const rows = layOut(bucket.access);
  const height = rows.length === 0 ? SMALLEST_ROW : rows[rows.length - 1].top + rows[rows.length - 1].height;
  return html`<svg class="picture" viewBox="0 0 ${WIDTH} ${height + 2}" role="group" aria-label="Who may do what to ${bucket.path}. The table below says the same.">
<rect class="bucket" x="${BUCKET.left}" y="1" width="${BUCKET.width - 1}" height="${height}" rx="6"/>
<text class="label" x="${BUCKET.left + BUCKET.width / 2}" y="${height / 2 + 5}" text-anchor="middle">${shortened(bucket.path.split('/').at(-1)!, 9)}</text>
${rows.map((row) => subjectRow(row))}</svg>`;
}

function layOut(access: readonly ReportedAccess[]): Row[] {
  const bySubject = new Map<string, ReportedAccess[]>();
  access.forEach((one) => bySubject.set(one.who.name, [...(bySubject.get(one.who.name) ?? []), one]));
  let top = 1;
  return [...bySubject.values()].map((all) => {
    const accesses = oneArrowEach(all);
    const height = Math.max(SMALLEST_ROW, accesses.length * ARROW_HEIGHT + SUBJECT.padding);
    const row = { who: all[0].who, accesses, top, height };
    top += height + GAP;
    return row;
  });
}

/** One access for each capability: the surest, and where several statements give it, the first. */
function oneArrowEach(accesses: readonly ReportedAccess[]): ReportedAccess[] {
  return CAPABILITIES.flatMap((capability) => {
    const [first] = accesses.filter((access) => access.capability === capability).sort((a, b) => Number(isOpen(a)) - Number(isOpen(b)));
    return first ?? [];
  });
}

function isOpen({ openBecause }: ReportedAccess): boolean {
  return openBecause !== undefined;
}

function subjectRow({ who, accesses, top, height }: Row): Html {
  const middle = top + height / 2;
  const first = middle - (accesses.length - 1) * ARROW_HEIGHT / 2;
  return html`<g><title>${who.name}</title>
<rect class="subject" x="1" y="${top}" width="${SUBJECT.width}" height="${height}" rx="6"/>
<text class="label" x="${SUBJECT.padding + 1}" y="${middle - 2}">${shortened(who.label, LONGEST_LABEL)}</text>
<text class="kind" x="${SUBJECT.padding + 1}" y="${middle + 14}">${who.kind}</text></g>
${accesses.map((access, i) => arrow(access, first + i * ARROW_HEIGHT))}`;
}

/** Data flows to who reads it, and from who writes it. */
const TOWARDS_BUCKET: readonly Capability[] = ['write', 'delete', 'administer'];

function arrow(access: ReportedAccess, y: number): Html {
  const { who, capability, statements } = access;
  const [left, right] = [SUBJECT.width + 4, BUCKET.left - 3];
  const isInward = TOWARDS_BUCKET.includes(capability);
  const tip = isInward ? `${right},${y} ${right - 7},${y - 4} ${right - 7},${y + 4}` : `${left},${y} ${left + 7},${y - 4} ${left + 7},${y + 4}`;
  const drawn = html`<line x1="${left}" y1="${y}" x2="${right}" y2="${y}"/><polygon points="${tip}"/>
<text class="capability" x="${(left + right) / 2}" y="${y - 4}" text-anchor="middle">${capability}${isOpen(access) ? '?' : ''}</text>`;
  const name = `${who.label} ${isOpen(access) ? 'perhaps may' : 'may'} ${capability}`;
  return statements.length === 0
    ? html`<g class="arrow ${isOpen(access) ? 'perhaps' : ''}">${drawn}</g>`
    : html`<a class="arrow ${isOpen(access) ? 'perhaps' : ''}" href="#${statements[0]}" aria-label="${name}: to the statement that allows it">${drawn}</a>`;
}

function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
