import { allOf, AWS_SERVICE, noneOf, NO_AWS_SERVICE, ofOtherAccountsThan } from './callers';
import { Conditions, Guarantee, PROOF_KEYS, RequestDescription } from '../proof/guarantee';

/** Somebody exempt, as requests name them: an ARN, a service, or `anonymous`. */
export interface ExemptCaller {
  readonly principal: string;

  /** What a service must call for to be exempt. */
  readonly sourceArn?: string;
}

/** What nobody may do. */
export interface Forbidden {
  readonly sentence: string;
  readonly actions: readonly string[];

  /** Patterns for the ARNs of resources. */
  readonly resources?: readonly string[];
  readonly exempt: readonly ExemptCaller[];

  /** The account of the bucket: its principals may have permissions of their own. */
  readonly account: string;
  readonly sparesOwnAccount: boolean;

  /** Organizations whose members are spared; nobody is if absent. */
  readonly organizations?: readonly string[];
  readonly isOverHttp: boolean;

  /** Whether Block Public Access leaves the bucket to its own account and to AWS services. */
  readonly isShutOut: boolean;
}

/** Nobody but whom it exempts may do what is forbidden. */
export function nobodyMay({ sentence, actions, resources, exempt, account, sparesOwnAccount, organizations, isOverHttp, isShutOut }: Forbidden): Guarantee {
  const spared = [
    sparesOwnAccount || organizations ? ofOtherAccountsThan([account]) : {},
    organizations ? allOf(NO_AWS_SERVICE, noneOf('StringNotEquals', 'aws:PrincipalOrgID', organizations)) : {},
    isOverHttp ? { Bool: { 'aws:SecureTransport': 'false' } } : {},
  ];
  const leftIn: Conditions[] = isShutOut ? [{ ArnLike: { 'aws:PrincipalArn': `arn:*:*::${account}:*` } }, AWS_SERVICE] : [{}];
  const ways = exempt.reduce<RequestDescription[]>((all, one) => all.flatMap((way) => notExempt(one).map((other) => both(way, other))), [{}]);
  return {
    sentence,
    needsAllow: { Condition: ofOtherAccountsThan([account]) },
    breaches: ways.flatMap((way) => leftIn.map((left) =>
      ({ ...way, Action: actions, ...(resources ? { Resource: resources } : {}), Condition: allOf(...conditionsOf(way), ...spared, left) }))),
  };
}

/** The ways not to be exempt: to be somebody else, or, for a service, to call for something else. */
function notExempt({ principal, sourceArn }: ExemptCaller): RequestDescription[] {
  return [isNot(principal), ...(sourceArn === undefined ? [] : [{ Condition: { StringNotEquals: { 'aws:SourceArn': sourceArn } } }])];
}

function isNot(principal: string): RequestDescription {
  if (principal === 'anonymous') {
    return { Condition: { StringNotEquals: { [PROOF_KEYS.callerKind]: principal } } };
  }
  if (!principal.includes(':')) {
    return { Condition: { StringNotEquals: { 'aws:PrincipalServiceName': principal } } };
  }
  return /:assumed-role\//.test(principal) ? { NotPrincipal: { AWS: principal } } : { Condition: { StringNotEquals: { 'aws:PrincipalArn': principal } } };
}

/** Two descriptions that both apply. Values that must not be are gathered in one list. */
function both(one: RequestDescription, other: RequestDescription): RequestDescription {
  const lists = [one.NotPrincipal?.AWS, other.NotPrincipal?.AWS].flatMap((listed) => listed ?? []).flat();
  const unwanted: Record<string, readonly string[]> = {};
  for (const [key, values] of [one, other].flatMap(({ Condition }) => Object.entries(Condition?.StringNotEquals ?? {}))) {
    unwanted[key] = [...(unwanted[key] ?? []), ...[values].flat()];
  }
  return {
    ...(lists.length > 0 ? { NotPrincipal: { AWS: lists } } : {}),
    ...(Object.keys(unwanted).length > 0 ? { Condition: { StringNotEquals: unwanted } } : {}),
  };
}

function conditionsOf({ Condition }: RequestDescription): Conditions[] {
  return Condition ? [Condition] : [];
}
