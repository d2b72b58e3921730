import { Stack, Token } from 'aws-cdk-lib';

/** The complaints about a list of values, as far as they are known at synthesis: a token is never guessed. */
export function problemsOf(values: readonly string[], problemOf: (value: string) => string | undefined): string[] {
  const known = Token.isUnresolved(values) ? [] : values.filter((value) => !Token.isUnresolved(value));
  return [...new Set(known.flatMap((value) => problemOf(value) ?? []))];
}

/** Texts as they are known once an app is complete, when lazy values are there. What is known only at deployment stays a token. */
export function textsAtEnd(values: readonly string[] | undefined, stack: Stack): string[] | undefined {
  const resolved: unknown = stack.resolve(values);
  return Array.isArray(resolved) ? resolved.map((value) => (typeof value === 'string' ? value : Token.asString(value))) : values as string[] | undefined;
}

/** One of them. */
export function textAtEnd(value: string | undefined, stack: Stack): string | undefined {
  return value === undefined ? undefined : textsAtEnd([value], stack)![0];
}
