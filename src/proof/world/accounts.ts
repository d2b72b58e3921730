import { textPattern } from '../../policy/pattern';
import { ACCOUNT_KEYS, literally, Mentions } from '../mentions';
import { ResourceFacts } from '../part';
import { Language, Patterns, TestedPattern } from '../texts';

/** An account that an entity may be of. */
export interface Account {
  readonly id: string;

  /** Whether it is one that somebody mentions: then it is the same account wherever it occurs. */
  readonly isMentioned: boolean;
}

export interface Accounts {
  readonly all: readonly Account[];
  readonly isExact: boolean;
}

/** The account of callers that nobody mentions. */
export const STRANGE_CALLER = '999988887777';

const ARN_KEYS = [
  'aws:principalarn', 'aws:sourcearn', 's3:dataaccesspointarn', 'aws:sourcevpcarn',
  'lambda:sourcefunctionarn', 'ec2:sourceinstancearn', 'ssm:sourceinstancearn', 'codebuild:buildarn', 'codebuild:projectarn',
];

export const ACCOUNT: Language = { ordinary: '9876543210', allows: (character) => /\d/.test(character), shortest: 12, longest: 12 };

/**
 * The owner's account, those that are mentioned, and one that is not for each way in which patterns tell accounts apart.
 *
 * @param stranger an account that nobody is likely to mention. Each entity has one of its own: two strangers may be of different organizations.
 */
export function accounts(mentions: Mentions, { account: owner }: ResourceFacts, stranger: string): Accounts {
  const { mentioned, patterns } = followed(mentions, owner);
  const { texts, isExact } = patterns.reach(patterns.start(), { ...ACCOUNT, ordinary: `${stranger.slice(-1)}${ACCOUNT.ordinary}` }, [stranger]);
  const others = texts.map(({ text }) => text).filter((id) => !mentioned.includes(id));
  return { all: [...mentioned.slice(0, 1), ...others, ...mentioned.slice(1)].map((id) => ({ id, isMentioned: mentioned.includes(id) })), isExact };
}

interface FollowedAccounts {
  readonly owner: string;
  readonly mentioned: readonly string[];
  readonly patterns: Patterns;
}

const FOLLOWED = new WeakMap<Mentions, FollowedAccounts>();

/** The accounts that are mentioned, with the patterns for others: the same for all entities. */
function followed(mentions: Mentions, owner: string): FollowedAccounts {
  const known = FOLLOWED.get(mentions);
  if (known?.owner === owner) {
    return known;
  }
  const mentioned = [...new Set([owner, ...mentions.accounts])];
  const made = { owner, mentioned, patterns: new Patterns([...mentions.patternsOf(...ACCOUNT_KEYS), ...inArns(mentions), ...mentioned.map(literally)]) };
  FOLLOWED.set(mentions, made);
  return made;
}

/** Patterns for a part of the accounts, as they stand in ARNs. */
function inArns(mentions: Mentions): TestedPattern[][] {
  return mentions.patternsOf(...ARN_KEYS).flat().flatMap(({ pattern }): TestedPattern[][] => {
    const account = pattern.text.split(':')[4] ?? '';
    const [digits] = /^[\d*?]*/.exec(account)!;
    const isWhole = digits === account;
    return /\d/.test(digits) && !/^\d{12}$/.test(account) ? [[{ pattern: textPattern(isWhole ? digits : `${digits}*`), ignoresCase: false }]] : [];
  });
}
