import { TestedPattern } from './texts';
import { widenedText } from './variables';
import { ConditionTest } from '../policy/condition';
import { Statement } from '../policy/document';
import { OperatorKind, patternOf } from '../policy/operators';
import { arnPattern, arnSegments, literalPattern, textPattern } from '../policy/pattern';
import { PrincipalPattern } from '../policy/principals';
import { inLowerCase, isUnknown, UNKNOWN_ACCOUNT, widest } from '../policy/unknown-text';
import { FilledText, PolicyText } from '../policy/variables';

const TEXT_KINDS: readonly OperatorKind[] = ['text', 'text-ignoring-case', 'pattern', 'arn', 'binary'];

/** Condition keys, in lower case, whose values are accounts. */
export const ACCOUNT_KEYS = ['aws:principalaccount', 'kms:calleraccount', 'aws:sourceaccount', 'aws:sourceowner', 'aws:vpceaccount', 's3:dataaccesspointaccount', 'aws:resourceaccount', 's3:resourceaccount'];

/** Everything that policies and guarantees mention. */
export class Mentions {
  private readonly tests = new Map<string, ConditionTest[]>();
  private everyPrincipal?: readonly PrincipalPattern[];
  private everyAccount?: readonly string[];
  private everyText?: ReadonlySet<string>;

  constructor(public readonly statements: readonly Statement[]) {
    for (const { conditions } of statements) {
      for (const test of conditions) {
        const known = this.tests.get(test.key);
        if (known) {
          known.push(test);
        } else {
          this.tests.set(test.key, [test]);
        }
      }
    }
  }

  public get keys(): string[] {
    return [...this.tests.keys()];
  }

  public has(...keys: string[]): boolean {
    return keys.some((key) => this.tests.has(key));
  }

  public testsOf(...keys: string[]): readonly ConditionTest[] {
    return keys.flatMap((key) => this.tests.get(key) ?? []);
  }

  /**
   * For each test that compares texts, the texts that it compares with; where policy variables stand in them, whatever they could be. Texts with
   * values in them that are not known are looked at twice: as they are, and as whatever they could be.
   */
  public patternsOf(...keys: string[]): TestedPattern[][] {
    const tests = this.testsOf(...keys).filter(isTextTest);
    const isPartlyUnknown = ({ source }: PolicyText) => isUnknown(source) && widest(source) !== '*';
    const possible = tests.flatMap(({ operator, values }) => values.filter(isPartlyUnknown).map((value) => [couldBe(operator!.kind, value)]));
    return [...this.testsOf(...keys).map((test) => (isTextTest(test) ? test.values.map((value) => tested(test.operator!.kind, value)) : [])), ...possible];
  }

  /** The texts that tests compare a key with. */
  public valuesOf(key: string): string[] {
    return this.testsOf(key).filter(isTextTest).flatMap(valuesOf).map(({ text }) => text);
  }

  public get principals(): readonly PrincipalPattern[] {
    return this.everyPrincipal ??= this.statements.flatMap(({ principal }) => principal?.members ?? []);
  }

  /** Principals that are named in full. */
  public principalsOfKind(kind: PrincipalPattern['kind']): string[] {
    return [...new Set(this.principals.filter((principal) => principal.kind === kind && !principal.isEveryone).map(({ text }) => text))];
  }

  /** The accounts that are named anywhere: as such, in ARNs, in the names of other things. */
  public get accounts(): readonly string[] {
    return this.everyAccount ??= this.namedAccounts();
  }

  private namedAccounts(): string[] {
    const texts = [...this.texts];
    const inTexts = texts.flatMap((text) => text.match(/(?<!\d)\d{12}(?!\d)/g) ?? []);
    const asAccounts = ACCOUNT_KEYS.flatMap((key) => this.valuesOf(key));
    const possible = [...asAccounts, ...texts.flatMap((text) => arnSegments(text)[4] ?? [])];
    const unknown = possible.filter((account) => account === UNKNOWN_ACCOUNT || (isUnknown(account) && !/[*?]/.test(account)));
    const asPrincipals = this.principals.flatMap(({ account, text }) => account ?? arnSegments(text)[4] ?? []);
    return [...new Set([...inTexts, ...unknown, ...asPrincipals])].filter((account) => account !== '' && !/[*?]/.test(account));
  }

  /** All texts that are compared with something: values of conditions and principals. */
  public get texts(): Iterable<string> {
    return this.everyText ??= new Set([...[...this.tests.values()].flat().flatMap(valuesOf).map(({ text }) => text), ...this.principals.map(({ text }) => text)]);
  }
}

export function isTextTest({ operator }: ConditionTest): boolean {
  return operator !== undefined && TEXT_KINDS.includes(operator.kind);
}

/** The values of a test that do not depend on the request. */
export function valuesOf({ values }: ConditionTest): FilledText[] {
  return values.flatMap((value) => (value.variables.length === 0 ? [value.fill(new Map())!] : []));
}

/** Whether a text may stand for an id that AWS draws at deployment: an unknown value, or `<stack>-<logical ID>`. */
export function isNameOfId(text: string): boolean {
  return !/[*?]/.test(text) && (isUnknown(text) || text.includes('-'));
}

/** A text as a pattern of its own. */
export function literally(text: string): TestedPattern[] {
  return [{ pattern: literalPattern(text), ignoresCase: false }];
}

function couldBe(kind: OperatorKind, { source }: PolicyText): TestedPattern {
  return { pattern: kind === 'arn' ? arnPattern(widest(source)) : textPattern(widest(source)), ignoresCase: kind === 'text-ignoring-case' };
}

function tested(kind: OperatorKind, value: PolicyText): TestedPattern {
  const ignoresCase = kind === 'text-ignoring-case';
  if (value.variables.length > 0) {
    const widened = widenedText(value);
    return { pattern: kind === 'arn' ? arnPattern(widened) : textPattern(ignoresCase ? inLowerCase(widened) : widened), ignoresCase };
  }
  const filled = value.fill(new Map())!;
  return { pattern: patternOf(kind, ignoresCase ? { ...filled, text: inLowerCase(filled.text) } : filled), ignoresCase };
}
