import { ConditionTest } from '../policy/condition';
import { Statement } from '../policy/document';
import { arnSegments, arnPattern } from '../policy/pattern';
import { namesPrincipal, PrincipalPattern } from '../policy/principals';
import { Breach } from '../policy/prove';
import { IamPrincipal, PolicyRequest, Principal } from '../policy/request';
import { FRESH_SERVICE } from '../policy/space/callers';
import { Choice, FacetName, valueIn } from '../policy/space/facet';
import { MentionedKeys } from '../policy/space/mentions';
import { isUnknown, readable } from '../policy/unknown-text';
import { PolicyText } from '../policy/variables';

type ServicePrincipal = Extract<Principal, { kind: 'service' }>;

/** Somebody who has access, as people speak of them. */
export interface Holder {
  readonly kind: 'everyone' | 'organization' | 'account' | 'role' | 'user' | 'service' | 'distribution' | 'access point';

  /** Short: the name of a role, an account, a service. */
  readonly label: string;

  /** Complete. */
  readonly name: string;
}

/** Whom a part of a statement names, and how to recognize their requests among all others. */
export interface Named {
  readonly kind: Holder['kind'];
  readonly text: string;
  readonly requests: Breach;

  /** What `requests` tells apart. */
  readonly mentions: MentionedKeys;

  /** Why their requests cannot be told from others. */
  readonly doubt?: string;
}

/** Somebody of whom nothing is known. */
export const SOMEBODY: Holder = { kind: 'everyone', label: 'somebody', name: 'somebody' };

/** Condition keys by which a statement names callers, what they are then, and the part of a request with the key. The first one that is there counts. */
const NAMING_KEYS: readonly (readonly [key: string, kind: Holder['kind'], facet: FacetName])[] = [
  ['aws:principalarn', 'role', 'caller'],
  ['aws:sourcearn', 'service', 'caller'],
  ['s3:dataaccesspointarn', 'access point', 'access-point'],
  ['s3:dataaccesspointaccount', 'access point', 'access-point'],
  ['aws:principalaccount', 'account', 'caller'],
  ['aws:principalorgid', 'organization', 'caller'],
  ['aws:principalorgpaths', 'organization', 'caller'],
];

/** They name many: where principals name some of them, these count. */
const WIDE_KEYS = ['aws:principalaccount', 'aws:principalorgid', 'aws:principalorgpaths'];

/**
 * Everybody whom a statement names, one by one: by the values of its conditions where these name callers, else by its principals.
 *
 * @param owner the account of the resource with the policy
 */
export function namedBy({ principal, conditions }: Statement, owner: string): Named[] {
  const members = principal?.members ?? [];
  const isNamed = (choice: Choice) => choice.principal !== undefined && (namesPrincipal(members, choice.principal) === true) !== (principal?.isInverted ?? false);
  const isWide = principal?.isInverted === true || members.some(({ isEveryone }) => isEveryone);
  const namingKeys = NAMING_KEYS.filter(([key]) => isWide || !WIDE_KEYS.includes(key));
  const [naming] = namingKeys.map(([key, kind, facet]) => ({ key, kind, facet, values: valuesOf(conditions, key) })).filter(({ values }) => values.length > 0);
  if (naming) {
    const { key, kind, facet, values } = naming;
    return values.map((text) => {
      const isValue = (choice: Choice) => hasValue(choice, key, text);
      const requests = facet === 'caller' ? { caller: (choice: Choice) => isNamed(choice) && isValue(choice) } : { caller: isNamed, [facet]: isValue };
      return { kind: kindOf(kind, text), text, requests, mentions: { [key]: [{ kind: 'text', text }] } };
    });
  }
  if (principal?.isInverted) {
    return everyone(`everyone but ${members.map(({ text }) => text).join(', ')}`, owner, isNamed);
  }
  return members.flatMap((member): Named[] => (member.isEveryone ? everyone(EVERYONE, owner, () => true) : [{
    kind: kindOfMember(member),
    text: member.text,
    requests: { caller: (choice) => choice.principal !== undefined && namesPrincipal([member], choice.principal) === true },
    mentions: {},
    doubt: doubtOf(member),
  }]));
}

