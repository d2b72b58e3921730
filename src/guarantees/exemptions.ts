import { noneOf } from './callers';
import { arnsOfEverybody, namesOfEverybody, userIdsOfEverybody } from './everybody';
import { fixedAccountOf, isPattern, Spared, sparedOpenPatterns, sparedValues } from './mentioned-values';
import { meaningOfUserId, namesSomebody } from './user-ids';
import { own } from '../own';
import { Statement } from '../policy/document';
import { arnSegments } from '../policy/pattern';
import { beforeUnknown, isUnknownBesideIds, partsBetweenColons, withoutUnknown } from '../policy/unknown-text';
import { Conditions } from '../proof/guarantee';
import { ResourceFacts } from '../proof/part';

/** Whom denies exempt. */
export interface Exempt {
  /** Patterns for ARNs that only those principals have who are meant. */
  readonly arns: readonly Spared[];

  /** User ids, as patterns, that only those have who are meant. */
  readonly userIds: readonly Spared[];

  /** Access points of the owner's account: ARNs, as patterns, and accounts. */
  readonly accessPointArns: readonly Spared[];
  readonly accessPointAccounts: readonly Spared[];

  /**
   * Exemptions that somebody outside can meet as well, but not everybody of an account: by key, in lower case, the values that are spared, which may be patterns.
   */
  readonly unsafe: ReadonlyMap<string, readonly Spared[]>;

  /** ARNs with a value that is not known: they may turn out to be those of everybody. */
  readonly open: readonly string[];
}

/**
 * Exemptions are safe where only those can meet them who are meant. Those that are met by all roles, users or federated users, or by the root user,
 * exempt nobody in particular: they are left out, unless whole accounts may be exempt. So are those that do so together.
 */
export function exemptionsOf(denies: readonly Statement[], facts: ResourceFacts, isAccountEnough: boolean): Exempt {
  const patterns = sparedOpenPatterns(denies, 'aws:principalarn');
  const isOfOneAccount = (arn: string) => isAccountEnough && /^\d{12}$/.test(fixedAccountOf(arn) ?? '');
  const named = [...sparedValues(denies, 'aws:principalarn'), ...patterns.filter(isOfOneAccount).map((text) => ({ text, ignoresCase: false })), ...notPrincipals(denies)];
  const mayBeAll = ({ text }: Spared) => !isAccountEnough && mayBeWholeAccount(text, facts);
  const arns = inParticular(named, (values) => arnsOfEverybody(values, facts), isAccountEnough).filter((one) => !mayBeAll(one));
  const userIds = inParticular(sparedValues(denies, 'aws:userid'), (values) => userIdsOfEverybody(values, facts), isAccountEnough);
  const safeIds = userIds.filter(({ text }) => isAmong(text, isAccountEnough ? ['one', 'account'] : ['one']));
  const ofCallers = keysOf(denies).filter((key) => /^aws:(?:username$|principaltag\/)/.test(key));
  return {
    arns: arns.filter(({ text }) => fixedAccountOf(text) !== undefined),
    userIds: safeIds,
    accessPointArns: sparedValues(denies, 's3:dataaccesspointarn').filter(({ text }) => fixedAccountOf(text) === facts.account),
    accessPointAccounts: sparedValues(denies, 's3:dataaccesspointaccount').filter(({ text }) => text === facts.account),
    unsafe: new Map(([
      ['aws:principalarn', arns.filter(({ text }) => fixedAccountOf(text) === undefined)],
      ['aws:userid', userIds.filter(({ text }) => isAmong(text, ['somebody']))],
      ...ofCallers.map((key) => [key, inParticular(sparedValues(denies, key), namesOfEverybody, isAccountEnough).filter(({ text }) => namesSomebody(text))] as const),
    ] as const).filter(([, values]) => values.length > 0)),
    open: [...patterns.filter((arn) => !isOfOneAccount(arn)), ...named.filter(mayBeAll).map(({ text }) => text)],
  };
}

/** Exemptions without those that may turn out to be everybody's, as which they count then. */
export function withoutOpen(exempt: Exempt): Exempt {
  const isClosed = ({ text }: Spared) => !isUnknownBesideIds(text);
  return { ...exempt, open: [], arns: exempt.arns.filter(isClosed), userIds: exempt.userIds.filter(isClosed) };
}

