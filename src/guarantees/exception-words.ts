import { Exempt } from './exemptions';
import { OWN_ORGANIZATION, Spared } from './mentioned-values';
import { listed } from '../listed';
import { readable } from '../policy/unknown-text';

export const MENTIONED_NETWORKS = 'the networks that the policy mentions';
export const MENTIONED_ORGANIZATIONS = 'the organizations that the policy mentions';

const MOST_MEMBERS = 8; // that a sentence lists

/** The sentence of a guarantee with the networks or organizations that it is about. */
export function withMembers(sentence: string, members: readonly string[] = []): string {
  const isLong = members.length > MOST_MEMBERS;
  const words = readable(isLong ? `${members.slice(0, MOST_MEMBERS - 1).join(', ')} and ${members.length - MOST_MEMBERS + 1} more` : listed(members, 'and'));
  return members.length === 0 ? sentence : sentence.replace(MENTIONED_NETWORKS, () => words).replace(MENTIONED_ORGANIZATIONS, () => words);
}

export const CALLING_SERVICES = 'AWS services that call by themselves';
export const SERVICES_FOR_PRINCIPALS = 'AWS services that call with the credentials of a principal';

/** An account of AWS that calls as itself, and for which no service works. */
export function deliveringAccountWords(account: string): string {
  return `the account ${account} of AWS, which delivers logs`;
}

/** Whom and what a guarantee is not about, as the end of a sentence: each of them, so that the sentence is true. */
export function exceptFor(exceptions: readonly string[]): string {
  const distinct = [...new Set(exceptions)];
  return distinct.length === 0 ? '' : `, except for ${readable(listed(distinct, 'and'))}`;
}

/** Those who are exempt by what only they can have. */
export function exemptWords({ arns, open, userIds, accessPointArns, accessPointAccounts }: Exempt): string[] {
  return [
    ...arns.map(({ text }) => text),
    ...open,
    ...userIds.map(({ text }) => `whoever has the user id '${text}'`),
    ...accessPointArns.map(({ text }) => `the access points ${text}`),
    ...(accessPointAccounts.length > 0 ? ["access points of the bucket's account"] : []),
  ];
}

/**
 * Those who are exempt by what outsiders could have as well, if other denies did not stop them.
 *
 * @param insiders organizations and accounts, beside that of the bucket
 * @param isSaid whether ARNs, as patterns, are spoken of by themselves
 */
export function insiderWords(unsafe: Exempt['unsafe'], insiders: readonly string[], isSaid: (arn: string) => boolean): string[] {
  const marks = [...unsafe].flatMap(([key, values]) => values.filter(({ text }) => !isSaid(text)).map((value) => markWords(key, value)));
  const who = listed(["the bucket's account", ...new Set(insiders.map((one) => one.replace(OWN_ORGANIZATION, "the bucket's organization")))], 'or');
  return marks.length === 0 ? [] : [`whoever in ${who} has ${listed([...new Set(marks)], 'or')}`];
}

const NAMES: Readonly<Record<string, string>> = { 'aws:principalarn': 'ARN', 'aws:userid': 'user id', 'aws:username': 'user name' };

function markWords(key: string, { text }: Spared): string {
  const [, tag] = /^aws:principaltag\/(.*)$/s.exec(key) ?? [];
  return tag === undefined ? `the ${NAMES[key]} '${text}'` : `the tag '${tag}' with the value '${text}'`;
}
