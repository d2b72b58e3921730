import { Principal } from '../request';

/** A part of a request that can be chosen by itself. */
export type FacetName = 'caller' | 'operation' | 'route' | 'transport' | 'signing' | 'upload' | 'listing' | 'access-point' | string;

/** One way in which a part of a request can be. */
export interface Choice {
  /** What other parts of the request depend on: the kind of caller, of operation. */
  readonly kind: string;

  /** The condition keys that are present, in lower case. All others that the facet owns are absent. */
  readonly context: ReadonlyMap<string, readonly string[]>;
  readonly principal?: Principal;
  readonly action?: string;
  readonly resource?: string;

  /** Other choices that the policies judge as they judge this one. A guarantee may still tell them apart. */
  readonly alike?: () => readonly Choice[];
}

/** All ways in which a part of a request can be, as far as the policies at hand can tell them apart. */
export interface Facet {
  readonly name: FacetName;

  /** The condition keys, in lower case, that this part of the request decides. */
  readonly owns: (key: string) => boolean;

  /** The most ordinary way comes first. */
  readonly choices: readonly Choice[];

  /** Whether a choice goes with the caller and the operation. */
  readonly goesWith: (choice: Choice, callerKind: string, operationKind: string) => boolean;

  /** Whether the choices surely stand for all ways. */
  readonly isExact: boolean;
}

/**
 * The facets that are known already for the same policies, if no key makes them finer; others are made.
 *
 * @param keys condition keys, in lower case, that were not asked about when the known facets were made
 */
export function reusing(known: readonly Facet[], keys: readonly string[]): (name: FacetName, make: () => Facet) => Facet {
  const usable = known.filter(({ owns }) => !keys.some(owns));
  return (name, make) => usable.find((facet) => facet.name === name) ?? make();
}

/** The value of a condition key in a choice; undefined if the key is absent. */
export function valueIn(choice: Choice, key: string): string | undefined {
  return choice.context.get(key)?.[0];
}

/** A bucket, an access point or a key, as far as requests to it depend on it. */
export interface ResourceFacts {
  readonly arn: string;

  /** What the ARNs of its objects begin with. */
  readonly objects: string;
  readonly account: string;
  readonly partition: string;
}

/** Remembers what is made when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** A context from keys that may be absent (undefined) or single-valued. */
export function present(values: Record<string, string | readonly string[] | undefined>): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(values).flatMap(([key, value]): [string, readonly string[]][] => (value === undefined ? [] : [[key, [value].flat()]])));
}

/** Every combination of one value a key. */
export function combinations(values: Record<string, readonly (string | readonly string[] | undefined)[]>): Record<string, string | readonly string[] | undefined>[] {
  return Object.entries(values).reduce<Record<string, string | readonly string[] | undefined>[]>(
    (all, [key, options]) => all.flatMap((chosen) => options.map((option) => ({ ...chosen, [key]: option }))),
    [{}],
  );
}
