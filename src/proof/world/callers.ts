import { accounts, STRANGE_CALLER } from './accounts';
import { DrawnIds, inFull, whyNoId } from './drawn-ids';
import { mentioned } from './mentioned';
import { services } from './services';
import { arnSegments } from '../../policy/pattern';
import { IamPrincipal, iamPrincipal, Principal } from '../../policy/request';
import { isUnknown, partsBetweenColons, readable, UNDETERMINED, unknownPlaces, widest } from '../../policy/unknown-text';
import { Few } from '../few';
import { isNameOfId, literally, Mentions } from '../mentions';
import { Choice, present, ResourceFacts } from '../part';
import { ANY_TEXT, Language, Patterns, Places, Reached } from '../texts';
import { Values } from '../values';

const STRANGE_NAME = 'Anyone';
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
const ROLE_ID = 'AROA';
const USER_ID = 'AIDA';
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html: from 16 to 128 characters with the first four, and 21 of today's
const DRAWN: DrawnIds = { stranger: 'QXQZWKVYJ4EXAMPLE', isAsLong: (length) => length >= 12 && length <= 124, lengths: [17] };

// A path may hold whatever can be printed, a name less; what is not known before deployment stands between characters of its own.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
const NAME: Language = {
  ordinary: 'xzqjwkyvX0179_=@',
  allows: (character, before) => (character === '/' ? before !== '' : /[!-~\u0080-\uffff]/.test(character)),
  shortest: 1,
  longest: Infinity,
  lastName: /^[\w+=,.@\u0080-\uffff-]+$/,
};
const LAST_NAME: Language = { ...NAME, allows: (character) => NAME.lastName!.test(character), lastName: undefined };
const PATH: Language = { ...NAME, shortest: 2, end: '/', lastName: undefined };
const SESSION: Language = { ...LAST_NAME, shortest: 2 };
const MOST_CALLERS = 4000; // accounts, names and ids multiply; each caller is asked about by each statement
const UNIQUE_ID: Language = { ordinary: 'XZQJWKYV0179', allows: (character) => /[A-Z0-9]/.test(character) || character > '\u007f', shortest: 1, longest: Infinity, isFollowed: true };

/** A principal of IAM of whom it is not known whether it is a role. */
export const OTHER_PRINCIPAL = 'other';

/** Condition keys, in lower case, that follow from the caller. */
export const CALLER_KEYS: ReadonlySet<string> = new Set([
  'aws:principalarn', 'aws:principalaccount', 'aws:principalisawsservice', 'aws:principalservicename', 'aws:principalservicenameslist', 'aws:principaltype',
  'aws:userid', 'aws:username', 'aws:federatedprovider', 'kms:calleraccount', 'proof:callerkind', 'proof:isunmentionedcaller',
]);

/** Who may call: principals of IAM in each account, AWS services, and nobody. */
export function callers(mentions: Mentions, facts: ResourceFacts): Choice[] {
  const identities = new Identities(mentions);
  const { all, isExact } = accounts(mentions, facts, STRANGE_CALLER);
  const inAccounts = identities.few.of(all, ({ id }) => identities.of(id, facts.partition));
  const known = new Set(inAccounts.flatMap(({ principal }) => (principal?.kind === 'iam' ? [principal.arn, principal.sessionArn] : [])));
  const named = namedInFull(mentions, facts.partition, all.find(({ isMentioned }) => !isMentioned)?.id ?? STRANGE_CALLER);
  const others = [...new Set(named)].filter((arn) => !known.has(arn)).map((arn) => otherPrincipal(mentions, arn));
  const ofServices = services(mentions, STRANGE_CALLER);
  const open = isExact && identities.isExact ? [] : [{ ...inAccounts[0], isOpen: true }];
  return [...inAccounts, ...others, ...ofServices, anonymous(mentions), ...open];
}

