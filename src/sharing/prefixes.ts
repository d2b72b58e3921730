import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { textsAtEnd } from '../guardrails/known-values';
import { Refusal, sentenceOf } from '../refusal';
import { warn } from '../warning';

/** One prefix as a list; nothing stays nothing, which is everything. */
export function asPrefixes(prefix?: string): string[] | undefined {
  return prefix === undefined ? undefined : [prefix];
}

/** What is wrong with prefixes: those that would not mean what they say, and a list that names none. */
export function unusablePrefixes(prefixes?: readonly string[]): Refusal[] {
  const remedy = "Write the beginning of object keys, such as 'reports/2026/'.";
  if (isLaterList(prefixes)) {
    return [{ name: 'UnusablePrefix', problem: "'prefixes' is a list that is known only later, and each prefix is part of ARNs.", remedy: 'Write the list out; its elements may be tokens.' }];
  }
  if (prefixes !== undefined && prefixes.length === 0) {
    return [{ name: 'UnusablePrefix', problem: "'prefixes' is empty: it names nothing, and would share everything.", remedy: `${remedy} To share everything, leave 'prefixes' out.` }];
  }
  return [...new Set(knownOf(prefixes).flatMap((prefix) => problemOf(prefix) ?? []))].map((problem) => ({ name: 'UnusablePrefix', problem, remedy }));
}

/** Whether the whole list is a token, also where it was copied. */
function isLaterList(prefixes?: readonly string[]): boolean {
  return prefixes !== undefined && (Token.isUnresolved(prefixes) || prefixes.some((prefix) => Token.isUnresolved([prefix]) && !Token.isUnresolved(prefix)));
}

/** What is wrong with prefixes once the app is complete, when lazy values are there. */
export function unusablePrefixesAtEnd(site: IConstruct, prefixes?: readonly string[], own?: readonly string[], what?: string): string[] {
  const [texts, ownTexts] = [prefixes, own].map((list) => textsAtEnd(list, Stack.of(site)));
  return [...unusablePrefixes(texts), ...strayPrefixes(texts ?? [], ownTexts, what)].map((problem) => sentenceOf(site.node.path, problem));
}

/** Warns of prefixes that mean more than they say. */
export function warnOfOpenPrefixes(site: IConstruct, prefixes?: readonly string[]): void {
  knownOf(prefixes).filter((prefix) => !prefix.endsWith('/')).forEach((prefix) => warn(
    site,
    'prefixWithoutSlash',
    `the prefix '${prefix}' is shared with everything that begins so, such as '${prefix}-internal/'. End it with a slash to share a folder.`,
  ));
}

/** The prefixes that leave those of an access point, or of a location of access grants. */
export function strayPrefixes(prefixes: readonly string[], own: readonly string[] = [], what = 'access point'): Refusal[] {
  const isUnknown = own.some((allowed) => Token.isUnresolved(allowed));
  const stray = knownOf(prefixes).filter((prefix) => own.length > 0 && !own.some((allowed) => prefix.startsWith(allowed)) && !isUnknown);
  return stray.map((prefix) => ({
    name: 'PrefixOutside', problem: `the prefix '${prefix}' is outside of what the ${what} is for: ${own.join(', ')}.`, remedy: 'Grant a part of it, or widen its prefixes.',
  }));
}

function knownOf(prefixes: readonly string[] = []): string[] {
  return prefixes.filter((prefix) => !Token.isUnresolved(prefix));
}

const LONGEST_KEY = 1024; // bytes, https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
const IAM_TEXT = /^[\u0020-\u00FF]*$/; // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html

function problemOf(prefix: string): string | undefined {
  if (prefix === '') {
    return 'a prefix is empty, which would share everything.';
  }
  if (prefix.startsWith('/')) {
    return `the prefix '${prefix}' begins with a slash, and object keys do not.`;
  }
  if (Buffer.byteLength(prefix) > LONGEST_KEY) {
    return `the prefix '${prefix.slice(0, 40)}…' is longer than an object key can be.`;
  }
  if (!IAM_TEXT.test(prefix)) {
    return `the prefix '${prefix}' has characters that IAM does not accept in policies.`;
  }
  return /[*?]|\$\{/.test(prefix) ? `the prefix '${prefix}' has a wildcard or a policy variable.` : undefined;
}
