import { cautiousTest, ConditionTest, conditionTest } from './condition';
import { couldBe } from './could-be';
import { ACCOUNT_ID, malformed } from './identifiers';
import { Pattern, resourcePattern, textPattern } from './pattern';
import { PrincipalPattern, principalPatterns } from './principals';
import { inLowerCase, isUnknown, isWhollyUnknown, unknownForm } from './unknown-text';
import { PolicyText, policyText } from './variables';

/** A statement list that can be evaluated. */
export interface Policy {
  readonly version?: string;
  readonly statements: readonly Statement[];
}

/** One statement. Of each pair of elements (`Action`, `NotAction` …) at most one is there. */
export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';

  /** Absent in policies of identities, which apply to whom they are attached to. */
  readonly principal?: Scope<PrincipalPattern>;
  readonly action: Scope<Pattern>;

  /** Absent in trust policies, which belong to one resource. */
  readonly resource?: Scope<ResourceText>;
  readonly conditions: readonly ConditionTest[];

  /** What is not known of the statement before deployment, where it decides whether the statement applies to anything: its effect, its conditions, all of it. */
  readonly open?: string;

  /** Where the statement stands in its document, such as `Statement[2]`. */
  readonly path: string;
}

/** What a statement applies to: what is listed, or what is not. */
export interface Scope<T> {
  readonly isInverted: boolean;
  readonly members: readonly T[];

  /** Whether what is not listed is simply all else: of `NotPrincipal`, AWS says less. */
  readonly isComplement?: boolean;
}

/** A resource, and its pattern if that is the same for all requests. */
export interface ResourceText {
  readonly text: PolicyText;
  readonly pattern?: Pattern;
}

/** Says that a document is no policy: IAM would refuse it. */
export class PolicySyntaxError extends Error {
  /**
   * @param path where in the document, such as `Statement[2].Action`
   * @param reason what is wrong there
   */
  constructor(public readonly path: string, public readonly reason: string) {
    super(`${path || 'the document'}: ${reason}`);
    this.name = 'PolicySyntaxError';
  }
}

const DOCUMENT_ELEMENTS = ['Version', 'Id', 'Statement'];
const STATEMENT_ELEMENTS = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];
const VERSION_WITH_VARIABLES = '2012-10-17';

/**
 * Reads a policy document, the parsed JSON of it. Values that are not known before deployment are texts made by `unknownText`.
 *
 * @throws PolicySyntaxError if an element is missing, unknown, or of the wrong type
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(document: unknown): Policy {
  const { Version, Statement: statements } = record(document, '', DOCUMENT_ELEMENTS);
  if (Version !== undefined && Version !== VERSION_WITH_VARIABLES && Version !== '2008-10-17') {
    throw new PolicySyntaxError('Version', `${shown(Version)} is no version of the policy language.`);
  }
  if (statements === undefined) {
    throw new PolicySyntaxError('Statement', 'a policy has statements.');
  }
  const list = Array.isArray(statements) ? statements : [statements];
  return {
    version: Version as string | undefined,
    statements: list.flatMap((statement, i) => parseStatement(statement, Array.isArray(statements) ? `Statement[${i}]` : 'Statement', Version === VERSION_WITH_VARIABLES)),
  };
}

/** A statement of a document, as the document has it. */
export function statementJson({ Statement: statements }: { readonly Statement: unknown }, { path }: Statement): unknown {
  const position = /^Statement\[(\d+)]$/.exec(path)?.[1];
  return position === undefined ? statements : (statements as unknown[])[Number(position)];
}

const CAUTIOUS = new WeakMap<Policy, Policy>();

/** The same policy for decisions about real requests: see `cautiousTest`. */
export function cautiousPolicy(policy: Policy): Policy {
  const known = CAUTIOUS.get(policy) ?? { ...policy, statements: policy.statements.map(cautiousStatement) };
  CAUTIOUS.set(policy, known);
  return known;
}

/** The same statement for decisions about real requests. */
export function cautiousStatement(statement: Statement): Statement {
  const { principal, conditions } = statement;
  return {
    ...statement,
    ...(principal ? { principal: { ...principal, members: principal.members.map((member) => ({ ...member, mayBeAnyAccount: true })) } } : {}),
    conditions: conditions.map(cautiousTest),
  };
}

const EFFECTS: readonly Statement['effect'][] = ['Allow', 'Deny'];

/** One statement; two where it is not known whether it allows or denies. */
function parseStatement(json: unknown, path: string, hasVariables: boolean): Statement[] {
  if (isOpen(json)) {
    return EFFECTS.map((effect) => unknownStatement(json, effect, path));
  }
  const elements = record(json, path, STATEMENT_ELEMENTS);
  const { Sid, Effect, Condition } = elements;
  if (Effect !== 'Allow' && Effect !== 'Deny' && !isUnknownEffect(Effect)) {
    throw new PolicySyntaxError(`${path}.Effect`, `${shown(Effect)} is neither 'Allow' nor 'Deny'.`);
  }
  if (Sid !== undefined && typeof Sid !== 'string') {
    throw new PolicySyntaxError(`${path}.Sid`, `${shown(Sid)} is no text.`);
  }
  const action = scope(elements, 'Action', path, (value, at) => texts(value, at).map((text) => textPattern(inLowerCase(text))));
  if (!action) {
    throw new PolicySyntaxError(`${path}.Action`, 'a statement has an Action or a NotAction.');
  }
  const open = [...(isUnknownEffect(Effect) ? [Effect] : []), ...openConditions(Condition)].join('');
  const statement: Omit<Statement, 'effect'> = {
    sid: Sid,
    principal: scope(elements, 'Principal', path, (value, at) => parsePrincipals(value, at)),
    action,
    resource: scope(elements, 'Resource', path, (value, at) => texts(value, at).map((text) => resourceText(text, hasVariables))),
    conditions: parseConditions(Condition, `${path}.Condition`, hasVariables),
    ...(open === '' ? {} : { open }),
    path,
  };
  return EFFECTS.filter((effect) => effect === Effect || isUnknownEffect(Effect)).map((effect) => ({ effect, ...statement }));
}

