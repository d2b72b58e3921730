import { AccessLayer, LayerDecision, LayerVerdict } from './access-decision';
import { callerName, isSameAccount } from './caller';
import { demandOf } from './demand';
import { Grants, grantsOf, reachOf } from './grants';
import { IdentityJudgements } from './identity';
import { Call, circumstances, doubtOfNames, Judgement, statementName, statementsOf } from './judgement';
import { provide } from './provide';
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
 * must allow. Where that is not decided, a layer says why, unless it depends on other grants alone: those have a layer of their own.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_cross-account.html
 */
export function authorize(question: Question, call: Call, judgements: IdentityJudgements, side: ResourceSide): Authorization {
  const { identity, boundary, session } = judgements;
  const parts: Parts = {
    identity: identity ? identity.allows : false,
    boundary: boundary ? boundary.allows : true,
    session: session ? session.allows : true,
    grants: grantsOf(question.caller, side.judgement),
    otherGrant: side.otherGrant,
    isSame: isSameAccount(question.caller.account, side.account),
  };
  const basisWith = (others: Partial<Parts>) => basisOf({ ...parts, ...others }, side, identity !== undefined);
  const basis = basisWith({});
  const isDenied = some([identity, boundary, session, side.judgement], (judgement) => (judgement ? judgement.denies : false));
  const allowed = every([not(isDenied), basis], (truth) => truth);
  const dependsOn = (part: keyof Parts, others: Partial<Parts> = {}) => (
    basis === undefined && basisWith({ ...others, ...settled(parts, part, true) }) !== basisWith({ ...others, ...settled(parts, part, false) }));
  const alone: Verdicts = { question, call, judgements, side, parts, basis, dependsOn: (part) => dependsOn(part) };
  const layers = layersOf(alone);
  const isSaid = (said: readonly LayerDecision[]) => said.some(({ verdict }) => verdict === LayerVerdict.NOT_DECIDED);
  if (allowed !== undefined || dependsOn('otherGrant') || isSaid(layers)) {
    return { allowed, layers };
  }
  const together = layersOf({ ...alone, dependsOn: (part) => outcomesOf(parts).some((others) => dependsOn(part, others)) });
  return { allowed, layers: isSaid(together) ? withAllRemedies(together) : [...layers.slice(0, -1), undocumented(alone)] };
}

/** Layers that decide together: whoever asks what to do has to provide what each of them lacks. */
function withAllRemedies(layers: readonly LayerDecision[]): LayerDecision[] {
  const isOpen = ({ verdict }: LayerDecision) => verdict === LayerVerdict.NOT_DECIDED;
  const remedies = [...new Set(layers.filter(isOpen).flatMap(({ remedy }) => remedy ?? []))].join(' ');
  return layers.map((decision) => (isOpen(decision) && remedies !== '' ? { ...decision, remedy: remedies } : decision));
}

function layersOf(context: Verdicts): LayerDecision[] {
  return [identityLayer(context), limitLayer(context, 'boundary'), limitLayer(context, 'session'), resourceLayer(context)];
}

/** What each policy allows, and what else it depends on whether a call is allowed. */
interface Parts {
  readonly identity: Truth;

  /** True where there is none. */
  readonly boundary: Truth;
  readonly session: Truth;
  readonly grants: Grants;
  readonly otherGrant: Truth;
  readonly isSame: Truth;
}

/** A part in one of the ways in which it may turn out; the limits together, since they count together. */
function settled({ grants, boundary, session, ...parts }: Parts, part: keyof Parts, truth: boolean): Partial<Parts> {
  switch (part) {
    case 'grants': return { grants: { direct: grants.direct ?? truth, role: grants.role ?? truth, account: grants.account ?? truth, everyone: grants.everyone ?? truth } };
    case 'boundary':
    case 'session': return { boundary: boundary ?? truth, session: session ?? truth };
    default: return { [part]: parts[part] ?? truth };
  }
}

/** All ways in which the parts may turn out together. */
function outcomesOf(parts: Parts): Partial<Parts>[] {
  const names = Object.keys(parts) as (keyof Parts)[];
  return names.reduce<Partial<Parts>[]>((outcomes, part) => [true, false].flatMap((truth) => outcomes.map((outcome) => ({ ...outcome, ...settled(parts, part, truth) }))), [{}]);
}

