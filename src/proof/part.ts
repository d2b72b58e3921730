import { ContextValues } from '../policy/context';
import { Principal } from '../policy/request';

/** One way in which a part of a request can be. */
export interface Choice {
  /** What other parts of the request depend on: the kind of caller, of route; whether something is there. */
  readonly kind: string;

  /** The condition keys that are present, in lower case. All others that the part owns are absent. */
  readonly context: ContextValues;
  readonly principal?: Principal;
  readonly action?: string;
  readonly resource?: string;

  /** The account of the entity, where the organization or another part follows from it. */
  readonly account?: string;

  /** Where the account is in an organization; undefined if it is in none. */
  readonly organizationPath?: string;

  /** Whether the choice stands for ways that could not be told apart: no test of it is decided. */
  readonly isOpen?: boolean;

  /** Why the choice may not be there: something that AWS does not document. */
  readonly doubt?: string;

  /** Whether other choices stand for the same with more decided: this one is of use only where something is sure. */
  readonly isRough?: boolean;

  /** Which values that are not known before deployment are those of the choice. */
  readonly coincidences?: readonly Coincidence[];

  /** What the choice would not be judged as it is with: it is so perhaps. */
  readonly contingency?: Coincidence;
}

/** That a value which is not known before deployment turns out to be a value of the request. */
export interface Coincidence {
  readonly key: string;
  readonly unknown: string;
  readonly value: string;
}

/** A part of requests that can be chosen by itself, but for links. The most ordinary way comes first. */
export interface Part {
  readonly name: string;

  /** Whether the part decides a condition key, in lower case. */
  readonly owns: (key: string) => boolean;
  readonly choices: readonly Choice[];
}

/** A part whose choices are made when somebody asks for them: many proofs never do. */
export function partOf(name: string, owns: Part['owns'], make: () => readonly Choice[]): Part {
  let made: readonly Choice[] | undefined;
  return { name, owns, get choices() { return made ??= make(); } };
}

/** What choices of two parts have to do with each other: only some views of one go with some views of the other. */
export interface Link {
  readonly parts: readonly [one: string, other: string];

  /** What of a choice matters to the link. */
  readonly views: readonly [(choice: Choice) => string, (choice: Choice) => string];
  readonly fits: (one: string, other: string) => boolean;
}

/** A bucket, an access point or a key, as far as requests to it depend on it. */
export interface ResourceFacts {
  readonly arn: string;

  /** What the ARNs of its objects begin with. */
  readonly objects: string;
  readonly account: string;
  readonly partition: string;

  /**
   * Of an access point: whether it is bound to a VPC.
   *
   * @default - not known
   */
  readonly networkOrigin?: NetworkOrigin;

  /**
   * Of a bucket: the Region in which it is.
   *
   * @default - not known
   */
  readonly region?: string;
}

export type NetworkOrigin = 'Internet' | 'VPC';

export function isAccessPoint({ arn }: ResourceFacts): boolean {
  return /:accesspoint\//.test(arn);
}

/** A context from keys that may be absent (undefined) or single-valued. */
export function present(values: Record<string, string | readonly string[] | undefined>): ContextValues {
  const context = new Map<string, readonly string[]>();
  for (const key of Object.keys(values)) {
    const value = values[key];
    if (value !== undefined) {
      context.set(key, typeof value === 'string' ? [value] : value);
    }
  }
  return context;
}

/** The value of a condition key in a choice; undefined if the key is absent. */
export function valueIn(choice: { readonly context: ContextValues }, key: string): string | undefined {
  return choice.context.get(key)?.[0];
}
