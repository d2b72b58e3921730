import { AccessLayer, LayerDecision, LayerVerdict } from './access-decision';
import { callerName, isSameAccount } from './caller';
import { Grants, grantsOf } from './grants';
import { IdentityJudgements } from './identity';
import { Call, circumstances, Judgement, statementsOf } from './judgement';
import type { Question } from './question';
import { every, not, some, Truth } from '../policy/truth';

/** A resource on which a call works, and what its own policy says. */
export interface ResourceSide {
  readonly layer: AccessLayer;

  /** What sentences call the policy, such as `the bucket policy`. */
  readonly name: string;
  readonly judgement: Judgement;

  /** The account that owns the resource; undefined if it is not known. */
  readonly account?: string;

  /** Whether policies of identities count only as far as the policy of the resource hands the decision to the account: so it is with KMS keys. */
  readonly mustDelegate?: boolean;

  /** Whether something else than the policy grants access, as access control lists do. */
  readonly otherGrant: Truth;

  /** Where an access point hands the decision on: whether the policies of the caller allow the call on the access point itself. */
  readonly accessPoint?: { readonly allows: Truth };
}

/** What comes of the policies of the caller and of the resource together. */
export interface Authorization {
  readonly allowed: Truth;
  readonly layers: readonly LayerDecision[];
}

/**
 * Decides a call by the policies of the caller and of the resource: within one account either suffices, across accounts both
 * must allow.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export function authorize(question: Question, call: Call, judgements: IdentityJudgements, side: ResourceSide): Authorization {
  const { identity, boundary, session } = judgements;
  const grants = grantsOf(question.caller, side.judgement);
  const isSame = isSameAccount(question.caller.account, side.account);
  const basis = whenSame(isSame, (same) => basisOf(judgements, grants, side, same));
  const isDenied = some([identity, boundary, session, side.judgement], (judgement) => (judgement ? judgement.denies : false));
  const allowed = every([not(isDenied), basis], (truth) => truth);
  const context: Verdicts = { question, call, grants, side, isSame, allowed, judgements };
  const layers = [
    identityLayer(context),
    limitLayer(context, AccessLayer.PERMISSIONS_BOUNDARY, 'the permissions boundary', boundary),
    limitLayer(context, AccessLayer.SESSION_POLICIES, 'the session policies', session),
    resourceLayer(context),
  ];
  const isSaid = allowed !== undefined || layers.some(({ verdict }) => verdict === LayerVerdict.NOT_DECIDED);
  return { allowed, layers: isSaid ? layers : [...layers.slice(0, -1), undocumented(context)] };
}

/** Where all policies are known, and AWS does not say what they come to together. */
function undocumented({ question: { caller }, call, grants, side }: Verdicts): LayerDecision {
  const isToEverybody = grants.direct === undefined && grants.role === true;
  return {
    layer: side.layer,
    verdict: LayerVerdict.NOT_DECIDED,
    statements: statementsOf(side.judgement, 'Allow', true),
    reason: sentence(isToEverybody
      ? `${side.name} allows ${call.action} to everybody, the permissions boundary or the session policies of ${callerName(caller)} do not, and AWS does not document whether they limit what is allowed to everybody.`
      : `${side.name} leaves ${call.action} to the account of ${callerName(caller)}, and AWS does not document whether what the account allows on the access point is enough.`),
    remedy: isToEverybody ? `Allow ${call.action} in the boundary and the session policies, or name ${callerName(caller)} in ${side.name}.` : `Allow ${callerName(caller)} ${call.action} in ${side.name}.`,
  };
}