/** Exemptions without those that everybody of an account meets, unless that is enough. */
function inParticular(values: readonly Spared[], everybody: (values: readonly Spared[]) => ReadonlySet<Spared>, isAccountEnough: boolean): readonly Spared[] {
  const ofEverybody = isAccountEnough || values.length === 0 ? new Set<Spared>() : everybody(values);
  return values.filter((value) => !ofEverybody.has(value));
}

/** Requests of nobody who is exempt by what only they can have. */
export function ofNobodyExempt({ arns, open, userIds, accessPointArns, accessPointAccounts }: Exempt): Conditions[] {
  return [
    ...noneOfSpared('ArnNotLike', 'aws:PrincipalArn', arns),
    noneOf('StringNotEquals', 'aws:PrincipalArn', open),
    ...noneOfSpared('StringNotLike', 'aws:userid', userIds),
    ...noneOfSpared('ArnNotLike', 's3:DataAccessPointArn', accessPointArns),
    ...noneOfSpared('StringNotEquals', 's3:DataAccessPointAccount', accessPointAccounts),
  ];
}

// The usual operators are taken by exemptions that are safe.
const UNSAFE_OPERATORS: Readonly<Record<string, readonly [asWritten: string, ignoringCase: string]>> = {
  'aws:principalarn': ['ArnNotEquals', 'StringNotEqualsIgnoreCaseIfExists'],
  'aws:userid': ['StringNotLikeIfExists', 'StringNotEqualsIgnoreCaseIfExists'],
};

/** Requests of nobody who meets an exemption that outsiders can meet. */
export function ofNobodyUnsafe({ unsafe }: Exempt): Conditions[] {
  return [...unsafe].flatMap(([key, values]) => {
    const [asWritten, ignoringCase] = own(UNSAFE_OPERATORS, key) ?? ['StringNotLike'];
    const texts = key === 'aws:principalarn' ? values.filter(isPartOfArn) : []; // operators for ARNs do not read them
    return [...noneOfSpared(asWritten, key, values.filter((value) => !texts.includes(value)), ignoringCase), ...noneOfSpared('StringNotLike', key, texts)];
  });
}

function isPartOfArn({ text, ignoresCase }: Spared): boolean {
  return !ignoresCase && isPattern(text) && arnSegments(text).length < 6;
}

function noneOfSpared(operator: string, key: string, values: readonly Spared[], ignoringCase = 'StringNotEqualsIgnoreCase'): Conditions[] {
  const textsOf = (ofCase: boolean) => values.filter(({ ignoresCase }) => ignoresCase === ofCase).map(({ text }) => text);
  return [noneOf(operator, key, textsOf(false)), noneOf(ignoringCase, key, textsOf(true))];
}

function isAmong(userId: string, meanings: readonly ReturnType<typeof meaningOfUserId>[]): boolean {
  return meanings.includes(meaningOfUserId(userId));
}

function keysOf(statements: readonly Statement[]): string[] {
  return [...new Set(statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)))];
}

/** Whether an ARN with a value that is not known may turn out to be that of the root user, or to match all of an account: the value may be empty. */
function mayBeWholeAccount(arn: string, facts: ResourceFacts): boolean {
  const resource = partsBetweenColons(arn)[5] ?? '';
  return isUnknownBesideIds(resource) && (beforeUnknown(resource) === '' || isWholeAccount(`arn:${facts.partition}:iam::${facts.account}:${withoutUnknown(resource)}`, facts));
}

function isWholeAccount(text: string, facts: ResourceFacts): boolean {
  return arnsOfEverybody([{ text, ignoresCase: true }], facts).size > 0;
}

/** Principals that a NotPrincipal spares by name. */
function notPrincipals(denies: readonly Statement[]): Spared[] {
  return denies.flatMap(({ principal }) => (principal?.isInverted ? principal.members.filter(({ kind, account }) => kind === 'AWS' && account === undefined) : []))
    .map(({ text }) => ({ text, ignoresCase: false }));
}