/** The principals of accounts, as far as ARNs, user ids, user names and `Principal` elements tell them apart. */
class Identities {
  public readonly few = new Few(MOST_CALLERS);
  private isReached: boolean;
  private readonly patterns: Patterns;
  private readonly arns: readonly [from: number, to: number];
  private readonly userIds: readonly [from: number, to: number];
  private readonly userNames: readonly [from: number, to: number];
  private readonly sessions: readonly IamPrincipal[];
  private readonly providers: readonly string[];
  private everyMentionedId?: readonly string[];

  constructor(private readonly mentions: Mentions) {
    const named = mentions.principalsOfKind('AWS');
    this.sessions = named.filter((text) => /:assumed-role\//.test(text)).map(iamPrincipal);
    const providers = providersOf(mentions);
    this.providers = providers.values;
    this.isReached = providers.isExact;
    const arns = [...mentions.patternsOf('aws:principalarn'), ...[...named, ...this.sessions.map(({ arn }) => arn)].map(literally)];
    const userIds = mentions.patternsOf('aws:userid');
    const userNames = mentions.patternsOf('aws:username');
    this.patterns = new Patterns([...arns, ...userIds, ...userNames]);
    this.arns = [0, arns.length];
    this.userIds = [arns.length, arns.length + userIds.length];
    this.userNames = [arns.length + userIds.length, Infinity];
  }

  public get isExact(): boolean {
    return this.isReached && this.few.isExact;
  }

  public of(account: string, partition: string): Choice[] {
    const iam = `arn:${partition}:iam::${account}:`;
    return [
      ...this.roles(account, `${iam}role/`),
      ...this.users(account, `${iam}user/`),
      this.choice('root', 'Account', { kind: 'iam', arn: `${iam}root`, account }, false, { 'aws:userid': account }),
      ...this.federatedUsers(account, `arn:${partition}:sts::${account}:federated-user/`),
    ];
  }

  private roles(account: string, prefix: string): Choice[] {
    const found = this.reach(this.arnsAt(prefix), NAME, [STRANGE_NAME]);
    const sessions = this.sessions.filter((session) => session.account === account && session.arn.startsWith(prefix)).flatMap((session) => this.withPaths(session, prefix));
    const unnamed = found.texts.map(({ text }): IamPrincipal => ({ kind: 'iam', arn: prefix + text, account }));
    const choice = (principal: IamPrincipal, userId: string | undefined) =>
      this.choice('role', 'AssumedRole', principal, principal.arn === prefix + found.unmentioned?.text && !principal.sessionArn, { 'aws:userid': userId });
    return this.few.of([...unnamed, ...sessions], (principal) => this.few.of([principal, ...this.providers.map((provider) => ({ ...principal, provider }))], (vouched) =>
      this.roleUserIds(vouched).map((userId) => choice(vouched, userId))));
  }

  /** The ARN of a session does not tell the path of its role. */
  private withPaths(session: IamPrincipal, prefix: string): IamPrincipal[] {
    const paths = ['', ...this.reach(this.arnsAt(prefix), PATH, ['team/']).texts.map(({ text }) => text)];
    return paths.map((path) => ({ ...session, arn: prefix + path + session.arn.slice(prefix.length) }));
  }

  /** `<id of the role>:<name of the session>` */
  private roleUserIds({ sessionArn }: IamPrincipal): (string | undefined)[] {
    if (!this.mentions.has('aws:userid')) {
      return [undefined];
    }
    const name = sessionArn?.split('/').at(-1);
    return this.few.of([...this.drawnIds(ROLE_ID), ...this.namesOfIds(USER_ID)], (id) => {
      const at = this.userIdsAt(`${id}:`);
      return name === undefined ? this.reach(at, SESSION, ['session']).texts.map((session) => `${id}:${session.text}`) : [`${id}:${name}`];
    });
  }

  private users(account: string, prefix: string): Choice[] {
    const ids = this.mentions.has('aws:userid') ? [...this.drawnIds(USER_ID), ...this.namesOfIds(ROLE_ID)] : [undefined];
    const { all, unmentioned } = this.userNamesAt(this.arnsAt(prefix));
    return this.few.of(all, (name) => ids.map((id) => this.choice('user', 'User', { kind: 'iam', arn: prefix + name, account }, name === unmentioned, {
      'aws:userid': id, 'aws:username': name.split('/').at(-1)!,
    })));
  }

  /** A user's name is the last part of the ARN: where names are tested too, both are followed together. */
  private userNamesAt(at: Places): { all: string[]; unmentioned?: string } {
    if (!this.mentions.has('aws:username')) {
      const { texts, unmentioned } = this.reach(at, NAME, [STRANGE_NAME]);
      return { all: texts.map(({ text }) => text), unmentioned: unmentioned?.text };
    }
    const paths: Reached[] = [{ text: '', places: at }, ...this.reach(at, PATH, ['team/']).texts];
    const names = paths.map(({ text: path, places }) => {
      const { texts, unmentioned } = this.reach(this.patterns.together(places, this.patterns.start(...this.userNames)), LAST_NAME, [STRANGE_NAME]);
      return { all: texts.map(({ text }) => path + text), unmentioned: unmentioned && path + unmentioned.text };
    });
    return { all: names.flatMap(({ all }) => all), unmentioned: names[0].unmentioned };
  }

  private federatedUsers(account: string, prefix: string): Choice[] {
    const { texts, unmentioned } = this.reach(this.patterns.together(this.arnsAt(prefix), this.userIdsAt(`${account}:`)), LAST_NAME, [STRANGE_NAME]);
    return texts.map(({ text }) =>
      this.choice('federated-user', 'FederatedUser', { kind: 'iam', arn: prefix + text, account }, text === unmentioned?.text, { 'aws:userid': `${account}:${text}` }));
  }

  private choice(kind: string, type: string, principal: IamPrincipal, isUnmentioned: boolean, ids: Record<string, string | undefined>): Choice {
    const { arn, account, provider } = principal;
    const id = ids['aws:userid'] ?? '';
    return {
      kind,
      doubt: isUnknown(id) ? `whose id ${readable(id)} is` : kind === 'role' || kind === 'user' ? this.whyNobodysId(id) : undefined,
      principal,
      account,
      context: present({
        'aws:principalarn': arn,
        'aws:principalaccount': account,
        'aws:principalisawsservice': 'false',
        'proof:callerkind': kind,
        'proof:isunmentionedcaller': String(isUnmentioned),
        ...mentioned(this.mentions, { 'aws:principaltype': type, 'kms:calleraccount': account, 'aws:federatedprovider': provider, ...ids }),
      }),
    };
  }

  private arnsAt(prefix: string): Places {
    return this.patterns.read(this.patterns.start(...this.arns), prefix);
  }

  /**
   * What is mentioned as the id of a role or user, and may be a name for an id that AWS draws at deployment.
   *
   * @param ofOthers what the ids of the other kind begin with
   */
  private namesOfIds(ofOthers: string): string[] {
    return [...new Set(this.mentionedIds)].filter((id) => isNameOfId(id) && !widest(id).startsWith(ofOthers));
  }

  /** @param begin what the ids of the kind begin with */
  private drawnIds(begin: string): string[] {
    const from = this.userIdsAt(begin);
    return this.reach(from, UNIQUE_ID, [DRAWN.stranger]).texts.map((reached) => begin + inFull(this.patterns, from, reached, DRAWN));
  }

  private whyNobodysId(userId: string): string | undefined {
    const [id] = partsBetweenColons(userId);
    return id === '' ? undefined : whyNoId(id, ROLE_ID.length, this.mentionedIds, DRAWN);
  }

  private get mentionedIds(): readonly string[] {
    return this.everyMentionedId ??= this.mentions.valuesOf('aws:userid').map((text) => partsBetweenColons(text)[0]);
  }

  private userIdsAt(prefix: string): Places {
    return this.patterns.read(this.patterns.start(...this.userIds), prefix);
  }

  private reach(at: Places, language: Language, ordinary: readonly string[]) {
    const reached = this.patterns.reach(at, language, ordinary);
    this.isReached &&= reached.isExact;
    return reached;
  }
}

/** Who may have vouched for the user of a session, as far as that is asked. */
function providersOf(mentions: Mentions): Values {
  const named = mentions.principalsOfKind('Federated');
  if (!mentions.has('aws:federatedprovider')) {
    return { values: named, isExact: true };
  }
  const patterns = new Patterns([...mentions.patternsOf('aws:federatedprovider'), ...named.map(literally)]);
  const { texts, isExact } = patterns.reach(patterns.start(), ANY_TEXT, ['accounts.example.com']);
  return { values: texts.map(({ text }) => text), isExact };
}

/**
 * The texts that name one principal each. What is not known before deployment may stand beside wildcards: then, one of those who are meant.
 *
 * @param account of those whose account is left open
 */
function namedInFull(mentions: Mentions, partition: string, account: string): string[] {
  const ofAccounts = mentions.principals.filter(({ kind, account: own, isEveryone }) => kind === 'AWS' && (own !== undefined || isEveryone)).map(({ text }) => text);
  const inConditions = mentions.patternsOf('aws:principalarn').flat().map(({ pattern }) => pattern.text);
  const unknown = inConditions.filter(isUnknown).map((text) => withoutWildcards(text, partition, account));
  return [...mentions.principalsOfKind('AWS'), ...unknown, ...inConditions.filter((text) => /^arn:[^:]*:iam::cloudfront:/.test(text))]
    .filter((text) => !ofAccounts.includes(text) && (isUnknown(text) || (/^arn:/.test(text) && !/[*?]/.test(text))));
}

function withoutWildcards(arn: string, partition: string, account: string): string {
  const segments = arnSegments(arn);
  const whole = segments.length === 6 ? segments.map((segment, i) => (segment !== '*' ? segment : i === 1 ? partition : i === 4 ? account : segment)).join(':') : arn;
  const places = new Set(unknownPlaces(whole));
  return whole.split('').map((character, i) => (places.has(i) ? character : character === '*' ? STRANGE_NAME : character === '?' ? 'x' : character)).join('');
}

const TYPES: Readonly<Record<string, string>> = { role: 'AssumedRole', user: 'User' };

/** A principal whose ARN has another form, such as an origin access identity, or is not known before deployment. */
function otherPrincipal(mentions: Mentions, arn: string): Choice {
  const { account = UNDETERMINED, ...principal } = iamPrincipal(arn);
  const [, kind = OTHER_PRINCIPAL, name] = (account === 'cloudfront' ? undefined : /^(role|user)\/(.+)$/s.exec(arnSegments(principal.arn)[5] ?? '')) ?? [];
  return {
    kind,
    principal: { ...principal, account },
    account,
    context: present({
      'aws:principalarn': principal.arn,
      'aws:principalaccount': account,
      'aws:principalisawsservice': 'false',
      'proof:callerkind': kind === 'user' ? 'user' : 'role',
      'proof:isunmentionedcaller': 'false',
      ...mentioned(mentions, {
        'aws:principaltype': TYPES[kind] ?? UNDETERMINED,
        'aws:userid': UNDETERMINED,
        'aws:username': kind === 'role' ? undefined : kind === 'user' && !isUnknown(name) ? name.split('/').at(-1) : UNDETERMINED,
        'kms:calleraccount': account,
      }),
    }),
  };
}

/** Nobody: the request is not signed, and says nothing of a principal. */
function anonymous(mentions: Mentions): Choice {
  const principal: Principal = { kind: 'anonymous' };
  return {
    kind: 'anonymous',
    principal,
    context: present({
      'proof:callerkind': 'anonymous',
      'proof:isunmentionedcaller': 'false',
      ...mentioned(mentions, { 'aws:principalaccount': 'anonymous', 'aws:principaltype': 'Anonymous', 'aws:userid': 'anonymous' }),
    }),
  };
}