/** Principals with which no request of a proof is made. */
function doubtOf({ kind, text, account }: PrincipalPattern): string | undefined {
  const isCaller = kind === 'Service' || (kind === 'AWS' && (account !== undefined || /^arn:[^:]+:(?:iam::[^:]+:(?:role|user)|sts::[^:]+:assumed-role)\//.test(text)));
  return isCaller && !isUnknown(text) ? undefined : isUnknown(text) ? 'who that is, is not known before deployment' : `requests of principals such as '${text}' are not decided`;
}

/** Whom denies spare one by one, where the allow is for everyone. */
export function exempted(allow: Statement, denies: readonly Statement[]): Named[] {
  const isForEveryone = allow.principal?.isInverted === true || allow.principal?.members.some(({ isEveryone }) => isEveryone);
  const spared = NAMING_KEYS.filter(([,, facet]) => facet === 'caller').flatMap(([key, kind]) =>
    [...new Set(denies.flatMap(({ conditions }) => conditions).filter((test) => test.key === key && test.operator?.negated).flatMap(fixedValues))].map((text): Named =>
      ({ kind: kindOf(kind, text), text, requests: { caller: (choice) => hasValue(choice, key, text) }, mentions: { [key]: [{ kind: 'text', text }] } })));
  return isForEveryone ? spared : [];
}

/** Anybody at all: who it is, the request that is found says. */
export function whoeverCalls({ path }: Statement): Named {
  return { kind: 'everyone', text: `whomever ${path} lets in`, requests: {}, mentions: {} };
}

/** Whether nobody is left to be named. */
export function isEverybody({ kind }: Holder): boolean {
  return kind === 'everyone';
}

export const EVERYONE = 'everyone';
export const EVERY_ACCOUNT = 'every AWS account';

/** Everyone is nobody in particular, any account, and the owner's account: Block Public Access stops the first two. */
function everyone(text: string, owner: string, isNamed: (choice: Choice) => boolean): Named[] {
  const ofAccount = (choice: Choice, isOwner: boolean) => choice.kind === 'iam' && (valueIn(choice, 'aws:principalaccount') === owner) === isOwner;
  const isAnyone = (choice: Choice) => choice.kind !== 'iam' || /:(?:role|user)\/Anyone$/.test(valueIn(choice, 'aws:principalarn') ?? '');
  return [
    { kind: 'everyone', text, requests: { caller: (choice) => choice.kind === 'anonymous' && isNamed(choice) }, mentions: {} },
    { kind: 'everyone', text: text === EVERYONE ? EVERY_ACCOUNT : text, requests: { caller: (choice) => ofAccount(choice, false) && isAnyone(choice) && isNamed(choice) }, mentions: {} },
    { kind: 'account', text: owner, requests: { caller: (choice) => ofAccount(choice, true) && isAnyone(choice) && isNamed(choice) }, mentions: {} },
  ];
}

/** The values to which positive tests hold a key, if they hold it to nothing else: a request without the key fails them. */
function valuesOf(conditions: readonly ConditionTest[], key: string): string[] {
  const naming = conditions.filter((test) => test.key === key && test.operator && !test.operator.negated && test.holds(new Map()) === false);
  return naming.every(({ values }) => values.every(isFixed)) ? naming.flatMap(fixedValues) : [];
}

function fixedValues({ values }: ConditionTest): string[] {
  return values.filter(isFixed).map(({ source }) => source);
}

function isFixed({ source, variables }: PolicyText): boolean {
  return variables.length === 0 && !isUnknown(source);
}

function hasValue(choice: Choice, key: string, text: string): boolean {
  const value = valueIn(choice, key);
  return value !== undefined && (value === text || arnPattern(text).matches(value) === true);
}

function kindOf(kind: Holder['kind'], text: string): Holder['kind'] {
  if (kind === 'service' && arnSegments(text)[2] === 'cloudfront') {
    return 'distribution';
  }
  return kind === 'role' && arnSegments(text)[5]?.startsWith('user/') ? 'user' : kind;
}

function kindOfMember({ kind, text, account }: PrincipalPattern): Holder['kind'] {
  if (kind !== 'AWS') {
    return 'service';
  }
  return account !== undefined ? 'account' : arnSegments(text)[5]?.startsWith('user/') ? 'user' : 'role';
}

/** How to speak of somebody who was found, or, without a request, of somebody who may be there. */
export function holderOf({ kind, text: written }: Named, request?: PolicyRequest): Holder {
  const principal = request?.principal;
  const text = readable(written);
  switch (kind) {
    case 'everyone': return isOneOfMany(principal, text) ? holderWho(principal) : { kind, label: text, name: text };
    case 'account': return { kind, label: accountIn(text), name: accountIn(text) };
    case 'access point': return { kind, label: /^\d{12}$/.test(text) ? `those of ${text}` : lastPart(text), name: /^\d{12}$/.test(text) ? `access points of account ${text}` : text };
    case 'service': {
      const name = principal?.kind === 'service' ? serviceName(principal) : text;
      return { kind, label: name, name: name === text || text.startsWith('arn:') === false ? name : `${name} for ${text}` };
    }
    default: return { kind, label: lastPart(text), name: text };
  }
}

function isOneOfMany(principal: Principal | undefined, text: string): principal is IamPrincipal | ServicePrincipal {
  return (principal?.kind === 'iam' && !/\/Anyone$/.test(principal.arn)) || (principal?.kind === 'service' && text !== EVERYONE);
}

/** Who sends a request, where no policy names them. */
function holderWho(principal: IamPrincipal | ServicePrincipal): Holder {
  return principal.kind === 'service' ? { kind: 'service', label: serviceName(principal), name: serviceName(principal) } : { kind: kindOf('role', principal.arn), label: lastPart(principal.arn), name: principal.arn };
}

function serviceName({ service }: ServicePrincipal): string {
  return service === FRESH_SERVICE ? 'any AWS service' : service;
}

function accountIn(text: string): string {
  return /^\d{12}$/.test(text) ? text : arnSegments(text)[4] ?? text;
}

function lastPart(text: string): string {
  return text.split(/[/:]/).at(-1)!;
}
