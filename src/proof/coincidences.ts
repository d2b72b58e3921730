import { Choice, Coincidence, Part, partOf } from './part';
import { conditionKey } from '../aws/condition-keys';
import { ConditionTest, conditionTest } from '../policy/condition';
import { ContextValues } from '../policy/context';
import { Statement } from '../policy/document';
import { principalApplies } from '../policy/evaluate';
import { OperatorKind, takesPatterns } from '../policy/operators';
import { arnPattern, textPattern } from '../policy/pattern';
import { PrincipalPattern } from '../policy/principals';
import { PolicyRequest, Principal } from '../policy/request';
import { Truth } from '../policy/truth';
import { areSurelyUnlike, beforeUnknown, isUnknown, isWhollyUnknown, mayBringWildcards, unknownForm, widest } from '../policy/unknown-text';
import { PolicyText, policyText } from '../policy/variables';

/*
 * Values of a policy that are not known before deployment may turn out to be any value of a request. Each choice of a request is looked at
 * beside those in which such values are its own: what is found there is perhaps so. What is judged otherwise there, is never sure.
 */

/** A value that is not known before deployment, or a pattern with one in it. */
interface Unknown {
  readonly key: string;
  readonly source: string;
  readonly couldBe: (text: string) => boolean;

  /** Whether it is compared as a pattern, and may turn out to be one that matches everything. */
  readonly mayMatchAll: boolean;
}

/** Something that compares a key with values. */
interface Comparison {
  readonly key: string;

  /** The values that are not known before deployment. */
  readonly unknown: readonly string[];

  /** Whether wildcards in its values are wildcards. */
  readonly takesPatterns: boolean;
  readonly judge: (choice: Choice) => Truth;
}

const CALLER = 'aws:principalarn';
const MOST_CASES = 24; // of one choice: beyond it, too many values coincide in too many ways

/**
 * The part with choices in which values that are not known before deployment are those of the request.
 *
 * @param mentioned whether a text stands for itself alone, and not for all that nobody mentions
 */
export function withCoincidences(part: Part, statements: readonly Statement[], mentioned: (text: string) => boolean): Part {
  const comparisons = comparisonsIn(part, statements);
  const unknown = unknownValues(comparisons);
  if (unknown.length === 0) {
    return part;
  }
  const keys = new Set(unknown.map(({ key }) => key));
  const compared = comparisons.filter(({ key }) => keys.has(key));
  const choices = () => part.choices.flatMap((choice) => (choice.isOpen ? [choice] : inAllCases(choice, unknown, compared, mentioned)));
  return partOf(part.name, part.owns, () => withOwnValues(choices(), compared));
}

/** What compares keys of a part: conditions, and principals that are not known in full. */
function comparisonsIn(part: Part, statements: readonly Statement[]): Comparison[] {
  const tests = statements.flatMap(({ conditions }) => conditions).filter(({ key }) => part.owns(key));
  const ofPrincipals = part.owns(CALLER) ? statements.filter(({ principal }) => principal?.members.some(isOpenPrincipal)) : [];
  return [
    ...tests.map((test): Comparison => ({
      key: test.key,
      unknown: isCompared(test) ? test.values.map(({ source }) => source).filter(isUnknown) : [],
      takesPatterns: takesPatterns(test.operator?.kind),
      judge: (choice) => coinciding(test, choice)(choice.context),
    })),
    ...ofPrincipals.map((statement): Comparison => ({
      key: CALLER,
      unknown: statement.principal!.members.filter(isOpenPrincipal).map(({ text }) => text),
      takesPatterns: false,
      judge: (choice) => principalCoinciding(statement, choice),
    })),
  ];
}

/** One of those that the same comparisons are made with: what is true of one is true of the others. */
function unknownValues(comparisons: readonly Comparison[]): Unknown[] {
  const byComparisons = new Map<string, Unknown>();
  for (const { key, source } of comparisons.flatMap((one) => one.unknown.map((text) => ({ key: one.key, source: text })))) {
    const places = comparisons.flatMap((one, i) => (one.key === key && one.unknown.includes(source) ? [i] : []));
    const name = [key, widest(source), ...allowedValues(source) ?? [], ...places].join('\n');
    if (!byComparisons.has(name)) {
      const { matches } = textPattern(widest(source).toLowerCase());
      const allowed = allowedValues(source)?.map((value) => value.toLowerCase());
      const isAllowed = (text: string) => allowed === undefined || isUnknown(text) || allowed.includes(text.toLowerCase());
      const mayMatchAll = mayBringWildcards(source) && places.some((i) => comparisons[i].takesPatterns);
      byComparisons.set(name, { key, source, couldBe: (text) => isAllowed(text) && matches(text.toLowerCase()) !== false && !areSurelyUnlike(source, text), mayMatchAll });
    }
  }
  return [...byComparisons.values()];
}

