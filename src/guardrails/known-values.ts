import { Token } from 'aws-cdk-lib';

/** The complaints about a list of values, as far as they are known at synthesis: a token is never guessed. */
export function problemsOf(values: readonly string[], problemOf: (value: string) => string | undefined): string[] {
  const known = Token.isUnresolved(values) ? [] : values.filter((value) => !Token.isUnresolved(value));
  return [...new Set(known.flatMap((value) => problemOf(value) ?? []))];
}
