import { Token } from 'aws-cdk-lib';

/** The first complaint about a list of values, as far as they are known at synthesis: a token is never guessed. */
export function firstProblem(values: readonly string[], problemOf: (value: string) => string | undefined): string | undefined {
  if (Token.isUnresolved(values)) {
    return undefined;
  }
  return values.filter((value) => !Token.isUnresolved(value)).map(problemOf).find((problem) => problem !== undefined);
}
