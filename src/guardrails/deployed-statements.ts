import { Stack } from 'aws-cdk-lib';
import { REMOVE_CHANGE, transformed } from './deployed-resource';
import { canonical, hasTransform, settled, variants } from './template-values';
import { isObject } from '../policy/json';
import { StatementJson } from '../policy/public-allow';
import { Refusal } from '../refusal';

/**
 * Whether a document has a statement in whatever way the conditions of its template turn out. A document that is not seen has none.
 *
 * @param document the document as the template has it
 */
export function alwaysHas(document: unknown, statement: unknown): boolean {
  const text = canonical(inOrder(statement));
  const isThere = (element: unknown): boolean => branches(element).every((branch) => [branch].flat().some((candidate) => canonical(inOrder(candidate)) === text));
  return branches(document).every((form) => branches(form && read(form)?.Statement).every((list) => [list ?? []].flat().some(isThere)));
}

/**
 * The statements that a document may have, each in every form that it may take; undefined if they cannot be seen. A document that is left
 * out has none.
 */
export function possibleStatements(document: unknown, stack: Stack): StatementJson[] | undefined {
  const documents = branches(document).filter((form) => form !== undefined);
  const elements = documents.flatMap((form) => branches(read(form)?.Statement ?? UNSEEN)).flatMap((list) => [list].flat());
  const statements = elements.flatMap((element) => branches(element)).flat().filter((branch) => branch !== undefined);
  const forms = statements.map((statement) => (isStatement(statement) ? variants(settled(statement, stack)) : undefined));
  return forms.every((form) => form !== undefined) ? (forms.flat() as StatementJson[]) : undefined;
}

/** A statement with its lists in one order: the CDK sorts them where it makes policies small, and their order means nothing. */
function inOrder(statement: unknown): unknown {
  if (!isObject(statement)) {
    return statement;
  }
  const { Principal: principal } = statement;
  const lists = ['Action', 'Resource'].filter((name) => Array.isArray(statement[name])).map((name) => [name, sorted(statement[name])]);
  const principals = isObject(principal) ? { Principal: Object.fromEntries(Object.entries(principal).map(([kind, names]) => [kind, sorted(names)])) } : {};
  return { ...statement, ...Object.fromEntries(lists), ...principals };
}

function sorted(values: unknown): unknown {
  return Array.isArray(values) ? [...values].sort((one, other) => (canonical(one) < canonical(other) ? -1 : 1)) : values;
}

/** The same, or why they cannot be seen, of the policy of a resource. */
export function statementsToJudge(document: unknown, stack: Stack): StatementJson[] | Refusal {
  return hasTransform(document) ? transformed('in its policy')
    : possibleStatements(document, stack) ?? { problem: 'its policy cannot be seen at synthesis.', remedy: REMOVE_CHANGE };
}

const UNSEEN = {}; // no statement

function isStatement(value: unknown): boolean {
  return isObject(value) && 'Effect' in value;
}

/** A document may be written as text. */
function read(document: unknown): any {
  if (typeof document !== 'string') {
    return document;
  }
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
}

/** The branches of a value itself, not of what is inside. */
function branches(value: any): any[] {
  if (isObject(value) && Array.isArray(value['Fn::If'])) {
    return value['Fn::If'].slice(1).flatMap(branches);
  }
  return isObject(value) && value.Ref === 'AWS::NoValue' ? [undefined] : [value];
}
