import { textsOf } from './perimeter-intent';
import { Statement } from '../policy/document';
import { contains, ipRange, IpRange } from '../policy/ip-range';
import { arnSegments } from '../policy/pattern';
import { Guarantee } from '../policy/prove';
import { Choice, ResourceFacts, valueIn } from '../policy/space/facet';

const OWN_VALUES = /^aws:(?:userid|username|resourceaccount|resourceorgid|resourceorgpaths)$|^s3:resourceaccount$/;
const BROADEST: Record<number, bigint> = { 4: 2n ** 24n, 6: 2n ** 96n }; // addresses in a /8 and in a /32: beyond that S3 counts a range as public

/**
 * Nobody is allowed anything whom the statement does not hold to fixed values: a caller of an account and organization that
 * it does not mention, from an address and an endpoint that it does not mention, with whatever a caller can choose.
 */
export function anybody(statement: Statement, resource: ResourceFacts): Guarantee {
  const { conditions } = statement;
  const known = new Set([resource.account, ...mentionedAccounts(statement)]);
  const mentioned = (key: string) => conditions.filter((test) => test.key === key).flatMap(textsOf);
  const isStrange = (choice: Choice, key: string) => {
    const value = valueIn(choice, key);
    return value === undefined || !mentioned(key).some((text) => fixedPart(key, text) === fixedPart(key, value));
  };
  const ranges = mentioned('aws:sourceip').flatMap((text) => ipRange(text) ?? []);
  const identities = conditions.map(({ key }) => key).filter((key) => OWN_VALUES.test(key));
  return {
    sentence: 'Nobody is allowed anything who could be anybody.',
    needsAllow: () => true,
    breaches: [{
      'caller': (choice) => choice.kind === 'anonymous' || (choice.kind === 'iam' && isStranger(choice, known)
        && ['aws:principalarn', 'aws:principalaccount', 'aws:principalorgid', 'aws:principalorgpaths', 'kms:calleraccount'].every((key) => isStrange(choice, key))),
      'route': (choice) => ['aws:sourcevpce', 'aws:sourcevpc', 'aws:sourcevpcarn', 'aws:vpceaccount', 'aws:vpceorgid', 'aws:vpceorgpaths'].every((key) => isStrange(choice, key))
        && isAnyAddress(valueIn(choice, 'aws:sourceip'), ranges),
      'access-point': (choice) => choice.kind === 'direct' || (valueIn(choice, 's3:dataaccesspointaccount') !== resource.account && isStrange(choice, 's3:dataaccesspointaccount')),
      ...Object.fromEntries(identities.filter((key) => !key.includes('resource')).map((key) => [key, (choice: Choice) => isStrange(choice, key)])),
    }],
  };
}

/** What of a value says who it is: any path below one organization is that organization, any session of one role is that role. */
function fixedPart(key: string, text: string): string {
  return key === 'aws:principalorgpaths' ? text.split('/')[0] : key === 'aws:userid' ? text.split(':')[0] : text;
}

/** The accounts that a statement fixes, as principals or in the ARNs to which it holds callers. */
function mentionedAccounts({ principal, conditions }: Statement): string[] {
  const principals = (principal?.members ?? []).map(({ account, text }) => account ?? arnSegments(text)[4]);
  const held = conditions.filter(({ key }) => key === 'aws:principalarn').flatMap(textsOf).map((arn) => arnSegments(arn)[4]);
  return [...principals, ...held].filter((account) => account !== undefined);
}

function isStranger(choice: Choice, known: ReadonlySet<string>): boolean {
  return !known.has(String(valueIn(choice, 'aws:principalaccount')));
}

/** Whether an address is not in a range, or only in ranges that are so broad that they stand for everybody. */
function isAnyAddress(text: string | undefined, ranges: readonly IpRange[]): boolean {
  const address = text === undefined ? undefined : ipRange(text);
  return address === undefined || ranges.filter((range) => contains(range, address)).every(({ version, first, last }) => last - first + 1n > BROADEST[version]);
}
