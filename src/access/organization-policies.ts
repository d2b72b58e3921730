import { AccessLayer, LayerDecision, LayerVerdict } from './access-decision';
import { explicit, open } from './authorization';
import { isServiceLinked } from './caller';
import { givenControlLevels } from './given-control-policies';
import { Call, judge, Judgement } from './judgement';
import type { Model } from './model';
import { AccountPlace, placeOf } from './organization-tree';
import type { Question } from './question';
import { isAttachedAbove, isMember } from './resource-controls';
import { SourcedPolicy } from './sourced-policy';
import { UNKNOWN_ACCOUNT } from '../policy/unknown-text';
import { isUnknownValue } from '../template/settings';

/** The two kinds of policies of an organization that limit access. */
interface Kind {
  readonly layer: AccessLayer;
  readonly name: string;
  readonly type: 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';
  readonly given: 'serviceControlPolicies' | 'resourceControlPolicies';
}

const SERVICE_CONTROL: Kind = { layer: AccessLayer.SERVICE_CONTROL_POLICIES, name: 'the service control policies', type: 'SERVICE_CONTROL_POLICY', given: 'serviceControlPolicies' };
const RESOURCE_CONTROL: Kind = { layer: AccessLayer.RESOURCE_CONTROL_POLICIES, name: 'the resource control policies', type: 'RESOURCE_CONTROL_POLICY', given: 'resourceControlPolicies' };

/**
 * What the service control policies of the caller's account say. They bind its users and roles, its root user included.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
export function serviceControlPolicies(question: Question, call: Call): LayerDecision {
  const { caller } = question;
  const { layer } = SERVICE_CONTROL;
  if (caller.account === undefined) {
    return { layer, verdict: LayerVerdict.DOES_NOT_APPLY, statements: [], reason: 'The caller belongs to no account of an organization.' };
  }
  return isServiceLinked(caller) ? { layer, verdict: LayerVerdict.DOES_NOT_APPLY, statements: [], reason: 'They do not bind service-linked roles.' } : decideKind(question, call, SERVICE_CONTROL, caller.account);
}

/**
 * What the resource control policies of an account say of access to its resources, whoever asks, AWS services included.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export function resourceControlPolicies(question: Question, call: Call, account: string | undefined): LayerDecision {
  return isServiceLinked(question.caller)
    ? { layer: RESOURCE_CONTROL.layer, verdict: LayerVerdict.DOES_NOT_APPLY, statements: [], reason: 'They do not bind service-linked roles.' }
    : decideKind(question, call, RESOURCE_CONTROL, account);
}

function decideKind(question: Question, call: Call, kind: Kind, account: string | undefined): LayerDecision {
  const { layer, name } = kind;
  const { deployment, given: { accounts } } = question.model;
  const facts = question.model.account(account);
  const place = placeOf(deployment, accounts, account ?? UNKNOWN_ACCOUNT);
  const of = account === undefined || account === UNKNOWN_ACCOUNT ? 'an account that is not known' : `account ${account}`;
  if (facts.organizationId === null || place.isManagementAccount) {
    return { layer, verdict: LayerVerdict.DOES_NOT_APPLY, statements: [], reason: place.isManagementAccount ? 'They do not bind the management account.' : `The ${of} is in no organization.` };
  }
  const { sure, possible } = deployedPolicies(question.model, kind, account, place);
  const deployed = judge(question, sure, call);
  const perhaps = judge(question, possible, call);
  const levels = givenLevels(question.model, kind, account!);
  const given = levels.map((level) => judge(question, level, call));
  const denying = [deployed, ...given].find(({ denies }) => denies);
  if (denying) {
    return explicit(layer, `${name} of ${of}`, call, denying)!;
  }
  const doubt = [deployed, ...given].find(({ denies, allows }) => denies === undefined || (kind === SERVICE_CONTROL && levels.length > 0 && allows === undefined));
  const undecided = doubt && open(layer, `${name} of ${of}`, call, doubt, undefined);
  if (undecided) {
    return undecided;
  }
  if (perhaps.denies !== false) {
    return open(layer, `${name} of ${of}`, call, unknownTarget(perhaps, account, possible.some(({ resource }) => resource && isMember(resource, account, place) === undefined && isAttachedAbove(resource, account, place) === true)), undefined)!;
  }
  const silent = given.findIndex(({ allows }) => allows === false);
  if (silent >= 0 && kind === SERVICE_CONTROL) {
    return {
      layer,
      verdict: LayerVerdict.DOES_NOT_ALLOW,
      statements: [],
      reason: `${name} of ${of} do not allow ${call.action}${levels.length > 1 ? ` at level ${silent + 1}` : ''}: each level from the root to the account has to.`.replace(/^t/, 'T'),
      remedy: `Allow ${call.action} at every level, or attach FullAWSAccess.`,
    };
  }
  if (levels.length > 0) {
    return { layer, verdict: LayerVerdict.ALLOWS, statements: [], reason: `${name} of ${of} let ${call.action} through.`.replace(/^t/, 'T') };
  }
  const sentence = `${name.replace(/^t/, 'T')} of ${of} ${sure.length + possible.length > 0 ? 'that are not in the templates ' : ''}let the request through.`;
  question.assume(sentence, `accounts.${account ?? '<id>'}.${kind.given}`);
  return { layer, verdict: LayerVerdict.ASSUMED, statements: [], reason: `Not in the templates: assumed that ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}` };
}

/** Policies in the templates: those that surely bind the account, and those that do if it lies below their targets. */
function deployedPolicies(model: Model, kind: Kind, account: string | undefined, place: AccountPlace): { sure: SourcedPolicy[]; possible: SourcedPolicy[] } {
  const sure: SourcedPolicy[] = [];
  const possible: SourcedPolicy[] = [];
  for (const resource of model.deployment.ofType('AWS::Organizations::Policy')) {
    const type = resource.property('Type');
    const isKind = type === kind.type || (isUnknownValue(type) ? undefined : false);
    const isAbove = isAttachedAbove(resource, account, place);
    const document = model.inventory.policyOf(resource, 'Content');
    if (!document || isKind === false || isAbove === false) {
      continue;
    }
    (isKind && isAbove && isMember(resource, account, place) ? sure : possible).push(document);
  }
  return { sure, possible };
}

/** Policies that are given: one list a level, from the root of the organization to the account. */
function givenLevels(model: Model, { given }: Kind, account: string): SourcedPolicy[][] {
  return givenControlLevels(model.given, account, given).map((level) => level.map(({ document, path, name }) => model.givenPolicy(document, name === undefined ? path : `${path} (${name})`)));
}

function unknownTarget(judgement: Judgement, account: string | undefined, isOwn?: boolean): Judgement {
  const [unknown, given] = isOwn
    ? ['it is not known whether the account is the management account, which it does not bind', 'isManagementAccount']
    : ['it is not known whether the account lies below the root or unit to which it is attached', 'organizationPath'];
  return {
    ...judgement,
    denies: undefined,
    applying: [],
    undecided: [...judgement.applying, ...judgement.undecided],
    unknown,
    givenBy: `accounts.${account ?? '<id>'}.${given}`,
  };
}
