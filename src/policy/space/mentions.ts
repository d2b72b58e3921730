import { ConditionTest } from '../condition';
import { Policy, Statement } from '../document';
import { arnSegments, Pattern } from '../pattern';
import { PrincipalPattern } from '../principals';
import { mentionedPatterns, MentionedValue, mentionedValues, ValueClasses, valueClasses } from '../value-classes';

/** Values of condition keys, in lower case, that a guarantee tells apart. */
export type MentionedKeys = Readonly<Record<string, readonly MentionedValue[]>>;

/** Everything that policies and guarantees mention, by condition key. */
export class Mentions {
  private readonly byKey = new Map<string, MentionedValue[]>();
  private readonly tests = new Map<string, ConditionTest[]>();
  private readonly guaranteed = new Map<string, ReadonlySet<string>>();
  public readonly statements: readonly Statement[];

  constructor(policies: readonly Policy[], keys: MentionedKeys = {}) {
    this.statements = policies.flatMap(({ statements }) => statements);
    for (const [key, values] of Object.entries(keys)) {
      this.add(key, values);
      this.guaranteed.set(key, new Set(values.map(({ text }) => text)));
    }
    for (const test of this.statements.flatMap(({ conditions }) => conditions)) {
      this.add(test.key, mentionedValues([test]));
      this.tests.set(test.key, [...(this.tests.get(test.key) ?? []), test]);
    }
  }

  public get keys(): string[] {
    return [...this.byKey.keys()];
  }

  public has(key: string): boolean {
    return this.byKey.has(key);
  }

  /** Whether a guarantee tells values of a key apart. */
  public isToldApart(key: string): boolean {
    return this.guaranteed.has(key);
  }

  public valuesOf(key: string): readonly MentionedValue[] {
    return this.byKey.get(key) ?? [];
  }

  public patternsOf(key: string): Pattern[] {
    return mentionedPatterns(this.valuesOf(key));
  }

  /** One value for each class of values that the policies judge alike: few, where they are combined with those of other keys. */
  public classesOf(key: string, fresh: string): ValueClasses {
    const { values, isExact } = this.allClassesOf(key, fresh);
    return { values: this.judgedApart(key, values, fresh), isExact };
  }

  /** The classes of a key, and each value that the policies mention: a guarantee may tell apart what they judge alike. */
  public allClassesOf(key: string, fresh: string): ValueClasses {
    return valueClasses(this.valuesOf(key), fresh);
  }

  /** The same values as in `allClassesOf`, in groups that the policies judge alike. */
  public groupsOf(key: string, fresh: string): readonly (readonly string[])[] {
    return this.judgedAlike(key, this.allClassesOf(key, fresh).values, fresh);
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

  /** The first of each group: the values that stand for all others. */
  private judgedApart(key: string, values: readonly string[], fresh: string): readonly string[] {
    return this.judgedAlike(key, values, fresh).map(([first]) => first);
  }

  /** Values in groups: a group for each way in which the tests of a key judge values; and for all that a guarantee tells apart, such as a stranger's. */
  private judgedAlike(key: string, values: readonly string[], fresh: string): readonly string[][] {
    const tests = this.tests.get(key) ?? [];
    const kept = this.guaranteed.get(key) ?? new Set();
    const groups = new Map<string, string[]>();
    for (const value of values) {
      const isKept = kept.has(value) || value.startsWith(fresh);
      const judgement = isKept ? value : `${arnSegments(value)[4]} ${tests.map(({ holds }) => holds(new Map([[key, [value]]]))).join()}`;
      groups.set(judgement, [...(groups.get(judgement) ?? []), value]);
    }
    return [...groups.values()];
  }

  private add(key: string, values: readonly MentionedValue[]): void {
    this.byKey.set(key, [...(this.byKey.get(key) ?? []), ...values]);
  }
}
