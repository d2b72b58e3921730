import { AccessDecision, AccessLayer, AccessOutcome, LayerVerdict } from './access-decision';
import { askedStacks } from './asked-stacks';
import { decide } from './decide';
import { decideByEndpoints } from './endpoints-of-vpc';
import type { Model } from './model';
import { PermissionRequest } from './permission-request';
import { provide } from './provide';
import { partitionOf } from '../aws/regions';
import { wholeName } from '../policy/literal-pattern';
import { conditionCases } from '../template/condition-cases';
import { DeployedResource } from '../template/deployment';
import { Choice, combined, mayStandIn, Possibilities, possibilities, Possibility, untriedSentence } from '../template/possibilities';
import { WrongInputError } from '../template/wrong-input';

const MOST_POSSIBILITIES = 64;

/**
 * Decides a request in every way in which values may turn out that are not known before deployment: accounts, Regions, ids and names that AWS
 * draws may be those that the request or a template mentions. Where that makes a difference, the request is not decided.
 *
 * @throws WrongInputError if the request names nobody, nothing, or no action of S3
 */
export function decideInAll(model: Model, request: PermissionRequest): AccessDecision {
  const decision = decideWithConditions(model, request);
  if (decision.outcome === AccessOutcome.NOT_DECIDED) {
    return decision;
  }
  const { all, isCut, open } = possibilitiesOf(model, request);
  for (const possibility of all) {
    const other = decisionIn(model, request, possibility.choices);
    if (other && other.outcome !== decision.outcome) {
      return dependingOn(possibility, decision, other);
    }
  }
  return isCut ? untried(decision, open) : decision;
}

/** Values that may be so in more ways than are tried. If no policy that counts has some of them, the others may be few enough. */
function possibilitiesOf(model: Model, request: PermissionRequest): Possibilities {
  const ordinary = allPossibilities(model, request);
  return ordinary.isCut ? combined(ordinary.open.filter(mattersTo(model, request)), MOST_POSSIBILITIES) : ordinary;
}

function allPossibilities({ deployment, inventory, given }: Model, request: PermissionRequest): Possibilities {
  const { principal, resource, context, sessionPolicies } = request;
  const bucket = inventory.allBuckets.find(({ facts: { arn, objects } }) => resource === arn || resource.startsWith(objects));
  return possibilities(deployment, {
    texts: [principal, resource, JSON.stringify([context, sessionPolicies, given])],
    policies: sessionPolicies,
    matters: (drawn) => drawn.type !== 'AWS::KMS::Key' || drawn === bucket?.key,
    limit: MOST_POSSIBILITIES,
  });
}

/** What decisions look at beside the bucket, its policy and its key. */
const DECIDING = /^AWS::(?:IAM::|Organizations::Policy|EC2::VPCEndpoint|S3::(?:AccessPoint|MultiRegionAccessPoint))/;

/** Whether a value stands in what is looked at to decide a request. */
function mattersTo({ deployment, inventory }: Model, { principal, resource, context, sessionPolicies }: PermissionRequest): (choices: readonly Choice[]) => boolean {
  const buckets = inventory.allBuckets.filter(({ facts: { arn, objects } }) => resource === arn || resource.startsWith(objects) || resource.includes(':accesspoint'));
  const ofBuckets = buckets.flatMap(({ resource: bucket, policies, key }) => [bucket ?? [], policies.map((policy) => policy.resource), key ?? []].flat());
  const resources = [...ofBuckets, ...inventory.policiesOfUnknownBuckets.map((policy) => policy.resource), ...deployment.resources.filter(({ type }) => DECIDING.test(type))];
  const values = (one: DeployedResource) => one.propertyNames.map((name) => one.property(name));
  const text = JSON.stringify([principal, resource, context, sessionPolicies, resources.map(values)]);
  return mayStandIn(text);
}

/** Where it depends on conditions: what comes of it whether they hold or not. */
function decideWithConditions(model: Model, request: PermissionRequest): AccessDecision {
  const decision = decideThrough(model, request);
  const cases = decision.outcome === AccessOutcome.NOT_DECIDED ? conditionCases(askedStacks(model.deployment, request)) : [];
  const decisions = cases.map((choices) => decideThrough(model.with(choices), request));
  const isSame = decisions.length > 0 && decisions.every(({ outcome }) => outcome === decisions[0].outcome);
  return isSame ? decisions[0] : decision;
}

