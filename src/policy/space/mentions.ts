import { Policy, Statement } from '../document';
import { Pattern } from '../pattern';
import { PrincipalPattern } from '../principals';
import { mentionedPatterns, MentionedValue, mentionedValues, ValueClasses, valueClasses } from '../value-classes';

/** Values of condition keys, in lower case, that a guarantee tells apart. */
export type MentionedKeys = Readonly<Record<string, readonly MentionedValue[]>>;

/** Everything that policies and guarantees mention, by condition key. */
export class Mentions {
  private readonly byKey = new Map<string, MentionedValue[]>();
  public readonly statements: readonly Statement[];

  constructor(policies: readonly Policy[], keys: MentionedKeys = {}) {
    this.statements = policies.flatMap(({ statements }) => statements);
    Object.entries(keys).forEach(([key, values]) => this.add(key, values));
    this.statements.flatMap(({ conditions }) => conditions).forEach((test) => this.add(test.key, mentionedValues([test])));
  }

  public get keys(): string[] {
    return [...this.byKey.keys()];
  }

  public has(key: string): boolean {
    return this.byKey.has(key);
  }

  public valuesOf(key: string): readonly MentionedValue[] {
    return this.byKey.get(key) ?? [];
  }

  public patternsOf(key: string): Pattern[] {
    return mentionedPatterns(this.valuesOf(key));
  }

  public classesOf(key: string, fresh: string): ValueClasses {
    return valueClasses(this.valuesOf(key), fresh);
  }

  /** The classes of a key if it is mentioned; otherwise the key is left out of requests, where nobody would look at it. */
  public optionsOf(key: string, fresh: string): Record<string, readonly string[]> {
    return this.has(key) ? { [key]: this.classesOf(key, fresh).values } : {};
  }

  public isExact(...keys: string[]): boolean {
    return keys.every((key) => this.classesOf(key, '').isExact);
  }

  public get principals(): PrincipalPattern[] {
    return this.statements.flatMap(({ principal }) => [...(principal?.members ?? [])]);
  }

  public get resources(): Pattern[] {
    return this.statements.flatMap(({ resource }) => [...(resource?.members ?? [])].flatMap(({ pattern }) => pattern ?? []));
  }

  private add(key: string, values: readonly MentionedValue[]): void {
    this.byKey.set(key, [...(this.byKey.get(key) ?? []), ...values]);
  }
}
