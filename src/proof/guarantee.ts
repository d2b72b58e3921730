import { parsePolicy, Statement } from '../policy/document';

/**
 * Requests, described as a policy statement describes those to which it applies. An element that is missing leaves open what may be.
 * Texts are plain: `${…}` is no variable unless there is a `Version`, and `NotPrincipal` is everybody else. Beside AWS's condition keys there are those of `PROOF_KEYS`.
 */
export interface RequestDescription {
  readonly Version?: '2012-10-17';
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Conditions;
}

/** Condition operators with the keys and values that they compare. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/**
 * What guarantees can say of a request that AWS has no condition key for.
 *
 * `proof:CallerKind`: `role`, `user`, `root`, `federated-user`, `service` or `anonymous`.
 * `proof:IsUnmentionedCaller`: whether neither policy nor guarantee mentions the role, user, federated user or service that calls.
 */
export const PROOF_KEYS = { callerKind: 'proof:CallerKind', isUnmentionedCaller: 'proof:IsUnmentionedCaller' } as const;

/** Something that is true of every request which a resource lets through. */
export interface Guarantee {
  /** The guarantee in one sentence. */
  readonly sentence: string;

  /**
   * The networks or organizations that the sentence speaks of as those that the policy mentions: where values are not known, they may turn out to be others.
   *
   * @default - the sentence speaks of none
   */
  readonly members?: readonly string[];

  /** The requests that must not be let through: all to which one of the descriptions applies. */
  readonly breaches: readonly RequestDescription[];

  /**
   * Callers who can do nothing unless this very policy allows it. All others may have permissions of their own, so that
   * only a deny stops them.
   *
   * @default - none: nobody is let through but by a deny that does not apply
   */
  readonly needsAllow?: RequestDescription;

  /**
   * What it exempts that is not known before deployment, and may turn out to be everybody: then it is not decided whether it holds.
   *
   * @default - nothing
   */
  readonly openTo?: readonly string[];

  /**
   * The requests that must not be let through where nobody is exempt because of that: if none is, it does not matter what it turns out to be.
   *
   * @default - none: it matters
   */
  readonly breachesByOpen?: readonly RequestDescription[];
}

/** All callers need an allow. */
export const EVERY_CALLER: RequestDescription = {};

const PARSED = new WeakMap<RequestDescription, Statement>();
const DESCRIPTIONS = new WeakSet<Statement>();

/** A description as a statement, which applies to the requests that are described. */
export function described(description: RequestDescription): Statement {
  const known = PARSED.get(description);
  if (known) {
    return known;
  }
  const action = description.Action === undefined && description.NotAction === undefined ? { Action: '*' } : {};
  const { Version, ...elements } = description;
  const [parsed] = parsePolicy({ Version, Statement: [{ Effect: 'Allow', ...action, ...elements }] }).statements;
  const statement = parsed.principal?.isInverted ? { ...parsed, principal: { ...parsed.principal, isComplement: true } } : parsed;
  PARSED.set(description, statement);
  DESCRIPTIONS.add(statement);
  return statement;
}

/** Whether a statement is no one's policy, but describes requests. */
export function isDescription(statement: Statement): boolean {
  return DESCRIPTIONS.has(statement);
}
