import { allOf, ANONYMOUS, AWS_SERVICE, IAM_CALLER, ofOtherAccountsThan } from '../guarantees/callers';
import { own } from '../own';
import { ConditionTest } from '../policy/condition';
import { Statement } from '../policy/document';
import { arnSegments } from '../policy/pattern';
import { PrincipalPattern } from '../policy/principals';
import { IamPrincipal, PolicyRequest, Principal } from '../policy/request';
import { isUnknown, readable } from '../policy/unknown-text';
import { PolicyText } from '../policy/variables';
import { Conditions, PROOF_KEYS, RequestDescription } from '../proof/guarantee';
import { valueIn } from '../proof/part';

type ServicePrincipal = Extract<Principal, { kind: 'service' }>;

/** Somebody who has access, as people speak of them. */
export interface Holder {
  readonly kind: 'everyone' | 'organization' | 'account' | 'role' | 'user' | 'service' | 'distribution' | 'access point' | 'canonical user' | 'identity provider';

  /** Short: the name of a role, an account, a service. */
  readonly label: string;

  /** Complete. */
  readonly name: string;

  /** The account to which they belong, if it is one. */
  readonly account?: string;
}

/** Whom a part of a statement names, and how to recognize their requests among all others. */
export interface Named {
  readonly kind: Holder['kind'];
  readonly text: string;
  readonly requests: RequestDescription;

  /** Why their requests cannot be told from others. */
  readonly doubt?: string;
}

/** Somebody of whom nothing is known. */
export const SOMEBODY: Holder = { kind: 'everyone', label: 'somebody', name: 'somebody' };

/** Condition keys by which a statement names callers, and what they are then. The first one that is there counts. */
const NAMING_KEYS: readonly (readonly [key: string, kind: Holder['kind']])[] = [
  ['aws:principalarn', 'role'],
  ['aws:sourcearn', 'service'],
  ['s3:dataaccesspointarn', 'access point'],
  ['s3:dataaccesspointaccount', 'access point'],
  ['aws:principalaccount', 'account'],
  ['aws:principalorgid', 'organization'],
  ['aws:principalorgpaths', 'organization'],
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
  const isWide = principal?.isInverted === true || members.some(({ isEveryone }) => isEveryone);
  const namingKeys = NAMING_KEYS.filter(([key]) => isWide || !WIDE_KEYS.includes(key));
  const [naming] = namingKeys.map(([key, kind]) => ({ key, kind, values: valuesOf(conditions, key) })).filter(({ values }) => values.length > 0);
  const named = principal ? callersNamed(members, principal.isInverted) : {};
  if (naming) {
    const { key, kind, values } = naming;
    return values.map((text) => ({ kind: kindOf(kind, text), text, requests: { ...named, Condition: hasValue(key, text) } }));
  }
  if (principal?.isInverted) {
    return everyone(`everyone but ${members.map(({ text }) => text).join(', ')}`, owner, named);
  }
  return members.flatMap((member): Named[] => (member.isEveryone ? everyone(EVERYONE, owner, {}) : [{
    kind: kindOfMember(member),
    text: member.text,
    requests: callersNamed([member], false),
    doubt: doubtOf(member),
  }]));
}

/** Callers as a `Principal` or `NotPrincipal` element names them. */
function callersNamed(members: readonly PrincipalPattern[], isInverted: boolean): RequestDescription {
  if (members.some(({ isEveryone }) => isEveryone)) {
    return isInverted ? { Principal: { Service: 'nobody' } } : {};
  }
  const byKind = Object.fromEntries([...new Set(members.map(({ kind }) => kind))].map((kind) => [kind, members.filter((member) => member.kind === kind).map(({ text }) => text)]));
  return isInverted ? { NotPrincipal: byKind } : { Principal: byKind };
}

