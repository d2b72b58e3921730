import { isPattern, Spared } from './mentioned-values';
import { arnSegments, textPattern } from '../policy/pattern';
import { ResourceFacts } from '../proof/part';
import { Language, Patterns } from '../proof/texts';

/*
 * What exemptions mean together: one pattern for each character that a name may begin with exempts all names, as `*` does.
 */

/** Names as most are: a few patterns for short names more or less change nothing. */
const NAME: Language = { ordinary: 'xqzjwkyv0179', allows: (character) => /[\w+=,.@-]/.test(character), shortest: 8, longest: Infinity };

const ROLE_ID = 'AROAQXQZWKVYJ4EXAMPLE'; // of a role that nobody means
const PATH = '~xqzj/'; // unlike any that is named, if it may begin as it likes

/** Of ARNs, as patterns, those that are met by all roles, users or federated users of an account, or by its root user. */
export function arnsOfEverybody(values: readonly Spared[], { account, partition }: ResourceFacts): ReadonlySet<Spared> {
  const accounts = [...new Set([account, ...values.map(({ text }) => accountLike(arnSegments(text)[4] ?? '*'))])];
  const prefixes = accounts.flatMap((one) => [
    ...['role/', `role/${PATH}`, 'user/', `user/${PATH}`].map((resource) => `arn:${partition}:iam::${one}:${resource}`),
    `arn:${partition}:sts::${one}:federated-user/`,
  ]);
  const root = accounts.flatMap((one) => metBy(values, `arn:${partition}:iam::${one}:root`));
  const unnamed = values.filter(({ text }) => /^(?:[a-z-]+\/)?[*?/]+$/.test(arnSegments(text)[5] ?? ''));
  return new Set([...root, ...unnamed, ...prefixes.flatMap((prefix) => spareAllNames(values, prefix))]);
}

/** Of user ids, as patterns, those that are met by all sessions of any role, or by all federated users of an account. */
export function userIdsOfEverybody(values: readonly Spared[], { account }: ResourceFacts): ReadonlySet<Spared> {
  const accounts = [account, ...values.map(({ text }) => accountLike(text.split(':')[0]))].filter((id) => /^\d{12}$/.test(id));
  return new Set([ROLE_ID, ...new Set(accounts)].flatMap((id) => spareAllNames(values, `${id}:`)));
}

/** Of names or tags, as patterns, those that are met by whoever has one at all. */
export function namesOfEverybody(values: readonly Spared[]): ReadonlySet<Spared> {
  return new Set(spareAllNames(values, ''));
}

/** The patterns because of which all texts that begin in a way are spared; none, if not all are. */
function spareAllNames(values: readonly Spared[], prefix: string): Spared[] {
  const patterns = new Patterns([values.map((value) => ({ pattern: textPattern(asRead(value, value.text)), ignoresCase: value.ignoresCase }))]);
  const { texts } = patterns.reach(patterns.read(patterns.start(), prefix), NAME, []);
  const areAllMet = texts.every(({ places }) => patterns.accepted(places) !== '');
  return areAllMet ? values.filter(({ text }) => isPattern(text)).filter((value) => texts.some(({ text }) => metBy([value], prefix + text).length > 0)) : [];
}

function metBy(values: readonly Spared[], text: string): Spared[] {
  return values.filter((value) => textPattern(asRead(value, value.text)).matches(asRead(value, text)) === true);
}

function asRead({ ignoresCase }: Spared, text: string): string {
  return ignoresCase ? text.toLowerCase() : text;
}

/** An account that a pattern stands for. */
function accountLike(pattern: string): string {
  const digits = pattern.replaceAll('?', '0');
  return digits.replace('*', '0'.repeat(Math.max(0, 12 - digits.replaceAll('*', '').length))).replaceAll('*', '');
}