/** A choice as it is, and once for each way in which it is judged where values of the policy are its own. */
function inAllCases(choice: Choice, unknown: readonly Unknown[], comparisons: readonly Comparison[], mentioned: (text: string) => boolean): Choice[] {
  const possible = unknown.flatMap(({ key, source, couldBe, mayMatchAll }): Coincidence[] => {
    const requestValues = choice.context.get(key) ?? [];
    const values = [...requestValues.filter((value) => value !== source && couldBe(value)), ...(mayMatchAll && requestValues.length > 0 ? [widest(source)] : [])];
    return values.map((value) => ({ key, unknown: source, value }));
  });
  if (possible.length === 0) {
    return [choice];
  }
  const byJudgement = new Map<string, Choice>([[judgementOf(choice, comparisons), choice]]);
  let queue: readonly (readonly Coincidence[])[] = [[]];
  while (queue.length > 0 && byJudgement.size <= MOST_CASES) {
    const enlarged = queue.flatMap((those) =>
      possible.filter((one) => !those.some((other) => other.key === one.key && other.unknown === one.unknown)).map((one) => [...those, one]));
    const fresh = enlarged.map((coincidences) => ({ ...choice, coincidences })).filter((one) => {
      const judgement = judgementOf(one, comparisons);
      const isFresh = !byJudgement.has(judgement);
      byJudgement.set(judgement, byJudgement.get(judgement) ?? one);
      return isFresh;
    });
    queue = fresh.map(({ coincidences }) => coincidences);
  }
  const [, ...cases] = byJudgement.values();
  const isSpecific = cases.some(({ coincidences }) => coincidences!.some((one) => one.value === widest(one.unknown) || isAboutOne(one, mentioned)));
  return [isSpecific ? { ...choice, contingency: cases[0].coincidences![0] } : choice, ...cases, ...(byJudgement.size > MOST_CASES ? [{ ...choice, isOpen: true }] : [])];
}

/** Whether a value of a request stands for itself alone where a value of the policy may be it: there may be no other for which it could stand. */
function isAboutOne({ key, unknown, value }: Coincidence, mentioned: (text: string) => boolean): boolean {
  const rest = value.slice(beforeUnknown(unknown).length);
  return mentioned(value) || mentioned(rest) || mentioned(rest.split(/[:/]/)[0]) || isOneOfFew(key, value) || (!isWhollyUnknown(unknown) && mayBringWildcards(unknown));
}

/** Choices whose own value is not known: they are as they seem only if they are so whatever it is. */
function withOwnValues(choices: readonly Choice[], comparisons: readonly Comparison[]): readonly Choice[] {
  const known = new Map([...new Set(comparisons.map(({ key }) => key))].map((key) => [key, [...new Set(choices.flatMap(({ context }) => context.get(key) ?? []))]]));
  return choices.flatMap((choice) => {
    const unknownOf = (key: string, values: readonly string[]) => (known.has(key) ? values.filter(isUnknown) : []).map((unknown) => ({ key, unknown }));
    const [own] = [...choice.context].flatMap(([key, values]) => unknownOf(key, values));
    if (own === undefined || choice.coincidences !== undefined || choice.contingency !== undefined) {
      return choice;
    }
    const ofKey = comparisons.filter(({ key }) => key === own.key);
    const judgement = judgementOf(choice, ofKey);
    const { matches } = textPattern(widest(own.unknown));
    const others = known.get(own.key)!.filter((text) => text !== own.unknown && matches(text) !== false && !areSurelyUnlike(own.unknown, text));
    const value = others.find((text) => judgementOf(withValue(choice, { ...own, value: text }), ofKey) !== judgement);
    return value === undefined ? choice : isOneOfOthers(choice, own, choices) ? [] : { ...choice, contingency: { ...own, value } };
  });
}

/** Whether all values that an unknown one may have are those of other choices, which are the same but for the value: these stand for it. */
function isOneOfOthers({ kind, context, principal, account }: Choice, { key, unknown }: Pick<Coincidence, 'key' | 'unknown'>, choices: readonly Choice[]): boolean {
  const isAlone = context.size === 1 && context.get(key)!.length === 1 && principal === undefined && account === undefined;
  const isOther = (other: Choice, value: string) => other.kind === kind && other.account === undefined && other.context.size === 1 && other.context.get(key)?.join() === value;
  return isAlone && allowedValues(unknown)?.every((value) => choices.some((other) => isOther(other, value))) === true;
}

/** The only values that an unknown one may have, if there are wildcards in none. */
function allowedValues(unknown: string): readonly string[] | undefined {
  return isWhollyUnknown(unknown) && !mayBringWildcards(unknown) ? unknownForm(unknown)?.values : undefined;
}

/** The choice as it is if a value that is not known is a certain one. */
function withValue(choice: Choice, coincidence: Coincidence): Choice {
  const { key, unknown, value } = coincidence;
  const own = choice.context.get(key)!.map((text) => (text === unknown ? value : text));
  return { ...choice, context: new Map([...choice.context, [key, own]]), coincidences: [coincidence] };
}

function judgementOf(choice: Choice, comparisons: readonly Comparison[]): string {
  return comparisons.map(({ judge }) => judge(choice)).join();
}