function basisOf({ identity, boundary, session }: IdentityJudgements, grants: Grants, side: ResourceSide, isSame: boolean): Truth {
  const limits = [boundary, session].map((judgement) => judgement?.allows ?? (judgement ? undefined : true));
  const byIdentity = both(identity?.allows ?? (identity ? undefined : false), ...limits);
  const byResource = some([grants.direct, grants.role, grants.account, side.otherGrant], (truth) => truth);
  if (!isSame) {
    // Through an access point, the policies of the caller are asked about the access point.
    return identity && !side.accessPoint ? both(byIdentity, byResource) : byResource;
  }
  const delegated = side.mustDelegate ? both(grants.account, byIdentity) : byIdentity;
  // Whether a bucket that trusts its account trusts what the account allows on access points is not documented.
  const handedOn = !side.accessPoint || both(grants.account, side.accessPoint.allows) === false ? false : undefined;
  return some([grants.direct, both(grants.role, ...limits), delegated, side.mustDelegate ? false : handedOn], (truth) => truth);
}

interface Verdicts {
  readonly question: Question;
  readonly call: Call;
  readonly grants: Grants;
  readonly side: ResourceSide;
  readonly isSame: Truth;
  readonly allowed: Truth;
  readonly judgements: IdentityJudgements;
}

function identityLayer({ question: { caller }, call, grants, side, isSame, allowed, judgements: { identity } }: Verdicts): LayerDecision {
  const layer = AccessLayer.IDENTITY_POLICIES;
  const who = callerName(caller);
  if (!identity) {
    return { layer, verdict: LayerVerdict.DOES_NOT_APPLY, statements: [], reason: `No policies of identities bind ${who}.` };
  }
  if (caller.kind === 'root') {
    return { layer, verdict: LayerVerdict.ALLOWS, statements: [], reason: 'The root user may do in its account whatever nobody denies.' };
  }
  const policies = `the policies of ${who}`;
  const isNeeded = isSame !== true || side.mustDelegate || !some([grants.direct, grants.role], (truth) => truth);
  return explicit(layer, policies, call, identity) ?? open(layer, policies, call, identity, allowed) ?? (
    identity.allows ? { layer, verdict: LayerVerdict.ALLOWS, statements: statementsOf(identity, 'Allow', true), reason: sentence(`${policies} allow ${call.action}.`) }
      : {
        layer,
        verdict: allowed || !isNeeded ? LayerVerdict.NO_STATEMENT : LayerVerdict.DOES_NOT_ALLOW,
        statements: [],
        reason: allowed || !isNeeded ? sentence(`${policies} say nothing of ${call.action}, and need not.`) : sentence(`${policies} do not allow ${call.action} on ${call.resource}.`),
        remedy: allowed || !isNeeded ? undefined : `Allow ${call.action} on ${call.resource} in a policy of ${who}.`,
      });
}

/** A boundary or session policies: they allow nothing, and must let through what policies of the identity allow. */
function limitLayer({ question, call, allowed }: Verdicts, layer: AccessLayer, name: string, judgement: Judgement | undefined): LayerDecision {
  if (!judgement) {
    return { layer, verdict: LayerVerdict.DOES_NOT_APPLY, statements: [], reason: sentence(`${callerName(question.caller)} has none.`) };
  }
  return explicit(layer, name, call, judgement) ?? open(layer, name, call, judgement, allowed) ?? (
    judgement.allows ? { layer, verdict: LayerVerdict.ALLOWS, statements: statementsOf(judgement, 'Allow', true), reason: sentence(`${name} let ${call.action} through.`) }
      : {
        layer,
        verdict: allowed ? LayerVerdict.NO_STATEMENT : LayerVerdict.DOES_NOT_ALLOW,
        statements: [],
        reason: allowed ? sentence(`${name} do not limit what the policy of a resource allows the session itself.`) : sentence(`${name} do not let ${call.action} on ${call.resource} through.`),
        remedy: allowed ? undefined : `Allow ${call.action} on ${call.resource} there, too.`,
      });
}