function basisOf(parts: Parts, side: ResourceSide, hasIdentity: boolean): Truth {
  const { identity, boundary, session, grants, otherGrant, isSame } = parts;
  if (isSame === undefined) {
    const [same, other] = [true, false].map((truth) => basisOf({ ...parts, isSame: truth }, side, hasIdentity));
    return same === other ? same : undefined;
  }
  const limits = both(boundary, session);
  const byIdentity = both(identity, limits);
  const byResource = some([grants.direct, grants.role, grants.account, grants.everyone, otherGrant], (truth) => truth);
  if (!isSame) {
    // Through an access point, the policies of the caller are asked about the access point.
    return hasIdentity && !side.accessPoint ? both(byIdentity, byResource) : byResource;
  }
  const delegated = side.mustDelegate ? both(grants.account, byIdentity) : byIdentity;
  // Whether a bucket that trusts its account trusts what the account allows on access points is not documented.
  const handedOn = !side.accessPoint || both(grants.account, side.accessPoint.allows) === false ? false : undefined;
  // Nor is it whether limits of the identity limit what is allowed to everyone.
  const toEveryone = both(grants.everyone, limits || undefined);
  return some([grants.direct, both(grants.role, limits), toEveryone, delegated, side.mustDelegate ? false : handedOn], (truth) => truth);
}

interface Verdicts {
  readonly question: Question;
  readonly call: Call;
  readonly judgements: IdentityJudgements;
  readonly side: ResourceSide;
  readonly parts: Parts;

  /** Whether the call is allowed, if nobody denies it. */
  readonly basis: Truth;

  /** Whether that depends on a part that is not known. */
  readonly dependsOn: (part: keyof Parts) => boolean;
}

const LIMITS = {
  boundary: { layer: AccessLayer.PERMISSIONS_BOUNDARY, name: 'the permissions boundary' },
  session: { layer: AccessLayer.SESSION_POLICIES, name: 'the session policies' },
} as const;

/** Where all policies are known, and AWS does not say what they come to together. */
function undocumented({ question: { caller }, call: { action, resource }, parts, side }: Verdicts): LayerDecision {
  const who = callerName(caller);
  const limits = (['boundary', 'session'] as const).filter((limit) => parts[limit] === false).map((limit) => LIMITS[limit].name);
  const allowing = side.judgement.applying.filter(({ statement }) => statement.effect === 'Allow');
  const toEveryone = allowing.filter(({ statement }) => reachOf(statement, caller).includes('everyone'));
  const decision = { layer: side.layer, verdict: LayerVerdict.NOT_DECIDED };
  if (toEveryone.length === 0 || limits.length === 0) {
    return {
      ...decision,
      statements: statementsOf({ ...side.judgement, applying: allowing }, 'Allow', true),
      reason: sentence(`${side.name} leaves ${action} to the account of ${who}, and AWS does not document whether what the account allows on the access point is enough.`),
      remedy: `Allow ${action} on ${resource} in a policy of ${who}, too.`,
    };
  }
  const statement = statementName(toEveryone[0].statement);
  return {
    ...decision,
    statements: statementsOf({ ...side.judgement, applying: toEveryone }, 'Allow', true),
    reason: sentence(`${side.name} allows ${action} to everyone (${statement}), ${limits.join(' and ')} of ${who} ${limits.length === 1 && isOne(limits[0]) ? 'does' : 'do'} not, and AWS does not document whether that limits what is allowed to everyone.`),
    remedy: `Allow ${action} in ${limits.join(' and ')}, or add a condition on 'aws:PrincipalArn' to ${statement}: what it allows is then not limited.`,
  };
}

