import { Report, ReportedAccess } from './model';
import { CAPABILITIES, Capability } from '../../access/capabilities';
import { Holder } from '../../access/holders';

/** What one of those with access may do with one bucket. */
export interface MatrixRow {
  /** Undefined for a bucket that nobody reaches, as far as templates tell. */
  readonly who?: Holder;
  readonly bucket: string;

  /** The ways in which somebody may do what a column says; nothing where no way is known. */
  readonly ways: Readonly<Record<Capability, readonly Way[]>>;
}

/** A way to the data of a bucket. */
export interface Way {
  readonly text: string;

  /** What it depends on, where it is not decided whether the way is open. */
  readonly openBecause?: string;
}

/** Those who pass on what others ask for. */
const INDIRECT: readonly Holder['kind'][] = ['distribution', 'service', 'access point'];

export const NOBODY = 'nobody that these templates tell of';

/** Who may do what with which bucket: a row for each of those with access to a bucket, in the order of the report. */
export function matrixOf({ buckets }: Pick<Report, 'buckets'>): MatrixRow[] {
  return buckets.flatMap(({ path, access }) => {
    const holders = new Map(access.map(({ who }) => [`${who.kind} ${who.name}`, who]));
    const rows = [...holders].map(([key, who]) => rowOf(path, access.filter((one) => `${one.who.kind} ${one.who.name}` === key), who));
    return rows.length > 0 ? rows : [rowOf(path, [])];
  });
}

function rowOf(bucket: string, access: readonly ReportedAccess[], who?: Holder): MatrixRow {
  const waysOf = (capability: Capability) => distinct(access.filter((one) => one.capability === capability).map(wayOf));
  return { who, bucket, ways: Object.fromEntries(CAPABILITIES.map((capability) => [capability, waysOf(capability)])) as unknown as MatrixRow['ways'] };
}

function wayOf({ who: { kind }, through, openBecause }: ReportedAccess): Way {
  return { text: through !== undefined ? `access point ${through}` : INDIRECT.includes(kind) ? kind : 'direct', openBecause };
}

/** One way once; where it is open for one request and not decided for another, it is open. */
function distinct(ways: readonly Way[]): Way[] {
  const texts = [...new Set(ways.map(({ text }) => text))];
  return texts.map((text) => {
    const alike = ways.filter((way) => way.text === text);
    return alike.find(({ openBecause }) => openBecause === undefined) ?? alike[0];
  });
}

/** A way for people: what is not decided is perhaps. */
export function wayText({ text, openBecause }: Way): string {
  return openBecause === undefined ? text : `perhaps ${text}`;
}