function resourceLayer({ question: { caller }, call, grants, side, isSame, allowed, judgements: { identity } }: Verdicts): LayerDecision {
  const { layer, name, judgement, mustDelegate } = side;
  const helps = isSame !== true || mustDelegate ? judgement.allows : some([grants.direct, grants.role], (truth) => truth);
  if (isSame === undefined && allowed === undefined && judgement.denies === false) {
    return {
      layer,
      verdict: LayerVerdict.NOT_DECIDED,
      statements: [],
      reason: sentence(`${name} stands in an account that is not known: it depends on whether that is the account of ${callerName(caller)}.`),
      remedy: "Give the account, as 'environment.account' or 'buckets.<name>.account' of the assumptions.",
    };
  }
  const isNeeded = isSame !== true || mustDelegate || side.accessPoint !== undefined || (identity?.allows === false && !helps);
  // A statement that surely applies names the account; one that might apply names the caller.
  const isOpen = allowed === undefined && isSame === true && !grants.direct && !grants.role && (grants.direct === undefined || grants.role === undefined);
  return explicit(layer, name, call, judgement) ?? open(layer, name, call, isOpen ? { ...judgement, allows: undefined } : judgement, allowed) ?? (
    helps ? { layer, verdict: LayerVerdict.ALLOWS, statements: statementsOf(judgement, 'Allow', true), reason: sentence(`${name} allows ${call.action}.`) }
      : {
        layer,
        verdict: allowed || !isNeeded ? LayerVerdict.NO_STATEMENT : LayerVerdict.DOES_NOT_ALLOW,
        statements: statementsOf(judgement, 'Allow', true),
        reason: allowed || !isNeeded ? sentence(`${name} neither allows nor denies ${call.action} to ${callerName(caller)}, and need not.`)
          : sentence(judgement.allows ? `${name} allows ${call.action} to the account, which leaves it to the policies of ${callerName(caller)}.` : `${name} does not allow ${callerName(caller)} ${call.action} on ${call.resource}.`),
        remedy: allowed || !isNeeded ? undefined : `Allow ${callerName(caller)} ${call.action} in ${name}.`,
      });
}

/** An explicit deny. */
export function explicit(layer: AccessLayer, name: string, call: Call, judgement: Judgement): LayerDecision | undefined {
  return judgement.denies ? {
    layer,
    verdict: LayerVerdict.DENIES,
    statements: statementsOf(judgement, 'Deny', true),
    reason: `A statement in ${name} denies ${call.action} on ${call.resource}${becauseOf(judgement)}.`,
    remedy: 'Send the request as the statement asks for it, or exempt the caller in the statement itself: an allow elsewhere does not help.',
  } : undefined;
}

function becauseOf({ applying }: Judgement): string {
  const circumstance = circumstances(applying.find(({ statement }) => statement.effect === 'Deny')!);
  return circumstance === undefined ? '' : `: ${circumstance}`;
}

/** What is not decided, if that makes a difference. */
export function open(layer: AccessLayer, name: string, call: Call, judgement: Judgement, allowed: Truth): LayerDecision | undefined {
  const isOpen = judgement.denies === undefined || (judgement.allows === undefined && allowed !== true);
  return isOpen ? {
    layer,
    verdict: LayerVerdict.NOT_DECIDED,
    statements: statementsOf(judgement, judgement.denies === undefined ? 'Deny' : 'Allow', false),
    reason: sentence(`It is not decided whether ${name} ${judgement.denies === undefined ? 'denies' : 'allows'} ${call.action}: ${judgement.unknown ?? 'not all of it is known'}.`),
    remedy: judgement.givenBy && `Give '${judgement.givenBy}'.`,
  } : undefined;
}

function both(...truths: readonly Truth[]): Truth {
  return every(truths, (truth) => truth);
}

/** What is true of both cases, where it is not known which one it is. */
function whenSame(isSame: Truth, of: (same: boolean) => Truth): Truth {
  if (isSame !== undefined) {
    return of(isSame);
  }
  const [same, other] = [of(true), of(false)];
  return same === other ? same : undefined;
}

function sentence(text: string): string {
  return text.startsWith('arn:') ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