function decideThrough(model: Model, request: PermissionRequest): AccessDecision {
  return decideByEndpoints(model, request, (one) => decide(model, one));
}

/** What is decided in one possibility; nothing if there is no such request then. */
function decisionIn(model: Model, request: PermissionRequest, choices: readonly Choice[]): AccessDecision | undefined {
  try {
    return decideWithConditions(model.with(choices), renamed(inPartitionOf(model, choices, request), choices));
  } catch (error) {
    if (error instanceof WrongInputError) {
      return undefined;
    }
    throw error;
  }
}

/** The same request, whose ARNs lie in the partition of the Region that a possibility has: that of the stacks was taken for it. */
function inPartitionOf({ deployment }: Model, choices: readonly Choice[], request: PermissionRequest): PermissionRequest {
  const region = choices.find(({ givenBy }) => givenBy === 'environment.region')?.value;
  const isOpen = deployment.stacks.every(({ source }) => source.region === undefined);
  if (region === undefined || !isOpen || partitionOf(region) === deployment.openPartition.partition) {
    return request;
  }
  return rewritten(request, (text) => text.replaceAll(`arn:${deployment.openPartition.partition}:`, `arn:${partitionOf(region)}:`));
}

/** The same request, whose names are those of the possibility. */
function renamed(request: PermissionRequest, choices: readonly Choice[]): PermissionRequest {
  return rewritten(request, (text) => choices.reduce((before, { standIn, value }) => (standIn === undefined ? before : before.replace(wholeName(standIn, 'g'), () => value)), text));
}

/** The same request with other texts, the session policies of its credentials too. */
function rewritten(request: PermissionRequest, rewrite: (text: string) => string): PermissionRequest {
  const { principal, resource, context, sessionPolicies } = request;
  const inJson = <T>(value: T): T => value && JSON.parse(rewrite(JSON.stringify(value)));
  return { ...request, principal: rewrite(principal), resource: rewrite(resource), context: inJson(context), sessionPolicies: inJson(sessionPolicies) };
}

/** The decision where two possibilities differ: that of the stricter one, and what decides. */
function dependingOn({ choices }: Possibility, ordinary: AccessDecision, other: AccessDecision): AccessDecision {
  const isOther = ordinary.outcome === AccessOutcome.ALLOWED;
  const strict = isOther ? other : ordinary;
  const { decidedBy, layers, assumptions } = strict;
  const what = choices.map((choice) => choice.what).join(' and ');
  const values = choices.map(({ value }) => value).join(' and ');
  const isOne = choices.length === 1;
  const open = {
    ...decidedBy!,
    verdict: LayerVerdict.NOT_DECIDED,
    reason: `It depends on ${what}, which ${isOne ? 'is' : 'are'} not known before deployment. ${isOther ? 'If' : 'Unless'} ${isOne ? 'it is' : 'they are'} ${values}: ${begun(decidedBy!.reason)}`,
    remedy: provide(choices[0].givenBy),
  };
  const withOpen = layers.map((layer) => (layer === decidedBy ? open : layer));
  return new AccessDecision({ request: ordinary.request, outcome: AccessOutcome.NOT_DECIDED, decidedBy: open, layers: withOpen, assumptions });
}

/** What is decided in all ways that were tried, where others were not. */
function untried({ request, outcome, decidedBy, layers, assumptions }: AccessDecision, open: Possibilities['open']): AccessDecision {
  const layer = decidedBy ?? layers.find((one) => one.layer === AccessLayer.BUCKET_POLICY)!;
  const reason = `It may depend on ${untriedSentence(open)}: in those that were tried, the request is ${outcome}.`;
  const undecided = { ...layer, verdict: LayerVerdict.NOT_DECIDED, reason, remedy: provide(open[0][0].givenBy) };
  return new AccessDecision({ request, outcome: AccessOutcome.NOT_DECIDED, decidedBy: undecided, layers: layers.map((one) => (one === layer ? undecided : one)), assumptions });
}

/** A sentence behind a colon. */
function begun(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
