import { UnscopedValidationError, ValidationError } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

type ErrorName = ConstructorParameters<typeof ValidationError>[0];

/** What is wrong, and what to do about it: the two sentences of every error of this package. */
export interface Refusal {
  readonly problem: string;
  readonly remedy: string;

  /** The name of the error, where several kinds are collected. */
  readonly name?: string;
}

/** What is wrong with a property, by its path. */
export interface PropRefusal extends Refusal {
  readonly prop?: string;
}

/**
 * The error of this package: what is wrong, where, what to do.
 *
 * @param path the construct named in the message; it differs from `scope` while that construct does not exist yet
 */
export function refusal(scope: IConstruct, name: string, problem: Refusal, path: string = scope.node.path): ValidationError {
  const error = new ValidationError(name as ErrorName, sentenceOf(path, problem), scope);
  REFUSALS.set(error, { name, ...problem });
  return error;
}

/**
 * Throws one error for all that is wrong with a construct; does nothing if nothing is.
 *
 * @param name the name of the error, for problems that have none of their own
 */
export function refuseAll(scope: IConstruct, name: string, problems: readonly Refusal[], path: string = scope.node.path): void {
  if (problems.length > 0) {
    throw new ValidationError((problems[0].name ?? name) as ErrorName, `'${path}': ${inOneText(problems)}`, scope);
  }
}

const REFUSALS = new WeakMap<Error, Refusal>();

/** What a check that throws says is wrong. Other errors go on. */
export function refusedBy(check: () => unknown): Refusal[] {
  try {
    check();
    return [];
  } catch (error) {
    const problem = REFUSALS.get(error as Error);
    if (problem) {
      return [problem];
    }
    throw error;
  }
}

/** What a construct verifies of itself. When it is refused, it leaves the tree: nothing of it is synthesized, and its id is free. */
export function orRemoved<T>(construct: IConstruct, verify: () => T): T {
  try {
    return verify();
  } catch (error) {
    construct.node.scope?.node.tryRemoveChild(construct.node.id);
    throw error;
  }
}

/** The path of a construct that does not exist yet. */
export function pathOf(scope: IConstruct, id: string): string {
  return scope.node.path ? `${scope.node.path}/${id}` : id;
}

/** The same error for objects which have no place in the construct tree: it names the class instead. */
export function unscopedRefusal(name: string, className: string, problem: Refusal): UnscopedValidationError {
  return new UnscopedValidationError(name as ErrorName, `${className}: ${inOneText([problem])}`);
}

/** One such error for all that is wrong; nothing happens if nothing is. */
export function refuseAllUnscoped(name: string, className: string, problems: readonly Refusal[]): void {
  if (problems.length > 0) {
    throw new UnscopedValidationError(name as ErrorName, `${className}: ${inOneText(problems)}`);
  }
}

/** The same sentence for places which report instead of throwing. */
export function sentenceOf(path: string, problem: Refusal): string {
  return `'${path}': ${inOneText([problem])}`;
}

/** Problems of an object, as those of the property that it is the value of. */
export function underProp(prop: string, problems: readonly PropRefusal[]): Refusal[] {
  return problems.map((one) => ({ ...one, problem: `'${[prop, ...(one.prop ? [one.prop] : [])].join('.')}': ${one.problem}` }));
}

/** Problems of an object that has no place in another one: by their own properties. */
export function byProp(problems: readonly PropRefusal[]): Refusal[] {
  return problems.map(({ prop, ...problem }) => (prop === undefined ? problem : underProp(prop, [problem])[0]));
}

/** One problem as it is, several as a numbered list, each once. What is known at deployment only has no text that would help anybody. */
function inOneText(problems: readonly Refusal[]): string {
  const all = problems.map(({ problem, remedy }) => `${problem} ${remedy}`.replace(/[$#]\{Token\[[^\]]*\]\}/g, '<known at deployment>'));
  const sentences = [...new Set(all)];
  return sentences.length === 1 ? sentences[0] : [`${sentences.length} problems.`, ...sentences.map((sentence, i) => `  ${i + 1}. ${sentence}`)].join('\n');
}