/** Whether a value stands for itself alone, since AWS has few. */
function isOneOfFew(key: string, value: string): boolean {
  const row = conditionKey(key);
  return row?.values !== undefined || row?.type === 'bool' || key === 'aws:principaltype' || value === 'anonymous';
}

type Coincidences = Pick<Choice, 'coincidences'>;

/** The test as it is where values that are not known turn out to be others, and those that are left are none of the request. */
export function coinciding(test: ConditionTest, { coincidences, context }: Coincidences & Pick<Choice, 'context'>): ConditionTest['holds'] {
  if (!isCompared(test) || !hasUnknown(test)) {
    return test.holds; // as nearly all are
  }
  const own = new Map((coincidences ?? []).filter(({ key }) => key === test.key).map(({ unknown, value }) => [unknown, value]));
  const requestValues = context.get(test.key) ?? [];
  const values = test.values.flatMap((value) => (own.has(value.source) ? [policyText(own.get(value.source)!, false)] : staysAsItIs(test, value, requestValues) ? [value] : []));
  return values.length === test.values.length && own.size === 0 ? test.holds : conditionTest(test.operatorName, test.writtenKey, values).holds;
}

/** Whether a value is compared as it is written: it is known, or surely that of the request. Lists of values with patterns are not decided. */
function staysAsItIs({ operator }: ConditionTest, value: PolicyText, requestValues: readonly string[]): boolean {
  return !isUnknown(value.source) || !takesPatterns(operator!.kind) || requestValues.length !== 1 || comparisonWith(operator!.kind, value)(requestValues[0]) === true;
}

const COMPARED = new WeakMap<PolicyText, Map<OperatorKind, (text: string) => Truth>>();

function comparisonWith(kind: OperatorKind, value: PolicyText): (text: string) => Truth {
  const known = COMPARED.get(value) ?? new Map<OperatorKind, (text: string) => Truth>();
  COMPARED.set(value, known);
  const { text, escaped } = value.fill(new Map())!;
  const compare = known.get(kind) ?? (kind === 'arn' ? arnPattern(text, escaped) : textPattern(text, escaped)).matches;
  known.set(kind, compare);
  return compare;
}

const WITH_UNKNOWN = new WeakMap<ConditionTest, boolean>();

function hasUnknown(test: ConditionTest): boolean {
  const known = WITH_UNKNOWN.get(test) ?? test.values.some(({ source }) => isUnknown(source));
  WITH_UNKNOWN.set(test, known);
  return known;
}

/** Operators that compare texts, without policy variables. */
function isCompared({ operator, isSelfContained }: ConditionTest): boolean {
  return isSelfContained && (operator?.kind === 'text' || operator?.kind === 'text-ignoring-case' || operator?.kind === 'binary' || takesPatterns(operator?.kind));
}

/** Whether a principal is one role or user of which a part of the ARN is not known. */
function isOpenPrincipal({ kind, text, account, isEveryone }: PrincipalPattern): boolean {
  return kind === 'AWS' && !isEveryone && account === undefined && isUnknown(text) && !isWhollyUnknown(text) && text.startsWith('arn:');
}

/** Whether a statement is about the caller of a choice, where principals that are not known turn out to be that caller or not. */
export function principalCoinciding(statement: Statement, { principal, coincidences }: Coincidences & { readonly principal?: Principal }): Truth {
  return principalApplies(withPrincipals(statement, principal!, coincidences), { principal: principal! });
}

function withPrincipals(statement: Statement, caller: Principal, coincidences: Choice['coincidences']): Statement {
  if (!statement.principal?.members.some(isOpenPrincipal) || (caller.kind === 'iam' && caller.sessionArn !== undefined)) {
    return statement;
  }
  const own = new Map((coincidences ?? []).filter(({ key }) => key === CALLER).map(({ unknown, value }) => [unknown, value]));
  const members = statement.principal.members.flatMap((member) => (own.has(member.text) ? [{ ...member, text: own.get(member.text)! }]
    : !isOpenPrincipal(member) || (caller.kind === 'iam' && member.text === caller.arn) ? [member] : []));
  return { ...statement, principal: { ...statement.principal, members } };
}

/** The statement as it is for a request of which no value is one that is not known. */
export function withoutCoincidence(statement: Statement, { context, principal }: PolicyRequest): Statement {
  const conditions = statement.conditions.map((test) => asFound(test, context));
  return { ...withPrincipals(statement, principal, undefined), conditions };
}

function asFound(test: ConditionTest, context: ContextValues): ConditionTest {
  const holds = coinciding(test, { context });
  return holds === test.holds ? test : { ...test, holds };
}

/** Whether a test asks about the ARN of a caller of whom nothing is known before deployment. */
export function isUnknownCaller({ key }: ConditionTest, { context }: Choice): boolean {
  return key === CALLER && isWhollyUnknown(context.get(key)?.[0] ?? '');
}

/** Such a caller is surely the same where the same value is meant, and perhaps any other. */
export function ofUnknownCaller({ key, operator, values }: ConditionTest, { context }: Choice): Truth {
  return operator && values.some(({ source }) => source === context.get(key)![0]) ? !operator.negated : undefined;
}