function identityLayer({ question: { caller }, call, side, parts: { grants, isSame }, basis, dependsOn, judgements: { identity } }: Verdicts): LayerDecision {
  const layer = AccessLayer.IDENTITY_POLICIES;
  const who = callerName(caller);
  if (!identity) {
    return { layer, verdict: LayerVerdict.DOES_NOT_APPLY, statements: [], reason: `No policies of identities bind ${who}.` };
  }
  if (caller.kind === 'root') {
    return { layer, verdict: LayerVerdict.ALLOWS, statements: [], reason: 'The root user may do in its account whatever nobody denies.' };
  }
  const policies = `the policies of ${who}`;
  const isNeeded = basis !== true && (isSame !== true || side.mustDelegate || !some([grants.direct, grants.role, grants.everyone], (truth) => truth));
  const isMissing = basis === false && isNeeded && identity.allows === false; // then it does not matter whether they deny
  return explicit(layer, policies, call, identity) ?? (isMissing ? undefined : open(layer, policies, call, identity, basis === false || dependsOn('identity') ? undefined : true)) ?? (
    identity.allows ? { layer, verdict: LayerVerdict.ALLOWS, statements: statementsOf(identity, 'Allow', true), reason: sentence(`${policies} allow ${call.action}.`) }
      : identity.allows === undefined ? { layer, verdict: LayerVerdict.NO_STATEMENT, statements: [], reason: `Whether ${policies} allow ${call.action} is not known, and makes no difference.` }
        : {
          layer,
          verdict: isNeeded ? LayerVerdict.DOES_NOT_ALLOW : LayerVerdict.NO_STATEMENT,
          statements: [],
          reason: isNeeded ? sentence(`${policies} do not allow ${call.action} on ${call.resource}.`) : sentence(`${policies} say nothing of ${call.action}, and need not.`),
          remedy: isNeeded ? `Allow ${call.action} on ${call.resource} in a policy of ${who}.` : undefined,
        });
}

/** A boundary or session policies: they allow nothing, and must let through what policies of the identity allow. */
function limitLayer({ question, call, basis, dependsOn, judgements }: Verdicts, limit: keyof typeof LIMITS): LayerDecision {
  const { layer, name } = LIMITS[limit];
  const judgement = judgements[limit];
  if (!judgement) {
    return { layer, verdict: LayerVerdict.DOES_NOT_APPLY, statements: [], reason: sentence(`${callerName(question.caller)} has none.`) };
  }
  const does = isOne(name) ? 'does' : 'do';
  const isMissing = basis === false && judgement.allows === false;
  return explicit(layer, name, call, judgement) ?? (isMissing ? undefined : open(layer, name, call, judgement, basis === false || dependsOn(limit) ? undefined : true)) ?? (
    judgement.allows ? { layer, verdict: LayerVerdict.ALLOWS, statements: statementsOf(judgement, 'Allow', true), reason: sentence(`${name} ${isOne(name) ? 'lets' : 'let'} ${call.action} through.`) }
      : {
        layer,
        verdict: basis || judgement.allows === undefined ? LayerVerdict.NO_STATEMENT : LayerVerdict.DOES_NOT_ALLOW,
        statements: [],
        reason: basis ? sentence(`${name} ${does} not limit what the policy of a resource allows the session itself.`)
          : judgement.allows === undefined ? `Whether ${name} let${isOne(name) ? 's' : ''} ${call.action} through is not known, and makes no difference.` : sentence(`${name} ${does} not let ${call.action} on ${call.resource} through.`),
        remedy: basis || judgement.allows === undefined ? undefined : `Allow ${call.action} on ${call.resource} there, too.`,
      });
}

