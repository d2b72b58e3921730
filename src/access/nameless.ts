import { literalPattern } from '../policy/literal-pattern';
import { arnSegments } from '../policy/pattern';
import { isUnknown, patternOfUnknown, readable } from '../policy/unknown-text';

/** Texts in which placeholders stand for names. Equal ones are equal but for the names, each of which stands for one thing and nothing else. */
export interface Nameless {
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

const PLACEHOLDER = '\uE002';
const END = '\uE003';

const ANY_SERVICE = '[a-z0-9]+:\\*'; // all actions of a service
const OF_RESOURCE = `${PLACEHOLDER}\\d+${END}/.*`; // what follows the name of a resource
const OF_ACCOUNT = 'arn:\\*:\\*:\\*?:[^:]*:\\*';
const PATHS_OF_ORGANIZATION = 'o-[a-z0-9]+/.*';
const S3_IN_EACH_REGION = 's3\\.\\*';

/** Texts with wildcards, unknown values or policy variables that match any resource of a shape, or none. */
const MATCHES_ALL_RESOURCES_ALIKE = oneOf('\\*', ANY_SERVICE, OF_RESOURCE, 'arn:[^:]*:(?!s3|kms)[a-z0-9-]+:.*', OF_ACCOUNT, PATHS_OF_ORGANIZATION, S3_IN_EACH_REGION, patternOfUnknown());

/** The same of endpoints, VPCs, organizations and roles without a path. Unknown values are not among them: they may have a form, or be one of some values. */
const MATCHES_ALL_PARTNERS_ALIKE = oneOf(
  '\\*', ANY_SERVICE, OF_RESOURCE, 'arn:[^:*?$]*:(?!s3|kms|iam|sts|ec2)[a-z0-9-]+:.*', 'arn:[^:]*:iam::[^:]*:role/[^*?$/]+/.*', OF_ACCOUNT, PATHS_OF_ORGANIZATION, S3_IN_EACH_REGION,
);

/** Whom policies mention as a whole: endpoints, VPCs, organizations, roles without a path. */
const PARTNER = /"(vpce?-(?:[0-9a-f]{8}|[0-9a-f]{17})|o-[a-z0-9]{10,32}|arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@-]{1,64})"/g;

const SID = /"Sid":"(?:[^"\\]|\\.)*"/g; // decides nothing

/** A text without the names of a resource. */
interface Unnamed {
  readonly text: string;
  readonly partners: readonly string[];

  /** Whether nothing in it tells partners apart but their names. */
  readonly isAlikeForPartners: boolean;
}

/** Takes names out of texts, which are JSON. Most texts are asked about more than once. */
export class NamelessTexts {
  private readonly unnamed = new Map<string, Map<string, Unnamed | undefined>>();

  /**
   * The texts without the names of a resource, and without those of its partners where that is possible. Undefined if they may depend on what
   * the resource is called: if anything else in them is like a name.
   */
  public of(texts: readonly string[], names: readonly string[]): Nameless | undefined {
    const all = texts.map((text) => this.withoutNames(text, names));
    return all.every((one) => one !== undefined) ? withoutPartners(all, names) : undefined;
  }

  private withoutNames(text: string, names: readonly string[]): Unnamed | undefined {
    const known = this.unnamed.get(text) ?? new Map<string, Unnamed | undefined>();
    this.unnamed.set(text, known);
    const key = names.join('\n');
    if (!known.has(key)) {
      known.set(key, names.every(isRenamable) ? unnamed(text, names) : undefined);
    }
    return known.get(key);
  }
}

/** Everything in a name that texts may ask about whatever the resource, or the partner, is called. */
export function shapeOf(name: string): string {
  return name.startsWith('arn:') ? [...arnSegments(name).slice(0, 5), isUnknown(name)].join(':') : `${name.split('-')[0]} ${name.length}`;
}

