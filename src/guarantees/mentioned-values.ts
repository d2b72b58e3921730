import { ConditionTest } from '../policy/condition';
import { Statement } from '../policy/document';
import { takesPatterns } from '../policy/operators';
import { arnSegments } from '../policy/pattern';
import { mayBringWildcards, mayHaveWildcards } from '../policy/unknown-text';

/** The tests of keys, in lower case, in some statements. */
export function testsOf(statements: readonly Statement[], keys: readonly string[]): ConditionTest[] {
  return statements.flatMap(({ conditions }) => conditions).filter(({ key }) => keys.includes(key));
}

/** The values of a test that do not depend on the request. */
export function textsOf({ values, operator }: ConditionTest): string[] {
  return operator ? values.flatMap((value) => (value.variables.length === 0 ? [value.fill(new Map())!.text] : [])) : [];
}

/** Patterns that denies spare, and that may match everything. */
export function sparedOpenPatterns(denies: readonly Statement[], key: string): string[] {
  return sparingTests(denies, key).flatMap((test) => textsOf(test).filter((text) => isOpenPattern(test, text)));
}

/** Whether a value is a pattern of which a part is not known: it may match everything, and names nobody. */
function isOpenPattern({ operator }: ConditionTest, text: string): boolean {
  return takesPatterns(operator?.kind) && mayBringWildcards(text);
}

/** The values that a statement compares with a key. */
export function mentioned(statements: readonly Statement[], ...keys: string[]): string[] {
  return testsOf(statements, keys).flatMap(textsOf);
}

/** The values that denies spare: a request with one of them is not denied by the test. */
export function spared(denies: readonly Statement[], ...keys: string[]): string[] {
  return sparingTests(denies, ...keys).flatMap(textsOf);
}

/** The tests that requests with some values fail, so that denies do not apply to them. */
function sparingTests(denies: readonly Statement[], ...keys: string[]): ConditionTest[] {
  return testsOf(denies, keys).filter(({ operator }) => operator?.negated);
}

/** A value that denies spare. */
export interface Spared {
  readonly text: string;
  readonly ignoresCase: boolean;
}

/** The values that denies spare, without patterns that may match everything. */
export function sparedValues(denies: readonly Statement[], key: string): Spared[] {
  return sparingTests(denies, key).flatMap((test) => textsOf(test).filter((text) => !isOpenPattern(test, text)).map((text) => ({ text, ignoresCase: ignoresCase(test) })));
}

function ignoresCase({ operator }: ConditionTest): boolean {
  return operator?.kind === 'text-ignoring-case';
}

/** The organization of the bucket, as policies write it. */
export const OWN_ORGANIZATION = '${aws:ResourceOrgID}';

/** Ids that denies spare, that of the bucket's organization among them. They are of small letters, however an operator that ignores case writes them. */
export function sparedIds(denies: readonly Statement[], key: string): string[] {
  const ids = sparingTests(denies, key).flatMap((test) => textsOf(test).map((text) => (ignoresCase(test) ? text.toLowerCase() : text)));
  return [...ids.filter((text) => !isPattern(text)), ...ofOwnOrganization(denies, key).filter((text) => text === OWN_ORGANIZATION)];
}

/** Paths in one organization each that denies spare, as patterns. */
export function sparedPaths(denies: readonly Statement[], key: string): string[] {
  return [...spared(denies, key), ...ofOwnOrganization(denies, key)].filter(isOfOneOrganization);
}

function isOfOneOrganization(path: string): boolean {
  const [id] = path.split('/');
  return id !== path && id !== '' && !mayHaveWildcards(id);
}

/** Texts that begin with the id of the bucket's organization and have no other variable. */
function ofOwnOrganization(denies: readonly Statement[], key: string): string[] {
  const [begin, rest] = [/^\$\{aws:resourceorgid\}(?=\/|$)/i, /\$\{/];
  const values = sparingTests(denies, key).flatMap((test) => test.values.filter(({ variables }) => variables.length > 0));
  return values.map(({ source }) => source.replace(begin, OWN_ORGANIZATION)).filter((text) => text.startsWith(OWN_ORGANIZATION) && !rest.test(text.slice(OWN_ORGANIZATION.length)));
}

export function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

/** The account in an ARN, if the ARN fixes it. */
export function fixedAccountOf(arn: string): string | undefined {
  const account = arnSegments(arn)[4];
  return account === undefined || account === '' || isPattern(account) ? undefined : account;
}
