import { UnscopedValidationError, ValidationError } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

type ErrorName = ConstructorParameters<typeof ValidationError>[0];

/** What is wrong, and what to do about it: the two sentences of every error of this package. */
export interface Refusal {
  readonly problem: string;
  readonly remedy: string;
}

/**
 * The error of this package: what is wrong, where, what to do.
 *
 * @param path the construct named in the message; it differs from `scope` while that construct does not exist yet
 */
export function refusal(scope: IConstruct, name: string, { problem, remedy }: Refusal, path: string = scope.node.path): ValidationError {
  return new ValidationError(name as ErrorName, sentenceOf(path, { problem, remedy }), scope);
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

/** The same error for objects which have no place in the construct tree: it names the class instead. */
export function unscopedRefusal(name: string, className: string, { problem, remedy }: Refusal): UnscopedValidationError {
  return new UnscopedValidationError(name as ErrorName, `${className}: ${problem} ${remedy}`);
}

/** The same sentence for places which report instead of throwing. */
export function sentenceOf(path: string, { problem, remedy }: Refusal): string {
  return `'${path}': ${problem} ${remedy}`;
}