/** Puts other names into the places of names, all at once. */
export function renaming(names: readonly string[], others: readonly string[]): (text: string) => string {
  const pairs = names.flatMap((name, i) => writtenAs(name).map((form, k): [string, string] => [form, writtenAs(others[i])[k]]));
  const longestFirst = pairs.map(([form]) => form).sort((one, other) => other.length - one.length);
  const pattern = new RegExp(longestFirst.map(literalPattern).join('|'), 'g');
  const byForm = new Map(pairs);
  return (text) => text.replace(pattern, (form) => byForm.get(form)!);
}

/** A name, as people read it, too, and the beginning of the ARNs of a role's sessions. */
function writtenAs(name: string): string[] {
  const [, partition, account, role] = /^arn:([^:]*):iam::(\d*):role\/([^/]*)$/.exec(name) ?? [];
  return [name, readable(name), ...(role === undefined ? [] : [`arn:${partition}:sts::${account}:assumed-role/${role}/`])];
}

function oneOf(...patterns: readonly string[]): RegExp {
  return new RegExp(`^(?:${patterns.join('|')})$`, 'is');
}

function isRenamable(name: string): boolean {
  return name.startsWith('arn:') && arnSegments(name).length === 6 && !/[*?]/.test(name);
}

function unnamed(text: string, names: readonly string[]): Unnamed | undefined {
  const written = names.map((name) => JSON.stringify(name).slice(1, -1));
  const replaced = written.reduce((before, name, i) => before.split(name).join(placeholder(i)), text);
  const isWhole = !new RegExp(`[^"]${PLACEHOLDER}|${END}[^"/]`).test(replaced);
  const isLikeName = mentions(replaced, written.map((name) => lastPart(arnSegments(name)[5])));
  const open = openTexts(replaced);
  return !isWhole || isLikeName || !open.every((one) => MATCHES_ALL_RESOURCES_ALIKE.test(one)) ? undefined : {
    text: replaced,
    partners: Array.from(replaced.matchAll(PARTNER), ([, name]) => name),
    isAlikeForPartners: open.every((one) => MATCHES_ALL_PARTNERS_ALIKE.test(one)),
  };
}

/** The texts without the names of partners, but for those that something else in the texts is like; with all, where what they are called may matter. */
function withoutPartners(all: readonly Unnamed[], names: readonly string[]): Nameless {
  const partners = all.every(({ isAlikeForPartners }) => isAlikeForPartners) ? all.flatMap((one) => one.partners) : [];
  return withoutThese([...new Set(partners)], all.map(({ text }) => text), names);
}

function withoutThese(partners: readonly string[], texts: readonly string[], names: readonly string[]): Nameless {
  if (partners.length === 0) {
    return { texts, names };
  }
  const replaced = texts.map((text) => text.replace(PARTNER, (whole, name) => (partners.includes(name) ? `"${placeholder(names.length + partners.indexOf(name))}"` : whole)));
  const rest = replaced.map((text) => text.replace(SID, '')).join('\n');
  const unlikeAnything = partners.filter((name) => !mentions(rest, [lastPart(name)]));
  return unlikeAnything.length < partners.length ? withoutThese(unlikeAnything, texts, names) : { texts: replaced, names: [...names, ...partners] };
}

function placeholder(index: number): string {
  return `${PLACEHOLDER}${index}${END}`;
}

function lastPart(name: string): string {
  return name.split('/').at(-1)!;
}

function mentions(text: string, names: readonly string[]): boolean {
  const written = text.toLowerCase();
  return names.some((name) => written.includes(name.toLowerCase()));
}

/** The texts in JSON that have wildcards, policy variables or unknown values in them. */
function openTexts(json: string): string[] {
  return (json.match(/"(?:[^"\\]|\\.)*"/gs) ?? []).map((string) => string.slice(1, -1)).filter((text) => /[*?]|\$\{/.test(text) || isUnknown(text));
}
