import { isObject } from '../../policy/json';
import { isSettled, readable } from '../../policy/unknown-text';
import { DeployedStack } from '../deployment';
import { resolveValue } from '../intrinsics';

/** For each item of a collection, a copy of the fragment in which the item stands for the identifier. */
interface Loop {
  readonly identifier: string;
  readonly collection: unknown;
  readonly fragment: Readonly<Record<string, unknown>>;
}

type Entry = [key: string, value: unknown];

const LOOP = /^Fn::ForEach::/;
const SIZE_LIMIT = 4_000_000; // characters that loops make: CloudFormation takes templates of 1 MB

/**
 * Expands the loops in parts of a template, loops in loops and in properties too. Those that cannot be expanded are left out of a
 * section, and make a property that they stand in unknown; `left` has them, and why.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 */
export class Loops {
  private readonly notes = new Set<string>();
  private size = 0;

  constructor(private readonly stack: DeployedStack) {}

  public get left(): string[] {
    return [...this.notes];
  }

  /** A section of the template, such as `Resources`. */
  public expandSection(section: unknown): unknown {
    return isObject(section) ? Object.fromEntries(Object.entries(section).flatMap((entry) => this.expandEntry(entry) ?? [])) : section;
  }

  private expandValue(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((element) => this.expandValue(element));
    }
    if (!isObject(value)) {
      return value;
    }
    const entries = Object.entries(value).map((entry) => this.expandEntry(entry));
    return entries.includes(undefined) ? { 'Fn::ForEach': value } : Object.fromEntries(entries.flatMap((some) => some ?? []));
  }

  /** What an entry of an object becomes; undefined if it is a loop that cannot be expanded. */
  private expandEntry([key, value]: Entry): Entry[] | undefined {
    if (!LOOP.test(key)) {
      return [[key, this.expandValue(value)]];
    }
    const copies = this.copiesOf(key, value);
    const expanded = copies?.map((entry) => this.expandEntry(entry));
    return expanded?.includes(undefined) ? undefined : expanded?.flatMap((entries) => entries ?? []);
  }

  private copiesOf(name: string, written: unknown): Entry[] | undefined {
    const loop = loopOf(written);
    if (!loop) {
      return this.leave(name, 'a loop has an identifier, a collection and a fragment');
    }
    const items = resolveValue(loop.collection, this.stack);
    if (!Array.isArray(items) || !items.every(isItem)) {
      return this.leave(name, `its collection depends on ${readable(JSON.stringify(items) ?? 'nothing')}`);
    }
    this.size += items.length * JSON.stringify(loop.fragment).length;
    return this.size > SIZE_LIMIT ? this.leave(name, 'it would make more than CloudFormation takes') : items.flatMap((item) => copyFor(loop, String(item)));
  }

  private leave(name: string, why: string): undefined {
    this.notes.add(`The loop ${name} is not expanded, because ${why}; what it makes is not looked at.`);
    return undefined;
  }
}

function loopOf(written: unknown): Loop | undefined {
  const [identifier, collection, fragment] = Array.isArray(written) ? written : [];
  return typeof identifier === 'string' && collection !== undefined && isObject(fragment) ? { identifier, collection, fragment } : undefined;
}

function isItem(item: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof item) && isSettled(String(item));
}

function copyFor({ identifier, fragment }: Loop, item: string): Entry[] {
  const placeholder = new RegExp(`([$&])\\{${identifier.replace(/[^A-Za-z0-9]/g, '\\$&')}}`, 'g');
  const filled = (text: string) => text.replace(placeholder, (_, sign: string) => (sign === '&' ? item.replace(/[^A-Za-z0-9]/g, '') : item));
  const copy = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return filled(value);
    }
    if (Array.isArray(value)) {
      return value.map(copy);
    }
    return isObject(value) ? (isReferenceTo(identifier, value) ? item : Object.fromEntries(copyEntries(value))) : value;
  };
  const copyEntries = (object: object) => Object.entries(object).map(([key, value]): Entry => [filled(key), copy(value)]);
  return copyEntries(fragment);
}

function isReferenceTo(identifier: string, value: Record<string, unknown>): boolean {
  return value.Ref === identifier && Object.keys(value).length === 1;
}
