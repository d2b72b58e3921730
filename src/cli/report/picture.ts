import { html, Html } from './html';
import { ReportedAccess, ReportedBucket } from './model';
import { CAPABILITIES, Capability } from '../../access/capabilities';
import { Holder } from '../../access/holders';
import { grouped } from '../../policy/grouped';

// One unit is one pixel on a phone; larger screens scale the picture up to a limit of the style sheet.
const WIDTH = 360;
const SUBJECT = { width: 172, padding: 8, characters: 18 };
const BUCKET = { left: 274, width: WIDTH - 274, characters: 9 };
const HOME_CHARACTERS = 40;
const ARROW_HEIGHT = 24;
const LINE_HEIGHT = 15;
const SMALLEST_ROW = 44;
const GAP = 10;

/** All that one subject may do. */
interface Row {
  readonly who: Holder;
  readonly label: readonly string[];
  readonly accesses: readonly ReportedAccess[];
  readonly height: number;
}

/** Those who belong to one account, or to nobody. */
interface Home {
  readonly title: readonly string[];
  readonly rows: readonly Row[];
}

/** Who may do what to a bucket: boxes and arrows, by account, each of which leads to the statements that allow it. */
export function picture(bucket: ReportedBucket): Html {
  const homes = Array.from(grouped(bucket.access, ({ from }) => from), ([from, all]): Home => ({ title: wrapped(from, HOME_CHARACTERS), rows: rowsOf(all) }));
  const tops = homes.reduce((all, home) => [...all, all.at(-1)! + heightOf(home)], [1]);
  const label = wrapped(bucket.path.split('/').at(-1)!, BUCKET.characters);
  const height = Math.max(SMALLEST_ROW, (label.length + 1) * LINE_HEIGHT, tops.at(-1)! - GAP);
  return html`<svg class="picture" viewBox="0 0 ${WIDTH} ${height + 2}" role="group" aria-label="Who may do what to ${bucket.path}. The table below says the same.">
<rect class="bucket" x="${BUCKET.left}" y="1" width="${BUCKET.width - 1}" height="${height}" rx="6"/>
${lines(label, 'label', BUCKET.left + BUCKET.width / 2, height / 2 + 5 - (label.length - 1) * LINE_HEIGHT / 2, new Html(' text-anchor="middle"'))}
${homes.map((home, i) => homeGroup(home, tops[i]))}</svg>`;
}

function rowsOf(access: readonly ReportedAccess[]): Row[] {
  return Array.from(grouped(access, ({ who }) => who.name).values(), (all): Row => {
    const accesses = oneArrowEach(all);
    const label = wrapped(all[0].who.label, SUBJECT.characters);
    const needed = Math.max(accesses.length * ARROW_HEIGHT, (label.length + 1) * LINE_HEIGHT);
    return { who: all[0].who, label, accesses, height: Math.max(SMALLEST_ROW, needed + SUBJECT.padding) };
  });
}

function titleHeight({ title }: Home): number {
  return title.length * LINE_HEIGHT + SUBJECT.padding / 2;
}

function heightOf(home: Home): number {
  return home.rows.reduce((sum, { height }) => sum + height + GAP, titleHeight(home)) + GAP;
}

function homeGroup(home: Home, top: number): Html {
  const tops = home.rows.reduce((all, { height }) => [...all, all.at(-1)! + height + GAP], [top + titleHeight(home)]);
  return html`${lines(home.title, 'home', 1, top + LINE_HEIGHT - 3)}
${home.rows.map((row, i) => subjectRow(row, tops[i]))}`;
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

function subjectRow({ who, label, accesses, height }: Row, top: number): Html {
  const middle = top + height / 2;
  const first = middle - (accesses.length - 1) * ARROW_HEIGHT / 2;
  const text = middle + 4 - label.length * LINE_HEIGHT / 2;
  return html`<g><title>${who.name}</title>
<rect class="subject" x="1" y="${top}" width="${SUBJECT.width}" height="${height}" rx="6"/>
${lines(label, 'label', SUBJECT.padding + 1, text)}
${lines([who.kind], 'kind', SUBJECT.padding + 1, text + label.length * LINE_HEIGHT)}</g>
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

function lines(all: readonly string[], kind: string, x: number, y: number, more?: Html): Html {
  return html`${all.map((line, i) => html`<text class="${kind}" x="${x}" y="${y + i * LINE_HEIGHT}"${more}>${line}</text>`)}`;
}

/** A text in lines, broken behind what parts names where there is such a place, and nowhere cut. */
function wrapped(text: string, most: number): string[] {
  const characters = [...text];
  if (characters.length <= most) {
    return [text];
  }
  const breaks = characters.flatMap((character, i) => (i < most && i > most / 3 && /[\s/:.,_-]/.test(character) ? [i + 1] : []));
  const end = breaks.at(-1) ?? most;
  return [characters.slice(0, end).join('').trim(), ...wrapped(characters.slice(end).join('').trim(), most)];
}