/** Principals with which no request of a proof is made. */
function doubtOf({ kind, text, account }: PrincipalPattern): string | undefined {
  const isCaller = kind === 'Service' || (kind === 'AWS' && (account !== undefined || /^arn:[^:]+:(?:iam::[^:]+:(?:role|user)|sts::[^:]+:assumed-role)\//.test(text)));
  return isCaller && !isUnknown(text) ? undefined : isUnknown(text) ? 'who that is, is not known before deployment' : `requests of principals such as '${text}' are not decided`;
}

/** Whom denies spare one by one, where the allow is for everyone. */
export function exempted(allow: Statement, denies: readonly Statement[]): Named[] {
  const isForEveryone = allow.principal?.isInverted === true || allow.principal?.members.some(({ isEveryone }) => isEveryone);
  const spared = NAMING_KEYS.filter(([key]) => !key.startsWith('s3:')).flatMap(([key, kind]) =>
    [...new Set(denies.flatMap(({ conditions }) => conditions).filter((test) => test.key === key && test.operator?.negated).flatMap(fixedValues))].map((text): Named =>
      ({ kind: kindOf(kind, text), text, requests: { Condition: hasValue(key, text) } })));
  return isForEveryone ? spared : [];
}

/** Anybody at all: who it is, the request that is found says. */
export function whoeverCalls({ path }: Statement): Named {
  return { kind: 'everyone', text: `whomever ${path} lets in`, requests: {} };
}

/** Whether nobody is left to be named. */
export function isEverybody({ kind }: Holder): boolean {
  return kind === 'everyone';
}

export const EVERYONE = 'everyone';
export const EVERY_ACCOUNT = 'every AWS account';
export const ANY_SERVICE = 'any AWS service';

/** Everyone is nobody in particular, any account, the owner's account, and AWS services: Block Public Access stops the first two. */
function everyone(text: string, owner: string, named: RequestDescription): Named[] {
  const unmentioned = (callers: Conditions) => ({ ...callers, Bool: { ...callers.Bool, [PROOF_KEYS.isUnmentionedCaller]: 'true' } });
  const anyone = unmentioned(IAM_CALLER);
  return [
    { kind: 'everyone', text, requests: { ...named, Condition: ANONYMOUS } },
    { kind: 'everyone', text: text === EVERYONE ? EVERY_ACCOUNT : text, requests: { ...named, Condition: allOf(anyone, ofOtherAccountsThan([owner])) } },
    { kind: 'account', text: owner, requests: { ...named, Condition: allOf(anyone, { ArnLike: { 'aws:PrincipalArn': `arn:*:*::${owner}:*` } }) } },
    { kind: 'service', text: ANY_SERVICE, requests: { ...named, Condition: unmentioned(AWS_SERVICE) } },
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

/** That a key has a value, or one of those for which a pattern stands. */
function hasValue(key: string, text: string): Conditions {
  const isArn = key.endsWith('arn');
  return key.endsWith('orgpaths') ? { 'ForAnyValue:StringLike': { [key]: text } } : isArn ? { ArnLike: { [key]: text } } : { StringLike: { [key]: text } };
}

function kindOf(kind: Holder['kind'], text: string): Holder['kind'] {
  if (kind === 'service' && arnSegments(text)[2] === 'cloudfront') {
    return 'distribution';
  }
  return kind === 'role' && arnSegments(text)[5]?.startsWith('user/') ? 'user' : kind;
}

const MEMBER_KINDS: Readonly<Record<string, Holder['kind']>> = { CanonicalUser: 'canonical user', Federated: 'identity provider' };

function kindOfMember({ kind, text, account }: PrincipalPattern): Holder['kind'] {
  if (kind !== 'AWS') {
    return own(MEMBER_KINDS, kind) ?? 'service';
  }
  return account !== undefined ? 'account' : arnSegments(text)[5]?.startsWith('user/') ? 'user' : 'role';
}

/** How to speak of somebody who was found, or, without a request, of somebody who may be there. */
export function holderOf({ kind, text: written }: Named, request?: PolicyRequest): Holder {
  const principal = request?.principal;
  const text = readable(written);
  switch (kind) {
    case 'everyone': return isOneOfMany(request, text) ? holderWho(request!) : { kind, label: text, name: text };
    case 'account': return { kind, label: accountIn(text), name: accountIn(text), ...belonging(accountIn(written)) };
    case 'access point': return { kind, label: /^\d{12}$/.test(text) ? `those of ${text}` : lastPart(text), name: /^\d{12}$/.test(text) ? `access points of account ${text}` : text, ...belonging(accountIn(written)) };
    case 'service': {
      const name = principal?.kind === 'service' ? serviceName(request!, principal) : text;
      return { kind, label: name, name: name === text || text.startsWith('arn:') === false ? name : `${name} for ${text}` };
    }
    default: return { kind, label: lastPart(text), name: text, ...belonging(arnSegments(written)[4]) };
  }
}

function isOneOfMany(request: PolicyRequest | undefined, text: string): boolean {
  const kind = request?.principal.kind;
  return (kind === 'iam' && !isUnmentioned(request!)) || (kind === 'service' && text !== EVERYONE);
}

/** Whether a caller stands for all that nobody mentions. */
export function isUnmentioned({ context }: PolicyRequest): boolean {
  return valueIn({ context }, PROOF_KEYS.isUnmentionedCaller.toLowerCase()) === 'true';
}

/** Who sends a request, where no policy names them. */
function holderWho(request: PolicyRequest): Holder {
  const principal = request.principal as IamPrincipal | ServicePrincipal;
  return principal.kind === 'service'
    ? { kind: 'service', label: serviceName(request, principal), name: serviceName(request, principal) }
    : { kind: kindOf('role', principal.arn), label: lastPart(principal.arn), name: principal.arn, ...belonging(arnSegments(principal.arn)[4]) };
}

function belonging(account: string | undefined): Pick<Holder, 'account'> {
  return account !== undefined && (/^\d{12}$/.test(account) || isUnknown(account)) ? { account } : {};
}

function serviceName(request: PolicyRequest, { service }: ServicePrincipal): string {
  return isUnmentioned(request) ? ANY_SERVICE : service;
}

function accountIn(text: string): string {
  return /^\d{12}$/.test(text) ? text : arnSegments(text)[4] ?? text;
}

function lastPart(text: string): string {
  return text.split(/[/:]/).at(-1)!;
}