function isUnknownEffect(value: unknown): value is string {
  return typeof value === 'string' && isWhollyUnknown(value);
}

/** Whether an element is not known, and could be whatever IAM takes there: a text of some form could not. */
function isOpen(value: unknown): value is string {
  return typeof value === 'string' && isWhollyUnknown(value) && unknownForm(value) === undefined;
}

/** A statement of which nothing is known: whether it applies to a request is never decided. */
function unknownStatement(open: string, effect: Statement['effect'], path: string): Statement {
  const listed = <T>(member: T): Scope<T> => ({ isInverted: false, members: [member] });
  return {
    effect,
    principal: { isInverted: false, members: principalPatterns('AWS', [open]) },
    action: listed(textPattern(open)),
    resource: listed(resourceText(open, false)),
    conditions: [],
    open,
    path,
  };
}

/** Conditions that are not known: all of them, or those of an operator. */
function openConditions(value: unknown): string[] {
  const blocks = typeof value === 'object' && value !== null ? Object.values(value) : [value];
  return blocks.filter(isOpen);
}

function scope<T>(elements: Record<string, unknown>, name: string, path: string, parse: (value: unknown, at: string) => T[]): Scope<T> | undefined {
  const inverted = `Not${name}`;
  if (elements[name] !== undefined && elements[inverted] !== undefined) {
    throw new PolicySyntaxError(path, `a statement has ${name} or ${inverted}, not both.`);
  }
  const isInverted = elements[inverted] !== undefined;
  const element = isInverted ? inverted : name;
  return elements[element] === undefined ? undefined : { isInverted, members: parse(elements[element], `${path}.${element}`) };
}

function resourceText(text: string, hasVariables: boolean): ResourceText {
  const read = policyText(text, hasVariables);
  const filled = read.variables.length === 0 ? read.fill(new Map()) : undefined;
  return { text: read, pattern: filled && resourcePattern(filled.text, filled.escaped) };
}

const PRINCIPAL_KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

function parsePrincipals(value: unknown, path: string): PrincipalPattern[] {
  if (typeof value === 'string') {
    if (!couldBe(value, '*')) {
      throw new PolicySyntaxError(path, `${shown(value)} is no principal: write '*', or an object such as {"AWS": …}.`);
    }
    return principalPatterns('AWS', [value]); // what is not known could be '*', or the object around any principal
  }
  return Object.entries(record(value, path, PRINCIPAL_KINDS)).flatMap(([kind, values]) => principalPatterns(kind, texts(kind === 'AWS' ? accountNumbersAsTexts(values) : values, `${path}.${kind}`)));
}

/**
 * IAM takes the number of an account without quotes, too. One that begins with a zero is no number of JSON.
 *
 * @see https://github.com/aws/aws-sdk-java-v2/pull/6662
 */
function accountNumbersAsTexts(values: unknown): unknown {
  return Array.isArray(values) ? values.map(accountNumbersAsTexts) : typeof values === 'number' && malformed(String(values), ACCOUNT_ID) === undefined ? String(values) : values;
}

function parseConditions(value: unknown, path: string, hasVariables: boolean): ConditionTest[] {
  const areKnown = value !== undefined && !isOpen(value);
  return !areKnown ? [] : Object.entries(record(value, path)).filter(([, block]) => !isOpen(block)).flatMap(([operator, block]) =>
    Object.entries(record(block, `${path}.${operator}`)).map(([key, values]) =>
      writtenTest(operator, key, conditionValues(values, `${path}.${operator}.${key}`).map((text) => policyText(text, hasVariables)))));
}

/** What is said where nothing is listed to compare with, is not documented. */
function writtenTest(operator: string, key: string, values: readonly PolicyText[]): ConditionTest {
  const test = conditionTest(operator, key, values);
  return values.length === 0 ? { ...test, holds: () => undefined } : test;
}

function conditionValues(value: unknown, path: string): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((item, i) => {
    if (!['string', 'number', 'boolean'].includes(typeof item)) {
      throw new PolicySyntaxError(Array.isArray(value) ? `${path}[${i}]` : path, `${shown(item)} is no text, number or boolean.`);
    }
    return String(item);
  });
}

function texts(value: unknown, path: string): string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) {
    throw new PolicySyntaxError(path, 'an empty list applies to nothing.');
  }
  return list.map((item, i) => {
    if (typeof item !== 'string') {
      throw new PolicySyntaxError(Array.isArray(value) ? `${path}[${i}]` : path, `${shown(item)} is no text.`);
    }
    return item;
  });
}

function record(value: unknown, path: string, elements?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PolicySyntaxError(path, `${shown(value)} is no object.`);
  }
  const unknown = elements && Object.keys(value).find((key) => !elements.includes(key));
  if (unknown !== undefined) {
    throw new PolicySyntaxError(path ? `${path}.${unknown}` : unknown, `there is no element of this name. There are: ${elements!.join(', ')}.`);
  }
  return { ...Object.fromEntries(Object.entries(value)) };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 && !isUnknown(text) ? `${text.slice(0, 57)}...` : text;
}
