import { Stack, Token } from 'aws-cdk-lib';
import { isIntrinsic } from './template-values';

/** The complaints about a list of values, as far as they are known at synthesis: a token is never guessed. */
export function problemsOf(values: readonly string[], problemOf: (value: string) => string | undefined): string[] {
  const known = Token.isUnresolved(values) ? [] : values.filter((value) => !Token.isUnresolved(value));
  return [...new Set(known.flatMap((value) => problemOf(value) ?? []))];
}

/** Texts as they are known once an app is complete, when lazy values are there. What is known only at deployment stays a token. */
export function textsAtEnd(values: readonly string[] | undefined, stack: Stack): string[] | undefined {
  if (values === undefined) {
    return undefined;
  }
  const resolved: unknown = stack.resolve(values) ?? []; // a lazy list may turn out to be none
  return isIntrinsic(resolved) ? values as string[] : [resolved].flat().map(textOf);
}

/** One of them. */
export function textAtEnd(value: string | undefined, stack: Stack): string | undefined {
  return value === undefined ? undefined : textsAtEnd([value], stack)![0];
}

/** What is known at deployment only is an intrinsic function: a token. Anything else that is no text is shown as it is. */
function textOf(value: unknown): string {
  return isIntrinsic(value) ? Token.asString(value) : String(value);
}