function resourceLayer({ question, call, side, parts: { grants, isSame }, basis, dependsOn, judgements: { identity } }: Verdicts): LayerDecision {
  const { caller, bucket } = question;
  const { layer, name, judgement, mustDelegate } = side;
  const helps = isSame !== true || mustDelegate ? judgement.allows : some([grants.direct, grants.role, grants.everyone], (truth) => truth);
  // A statement that surely applies may reach too few, and one that may apply the caller.
  const doubt = dependsOn('grants') ? { ...judgement, ...(judgement.unknown === undefined ? doubtOfNames(question, judgement) : {}), allows: undefined } : judgement;
  if (dependsOn('isSame') && judgement.denies === false) {
    const isGrantOpen = dependsOn('grants') && doubt.unknown !== undefined;
    const account = provide(bucket.account === undefined ? `buckets.${bucket.name}.account` : 'environment.account');
    return {
      layer,
      verdict: LayerVerdict.NOT_DECIDED,
      statements: isGrantOpen ? statementsOf(doubt, 'Allow', false) : [],
      reason: sentence(`${name} stands in an account that is not known: it depends on whether that is the account of ${callerName(caller)}${isGrantOpen ? `; and ${doubt.unknown}` : ''}.`),
      remedy: isGrantOpen && doubt.givenBy !== undefined ? `${account} ${provide(doubt.givenBy)}` : account,
    };
  }
  const isNeeded = basis !== true && (isSame !== true || mustDelegate || side.accessPoint !== undefined || (identity?.allows === false && !helps));
  const isMissing = basis === false && isNeeded && helps === false;
  return explicit(layer, name, call, judgement) ?? (isMissing ? undefined : open(layer, name, call, doubt, basis === false || dependsOn('grants') ? undefined : true)) ?? (
    helps ? { layer, verdict: LayerVerdict.ALLOWS, statements: statementsOf(judgement, 'Allow', true), reason: sentence(`${name} allows ${call.action}.`) }
      : {
        layer,
        verdict: isNeeded ? LayerVerdict.DOES_NOT_ALLOW : LayerVerdict.NO_STATEMENT,
        statements: statementsOf(judgement, 'Allow', true),
        reason: !isNeeded ? sentence(`${name} neither allows nor denies ${call.action} to ${callerName(caller)}, and need not.`)
          : sentence(judgement.allows ? `${name} allows ${call.action} to the account, which leaves it to the policies of ${callerName(caller)}.` : `${name} does not allow ${callerName(caller)} ${call.action} on ${call.resource}.`),
        remedy: isNeeded ? `Allow ${callerName(caller)} ${call.action} in ${name}.` : undefined,
      });
}

/** An explicit deny. */
export function explicit(layer: AccessLayer, name: string, call: Call, judgement: Judgement): LayerDecision | undefined {
  return judgement.denies ? {
    layer,
    verdict: LayerVerdict.DENIES,
    statements: statementsOf(judgement, 'Deny', true),
    reason: `A statement in ${name} denies ${call.action} on ${call.resource}${becauseOf(judgement)}.`,
    ...demanded(judgement),
    remedy: 'Send the request as the statement asks for it, or exempt the caller in the statement itself: an allow elsewhere does not help.',
  } : undefined;
}

function demanded({ applying }: Judgement): Pick<LayerDecision, 'demand'> {
  const demand = demandOf(applying.find(({ statement }) => statement.effect === 'Deny')!);
  return demand === undefined ? {} : { demand };
}

function becauseOf({ applying }: Judgement): string {
  const circumstance = circumstances(applying.find(({ statement }) => statement.effect === 'Deny')!);
  return circumstance === undefined ? '' : `: ${circumstance}`;
}

/** What is not decided, if that makes a difference. */
export function open(layer: AccessLayer, name: string, call: Call, judgement: Judgement, allowed: Truth): LayerDecision | undefined {
  const { denies, allows, unknown, givenBy, remedy } = judgement;
  const isOpen = denies === undefined || (allows === undefined && allowed !== true);
  const verb = denies === undefined ? (isOne(name) ? 'denies' : 'deny') : isOne(name) ? 'allows' : 'allow';
  return isOpen ? {
    layer,
    verdict: LayerVerdict.NOT_DECIDED,
    statements: statementsOf(judgement, denies === undefined ? 'Deny' : 'Allow', false),
    reason: sentence(`It is not decided whether ${name} ${verb} ${call.action}: ${unknown}.`),
    remedy: givenBy === undefined ? remedy : provide(givenBy),
  } : undefined;
}

/** Whether a name is singular. */
function isOne(name: string): boolean {
  return !/^the (?:[a-z]+ )*policies\b/.test(name);
}

function both(...truths: readonly Truth[]): Truth {
  return every(truths, (truth) => truth);
}

function sentence(text: string): string {
  return text.startsWith('arn:') ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
