import { Lazy, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Refusal } from './refusal';

/** A setting, or what applies where it is known only later and is nothing then. */
export function settingOr<T>(value: T, otherwise: T): T {
  return Token.isUnresolved(value) ? Lazy.uncachedAny({ produce: (context) => context.resolve(value) ?? otherwise }) as T : value;
}

/** A text, or another one where it is known only later and is nothing then. */
export function textOr(value: string, otherwise: () => string): string {
  return Token.isUnresolved(value) ? Lazy.uncachedString({ produce: (context) => context.resolve(value) ?? otherwise() }) : value;
}

/** What is wrong with a value of a prop that is known only later, where it is nothing then. */
export function nothingLater(scope: IConstruct, prop: string, value: unknown): Refusal[] {
  return Token.isUnresolved(value) && Stack.of(scope).resolve(value) === undefined
    ? [{ problem: `'${prop}' is a value that is known only later, and then it is nothing.`, remedy: 'Have it give a text, or leave it out.' }] : [];
}
