import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { refusal } from '../refusal';
import { warn } from '../warning';

/** Refuses prefixes that would not mean what they say, and warns of those that mean more than they say. */
export function verifyPrefixes(site: IConstruct, prefixes: readonly string[]): void {
  const knownPrefixes = prefixes.filter((prefix) => !Token.isUnresolved(prefix));
  const problem = knownPrefixes.map(problemOf).find(Boolean);
  if (problem) {
    throw refusal(site, 'UnusablePrefix', { problem, remedy: "Write the beginning of object keys, such as 'reports/2026/'." });
  }
  knownPrefixes.filter((prefix) => !prefix.endsWith('/')).forEach((prefix) => warn(site, 'prefixWithoutSlash', `the prefix '${prefix}' is shared with everything that begins so, such as '${prefix}-internal/'. End it with a slash to share a folder.`));
}

/** Refuses prefixes that leave those of an access point. */
export function verifyWithin(site: IConstruct, prefixes: readonly string[], own: readonly string[] = []): void {
  const stray = prefixes.find((prefix) => own.length > 0 && !own.some((allowed) => prefix.startsWith(allowed)));
  if (stray !== undefined) {
    throw refusal(site, 'PrefixOutside', { problem: `the prefix '${stray}' is outside of what the access point is for: ${own.join(', ')}.`, remedy: 'Grant a part of it, or widen its prefixes.' });
  }
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
